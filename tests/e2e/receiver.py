"""The program that notifications are posted to: it checks every signature as the Standard Webhooks
specification says, keeps what it got, and behaves as the test wants."""

import base64
import hashlib
import hmac
import http.server
import json
import socket
import ssl
import subprocess
import threading
import time

from harness import free_port

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Delivered:
    """One request that arrived whole."""

    def __init__(self, headers, body):
        self.id = headers["webhook-id"]
        self.headers = headers
        self.body = body
        self.at = time.monotonic()

    def json(self):
        return json.loads(self.body)

    def is_signed(self):
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        text = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        made = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return self.headers["webhook-signature"] == "v1," + made


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.receiver.take(self, Delivered(self.headers, body))

    def answer(self, status, **headers):
        self.send_response(status)
        for name, value in {"Content_Length": 0, **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def close_without_answer(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def log_message(self, *_):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a sender that hangs up is what the tests are about


class Receiver:
    """`behaviour(handler, delivered, n)` answers the n-th request, from 0; 204 when it is None."""

    def __init__(self, behaviour=None, certificate=None):
        self.port = free_port()
        self.behaviour = behaviour
        self.certificate = certificate
        self.got = []
        self.wrong = []
        self.lock = threading.Lock()
        self.server = None

    def start(self):
        self.server = QuietServer(("127.0.0.1", self.port), Handler)
        self.server.receiver = self
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def take(self, handler, delivered):
        with self.lock:
            number = len(self.got)
            self.got.append(delivered)
            if not delivered.is_signed() or handler.headers["Idempotency-Key"] != delivered.id:
                self.wrong.append(delivered)
        if self.behaviour:
            self.behaviour(handler, delivered, number)
        else:
            handler.answer(204)

    def ids(self):
        with self.lock:
            return [one.id for one in self.got]


def make_certificate(folder):
    """A certificate for 127.0.0.1 that vouches for itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "2", "-subj", "/CN=receiver", "-addext",
                    "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return certificate, key
