"""Nobody holds up the others: unkind loads in small, beside a client that must not notice. The figures
are script/neighbours's; here it is what is refused, what is bounded, and what is there afterwards."""

import json
import pathlib
import socket
import sys

from harness import B1, Client, Server, ServerCase, main, verify_audit, wait_for

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "bench/neighbours"))

import table  # noqa: E402

MIB = 1 << 20


def unfinished(port, size, address="127.0.0.1"):
    """A connection on which all of a body but the last byte was sent."""
    made = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(address, 0))
    head = (f"POST /streams/never HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
            f"Content-Length: {size}\r\n\r\n")
    try:
        made.sendall(head.encode() + b" " * (size - 1))
    except OSError:
        pass  # it was refused, and says why
    return made


class NeighboursCase(ServerCase):
    def load(self):
        return self.http.get("/actuator/load").json()

    def wait_until_gone(self):
        wait_for("all is as before", lambda: self.load()["connections"]["open"] <= 2 and
                 self.load()["memory"]["bytes"] < MIB, limit_s=60)


class Memory(NeighboursCase):
    flags = ("--limits-memory-bytes", str(16 * MIB))

    def test_bodies_that_never_end_are_bounded_and_small_requests_go_on(self):
        self.create()
        before = table.resident(self.server.process.pid)
        hogs = [unfinished(self.server.port, MIB) for _ in range(40)]
        wait_for("some are turned away", lambda: self.load()["memory"]["refused"] >= 30)
        self.create(B1 | {"userId": "2"})
        self.assertEqual(self.http.get("/preReservations/1").status, 200)
        load = self.load()["memory"]
        self.assertLessEqual(load["peak"], load["limit"])
        self.assertLess(table.resident(self.server.process.pid) - before, 64 * MIB)
        told = b""
        for hog in hogs:
            hog.settimeout(0.2)
            try:
                told += hog.recv(4096)
            except OSError:
                continue
        self.assertIn(b"503 Service Unavailable", told)
        self.assertIn(b"Retry-After: ", told)
        self.assertIn(b'"code":"memory_full"', told)
        for hog in hogs:
            hog.close()
        self.wait_until_gone()
        large = json.dumps([{"type": "noted", "data": {"text": "x" * (MIB // 2)}}])
        self.assertEqual(self.http.post("/streams/s-1", large).status, 201)


class Descriptors(NeighboursCase):
    def setUp(self):
        self.server = Server()
        self.server.descriptors = 600
        self.addCleanup(self.server.close)
        self.server.start()
        self.http = self.server.client()

    def test_idle_connections_leave_the_store_its_files(self):
        self.assertLess(self.load()["connections"]["limit"], 400)
        crowd = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(700)]
        self.addCleanup(lambda: [each.close() for each in crowd])
        for number in range(20):
            self.create(B1 | {"userId": str(number + 1)})
        self.assertGreater(self.load()["connections"]["turnedAway"], 0)
        for each in crowd:
            each.close()
        self.wait_until_gone()
        Client(self.server.port).close()
        self.server.stop()
        verify_audit(self.server)
        self.server.start()


if __name__ == "__main__":
    main()
