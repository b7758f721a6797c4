"""The program is replaced behind a socket that somebody else holds, as systemd does: nobody is refused
and no answer is lost, however the clients keep their connections. And what the program tells that
manager of itself."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import harness
from harness import Client, Server, main, wait_for

RESTARTS = 10
GENEROUS_S = 30  # what a request may take at most, on a machine that is busy with other tests
# Runs the program with a socket as systemd hands it over: it is descriptor 3.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[2], sys.argv[2:])
"""


class HeldSocket:
    """Listens on a free port, whoever serves it."""

    def __init__(self, address="127.0.0.1"):
        self.socket = socket.create_server((address, 0), backlog=1024)
        self.port = self.socket.getsockname()[1]

    def hand_over(self, server, count=1):
        number = self.socket.fileno()
        server.port = self.port
        server.wrapper = [sys.executable, "-c", HAND_OVER, str(number)]
        server.kept_open = (number,)
        server.env = {**(server.env or {}), "LISTEN_FDS": str(count)}


class Manager:
    """What the program tells a service manager."""

    def __init__(self, server, patience_us=None):
        self.folder = tempfile.TemporaryDirectory(prefix="yeyak-notify-")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = self.folder.name + "/notify"
        self.socket.bind(path)
        self.socket.settimeout(20)
        server.env = {**(server.env or {}), "NOTIFY_SOCKET": path}
        if patience_us:
            server.env["WATCHDOG_USEC"] = str(patience_us)

    def next(self, *passed_over):
        while True:
            told = self.socket.recv(4096).decode()
            if told not in passed_over:
                return told

    def close(self):
        self.socket.close()
        self.folder.cleanup()


class RestartCase(unittest.TestCase):
    def setUp(self):
        self.server = Server("--limits-idle-deadline-ms", "600000")
        self.addCleanup(self.server.close)
        self.held = HeldSocket()
        self.addCleanup(self.held.socket.close)

    def start(self):
        """Until it answers: a connection alone says only that somebody holds the socket."""
        self.server.start()
        client = Client(self.server.port)
        self.assertEqual(client.get("/actuator/health").status, 200)
        client.close()

    def restart_often(self):
        for _ in range(RESTARTS):
            time.sleep(0.3)
            self.server.stop()
            self.start()


class Load(threading.Thread):
    """Asks and commands until it is told to stop. Every request is sent once."""

    def __init__(self, port, number, kept, ended):
        super().__init__(daemon=True)
        self.port, self.number, self.kept, self.ended = port, number, kept, ended
        self.done, self.failures, self.longest_s = 0, [], 0.0

    def run(self):
        client = Client(self.port, timeout_s=120)
        while not self.ended.is_set():
            begun = time.monotonic()
            try:
                self.check(client)
            except Exception as failure:  # whatever it is, it is one too many
                self.failures.append(repr(failure))
                client = Client(self.port, timeout_s=120)
                time.sleep(0.1)
            self.longest_s = max(self.longest_s, time.monotonic() - begun)
            self.done += 1
            if not self.kept:
                client.close()
        client.close()

    def check(self, client):
        event = {"type": "noted", "data": {"number": self.done}}
        expected = str(self.done) if self.done else "no-stream"
        answer = client.post(f"/streams/load-{self.number}", event, {"Expected-Version": expected})
        assert answer.status == 201, answer
        assert answer.json()["version"] == self.done + 1, answer


class Restarts(RestartCase):
    def test_refuse_nobody(self):
        self.held.hand_over(self.server)
        self.start()
        ended = threading.Event()
        self.addCleanup(ended.set)
        loads = [Load(self.held.port, i, kept=i % 2 == 0, ended=ended) for i in range(8)]
        for load in loads:
            load.start()
        self.restart_often()
        ended.set()
        for load in loads:
            load.join()
        done = sum(load.done for load in loads)
        longest = max(load.longest_s for load in loads)
        print(f"{RESTARTS} restarts: {done} requests, the longest took {longest:.2f} s", flush=True)
        self.assertEqual([load.failures for load in loads], [[]] * len(loads))
        self.assertLess(longest, GENEROUS_S)

    def test_siege_counts_no_failed_transaction(self):
        """With a connection for each request: of those that it keeps, siege 4.0.7 sends the next
        request on one whose answer said that it closes (RFC 9112, section 9.6)."""
        self.held.hand_over(self.server)
        self.start()
        config = self.server.home / "siegerc"
        config.write_text("connection = close\ntimeout = 120\njson_output = true\n"
                          "logging = false\nshow-logfile = false\ngmethod = GET\nparser = false\n")
        # Not /actuator/health: that says 503 while the program drains, as it should.
        siege = subprocess.Popen(
            ["siege", f"--rc={config}", "--benchmark", "--concurrent=20", "--time=3M",
             f"http://127.0.0.1:{self.held.port}/events?limit=1"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "HOME": str(self.server.home)})
        self.addCleanup(siege.kill)
        self.restart_often()
        siege.send_signal(signal.SIGINT)  # it ends, and counts
        told, complaints = siege.communicate(timeout=60)
        counted = json.loads(re.search(r"\{.*\}", told, re.DOTALL).group())
        print(f"{RESTARTS} restarts under siege: {counted['transactions']} transactions, "
              f"availability {counted['availability']} %, the longest took "
              f"{counted['longest_transaction']} s", flush=True)
        self.assertEqual(counted["failed_transactions"], 0, complaints[-2000:])
        self.assertEqual(counted["availability"], 100, complaints[-2000:])
        self.assertGreater(counted["transactions"], 100)
        self.assertLess(counted["longest_transaction"], GENEROUS_S)

    def test_who_comes_between_two_programs_waits(self):
        self.held.hand_over(self.server)
        self.start()
        self.server.stop()
        waiting = self.server.client()
        answers = []
        asking = threading.Thread(
            target=lambda: answers.append(waiting.get("/actuator/health").status))
        asking.start()
        time.sleep(0.2)
        self.assertEqual(answers, [])
        self.server.start()
        asking.join()
        self.assertEqual(answers, [200])

    def test_systemd_hands_over_such_a_socket(self):
        port = harness.free_port()
        self.server.port = port
        activate = subprocess.Popen(
            ["systemd-socket-activate", "--listen", f"127.0.0.1:{port}", *self.server.command()],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=harness.clean_environment())
        self.addCleanup(activate.stderr.close)
        self.addCleanup(activate.wait)
        self.addCleanup(activate.kill)
        wait_for("it listens", lambda: b"Listening on" in activate.stderr.readline())
        # The program starts when somebody comes.
        self.assertEqual(self.server.client().get("/actuator/health").status, 200)


class HandedOver(RestartCase):
    def refused_start(self):
        ended = subprocess.run(
            self.server.command(), capture_output=True, text=True, timeout=60,
            pass_fds=self.server.kept_open,
            env={**harness.clean_environment(), **self.server.env})
        return ended.returncode, ended.stderr

    def test_an_address_that_others_reach_is_refused(self):
        held = HeldSocket("0.0.0.0")
        self.addCleanup(held.socket.close)
        held.hand_over(self.server)
        code, told = self.refused_start()
        self.assertEqual(code, 2, told)
        self.assertIn("listens on 0.0.0.0, which must be a loopback address", told)
        # Where strangers are asked who they are it is taken.
        subprocess.run([harness.binary, "auth", "init", "--data", self.server.data], check=True,
                       capture_output=True, timeout=60)
        self.server.flags += ["--auth-mode", "jwt"]
        self.server.start()
        self.assertEqual(self.server.client().get("/events").status, 401)

    def test_what_is_no_listening_socket_is_refused(self):
        for made in (socket.socket(), socket.socket(socket.AF_UNIX), open("/dev/null", "rb")):
            with made:
                self.held.hand_over(self.server)
                self.server.wrapper[-1] = str(made.fileno())
                self.server.kept_open = (made.fileno(),)
                code, told = self.refused_start()
            self.assertEqual(code, 2, told)
            self.assertIn("no TCP socket that listens", told)

    def test_more_than_one_is_refused(self):
        self.held.hand_over(self.server, count=2)
        code, told = self.refused_start()
        self.assertEqual(code, 2, told)
        self.assertIn("2 sockets were handed over", told)

    def test_one_for_another_process_is_not_taken(self):
        self.held.hand_over(self.server)
        self.server.wrapper = []
        self.server.env["LISTEN_PID"] = "1"
        self.server.port = harness.free_port()
        self.server.start()
        self.assertEqual(self.server.client().get("/actuator/health").status, 200)


class Told(RestartCase):
    def manager(self, **options):
        manager = Manager(self.server, **options)
        self.addCleanup(manager.close)
        return manager

    def test_ready_reloading_and_stopping(self):
        manager = self.manager()
        self.server.start()
        self.assertEqual(manager.next(), "READY=1")
        asked = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self.server.hang_up()
        reloading, at = manager.next().split("\n")
        self.assertEqual(reloading, "RELOADING=1")
        self.assertGreaterEqual(int(at.removeprefix("MONOTONIC_USEC=")), asked)
        self.assertEqual(manager.next(), "READY=1")
        self.server.stop()
        self.assertEqual(manager.next(), "STOPPING=1")

    def test_alive_as_long_as_it_is(self):
        manager = self.manager(patience_us=400_000)
        self.server.start()
        self.assertEqual(manager.next(), "READY=1")
        for _ in range(3):
            self.assertEqual(manager.next(), "WATCHDOG=1")

    def test_nobody_is_told_that_another_process_is_alive(self):
        manager = self.manager(patience_us=100_000)
        self.server.env["WATCHDOG_PID"] = "1"
        self.server.start()
        self.assertEqual(manager.next(), "READY=1")
        time.sleep(0.5)
        self.server.stop()
        self.assertEqual(manager.next(), "STOPPING=1")

    def test_a_hangup_without_a_manager_ends_the_program(self):
        self.server.start()
        self.server.hang_up()
        self.assertEqual(self.server.process.wait(timeout=20), -signal.SIGHUP)


if __name__ == "__main__":
    main()
