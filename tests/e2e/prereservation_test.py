"""The acceptance tests of smartphone pre-reservation, with the bodies of its founding document."""

import datetime

from harness import B1, MASKED_CARD, Server, ServerCase, all_events, main, rows, set_context
from model import check_all, quiet


class Acceptance(ServerCase):
    prefix = ""

    def path(self, rest):
        return self.prefix + rest

    def check_row(self, row, view, item):
        link = f"http://127.0.0.1:{self.server.port}{self.prefix}/{view}/{row['id']}"
        self.assertEqual(row["_links"], {"self": {"href": link}, item: {"href": link}})

    def only_row(self, view, query=""):
        found = rows(self.http, view, query, self.prefix)
        self.assertEqual(len(found), 1, found)
        return found[0]

    def check_created(self, answer):
        """PRE-A1: 201, the fields as numbers, where it is."""
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/hal+json")
        row = answer.json()
        link = f"http://127.0.0.1:{self.server.port}{self.prefix}/preReservations/{row['id']}"
        self.assertEqual(answer.headers["Location"], link)
        self.check_row(row, "preReservations", "preReservation")
        wanted = {"userId": 1, "userAddress": "seoul", "productId": 1, "productName": "fold",
                  "price": 1300000, "cardNo": MASKED_CARD, "status": "paid"}
        self.assertEqual({name: row[name] for name in wanted}, wanted)
        return row

    def check_listed(self, created):
        """PRE-A2, A3, A4, A6: the reservation, its payment and receipt, the view of all three."""
        number = created["id"]
        self.assertEqual(self.only_row("preReservations"), created)
        payment = self.only_row("payments")
        self.check_row(payment, "payments", "payment")
        self.assertEqual((payment["preReservationId"], payment["price"], payment["status"]),
                         (number, 1300000, "paid"))
        receipt = self.only_row("receipts")
        self.check_row(receipt, "receipts", "receipt")
        self.assertEqual((receipt["paidId"], receipt["status"]), (payment["id"], "receipt_issued"))
        self.assertEqual(receipt["expectedDeliveryAt"], in_21_days(payment["modifiedAt"]))
        mine = self.only_row("myReservations")
        self.check_row(mine, "myReservations", "myReservation")
        wanted = {"preReservationId": number, "paymentId": payment["id"],
                  "receiptId": receipt["id"],
                  "userId": 1, "productId": 1, "productName": "fold", "price": 1300000,
                  "status": "receipt_issued", "expectedDeliveryAt": receipt["expectedDeliveryAt"]}
        self.assertEqual({name: mine[name] for name in wanted}, wanted)
        for view, row in (("payments", payment), ("receipts", receipt), ("myReservations", mine)):
            self.assertEqual(self.http.get(self.path(f"/{view}/{row['id']}")).json(), row)

    def types(self):
        return [event["type"] for event in all_events(self.http)
                if not event["type"].startswith("prereservation.checkout")]

    def check_cancelled(self, number):
        """PRE-A7, A14: gone from the lists, shown with includeCancelled and in the user's view."""
        gone = self.http.delete(self.path(f"/preReservations/{number}"))
        self.assertEqual((gone.status, gone.body), (204, b""))
        quiet(self.http)
        states = {"preReservations": "reservation_cancelled", "payments": "payment_cancelled",
                  "receipts": "receipt_cancelled"}
        for view, status in states.items():
            self.assertEqual(rows(self.http, view, "", self.prefix), [])
            self.problem(self.http.get(self.path(f"/{view}/{number}")), 404, "not_found", "id")
            self.assertEqual(self.only_row(view, "&includeCancelled=true")["status"], status)
            one = self.http.get(self.path(f"/{view}/{number}?includeCancelled=true"))
            self.assertEqual(one.json()["status"], status)
        self.assertEqual(self.only_row("payments", "&includeCancelled=true")["refunded"], 1300000)
        self.assertEqual(self.only_row("myReservations")["status"], "receipt_cancelled")
        again = self.http.delete(self.path(f"/preReservations/{number}"))
        self.problem(again, 404, "reservation_cancelled")

    def run_through(self, body):
        created = self.check_created(self.http.post(self.path("/preReservations"), body))
        quiet(self.http)
        self.check_listed(created)
        made = ["prereservation.reservation_requested.v1", "payment.payment_requested.v1",
                "payment.payment_completed.v1", "prereservation.reservation_confirmed.v1",
                "prereservation.receipt_issued.v2"]
        self.assertCountEqual(self.types(), made)  # PRE-A5
        self.check_cancelled(created["id"])
        undone = ["prereservation.reservation_cancelled.v1",
                  "payment.payment_cancellation_requested.v1",
                  "payment.payment_cancelled.v1", "prereservation.receipt_cancelled.v1"]
        self.assertCountEqual(self.types(), made + undone)
        check_all(self.http, prefix=self.prefix)

    def test_the_printed_body(self):
        self.run_through(B1)

    def test_the_same_with_numbers(self):
        self.run_through({**B1, "userId": 1, "productId": 1, "price": 1300000})

    def test_a_product_with_a_korean_name(self):
        row = self.http.post(self.path("/preReservations"), {**B1, "productName": "갤럭시 폴드"}).json()
        self.assertEqual(row["productName"], "갤럭시 폴드")
        quiet(self.http)
        for view in ("preReservations", "payments", "receipts", "myReservations"):
            self.assertEqual(self.only_row(view)["productName"], "갤럭시 폴드")

    def test_payment_down(self):
        """PRE-A8, A9, A10: nothing is kept but the two facts, and the message is in the log."""
        set_context(self.http, "payment", state="down")
        answer = self.http.post(self.path("/preReservations"), B1)
        self.assertEqual(answer.status, 503, answer)
        told = answer.json()
        self.assertEqual((told["code"], told["status"], told["id"]),
                         ("payment_unavailable", "reservation_cancelled", 1))
        self.assertIn("결제 서비스 과부화", told["detail"])
        self.assertEqual(answer.headers["Retry-After"], "5")
        self.assertEqual(self.types(), ["prereservation.reservation_requested.v1",
                                        "prereservation.reservation_cancelled.v1"])
        self.assertEqual(self.only_row("myReservations")["status"], "reservation_cancelled")
        set_context(self.http, "payment", state="up")
        for view in ("preReservations", "payments", "receipts"):
            self.assertEqual(rows(self.http, view, "", self.prefix), [])
        self.assertIn("결제 서비스 과부화", self.server.log())

    def test_receipt_down(self):
        """PRE-A11."""
        set_context(self.http, "receipt", state="down")
        self.check_created(self.http.post(self.path("/preReservations"), B1))
        self.assertEqual(self.only_row("myReservations")["status"], "paid")
        set_context(self.http, "receipt", state="up")
        quiet(self.http)
        self.assertEqual(self.only_row("myReservations")["status"], "receipt_issued")

    def test_the_system_has_no_route_at_its_root(self):
        """PRE-A13. The root of the server is its entrance, of whatever system it serves there."""
        root = self.http.get(self.path("/"))
        if self.prefix:
            self.problem(root, 404, "not_found")
        else:
            self.assertEqual(root.headers["Content-Type"], "application/hal+json")


class UnderItsName(Acceptance):
    """PRE-A12: the same requests under the name of the system."""
    prefix = "/prereservation"


class OnlyUnderItsName(Acceptance):
    prefix = "/prereservation"
    system = None

    def test_nothing_at_the_root(self):
        self.problem(self.http.get("/preReservations"), 404, "not_found")


class PrivateData(ServerCase):
    flags = ("--log-level", "debug")

    def test_the_card_number_is_nowhere(self):
        """Masked in answers; not in clear in any event, log line or file, also after a kill."""
        card, address = "9410-1177-2288-6655", "canary-street-77"
        digits = card.replace("-", "")
        seen = [self.create({**B1, "cardNo": written, "userAddress": address}).body
                for written in (card, digits, card.replace("-", " "))]
        self.http.post("/preReservations", {**B1, "cardNo": card, "price": 0})
        self.http.post("/preReservations", {**B1, "cardNo": card + "-1234-1234"})
        self.http.post("/preReservations", f'{{"cardNo":"{card}",')
        set_context(self.http, "payment", state="down")
        seen.append(self.http.post("/preReservations", {**B1, "cardNo": card}).body)
        set_context(self.http, "payment", state="up")
        self.http.delete("/preReservations/1")
        quiet(self.http)
        for path in ("/events?limit=1000", "/preReservations?includeCancelled=true", "/receipts",
                     "/payments?includeCancelled=true", "/myReservations", "/openapi.json"):
            seen.append(self.http.get(path).body)
        text = b"\n".join(seen)
        self.assertIn(b"9410-1177-****-6655", text)
        self.assertIn(b"94101177****6655", text)
        self.assertIn(address.encode(), text)
        for kill in (True, False):
            self.server.restart(kill)
            files = [file for file in self.server.home.rglob("*") if file.is_file()]
            self.assertGreater(len(files), 10)
            for name, content in [("answers", text)] + [(f, f.read_bytes()) for f in files]:
                for written in (card, digits, card.replace("-", " "), digits[8:]):
                    self.assertNotIn(written.encode(), content, f"{written} is in {name}")
            self.assertNotIn(address, self.server.log() + self.server.output())


class DeliveryDay(ServerCase):
    """21 calendar days after the day of payment in Seoul, whenever the receipt is written."""

    def expected_at(self, now, *flags):
        server = Server("--now", now, *flags)
        self.addCleanup(server.close)
        http = server.start().client()
        number = http.post("/preReservations", B1).json()["id"]
        quiet(http)
        return http.get(f"/receipts/{number}").json()["expectedDeliveryAt"]

    def test_the_day_begins_at_midnight_in_seoul(self):
        for now, expected in (("2021-01-31T14:59:50Z", "2021-02-21"),
                              ("2021-01-31T15:00:00Z", "2021-02-22"),
                              ("2021-01-31T23:59:50+09:00", "2021-02-21"),
                              ("2021-02-01T00:00:00+09:00", "2021-02-22"),
                              ("2024-02-08T12:00:00+09:00", "2024-02-29"),
                              ("2021-12-31T09:00:00+09:00", "2022-01-21")):
            self.assertEqual(self.expected_at(now), expected, now)
        self.assertEqual(self.expected_at("2021-01-31T12:00:00Z", "--prereservation-delivery-days",
                                          "0"),
                         "2021-01-31")

    def test_a_receipt_that_is_written_later_has_the_day_of_payment(self):
        server = Server("--now", "2021-01-31T12:00:00+09:00")
        self.addCleanup(server.close)
        http = server.start().client()
        set_context(http, "receipt", state="down")
        number = http.post("/preReservations", B1).json()["id"]
        server.kill()
        server.flags[1] = "2021-02-01T12:00:00+09:00"
        http = server.start().client()
        set_context(http, "receipt", state="up")
        quiet(http)
        self.assertEqual(http.get(f"/receipts/{number}").json()["expectedDeliveryAt"], "2021-02-21")


def in_21_days(instant):
    utc = datetime.datetime.fromisoformat(instant.replace("Z", "+00:00"))
    seoul = utc.astimezone(datetime.timezone(datetime.timedelta(hours=9)))
    return (seoul.date() + datetime.timedelta(days=21)).isoformat()


if __name__ == "__main__":
    main()
