"""Views are rebuilt while they are served: no reader sees less than before, a kill at any moment
leaves the old build or the new one, and operators can go back, pause, and deal with events that
cannot be applied."""

import json
import random
import subprocess
import threading
import time

import harness
from harness import B1, ServerCase, all_events, main, rows, verify_audit, wait_for
from model import quiet

POISON = ("prereservation.reservation_confirmed.v1", '{"id":"no number"}')


def p99(times):
    return sorted(times)[int(len(times) * 0.99)] * 1000 if times else 0.0


class Load:
    """Writers that make reservations, and readers for whom a list only ever grows."""

    def __init__(self, server):
        self.server = server
        self.over = threading.Event()
        self.times = []  # when, and how long a write took
        self.shrunk = []
        self.threads = [threading.Thread(target=self.write, args=(n,)) for n in range(2)]
        self.threads.append(threading.Thread(target=self.read))
        for thread in self.threads:
            thread.start()

    def write(self, number):
        client = self.server.client()
        while not self.over.is_set():
            begin = time.monotonic()
            answer = client.post("/preReservations", {**B1, "userId": str(number + 1)})
            self.times.append((begin, time.monotonic() - begin))
            if answer.status not in (201, 202):
                raise AssertionError(answer)

    def read(self):
        client = self.server.client()
        seen = 0
        while not self.over.is_set():
            page = client.get("/preReservations?size=50&sort=id,desc&includeCancelled=true").json()
            total = page["page"]["totalElements"]
            listed = len(page["_embedded"]["preReservations"])
            if total < seen or listed < min(50, seen):
                self.shrunk.append((seen, total, listed))
            seen = max(seen, total)

    def took(self, begin, end):
        return [took for when, took in self.times if begin <= when < end]

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join()


class Rebuild(ServerCase):
    def setUp(self):
        super().setUp()
        self.url = f"http://127.0.0.1:{self.server.port}"

    def yeyak(self, *arguments, code=0):
        run = subprocess.run([harness.binary, "replay", *map(str, arguments)], capture_output=True,
                             text=True, timeout=120)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def create(self, count=1):
        for _ in range(count):
            answer = self.http.post("/preReservations", B1)
            self.assertEqual(answer.status, 201, answer)

    def projection(self, name):
        told = self.http.get("/projections").json()["projections"]
        return next(view for view in told if view["name"] == name)

    def test_no_reader_sees_less_while_all_views_are_rebuilt(self):
        self.create(50)
        load = Load(self.server)
        try:
            time.sleep(1.5)
            begin = time.monotonic()
            told = self.yeyak("--server", self.url, "--view", "all")
            end = time.monotonic()
        finally:
            load.stop()
        self.assertEqual(told.count("switched, generation 2"),
                         len(self.http.get("/projections").json()["projections"]), told)
        self.assertEqual(load.shrunk, [])
        before, during = load.took(0, begin), load.took(begin, end)
        print(f"p99 of writes: {p99(before):.1f} ms without, {p99(during):.1f} ms with a rebuild "
              f"({len(before)} and {len(during)} writes)")
        quiet(self.http)
        self.server.stop()
        verify_audit(self.server)

    def test_a_kill_at_any_moment_leaves_one_build_whole(self):
        self.create(200)
        quiet(self.http)
        before = rows(self.http, "preReservations", "&includeCancelled=true")
        for _ in range(8):
            self.http.post("/projections/all/rebuild", {})
            time.sleep(random.random() * 0.6)
            self.server.restart(kill=True)
            self.http = self.server.client()
            self.assertEqual(rows(self.http, "preReservations", "&includeCancelled=true"), before)
        wait_for("the last rebuild ends", lambda: all(
            r["state"] == "switched"
            for r in self.http.get("/projections/all/rebuild").json()["rebuilds"]))
        self.assertGreater(self.projection("preReservations")["generation"], 1)
        quiet(self.http)
        told = [e for e in all_events(self.http) if e["type"] == "operations.view_switched.v1"]
        generations = [e["data"]["generation"] for e in told
                       if e["data"]["view"] == "preReservations"]
        self.assertEqual(len(generations), len(set(generations)), "each switch is told once")
        self.assertIn(self.projection("preReservations")["generation"], generations)
        self.server.stop()
        verify_audit(self.server)

    def test_going_back(self):
        self.create(3)
        self.assertIn("no earlier build", self.yeyak("rollback", "--server", self.url, "--view",
                                                     "payments", code=1))
        told = self.yeyak("--server", self.url, "--view", "payments", "--actor", "ann")
        self.assertIn("view payments: switched, generation 2, 3 rows", told)
        self.create(2)
        told = self.yeyak("rollback", "--server", self.url, "--view", "payments", "--actor", "bob")
        self.assertIn("readers see generation 1 again", told)
        wait_for("five payments", lambda: len(rows(self.http, "payments")) == 5)
        self.assertEqual(self.projection("payments")["previous"]["generation"], 2)

        def switches():
            return [(e["data"]["how"], e["actor"]) for e in all_events(self.http)
                    if e["type"] == "operations.view_switched.v1"]
        wait_for("both are told", lambda: switches() == [("rebuilt", "ann"),
                                                         ("rolled_back", "bob")])
        self.server.stop()
        told = self.yeyak("rollback", "--data", self.server.data, "--view", "payments", "--json")
        self.assertEqual(json.loads(told)["generation"], 2)
        self.server.start()
        self.http = self.server.client()
        self.assertEqual(len(rows(self.http, "payments")), 5)
        self.assertEqual(len(switches()), 3)

    def test_refusals(self):
        for method, path, status, code in (
                ("POST", "/projections/nothing/rebuild", 404, "no_such_view"),
                ("GET", "/projections/payments/rebuild", 404, "no_rebuild"),
                ("DELETE", "/projections/payments/rebuild", 409, "nothing_to_change"),
                ("POST", "/projections/payments/rebuild/pause", 409, "nothing_to_change"),
                ("POST", "/projections/payments/rebuild/resume", 409, "nothing_to_change"),
                ("POST", "/projections/payments/rollback", 409, "no_previous_build"),
                ("GET", "/projections/nothing/parked", 404, "no_such_view")):
            answer = self.http.send(method, path)
            self.assertEqual((answer.status, answer.json()["code"]), (status, code), path)
        answer = self.http.post("/projections/payments/skip", {"position": 1, "reason": "x"})
        self.assertEqual((answer.status, answer.json()["code"]), (409, "not_parked"))
        answer = self.http.post("/projections/payments/skip", {"position": 1, "reason": ""})
        self.assertEqual(answer.status, 422)
        answer = self.http.post("/projections/payments/rebuild", {"maxRate": 0})
        self.assertEqual(answer.status, 422)

    def test_a_slow_rebuild_is_paused_and_cancelled(self):
        self.create(30)
        told = self.yeyak("--server", self.url, "--view", "payments", "--max-rate", "10",
                          "--no-wait")
        self.assertIn("began", told)
        self.yeyak("pause", "--server", self.url, "--view", "payments")
        self.assertIn("paused", self.yeyak("status", "--server", self.url, "--view", "payments"))
        self.server.restart(kill=True)
        self.http = self.server.client()
        self.assertIn("paused", self.yeyak("status", "--server", self.url, "--view", "payments"))
        self.yeyak("cancel", "--server", self.url, "--view", "payments")
        self.assertIn("cancelled", self.yeyak("status", "--server", self.url, "--view", "all"))
        self.assertEqual(self.projection("payments")["generation"], 1)
        self.yeyak("--server", self.url, "--view", "payments")
        self.assertEqual(self.projection("payments")["generation"], 3)

    def poison(self, stream):
        program = harness.pathlib.Path(harness.binary).parent / "tests" / "append_record"
        run = subprocess.run([program, self.server.data, stream, *POISON], capture_output=True,
                             text=True, check=True)
        return int(run.stdout)

    def test_an_event_that_cannot_be_applied(self):
        self.create(3)
        quiet(self.http)
        self.server.stop()
        place = ("--data", self.server.data, "--view", "preReservations")
        position = self.poison("prereservation.reservation-2")
        self.server.start()
        self.http = self.server.client()
        wait_for("it is parked", lambda: self.projection("preReservations")["parked"] > 0)
        self.assertEqual(self.http.get("/actuator/health").status, 200)
        parked = self.http.get("/projections/preReservations/parked").json()
        self.assertEqual(parked["parked"][0]["position"], position)
        self.assertIn("cannot be read", parked["parked"][0]["reason"])
        self.create(1)
        wait_for("the view goes on", lambda: len(rows(self.http, "preReservations")) == 4)
        told = self.yeyak("parked", "--server", self.url, "--view", "preReservations")
        self.assertIn("prereservation.reservation-2", told)
        told = self.yeyak("--server", self.url, "--view", "preReservations")  # parks the same
        self.assertEqual(self.projection("preReservations")["parked"], parked["total"])
        self.yeyak("retry", "--server", self.url, "--view", "preReservations", code=1)
        self.yeyak("skip", "--server", self.url, "--view", "preReservations", "--position",
                   position, "--reason", "made by a test", "--actor", "ann")
        self.assertEqual(self.projection("preReservations")["parked"], 0)
        self.yeyak("--server", self.url, "--view", "preReservations")
        self.assertEqual(self.projection("preReservations")["parked"], 0)
        skipped = [e for e in all_events(self.http) if e["type"] == "operations.event_skipped.v1"]
        self.assertEqual([(e["data"]["position"], e["actor"]) for e in skipped],
                         [(position, "ann")])
        self.server.stop()
        self.assertIn("nothing is parked", self.yeyak("parked", *place))
        mine = ("--data", self.server.data, "--view", "myReservations")
        self.assertIn(str(position), self.yeyak("parked", *mine))
        self.yeyak("skip", *mine, "--position", position, "--reason", "at rest")
        self.assertIn("nothing is parked", self.yeyak("parked", *mine))


if __name__ == "__main__":
    main()
