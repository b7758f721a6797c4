"""The acceptance tests of the market, with the requests of its founding document as HTTPie sends
them: every value is a text."""

import pathlib

from harness import CARD, MASKED_CARD, ServerCase, all_events, main, rows, set_context, wait_for
from market_model import check_market


class MarketCase(ServerCase):
    system = "market"
    prefix = ""

    def post(self, path, headers=None, **body):
        return self.http.post(f"{self.prefix}/{path}", body, headers)

    def patch(self, path, headers=None, **body):
        return self.http.send("PATCH", f"{self.prefix}/{path}", body, headers)

    def rows(self, view, query=""):
        return rows(self.http, view, query, self.prefix)

    def row(self, view, number):
        answer = self.http.get(f"{self.prefix}/{view}/{number}")
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def done(self, answer):
        """The founding document's PATCH: 200 and nothing else."""
        self.assertEqual((answer.status, answer.body), (200, b""), answer)
        return answer

    def product(self, name="Phone", **more):
        answer = self.post("product", productName=name, productStatus="01", **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["id"]

    def reserve(self, product, **more):
        answer = self.post("reservation", productId=str(product), reservationStatus="01", **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()["id"]

    def pay(self, number, headers=None, **more):
        return self.patch("paid", headers, id=str(number), paymentStatus="02", **more)

    def cancel(self, number, headers=None, **more):
        return self.patch("reservationupdate", headers, id=str(number), reservationStatus="02",
                          **more)

    def statuses(self):
        return {row["id"]: row["productStatus"] for row in self.rows("products")}

    def last_event(self):
        """Its position; what people are told comes when it comes, and does not count."""
        return [event["position"] for event in all_events(self.http)
                if not event["stream"].startswith("notification.")][-1]

    def check(self):
        return check_market(self.http, prefix=self.prefix)


class Acceptance(MarketCase):
    def test_the_founding_document_in_its_order(self):
        for number, name in enumerate(("Phone", "Tv", "Coffee"), 1):  # PRD-A1
            answer = self.post("product", productName=name, productStatus="01")
            self.assertEqual((answer.status, answer.headers["Content-Type"]),
                             (200, "application/json"), answer)
            told = answer.json()
            self.assertEqual((told["id"], told["productName"], told["productStatus"]),
                             (number, name, "01"))
        for number, product in ((1, 3), (2, 2)):  # PRD-A2
            answer = self.post("reservation", productId=str(product), reservationStatus="01")
            self.assertEqual(answer.status, 200, answer)
            told = answer.json()
            wanted = {"id": number, "reservationStatus": "01", "productId": product,
                      "type": "Reserved"}
            self.assertEqual({name: told[name] for name in wanted}, wanted)
        self.assertEqual(self.statuses(), {1: "01", 2: "02", 3: "02"})  # PRD-A3
        self.assertEqual([(row["id"], row["reservationId"], row["productId"], row["paymentStatus"])
                          for row in self.rows("payments")],
                         [(1, 1, 3, "01"), (2, 2, 2, "01")])  # PRD-A4
        self.done(self.patch("paid", id="1", reservationId="1", productId="3",
                             paymentStatus="02"))  # PRD-A5
        self.assertEqual((self.row("payments", 1)["paymentStatus"],
                          self.row("payments", 1)["type"]), ("02", "paid"))
        self.assertEqual(self.statuses(), {1: "01", 2: "02", 3: "soldOut"})  # PRD-A6
        self.done(self.patch("reservationupdate", id="2", productId="1",
                             reservationStatus="02"))  # PRD-A7
        reservation = self.row("reservations", 2)
        self.assertEqual((reservation["reservationStatus"], reservation["type"],
                          reservation["productId"]), ("02", "Cancled", 2))
        self.assertEqual(self.statuses(), {1: "01", 2: "01", 3: "soldOut"})  # PRD-A8
        self.check()
        mine = {row["reservationId"]: row for row in self.rows("myPages")}  # PRD-A9
        self.assertEqual((mine[1]["reservationStatus"], mine[1]["paymentStatus"],
                          mine[1]["productName"], mine[1]["paymentId"]), ("01", "02", "Coffee", 1))
        self.assertEqual((mine[2]["reservationStatus"], mine[2]["paymentStatus"]), ("02", "03"))
        for product in (3, 2):  # PRD-A10: soldOut, then reserved by somebody else
            if product == 2:
                self.reserve(2)
            head = self.last_event()
            refused = self.post("reservation", productId=product)
            self.problem(refused, 409, "product_not_available")
            self.assertEqual(self.last_event(), head)
        self.assertEqual(self.reserve(1), 4, "a refusal takes no number")
        self.check()

    def test_product_down(self):
        """PRD-A11, PRD-X2, PRD-X7."""
        self.product()
        self.product()
        self.reserve(1)
        set_context(self.http, "product", state="down")
        self.problem(self.post("reservation", productId="2"), 503, "context_down")
        self.problem(self.cancel(1), 503, "context_down")
        self.assertEqual(len(self.rows("payments")), 1)
        self.assertEqual(len(self.rows("reservations")), 1)
        self.done(self.pay(1))
        self.assertEqual(self.row("myPages", 1)["paymentStatus"], "02")
        set_context(self.http, "product", state="up")
        wait_for("the sale", lambda: self.statuses() == {1: "soldOut", 2: "01"})
        self.check()

    def test_reservation_down(self):
        """PRD-A12."""
        self.product()
        self.reserve(1)
        set_context(self.http, "market.reservation", state="down")
        self.done(self.pay(1))
        self.assertEqual(self.row("payments", 1)["paymentStatus"], "02")
        self.assertEqual(self.statuses(), {1: "soldOut"})
        set_context(self.http, "market.reservation", state="up")
        self.check()

    def test_notices(self):
        """PRD-A13: one for each change, also over an outage of the notices."""
        self.product("Coffee")
        set_context(self.http, "notice", state="down")
        self.reserve(1, customerId=7)
        self.done(self.pay(1))
        set_context(self.http, "notice", state="up")
        self.done(self.cancel(1))
        self.problem(self.cancel(1), 409, "reservation_cancelled")

        def told():
            answer = self.http.get(f"{self.prefix}/notices?sort=createdAt&recipient=user-7")
            self.assertEqual(answer.status, 200, answer)
            found = answer.json()["_embedded"]["notifications"]
            return found if [row["status"] for row in found] == ["delivered"] * 3 else None
        found = wait_for("three notices", told)
        self.assertEqual(sorted(row["kind"] for row in found), ["cancelled", "paid", "reserved"])
        self.assertIn("Coffee", found[0]["textKo"])
        link = found[0]["_links"]["self"]["href"]
        path = link.removeprefix(f"http://127.0.0.1:{self.server.port}")
        self.assertEqual(self.http.get(path).json()["id"], found[0]["id"])
        self.check()

    def test_singular_and_plural_paths(self):
        """PRD-X11."""
        self.assertEqual(self.post("products", productName="Phone").json()["id"], 1)
        self.assertEqual(self.post("reservations", productId=1).json()["id"], 1)
        self.check()


class UnderItsName(Acceptance):
    prefix = "/market"


class OnlyUnderItsName(Acceptance):
    prefix = "/market"
    system = None


class Rules(MarketCase):
    def test_a_cancel_gives_the_money_back(self):
        """PRD-X4."""
        self.product("Phone", price="1300000")
        self.reserve(1)
        self.done(self.pay(1, cardNo=CARD))
        row = self.row("payments", 1)
        self.assertEqual((row["price"], row["cardNo"], row["refunded"]), (1300000, MASKED_CARD, 0))
        self.done(self.cancel(1))
        self.assertEqual(self.statuses(), {1: "01"})
        model = self.check()
        self.assertEqual((model.bills[1], model.money[1]), ("04", 0))
        self.assertEqual(self.row("payments", 1)["refunded"], 1300000)
        self.problem(self.pay(1), 409, "reservation_cancelled")
        self.problem(self.cancel(1), 409, "reservation_cancelled")
        self.reserve(1)
        self.check()

    def test_paying_again(self):
        """PRD-X5: the same answer, no second charge."""
        self.product()
        self.reserve(1)
        self.done(self.pay(1))
        head = self.last_event()
        self.done(self.pay(1))
        self.done(self.patch("paid", reservationId=1))
        self.assertEqual(self.last_event(), head)
        self.check()

    def test_what_is_unknown(self):
        """PRD-X3."""
        self.problem(self.post("reservation", productId="1"), 404, "product_not_found")
        self.problem(self.cancel(1), 404, "reservation_not_found")
        self.problem(self.pay(1), 404, "payment_not_found")
        self.problem(self.patch("productupdate", id=1, productName="x"), 404, "product_not_found")
        self.product()
        self.reserve(1)
        self.problem(self.patch("paid", id=1, reservationId=2, paymentStatus="02"), 409,
                     "reservation_mismatch", "reservationId")
        self.assertEqual(self.http.get(self.prefix + "/products/2").status, 404)
        self.check()

    def test_nobody_sets_a_status(self):
        """PRD-X1, PRD-X6, ALL-X8."""
        self.problem(self.post("product", productName="x", productStatus="soldOut"), 422,
                     "invalid_value", "productStatus")
        self.product()
        self.problem(self.patch("productupdate", id="1", productStatus="02"), 422, "invalid_value",
                     "productStatus")
        self.problem(self.post("reservation", productId="1", reservationStatus="02"), 422,
                     "invalid_value", "reservationStatus")
        self.reserve(1)
        self.problem(self.patch("reservationupdate", id="1", reservationStatus="01"), 422,
                     "invalid_value", "reservationStatus")
        self.problem(self.patch("paid", id="1", paymentStatus="01"), 422, "invalid_value",
                     "paymentStatus")
        self.assertEqual(self.statuses(), {1: "02"})
        self.check()

    def test_what_does_not_fit(self):
        for body, status, field in (({}, 400, "productName"), ({"productName": ""}, 422,
                                                               "productName"),
                                    ({"productName": "x" * 101}, 422, "productName"),
                                    ({"productName": "x", "price": -1}, 422, "price"),
                                    ({"productName": "x", "price": "a"}, 400, "price"),
                                    ({"productName": "x", "sellerId": 0}, 422, "sellerId")):
            answer = self.post("product", **body)
            self.assertEqual((answer.status, answer.json().get("field")), (status, field), body)
        self.product()
        for path, body, status, field in (
                ("reservation", {}, 400, "productId"),
                ("reservation", {"productId": "1", "customerId": "0"}, 422, "customerId")):
            answer = self.post(path, **body)
            self.assertEqual((answer.status, answer.json().get("field")), (status, field), body)
        for path, body, status, field in (
                ("reservationupdate", {"reservationStatus": "02"}, 400, "id"),
                ("reservationupdate", {"id": 1}, 400, "reservationStatus"),
                ("paid", {"paymentStatus": "02"}, 400, "id"),
                ("paid", {"id": 1, "cardNo": "12"}, 422, "cardNo"),
                ("productupdate", {"id": 1}, 400, "productName"),
                ("productupdate", {"id": 1, "productName": ""}, 422, "productName"),
                ("productupdate", {"id": 1, "price": -1}, 422, "price")):
            answer = self.patch(path, **body)
            self.assertEqual((answer.status, answer.json().get("field")), (status, field), body)
        self.assertEqual(self.http.post("/product", '{"productId": "2",, }').status, 400)
        self.check()

    def test_an_edit(self):
        self.product("Phone", price=10)
        self.reserve(1)
        self.done(self.patch("productupdate", id="1", productName="Smart phone", price="20"))
        row = self.row("products", 1)
        self.assertEqual((row["productName"], row["price"], row["productStatus"]),
                         ("Smart phone", 20, "02"))
        self.assertEqual(self.row("myPages", 1)["productName"], "Phone")
        self.done(self.pay(1))
        self.assertEqual(self.check().money[1], 10)

    def test_lists(self):
        """PRD-X12, SH-19."""
        for seller in (1, 2, 1):
            self.product("Phone", sellerId=seller)
        self.reserve(1, customerId="7")
        self.reserve(2, customerId="8")
        self.done(self.pay(2))
        found = lambda view, query: [row["id"] for row in self.rows(view, query)]
        self.assertEqual(found("products", "&sellerId=1"), [1, 3])
        self.assertEqual(found("products", "&productStatus=soldOut"), [2])
        self.assertEqual(found("reservations", "&customerId=7"), [1])
        self.assertEqual(found("payments", "&paymentStatus=02"), [2])
        self.assertEqual(found("myPages", "&customerId=8&paymentStatus=02"), [2])
        self.assertEqual(found("myPages", "&sort=id,desc"), [2, 1])
        self.problem(self.http.get("/myPages?nobody=1"), 400, "unknown_parameter")

    def test_an_operator_undoes_a_purchase(self):
        self.product(price=10)
        self.reserve(1)
        self.done(self.pay(1))
        saga = self.http.get("/sagas/market.purchase-1").json()
        self.assertEqual((saga["status"], saga["state"], saga["retry"]),
                         ("ended", "completed", None))
        self.assertEqual(saga["compensate"]["sends"],
                         ["market.cancel_reservation -> market.reservation-1"])
        ordered = self.http.post("/sagas/market.purchase-1/compensate", None, {"X-Actor": "kim"})
        self.assertEqual(ordered.status, 200, ordered)
        model = self.check()
        self.assertEqual((model.reservations[1]["reason"], model.bills[1], model.money[1],
                          self.statuses()), ("operator_request", "04", 0, {1: "01"}))

    def test_the_card_number_is_nowhere(self):
        card = "9410-1177-2288-6655"
        self.product()
        self.reserve(1)
        self.done(self.pay(1, cardNo=card))
        seen = b"".join(self.http.get(path).body for path in
                        ("/events?limit=1000", "/payments", "/myPages", "/reservations"))
        self.assertIn(b"9410-1177-****-6655", seen)
        self.server.stop()
        for file in self.server.home.rglob("*"):
            if file.is_file():
                seen += file.read_bytes()
        for written in (card, card.replace("-", "")):
            self.assertNotIn(written.encode(), seen)

    def test_repeats(self):
        """SH-1: one key is one effect and one answer, also over restarts."""
        self.product()
        self.product()
        key = {"Idempotency-Key": "k"}
        first = self.post("reservation", key, productId="1")
        for kill in (None, False, True):
            if kill is not None:
                self.server.restart(kill)
                self.http = self.server.client()
            again = self.post("reservation", key, productId="1")
            self.assertEqual((again.status, again.body), (200, first.body))
            self.assertEqual(again.headers["Idempotent-Replayed"], "true")
            self.problem(self.post("reservation", key, productId="2"), 422,
                         "idempotency_key_reused")
            self.assertEqual(self.done(self.pay(1, key)).headers["Idempotent-Replayed"],
                             None if kill is None else "true")
        self.done(self.cancel(1, key))
        self.done(self.cancel(1, key))
        self.done(self.pay(1, key))
        self.assertEqual(self.post("reservation", key, productId="1").body, first.body,
                         "still the answer of that time")
        self.check()


class Documentation(MarketCase):
    """docs/systems/market.md names every path; docs_test.py proves the rest of it."""

    root = pathlib.Path(__file__).resolve().parents[2]

    def setUp(self):
        super().setUp()
        self.page = (self.root / "docs/systems/market.md").read_text()

    def test_it_names_every_path(self):
        paths = self.http.get("/openapi.json").json()["paths"]
        mine = {path for path, operations in paths.items()
                if any(one["tags"] == ["market"] for one in operations.values())}
        self.assertGreater(len(mine), 10)
        self.assertEqual({path for path in mine
                          if path.removeprefix("/market").split("/{")[0] not in self.page}, set())

    def test_the_description_has_the_founding_requests(self):
        paths = self.http.get("/openapi.json").json()["paths"]
        example = lambda path, method: \
            paths[path][method]["requestBody"]["content"]["application/json"]["example"]
        self.assertEqual(example("/product", "post"),
                         {"productName": "Phone", "productStatus": "01"})
        self.assertEqual(example("/reservation", "post"),
                         {"productId": "3", "reservationStatus": "01"})
        self.assertEqual(example("/paid", "patch"), {"id": 1, "reservationId": 1, "productId": 3,
                                                     "paymentStatus": "02"})
        self.assertEqual(example("/reservationupdate", "patch"),
                         {"id": 2, "productId": 1, "reservationStatus": "02"})


class Money(MarketCase):
    flags = ("--reply-timeout-ms", "400")

    def setUp(self):
        super().setUp()
        self.product("Phone", price=1000)
        self.reserve(1)

    def test_a_declined_card_can_be_followed_by_another(self):
        set_context(self.http, "market.payment", declineRate=1)
        key = {"Idempotency-Key": "first"}
        self.problem(self.pay(1), 402, "payment_declined")
        self.problem(self.pay(1, key), 402, "payment_declined")
        self.assertEqual(self.row("payments", 1)["paymentStatus"], "01")
        set_context(self.http, "market.payment", declineRate=0)
        self.problem(self.pay(1, key), 402, "payment_declined")
        self.done(self.pay(1))
        model = self.check()
        self.assertEqual((model.bills[1], model.money[1]), ("02", 1000))
        self.assertEqual(model.charges, {"market-1-3": 1})

    def test_a_payment_that_fails_can_be_tried_again(self):
        set_context(self.http, "market.payment", failRate=1)
        refused = self.pay(1)
        self.problem(refused, 503, "payment_unavailable")
        self.assertEqual(refused.headers["Retry-After"], "5")
        set_context(self.http, "market.payment", failRate=0)
        self.done(self.pay(1))
        self.check()

    def test_an_unknown_outcome_is_found_out(self):
        """SH-2."""
        set_context(self.http, "market.payment", loseRate=1)
        waiting = self.pay(1)
        self.assertEqual((waiting.status, waiting.json()["paymentStatus"]), (202, "01"), waiting)
        self.assertEqual(waiting.headers["Location"],
                         f"http://127.0.0.1:{self.server.port}/payments/1")
        set_context(self.http, "market.payment", loseRate=0)
        wait_for("the outcome", lambda: self.row("payments", 1)["paymentStatus"] == "02")
        self.done(self.pay(1))
        self.assertEqual(self.check().money[1], 1000)

    def test_a_cancel_while_the_outcome_is_unknown(self):
        set_context(self.http, "market.payment", loseRate=1)
        self.assertEqual(self.pay(1).status, 202)
        self.done(self.cancel(1))
        self.assertEqual(self.statuses(), {1: "01"})
        set_context(self.http, "market.payment", loseRate=0)
        model = self.check()
        self.assertEqual((model.bills[1], model.money[1]), ("04", 0))


class Expiry(MarketCase):
    """SH-4."""
    flags = ("--market-reservation-ttl-s", "2")

    def test_what_is_not_paid_expires(self):
        for kill in (None, False, True):
            self.product()
            number = self.reserve(self.rows("products")[-1]["id"])
            if kill is not None:
                self.server.restart(kill)
                self.http = self.server.client()
            wait_for("the expiry",
                     lambda: self.row("reservations", number)["reservationStatus"] == "02")
            row = self.row("reservations", number)
            self.assertEqual(row["cancelReason"], "expired")
            self.problem(self.pay(number), 409, "reservation_cancelled")
        self.product()
        kept = self.reserve(4)
        self.done(self.pay(kept))
        wait_for("all others", lambda: self.statuses() ==
                 {1: "01", 2: "01", 3: "01", 4: "soldOut"})
        self.check()


if __name__ == "__main__":
    main()
