"""The outage matrix of the phone shop, each cell with an orderly life in between and with a kill -9,
and its row of the table of delays and failures (PHN-A12, PHN-O2)."""

import concurrent.futures
import time

from harness import Client, ServerCase, main, rows, set_context, wait_for
from phoneshop_model import check_shop, quiet_shop, read_shop

ABC123 = {"item": "abc123", "qty": 3, "price": 1000}
OVERLOADED = "결제 서비스 과부하"


class OutageCase(ServerCase):
    system = "phoneshop"
    flags = ("--phoneshop-shipping-delay-ms", "20", "--calls-breaker-sleep-ms", "400")

    def order(self, status=201):
        answer = self.http.post("/orders", ABC123)
        self.assertEqual(answer.status, status, answer)
        return answer.json()["id"]

    def stop(self, context):
        set_context(self.http, context, state="down")

    def breaker(self):
        found = self.http.get("/actuator/circuitbreakers").json()["circuitbreakers"]
        return next(one for one in found if one["context"] == "pay")

    def not_ordered(self, answer, code):
        told = self.problem(answer, 503, code)
        self.assertEqual(answer.headers["Retry-After"], "5")
        self.assertIn(OVERLOADED, told["detail"])
        self.assertIn("payment service overloaded", told["detail"])
        return told["id"]

    def users(self, number, requests):
        """As many users at once, each with its share of the requests; all answers."""
        def one(share):
            client = Client(self.server.port)
            answers = [client.post("/orders", ABC123) for _ in range(share)]
            client.close()
            return answers
        with concurrent.futures.ThreadPoolExecutor(number) as pool:
            done = list(pool.map(one, [requests // number] * number))
        return [answer for answers in done for answer in answers]

    def check_answers(self, answers):
        """Admitted means done: every 201 ships and is paid for; every other left no order."""
        shop = check_shop(self.http, 60)
        for answer in answers:
            self.assertIn(answer.status, (201, 402, 503), answer)
            number = answer.json()["id"]
            self.assertEqual(shop.status(number),
                             "Shipped" if answer.status == 201 else "OrderRejected", answer)
        self.assertEqual(len(shop.orders), len(answers))
        return shop


class Outages(OutageCase):
    kill = False

    def again(self):
        self.server.restart(self.kill)
        self.http = self.server.client()

    def bring_up(self, context):
        self.again()
        state = self.http.get("/actuator/contexts/" + context).json()["state"]
        self.assertEqual(state, "down", "a stopped context stays stopped over a restart")
        set_context(self.http, context, state="up")
        return check_shop(self.http)

    def test_pay(self):
        """Reads and cancel work, orders fail, the refund catches up."""
        shipped = self.order()
        quiet_shop(self.http)
        self.stop("store")
        cancelled = self.order()
        self.stop("pay")
        failed = self.not_ordered(self.http.post("/orders", ABC123), "payment_unavailable")
        self.assertEqual({row["id"] for row in rows(self.http, "orders")}, {shipped, cancelled})
        self.assertEqual(len(rows(self.http, "customers")), 2)
        self.problem(self.http.get("/payments"), 503, "context_down")
        self.assertEqual(self.http.delete(f"/orders/{cancelled}").status, 204)
        for path in ("orders", "customers"):
            row = self.http.get(f"/{path}/{cancelled}").json()
            self.assertEqual(row["status"], "OrderCancelled")
        set_context(self.http, "store", state="up")
        shop = self.bring_up("pay")
        self.assertEqual(shop.with_status("Shipped"), {shipped})
        self.assertEqual(shop.with_status("PayCancelled"), {cancelled})
        self.assertEqual(shop.with_status("OrderRejected"), {failed})
        self.assertEqual(shop.paid[cancelled]["refunded"], 1000)
        self.order()
        check_shop(self.http)

    def test_store(self):
        """Orders, payments and cancels go on; shipping catches up. What was cancelled stays."""
        self.order()
        quiet_shop(self.http)
        self.stop("store")
        waiting, gone = self.order(), self.order()
        self.problem(self.http.get("/storeManages"), 503, "context_down")
        self.problem(self.http.post("/storeManages", {"orderId": 1}), 503, "context_down")
        self.assertEqual(self.http.delete(f"/orders/{gone}").status, 204)
        self.assertEqual(self.http.get(f"/orders/{waiting}").json()["status"], "Payed")
        wait_for("the refund", lambda: self.http.get(f"/orders/{gone}").json()["status"] ==
                 "PayCancelled")
        shop = self.bring_up("store")
        self.assertEqual(shop.with_status("Shipped"), {1, waiting})
        self.assertEqual(shop.with_status("PayCancelled"), {gone})
        self.assertEqual(shop.stores[gone], "stopped")

    def test_customer(self):
        """Everything but the view goes on, and the view catches up."""
        self.order()
        quiet_shop(self.http)
        self.stop("customer")
        for path in ("/customers", "/customers/1", "/customers?consistency=eventual"):
            refused = self.http.get(path)
            self.problem(refused, 503, "context_down")
            self.assertEqual(refused.headers["Retry-After"], "5")
        number = self.order()
        wait_for("it ships", lambda: self.http.get(f"/orders/{number}").json()["status"] ==
                 "Shipped")
        self.assertEqual(self.http.get(f"/payments/{number}").json()["process"], "Payed")
        self.stop("store")
        gone = self.order()
        self.assertEqual(self.http.delete(f"/orders/{gone}").status, 204)
        set_context(self.http, "store", state="up")
        self.assertEqual(self.bring_up("customer").with_status("PayCancelled"), {gone})

    def test_app(self):
        """Orders and cancels are refused and leave nothing; what the store did is heard later."""
        self.stop("store")
        number = self.order()
        self.stop("app")
        head = read_shop(self.http).position
        keyed = {"Idempotency-Key": "during-the-outage"}
        self.problem(self.http.post("/orders", ABC123, keyed), 503, "context_down")
        self.problem(self.http.delete(f"/orders/{number}"), 503, "context_down")
        self.problem(self.http.get("/orders"), 503, "context_down")
        self.assertEqual(read_shop(self.http).position, head, "it left something")
        set_context(self.http, "store", state="up")
        wait_for("the parcel is packed", lambda: read_shop(self.http).stores.get(number) ==
                 "packed")
        self.assertEqual(len(rows(self.http, "customers")), 1)
        shop = self.bring_up("app")
        self.assertEqual(shop.with_status("Shipped"), {number})
        self.assertEqual(self.http.post("/orders", ABC123, keyed).status, 201)


class OutagesWithKill(Outages):
    kill = True


class Injection(OutageCase):
    def test_a_hundred_users_and_the_delay_of_the_founding_document(self):
        """PHN-A12: ten calls at once; the breaker opens, sheds, and lets orders in again."""
        set_context(self.http, "pay", delayMs=[400, 620])
        answers = self.users(100, 300)
        self.assertEqual({answer.status for answer in answers}, {201, 503})
        now = self.breaker()
        self.assertGreater(now["rejected"], 0, now)
        self.assertGreater(now["opened"], 0, now)
        self.assertGreater(now["shortCircuited"], 0, now)
        for answer in answers:
            if answer.status == 503:
                self.assertIn(OVERLOADED, answer.json()["detail"])
        set_context(self.http, "pay", delayMs=[])
        shop = self.check_answers(answers)
        self.assertGreater(len(shop.live()), 0)
        for reason in ("bulkhead_full", "circuit_open"):
            self.assertIn(reason, self.server.log())
        wait_for("orders are taken again", self.recovered, 10, 0.2)
        check_shop(self.http)

    def recovered(self):
        taken = self.http.post("/orders", ABC123).status == 201
        return taken and self.breaker()["state"] == "closed"

    def test_too_late_PHN_X4(self):
        """The charges were made all the same: they are found, and refunded."""
        set_context(self.http, "pay", delayMs=[630, 700])  # its limit is 610
        answers = self.users(5, 5)
        for answer in answers:
            self.not_ordered(answer, "payment_timeout")
        set_context(self.http, "pay", delayMs=[])
        shop = self.check_answers(answers)
        self.assertEqual(sum(paid["captured"] or 0 for paid in shop.paid.values()), 5000)
        self.assertGreaterEqual(self.breaker()["timedOut"], 5)

    def test_in_time(self):
        set_context(self.http, "pay", delayMs=[400, 590])
        answers = self.users(2, 6)
        self.assertEqual({answer.status for answer in answers}, {201})
        self.check_answers(answers)

    def test_too_late_and_then_killed(self):
        set_context(self.http, "pay", delayMs=[630, 700])
        answers = self.users(5, 5)
        self.server.restart(kill=True)
        self.http = self.server.client()
        set_context(self.http, "pay", delayMs=[])
        self.check_answers(answers)

    def test_the_breaker_opens_and_closes(self):
        set_context(self.http, "pay", failRate=1)
        answers = [self.http.post("/orders", ABC123) for _ in range(30)]
        for answer in answers:
            self.not_ordered(answer, "payment_unavailable")
        now = self.breaker()
        self.assertEqual((now["state"], now["opened"], now["failed"]), ("open", 1, 20), now)
        set_context(self.http, "pay", failRate=0)
        answers.append(self.http.post("/orders", ABC123))
        self.not_ordered(answers[-1], "payment_unavailable")
        time.sleep(0.45)
        answers.append(self.http.post("/orders", ABC123))
        self.assertEqual((answers[-1].status, self.breaker()["state"]), (201, "closed"))
        self.check_answers(answers)

    def test_a_mixture(self):
        set_context(self.http, "pay", failRate=0.2, loseRate=0.1, declineRate=0.2)
        answers = self.users(8, 64)
        set_context(self.http, "pay", failRate=0, loseRate=0, declineRate=0)
        self.check_answers(answers)
        self.assertGreaterEqual(len({answer.status for answer in answers}), 2)

    def test_declined(self):
        set_context(self.http, "pay", declineRate=1)
        answers = [self.http.post("/orders", ABC123) for _ in range(25)]
        for answer in answers:
            self.problem(answer, 402, "payment_declined")
        self.assertEqual(self.breaker()["state"], "closed", "a declined card is no failure")
        set_context(self.http, "pay", declineRate=0)
        answers.append(self.http.post("/orders", ABC123))
        self.check_answers(answers)


if __name__ == "__main__":
    main()
