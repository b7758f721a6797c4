"""GET /actuator/prometheus: read by promtool, scraped by a real Prometheus, and true: what it tells is
what the JSON routes tell. However much strangers send, there are no more series, and nobody's data."""

import os
import pathlib
import re
import socket
import subprocess
import time
import unittest

from harness import B1, CARD, ServerCase, main, set_context, wait_for
from prometheus import DEPLOYED, Prometheus, figures

PAGE = pathlib.Path(__file__).parents[2] / "docs/metrics.md"
# An event of another program that looks like the step of a saga.
FALSE_STEP = {"type": "kim.minsu_stepped.v1", "data": {
    "input": "a", "inputId": "b@1", "sent": [], "timers": [], "ended": False,
    "state": "kim.minsu", "data": {}}}
SECRETS = ("Jong-ro-4711", "kim.minsu", CARD, "1234", "203.0.113.9", "top-secret")


def explained():
    return set(re.findall(r"`((?:yeyak|process)_\w+)`", PAGE.read_text()))


def busy_day(case):
    """Something of everything: orders, refusals, appends, conflicts, a stopped context, a feed."""
    for user in range(1, 4):
        case.create(B1 | {"userId": str(user), "userAddress": SECRETS[0]}, {"X-Actor": SECRETS[1]})
    case.problem(case.http.get("/preReservations/99"), 404, "not_found")
    case.problem(case.http.get("/nothing/" + SECRETS[5]), 404, "not_found")
    append = {"type": "noted", "data": {"text": SECRETS[5]}}
    for status in (201, 409):
        answer = case.http.post("/streams/notes-1", append, {"Expected-Version": "no-stream"})
        case.assertEqual(answer.status, status, answer)
    set_context(case.http, "receipt", state="down")
    case.create(B1 | {"userId": "4"})


class Told(ServerCase):
    def test_nothing_to_lint(self):
        busy_day(self)
        answer = self.http.get("/actuator/prometheus")
        self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        lint = subprocess.run(["promtool", "check", "metrics"], input=answer.body,
                              capture_output=True, timeout=60)
        self.assertEqual((lint.returncode, lint.stdout + lint.stderr), (0, b""))

    def test_every_figure_is_explained(self):
        busy_day(self)
        told = set(re.findall(r"^# TYPE (\w+)", figures(self.http).text, re.MULTILINE))
        self.assertLessEqual(told, explained())
        # Without a series there is no such line: nothing of it was seen on this day.
        self.assertLessEqual(explained() - told, {
            "yeyak_unread_figures", "yeyak_sagas_open", "yeyak_saga_oldest_age_seconds",
            "yeyak_saga_longest_pause_seconds", "yeyak_outbox_effects",
            "yeyak_tokens_refused_total", "yeyak_tls_certificate_end_seconds",
            "yeyak_tls_handshakes_failed_total"})

    def test_the_figures_are_those_of_the_json_routes(self):
        busy_day(self)
        self.wait_for_views()
        wait_for("the payments are told", lambda: not [
            each for each in figures(self.http).by_series if each[0] == "yeyak_outbox_effects"],
            limit_s=30, pause_s=1.1)
        told = figures(self.http)
        for view in self.http.get("/projections").json()["projections"]:
            of = {"view": view["name"]}
            self.assertEqual(told["yeyak_view_position", of], view["position"])
            self.assertEqual(told["yeyak_view_lag_events", of], view["lag"])
            self.assertEqual(told["yeyak_view_parked_events", of], view["parked"])
        self.assertGreater(told["yeyak_view_lag_events", {"view": "receipts"}], 0)
        for at in self.http.get("/actuator/circuitbreakers").json()["circuitbreakers"]:
            of = {"context": at["context"]}
            self.assertEqual(told["yeyak_breaker_state", {**of, "state": at["state"]}], 1)
            self.assertEqual(told["yeyak_calls_total", {**of, "outcome": "succeeded"}],
                             at["succeeded"])
        for context in self.http.get("/actuator/contexts").json()["contexts"]:
            self.assertEqual(told["yeyak_context_up", {"context": context["context"]}],
                             int(context["state"] == "up"))
        load = self.http.get("/actuator/load").json()
        self.assertEqual(told["yeyak_http_memory_limit_bytes"], load["memory"]["limit"])
        self.assertEqual(told["yeyak_http_connections_limit"], load["connections"]["limit"])
        self.assertLessEqual(told["yeyak_handler_duration_seconds_count"],
                             load["handlers"]["count"])

    def test_requests_commands_batches_and_sagas(self):
        commands = "yeyak_commands_total", {"outcome": "ok"}
        before = wait_for("the days that are over are closed", lambda: figures(
            self.http).by_series.get((commands[0], frozenset(commands[1].items()))))
        busy_day(self)
        time.sleep(1.1)  # what takes long to read is read once a second
        told = figures(self.http)
        requests = "yeyak_http_requests_total"
        self.assertEqual(told[requests, {"method": "POST", "route": "/preReservations",
                                         "status": "201"}], 4)
        self.assertEqual(told[requests, {"method": "GET", "route": "/preReservations/{id}",
                                         "status": "404"}], 1)
        self.assertEqual(told[requests, {"method": "GET", "route": "none", "status": "404"}], 1)
        self.assertEqual(told["yeyak_http_refusals_total", {"code": "wrong_expected_version"}], 1)
        self.assertEqual(told[commands] - before, 4)
        self.assertEqual(told["yeyak_appends_total", {"outcome": "ok"}], 1)
        self.assertEqual(told["yeyak_appends_total", {"outcome": "wrong_expected_version"}], 1)
        head = self.http.get("/events?limit=1").json()["head"]
        self.assertEqual(told["yeyak_log_position"], head)
        self.assertEqual(told["yeyak_batch_events_sum"], head)
        self.assertEqual(told["yeyak_inbox_messages", {"context": "receipt"}], 1)
        wait_for("four sagas have ended", lambda: figures(self.http)["yeyak_sagas_ended"] == 4,
                 pause_s=0.5)

    def wait_for_views(self):
        wait_for("all views have caught up that can", lambda: all(
            view["lag"] == 0 or view["state"] == "stopped"
            for view in self.http.get("/projections").json()["projections"]))

    def test_a_follower_of_the_feed(self):
        feed = socket.create_connection(("127.0.0.1", self.server.port))
        feed.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        wait_for("it follows", lambda: figures(self.http)["yeyak_feeds"] == 1)
        feed.close()
        self.http.post("/streams/notes-1", {"type": "noted", "data": {}})
        wait_for("it is gone", lambda: figures(self.http)["yeyak_feeds"] == 0, limit_s=30)
        told = figures(self.http)
        of = {"method": "GET", "route": "/events"}
        self.assertEqual(told["yeyak_http_requests_total", {**of, "status": "200"}], 1)
        self.assertEqual(told["yeyak_http_request_duration_seconds_count", of], 0)

    def test_strangers_make_no_series_and_nobody_is_named(self):
        busy_day(self)
        figures(self.http)
        for _ in range(2):
            before = figures(self.http)
            for n in range(100):
                self.http.get(f"/nothing/{n}/kim.minsu")
                self.http.get(f"/preReservations/{n + 100}?q={n}",
                              {"X-Actor": f"kim.minsu-{n}", "X-Forwarded-For": SECRETS[4]})
                self.http.post(f"/streams/own{n}-1", {"type": f"kim.minsu-{n}", "data": {}})
                self.http.post(f"/streams/kim-minsu{n}", FALSE_STEP)
            self.wait_for_views()
            time.sleep(1.1)  # what takes long to read is read once a second
        self.assertEqual(figures(self.http).by_series.keys(), before.by_series.keys())
        values = {value for _, labels in before.by_series for _, value in labels}
        for secret in SECRETS:
            self.assertFalse([value for value in values if secret in value], secret)
        routes = self.http.get("/openapi.json").json()["paths"].keys()
        self.assertLessEqual(before.values("route"), set(routes) | {"none"})

    def test_process(self):
        told, pid = figures(self.http), self.server.process.pid
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            resident = int(stat.read().rpartition(")")[2].split()[21]) * os.sysconf("SC_PAGE_SIZE")
        self.assertLess(abs(told["process_resident_memory_bytes"] - resident), 64 << 20)
        self.assertAlmostEqual(told["process_open_fds"], len(os.listdir(f"/proc/{pid}/fd")), delta=20)
        self.assertAlmostEqual(told["process_start_time_seconds"],
                               os.stat(f"/proc/{pid}").st_mtime, delta=10)


class Scraped(ServerCase):
    def test_prometheus_reads_and_answers_queries(self):
        prometheus = Prometheus(self.server.port)
        self.addCleanup(prometheus.close)
        prometheus.wait_until('up{job="yeyak"} == 1')
        busy_day(self)
        prometheus.wait_until('yeyak_commands_total{outcome="ok"} > 4')
        prometheus.wait_until('yeyak_view_lag_events{view="receipts"} > 0')
        (_, p99), = prometheus.wait_until(
            "histogram_quantile(0.99, sum by (le) (yeyak_http_request_duration_seconds_bucket))")
        self.assertGreater(p99, 0)
        (_, flushes), = prometheus.wait_until("yeyak_batch_flushing_seconds_count")
        self.assertGreater(flushes, 0)
        (labels, _), = prometheus.wait_until("yeyak_build_info")
        self.assertEqual(labels["instance"], f"127.0.0.1:{self.server.port}")
        alerts = prometheus.rules()
        self.assertGreater(len(alerts), 10)
        self.assertEqual({rule["health"] for rule in alerts}, {"ok"}, alerts)
        self.assertEqual({rule["state"] for rule in alerts}, {"inactive"}, alerts)
        told = figures(self.http)
        scraped = {labels["__name__"] for labels, _ in prometheus.query('{job="yeyak"}')}
        self.assertLessEqual(told.names(), scraped)
        set_context(self.http, "receipt", state="up")
        prometheus.wait_until('yeyak_view_lag_events{view="receipts"} == 0')


class Sagas(ServerCase):
    system = "market"

    def open(self):
        told = figures(self.http)
        return told if "yeyak_sagas_open" in told.names() else None

    def test_an_open_saga_and_its_age(self):
        product = self.http.post("/product", {"productName": "Phone", "productStatus": "01"}).json()
        reserved = self.http.post("/reservation", {"productId": str(product["id"]),
                                                   "reservationStatus": "01"})
        self.assertEqual(reserved.status, 200, reserved)
        told = wait_for("the saga is open", self.open, pause_s=0.3)
        of = {"saga": "market.purchase", "state": "unpaid"}
        self.assertEqual(told["yeyak_sagas_open", of], 1)
        self.assertGreaterEqual(told["yeyak_saga_oldest_age_seconds", of],
                                told["yeyak_saga_longest_pause_seconds", of])
        self.assertEqual(told["yeyak_timers"], 1)
        time.sleep(1.1)
        later = figures(self.http)
        self.assertGreater(later["yeyak_saga_longest_pause_seconds", of], 1)


class Alerts(unittest.TestCase):
    def promtool(self, *arguments):
        run = subprocess.run(["promtool", *arguments], cwd=DEPLOYED, capture_output=True, text=True,
                             timeout=120)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_the_rules_do_what_their_cases_say(self):
        self.promtool("check", "config", "prometheus.yml")
        self.promtool("test", "rules", "yeyak.rules.test.yml")

    def test_every_alert_has_a_case_and_speaks_of_figures_that_are_there(self):
        rules = (DEPLOYED / "yeyak.rules.yml").read_text()
        cases = (DEPLOYED / "yeyak.rules.test.yml").read_text()
        alerts = set(re.findall(r"- alert: (\w+)", rules))
        self.assertEqual(alerts, set(re.findall(r"alertname: (\w+)\n +exp_alerts:\n", cases)))
        named = set(re.findall(r"yeyak_\w+", rules))
        self.assertLessEqual(named, explained())


if __name__ == "__main__":
    main()
