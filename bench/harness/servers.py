"""Starting, asking and ending one server at a time, on a free loopback port."""

import http.client
import json
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

READY_LIMIT_S = 120
STOP_LIMIT_S = 120
POLL_S = 0.002


class BenchError(Exception):
    """The figure cannot be taken: the run is red."""


class Server:
    """with Server(command, log) as server: ... ; "{port}" in the command is replaced. With `token`
    every request says who sends it; with `trusted`, a certificate, the server speaks TLS."""

    def __init__(self, command: list[str], log: Path, token: str | None = None,
                 trusted: Path | None = None):
        self.port = _free_port()
        self.token = token
        self.trusted = trusted
        self.log = log
        self.command = [part.replace("{port}", str(self.port)) for part in command]
        self.process: subprocess.Popen | None = None
        self.startup_s = 0.0

    def __enter__(self) -> "Server":
        with self.log.open("ab") as log:
            started = time.monotonic()
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self._wait_until_ready(started)
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        return self

    def __exit__(self, kind, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise BenchError(f"did not end within {STOP_LIMIT_S} s: {self._name()}") from None
        if kind is None and code != 0:
            raise BenchError(f"ended with {code}: {self._name()}\n{self._last_words()}")

    @property
    def url(self) -> str:
        return f"{'https' if self.trusted else 'http'}://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self.process.pid

    def ask(self, method: str, target: str, body=None, headers=None) -> tuple[int, str]:
        connection = self._connection()
        try:
            text = None if body is None else json.dumps(body)
            all_headers = {"Content-Type": "application/json"} if text else {}
            if self.token:
                all_headers["Authorization"] = f"Bearer {self.token}"
            connection.request(method, target, text, all_headers | (headers or {}))
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if not self.trusted:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        context = ssl.create_default_context(cafile=str(self.trusted))
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)

    def position(self) -> int:
        """The head of the log, from the health report."""
        status, text = self.ask("GET", "/actuator/health")
        if status != 200:
            raise BenchError(f"/actuator/health answered {status}: {text[:200]}")
        found = find_position(json.loads(text))
        if found is None:
            raise BenchError(f"/actuator/health names no position: {text[:200]}")
        return found

    def _wait_until_ready(self, started: float):
        while time.monotonic() - started < READY_LIMIT_S:
            if self.process.poll() is not None:
                raise BenchError(f"did not start: {self._name()}\n{self._last_words()}")
            try:
                if self.ask("GET", "/actuator/health/readiness")[0] == 200:
                    self.startup_s = time.monotonic() - started
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(POLL_S)
        raise BenchError(f"not ready after {READY_LIMIT_S} s: {self._name()}\n{self._last_words()}")

    def _name(self) -> str:
        return " ".join(self.command)

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])


def find_position(health: dict) -> int | None:
    """components.eventstore.details.position, or the same at the top of the report."""
    details = health.get("components", {}).get("eventstore", {}).get("details", {})
    for place in (details, health, health.get("details", {})):
        if isinstance(place.get("position"), int):
            return place["position"]
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
