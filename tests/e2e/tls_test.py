"""TLS by the server itself: with curl and Python's ssl, and `yeyak` as its own client. What is slow
or wrong is cut as without TLS; a new certificate is shown without a connection lost."""

import json
import pathlib
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import certificates
import harness
from certificates import HOUR, Authority
from harness import B1, Server, main, wait_for
from prometheus import Figures


class Connection:
    """One connection with TLS. What is read is all that comes."""

    def __init__(self, case, **options):
        raw = socket.create_connection(("127.0.0.1", case.server.port), timeout=20)
        self.tls = case.trusting(**options).wrap_socket(raw, server_hostname="localhost")
        self.rest = b""

    def serial(self):
        return self.tls.getpeercert()["serialNumber"]

    def send(self, method, path, body=b"", fields=()):
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *fields]
        if body:
            lines += [f"Content-Length: {len(body)}", "Content-Type: application/json"]
        self.tls.sendall("\r\n".join(lines + ["", ""]).encode() + body)

    def answer(self):
        """Status, header fields and body of the next answer."""
        while b"\r\n\r\n" not in self.rest:
            self.more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        status, *fields = head.decode().split("\r\n")
        fields = dict(field.split(": ", 1) for field in fields)
        while len(self.rest) < int(fields.get("Content-Length", 0)):
            self.more()
        length = int(fields.get("Content-Length", 0))
        body, self.rest = self.rest[:length], self.rest[length:]
        return int(status.split()[1]), fields, body

    def more(self):
        piece = self.tls.recv(65536)
        if not piece:
            raise ConnectionError("the server closed")
        self.rest += piece

    def ask(self, method, path, body=b"", fields=()):
        self.send(method, path, body, fields)
        return self.answer()

    def close(self):
        self.tls.close()


class TlsCase(unittest.TestCase):
    flags = ()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="yeyak-tls-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.authority = Authority("authority")
        certificates.write(self.folder / "ca.pem", self.authority.certificate)
        self.show(*self.authority.issue("first"))
        self.server = Server("--tls-cert", str(self.folder / "cert.pem"), "--tls-key",
                             str(self.folder / "key.pem"), *self.flags)
        self.addCleanup(self.server.close)

    def show(self, certificate, key, mode=0o600):
        certificates.write(self.folder / "cert.pem", certificate)
        certificates.write(self.folder / "key.pem", key, mode)

    def start(self):
        self.server.start()
        return self

    def trusting(self, version=None, shown=None):
        context = ssl.create_default_context(cafile=self.folder / "ca.pem")
        if version:
            context.minimum_version = context.maximum_version = version
        if version == ssl.TLSVersion.TLSv1_1:
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        if shown:
            context.load_cert_chain(*shown)
        return context

    def connect(self, **options):
        made = Connection(self, **options)
        self.addCleanup(made.close)
        return made

    def curl(self, path, *more):
        return subprocess.run(
            ["curl", "-sS", "--cacert", self.folder / "ca.pem", *more,
             f"https://localhost:{self.server.port}{path}"], capture_output=True, timeout=60)

    def refused_start(self):
        ended = subprocess.run(self.server.command(), capture_output=True, text=True, timeout=60,
                               env=harness.clean_environment())
        return ended.returncode, ended.stderr


class Spoken(TlsCase):
    def test_curl_and_python_in_both_versions(self):
        self.start()
        for version in ("1.2", "1.3"):
            asked = self.curl("/actuator/health", f"--tlsv{version}", "--tls-max", version)
            self.assertEqual(asked.returncode, 0, asked.stderr)
            self.assertEqual(json.loads(asked.stdout)["status"], "UP")
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.assertEqual(self.connect(version=version).ask("GET", "/")[0], 200)
        with self.assertRaises((ssl.SSLError, OSError)):
            self.connect(version=ssl.TLSVersion.TLSv1_1)

    def test_links_begin_with_https(self):
        self.start()
        status, fields, _ = self.connect().ask("POST", "/preReservations", json.dumps(B1).encode())
        self.assertEqual(status, 201)
        self.assertEqual(fields["Location"], "https://localhost/preReservations/1")
        self.assertIn(f"https://127.0.0.1:{self.server.port}", self.server.output())

    def test_a_page_of_this_server_may_command_and_another_may_not(self):
        self.start()
        for origin, expected in (("https://localhost", 201), ("https://evil.example", 403)):
            status, _, body = self.connect().ask("POST", "/preReservations", json.dumps(B1).encode(),
                                                 ["Origin: " + origin])
            self.assertEqual(status, expected, body)

    def test_a_feed_a_large_body_and_pipelined_requests(self):
        self.start()
        follower = self.connect()
        follower.send("GET", "/events?after=0", fields=["Accept: text/event-stream"])
        event = {"type": "noted", "data": {"text": "x" * 900_000}}
        writer = self.connect()
        status, _, body = writer.ask("POST", "/streams/notes-1", json.dumps(event).encode())
        self.assertEqual(status, 201, body)
        while b'"noted"' not in follower.rest or len(follower.rest) < 900_000:
            follower.more()
        for _ in range(20):
            writer.send("GET", "/streams/notes-1")
        for _ in range(20):
            status, _, body = writer.answer()
            self.assertEqual((status, len(body) > 900_000), (200, True))

    def test_who_asks_without_tls_is_told(self):
        self.start()
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as raw:
            raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = b"".join(iter(lambda: raw.recv(65536), b""))
        self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer)
        self.assertEqual(json.loads(answer.split(b"\r\n\r\n")[1])["code"], "tls_required")
        self.assertIn("tls_required", harness.explained_codes())

    def test_yeyak_is_a_client(self):
        self.start()
        self.connect().ask("POST", "/preReservations", json.dumps(B1).encode())
        explain = [harness.binary, "replay", "explain", "--server",
                   f"https://localhost:{self.server.port}", "--view", "myReservations", "--key", "1"]
        trusting = {**harness.clean_environment(), "SSL_CERT_FILE": str(self.folder / "ca.pem")}
        done = subprocess.run(explain, capture_output=True, text=True, env=trusting, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("reservation_requested", done.stdout)
        done = subprocess.run(explain, capture_output=True, text=True, timeout=60,
                              env=harness.clean_environment())
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("SSL_CERT_FILE", done.stderr)
        explain[4] = f"https://127.0.0.2:{self.server.port}"  # a name that is not in it
        done = subprocess.run(explain, capture_output=True, text=True, env=trusting, timeout=60)
        self.assertEqual(done.returncode, 5, done.stderr)

    def test_the_end_of_the_certificate_is_a_figure(self):
        self.start()
        connection = self.connect()
        ends = ssl.cert_time_to_seconds(connection.tls.getpeercert()["notAfter"])
        told = Figures(connection.ask("GET", "/actuator/prometheus")[2].decode())
        self.assertEqual(told["yeyak_tls_certificate_end_seconds"], ends)
        self.assertEqual(told["yeyak_tls_handshakes_failed_total"], 0)


class Deadlines(TlsCase):
    flags = ("--limits-head-deadline-ms", "500", "--limits-connections", "300")

    def test_silent_and_slow_handshakes_are_cut_and_others_are_served(self):
        self.start()
        silent = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(200)]
        slow = socket.create_connection(("127.0.0.1", self.server.port))
        self.addCleanup(slow.close)
        for each in silent:
            self.addCleanup(each.close)
        slow.sendall(b"\x16\x03\x01\x02\x00\x01")
        for _ in range(20):
            self.assertEqual(self.connect().ask("GET", "/actuator/health")[0], 200)
        for each in (*silent, slow):
            each.settimeout(20)
            try:
                self.assertEqual(each.recv(100), b"")
            except ConnectionResetError:
                pass
        told = self.connect().ask("GET", "/actuator/prometheus")[2].decode()
        self.assertEqual(Figures(told)["yeyak_tls_handshakes_failed_total"], 201)

    def test_a_trickle_of_a_head_is_cut(self):
        self.start()
        connection = self.connect()
        try:
            for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 100:
                connection.tls.sendall(bytes([byte]))
                time.sleep(0.02)
        except OSError:
            pass  # it was cut before the last byte
        self.assertEqual(connection.answer()[0], 408)


class Renewal(TlsCase):
    def test_new_certificates_are_shown_and_no_request_is_lost(self):
        self.start()
        ended, failures, asked = threading.Event(), [], [0]

        def ask_for_ever(kept):
            try:
                connection = Connection(self)
                while not ended.is_set():
                    if not kept:
                        connection.close()
                        connection = Connection(self)
                    status = connection.ask("GET", "/actuator/health")[0]
                    asked[0] += 1
                    if status != 200:
                        failures.append(status)
                connection.close()
            except Exception as failure:  # whatever it is, it is one too many
                failures.append(repr(failure))

        clients = [threading.Thread(target=ask_for_ever, args=(kept,)) for kept in (True, False) * 2]
        for client in clients:
            client.start()
        oldest = self.connect()
        serials = [oldest.serial()]
        for i in range(10):
            self.show(*self.authority.issue(f"number {i}"))
            self.server.hang_up()
            serials.append(wait_for("the new certificate is shown", lambda: next(
                (serial for serial in [self.connect().serial()] if serial != serials[-1]), None)))
        self.assertEqual(oldest.ask("GET", "/actuator/health")[0], 200)
        ended.set()
        for client in clients:
            client.join()
        self.assertEqual(failures, [])
        self.assertGreater(asked[0], 0)
        self.assertEqual(len(set(serials)), 11)
        self.assertEqual(self.server.log().count('"certificate_read"'), 10)

    def test_sessions_are_resumed_until_the_certificate_is_read_again(self):
        self.start()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.trusting(version=version)

            def connect(session=None):
                raw = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
                made = context.wrap_socket(raw, server_hostname="localhost", session=session)
                self.addCleanup(made.close)
                made.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertTrue(made.recv(65536).startswith(b"HTTP/1.1 200 "))
                return made

            session = connect().session
            self.assertTrue(connect(session).session_reused)
            told = self.server.log().count('"certificate_read"')
            self.server.hang_up()
            wait_for("it is read", lambda: self.server.log().count('"certificate_read"') > told)
            self.assertFalse(connect(session).session_reused)

    def test_bad_files_change_nothing(self):
        self.start()
        first = self.connect().serial()
        certificates.write(self.folder / "cert.pem", self.authority.issue("other")[0])
        self.server.hang_up()
        wait_for("it is told", lambda: "does not fit the certificate" in self.server.log())
        self.assertEqual(self.connect().serial(), first)


class Files(TlsCase):
    def test_a_key_that_does_not_fit(self):
        certificates.write(self.folder / "key.pem", self.authority.issue("other")[1])
        code, told = self.refused_start()
        self.assertEqual(code, 2)
        self.assertIn("key.pem does not fit the certificate in", told)

    def test_one_of_both_and_none_that_can_be_read(self):
        self.server.flags = ["--tls-cert", str(self.folder / "cert.pem")]
        code, told = self.refused_start()
        self.assertEqual(code, 2)
        self.assertIn("tls.cert and tls.key belong together", told)
        self.server.flags = ["--tls-cert", str(self.folder / "cert.pem"),
                             "--tls-key", str(self.folder / "absent.pem")]
        code, told = self.refused_start()
        self.assertEqual(code, 2)
        self.assertIn("absent.pem cannot be read: No such file or directory", told)

    def test_an_expired_certificate_and_an_open_key_are_told(self):
        self.show(*self.authority.issue("first", ends=-HOUR), mode=0o644)
        self.start()
        wait_for("it is told", lambda: '"certificate_expired"' in self.server.log())
        self.assertIn(f"chmod go-rwx {self.folder}/key.pem", self.server.log())


class Clients(TlsCase):
    def setUp(self):
        super().setUp()
        self.programs = Authority("programs")
        certificates.write(self.folder / "programs.pem", self.programs.certificate)
        self.server.flags += ["--tls-client-ca", str(self.folder / "programs.pem")]

    def shown(self, authority):
        certificate, key = authority.issue("orders", hosts=("orders.example",))
        return (certificates.write(self.folder / "client.pem", certificate),
                certificates.write(self.folder / "client.key", key))

    def ask(self, *shown):
        more = ("--cert", shown[0], "--key", shown[1]) if shown else ()
        return self.curl("/actuator/health", *more).returncode

    def test_are_asked_for_a_certificate_and_may_have_none(self):
        self.start()
        self.assertEqual(self.ask(), 0)
        self.assertEqual(self.ask(*self.shown(self.programs)), 0)
        self.assertNotEqual(self.ask(*self.shown(Authority("programs"))), 0)

    def test_may_be_required_to_have_one(self):
        self.server.flags += ["--tls-client-required", "true"]
        self.start()
        self.assertNotEqual(self.ask(), 0)
        self.assertEqual(self.ask(*self.shown(self.programs)), 0)


if __name__ == "__main__":
    main()
