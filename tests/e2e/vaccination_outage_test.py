"""The outage matrix of vaccination, and the circuit breaker before the look-up of dates. Every
outage is tried with an orderly life in between and with a kill -9."""

import concurrent.futures
import time

from harness import Client, main, rows, set_context
from vaccination_model import CLOCK, DAY, JIEUN, TAEYEON, check_all, person, quiet
from vaccination_test import VaccinationCase

BUSY = "조회 폭주로 서비스 지연 중입니다"


def breaker(http):
    found = http.get("/actuator/circuitbreakers").json()["circuitbreakers"]
    return next(one for one in found if one["context"] == "reservation")


class OutageCase(VaccinationCase):
    def not_looked_up(self, answer, code):
        told = self.problem(answer, 503, code)
        self.assertIn(BUSY, told["detail"])
        self.assertTrue(answer.headers["Retry-After"])


class Outages(OutageCase):
    kill = False

    def stop(self, context):
        set_context(self.http, context, state="down")

    def bring_up(self, context):
        self.server.restart(self.kill)
        self.http = self.server.client()
        state = self.http.get("/actuator/contexts/" + context).json()["state"]
        self.assertEqual(state, "down", "a stopped context stays stopped over a restart")
        set_context(self.http, context, state="up")
        return check_all(self.http)

    def test_reservation(self):
        """VAC-A8: look-ups fail and say why; what was reserved and cancelled is caught up."""
        self.reserve(person(1))
        quiet(self.http)
        self.stop("reservation")
        for who in (TAEYEON, JIEUN):
            self.not_looked_up(self.http.post("/user/date", who), "context_down")
        self.assertIn(BUSY, self.server.log())
        self.problem(self.http.get("/reservations"), 503, "context_down")
        self.assertEqual(self.cancel(person(1)).status, 200)
        waiting = self.reserve(TAEYEON).json()["id"]
        gone = self.reserve(JIEUN).json()["id"]
        self.assertEqual(self.cancel(JIEUN).status, 200)
        self.problem(self.inject(waiting), 409, "appointment_not_found")
        self.assertEqual([row["id"] for row in self.dashboard()], [1])
        model = self.bring_up("reservation")
        self.assertEqual(model.users, {1: "CANCEL", waiting: "RESERVE", gone: "CANCEL"})
        self.assertEqual(self.dates(TAEYEON)[DAY], 99)
        self.dates(JIEUN)

    def test_hospital(self):
        """VAC-A9, VAC-A10: all but injections; afterwards the hospital knows of both."""
        self.reserve(person(1))
        quiet(self.http)
        self.stop("hospital")
        taeyeon = self.reserve(TAEYEON).json()["id"]
        jieun = self.reserve({**JIEUN, "userRegNumber": "930619-2377821"}).json()["id"]
        self.dates()
        before = self.dashboard()
        self.assertEqual([row["id"] for row in before], [1, taeyeon, jieun])
        self.problem(self.inject(1), 503, "context_down")
        self.problem(self.http.get("/hospitals"), 503, "context_down")
        self.assertEqual(self.cancel(person(1)).status, 200)
        model = self.bring_up("hospital")
        after = {row["id"]: row for row in self.dashboard()}
        for row in before[1:]:
            self.assertEqual({**after[row["id"]], "vaccineType": None}, row, "data unchanged")
        self.assertEqual(model.appointments.keys(), {taeyeon, jieun})
        self.assertEqual(len(rows(self.http, "hospitals")), 3)
        out = [row for row in rows(self.http, "stocks") if row["reservationId"] in (2, 3)]
        self.assertEqual([row["vaccineCount"] for row in out], [-1, -1])
        self.assertEqual(self.inject(taeyeon).status, 200)
        self.problem(self.inject(1), 409, "already_cancelled")

    def test_vaccinestock(self):
        self.reserve(person(1))
        self.reserve(person(2))
        quiet(self.http)
        self.stop("vaccinestock")
        waiting = self.reserve(TAEYEON).json()["id"]
        for view in ("stocks", "supplies"):
            self.problem(self.http.get("/" + view), 503, "context_down")
        self.assertEqual(self.cancel(person(1)).status, 200)
        self.assertEqual(self.inject(2).status, 200)
        self.problem(self.inject(waiting), 409, "vaccine_not_ready")
        self.dates()
        self.assertEqual(len(self.dashboard()), 3)
        model = self.bring_up("vaccinestock")
        self.assertEqual(model.users, {1: "CANCEL", 2: "INJECT", waiting: "RESERVE"})
        self.assertEqual(self.inject(waiting).status, 200)

    def test_dashboard(self):
        self.reserve()
        quiet(self.http)
        self.stop("dashboard")
        for path in ("/dashboard/list", "/dashboard/list/Pfizer"):
            self.problem(self.http.get(path), 503, "context_down")
        other = self.reserve(JIEUN).json()["id"]
        self.assertEqual(self.inject(1).status, 200)
        self.dates()
        self.assertEqual(len(rows(self.http, "hospitals")), 2)
        self.bring_up("dashboard")
        self.assertEqual({row["id"]: row["reserveStatus"] for row in self.dashboard()},
                         {1: "INJECT", other: "RESERVE"})

    def test_user(self):
        self.reserve()
        quiet(self.http)
        self.stop("user")
        self.problem(self.http.post("/user/reserve", {**JIEUN, "reserveDate": DAY}), 503,
                     "context_down")
        self.problem(self.cancel(), 503, "context_down")
        self.assertEqual(self.inject(1).status, 200)
        model = self.bring_up("user")
        self.assertEqual(model.users, {1: "INJECT"})
        self.assertEqual(rows(self.http, "users")[0]["reserveStatus"], "INJECT")


class OutagesWithKill(Outages):
    kill = True


class FullMeanwhile(OutageCase):
    flags = CLOCK + ("--vaccination-daily-capacity", "2", "--vaccination-types", "Pfizer",
                     "--vaccination-initial-stock", "1")

    def test_what_was_queued_and_has_no_place_is_undone(self):
        set_context(self.http, "reservation", state="down")
        for number in range(3):
            self.reserve(person(number))
        set_context(self.http, "reservation", state="up")
        model = check_all(self.http)
        self.assertEqual(model.users, {1: "RESERVE", 2: "CANCEL", 3: "CANCEL"})
        reasons = {row["id"]: row["cancelReason"] for row in rows(self.http, "users")}
        self.assertEqual(reasons, {1: None, 2: "vaccine_unavailable", 3: "date_not_available"})


class DatesWithFallback(OutageCase):
    """VAC-X9, VAC-X10: as the original's clients knew it."""
    flags = CLOCK + ("--vaccination-dates-fallback", "empty")

    def test_an_answer_without_dates(self):
        set_context(self.http, "reservation", state="down")
        answer = self.http.post("/user/date", TAEYEON)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json()["dates"], [])
        self.assertIn(BUSY, answer.json()["message"])
        set_context(self.http, "reservation", state="up", delayMs=[900, 900])
        self.assertEqual(self.http.post("/user/date", TAEYEON).json()["dates"], [])
        self.assertIn(BUSY, self.server.log())


class Breaker(OutageCase):
    """VAC-A11, VAC-O3: ten users, a delay of 600 to 820 ms, a limit of 810; shortened."""

    def users(self, seconds, number=10):
        def one(_):
            client = Client(self.server.port)
            answers = []
            while time.monotonic() < until:
                answers.append(client.post("/user/date", TAEYEON))
            client.close()
            return answers
        until = time.monotonic() + seconds
        with concurrent.futures.ThreadPoolExecutor(number) as pool:
            return [answer for mine in pool.map(one, range(number)) for answer in mine]

    def test_ten_users(self):
        set_context(self.http, "reservation", delayMs=[600, 820])
        answers = self.users(5)
        good = [answer for answer in answers if answer.status == 200]
        for answer in answers:
            if answer.status != 200:
                self.not_looked_up(answer, "timeout")
            else:
                self.assertEqual(len(answer.json()), 10)
        self.assertGreater(len(good), 0.8 * len(answers), "time-outs are rare: one in twenty")
        now = breaker(self.http)
        self.assertEqual((now["state"], now["timedOut"]), ("closed", len(answers) - len(good)))
        set_context(self.http, "reservation", delayMs=[])
        self.dates()

    def test_more_users_than_the_bulkhead_holds(self):
        set_context(self.http, "reservation", delayMs=[600, 800])
        answers = self.users(3, 40)
        codes = {answer.json()["code"] for answer in answers if answer.status != 200}
        self.assertIn("bulkhead_full", codes)
        self.assertTrue(codes <= {"bulkhead_full", "circuit_open", "timeout"}, codes)
        self.assertGreater(breaker(self.http)["rejected"], 0)
        self.reserve()  # nothing else is affected

    def test_it_opens_and_closes(self):
        set_context(self.http, "reservation", failRate=1)
        for _ in range(20):
            self.not_looked_up(self.http.post("/user/date", TAEYEON), "failed")
        self.not_looked_up(self.http.post("/user/date", TAEYEON), "circuit_open")
        self.assertEqual(breaker(self.http)["state"], "open")
        set_context(self.http, "reservation", failRate=0)
        time.sleep(0.5)
        self.dates()
        self.assertEqual(breaker(self.http)["state"], "closed")

    flags = CLOCK + ("--calls-breaker-sleep-ms", "400")


if __name__ == "__main__":
    main()
