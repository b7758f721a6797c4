#!/usr/bin/env bash
# Package: siege 4.0.7-1+b1 (Debian 12), with connection = keep-alive, which keeps connections.
# Input:   an HTTP/1.1 server that answers every request, and says "Connection: close" with every
#          fifth answer of a connection before it closes it, as servers do while they are replaced,
#          or after so many requests.
# Expected: the next request goes over a new connection. RFC 9112, section 9.6: a client that
#          receives a "close" option must cease sending requests on that connection.
# Seen:    it sends the next request on the same connection and counts a failed transaction when
#          nothing comes: one for each answer that said so. The server has refused nobody.
# Who is hit: availability below 100 % in the report of a rolling restart that lost no request.
set -euo pipefail

apt-get -qq -o APT::Sandbox::User=root download siege=4.0.7-1+b1
dpkg -x siege_*.deb root

cat >server.py <<'END'
import asyncio

answered = asked_after_close = 0


async def serve(reader, writer):
    global answered, asked_after_close
    try:
        for number in range(1, 6):
            await reader.readuntil(b"\r\n\r\n")
            last = number == 5
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: %s\r\n\r\nok"
                         % (b"close" if last else b"keep-alive"))
            await writer.drain()
            answered += 1
        if await asyncio.wait_for(reader.read(1), 1):  # before the end is told
            asked_after_close += 1
    except (asyncio.IncompleteReadError, asyncio.TimeoutError, ConnectionError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    siege = await asyncio.create_subprocess_exec(
        "root/usr/bin/siege", "-R", "siegerc", "-b", "-c", "1", "-r", "20",
        f"http://127.0.0.1:{port}/", stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT)
    told = (await siege.communicate())[0].decode()
    for line in told.splitlines():
        if line.startswith(("Transactions:", "Failed transactions:", "Availability:")):
            print(line)
    print(f"answers {answered}, requests after an answer that said close {asked_after_close}")
    raise SystemExit(0 if asked_after_close > 0 else 1)

asyncio.run(main())
END
printf 'connection = keep-alive\nprotocol = HTTP/1.1\nverbose = false\nshow-logfile = false\nlogging = false\njson_output = false\nparser = false\n' >siegerc
HOME=$PWD /usr/bin/python3 server.py
