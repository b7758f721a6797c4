"""Runs the real program for a test: a server of its own on a free loopback port, with a fresh data
folder, and an HTTP client that keeps its connection. Every test program is called as

    python3 tests/e2e/NAME_test.py --server PATH [unittest arguments]
"""

import argparse
import ctypes
import functools
import http.client
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

import exchanges

CARD = "1234-1234-1234-1234"
MASKED_CARD = "1234-1234-****-1234"
B1 = {"userId": "1", "userAddress": "seoul", "productId": "1", "productName": "fold",
      "price": "1300000", "cardNo": CARD, "status": "order"}
START_LIMIT_S = 20
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)
binary = None


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body, object_pairs_hook=without_duplicates)

    def refusal(self):
        """What a problem says, but of which request it is."""
        return {**self.json(), "instance": None, "correlationId": None}

    def position(self):
        return int(self.headers["Yeyak-Position"])

    def __repr__(self):
        return f"{self.status} {self.body[:400]!r}"


def follow(connection, path="/events", headers=None):
    """Asks for a feed, and hands out the answer as soon as it has begun."""
    headers = {"Accept": "text/event-stream", **(headers or {})}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    begun = Answer(response.status, response.headers, b"")
    exchanges.record(connection.port, "GET", path, headers, None, begun)
    return response


def without_duplicates(members):
    made = dict(members)
    if len(made) != len(members):
        raise AssertionError(f"a key occurs twice: {[name for name, _ in members]}")
    return made


class Client:
    """One connection. A request whose outcome is not known raises OSError or HTTPException."""

    def __init__(self, port, timeout_s=30):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)

    def send(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body, ensure_ascii=False)
        if isinstance(body, str):
            body = body.encode()
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
            exchanges.record(self.connection.port, method, path, headers, body, answer)
            return answer
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise

    def get(self, path, headers=None):
        return self.send("GET", path, headers=headers)

    def post(self, path, body, headers=None):
        return self.send("POST", path, body, headers)

    def put(self, path, body):
        return self.send("PUT", path, body)

    def delete(self, path, headers=None):
        return self.send("DELETE", path, headers=headers)

    def close(self):
        self.connection.close()


def free_port():
    """Below the range of outgoing connections: a client that retries never meets itself there."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Server:
    """The program on one data folder. It keeps its port over restarts: links stay the same."""

    def __init__(self, *flags, system="prereservation", env=None):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="yeyak-e2e-"))
        self.data = self.home / "data"
        self.port = free_port()
        self.flags = list(flags) + (["--system", system] if system else [])
        stock = "--vaccination-initial-stock"
        if system != "vaccination" and stock not in flags:
            self.flags += [stock, "0"]  # a first stock is no event of the others' logs
        self.env = env
        self.file_limit = None  # bytes a file may grow to: the disk seems to fail there
        self.descriptors = None  # that the process may open, at most
        self.wrapper = []  # a command that runs the program
        self.kept_open = ()  # descriptors that the program has, too
        self.process = None
        self.clients = []

    def command(self, *more):
        return [*self.wrapper, str(binary), "serve", "--data", str(self.data), "--port", str(self.port),
                "--log-format", "json", *self.flags, *more]

    def set_flag(self, name, value):
        """From the next start on."""
        if name in self.flags:
            self.flags[self.flags.index(name) + 1] = value
        else:
            self.flags += [name, value]

    def start(self, *more):
        output = open(self.home / "output.log", "ab")
        log = open(self.home / "server.log", "ab")
        command = self.command(*more)
        exchanges.serve(self.port, command)
        with output, log:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=log,
                cwd=self.home, env={**clean_environment(), **(self.env or {})},
                preexec_fn=self.before_it_runs, pass_fds=self.kept_open)
        self.wait_until_ready()
        return self

    def before_it_runs(self):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # it does not outlive the test
        if self.descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))
        if not self.file_limit:
            return
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the limit fails with EFBIG
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.file_limit, self.file_limit))

    def wait_until_ready(self):
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode} at start-up")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.002)
        raise AssertionError("the server is not ready in time")

    def stop(self):
        """Ends it in order, and demands that it does."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        if code != 0:
            raise AssertionError(f"the server ended with {code} after SIGTERM")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def hang_up(self):
        self.process.send_signal(signal.SIGHUP)

    def restart(self, kill=False):
        self.kill() if kill else self.stop()
        self.start()

    def client(self, timeout_s=30):
        made = Client(self.port, timeout_s)
        self.clients.append(made)
        return made

    def log(self):
        return (self.home / "server.log").read_text(errors="replace")

    def output(self):
        return (self.home / "output.log").read_text(errors="replace")

    def close(self):
        for client in self.clients:
            client.close()
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.home, ignore_errors=True)


def clean_environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("YEYAK_")}


def wait_for(what, condition, limit_s=15, pause_s=0.02):
    """What the condition gives once it gives something true; fails with `what` after the limit."""
    deadline = time.monotonic() + limit_s
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen within {limit_s} s: {what}")
        time.sleep(pause_s)


def rows(client, view, query="", prefix=""):
    answer = client.get(f"{prefix}/{view}?size=1000{query}")
    if answer.status != 200:
        raise AssertionError(f"GET {view}: {answer}")
    return answer.json()["_embedded"][view]


def all_events(client, after=0, query=""):
    events = []
    while True:
        answer = client.get(f"/events?limit=1000&after={after}{query}")
        if answer.status != 200:
            raise AssertionError(f"events after {after}: {answer}")
        page = answer.json()
        events += page["events"]
        if page["end"]:
            return events
        after = page["nextAfter"]


def resolved(document, described):
    """What a $ref of the OpenAPI document points to."""
    names = described.get("$ref", "").removeprefix("#/").split("/")
    return functools.reduce(dict.get, names, document) if "$ref" in described else described


def set_context(client, context, **setting):
    answer = client.put("/actuator/contexts/" + context, setting)
    if answer.status != 200:
        raise AssertionError(f"{context} {setting}: {answer}")
    return answer.json()


def quoted(text):
    return urllib.parse.quote(text, safe="")


def verify_audit(server):
    """`yeyak audit verify` on the data of a server that has ended; None without that command."""
    offered = subprocess.run([binary, "--help"], capture_output=True, text=True, check=True).stdout
    if " audit " not in offered:
        return None
    run = subprocess.run([binary, "audit", "verify", "--data", server.data, "--json"],
                         capture_output=True, text=True, timeout=300)
    if run.returncode != 0:
        told = run.stdout[-3000:] + run.stderr
        raise AssertionError(f"audit verify ended with {run.returncode}: {told}")
    return json.loads(run.stdout)


@functools.cache
def explained_codes():
    """What GET /problems explains, from the table that it is made of."""
    table = pathlib.Path(__file__).parents[2] / "api/routes/problem_codes.cc"
    return set(re.findall(r'^    \{"(\w+)",', table.read_text(), re.MULTILINE))


class ServerCase(unittest.TestCase):
    """Every test has a server of its own; its log is shown when the test fails."""

    flags = ()
    system = "prereservation"

    def setUp(self):
        self.server = Server(*self.flags, system=self.system)
        self.addCleanup(self.server.close)
        self.server.start()
        self.http = self.server.client()

    def run(self, result=None):
        bad = len(result.failures) + len(result.errors)
        done = super().run(result)
        if len(result.failures) + len(result.errors) > bad and getattr(self, "last_log", ""):
            print(f"--- log of the server of {self.id()}\n{self.last_log}", file=sys.stderr)
        return done

    def tearDown(self):
        self.last_log = self.server.log()[-6000:]

    def create(self, body=None, headers=None, status=201):
        answer = self.http.post("/preReservations", body or B1, headers)
        self.assertEqual(answer.status, status, answer)
        return answer

    def problem(self, answer, status, code, field=None):
        """Every refusal has one shape."""
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json", answer)
        told = answer.json()
        self.assertEqual((told["status"], told["code"]), (status, code), answer)
        self.assertTrue(told["type"].endswith(f"/problems#{code}"), answer)
        self.assertIn(code, explained_codes())
        self.assertEqual(told["correlationId"], answer.headers["X-Correlation-Id"], answer)
        self.assertTrue(told["instance"].startswith("/"), answer)
        self.assertTrue(told["title"] and told["detail"], answer)
        if field is not None:
            self.assertEqual(told.get("field"), field, answer)
        return told


def main():
    global binary
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True, help="the yeyak program")
    given, rest = parser.parse_known_args()
    binary = pathlib.Path(given.server).resolve()
    unittest.main(module="__main__", argv=[sys.argv[0], *rest], verbosity=2, warnings="ignore")
