"""Conditional requests: what a row's ETag is worth, on every route of the five systems that changes
something. The version that a client saw is the one that its command meets, or nothing happens."""

import concurrent.futures
import threading

from garage import GarageCase
from harness import B1, Client, ServerCase, main

GUARDS = ("If-Match", "If-None-Match", "Expected-Version")


class Rows(ServerCase):
    def setUp(self):
        super().setUp()
        self.create()

    def tag(self, path="/preReservations/1"):
        answer = self.http.get(path)
        self.assertEqual(answer.status, 200, answer)
        return answer.headers["ETag"]

    def test_a_tag_begins_with_the_version_of_the_stream(self):
        version = self.http.get("/streams/prereservation.reservation-1").json()["version"]
        self.assertTrue(self.tag().startswith(f'"{version}-'), self.tag())
        self.assertEqual(self.tag(), self.tag())
        self.assertRegex(self.tag("/myReservations/1"), r'^"2\.\d\.\d-[0-9a-f]{16}"$')

    def test_what_a_client_has_is_not_sent_again(self):
        path = "/preReservations/1"
        tag = self.tag()
        for method in ("GET", "HEAD"):
            for known in (tag, "W/" + tag, f'"x", {tag}', "*"):
                answer = self.http.send(method, path, headers={"If-None-Match": known})
                self.assertEqual((answer.status, answer.body, answer.headers["ETag"]),
                                 (304, b"", tag), answer)
        self.assertEqual(self.http.get(path, {"If-None-Match": '"x"'}).status, 200)
        self.problem(self.http.get(path, {"If-Match": '"x"'}), 412, "precondition_failed")
        self.problem(self.http.get(path, {"If-None-Match": "x"}), 400, "bad_precondition")
        self.problem(self.http.get(path, {"Expected-Version": "2"}), 400,
                     "precondition_not_supported", "Expected-Version")
        self.http.delete(path)
        after = self.http.get(path + "?includeCancelled=true", {"If-None-Match": tag})
        self.assertEqual(after.status, 200)

    def test_an_erasure_changes_the_tag(self):
        """The stream is what it was; what is shown of it is not."""
        tag = self.tag()
        answer = self.http.post("/audit/erasures", {"person": "prereservation/user:1",
                                                    "reason": "asked"})
        self.assertLess(answer.status, 300, answer)
        shown = self.http.get("/preReservations/1", {"If-None-Match": tag})
        self.assertEqual(shown.status, 200, shown)
        self.assertNotIn(b"seoul", shown.body)

    def test_a_stale_condition_cancels_nothing(self):
        path, tag = "/preReservations/1", self.tag()
        for headers, status in (({"If-Match": '"99"'}, 412), ({"If-Match": '"1", "3-ab"'}, 412),
                                ({"If-Match": "W/" + tag}, 412), ({"If-Match": '"x"'}, 412),
                                ({"If-None-Match": "*"}, 412), ({"If-None-Match": tag}, 412),
                                ({"If-None-Match": f'"7", W/{tag}'}, 412),
                                ({"Expected-Version": "1"}, 409),
                                ({"Expected-Version": "no-stream"}, 409)):
            told = self.problem(self.http.delete(path, headers), status, "wrong_expected_version",
                                next(iter(headers)))
            self.assertEqual((told["stream"], told["version"]), ("prereservation.reservation-1", 2))
        for headers in ({"If-Match": "2"}, {"Expected-Version": "x"}, {"If-None-Match": ""},
                        {"If-Match": "*", "Expected-Version": "2"}):
            self.problem(self.http.delete(path, headers), 400, "bad_precondition")
        self.assertEqual(self.http.get(path).json()["status"], "paid")
        self.problem(self.http.delete("/preReservations/7", {"If-Match": '"1"'}), 404,
                     "reservation_not_found")
        self.assertEqual(self.http.delete(path, {"If-Match": tag}).status, 204)

    def test_what_fits_cancels(self):
        fits = ({"If-Match": '"2"'}, {"If-Match": '"9", "2-of-something"'}, {"If-Match": "*"},
                {"If-None-Match": '"1"'}, {"Expected-Version": "2"}, {"Expected-Version": "exists"})
        for number, headers in enumerate(fits, 2):
            self.create()
            answer = self.http.delete(f"/preReservations/{number}", headers)
            self.assertEqual(answer.status, 204, (headers, answer))

    def test_a_row_of_the_past_guards_nothing_but_the_past(self):
        """As a view that is behind: its ETag is older than the stream that the command meets."""
        path = "/preReservations/1"
        old = self.http.get(path + "?asOf=1").headers["ETag"]
        self.assertTrue(old.startswith('"1-'), old)
        self.problem(self.http.delete(path, {"If-Match": old}), 412, "wrong_expected_version")

    def test_a_repeated_request_has_its_answer(self):
        keyed = {"Idempotency-Key": "k", "If-Match": self.tag()}
        stale = {"Idempotency-Key": "s", "If-None-Match": "*"}
        self.problem(self.http.delete("/preReservations/1", stale), 412, "wrong_expected_version")
        for _ in range(2):
            self.assertEqual(self.http.delete("/preReservations/1", keyed).status, 204)
            told = self.problem(self.http.delete("/preReservations/1", stale), 412,
                                "wrong_expected_version")
            self.assertEqual(told["version"], 2)
        other = {**keyed, "If-Match": '"3"'}
        self.problem(self.http.delete("/preReservations/1", other), 422, "idempotency_key_reused")

    def test_of_many_with_the_same_row_one_wins(self):
        rounds, clients = 25, 4
        for _ in range(rounds):
            self.create()
        barrier = threading.Barrier(clients)

        def race(_):
            http = Client(self.server.port)
            won = 0
            for number in range(2, rounds + 2):
                path = f"/preReservations/{number}"
                tag = http.get(path).headers["ETag"]
                barrier.wait()
                answer = http.delete(path, {"If-Match": tag})
                if answer.status not in (204, 412):
                    raise AssertionError(answer)
                won += answer.status == 204
            http.close()
            return won

        with concurrent.futures.ThreadPoolExecutor(clients) as pool:
            self.assertEqual(sum(pool.map(race, range(clients))), rounds)


class EveryRoute(ServerCase):
    """What is described is looked at, and what is not described is refused."""

    system = None
    bodies = {"/preReservations": B1}

    def operations(self):
        paths = self.http.get("/openapi.json").json()["paths"]
        for path, methods in paths.items():
            for method, operation in methods.items():
                names = {p["name"] for p in operation["parameters"] if p.get("in") == "header"}
                yield path, method.upper(), operation, names

    def test_no_condition_is_ignored(self):
        looked = set()
        for path, method, operation, names in self.operations():
            if method == "GET":
                continue
            if names.issuperset(GUARDS):
                looked.add((method, path))
                continue
            self.assertFalse(names & set(GUARDS), (path, names))
            target = path.replace("{", "").replace("}", "")
            types = operation.get("requestBody", {}).get("content", {})
            body = "{}" if types else None
            for name in GUARDS:
                headers = {name: '"1"', "Content-Type": next(iter(types), "application/json")}
                self.problem(self.http.send(method, target, body, headers), 400,
                             "precondition_not_supported", name)
        self.assertEqual(looked, {
            ("DELETE", "/prereservation/preReservations/{id}"),
            ("PATCH", "/market/productupdate"), ("PATCH", "/market/reservationupdate"),
            ("PATCH", "/market/paid"),
            ("POST", "/vaccination/user/cancel"), ("POST", "/vaccination/hospital/inject"),
            ("PATCH", "/repairshop/receipts/{id}"), ("PATCH", "/repairshop/repairs/{id}"),
            ("DELETE", "/phoneshop/orders/{id}"), ("POST", "/phoneshop/storeManages"),
            ("POST", "/notifications/{id}/replay"), ("POST", "/sagas/{id}/retry"),
            ("POST", "/sagas/{id}/compensate"), ("POST", "/streams/{stream}")})


class Commands(ServerCase):
    """Each command of a system with the row of the thing that it changes."""

    def read(self, path):
        answer = self.http.get(path)
        self.assertEqual(answer.status, 200, answer)
        return answer

    def guarded(self, row, method, path, body, ok=200):
        """Refused with another version, accepted with that of the row."""
        tag = self.read(row).headers["ETag"]
        self.problem(self.http.send(method, path, body, {"If-Match": '"99"'}), 412,
                     "wrong_expected_version")
        self.assertEqual(self.read(row).headers["ETag"], tag)
        answer = self.http.send(method, path, body, {"If-Match": tag})
        self.assertEqual(answer.status, ok, answer)
        self.assertNotEqual(self.http.get(row).headers["ETag"], tag)


class Market(Commands):
    system = "market"

    def test_every_change(self):
        self.http.post("/product", {"productName": "Phone", "price": 5})
        self.guarded("/products/1", "PATCH", "/productupdate", {"id": 1, "price": 7})
        self.http.post("/reservation", {"productId": 1})
        self.guarded("/payments/1", "PATCH", "/paid", {"id": 1, "paymentStatus": "02"})
        cancel = {"id": 1, "reservationStatus": "02"}
        self.guarded("/reservations/1", "PATCH", "/reservationupdate", cancel)
        self.assertEqual(self.read("/products/1").json()["productStatus"], "01")
        self.problem(self.http.send("PATCH", "/reservationupdate", {**cancel, "id": 9},
                                    {"If-Match": '"1"'}), 404, "reservation_not_found")


class Vaccination(Commands):
    system = "vaccination"
    flags = ("--now", "2021-09-29T09:00:00+09:00")

    def test_every_change(self):
        for name, number in (("A", "890309-2766876"), ("B", "930516-2104712")):
            body = {"userName": name, "userRegNumber": number, "reserveDate": "2021-10-05"}
            self.assertEqual(self.http.post("/user/reserve", body).status, 200)
        self.guarded("/hospitals/1", "POST", "/hospital/inject", {"userId": 1})
        by_number = {"userRegNumber": "930516-2104712"}
        self.problem(self.http.post("/user/cancel", by_number, {"If-Match": '"1"'}), 400,
                     "precondition_not_supported", "If-Match")
        self.guarded("/users/2", "POST", "/user/cancel", {"userId": 2})


class Phoneshop(Commands):
    system = "phoneshop"
    flags = ("--phoneshop-shipping-delay-ms", "600000")

    def test_every_change(self):
        for _ in range(2):
            self.assertEqual(self.http.post("/orders", {"item": "note21", "qty": 1}).status, 201)
        hand_over = {"orderId": 1, "process": "Payed"}
        tag = self.read("/storeManages/1").headers["ETag"]
        self.problem(self.http.post("/storeManages", hand_over, {"If-None-Match": "*"}), 412,
                     "wrong_expected_version")
        self.assertEqual(self.http.post("/storeManages", hand_over, {"If-Match": tag}).status, 201)
        self.guarded("/orders/1", "DELETE", "/orders/1", None, 204)


class Repairshop(GarageCase, Commands):
    def test_every_change(self):
        number = self.take()
        self.guarded(f"/repairs/{number}", "PATCH", f"/repairs/{number}",
                     {"stat": "REPAIRED", "repairAmt": 3000})
        for stat, more in (("PAYMENTREQUESTED", {"payAmt": 3000}), ("DELIVERYREQUESTED", {})):
            self.guarded(f"/receipts/{number}", "PATCH", f"/receipts/{number}",
                         {"stat": stat, **more})


class Operators(ServerCase):
    def test_an_order_to_a_saga(self):
        self.create()
        path = "/sagas/prereservation.checkout-1"
        tag = self.http.get(path).headers["ETag"]
        self.problem(self.http.send("POST", path + "/compensate", headers={"If-Match": '"1"'}), 412,
                     "wrong_expected_version")
        done = self.http.send("POST", path + "/compensate", headers={"If-Match": tag})
        self.assertEqual(done.status, 200, done)


if __name__ == "__main__":
    main()
