"""The acceptance tests of vaccination, with the bodies of its founding document, which runs in
September 2021."""

import concurrent.futures
import datetime
import json

from harness import (Client, Server, ServerCase, all_events, main, rows, set_context, verify_audit,
                     wait_for)
from vaccination_model import (CLOCK, DAY, JIEUN, TAEYEON, TYPES, check_all, person, quiet)


class VaccinationCase(ServerCase):
    system = "vaccination"
    flags = CLOCK
    prefix = ""

    def reserve(self, who=TAEYEON, day=DAY, status=200, headers=None):
        answer = self.http.post(self.prefix + "/user/reserve", {**who, "reserveDate": day}, headers)
        self.assertEqual(answer.status, status, answer)
        return answer

    def cancel(self, who=TAEYEON):
        return self.http.post(self.prefix + "/user/cancel", {"userRegNumber": who["userRegNumber"]})

    def inject(self, user):
        return self.http.post(self.prefix + "/hospital/inject", {"userId": user})

    def dates(self, who=TAEYEON):
        answer = self.http.post(self.prefix + "/user/date", who)
        self.assertEqual(answer.status, 200, answer)
        return {day["date"]: day["count"] for day in answer.json()}

    def only(self, view, query=""):
        found = rows(self.http, view, query, self.prefix)
        self.assertEqual(len(found), 1, found)
        return found[0]

    def dashboard(self, rest=""):
        answer = self.http.get(f"{self.prefix}/dashboard/list{rest}")
        self.assertEqual((answer.status, answer.headers["Content-Type"]),
                         (200, "application/json"), answer)
        return answer.json()


class Acceptance(VaccinationCase):
    def test_the_dates(self):
        """VAC-A1: tomorrow to ten days ahead, with the places that are left."""
        tomorrow = datetime.date(2021, 9, 30)
        days = [(tomorrow + datetime.timedelta(days=n)).isoformat() for n in range(10)]
        self.assertEqual(self.dates(), {day: 100 for day in days})
        self.reserve()
        self.assertEqual(self.dates()[DAY], 99)
        self.cancel()
        self.assertEqual(self.dates()[DAY], 100)

    def test_one_who_comes(self):
        """VAC-A2, A3, A4, A6, A7."""
        user = self.reserve().json()
        wanted = {"id": 1, "userName": "Taeyeon Kim", "userRegNumber": "890309-2******",
                  "reserveStatus": "RESERVE", "reserveDate": DAY, "injectDate": None,
                  "vaccineType": None, "cancelReason": None}
        self.assertEqual({name: user[name] for name in wanted}, wanted)
        self.assertTrue(user["modifyDate"].startswith("2021-09-29T00:0"), user)
        quiet(self.http)
        self.assertEqual(self.only("reservations")["reserveStatus"], "RESERVE")
        hospital = self.only("hospitals")
        self.assertEqual((hospital["reserveStatus"], hospital["hospitalName"],
                          hospital["reservationId"]), ("RESERVE", "Korean Hospital", 1))
        vaccine = hospital["vaccineType"]
        self.assertIn(vaccine, TYPES)
        moved = self.only("stocks", "&reservationId=1")
        self.assertEqual((moved["vaccineType"], moved["vaccineCount"], moved["available"]),
                         (vaccine, -1, 999))
        [row] = self.dashboard()
        self.assertEqual((row["id"], row["userId"], row["reserveStatus"], row["vaccineType"],
                          row["injectDate"]), (1, 1, "RESERVE", vaccine, None))
        self.assertEqual(self.dashboard("/" + vaccine), [row])
        other = next(kind for kind in TYPES if kind != vaccine)
        self.assertEqual(self.dashboard("/" + other), [])

        done = self.inject("1")  # as HTTPie sends it
        self.assertEqual(done.status, 200, done)
        told = done.json()
        self.assertEqual((told["eventType"], told["userId"], told["vaccineType"]),
                         ("VaccineInjected", 1, vaccine))
        self.assertRegex(told["timestamp"], r"^2021092909\d{4}$")
        model = check_all(self.http, self.prefix)
        self.assertEqual(model.users, {1: "INJECT"})
        user = self.only("users")
        self.assertEqual((user["reserveStatus"], user["injectDate"], user["vaccineType"]),
                         ("INJECT", told["injectDate"], vaccine))
        [row] = self.dashboard()
        self.assertEqual((row["reserveStatus"], row["injectDate"], row["vaccineType"]),
                         ("INJECT", told["injectDate"], vaccine))
        self.assertEqual(self.only("reservations")["reserveStatus"], "INJECT")
        self.problem(self.inject(1), 409, "already_injected")
        self.problem(self.cancel(), 409, "already_injected")
        self.problem(self.inject(2), 404, "user_not_found")

    def test_one_who_does_not_come(self):
        """SH-16: the hospital says so on the day; dose and place are free, and the person too."""
        self.reserve()
        quiet(self.http)
        self.problem(self.http.post(self.prefix + "/hospital/no-show", {"userId": 1}), 409,
                     "day_not_come")
        self.server.stop()
        self.server.set_flag("--now", f"{DAY}T18:00:00+09:00")
        self.server.start()
        self.http = self.server.client()
        told = self.http.post(self.prefix + "/hospital/no-show", {"userId": 1})
        self.assertEqual(told.status, 200, told)
        self.assertEqual((told.json()["eventType"], told.json()["userId"],
                          told.json()["reserveDate"]), ("NoShowRecorded", 1, DAY))
        check_all(self.http, self.prefix)
        user = self.only("users")
        self.assertEqual((user["reserveStatus"], user["cancelReason"]), ("NO_SHOW", "no_show"))
        self.assertEqual(self.only("hospitals")["reserveStatus"], "NO_SHOW")
        self.assertEqual(self.dashboard()[0]["reserveStatus"], "NO_SHOW")
        self.problem(self.inject(1), 409, "already_cancelled")
        self.assertEqual(self.reserve(day="2021-10-06").json()["id"], 2)

    def test_the_end_of_the_day_says_who_did_not_come(self):
        self.reserve()
        self.server.stop()
        self.server.set_flag("--now", f"{DAY}T23:59:58+09:00")
        self.server.start()
        self.http = self.server.client()
        wait_for("midnight", lambda: self.only("users")["reserveStatus"] == "NO_SHOW")
        check_all(self.http, self.prefix)
        [event] = all_events(self.http, query="&type=vaccination.no_show_recorded.v1")
        self.assertEqual(event["actor"], "system")
        self.assertGreaterEqual(event["time"], f"{DAY}T15:00:00.000Z", "midnight in Seoul")

    def test_the_hospital_alone_says_it_when_the_settings_say_so(self):
        self.reserve()
        self.server.stop()
        self.server.set_flag("--now", "2021-10-20T09:00:00+09:00")
        self.server.start("--vaccination-no-show", "hospital")
        self.http = self.server.client()
        quiet(self.http)
        self.assertEqual(self.only("users")["reserveStatus"], "RESERVE")
        self.assertEqual(
            self.http.post(self.prefix + "/hospital/no-show", {"userId": 1}).status, 200)

    def test_one_who_cancels(self):
        """VAC-A5: user, dashboard and hospital say so, and the dose is back."""
        self.reserve()
        quiet(self.http)
        vaccine = self.only("hospitals")["vaccineType"]
        gone = self.cancel()
        self.assertEqual(gone.status, 200, gone)
        self.assertEqual((gone.json()["reserveStatus"], gone.json()["cancelReason"]),
                         ("CANCEL", "user_request"))
        check_all(self.http, self.prefix)
        [row] = self.dashboard()
        self.assertEqual((row["reserveStatus"], row["vaccineType"]), ("CANCEL", vaccine))
        self.assertTrue(row["cancelDate"])
        self.assertEqual(self.only("hospitals")["reserveStatus"], "CANCEL")
        moved = rows(self.http, "stocks", "&reservationId=1", self.prefix)
        self.assertEqual([(m["vaccineType"], m["vaccineCount"]) for m in moved],
                         [(vaccine, -1), (vaccine, 1)])
        self.problem(self.cancel(), 409, "already_cancelled")
        self.problem(self.inject(1), 409, "already_cancelled")

    def test_again_and_again(self):
        """VAC-A15: the stock is what it was."""
        for _ in range(10):
            self.reserve()
            self.assertEqual(self.cancel().status, 200)
        check_all(self.http, self.prefix)
        left = {s["id"]: s["available"] for s in rows(self.http, "supplies", "", self.prefix)}
        self.assertEqual(left, {kind: 1000 for kind in TYPES})

    def test_lists(self):
        """VAC-A12 and the gateway's names in the singular."""
        self.reserve()
        self.reserve(JIEUN)
        quiet(self.http)
        for view in ("users", "reservations", "hospitals"):
            self.assertEqual([row["id"] for row in rows(self.http, view, "", self.prefix)], [1, 2])
        self.assertEqual(len(rows(self.http, "stocks", "", self.prefix)), len(TYPES) + 2)
        for alias, count in (("reservation", 2), ("hospital", 2), ("stock", len(TYPES) + 2)):
            self.assertEqual(len(rows(self.http, alias, "", self.prefix)), count)
            one = self.http.get(f"{self.prefix}/{alias}/4")
            self.assertEqual(one.status, 404 if count == 2 else 200)
        self.assertEqual(self.http.get(self.prefix + "/users/2").json()["userName"], "Jieun Lee")
        self.assertEqual(self.http.get(self.prefix + "/supplies/Pfizer").json()["received"], 1000)
        first = self.http.get(self.prefix + "/dashboard/list?size=1")
        self.assertEqual((len(first.json()), first.headers["X-Total-Count"]), (1, "2"))
        [second] = self.dashboard("?size=1&page=1")
        self.assertEqual(second["userName"], "Jieun Lee")
        self.assertEqual(len(self.dashboard("?reserveStatus=CANCEL")), 0)
        self.assertEqual(len(self.dashboard("?userId=2")), 1)
        unknown = self.http.get(self.prefix + "/dashboard/list?colour=red")
        self.problem(unknown, 400, "unknown_parameter", "colour")

    def test_the_switches_of_demonstrations_are_off_by_default(self):
        for method, path in (("GET", "/healthcheck"), ("DELETE", "/healthcheck"),
                             ("POST", "/healthcheck"), ("GET", "/user/hpa")):
            answer = self.http.send(method, self.prefix + path)
            told = self.problem(answer, 403, "demonstration_off")
            self.assertIn("vaccination.demonstration", told["detail"])
        self.assertEqual(self.http.get("/actuator/health").status, 200)

    def test_health_can_be_forced_down(self):
        """VAC-A13."""
        self.server.stop()
        self.server.start("--vaccination-demonstration", "true")
        self.http = self.server.client()
        switch = self.prefix + "/healthcheck"
        self.assertEqual(self.http.get(switch).status, 200)
        self.assertEqual(self.http.delete(switch).status, 204)
        # A server of all systems is well when one of them is not.
        others = (200, "UP") if self.prefix else (503, "DOWN")
        for path, state in ((switch, (503, "DOWN")), ("/actuator/health", others),
                            ("/actuator/health/readiness", others)):
            answer = self.http.get(path)
            self.assertEqual((answer.status, answer.json()["status"]), state, path)
        self.assertEqual(self.http.get("/actuator/health/liveness").status, 200)
        self.assertEqual(self.http.send("POST", switch).status, 201)
        for path in (switch, "/actuator/health", "/actuator/health/readiness"):
            self.assertEqual(self.http.get(path).status, 200, path)

    def test_burning(self):
        """VAC-A14."""
        self.server.stop()
        self.server.start("--vaccination-demonstration", "true")
        self.http = self.server.client()
        answer = self.http.get(self.prefix + "/user/hpa")
        self.assertEqual((answer.status, answer.headers["Content-Type"].split(";")[0]),
                         (200, "text/plain"))
        self.assertIn(b"square roots", answer.body)


class Mounted(Acceptance):
    """All of it under the system's own name, beside the other systems."""
    system = None
    flags = CLOCK + ("--vaccination-initial-stock", "1000")
    prefix = "/vaccination"


class Rules(VaccinationCase):
    def test_the_day_must_be_offered(self):
        """VAC-X1."""
        before = wait_for("the first stock", lambda: len(all_events(self.http)))
        for day in ("2021-09-28", "2021-09-29", "2021-10-10", "2031-01-01"):
            self.problem(self.http.post("/user/reserve", {**TAEYEON, "reserveDate": day}),
                         422, "date_not_offered")
        for day in ("2021-02-30", "5 October", "", 7):
            self.problem(self.http.post("/user/reserve", {**TAEYEON, "reserveDate": day}),
                         400, "wrong_type", "reserveDate")
        self.assertEqual(len(all_events(self.http)), before, "a refusal leaves nothing")
        self.reserve(day="2021-09-30")
        self.reserve(JIEUN, day="2021-10-09")

    def test_what_is_sent_is_checked(self):
        """VAC-X2, VAC-X12."""
        for path, day in (("/user/date", {}), ("/user/reserve", {"reserveDate": DAY})):
            for number in ("900101-123456", "890309-27668766", "891309-2766876",
                           "890230-2766876", "abc", ""):
                told = self.problem(
                    self.http.post(path, {"userName": "A", "userRegNumber": number, **day}),
                    422, "invalid_value", "userRegNumber")
                self.assertTrue(number == "" or number not in told["detail"])
            self.problem(self.http.post(path, {**TAEYEON, "userName": "", **day}),
                         422, "invalid_value", "userName")
            self.problem(self.http.post(path, day), 400, "missing_field", "userName")
        self.problem(self.http.post("/user/cancel", {}), 400, "missing_field", "userRegNumber")
        self.problem(self.http.post("/user/cancel", {"userId": 1, "userRegNumber": "890309-2766876"}),
                     422, "invalid_value", "userRegNumber")
        self.problem(self.http.post("/user/cancel", {"userId": 7}), 404, "user_not_found")
        self.problem(self.http.post("/user/cancel", {"userRegNumber": "x"}), 422, "invalid_value")
        self.problem(self.http.post("/hospital/inject", {}), 400, "missing_field", "userId")
        self.reserve()
        own = self.http.post("/user/reserve", {**JIEUN, "reserveDate": DAY, "id": 1})
        self.assertEqual(own.json()["id"], 2)
        self.assertEqual(self.http.get("/users/1").json()["userName"], "Taeyeon Kim")
        for method in ("PATCH", "DELETE", "PUT"):
            self.assertEqual(self.http.send(method, "/users/1").status, 405)

    def test_a_person_has_one_active_reservation(self):
        """VAC-X3."""
        self.reserve()
        self.problem(self.reserve(status=409), 409, "already_reserved")
        self.problem(self.reserve(day="2021-10-06", status=409), 409, "already_reserved")
        again = self.http.post("/user/cancel", {"userId": "1"})
        self.assertEqual(again.status, 200, again)
        self.assertEqual(self.reserve().json()["id"], 2)
        check_all(self.http)

    def test_no_registration_number_is_kept(self):
        """VAC-X11: neither in events, nor in answers, nor in the log of the server."""
        self.reserve()
        self.dates()
        self.inject(1)
        self.http.post("/user/reserve", {**JIEUN, "reserveDate": "2020-01-01"})
        quiet(self.http)
        for place in (json.dumps(all_events(self.http)), json.dumps(self.dashboard()),
                      str(rows(self.http, "users")), self.server.log()):
            self.assertNotIn("2766876", place)
            self.assertNotIn("2352628", place)
        self.server.stop()
        for file in self.server.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"2766876", file.read_bytes(), file)

    def test_a_repeated_request_has_one_effect(self):
        """SH-1."""
        key = {"Idempotency-Key": "one"}
        first = self.reserve(headers=key)
        self.cancel()
        again = self.reserve(headers=key)
        self.assertEqual(again.body, first.body)
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")
        other = self.http.post("/user/reserve", {**JIEUN, "reserveDate": DAY}, key)
        self.problem(other, 422, "idempotency_key_reused")
        self.assertEqual(self.reserve(JIEUN).json()["id"], 2)
        keyed = {"Idempotency-Key": "two"}
        done = self.http.post("/hospital/inject", {"userId": 2}, keyed)
        self.assertEqual(self.http.post("/hospital/inject", {"userId": 2}, keyed).body, done.body)
        check_all(self.http)

    def test_every_change_is_told_once(self):
        """VAC-N5, VAC-X15: also what changed while nobody could be told, and over a crash."""
        self.reserve()
        set_context(self.http, "notification", state="down")
        self.reserve(JIEUN)
        self.cancel()
        self.inject(2)
        self.server.restart(kill=True)
        self.http = self.server.client()
        set_context(self.http, "notification", state="up")
        wanted = {"vaccination-reserved-1", "vaccination-reserved-2", "vaccination-cancelled-1",
                  "vaccination-injected-2"}
        wait_for("all are told", lambda: {row["id"] for row in rows(self.http, "notifications")
                                          if row["status"] == "delivered"} == wanted)
        told = self.http.get("/notifications/vaccination-reserved-1").json()
        self.assertEqual((told["recipient"], told["kind"]), ("user-1", "reservation_reserved"))
        self.assertNotIn("890309", str(told))

    def test_history_says_who_and_why(self):
        """SH-11: everything that follows from a request carries its correlation."""
        self.reserve(headers={"X-Correlation-Id": "wish-1", "X-Actor": "kiosk"})
        events = [e for e in all_events(self.http) if e["type"].startswith("vaccination.")
                  and "stock_received" not in e["type"]]
        self.assertGreater(len(events), 5)
        self.assertEqual({(e["correlationid"], e["actor"]) for e in events},
                         {("wish-1", "kiosk")})


class Types(VaccinationCase):
    def setUp(self):
        self.server = Server(*CLOCK, system="vaccination", env={"VACCINE_TYPE": "Novavax,Sputnik"})
        self.addCleanup(self.server.close)
        self.server.start()
        self.http = self.server.client()

    def test_come_from_the_environment(self):
        """VAC-O7; the first delivery of each comes once, whatever happens to the server."""
        self.reserve()
        self.server.restart(kill=True)
        self.http = self.server.client()
        check_all(self.http)
        self.assertEqual({s["id"]: s["received"] for s in rows(self.http, "supplies")},
                         {"Novavax": 1000, "Sputnik": 1000})
        self.server.env = {"VACCINE_TYPE": "Novavax,Pfizer"}
        self.server.restart()
        self.http = self.server.client()
        wait_for("a type that is new", lambda: {s["id"] for s in rows(self.http, "supplies")} ==
                 {"Novavax", "Pfizer", "Sputnik"})


class Crowd(VaccinationCase):
    people = 64

    def rush(self, bodies):
        """As many people as bodies, all at once; their answers."""
        def one(body):
            client = Client(self.server.port)
            answer = client.post("/user/reserve", body)
            client.close()
            return answer
        with concurrent.futures.ThreadPoolExecutor(len(bodies)) as pool:
            return list(pool.map(one, bodies))

    def wishes(self):
        return [{**person(n), "reserveDate": DAY} for n in range(self.people)]

    def judge(self, answers, winners, code):
        for answer in answers:
            if answer.status != 200:
                self.problem(answer, 409, code)
        self.assertEqual(sum(answer.status == 200 for answer in answers), winners)
        model = check_all(self.http)
        self.assertEqual(len(model.users), winners, "a refusal leaves nothing")
        self.server.stop()
        verify_audit(self.server)
        return model


class LastDose(Crowd):
    flags = CLOCK + ("--vaccination-types", "Pfizer", "--vaccination-initial-stock", "1")

    def test_64_people_and_the_last_dose(self):
        model = self.judge(self.rush(self.wishes()), 1, "vaccine_unavailable")
        self.assertEqual(model.available("Pfizer"), 0)


class FullDay(Crowd):
    flags = CLOCK + ("--vaccination-daily-capacity", "20")

    def test_a_full_day(self):
        model = self.judge(self.rush(self.wishes()), 20, "date_not_available")
        self.assertEqual(model.most[DAY], 20)

    def test_a_place_that_is_given_up_is_for_the_next(self):
        for number in range(20):
            self.reserve(person(number))
        self.assertEqual(self.dates()[DAY], 0)
        self.problem(self.reserve(person(20), status=409), 409, "date_not_available")
        self.assertEqual(self.cancel(person(3)).status, 200)
        self.reserve(person(20))
        check_all(self.http)


class SamePerson(Crowd):
    def test_64_requests_of_one_person(self):
        same = [{**TAEYEON, "reserveDate": DAY}] * self.people
        self.judge(self.rush(same), 1, "already_reserved")


if __name__ == "__main__":
    main()
