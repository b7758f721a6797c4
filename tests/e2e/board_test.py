"""deploy/grafana/: after a day of the demo, every query of the board returns data from a Prometheus that
scraped the server."""

import json
import math
import re
import subprocess
import unittest
from pathlib import Path

import harness
from harness import ServerCase, main
from prometheus import Prometheus

ROOT = Path(__file__).parents[2]
BOARD = ROOT / "deploy/grafana/dashboards/yeyak.json"
EXPLAINED = set(re.findall(r"`((?:yeyak|process)_\w+)`", (ROOT / "docs/metrics.md").read_text()))
# What Grafana puts in their place.
VARIABLES = {"$instance": ".*", "$__rate_interval": "1m"}


def panels():
    return [panel for panel in json.loads(BOARD.read_text())["panels"] if panel["type"] != "row"]


def queries():
    """(the panel's title, the expression)."""
    return [(panel["title"], target["expr"]) for panel in panels() for target in panel["targets"]]


def filled_in(expression):
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


class AfterTheDemo(ServerCase):
    system = None
    flags = ("--vaccination-initial-stock", "1000")

    def test_every_query_returns_data(self):
        prometheus = Prometheus(self.server.port)
        self.addCleanup(prometheus.close)
        prometheus.wait_until('up{job="yeyak"} == 1')
        for seed in ("1", "2"):  # of what is first seen in the second, Prometheus knows no growth
            played = subprocess.run(
                [str(harness.binary), "demo", "--server", f"http://127.0.0.1:{self.server.port}",
                 "--system", "all", "--users", "20", "--seed", seed],
                capture_output=True, text=True, timeout=120, check=False)
            # On a busy machine a view may be behind for a moment, which is not in order.
            self.assertIn(played.returncode, (0, 1), played.stdout + played.stderr)
            head = self.http.get("/events?limit=1").json()["head"]
            prometheus.wait_until(f"yeyak_log_position >= {head}")
            prometheus.wait_until("sum(yeyak_view_lag_events) == 0")
        for title, expression in queries():
            with self.subTest(title, expression=expression):
                found = prometheus.wait_until(filled_in(expression))
                self.assertFalse([labels for labels, value in found if math.isnan(value)])
        (_, up), = prometheus.query(filled_in(dict(queries())["Answers Prometheus"]))
        self.assertEqual(up, 1)


class Board(unittest.TestCase):
    def test_it_asks_for_what_the_documentation_explains(self):
        for title, expression in queries():
            named = {re.sub(r"_(bucket|sum|count)$", "", name)
                     for name in re.findall(r"\b(?:yeyak|process)_\w+", expression)}
            self.assertLessEqual(named, EXPLAINED, title)
            self.assertFalse(re.search(r"\$(?!instance|__rate_interval)", expression), title)
            self.assertIn('instance=~"$instance"', expression, title)

    def test_every_panel_says_what_it_shows_and_none_lies_on_another(self):
        taken = set()
        for panel in panels():
            self.assertTrue(panel["description"].endswith("."), panel["title"])
            self.assertTrue(panel["fieldConfig"]["defaults"]["unit"], panel["title"])
            at = panel["gridPos"]
            self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                     for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells
        ids = [panel["id"] for panel in json.loads(BOARD.read_text())["panels"]]
        self.assertEqual(len(ids), len(set(ids)))


if __name__ == "__main__":
    main()
