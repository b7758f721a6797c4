"""Views as of earlier moments and the histories of rows, on the real server: what a list answered
while a day of every system was played is what it answers again when it is asked as of then."""

import json
import random
import subprocess
import unittest

import harness
from harness import Server, ServerCase, main, rows, set_context, wait_for

SAMPLES = 150


def without_links(value):
    if isinstance(value, dict):
        return {name: without_links(member) for name, member in value.items() if name != "_links"}
    return [without_links(item) for item in value] if isinstance(value, list) else value


def run(*arguments):
    return subprocess.run([str(harness.binary), *map(str, arguments)], capture_output=True,
                          text=True, timeout=120, check=False)


class EverySystem(ServerCase):
    system = None
    flags = ("--payment-timeout-ms", "20000", "--vaccination-initial-stock", "100")

    def routes(self):
        """Every list and every row that takes asOf."""
        paths = self.http.get("/openapi.json").json()["paths"]
        found = [path for path, operations in paths.items()
                 if any(p.get("name") == "asOf" for p in operations.get("get", {}).get("parameters", []))]
        self.assertGreater(len(found), 20, found)
        return found

    def requests_of(self, dice, routes):
        """Something a reader may ask for: a page, a filter, an order, one row."""
        path = dice.choice(routes)
        if path.endswith("/{id}"):
            return path.replace("{id}", str(dice.randrange(1, 12)))
        if "{" in path:
            return None
        return path + dice.choice(("", "?size=3", "?size=2&page=1", "?size=1000&sort=id,desc",
                                   "?size=5&includeCancelled=true"))

    def settled(self, path):
        """An answer and the position that it is surely of: nothing was in the log beyond it when it
        was asked for a second time."""
        first = self.http.get(path)
        second = self.http.get(path)
        position = first.headers["Yeyak-Position"]
        sure = (position and position == second.headers["Yeyak-Position"]
                and second.headers["Yeyak-Lag"] == "0")
        return (position, first) if sure else None

    def test_as_of_answers_what_was_answered_then(self):
        dice = random.Random(41)
        routes = self.routes()
        day = subprocess.Popen([str(harness.binary), "demo", "--system", "all", "--users", "25",
                                "--concurrency", "2", "--server",
                                f"http://127.0.0.1:{self.server.port}"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(day.kill)
        taken = []
        while day.poll() is None or len(taken) < SAMPLES // 3:
            path = self.requests_of(dice, routes)
            sample = path and self.settled(path)
            if sample and sample[1].status in (200, 404):
                taken.append((path, *sample))
        self.assertEqual(day.wait(), 0)
        chosen = dice.sample(taken, min(SAMPLES, len(taken)))
        self.assertGreater(len({position for _, position, _ in chosen}), 5)
        self.assertGreater(sum(answer.status == 200 for _, _, answer in chosen), len(chosen) // 2)
        for path, position, live in chosen:
            then = self.http.get(f"{path}{'&' if '?' in path else '?'}asOf={position}")
            with self.subTest(path=path, position=position):
                self.assertEqual(then.status, live.status, then)
                self.assertEqual(then.headers["Yeyak-Position"], position)
                self.assertNotIn("Yeyak-Lag", then.headers)
                self.assertEqual(*(json.dumps(without_links(answer.json() if answer.status == 200
                                                            else answer.refusal()))
                                   for answer in (then, live)))
                self.assertEqual(then.headers.get("X-Total-Count"),
                                 live.headers.get("X-Total-Count"))
        kept = list((self.server.data / "views.asof").iterdir())
        self.assertLessEqual(len(kept), 8)
        self.server.stop()
        self.assertFalse((self.server.data / "views.asof").exists())
        checked = run("replay", "schema-check", "--data", self.server.data, "--json")
        self.assertEqual(checked.returncode, 0, checked.stdout[:2000])
        self.assertTrue(json.loads(checked.stdout)["ok"])


class OneSystem(ServerCase):
    flags = ("--views-as-of-max-events", "12", "--views-as-of-builds", "2")

    def head(self):
        return self.http.get("/projections").json()["head"]

    def test_lists_rows_counts_filters_and_pages(self):
        positions = []
        for user in (1, 2, 1):
            self.create({**harness.B1, "userId": str(user)})
            positions.append(self.head())
        self.assertEqual(len(rows(self.http, "preReservations", f"&asOf={positions[0]}")), 1)
        then = self.http.get(f"/preReservations?size=1&asOf={positions[1]}")
        page = then.json()
        self.assertEqual(page["page"]["totalElements"], 2)
        self.assertIn(f"asOf={positions[1]}", page["_links"]["next"]["href"])
        only = rows(self.http, "preReservations", f"&userId=1&asOf={positions[1]}")
        self.assertEqual([row["id"] for row in only], [1])
        self.assertEqual(self.http.get(f"/preReservations/3?asOf={positions[1]}").status, 404)
        self.assertEqual(self.http.get(f"/preReservations/3?asOf={positions[2]}").status, 200)
        self.assertEqual(self.http.get("/preReservations?asOf=0").json()["page"]["totalElements"], 0)

    def test_a_time_means_the_last_event_that_is_not_later(self):
        self.create()
        events = self.http.get("/events?limit=1000").json()["events"]
        last = events[-1]
        answer = self.http.get("/preReservations/1?asOf=" + harness.quoted(last["time"]))
        self.assertEqual(answer.position(), self.head())
        early = self.http.get("/preReservations?asOf=2001-01-01T00:00:00%2B09:00")
        self.assertEqual((early.position(), early.json()["page"]["totalElements"]), (0, 0))

    def test_what_is_refused(self):
        self.create()
        head = self.head()
        for bad in ("yesterday", "-1", "1.5", "", "2026-11-20"):
            self.problem(self.http.get(f"/preReservations?asOf={bad}"), 400, "bad_parameter", "asOf")
        future = self.problem(self.http.get(f"/preReservations?asOf={head + 1}"), 409,
                              "beyond_the_log", "asOf")
        self.assertIn(str(head), future["detail"])
        self.problem(self.http.get("/preReservations?asOf=2999-01-01T00:00:00Z"), 409,
                     "beyond_the_log", "asOf")
        self.problem(self.http.get(f"/preReservations?asOf=1&minPosition={head}"), 400,
                     "bad_parameter", "minPosition")
        self.problem(self.http.get("/preReservations/1?asOf=1&consistency=eventual"), 400,
                     "bad_parameter", "consistency")
        for _ in range(3):
            self.create()
        far = self.problem(self.http.get(f"/preReservations?asOf={self.head()}"), 422,
                           "as_of_too_far", "asOf")
        self.assertIn(f"yeyak replay --as-of {self.head()} --view preReservations", far["detail"])
        # In steps it is near enough.
        self.assertEqual(self.http.get("/preReservations?asOf=10").status, 200)
        self.assertEqual(self.http.get("/preReservations?asOf=20").status, 200)
        set_context(self.http, "prereservation", state="down")
        self.problem(self.http.get("/preReservations?asOf=1"), 503, "context_down")

    def test_after_a_kill_nothing_is_left(self):
        self.create()
        self.assertEqual(self.http.get("/preReservations?asOf=1").status, 200)
        self.assertTrue(list((self.server.data / "views.asof").iterdir()))
        self.server.restart(kill=True)
        self.assertFalse((self.server.data / "views.asof").exists())


class Histories(ServerCase):
    def history(self, path, status=200):
        answer = self.http.get("/projections/" + path)
        self.assertEqual(answer.status, status, answer)
        return answer.json()

    def test_why_a_row_is_as_it_is(self):
        self.create(headers={"X-Actor": "ann"})
        self.http.delete("/preReservations/1", {"X-Actor": "bob"})
        wait_for("refunded", lambda: self.http.get("/sagas/prereservation.checkout-1").json()["state"]
                 == "compensated")
        told = self.history("myReservations/rows/1/history")
        self.assertTrue(told["end"])
        row = self.http.get(f"/myReservations/1?minPosition={told['position']}").json()
        self.assertEqual(without_links(row), told["row"])
        self.assertEqual(told["eventCount"], len(told["events"]))
        types = [event["type"] for event in told["events"]]
        self.assertEqual(types[0], "prereservation.reservation_requested.v1")
        self.assertGreater(len({event["stream"] for event in told["events"]}), 1, "of several sources")
        cancelled = next(event for event in told["events"] if "reservation_cancelled" in event["type"])
        self.assertEqual(cancelled["actor"], "bob")
        self.assertIn("status", [change["field"] for change in cancelled["changes"]])
        # The changes one after the other give the row.
        made = {}
        for event in told["events"]:
            for change in event["changes"]:
                self.assertEqual(made.get(change["field"]), change["before"], event)
                made[change["field"]] = change["after"]
        self.assertEqual(made, told["row"])

    def test_pages_and_what_is_refused(self):
        self.create()
        whole = self.history("payments/rows/1/history")
        seen, after = [], 0
        while after is not None:
            page = self.history(f"payments/rows/1/history?limit=1&after={after}")
            seen += page["events"]
            after = page["nextAfter"]
        self.assertEqual(seen, whole["events"])
        first = whole["events"][0]["position"]
        without = self.history(f"payments/rows/1/history?without={first}")
        self.assertEqual(without["eventCount"], whole["eventCount"] - 1)
        self.assertEqual(without["row"]["userId"], 0)
        self.assertEqual(self.history(f"payments/rows/1/history?asOf={first}")["eventCount"], 1)
        self.history("nothing/rows/1/history", 404)
        self.history("payments/rows/77/history", 404)
        self.history("payments/rows/1/history?limit=0", 400)
        self.history("payments/rows/1/history?colour=red", 400)
        self.history(f"payments/rows/1/history?asOf={10**9}", 409)
        self.problem(self.http.get("/projections/payments/rows/1/history?without=1"), 422,
                     "not_of_this_row", "without")
        saga = self.history("sagas/rows/prereservation.checkout-1/history")
        self.assertEqual(saga["row"]["state"], "completed")

    def test_the_command_tells_the_same_of_a_folder_and_of_a_server(self):
        self.create()
        url = f"http://127.0.0.1:{self.server.port}"
        row = ("--view", "payments", "--key", "1")
        asked = wait_for("no news", lambda: run("replay", "explain", "--server", url, *row, "--json"))
        aside = run("replay", "explain", "--data", self.server.data, *row, "--json")
        self.assertEqual((asked.returncode, aside.returncode), (0, 0), asked.stderr + aside.stderr)
        self.assertEqual(json.loads(asked.stdout), json.loads(aside.stdout))
        texts = [run("replay", "explain", *place, *row)
                 for place in (("--server", url), ("--data", self.server.data))]
        self.assertEqual(texts[0].stdout, texts[1].stdout)
        last = json.loads(aside.stdout)["events"][-1]["position"]
        for place in (("--server", url), ("--data", self.server.data)):
            done = run("replay", "explain", *place, *row, "--without", last, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("status", [c["field"] for c in json.loads(done.stdout)["changes"]])
            self.assertEqual(run("replay", "explain", *place, "--view", "payments", "--key", "9")
                             .returncode, 1)
            self.assertEqual(run("replay", "explain", *place, *row, "--without", "1").returncode, 1)
        shown = run("replay", "--data", self.server.data, "--view", "payments", "--as-of", last,
                    "--json")
        self.assertEqual(json.loads(shown.stdout)["rows"][0]["status"], "paid")


class ManyReaders(unittest.TestCase):
    def test_the_past_never_holds_up_the_present(self):
        """More of them than may wait: some are told to come again, everybody else is served."""
        server = Server("--read-wait-ms", "5000")
        self.addCleanup(server.close)
        server.start()
        live = server.client()
        for _ in range(30):
            self.assertEqual(live.post("/preReservations", harness.B1).status, 201)
        readers = [server.client() for _ in range(40)]
        for number, reader in enumerate(readers):
            reader.connection.request("GET", f"/preReservations?asOf={number + 1}")
        self.assertEqual(live.post("/preReservations", harness.B1).status, 201)
        statuses = []
        for reader in readers:
            response = reader.connection.getresponse()
            response.read()
            statuses.append(response.status)
            if response.status == 503:
                self.assertTrue(response.headers["Retry-After"])
        self.assertLessEqual(set(statuses), {200, 503})
        self.assertIn(200, statuses)


if __name__ == "__main__":
    main()
