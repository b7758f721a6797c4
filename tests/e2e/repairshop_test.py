"""The acceptance tests of the car repair shop, with the bodies of its founding document."""

import pathlib
import re
import unittest

from harness import all_events, main
from garage import GarageCase


class Acceptance(GarageCase):
    def check_row(self, row, view, item):
        link = f"http://127.0.0.1:{self.server.port}{self.prefix}/{view}/{row['id']}"
        self.assertEqual(row["_links"], {"self": {"href": link}, item: {"href": link}})

    def types(self, stream):
        return [event["type"].split(".")[1] for event in all_events(self.http)
                if event["stream"] == stream]

    def test_A1_a_car_is_taken(self):
        answer = self.http.post(self.prefix + "/receipts",
                                {"vehiNo": "0101", "stat": "REPAIRREQUEST"})
        self.assertEqual(answer.status, 201, answer)
        row = answer.json()
        self.check_row(row, "receipts", "receipt")
        self.assertEqual(answer.headers["Location"], row["_links"]["self"]["href"])
        self.assertEqual((row["vehiNo"], row["stat"], row["reapirAmt"], row["payAmt"]),
                         ("0101", "REPAIRREQUEST", None, None))
        self.becomes(row["id"], "REPAIRRECEIVED")
        repair = self.row(f"/repairs/{row['id']}")
        self.check_row(repair, "repairs", "repair")
        self.assertEqual((repair["receiptId"], repair["vehiNo"], repair["stat"]),
                         (row["id"], "0101", "REPAIRRECEIVED"))
        self.check_all()
        self.check_data()

    def test_A2_A3_A12_a_car_is_delivered(self):
        number = self.take()
        row = self.ask(number, "DELIVERYREQUESTED")
        self.assertEqual(row["stat"], "DELIVERYREQUESTED")
        delivery = self.row(f"/deliveries/{number}")
        self.check_row(delivery, "deliveries", "delivery")
        self.assertEqual((delivery["receiptId"], delivery["vehiNo"], delivery["stat"]),
                         (number, "0101", "DELIVERYSTARTED"))
        self.assertEqual([r["stat"] for r in self.rows("receipts")], ["DELIVERYSTARTED"])
        self.assertEqual([r["id"] for r in self.rows("deliveries")], [number])
        again = self.ask(number, "DELIVERYREQUESTED")
        self.assertEqual(again["stat"], "DELIVERYSTARTED")
        self.assertEqual(self.types(f"repairshop.delivery-{number}"), ["delivery_started"])
        self.check_all()
        self.check_data()

    def test_A8_a_repair_is_paid(self):
        number = self.take()
        self.assertEqual(self.repair(number)["repairAmt"], 3000)
        self.becomes(number, "REPAIRED")
        row = self.pay(number)
        self.assertEqual((row["stat"], row["payAmt"], row["repairAmt"], row["reapirAmt"]),
                         ("PAID", 3000, 3000, 3000))
        self.assertEqual(self.row(f"/receipts/{number}"), row)
        self.assertEqual(self.row(f"/repairs/{number}")["stat"], "REPAIRED")
        payment = self.row(f"/payments/{number}")
        self.check_row(payment, "payments", "payment")
        self.assertEqual((payment["receiptId"], payment["payAmt"], payment["stat"]),
                         (number, 3000, "PAID"))
        self.assertEqual(self.pay(number)["stat"], "PAID")
        self.ask(number, "DELIVERYREQUESTED")
        self.becomes(number, "DELIVERYSTARTED")
        self.assertEqual(self.pay(number)["stat"], "DELIVERYSTARTED", "it is as it is now")
        self.assertEqual(self.check_all().kept[number], 3000)
        self.check_data()

    def test_A10_payment_needs_a_repair_and_its_amount(self):
        number = self.take()
        before = self.head()
        self.problem(self.patch(f"/receipts/{number}", stat="PAYMENTREQUESTED", payAmt=3000), 409,
                     "repair_not_completed")
        self.repair(number, reapirAmt=3000, repairAmt=None)
        self.problem(self.patch(f"/receipts/{number}", stat="PAYMENTREQUESTED", payAmt=2999), 422,
                     "pay_amount_differs")
        self.assertEqual(self.stat(number), "REPAIRED")
        self.assertEqual(self.head(), before + 3, "a refusal leaves nothing")
        self.pay(number)
        self.problem(self.patch(f"/receipts/{number}", stat="PAYMENTREQUESTED", payAmt=1), 409,
                     "receipt_paid")

    def test_A11_reject_cancel_and_complete(self):
        rejected, cancelled, by_the_shop, completed = (self.take(f"{i}") for i in range(1, 5))
        self.repair(rejected, "REPAIRREJECTED")
        row = self.ask(cancelled, "CANCELREQUESTED")
        self.assertEqual(row["stat"], "CANCELREQUESTED")
        self.repair(by_the_shop, "REPAIRCANCELLED")
        self.repair(completed)
        ends = {rejected: "REPAIRREJECTED", cancelled: "CANCELLED", by_the_shop: "CANCELLED",
                completed: "REPAIRED"}
        for number, stat in ends.items():
            self.becomes(number, stat)
            self.assertEqual(self.row(f"/displays/{number}")["receiptStat"], stat)
        self.assertEqual(self.row(f"/repairs/{cancelled}")["stat"], "REPAIRCANCELLED")
        for number, code in ((rejected, "receipt_rejected"), (cancelled, "receipt_cancelled")):
            for stat in ("DELIVERYREQUESTED", "PAYMENTREQUESTED"):
                self.problem(self.patch(f"/receipts/{number}", stat=stat, payAmt=3000), 409, code)
        self.problem(self.patch(f"/receipts/{completed}", stat="CANCEL"), 409, "cancel_too_late")
        self.problem(self.patch(f"/repairs/{completed}", stat="REJECT"), 409, "repair_completed")
        states = self.check_all().visits
        self.assertEqual([states[n] for n in ends],
                         ["completed", "compensated", "compensated", "waiting"])
        self.check_data()

    def test_X1_the_words_of_the_founding_document(self):
        for stat in ("REPAIRREQUEST", "REQUESTREPAIR", "REPAIRREQUESTED"):
            self.becomes(self.take("12가1234", stat), "REPAIRRECEIVED")
        self.assertEqual(len(self.rows("receipts", "&vehiNo=12%EA%B0%801234")), 3)
        self.assertEqual(len(self.rows("repairs", "&stat=REPAIRRECEIVED")), 3)
        plain = self.http.post(self.prefix + "/receipts", {"vehiNo": 1234})
        self.assertEqual((plain.status, plain.json()["vehiNo"]), (201, "1234"))

    def test_X4_a_status_is_a_command(self):
        number = self.take()
        told = self.problem(self.patch(f"/receipts/{number}", stat="PAID"), 422, "invalid_value",
                            "stat")
        self.assertIn("PAYMENTREQUESTED, DELIVERYREQUESTED", told["detail"])
        self.problem(self.patch(f"/repairs/{number}", stat="PAID"), 422, "invalid_value", "stat")
        refused = self.http.post(self.prefix + "/receipts", {"vehiNo": "1", "stat": "PAID"})
        self.problem(refused, 422, "invalid_value", "stat")
        self.problem(self.http.post(self.prefix + "/receipts", {"stat": "REPAIRREQUEST"}), 400,
                     "missing_field", "vehiNo")
        for plate in ("", "x" * 41):
            refused = self.http.post(self.prefix + "/receipts", {"vehiNo": plate})
            self.problem(refused, 422, "invalid_value", "vehiNo")
        for amount in (None, 0, -1):
            self.problem(self.patch(f"/receipts/{number}", stat="PAYMENTREQUESTED", payAmt=amount),
                         422, "invalid_value", "payAmt")
            self.problem(self.patch(f"/repairs/{number}", stat="REPAIRED", repairAmt=amount), 422,
                         "invalid_value", "repairAmt")
        self.problem(self.patch(f"/repairs/{number}", stat="REPAIRED", repairAmt=1, reapirAmt=2),
                     422, "invalid_value", "reapirAmt")

    def test_what_is_not_there(self):
        self.problem(self.patch("/receipts/99", stat="CANCEL"), 404, "receipt_not_found")
        self.problem(self.patch("/repairs/99", stat="REJECT"), 404, "repair_not_found")
        self.problem(self.patch("/receipts/x", stat="CANCEL"), 404, "not_found", "id")
        self.problem(self.http.get(self.prefix + "/deliveries/99"), 404, "not_found", "id")
        self.assertEqual(self.http.delete(self.prefix + "/receipts/99").status, 405)
        self.assertEqual(self.head(), 0)

    def test_X2_an_import_needs_the_asynchronous_mode(self):
        refused = self.http.post(self.prefix + "/receipts",
                                 {"vehiNo": "1234", "stat": "DELIVERYREQUESTED"})
        self.problem(refused, 422, "invalid_value", "stat")
        self.assertIn("delivery.mode", refused.json()["detail"])

    def test_a_repeated_request_has_one_effect(self):
        number = self.repaired()
        keyed = {"Idempotency-Key": "pay-once"}
        answers = [self.patch(f"/receipts/{number}", keyed, stat="PAYMENTREQUESTED", payAmt=3000)
                   for _ in range(3)]
        self.ask(number, "DELIVERYREQUESTED")
        answers.append(self.patch(f"/receipts/{number}", keyed, stat="PAYMENTREQUESTED",
                                  payAmt=3000))
        self.assertEqual({(a.status, a.body) for a in answers}, {(200, answers[0].body)})
        self.assertEqual([a.headers["Idempotent-Replayed"] for a in answers],
                         [None, "true", "true", "true"])
        self.problem(self.patch(f"/receipts/{number}", keyed, stat="CANCEL"), 422,
                     "idempotency_key_reused")
        first = self.take(headers={"Idempotency-Key": "take-once"})
        self.assertEqual(self.take(headers={"Idempotency-Key": "take-once"}), first)
        self.assertEqual(self.check_all().kept, {number: 3000})
        self.check_data()

    def test_the_display_is_listed_filtered_and_sorted(self):
        for plate in ("3", "1", "2"):
            self.repaired(plate)
        self.pay(2)
        self.quiet()
        self.assertEqual([r["vehiNo"] for r in self.rows("displays", "&sort=vehiNo,desc")],
                         ["3", "2", "1"])
        shown = self.rows("displays", "&receiptStat=PAID")
        self.assertEqual([(r["id"], r["repairStat"], r["payStat"], r["deliveryStat"], r["payAmt"])
                          for r in shown], [(2, "REPAIRED", "PAID", None, 3000)])
        self.assertEqual(len(self.rows("displays", "&repairStat=REPAIRED&vehiNo=3")), 1)


class AmongAllSystems(Acceptance):
    system = None
    prefix = "/repairshop"


class Strict(GarageCase):
    """delivery.requires_payment=true: CAR-X5."""
    flags = ("--delivery-requires-payment", "true")

    def test_delivery_needs_a_payment(self):
        number = self.take()
        for step in (lambda: None, lambda: self.repair(number)):
            step()
            self.problem(self.patch(f"/receipts/{number}", stat="DELIVERYREQUESTED"), 409,
                         "receipt_not_paid")
        self.pay(number)
        self.ask(number, "DELIVERYREQUESTED")
        self.becomes(number, "DELIVERYSTARTED")
        self.check_all()
        self.check_data()


class Page(unittest.TestCase):
    """docs/systems/repairshop.md shows every status; docs_test.py proves the rest of it."""
    root = pathlib.Path(__file__).resolve().parents[2]

    def setUp(self):
        self.text = (self.root / "docs/systems/repairshop.md").read_text()

    def test_every_status(self):
        contract = (self.root / "aggregates/repairshop/intake_contract.h").read_text()
        names = re.search(r"enum class IntakeStat \{(.*?)\}", contract, re.S)[1]
        wire = {"REPAIRREQUESTED": "REPAIRREQUEST"}  # as the founding document asks for it
        stats = {name.strip().replace("_", "").upper() for name in names.split(",")}
        stats = {wire.get(stat, stat) for stat in stats}
        arrows = re.findall(r"(\w+) --> (\w+)", self.text)
        self.assertLessEqual(stats, {stat for arrow in arrows for stat in arrow})


if __name__ == "__main__":
    main()
