#!/usr/bin/env bash
# Package: varnish 7.1.1-2+deb12u1 with libvarnishapi3 (Debian 12), no VCL but the address of the
#          server behind it.
# Input:   a list of free seats with `Cache-Control: max-age=1, must-revalidate`, asked for again
#          after three seconds and after five more; the same with `s-maxage=1, proxy-revalidate`.
# Expected: a fresh answer, or 504 when the server cannot be reached. RFC 9111, 5.2.2.2, 5.2.2.8 and
#          5.2.2.10: with each of these a shared cache must not use a stale answer without asking.
# Seen:    the old answer for up to ten seconds more (`Age: 3` where one second was allowed): the
#          default grace is longer than most lifetimes that one would state for such a list, and the
#          three directives are not looked at. The new answer is fetched behind it, for the next one.
# Who is hit: on a quiet page the *first* visitor after a pause is shown seats that are sold.
set -euo pipefail

apt-get -qq -o APT::Sandbox::User=root download varnish=7.1.1-2+deb12u1 \
    libvarnishapi3=7.1.1-2+deb12u1 libjemalloc2 libedit2 libbsd0 libmd0
for package in *.deb; do dpkg -x "$package" unpacked; done

cat >seen.py <<'END'
import os
import socket
import subprocess
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

directives = {"/must": "max-age=1, must-revalidate", "/proxy": "s-maxage=1, proxy-revalidate", "/none": "no-cache"}
sold = dict.fromkeys(directives, 0)


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        sold[self.path] += 1
        self.send_response(200)
        self.send_header("Cache-Control", directives[self.path])
        self.end_headers()
        self.wfile.write(f"seats sold: {sold[self.path]}".encode())

    def log_message(self, *_): pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
varnish = subprocess.Popen(
    ["unpacked/usr/sbin/varnishd", "-F", "-j", "none", "-n", f"{os.getcwd()}/work", "-s", "malloc,16m",
     "-a", f"127.0.0.1:{port}", "-b", f"127.0.0.1:{server.server_port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def get(path):
    for _ in range(300):  # until it has started
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.read().decode(), int(answer.headers["Age"])
        except ConnectionError:
            time.sleep(0.1)


try:
    seen = {path: [get(path)] for path in directives}
    for pause in (3, 5):
        time.sleep(pause)
        for path, answers in seen.items():
            answers.append(get(path))
finally:
    varnish.terminate()
    varnish.wait()
for path, answers in seen.items():
    print(f"{directives[path]:30}", *(f"{body}, age {age} s;" for body, age in answers))
stale = all(seen[path][1][0] == "seats sold: 1" and seen[path][1][1] > 1 for path in ("/must", "/proxy"))
raise SystemExit(0 if stale and seen["/none"][1] == ("seats sold: 2", 0) else 1)
END
libraries=$(find "$PWD/unpacked/usr/lib" -name varnish -o -name '*-linux-gnu' | paste -sd :)
LD_LIBRARY_PATH=$libraries /usr/bin/python3 seen.py
