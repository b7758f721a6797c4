"""The outage matrix of the market, each row with an orderly life in between and with a kill -9; the
circuit breaker between reservation and product; and many people who want one product."""

import concurrent.futures
import time

from harness import Client, main, set_context, verify_audit, wait_for
from market_model import check_market
from market_test import MarketCase

LATER = ("잠시 후 다시 예약해 주세요", "please reserve later")


class OutageCase(MarketCase):
    def users(self, number, requests):
        """As many users at once, who want the products of `requests` in turn; all answers."""
        def one(mine):
            client = Client(self.server.port)
            answers = [client.post("/reservation", {"productId": str(product)})
                       for product in mine]
            client.close()
            return answers
        with concurrent.futures.ThreadPoolExecutor(number) as pool:
            done = list(pool.map(one, [requests[i::number] for i in range(number)]))
        return [answer for answers in done for answer in answers]

    def check_answers(self, answers):
        """Every 200 is in the log and nothing else is."""
        model = check_market(self.http)
        won = sorted(answer.json()["id"] for answer in answers if answer.status == 200)
        self.assertEqual(won, sorted(model.reservations))
        for answer in answers:
            self.assertIn(answer.status, (200, 409, 503), answer)
        return model


class Outages(OutageCase):
    kill = False

    def setUp(self):
        super().setUp()
        for name in ("Phone", "Tv", "Coffee", "Tea"):
            self.product(name, price=100)

    def stop(self, context):
        set_context(self.http, context, state="down")

    def bring_up(self, context, look=lambda: None):
        self.server.restart(self.kill)
        self.http = self.server.client()
        state = self.http.get("/actuator/contexts/" + context).json()["state"]
        self.assertEqual(state, "down", "a stopped context stays stopped over a restart")
        set_context(self.http, context, state="up")
        model = check_market(self.http)
        look()
        self.server.stop()
        verify_audit(self.server)
        return model

    def test_product(self):
        self.reserve(1)
        self.reserve(2)
        self.stop("product")
        head = self.last_event()
        for refused in (self.post("reservation", productId="3"), self.cancel(2),
                        self.post("product", productName="x"), self.http.get("/products"),
                        self.patch("productupdate", id=1, productName="x")):
            self.problem(refused, 503, "context_down")
            self.assertEqual(refused.headers["Retry-After"], "5")
        self.assertEqual(self.last_event(), head, "a refusal leaves nothing")
        self.done(self.pay(1))
        for view in ("reservations", "payments", "myPages"):
            self.assertEqual(len(self.rows(view)), 2, view)
        self.assertEqual(self.row("myPages", 1)["paymentStatus"], "02")
        model = self.bring_up("product")
        self.assertEqual([model.product_status(i) for i in (1, 2, 3)], ["soldOut", "02", "01"])

    def test_reservation(self):
        self.reserve(1)
        self.reserve(2)
        self.stop("market.reservation")
        head = self.last_event()
        for refused in (self.post("reservation", productId="3"), self.cancel(2),
                        self.http.get("/reservations")):
            self.problem(refused, 503, "context_down")
        self.assertEqual(self.last_event(), head, "a refusal leaves nothing")
        self.done(self.pay(1))
        self.assertEqual(self.product("Cake"), 5)
        model = self.bring_up("market.reservation")
        self.assertEqual([model.product_status(i) for i in (1, 2, 3)], ["soldOut", "02", "01"])

    def test_payment(self):
        self.reserve(1)
        self.done(self.pay(1))
        self.reserve(2)
        self.stop("market.payment")
        self.reserve(3)
        gone = self.reserve(4)
        for number in (1, 2, gone):
            self.done(self.cancel(number))
        self.problem(self.pay(3), 503, "context_down")
        self.problem(self.http.get("/payments"), 503, "context_down")
        self.assertEqual(self.statuses(), {1: "01", 2: "01", 3: "02", 4: "01"})
        model = self.bring_up("market.payment")
        self.assertEqual(model.bills, {1: "04", 2: "03", 3: "01", 4: "03"})
        self.assertEqual(model.money[1], 0)

    def test_my_page(self):
        self.reserve(1)
        self.stop("mypage")
        self.problem(self.http.get("/myPages"), 503, "context_down")
        self.problem(self.http.get("/myPages/1"), 503, "context_down")
        self.done(self.pay(1))
        self.reserve(2)
        self.done(self.cancel(2))
        model = self.bring_up("mypage")
        self.assertEqual(model.bills, {1: "02", 2: "03"})

    def test_notice(self):
        self.stop("notice")
        self.reserve(1)
        self.done(self.pay(1))
        self.done(self.cancel(1))
        self.assertEqual(self.row("myPages", 1)["reservationStatus"], "02")

        def told():
            page = self.http.get("/notices?status=delivered").json()
            return sorted(row["id"] for row in page["_embedded"]["notifications"])
        self.assertEqual(told(), [])
        wanted = ["market-cancelled-1", "market-paid-1", "market-reserved-1"]
        self.bring_up("notice", lambda: wait_for("the notices", lambda: told() == wanted))

    def test_everything_between_two_outages(self):
        self.stop("market.payment")
        self.reserve(1)
        self.reserve(2)
        self.stop("product")
        set_context(self.http, "market.payment", state="up")
        wait_for("the bills", lambda: len(self.rows("payments")) == 2)
        self.done(self.pay(1))
        model = self.bring_up("product")
        self.assertEqual([model.product_status(i) for i in (1, 2)], ["soldOut", "02"])


class OutagesWithKill(Outages):
    kill = True


class Breaker(OutageCase):
    flags = ("--calls-breaker-sleep-ms", "400")

    def breaker(self):
        found = self.http.get("/actuator/circuitbreakers").json()["circuitbreakers"]
        return next(one for one in found if one["context"] == "product")

    def test_a_hundred_users(self):
        """PRD-A14, PRD-N3, PRD-O2: the delay of the founding document; the breaker opens, people
        are asked to reserve later, and it closes again."""
        products = [self.product() for _ in range(50)]
        set_context(self.http, "product", delayMs=[400, 620])
        answers = self.users(100, products * 6)
        now = self.breaker()
        self.assertGreater(now["rejected"], 0, now)
        self.assertGreater(now["opened"], 0, now)
        shed = [answer for answer in answers if answer.status == 503]
        self.assertGreater(len(shed), 0)
        for answer in shed:
            self.assertEqual(answer.headers["Retry-After"], "5")
            self.assertIn(answer.json()["code"], ("bulkhead_full", "circuit_open", "timeout"))
            for text in LATER:
                self.assertIn(text, answer.json()["detail"])
        self.assertIn("bulkhead_full", self.server.log())
        self.assertIn("circuit_open", self.server.log())
        set_context(self.http, "product", delayMs=[])
        model = self.check_answers(answers)
        self.assertGreater(len(model.reservations), 0)

        def recovered():
            answers.append(self.post("reservation", productId="1"))
            return self.breaker()["state"] == "closed"
        wait_for("the breaker closes", recovered, 10, 0.2)
        self.check_answers(answers)

    def test_it_opens_by_failures_and_closes(self):
        self.product()
        set_context(self.http, "product", failRate=1)
        answers = [self.post("reservation", productId="1") for _ in range(25)]
        self.assertEqual({answer.json()["code"] for answer in answers},
                         {"failed", "circuit_open"}, answers[0])
        self.assertEqual(self.breaker()["state"], "open")
        set_context(self.http, "product", failRate=0)
        self.problem(self.cancel(1), 503, "circuit_open")
        time.sleep(0.45)
        self.problem(self.cancel(1), 404, "reservation_not_found")  # it got through
        self.assertEqual(self.breaker()["state"], "closed")
        self.reserve(1)
        check_market(self.http)

    def test_it_is_not_in_the_way_of_payments(self):
        self.product()
        self.reserve(1)
        set_context(self.http, "product", delayMs=[700, 700])
        self.problem(self.cancel(1), 503, "timeout")
        began = time.monotonic()
        self.done(self.pay(1))
        self.assertLess(time.monotonic() - began, 0.5)
        check_market(self.http)


class OneProduct(OutageCase):
    people = 200
    flags = ("--calls-bulkhead", "200")

    def test_exactly_one_wins(self):
        """PRD-N1, PRD-A10."""
        for product in range(1, 4):
            self.product()
            answers = self.users(self.people, [product] * self.people)
            codes = sorted(answer.status for answer in answers)
            self.assertEqual(codes, [200] + [409] * (self.people - 1))
        self.assertEqual(len(check_market(self.http).reservations), 3)

    def test_reserving_paying_and_cancelling_at_once(self):
        """Of a product that is freed again and again, one reservation at a time."""
        self.product("Phone", price=10)

        def person(number):
            client = Client(self.server.port)
            turns = 3
            while turns:
                reserved = client.post("/reservation", {"productId": 1})
                self.assertIn(reserved.status, (200, 409), reserved)
                if reserved.status != 200:
                    continue
                turns -= 1
                mine = {"id": reserved.json()["id"], "reservationStatus": "02"}
                if (number + turns) % 2:
                    paid = client.send("PATCH", "/paid", {"id": mine["id"]})
                    self.assertEqual(paid.status, 200, paid)
                answer = client.send("PATCH", "/reservationupdate", mine)
                self.assertEqual(answer.status, 200, answer)
            client.close()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            list(pool.map(person, range(16)))
        model = check_market(self.http)
        self.assertEqual(len(model.reservations), 16 * 3)
        self.assertEqual(sum(model.money.values()), 0)
        self.assertEqual(model.product_status(1), "01")
        self.server.stop()
        verify_audit(self.server)


class OneProductAndABulkhead(OutageCase):
    def test_at_most_one_wins(self):
        """With ten calls at once, as by default, some of the others are asked to come later."""
        self.product()
        answers = self.users(200, [1] * 200)
        self.assertEqual(sum(answer.status == 200 for answer in answers), 1)
        self.check_answers(answers)


if __name__ == "__main__":
    main()
