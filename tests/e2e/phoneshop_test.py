"""The acceptance tests of the phone shop, with the bodies of its founding document."""

import concurrent.futures
import subprocess

import harness
from harness import (CARD, MASKED_CARD, Client, ServerCase, all_events, main, rows,
                     set_context, verify_audit, wait_for)
from phoneshop_model import VIEWS, check_shop, quiet_shop, read_shop

NOTE21 = {"item": "note21", "qty": "2"}
WHOLE = {"item": "갤럭시 노트21", "qty": 1, "price": "1200000", "store": "강남점",
         "address": "seoul", "cardNo": CARD, "status": "ignored"}


class ShopCase(ServerCase):
    system = "phoneshop"
    prefix = ""
    flags = ("--phoneshop-shipping-delay-ms", "20")

    def path(self, rest):
        return self.prefix + rest

    def link(self, rest):
        return f"http://127.0.0.1:{self.server.port}{self.path(rest)}"

    def order(self, body=None, headers=None, status=201):
        answer = self.http.post(self.path("/orders"), body or NOTE21, headers)
        self.assertEqual(answer.status, status, answer)
        return answer

    def read(self, rest, status=200):
        answer = self.http.get(self.path(rest))
        self.assertEqual(answer.status, status, answer)
        return answer.json()

    def listed(self, view, query=""):
        return rows(self.http, view, query, self.prefix)

    def becomes(self, rest, field, value):
        return wait_for(f"{rest} becomes {value}",
                        lambda: self.read(rest)[field] == value and self.read(rest))

    def types(self):
        return [event["type"].split(".")[1] for event in all_events(self.http)
                if not event["type"].startswith("phoneshop.sale")]

    def again(self, kill):
        self.server.restart(kill)
        self.http = self.server.client()


class Acceptance(ShopCase):
    def test_order_PHN_A1_A2(self):
        answer = self.order()
        self.assertEqual(answer.headers["Content-Type"], "application/hal+json")
        self.assertEqual(answer.headers["Location"], self.link("/orders/1"))
        row = answer.json()
        self.assertEqual({name: row[name] for name in ("id", "item", "qty", "status", "price")},
                         {"id": 1, "item": "note21", "qty": 2, "status": "Payed", "price": 0})
        self.assertEqual(row["_links"], {"self": {"href": self.link("/orders/1")},
                                         "order": {"href": self.link("/orders/1")}})
        self.becomes("/orders/1", "status", "Shipped")
        self.becomes("/customers/1", "status", "Shipped")
        self.assertEqual(self.read("/payments/1")["process"], "Payed")
        self.assertEqual(self.becomes("/storeManages/1", "process", "Shipped")["orderId"], 1)
        self.assertEqual(self.types(), ["order_placed", "payment_requested", "payment_completed",
                                        "order_paid", "order_received", "parcel_packed",
                                        "order_shipped", "parcel_shipped"])
        self.problem(self.http.delete(self.path("/orders/1")), 409, "order_shipped")
        check_shop(self.http, prefix=self.prefix)

    def test_all_that_was_said_reaches_everybody_PHN_X7(self):
        row = self.order(WHOLE).json()
        told = {"item": "갤럭시 노트21", "qty": 1, "price": 1200000, "store": "강남점",
                "address": "seoul"}
        self.assertEqual({name: row[name] for name in told}, told)
        check_shop(self.http, prefix=self.prefix)
        stored = self.read("/storeManages/1")
        self.assertEqual({name: stored[name] for name in told}, told)
        paid = self.read("/payments/1")
        self.assertEqual((paid["price"], paid["cardNo"], paid["orderId"]), (1200000, MASKED_CARD, 1))
        self.assertTrue(paid["approvalNo"])
        seen = self.read("/customers/1")
        self.assertEqual((seen["item"], seen["price"], seen["qty"]), ("갤럭시 노트21", 1200000, 1))
        self.assertTrue(seen["orderedAt"] <= seen["payedAt"] <= seen["shippedAt"], seen)

    def test_pay_down_PHN_A4_N1(self):
        set_context(self.http, "pay", state="down")
        answer = self.order({"item": "note20", "qty": "1"}, status=503)
        told = self.problem(answer, 503, "payment_unavailable")
        self.assertEqual((answer.headers["Retry-After"], told["id"]), ("5", 1))
        self.assertIn("결제 서비스 과부하", told["detail"])
        self.assertIn("payment service overloaded", told["detail"])
        self.assertEqual(self.types(), ["order_placed", "order_rejected"])
        self.assertEqual((self.listed("orders"), self.listed("customers")), ([], []))  # PHN-X3
        self.read("/orders/1", 404)
        self.read("/customers/1", 404)
        self.assertEqual(self.read("/orders/1?includeCancelled=true")["status"], "OrderRejected")
        self.problem(self.http.delete(self.path("/orders/1")), 404, "order_rejected")
        set_context(self.http, "pay", state="up")
        self.order()
        self.assertEqual(check_shop(self.http, prefix=self.prefix).live(), {2})
        self.assertIn("결제 서비스 과부하", self.server.log())

    def test_store_down_PHN_A5_A6(self):
        set_context(self.http, "store", state="down")
        self.order({"item": "note30", "qty": "2"})
        self.assertEqual([row["status"] for row in self.listed("orders")], ["Payed"])
        self.problem(self.http.get(self.path("/storeManages")), 503, "context_down")
        self.assertEqual([row["status"] for row in self.listed("orders")], ["Payed"])
        set_context(self.http, "store", state="up")
        self.becomes("/orders/1", "status", "Shipped")
        check_shop(self.http, prefix=self.prefix)

    def test_cancel_PHN_A7_F6_F7_N2(self):
        set_context(self.http, "store", state="down")
        self.order(WHOLE)
        gone = self.http.delete(self.path("/orders/1"))
        self.assertEqual((gone.status, gone.body), (204, b""))
        self.becomes("/orders/1", "status", "PayCancelled")
        self.becomes("/customers/1", "status", "Pay Cancelled")
        self.assertEqual(self.becomes("/payments/1", "process", "Pay Cancelled")["refunded"],
                         1200000)
        self.assertEqual(self.listed("orders"), [])
        every = self.listed("orders", "&includeCancelled=true")
        self.assertEqual([row["status"] for row in every], ["PayCancelled"])
        self.assertEqual([row["status"] for row in self.listed("customers")], ["Pay Cancelled"])
        self.problem(self.http.delete(self.path("/orders/1")), 404, "order_cancelled")
        set_context(self.http, "store", state="up")
        shop = check_shop(self.http, prefix=self.prefix)
        self.assertEqual(shop.stores, {1: "stopped"})
        self.read("/storeManages/1", 404)
        stopped = self.read("/storeManages/1?includeCancelled=true")
        self.assertEqual(stopped["process"], "OrderCancelled")

    def test_customers_see_the_progress_of_every_order_PHN_A8_F9_N5(self):
        self.order()
        self.becomes("/customers/1", "status", "Shipped")
        set_context(self.http, "store", state="down")
        for _ in range(2):
            self.order()
        self.assertEqual(self.http.delete(self.path("/orders/3")).status, 204)
        self.becomes("/customers/3", "status", "Pay Cancelled")
        set_context(self.http, "pay", state="down")
        self.order(status=503)
        self.http.delete(self.path("/orders/2"))
        self.order(status=503)
        self.assertEqual([(row["orderId"], row["status"]) for row in self.listed("customers")],
                         [(1, "Shipped"), (2, "OrderCancelled"), (3, "Pay Cancelled")])
        self.assertEqual([row["id"] for row in self.listed("customers", "&status=Shipped")], [1])

    def test_the_store_is_sent_an_order_PHN_A11_X6(self):
        load = {"orderId": "456", "process": "Payed"}
        self.problem(self.http.post(self.path("/storeManages"), load), 404, "order_not_found")
        self.order(WHOLE)
        check_shop(self.http, prefix=self.prefix)
        before = read_shop(self.http).position
        for number in ("1", 1):
            answer = self.http.post(self.path("/storeManages"), {**load, "orderId": number})
            self.assertEqual(answer.status, 201, answer)
            self.assertEqual(answer.headers["Location"], self.link("/storeManages/1"))
            self.assertEqual(answer.json(), self.read("/storeManages/1"))
        self.assertEqual(read_shop(self.http).position, before, "it changes nothing")
        set_context(self.http, "pay", state="down")
        self.order(status=503)
        self.problem(self.http.post(self.path("/storeManages"), {"orderId": 2}), 404,
                     "order_not_found")
        set_context(self.http, "store", state="down")
        self.problem(self.http.post(self.path("/storeManages"), {"orderId": 1}), 503,
                     "context_down")


class ThroughTheGateway(Acceptance):
    """PHN-A3: the same under the name of the system."""
    prefix = "/phoneshop"


class AmongOthers(Acceptance):
    prefix = "/phoneshop"
    system = None


class Configuration(ShopCase):
    """PHN-A9, A10: what its configuration file says, and no start without it."""

    def test_no_start_without_it(self):
        config = self.server.home / "apiurl.toml"
        config.write_text("[phoneshop]\nshipping_delay_ms = 1\n")
        self.server.stop()
        self.server.flags = ["--system", "phoneshop", "--config", str(config)]
        self.http = self.server.start().client()
        self.order({"item": "dfdf1", "qty": "21"})
        check_shop(self.http)
        self.server.stop()
        config.unlink()
        failed = subprocess.run(self.server.command(), capture_output=True, text=True, timeout=20,
                                env=harness.clean_environment())
        self.assertNotEqual(failed.returncode, 0)
        self.assertIn("apiurl.toml", failed.stderr)
        config.write_text("")
        self.http = self.server.start().client()
        self.order({"item": "dfdf2", "qty": "22"})
        self.assertEqual(check_shop(self.http).live(), {1, 2})


class Requests(ShopCase):
    def test_what_does_not_fit_is_refused_and_leaves_nothing(self):
        for body, status, code, field in (
                ({"qty": 1}, 400, "missing_field", "item"),
                ({"item": "a"}, 400, "missing_field", "qty"),
                ({"item": ["a"], "qty": 1}, 400, "wrong_type", "item"),
                ({"item": "a", "qty": "two"}, 400, "wrong_type", "qty"),
                ({"item": "", "qty": 1}, 422, "invalid_value", "item"),
                ({"item": "a" * 101, "qty": 1}, 422, "invalid_value", "item"),
                ({"item": "a", "qty": 0}, 422, "invalid_value", "qty"),
                ({"item": "a", "qty": -1}, 422, "invalid_value", "qty"),
                ({"item": "a", "qty": 1, "price": -1}, 422, "invalid_value", "price"),
                ({"item": "a", "qty": 1, "price": 1.5}, 400, "wrong_type", "price"),
                ({"item": "a", "qty": 1, "store": "s" * 101}, 422, "invalid_value", "store"),
                ({"item": "a", "qty": 1, "address": "s" * 201}, 422, "invalid_value", "address"),
                ({"item": "a", "qty": 1, "cardNo": "12"}, 422, "invalid_value", "cardNo")):
            self.problem(self.http.post("/orders", body), status, code, field)
        self.problem(self.http.post("/orders", '{"item":'), 400, "malformed_json")
        self.problem(self.http.post("/storeManages", {}), 400, "missing_field", "orderId")
        for path in ("/orders/0", "/orders/x", "/orders/-1"):
            self.problem(self.http.delete(path), 404, "not_found")
        self.problem(self.http.delete("/orders/1"), 404, "order_not_found")
        self.problem(self.http.get("/orders?item2=x"), 400, "unknown_parameter")
        self.assertEqual(read_shop(self.http).position, 0)

    def test_a_request_that_is_sent_again(self):
        keyed = {"Idempotency-Key": "order-1"}
        first = self.order(WHOLE, keyed)
        quiet_shop(self.http)
        for kill in (None, False, True):
            if kill is not None:
                self.again(kill)
            again = self.order(WHOLE, keyed)
            self.assertEqual((again.body, again.headers["Location"], again.position()),
                             (first.body, first.headers["Location"], first.position()))
            self.assertEqual(again.headers["Idempotent-Replayed"], "true")
            self.problem(self.http.post("/orders", NOTE21, keyed), 422, "idempotency_key_reused")
        set_context(self.http, "store", state="down")
        self.order()
        cancel = {"Idempotency-Key": "cancel-2"}
        gone = self.http.delete("/orders/2", cancel)
        for kill in (None, True):
            if kill:
                self.again(kill)
            again = self.http.delete("/orders/2", cancel)
            self.assertEqual((again.status, again.position()), (204, gone.position()))
        self.problem(self.http.delete("/orders/2"), 404, "order_cancelled")
        set_context(self.http, "pay", declineRate=1)
        declined = {"Idempotency-Key": "declined"}
        first = self.order(WHOLE, declined, 402)
        self.problem(first, 402, "payment_declined")
        set_context(self.http, "pay", declineRate=0)
        self.assertEqual(self.order(WHOLE, declined, 402).refusal(), first.refusal())
        set_context(self.http, "store", state="up")
        self.assertEqual(len(check_shop(self.http).orders), 3)

    def test_lists_are_paged_filtered_and_sorted(self):
        for number in range(25):
            self.order({"item": f"item{number % 5}", "qty": number + 1, "store": "s"})
        check_shop(self.http)
        page = self.http.get("/orders?size=10&page=2&sort=qty,desc").json()
        self.assertEqual([row["qty"] for row in page["_embedded"]["orders"]], [5, 4, 3, 2, 1])
        self.assertEqual(page["page"]["totalElements"], 25)
        self.assertEqual(len(self.listed("orders", "&item=item3&status=Shipped")), 5)
        self.assertEqual(len(self.listed("payments", "&process=Payed")), 25)
        self.assertEqual(len(self.listed("storeManages", "&process=Shipped&store=s")), 25)
        self.assertEqual(len(self.listed("customers", "&status=Payed")), 0)

    def test_the_card_number_is_nowhere(self):
        card = "9410-1177-2288-6655"
        self.order({**WHOLE, "cardNo": card})
        self.http.post("/orders", {**WHOLE, "cardNo": card, "qty": 0})
        quiet_shop(self.http)
        seen = b"".join(self.http.get(path).body for path in
                        ("/events?limit=1000", *(f"/{view}" for view in VIEWS)))
        self.assertIn(b"9410-1177-****-6655", seen)
        self.server.stop()
        for file in self.server.home.rglob("*"):
            if file.is_file():
                seen += file.read_bytes()
        for written in (card, card.replace("-", "")):
            self.assertNotIn(written.encode(), seen)

    def test_the_description_has_the_founding_requests(self):
        paths = self.http.get("/openapi.json").json()["paths"]
        body = paths["/orders"]["post"]["requestBody"]["content"]["application/json"]
        self.assertEqual(body["example"], {"item": "note21", "qty": 2})
        for view in VIEWS:
            self.assertIn("get", paths[f"/{view}"])
            self.assertIn("get", paths[f"/{view}/{{id}}"])


class Operators(ShopCase):
    flags = ("--phoneshop-shipping-delay-ms", "700")

    def saga(self):
        return self.http.get("/sagas/phoneshop.sale-1").json()

    def test_a_parcel_is_packed_in_time_although_the_server_was_killed(self):
        self.order()
        self.again(kill=True)
        self.assertEqual(self.read("/orders/1")["status"], "Payed")
        self.becomes("/orders/1", "status", "Shipped")
        check_shop(self.http)

    def test_an_open_sale_is_no_finding_of_the_auditor(self):
        self.order()
        self.server.stop()
        self.assertTrue(verify_audit(self.server))

    def test_a_sale_that_waits_can_be_undone(self):
        set_context(self.http, "store", state="down")
        self.order(WHOLE)
        saga = self.saga()
        self.assertEqual((saga["status"], saga["state"]), ("open", "storing"))
        self.assertEqual([(one["context"], one["type"]) for one in saga["waitingFor"]],
                         [("store", "phoneshop.receive_order")])
        self.assertEqual(saga["compensate"]["sends"],
                         ["phoneshop.cancel_order -> phoneshop.order-1"])
        self.assertEqual(self.http.post("/sagas/phoneshop.sale-1/retry", None).status, 200)
        undone = self.http.post("/sagas/phoneshop.sale-1/compensate", None)
        self.assertEqual((undone.status, undone.json()["state"]), (200, "compensating"), undone)
        set_context(self.http, "store", state="up")
        self.assertEqual(check_shop(self.http).with_status("PayCancelled"), {1})
        self.assertEqual((self.saga()["status"], self.saga()["compensate"]), ("ended", None))

    def test_a_sale_that_shipped_cannot(self):
        self.order()
        check_shop(self.http)
        self.problem(self.http.post("/sagas/phoneshop.sale-1/compensate", None), 409,
                     "nothing_to_do")


class Races(ShopCase):
    flags = ("--phoneshop-shipping-delay-ms", "60")

    def at_once(self, requests, users=16):
        def one(request):
            client = Client(self.server.port)
            answer = client.send(*request)
            client.close()
            return answer
        with concurrent.futures.ThreadPoolExecutor(users) as pool:
            return list(pool.map(one, requests))

    def test_one_cancel_of_many_wins(self):
        set_context(self.http, "store", state="down")
        self.order()
        answers = self.at_once([("DELETE", "/orders/1")] * 32, 32)
        self.assertEqual(sorted(answer.status for answer in answers), [204] + [404] * 31)
        set_context(self.http, "store", state="up")
        check_shop(self.http)

    def test_a_cancel_and_the_parcel_meet_PHN_X5(self):
        """Either the phone leaves or the order is cancelled: never both, whoever is faster."""
        answers = {}
        for _ in range(4):
            made = [answer.json()["id"] for answer in
                    self.at_once([("POST", "/orders", NOTE21)] * 8, 8)]
            gone = self.at_once([("DELETE", f"/orders/{number}") for number in made], 8)
            answers.update(zip(made, (answer.status for answer in gone)))
            self.order()  # another moment
        shop = check_shop(self.http)
        self.assertLessEqual(set(answers.values()), {204, 409})
        for number, status in answers.items():
            self.assertEqual(shop.status(number), "PayCancelled" if status == 204 else "Shipped")

    def test_the_auditor_agrees(self):
        for number in range(12):
            set_context(self.http, "pay", declineRate=0.5 if number % 4 == 3 else 0)
            made = self.http.post("/orders", WHOLE)
            if number % 3 == 0 and made.status == 201:
                self.http.delete(f"/orders/{made.json()['id']}")
        check_shop(self.http)
        self.server.kill()
        self.assertTrue(verify_audit(self.server))


if __name__ == "__main__":
    main()
