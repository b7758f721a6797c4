"""The outage matrix of smartphone pre-reservation, and the delays and failures of its payment desk.
Every outage is tried with an orderly life in between and with a kill -9."""

import concurrent.futures
import time

from harness import B1, Client, ServerCase, main, rows, set_context, wait_for
from model import check_all, check_views, quiet

OVERLOADED = "결제 서비스 과부화"


def breaker(http):
    found = http.get("/actuator/circuitbreakers").json()["circuitbreakers"]
    return next(one for one in found if one["context"] == "payment")


class OutageCase(ServerCase):
    def not_reserved(self, answer, status, code):
        self.assertEqual((answer.status, answer.headers["Content-Type"]),
                         (status, "application/problem+json"), answer)
        self.assertEqual(answer.headers["Retry-After"], "5" if status == 503 else None)
        told = answer.json()
        self.assertEqual((told["code"], told["status"]), (code, "reservation_cancelled"))
        if status == 503:
            self.assertIn(OVERLOADED, told["detail"])
        return told["id"]

    def users(self, number, requests):
        """As many users at once, each with its share of the requests; all answers."""
        def one(share):
            client = Client(self.server.port)
            answers = [client.post("/preReservations", B1) for _ in range(share)]
            client.close()
            return answers
        with concurrent.futures.ThreadPoolExecutor(number) as pool:
            done = list(pool.map(one, [requests // number] * number))
        return [answer for answers in done for answer in answers]

    def check_answers(self, answers):
        """Every 201 lives, is paid and has a receipt; every refusal is cancelled without money."""
        model = check_all(self.http, 60)
        for answer in answers:
            self.assertIn(answer.status, (201, 402, 503), answer)
            number = answer.json()["id"]
            self.assertEqual(number in model.live(), answer.status == 201, answer)
        self.assertEqual(len(model.reservations), len(answers))
        self.assertEqual(len(model.live()), sum(a.status == 201 for a in answers))
        return model


class Outages(OutageCase):
    kill = False

    def again(self):
        """Another life of the server, in the middle of the outage."""
        self.server.restart(self.kill)
        self.http = self.server.client()

    def stop(self, context):
        set_context(self.http, context, state="down")

    def bring_up(self, context):
        self.again()
        state = self.http.get("/actuator/contexts/" + context).json()["state"]
        self.assertEqual(state, "down", "a stopped context stays stopped over a restart")
        set_context(self.http, context, state="up")
        return check_all(self.http)

    def test_payment(self):
        kept, cancelled = (self.create().json()["id"] for _ in range(2))
        quiet(self.http)
        self.stop("payment")
        failed = self.not_reserved(self.http.post("/preReservations", B1), 503,
                                   "payment_unavailable")
        self.assertEqual({row["id"] for row in rows(self.http, "preReservations")},
                         {kept, cancelled})
        self.assertEqual(len(rows(self.http, "receipts")), 2)
        self.problem(self.http.get("/payments"), 503, "context_down")
        self.assertEqual(self.http.delete(f"/preReservations/{cancelled}").status, 204)
        status = {row["id"]: row["status"] for row in rows(self.http, "myReservations")}
        self.assertEqual(status[failed], "reservation_cancelled")
        self.assertEqual(status[kept], "receipt_issued")
        model = self.bring_up("payment")
        self.assertEqual(model.live(), {kept})
        refunded = [(p["captured"], p["refunded"]) for i, p in sorted(model.payments.items())
                    if i == cancelled]
        self.assertEqual(refunded, [(1300000, 1300000)])
        self.create()

    def test_receipt(self):
        issued = self.create().json()["id"]
        quiet(self.http)
        self.stop("receipt")
        waiting, gone = (self.create().json()["id"] for _ in range(2))
        self.problem(self.http.get("/receipts"), 503, "context_down")
        for number in (issued, gone):
            self.assertEqual(self.http.delete(f"/preReservations/{number}").status, 204)
        self.assertEqual(self.http.get(f"/myReservations/{waiting}").json()["status"], "paid")
        wait_for("the refunds", lambda: len(rows(self.http, "payments")) == 1)
        model = self.bring_up("receipt")
        self.assertEqual(model.live(), {waiting})
        self.assertEqual({i for i, r in model.receipts.items() if r["state"] == "issued"},
                         {waiting})

    def test_myreservation(self):
        seen = self.create()
        self.assertEqual(self.http.get(f"/myReservations?minPosition={seen.position()}").status,
                         200)
        self.stop("myreservation")
        for path in ("/myReservations", "/myReservations/1",
                     "/myReservations?consistency=eventual"):
            refused = self.http.get(path)
            self.problem(refused, 503, "context_down")
            self.assertEqual(refused.headers["Retry-After"], "5")
        created = self.create()
        number = created.json()["id"]
        for view in ("preReservations", "payments"):
            answer = self.http.get(f"/{view}/{number}?minPosition={created.position()}")
            self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.http.delete("/preReservations/1").status, 204)
        model = self.bring_up("myreservation")
        self.assertEqual(model.live(), {number})

    def test_prereservation(self):
        number = self.create().json()["id"]
        quiet(self.http)
        self.stop("prereservation")
        head = self.http.get("/events?limit=1").json()["head"]
        keyed = {"Idempotency-Key": "during-the-outage"}
        self.problem(self.http.post("/preReservations", B1, keyed), 503, "context_down")
        self.problem(self.http.delete(f"/preReservations/{number}"), 503, "context_down")
        self.problem(self.http.get("/preReservations"), 503, "context_down")
        self.assertEqual(len(rows(self.http, "payments")), 1)
        self.assertEqual(len(rows(self.http, "myReservations")), 1)
        self.assertEqual(self.http.get("/events?limit=1").json()["head"], head, "it left something")
        model = self.bring_up("prereservation")
        self.assertEqual(model.live(), {number})
        self.create(headers=keyed)  # an outage is no answer that a key would keep

    def test_everything_but_the_reservations(self):
        for context in ("receipt", "myreservation"):
            self.stop(context)
        numbers = [self.create().json()["id"] for _ in range(5)]
        self.http.delete(f"/preReservations/{numbers[0]}")
        self.again()
        set_context(self.http, "myreservation", state="up")
        self.again()
        set_context(self.http, "receipt", state="up")
        self.assertEqual(check_all(self.http).live(), set(numbers[1:]))


class OutagesWithKill(Outages):
    kill = True


class Injection(OutageCase):
    flags = ("--calls-breaker-sleep-ms", "400")

    def test_two_users_and_the_delay_of_the_founding_document(self):
        set_context(self.http, "payment", delayMs=[400, 620])
        began = time.monotonic()
        answers = self.users(2, 12)
        self.assertGreater(time.monotonic() - began, 6 * 0.4)
        self.check_answers(answers)
        self.assertGreaterEqual(sum(a.status == 201 for a in answers), 9, "time-outs are rare")
        self.assertEqual(breaker(self.http)["state"], "closed")

    def test_every_answer_is_too_late(self):
        """The charges were made all the same: they are found, and refunded."""
        set_context(self.http, "payment", delayMs=[700, 800])
        answers = self.users(5, 5)
        for answer in answers:
            self.not_reserved(answer, 503, "payment_timeout")
        set_context(self.http, "payment", delayMs=[])
        model = self.check_answers(answers)
        self.assertEqual(rows(self.http, "payments"), [])
        undone = rows(self.http, "payments", "&includeCancelled=true")
        self.assertEqual([row["status"] for row in undone], ["payment_cancelled"] * 5)
        self.assertEqual([row["refunded"] for row in undone], [1300000] * 5)
        self.assertEqual(sum(p["captured"] for p in model.payments.values()), 5 * 1300000)
        self.assertGreaterEqual(breaker(self.http)["timedOut"], 5)

    def test_too_late_and_then_killed(self):
        set_context(self.http, "payment", delayMs=[700, 800])
        answers = self.users(5, 5)
        self.server.restart(kill=True)
        self.http = self.server.client()
        set_context(self.http, "payment", delayMs=[])
        self.check_answers(answers)
        status = {row["status"] for row in rows(self.http, "payments", "&includeCancelled=true")}
        self.assertLessEqual(status, {"payment_cancelled", "payment_failed"})

    def test_the_breaker_opens_and_closes(self):
        set_context(self.http, "payment", failRate=1)
        answers = [self.http.post("/preReservations", B1) for _ in range(30)]
        for answer in answers:
            self.not_reserved(answer, 503, "payment_unavailable")
        now = breaker(self.http)
        self.assertEqual((now["state"], now["opened"], now["failed"]), ("open", 1, 20), now)
        self.assertGreaterEqual(now["shortCircuited"], 10, now)
        self.assertIn(OVERLOADED, self.server.log())
        self.assertIn("circuit_open", self.server.log())
        time.sleep(0.45)
        answers.append(self.http.post("/preReservations", B1))  # the trial fails: open again
        self.assertEqual((breaker(self.http)["state"], breaker(self.http)["opened"]), ("open", 2))
        set_context(self.http, "payment", failRate=0)
        answers.append(self.http.post("/preReservations", B1))
        self.not_reserved(answers[-1], 503, "payment_unavailable")
        time.sleep(0.45)
        answers.append(self.create())
        self.assertEqual(breaker(self.http)["state"], "closed")
        told = [(step["from"], step["to"]) for step in breaker(self.http)["transitions"]]
        self.assertEqual(told, [("closed", "open"), ("open", "half_open"), ("half_open", "open"),
                                ("open", "half_open"), ("half_open", "closed")])
        answers += [self.create() for _ in range(3)]
        self.check_answers(answers)

    def test_lost_answers(self):
        set_context(self.http, "payment", loseRate=1)
        answers = self.users(4, 4)
        for answer in answers:
            self.not_reserved(answer, 503, "payment_timeout")
        set_context(self.http, "payment", loseRate=0)
        model = self.check_answers(answers)
        self.assertEqual(sum(p["refunded"] for p in model.payments.values()), 4 * 1300000)

    def test_declined(self):
        set_context(self.http, "payment", declineRate=1)
        answers = [self.http.post("/preReservations", B1) for _ in range(25)]
        for answer in answers:
            self.not_reserved(answer, 402, "payment_declined")
        self.assertEqual(breaker(self.http)["state"], "closed", "a declined card is no failure")
        set_context(self.http, "payment", declineRate=0)
        answers.append(self.create())
        self.check_answers(answers)
        undone = rows(self.http, "payments", "&includeCancelled=true")
        self.assertEqual([row["status"] for row in undone], ["payment_declined"] * 25 + ["paid"])

    def test_a_mixture(self):
        set_context(self.http, "payment", failRate=0.2, loseRate=0.1, declineRate=0.2)
        answers = self.users(8, 64)
        set_context(self.http, "payment", failRate=0, loseRate=0, declineRate=0)
        self.check_answers(answers)
        self.assertGreaterEqual(len({answer.status for answer in answers}), 2)

    def test_a_hundred_users(self):
        """The bulkhead holds ten calls; the others are shed, and all that was promised is kept."""
        set_context(self.http, "payment", delayMs=[400, 620])
        answers = self.users(100, 300)
        now = breaker(self.http)
        self.assertGreater(now["rejected"], 0, now)
        self.assertGreater(now["opened"], 0, now)
        set_context(self.http, "payment", delayMs=[])
        model = self.check_answers(answers)
        self.assertIn("bulkhead_full", self.server.log())
        self.assertGreater(len(model.live()), 0)
        wait_for("the breaker closes", lambda: self.recovered(), 10, 0.2)
        check_views(self.http, quiet(self.http))

    def recovered(self):
        self.http.post("/preReservations", B1)
        return breaker(self.http)["state"] == "closed"

    def test_settings_are_checked(self):
        for setting, field in (({"failRate": 1.01}, "failRate"), ({"failRate": -0.01}, "failRate"),
                               ({"loseRate": 2}, "loseRate"), ({"declineRate": -1}, "declineRate"),
                               ({"delayMs": [5]}, "delayMs"), ({"delayMs": [5, 4]}, "delayMs"),
                               ({"delayMs": [0, 60001]}, "delayMs"),
                               ({"delayMs": [-1, 5]}, "delayMs")):
            self.problem(self.http.put("/actuator/contexts/payment", setting), 422, "invalid_value",
                         field)
        for setting in ({"state": "off"}, {"state": 1}, {"delayMs": "1"}, {"failRate": "x"}):
            self.assertEqual(self.http.put("/actuator/contexts/payment", setting).status, 400,
                             setting)
        self.problem(self.http.put("/actuator/contexts/payment", {}), 422, "nothing_to_change")
        self.problem(self.http.put("/actuator/contexts/nobody", {"state": "up"}), 404,
                     "no_such_context")
        self.problem(self.http.get("/actuator/contexts/nobody"), 404, "no_such_context")
        self.assertEqual(set_context(self.http, "payment", delayMs=[0, 60000])["delayMs"],
                         [0, 60000])
        listed = self.http.get("/actuator/contexts").json()["contexts"]
        names = {one["context"] for one in listed}
        self.assertLessEqual({"prereservation", "payment", "receipt", "myreservation"}, names)


if __name__ == "__main__":
    main()
