#!/usr/bin/env bash
# Packages: python3-requests 2.28.1+dfsg-1 with python3-urllib3 1.26.12-1+deb12u4 and the Python
#          3.11.2 of Debian 12; wrk 4.1.0-3+b2 (Debian 12).
# Input:   a server that says 103 (Early Hints, RFC 8297) or 102 before its 200, as servers and
#          proxies in front of them may to any HTTP/1.1 client.
# Expected: the final answer. RFC 9110, 15.2: a client must be able to parse interim answers before
#          the final one, even if it does not expect one, and may ignore them.
# Seen:    requests skips only 100. For 103 and 102 it gives back the interim answer: status 103,
#          `ok` is true, raise_for_status() is content, the body is empty; the real answer is thrown
#          away. wrk takes each of the two for the answer to a request: it reports twice as many
#          requests as were served, none of them as an error.
# Who is hit: callers lose the body of a command that was carried out; figures double for nothing.
set -euo pipefail

apt-get -qq -o APT::Sandbox::User=root download python3-requests=2.28.1+dfsg-1 \
    python3-urllib3=1.26.12-1+deb12u4 python3-certifi python3-charset-normalizer python3-chardet \
    python3-idna wrk=4.1.0-3+b2 libluajit-5.1-2
for package in *.deb; do dpkg -x "$package" root; done

cat >seen.py <<'END'
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

served = 0


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 4096  # both answers in one write

    def do_GET(self):
        global served
        served += 1
        interim = int(self.path[1:])
        if interim < 200:
            self.send_response_only(interim)
            self.end_headers()
        self.send_response(200)
        self.send_header("Content-Length", "9")
        self.end_headers()
        self.wfile.write(b"receipt 7")

    def log_message(self, *_): pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"

seen, ratio = {}, {}
for first in (200, 100, 102, 103):
    answer = requests.get(f"{address}/{first}", timeout=10)
    answer.raise_for_status()
    seen[first] = (answer.status_code, answer.ok, answer.text)
    print(f"requests, first answer {first}: {seen[first]}")
for first in (200, 103):
    served = 0
    wrk = ["root/usr/bin/wrk", "-t1", "-c1", "-d1", f"{address}/{first}"]
    told = subprocess.run(wrk, capture_output=True, text=True, check=True, timeout=60).stdout
    counted = int(re.search(r"(\d+) requests in", told)[1])
    ratio[first] = counted / served
    print(f"wrk, first answer {first}: {counted} requests counted, {served} served,"
          f" errors told: {'Non-2xx' in told or 'Socket errors' in told}")
lost = all(seen[first] == (first, True, "") for first in (102, 103))
right = all(seen[first] == (200, True, "receipt 7") for first in (100, 200))
raise SystemExit(0 if lost and right and ratio[200] < 1.05 and 1.9 < ratio[103] < 2.1 else 1)
END
libraries=$(dirname "$(find "$PWD/root" -name 'libluajit-5.1.so.2' | head -n 1)")
LD_LIBRARY_PATH=$libraries PYTHONPATH=root/usr/lib/python3/dist-packages /usr/bin/python3 seen.py
