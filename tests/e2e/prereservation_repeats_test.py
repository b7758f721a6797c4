"""Pre-reservation requests that are sent again, and how many a user may hold."""

from harness import B1, ServerCase, main, set_context
from model import check_all, read_model


class Repeats(ServerCase):
    """One key is one effect and one answer, also over restarts."""

    def test_create(self):
        keyed = {"Idempotency-Key": "key-1"}
        first = self.create(headers=keyed)
        self.assertIsNone(first.headers["Idempotent-Replayed"])
        for kill in (None, False, True):
            if kill is not None:
                self.server.restart(kill)
                self.http = self.server.client()
            again = self.create(headers=keyed)
            self.assertEqual((again.body, again.headers["Location"], again.position()),
                             (first.body, first.headers["Location"], first.position()))
            self.assertEqual(again.headers["Idempotent-Replayed"], "true")
            other = self.http.post("/preReservations", {**B1, "price": 1}, keyed)
            self.problem(other, 422, "idempotency_key_reused")
        self.assertEqual(self.http.delete("/preReservations/1").status, 204)
        self.assertEqual(self.create(headers=keyed).body, first.body,
                         "still the answer of that time")
        self.create(headers={"Idempotency-Key": "key-2"})
        self.assertEqual(set(check_all(self.http).reservations), {1, 2})

    def test_a_refused_create(self):
        keyed = {"Idempotency-Key": "declined"}
        set_context(self.http, "payment", declineRate=1)
        first = self.create(headers=keyed, status=402)
        set_context(self.http, "payment", declineRate=0)
        for kill in (None, True):
            if kill:
                self.server.restart(kill)
                self.http = self.server.client()
            self.assertEqual(self.create(headers=keyed, status=402).refusal(), first.refusal())
        self.assertEqual(len(read_model(self.http).reservations), 1)

    def test_cancel(self):
        self.create()
        keyed = {"Idempotency-Key": "cancel-1"}
        first = self.http.delete("/preReservations/1", keyed)
        for kill in (None, False, True):
            if kill is not None:
                self.server.restart(kill)
                self.http = self.server.client()
            again = self.http.delete("/preReservations/1", keyed)
            self.assertEqual((again.status, again.position()), (204, first.position()))
        self.problem(self.http.delete("/preReservations/1"), 404, "reservation_cancelled")
        self.problem(self.http.delete("/preReservations/2", keyed), 422, "idempotency_key_reused")
        check_all(self.http)

    def test_keys(self):
        self.create(headers={"Idempotency-Key": "x" * 128})
        for key in ("x" * 129, "two words", "", "é"):
            answer = self.http.post("/preReservations", B1, {"Idempotency-Key": key.encode()})
            self.problem(answer, 400, "bad_idempotency_key")


class Limits(ServerCase):
    flags = ("--prereservation-max-per-user-product", "2")

    def test_a_user_may_hold_so_many_of_a_product(self):
        keyed = {"Idempotency-Key": "third"}
        first = self.create().json()["id"]
        self.create()
        third = self.http.post("/preReservations", B1, keyed)
        self.problem(third, 409, "reservation_limit_reached")
        self.create({**B1, "productId": 2})
        self.create({**B1, "userId": 2})
        self.http.delete(f"/preReservations/{first}")
        self.create()  # a cancelled one does not count
        self.assertEqual(self.http.post("/preReservations", B1, keyed).refusal(), third.refusal())
        self.assertEqual(len(check_all(self.http).live()), 4)


if __name__ == "__main__":
    main()
