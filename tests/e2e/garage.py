"""The repair shop as its tests see it: the requests of its founding document, and an independent
auditor that folds the log without the program."""

from harness import ServerCase, all_events, rows, set_context, verify_audit, wait_for


class GarageCase(ServerCase):
    system = "repairshop"
    prefix = ""

    def take(self, plate="0101", stat="REPAIRREQUEST", headers=None):
        answer = self.http.post(self.prefix + "/receipts", {"vehiNo": plate, "stat": stat}, headers)
        self.assertEqual(answer.status, 201, answer)
        return answer.json()["id"]

    def patch(self, path, headers=None, **body):
        return self.http.send("PATCH", self.prefix + path, body, headers)

    def change(self, path, status=200, **body):
        answer = self.patch(path, **body)
        self.assertEqual(answer.status, status, answer)
        return answer.json()

    def ask(self, number, stat, status=200, **body):
        return self.change(f"/receipts/{number}", status, stat=stat, **body)

    def repair(self, number, stat="REPAIRED", **body):
        if stat == "REPAIRED":
            body.setdefault("repairAmt", "3000")
        return self.change(f"/repairs/{number}", stat=stat, **body)

    def pay(self, number, status=200):
        return self.ask(number, "PAYMENTREQUESTED", status, payAmt="3000")

    def repaired(self, plate="0101"):
        number = self.take(plate)
        self.repair(number)
        return number

    def row(self, path):
        answer = self.http.get(self.prefix + path)
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def rows(self, view, query=""):
        return rows(self.http, view, query, self.prefix)

    def stat(self, number):
        return self.row(f"/receipts/{number}")["stat"]

    def becomes(self, number, stat):
        wait_for(f"receipt {number} is {stat}", lambda: self.stat(number) == stat)

    def stop(self, context):
        set_context(self.http, context, state="down")

    def bring_up(self, context):
        set_context(self.http, context, state="up")

    def head(self):
        return self.http.get("/events?limit=1").json()["head"]

    def quiet(self):
        """Waits until no visit is under way, and answers what the log then says."""
        def settled():
            model = Model(all_events(self.http))
            return model if "working" not in model.visits.values() else None
        return wait_for("no visit is under way", settled, 60)

    def check_all(self):
        """The log keeps the rules of the shop, and every view shows what the log says."""
        model = self.quiet()
        for number, receipt in model.receipts.items():
            model.check(number)
            display = self.row(f"/displays/{number}")
            self.assertEqual(display["receiptStat"], self.stat(number))
            self.assertEqual(display["receiptStat"], receipt["stat"].upper().replace("_", ""))
            for view, field in (("repairs", "repairStat"), ("payments", "payStat"),
                                ("deliveries", "deliveryStat")):
                answer = self.http.get(f"{self.prefix}/{view}/{number}")
                shown = answer.json()["stat"] if answer.status == 200 else None
                self.assertEqual(display[field], shown, (view, number))
        return model

    def check_data(self):
        """The auditor of the program agrees, too. Ends the server."""
        self.server.stop()
        verify_audit(self.server)


class Model:
    def __init__(self, events):
        self.receipts = {}
        self.repairs = {}     # number -> repaired, repair_rejected, repair_cancelled
        self.deliveries = {}  # number -> how many
        self.kept = {}        # number -> money, over all attempts
        self.visits = {}      # number -> state of its saga
        for event in events:
            category, _, name = event["stream"].partition("-")
            kind, data = event["type"].split(".")[1], event["data"]
            if category == "repairshop.receipt":
                self.take_receipt(kind, data)
            elif category == "repairshop.repair" and kind != "repair_received":
                assert data["id"] not in self.repairs, f"{event}: the repair was over"
                self.repairs[data["id"]] = kind.replace("repair_completed", "repaired")
            elif category == "repairshop.delivery":
                self.deliveries[data["id"]] = self.deliveries.get(data["id"], 0) + 1
            elif category == "repairshop.visit":
                self.visits[int(name)] = data["state"]
            elif category == "payment.payment" and name.startswith("repairshop-"):
                number = int(name.split("-")[1])
                money = data.get("captured", 0) - data.get("refunded", 0)
                self.kept[number] = self.kept.get(number, 0) + money

    def take_receipt(self, kind, data):
        number = data["id"]
        if kind in ("received", "receipt_imported"):
            assert number not in self.receipts, f"number {number} was given out twice"
            self.receipts[number] = {"imported": kind == "receipt_imported", "paid": 0}
        receipt = self.receipts[number]
        receipt["stat"] = data["stat"]
        if kind == "receipt_followed_repair":
            receipt["repair"] = data["repair"]
        if kind == "payment_requested":
            assert receipt.get("repair") == "repaired", f"{number} is paid before its repair"
        if kind == "receipt_paid":
            assert receipt["paid"] == 0, f"{number} is paid twice"
            receipt["paid"] = data["payAmt"]

    def check(self, number):
        receipt = self.receipts[number]
        if not receipt["imported"]:
            heard = receipt.get("repair")
            assert self.repairs.get(number, heard) == heard, f"{number} did not hear of its repair"
        assert self.kept.get(number, 0) == receipt["paid"], (number, self.kept.get(number), receipt)
        delivered = self.deliveries.get(number, 0)
        assert delivered == (receipt["stat"] == "delivery_started"), (number, delivered, receipt)
        waits = self.visits[number] == "waiting"
        ended = delivered or receipt.get("repair") in ("repair_rejected", "repair_cancelled")
        assert waits != bool(ended), (number, self.visits[number], receipt)
