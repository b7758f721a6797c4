"""The outage matrix of the car repair shop, and the delays and failures of delivery and payment.
Every outage is tried with an orderly life in between and with a kill -9."""

import concurrent.futures
import time

from harness import Client, main, set_context
from garage import GarageCase

LATER = "잠시 후"


class OutageCase(GarageCase):
    kill = False

    def again(self, context):
        """Another life of the server, in the middle of the outage; then the outage ends."""
        self.server.restart(self.kill)
        self.http = self.server.client()
        state = self.http.get("/actuator/contexts/" + context).json()["state"]
        self.assertEqual(state, "down", "a stopped context stays stopped over a restart")
        self.bring_up(context)

    def unavailable(self, answer, code, message=LATER):
        told = self.problem(answer, 503, code)
        self.assertEqual(answer.headers["Retry-After"], "5", answer)
        if message:
            self.assertIn(message, told["detail"])
        return told

    def finish(self):
        model = self.check_all()
        self.check_data()
        return model


class Outages(OutageCase):
    def test_repair_A7(self):
        kept = self.take("0101")
        self.stop("repair")
        numbers = [self.take(plate, "REQUESTREPAIR") for plate in ("1234", "4567")]
        self.assertEqual([self.stat(n) for n in numbers], ["REPAIRREQUEST"] * 2)
        self.problem(self.http.get("/repairs"), 503, "context_down")
        before = self.head()
        self.unavailable(self.patch(f"/repairs/{kept}", stat="REJECT"), "context_down", "")
        self.assertEqual(self.head(), before, "it left something")
        cancelled = self.take("8901")
        self.assertEqual(self.ask(cancelled, "CANCEL")["stat"], "CANCELREQUESTED")
        self.again("repair")
        for number in numbers:
            self.becomes(number, "REPAIRRECEIVED")
        self.becomes(cancelled, "CANCELLED")
        self.assertEqual([r["id"] for r in self.rows("repairs")], [kept, *numbers, cancelled])
        self.finish()

    def test_payment_A9(self):
        numbers = [self.repaired() for _ in range(2)]
        self.stop("repairshop.payment")
        before = self.head()
        for number in numbers:
            self.unavailable(self.patch(f"/receipts/{number}", stat="PAYMENTREQUESTED",
                                        payAmt=3000), "context_down")
            self.assertEqual(self.stat(number), "REPAIRED")
        self.assertEqual(self.head(), before, "it left something")
        self.problem(self.http.get("/payments"), 503, "context_down")
        other = self.repaired()
        self.ask(other, "DELIVERYREQUESTED")
        self.again("repairshop.payment")
        for number in numbers:
            self.assertEqual(self.pay(number)["stat"], "PAID")
        self.assertEqual(self.finish().kept, {n: 3000 for n in numbers})

    def test_delivery_A4_A5(self):
        numbers = [self.take("1234") for _ in range(4)]
        self.stop("delivery")
        before = self.head()
        self.unavailable(self.patch("/receipts/4", stat="DELIVERYREQUESTED"), "context_down")
        self.assertEqual(self.stat(4), "REPAIRRECEIVED")
        self.assertEqual(self.head(), before, "it left something (CAR-X3)")
        self.problem(self.http.get("/deliveries"), 503, "context_down")
        self.repair(3)
        self.pay(3)
        self.again("delivery")
        row = self.ask(4, "DELIVERYREQUESTED")
        row.pop("_links")
        row = {name: row[name] for name in ("vehiNo", "stat", "reapirAmt", "payAmt")}
        self.assertEqual(row, {"vehiNo": "1234", "stat": "DELIVERYREQUESTED", "reapirAmt": None,
                               "payAmt": None})
        self.assertEqual([r["id"] for r in self.rows("deliveries")], [4])
        self.assertEqual(numbers, [1, 2, 3, 4])
        self.finish()

    def test_receipt(self):
        number = self.take()
        self.stop("repairshop.receipt")
        before = self.head()
        self.unavailable(self.http.post("/receipts", {"vehiNo": "1"}), "context_down", "")
        self.unavailable(self.patch(f"/receipts/{number}", stat="CANCEL"), "context_down", "")
        self.assertEqual(self.head(), before, "it left something")
        self.repair(number)
        self.assertEqual(self.row(f"/repairs/{number}")["stat"], "REPAIRED")
        self.again("repairshop.receipt")
        self.becomes(number, "REPAIRED")
        self.pay(number)
        self.assertEqual(self.take(), number + 1, "no number was lost")
        self.finish()

    def test_display(self):
        number = self.take()
        self.stop("display")
        self.problem(self.http.get("/displays"), 503, "context_down")
        self.repair(number)
        self.pay(number)
        self.ask(number, "DELIVERYREQUESTED")
        self.again("display")
        self.finish()
        # check_all() has compared the display with all others


class OutagesWithKill(Outages):
    kill = True


class Asynchronous(OutageCase):
    flags = ("--delivery-mode", "async")

    def test_delivery_A6(self):
        paid = self.repaired()
        self.pay(paid)
        self.stop("delivery")
        imported = self.take("1234", "DELIVERYREQUESTED")
        self.assertEqual(self.ask(paid, "DELIVERYREQUESTED")["stat"], "DELIVERYREQUESTED")
        for number in (imported, paid):
            self.assertEqual(self.stat(number), "DELIVERYREQUESTED")
        self.again("delivery")
        for number in (imported, paid):
            self.becomes(number, "DELIVERYSTARTED")
        self.assertEqual({r["id"] for r in self.rows("deliveries")}, {imported, paid})
        model = self.finish()
        self.assertEqual(model.kept, {paid: 3000}, "what was imported was paid elsewhere")


class AsynchronousWithKill(Asynchronous):
    kill = True


class Injection(OutageCase):
    flags = ("--calls-breaker-sleep-ms", "400")

    def guard(self, context):
        found = self.http.get("/actuator/circuitbreakers").json()["circuitbreakers"]
        return next(one for one in found if one["context"] == context)

    def at_once(self, users, numbers, **body):
        def one(share):
            client = Client(self.server.port)
            answers = [client.send("PATCH", f"/receipts/{n}", body) for n in share]
            client.close()
            return answers
        shares = [numbers[i::users] for i in range(users)]
        with concurrent.futures.ThreadPoolExecutor(users) as pool:
            done = list(pool.map(one, shares))
        return [(n, a) for share, answers in zip(shares, done) for n, a in zip(share, answers)]

    def check_deliveries(self, answers):
        """Admitted means delivered; what was refused has left nothing."""
        for number, answer in answers:
            if answer.status != 200:
                self.unavailable(answer, answer.json()["code"])
        model = self.check_all()
        delivered = {n for n, a in answers if a.status == 200}
        self.assertEqual(set(model.deliveries), delivered)
        return delivered

    def test_the_delay_of_the_founding_document(self):
        """800 to 1020 ms, for which its caller sets no limit: slow, and nobody is refused."""
        numbers = [self.take() for _ in range(10)]
        set_context(self.http, "delivery", delayMs=[800, 1020])
        began = time.monotonic()
        delivered = self.check_deliveries(
            self.at_once(5, numbers, stat="DELIVERYREQUESTED"))
        self.assertGreater(time.monotonic() - began, 1.6)
        self.assertEqual(delivered, set(numbers))
        self.assertEqual(self.guard("delivery")["state"], "closed")
        self.assertEqual(len(self.rows("deliveries")), 10)
        self.check_data()

    def test_a_hundred_users(self):
        """The bulkhead holds ten calls; the others are shed, and all that was promised is kept."""
        numbers = [self.take() for _ in range(200)]
        set_context(self.http, "delivery", delayMs=[800, 1020])
        answers = self.at_once(100, numbers, stat="DELIVERYREQUESTED")
        now = self.guard("delivery")
        self.assertGreater(now["rejected"], 0, now)
        self.assertGreater(now["opened"], 0, now)
        set_context(self.http, "delivery", delayMs=[])
        delivered = self.check_deliveries(answers)
        self.assertGreaterEqual(len(delivered), 10)
        time.sleep(0.45)
        refused = sorted(set(numbers) - delivered)
        self.ask(refused[0], "DELIVERYREQUESTED")
        self.assertEqual(self.guard("delivery")["state"], "closed")
        for number in refused[1:]:
            self.ask(number, "DELIVERYREQUESTED")
        self.assertEqual(set(self.check_all().deliveries), set(numbers))
        self.check_data()

    def test_the_breaker_of_delivery_opens_and_closes(self):
        number = self.take()
        set_context(self.http, "delivery", failRate=1)
        before = self.head()
        codes = [self.unavailable(self.patch(f"/receipts/{number}", stat="DELIVERYREQUESTED"),
                                  code)["code"] for code in ["failed"] * 20 + ["circuit_open"] * 5]
        self.assertEqual(len(codes), 25)
        self.assertEqual(self.head(), before, "it left something")
        self.assertEqual((self.guard("delivery")["state"], self.guard("delivery")["opened"]),
                         ("open", 1))
        self.assertIn(LATER, self.server.log())
        set_context(self.http, "delivery", failRate=0)
        self.unavailable(self.patch(f"/receipts/{number}", stat="DELIVERYREQUESTED"),
                         "circuit_open")
        time.sleep(0.45)
        self.ask(number, "DELIVERYREQUESTED")
        self.assertEqual(self.guard("delivery")["state"], "closed")
        self.check_all()

    def test_payments_that_fail_can_be_made_later_N3(self):
        number = self.repaired()
        set_context(self.http, "repairshop.payment", failRate=1)
        keyed = {"Idempotency-Key": "this-once"}
        for _ in range(2):
            self.unavailable(self.patch(f"/receipts/{number}", keyed, stat="PAYMENTREQUESTED",
                                        payAmt=3000), "payment_unavailable")
        self.assertEqual(self.stat(number), "REPAIRED")
        self.assertEqual(self.row(f"/payments/{number}")["stat"], "PAYMENTUNAVAILABLE")
        set_context(self.http, "repairshop.payment", failRate=0, declineRate=1)
        self.problem(self.patch(f"/receipts/{number}", stat="PAYMENTREQUESTED", payAmt=3000), 402,
                     "payment_declined")
        self.assertEqual(self.row(f"/displays/{number}")["payStat"], "PAYMENTDECLINED")
        set_context(self.http, "repairshop.payment", declineRate=0)
        self.assertEqual(self.pay(number)["payAmt"], 3000)
        self.assertEqual(self.row(f"/payments/{number}")["attempt"], 3)
        self.unavailable(self.patch(f"/receipts/{number}", keyed, stat="PAYMENTREQUESTED",
                                    payAmt=3000), "payment_unavailable")
        self.assertEqual(self.finish().kept, {number: 3000})

    def test_payments_whose_answer_is_lost_are_found(self):
        numbers = [self.repaired() for _ in range(4)]
        set_context(self.http, "repairshop.payment", loseRate=1)
        answers = self.at_once(4, numbers, stat="PAYMENTREQUESTED", payAmt=3000)
        self.assertLessEqual({a.status for _, a in answers}, {200, 202}, answers)
        set_context(self.http, "repairshop.payment", loseRate=0)
        for number in numbers:
            self.becomes(number, "PAID")
        self.assertEqual(self.finish().kept, {n: 3000 for n in numbers})

    def test_a_mixture_of_everything(self):
        numbers = [self.repaired() for _ in range(40)]
        set_context(self.http, "repairshop.payment", failRate=0.2, loseRate=0.2, declineRate=0.2)
        set_context(self.http, "delivery", failRate=0.3)
        self.at_once(8, numbers, stat="PAYMENTREQUESTED", payAmt=3000)
        answers = self.at_once(8, numbers, stat="DELIVERYREQUESTED")
        for context in ("repairshop.payment", "delivery"):
            set_context(self.http, context, failRate=0, loseRate=0, declineRate=0)
        self.check_deliveries(answers)
        self.check_data()


if __name__ == "__main__":
    main()
