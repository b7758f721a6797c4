"""What operators see of sagas under way, and what they can do for them."""

from harness import ServerCase, main, rows, set_context, wait_for


class Sagas(ServerCase):
    def saga(self, number=1):
        return self.http.get(f"/sagas/prereservation.checkout-{number}").json()

    def compensated(self, number=1):
        wait_for("compensated", lambda: self.saga(number)["state"] == "compensated")

    def order(self, what, number=1, **headers):
        return self.http.post(f"/sagas/prereservation.checkout-{number}/{what}", None, headers)

    def test_a_list_by_state_and_status(self):
        self.create()
        self.create()
        self.http.delete("/preReservations/2")
        self.compensated(2)
        listed = {row["id"]: row for row in rows(self.http, "sagas")}
        self.assertEqual(listed["prereservation.checkout-1"]["state"], "completed")
        self.assertEqual(listed["prereservation.checkout-2"]["state"], "compensated")
        only = self.http.get("/sagas?state=compensated").json()["_embedded"]["sagas"]
        self.assertEqual([row["id"] for row in only], ["prereservation.checkout-2"])
        self.assertEqual(self.http.get("/sagas?status=open").json()["page"]["totalElements"], 0)
        self.problem(self.http.get("/sagas?colour=red"), 400, "unknown_parameter", "colour")

    def test_the_timeline(self):
        created = self.create()
        saga = self.saga()
        self.assertEqual((saga["status"], saga["state"]), ("ended", "completed"))
        self.assertEqual([step["input"] for step in saga["timeline"]],
                         ["prereservation.reservation_requested.v1", "payment.payment_completed.v1"])
        self.assertEqual(saga["timeline"][0]["sent"],
                         ["payment.request_payment -> payment.payment-prereservation-1"])
        self.assertEqual(saga["timeline"][0]["inputId"], "prereservation.reservation-1@1")
        self.assertLessEqual(saga["timeline"][1]["position"], created.position())
        self.assertEqual(saga["correlationId"], created.headers["X-Correlation-Id"])
        self.assertEqual((saga["waitingFor"], saga["retry"]), ([], None))
        self.assertEqual(saga["compensate"]["state"], "compensating")
        self.assertEqual(len(saga["compensate"]["sends"]), 3)

    def test_what_an_open_saga_waits_for(self):
        self.create()
        set_context(self.http, "payment", state="down")
        self.http.delete("/preReservations/1")
        saga = self.saga()
        self.assertEqual((saga["status"], saga["state"]), ("open", "compensating"))
        self.assertEqual(saga["waitingFor"],
                         [{"kind": "command", "type": "payment.cancel_payment", "context": "payment",
                           "for": "payment.payment-prereservation-1"}])
        self.assertEqual(saga["retry"]["sends"],
                         ["payment.cancel_payment -> payment.payment-prereservation-1"])
        self.assertEqual(self.http.get("/sagas?status=open").json()["page"]["totalElements"], 1)
        retried = self.order("retry")
        self.assertEqual(retried.status, 200, retried)
        self.assertEqual(retried.json()["timeline"][-1]["input"], "operator_retry")
        self.assertEqual(len(retried.json()["waitingFor"]), 2)
        set_context(self.http, "payment", state="up")
        self.compensated()
        payments = [e["type"] for e in
                    self.http.get("/streams/payment.payment-prereservation-1").json()["events"]]
        self.assertEqual(payments.count("payment.payment_cancelled.v1"), 1, "refunded once")

    def test_an_operator_undoes_a_reservation(self):
        self.create()
        undone = self.order("compensate", **{"X-Actor": "kim", "Idempotency-Key": "undo-1"})
        self.assertEqual(undone.status, 200, undone)
        self.compensated()
        step = next(s for s in self.saga()["timeline"] if s["input"] == "operator_compensate")
        self.assertEqual(step["actor"], "kim")
        again = self.order("compensate", **{"X-Actor": "kim", "Idempotency-Key": "undo-1"})
        self.assertEqual(again.headers.get("Idempotent-Replayed"), "true")
        self.problem(self.order("compensate"), 409, "nothing_to_do")
        row = self.http.get("/preReservations/1?includeCancelled=true").json()
        self.assertEqual(row["status"], "reservation_cancelled")
        self.assertEqual(rows(self.http, "payments", "&includeCancelled=true")[0]["refunded"], 1300000)

    def test_sagas_that_are_not_there(self):
        for number, what in (("7", "prereservation.checkout-7"), ("", "nothing"), ("", "a.b-1")):
            self.problem(self.http.get(f"/sagas/{what}"), 404, "saga_not_found", "id")
        self.problem(self.order("retry", 7), 404, "saga_not_found")
        self.create()
        set_context(self.http, "prereservation", state="down")
        self.problem(self.order("compensate"), 503, "context_down")


if __name__ == "__main__":
    main()
