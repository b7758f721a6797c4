"""The audit trail over HTTP and from the command line: who did what, when, why and from where."""

import csv
import html.parser
import io
import json
import re
import subprocess
import unittest

import harness
from harness import ServerCase, all_events, main, quoted, set_context, wait_for

HOSTILE = "<script>alert('x')</script> \u202egnp.exe & \"q\" =1+1"


class TrailCase(ServerCase):
    """Readings are events, too: what a test compares was read once."""

    def trail(self, query="", status=200, headers=None):
        answer = self.http.send("POST", "/audit/trail" + query, headers=headers)
        self.assertEqual(answer.status, status, answer)
        return answer

    def events(self, query=""):
        read = self.trail(query).json()
        self.assertEqual(read["count"], len(read["events"]))
        return read["events"]

    def yeyak(self, *arguments, code=0):
        ran = subprocess.run([harness.binary, "audit", "trail", *arguments], capture_output=True,
                             text=True, timeout=60, env=harness.clean_environment())
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return ran

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.port}"


class Dispute(TrailCase):
    """A customer says: I never cancelled this."""

    def setUp(self):
        super().setUp()
        self.create(headers={"X-Actor": "customer:1", "X-Correlation-Id": "order-request"})
        self.create({**harness.B1, "userId": "2"})
        cancelled = self.http.delete("/preReservations/1", {"X-Actor": "clerk:lee",
                                                            "X-Correlation-Id": "cancel-request"})
        self.assertEqual(cancelled.status, 204, cancelled)
        wait_for("the refund", lambda: any(
            event["type"] == "payment.payment_cancelled.v1" for event in all_events(self.http)))

    def test_the_trail_of_the_order_tells_every_step(self):
        events = self.events("?order=prereservation.reservation-1")
        expected = [
            ("reservation requested", "customer:1"), ("checkout: paying", "customer:1"),
            ("payment requested", "customer:1"), ("payment completed", "customer:1"),
            ("checkout: completed", "customer:1"), ("reservation confirmed", "customer:1"),
            ("receipt issued", "customer:1"), ("reservation cancelled", "clerk:lee"),
            ("checkout: compensating", "clerk:lee"),
            ("payment cancellation requested", "clerk:lee"), ("receipt cancelled", "clerk:lee"),
            ("checkout: compensating", "clerk:lee"), ("payment cancelled", "clerk:lee"),
            ("checkout: compensated", "clerk:lee")]
        told = [(event["what"].split(",")[0], event["actor"]) for event in events
                if not event["stream"].startswith("notification.")]
        self.assertEqual(told, expected)
        self.assertEqual([e["position"] for e in events], sorted(e["position"] for e in events))
        refund = next(e for e in events if e["what"] == "payment cancelled")
        self.assertEqual(refund["because"][-1], "request cancel-request of clerk:lee")
        self.assertIn("reservation cancelled (prereservation.reservation-1@3)", refund["because"])
        self.assertEqual(refund["from"], "127.0.0.1")
        cancelled = next(e for e in events if e["what"] == "reservation cancelled")
        self.assertEqual(cancelled["reason"], "user_request")
        self.assertFalse(any("-2" in event["stream"] for event in events))

    def test_saga_correlation_actor_type_and_system(self):
        saga = self.events("?saga=prereservation.checkout-1&type=*_stepped.*")
        self.assertEqual([e["state"] for e in saga],
                         ["paying", "completed", "compensating", "compensating", "compensated"])
        request = self.events("?correlation=cancel-request")
        self.assertEqual({e["correlationId"] for e in request}, {"cancel-request"})
        self.assertIn("payment cancelled", [e["what"] for e in request])
        clerk = self.events("?actor=clerk:lee&type=prereservation.reservation_*")
        self.assertEqual([e["what"] for e in clerk], ["reservation cancelled"])
        self.assertEqual(self.events("?system=market"), [])
        here = self.events("?system=prereservation")
        self.assertIn("payment.payment-prereservation-1", [e["stream"] for e in here])

    def test_everything_is_as_the_feed_has_it(self):
        feed = all_events(self.http)
        shown = self.events()
        for event, told in zip(feed, shown, strict=True):
            self.assertEqual((event["position"], event["id"], event["type"], event["leafhash"],
                              event["data"], event["recordedtime"]),
                             (told["position"], told["eventId"], told["type"], told["leafHash"],
                              told["data"], told["timeUtc"]))

    def test_a_part_by_time_also_when_the_clock_was_set_back(self):
        self.server.stop()
        self.server.start("--now", "2020-01-01T00:00:00Z")
        self.http = self.server.client()
        self.http.post("/streams/late-1", {"type": "noted", "data": {}})
        feed = [(e["position"], e["recordedtime"]) for e in all_events(self.http)]
        self.assertLess(feed[-1][1], feed[-2][1])
        first, last = feed[3][1], feed[-5][1]
        for query, is_of in ((f"?from={first}", lambda time: time >= first),
                             (f"?from={first}&to={last}", lambda time: first <= time <= last),
                             (f"?to={last}", lambda time: time <= last),
                             ("?to=2020-01-01", lambda time: time < "2020-01-02")):
            told = [e["position"] for e in self.events(query) if e["position"] <= feed[-1][0]]
            self.assertEqual(told, [at for at, time in feed if is_of(time)], query)

    def test_pages(self):
        head = all_events(self.http)[-1]["position"]
        whole = [e["position"] for e in self.events(f"?order=prereservation.reservation-1&to={head}")]
        paged, after = [], 0
        while after is not None:
            page = self.trail(f"?order=prereservation.reservation-1&to={head}&limit=4&after={after}")
            paged += [e["position"] for e in page.json()["events"]]
            after = page.json()["nextAfter"]
            self.assertEqual(page.headers["Yeyak-Next-After"], after and str(after))
        self.assertEqual(paged, whole)

    def test_every_form_says_the_same(self):
        head = all_events(self.http)[-1]["position"]
        query = f"?order=prereservation.reservation-1&to={head}"
        expected = [(str(e["position"]), e["what"], e["leafHash"]) for e in self.events(query)]
        table = self.trail(query, headers={"Accept": "text/csv"})
        self.assertTrue(table.headers["Content-Type"].startswith("text/csv"))
        rows = list(csv.DictReader(io.StringIO(table.body.decode(), newline="")))
        self.assertEqual([(r["position"], r["what"], r["leafHash"]) for r in rows], expected)
        page = self.trail(query, headers={"Accept": "text/html,*/*;q=0.8"}).body.decode()
        self.assertEqual(re.findall(r'<tr id="event-(\d+)">', page), [e[0] for e in expected])
        text = self.trail(query + "&format=table").body.decode()
        self.assertEqual(re.findall(r"^ +(\d+)  [a-z]", text, re.MULTILINE), [e[0] for e in expected])
        command = self.yeyak("--server", self.url, "--order", "prereservation.reservation-1",
                             "--to", str(head), "--format", "csv").stdout
        self.assertEqual([row["position"] for row in csv.DictReader(io.StringIO(command, newline=""))],
                         [e[0] for e in expected])

    def test_at_rest_it_says_the_same(self):
        head = all_events(self.http)[-1]["position"]
        served = self.yeyak("--server", self.url, "--to", str(head), "--actor", "kim").stdout
        beside = self.yeyak("--data", str(self.server.data), code=4)
        self.assertIn("--server", beside.stderr)
        self.assertEqual(beside.stdout, "")
        self.server.stop()
        self.assertEqual(self.yeyak("--data", str(self.server.data), "--to", str(head)).stdout, served)
        self.server.start()
        self.http = self.server.client()
        readings = self.events("?type=operations.trail_read.v1")
        self.assertEqual(len(readings), 2)
        self.assertEqual((readings[0]["actor"], readings[0]["from"]), ("kim", "127.0.0.1"))
        self.assertEqual(readings[1]["because"], ["command"])
        harness.verify_audit(self.server) if self.server.stop() is None else None


class Readings(TrailCase):
    def test_reading_about_a_person_needs_a_reason_and_is_shown_to_that_person(self):
        self.create()
        self.create({**harness.B1, "userId": "2"})
        self.problem(self.trail("?person=1", status=400), 400, "missing_reason", "reason")
        self.trail("?person=1&reason=dispute%204711", headers={"X-Actor": "kim"})
        self.trail("?order=prereservation.reservation-1&reason=by%20order", headers={"X-Actor": "lee"})
        self.trail("?order=prereservation.reservation-2&reason=another", headers={"X-Actor": "lee"})
        looked = self.events("?person=1&type=operations.*&reason=who%20looked")
        self.assertEqual([(e["actor"], e["reason"]) for e in looked],
                         [("kim", "dispute 4711"), ("lee", "by order")])
        self.assertEqual(looked[0]["data"]["filter"], "person=1")
        self.assertEqual(looked[0]["data"]["persons"], ["1", "prereservation/user:1"])

    def test_it_is_recorded_before_anything_is_sent(self):
        self.create()
        answer = self.trail("?order=prereservation.reservation-1", headers={"X-Actor": "kim"})
        recorded = answer.json()["recordedAs"]
        self.assertEqual(answer.position(), recorded)
        event = all_events(self.http, after=recorded - 1)[0]
        self.assertEqual((event["type"], event["actor"], event["data"]["events"]),
                         ("operations.trail_read.v1", "kim", answer.json()["count"]))

    def test_refusals(self):
        self.create()
        head = len(all_events(self.http))
        self.problem(self.trail("?colour=red", status=400), 400, "unknown_parameter", "colour")
        self.problem(self.trail("?from=soon", status=400), 400, "bad_parameter", "from")
        told = self.problem(self.trail("?colour=red&from=soon&limit=0&person=1", status=400), 400,
                            "unknown_parameter", "colour")
        self.assertEqual([error["field"] for error in told["errors"]],
                         ["colour", "limit", "from", "reason"])
        self.problem(self.trail("?order=shop.order-9", status=404), 404, "not_found", "order")
        self.problem(self.trail("?actor=%FF", status=400), 400, "bad_parameter", "actor")
        self.problem(self.trail("", status=406, headers={"Accept": "image/png"}), 406,
                     "not_acceptable")
        self.assertEqual(len(all_events(self.http)), head, "what was refused is no reading")

    def test_a_wide_reading_is_in_everybodys_trail(self):
        for user in range(1, 30):
            self.create({**harness.B1, "userId": str(user)})
        self.trail("?reason=all", headers={"X-Actor": "kim"})
        looked = self.events("?person=77&type=operations.*&reason=who")
        self.assertEqual([e["reason"] for e in looked], ["all"])
        self.assertTrue(looked[0]["data"]["morePersons"])


class Text(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text, self.open = [], "", []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "col", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes something else")

    def handle_data(self, data):
        self.text += data


class Hostile(TrailCase):
    def test_a_page_shows_texts_and_runs_nothing(self):
        self.create({**harness.B1, "userAddress": HOSTILE, "productName": "w" * 100})
        self.http.post("/streams/notes-" + quoted("<b>&"), {"type": "<i>", "data": {
            "<script>": HOSTILE, "reason": HOSTILE}, "actor": "'\"><img/src=x/onerror=alert(1)>"})
        page = self.trail("?format=html&reason=" + quoted("<script>"))
        read = Text()
        read.feed(page.body.decode())
        self.assertEqual(read.open, [])
        self.assertFalse({"script", "img", "b", "i", "link", "iframe"} & {t for t, _ in read.tags})
        self.assertFalse([name for _, attributes in read.tags for name in attributes
                          if name.startswith("on") or name in ("src", "href")])
        self.assertIn("<script>alert('x')</script> \\u{202e}gnp.exe", read.text)
        self.assertNotIn("\u202e", page.body.decode())
        rows = list(csv.DictReader(io.StringIO(
            self.trail("?format=csv").body.decode(), newline="")))
        for row in rows:
            for value in row.values():
                self.assertNotIn(value[:1], ("=", "+", "@", "\t"), row)
        exact = [e for e in self.events() if e["stream"].startswith("notes")][0]
        self.assertEqual(exact["data"]["<script>"], HOSTILE)

    def test_a_client_that_goes_away_leaves_a_record(self):
        self.create()
        client = self.server.client()
        client.connection.request("POST", "/audit/trail", headers={"X-Actor": "shy"})
        wait_for("the record", lambda: any(
            event["actor"] == "shy" for event in all_events(self.http, query="&type="
                                                            "operations.trail_read.v1")))
        client.close()
        self.create()


class Outage(TrailCase):
    def test_an_operators_help_belongs_to_the_order(self):
        set_context(self.http, "receipt", state="down")
        self.create()
        set_context(self.http, "receipt", state="up")
        wait_for("the receipt", lambda: any(
            e["type"].startswith("prereservation.receipt_issued") for e in all_events(self.http)))
        self.http.post("/sagas/prereservation.checkout-1/compensate", {"reason": "the shop closed"},
                       {"X-Actor": "operator:park"})
        helped = [e for e in self.events("?order=prereservation.reservation-1&actor=operator:park")]
        self.assertTrue(helped, "the order of the operator is there")
        self.assertIn("prereservation.checkout-1", [e["stream"] for e in helped])


if __name__ == "__main__":
    main()
