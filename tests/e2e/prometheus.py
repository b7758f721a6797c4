"""A real Prometheus beside a server, and the figures of a server without one."""

import http.client
import json
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

import harness

DEPLOYED = Path(__file__).parents[2] / "deploy/prometheus"
LINE = re.compile(r'(\w+)(?:\{(.*)\})? (\S+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Figures:
    """What GET /actuator/prometheus told at one moment."""

    def __init__(self, text):
        self.text = text
        self.by_series = {}
        for line in text.splitlines():
            if line.startswith("#"):
                continue
            name, labels, value = LINE.fullmatch(line).groups()
            self.by_series[(name, frozenset(LABEL.findall(labels or "")))] = float(value)

    def __getitem__(self, series):
        """figures["yeyak_view_lag_events", {"view": "receipts"}], or only the name."""
        name, labels = (series, {}) if isinstance(series, str) else series
        return self.by_series[(name, frozenset(labels.items()))]

    def values(self, label):
        return {dict(labels)[label] for _, labels in self.by_series if label in dict(labels)}

    def names(self):
        return {name for name, _ in self.by_series}


def figures(client):
    answer = client.get("/actuator/prometheus")
    if answer.status != 200:
        raise AssertionError(answer)
    return Figures(answer.body.decode())


class Prometheus:
    """As deploy/prometheus has it, for a server on this machine, and much quicker; ends with the test."""

    def __init__(self, port):
        self.folder = tempfile.TemporaryDirectory(prefix="yeyak-prometheus-")
        home = Path(self.folder.name)
        shutil.copytree(DEPLOYED, home, dirs_exist_ok=True)
        config = home / "prometheus.yml"
        config.write_text(config.read_text().replace("localhost:8080", f"127.0.0.1:{port}")
                          .replace("_interval: 15s", "_interval: 500ms"))
        self.port = harness.free_port()
        with open(home / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={home / 'data'}",
                 f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn"],
                stdout=log, stderr=log, cwd=home,
                preexec_fn=lambda: harness.libc.prctl(harness.PR_SET_PDEATHSIG, signal.SIGKILL))
        self.log = home / "log"
        harness.wait_for("Prometheus is ready", self.is_ready, limit_s=60, pause_s=0.1)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"Prometheus ended: {self.log.read_text()[-3000:]}")
        try:
            return self.get("/-/ready")[0] == 200
        except OSError:
            return False

    def query(self, expression):
        """[(labels, value)] as of now."""
        status, body = self.get("/api/v1/query?query=" + urllib.parse.quote(expression))
        if status != 200:
            raise AssertionError(f"{expression}: {status} {body[:500]}")
        found = json.loads(body)["data"]
        if found["resultType"] == "scalar":
            return [({}, float(found["result"][1]))]
        return [(series["metric"], float(series["value"][1])) for series in found["result"]]

    def rules(self):
        """Every alert, once each was evaluated."""
        def evaluated():
            groups = json.loads(self.get("/api/v1/rules")[1])["data"]["groups"]
            rules = [rule for group in groups for rule in group["rules"]]
            return rules if rules and all(rule["health"] != "unknown" for rule in rules) else None
        return harness.wait_for("the rules are evaluated", evaluated, limit_s=30, pause_s=0.2)

    def wait_until(self, expression):
        """What an expression gives, once it gives something."""
        return harness.wait_for(expression, lambda: self.query(expression), limit_s=30, pause_s=0.2)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()
