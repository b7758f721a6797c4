"""What the log says of vaccinations, folded without the program: who has a place, an appointment
and a dose. The independent auditor of the end-to-end tests of vaccination."""

import collections

from harness import all_events, rows, wait_for

TAEYEON = {"userName": "Taeyeon Kim", "userRegNumber": "890309-2766876"}
JIEUN = {"userName": "Jieun Lee", "userRegNumber": "930619-2352628"}
DAY = "2021-10-05"
TYPES = ["Pfizer", "Moderna", "Janssen", "AstraZeneca"]
CLOCK = ("--now", "2021-09-29T09:00:00+09:00")


def person(number):
    """Somebody else, each with a number of their own."""
    return {"userName": f"Person {number}", "userRegNumber": f"900101-{1000000 + number}"}


class Model:
    def __init__(self, events):
        self.users = {}                                # id -> RESERVE, CANCEL, NO_SHOW or INJECT
        self.persons = {}                              # id -> hash of the person
        self.days = collections.defaultdict(set)       # day -> reservations with a place
        self.most = collections.defaultdict(int)       # day -> most places taken at any time
        self.appointments = {}                         # id -> vaccine, None before it is known
        self.received = collections.Counter()
        self.held = {}                                 # reservation -> type of its dose
        self.consumed = collections.Counter()
        self.bookings = {}                             # id -> (state, ended)
        self.position = events[-1]["position"] if events else 0
        for event in events:
            category, _, name = event["stream"].partition("-")
            if category.startswith("vaccination."):
                take = getattr(self, "take_" + category.partition(".")[2])
                take(name, event["type"].split(".")[1], event["data"])

    def take_user(self, _, kind, data):
        number = data["id"]
        if kind == "user_reservation_requested":
            active = [self.persons[i] for i, s in self.users.items() if s == "RESERVE"]
            assert data["person"] not in active, "a person has two active reservations"
            self.users[number], self.persons[number] = "RESERVE", data["person"]
            return
        assert self.users[number] == "RESERVE", "an end is for ever"
        ended = "NO_SHOW" if data.get("reason") == "no_show" else "CANCEL"
        self.users[number] = "INJECT" if kind == "user_injected" else ended

    def take_slot(self, day, kind, data):
        if kind == "place_taken":
            assert data["reservationId"] not in self.days[day]
            self.days[day].add(data["reservationId"])
            self.most[day] = max(self.most[day], len(self.days[day]))
            assert len(self.days[day]) <= data["capacity"], "a day is overbooked"
        else:
            self.days[day].discard(data["reservationId"])

    def take_reservation(self, name, kind, data):
        pass

    def take_appointment(self, name, kind, data):
        number = int(name)
        if kind == "hospital_reservation_received":
            self.appointments[number] = None
        elif kind == "vaccine_assigned":
            self.appointments[number] = data["vaccineType"]
        else:
            self.appointments.pop(number, None)

    def take_stock(self, kind_of_vaccine, kind, data):
        number = data.get("reservationId")
        if kind == "stock_received":
            self.received[kind_of_vaccine] += data["count"]
        elif kind == "dose_reserved":
            assert number not in self.held, "two doses for one reservation"
            self.held[number] = kind_of_vaccine
        elif kind == "dose_released":
            assert self.held.pop(number) == kind_of_vaccine
        elif kind == "dose_consumed":
            assert self.held.pop(number) == kind_of_vaccine
            self.consumed[kind_of_vaccine] += 1
        if "available" in data:
            assert data["available"] == self.available(kind_of_vaccine) >= 0, data

    def take_booking(self, name, kind, data):
        self.bookings[int(name)] = (data["state"], data["ended"])

    def available(self, kind):
        return (self.received[kind] - list(self.held.values()).count(kind) - self.consumed[kind])

    def active(self):
        return {i for i, s in self.users.items() if s == "RESERVE"}

    def heard(self):
        """Whether those who were stopped know of everything: every booking, dose and injection."""
        return (all(ended for _, ended in self.bookings.values()) and
                self.appointments == self.held and self.held.keys() == self.active())

    def check(self):
        """When all is quiet: who is active has a place, an appointment and a dose; no one else."""
        stuck = {i: s for i, (s, ended) in self.bookings.items() if not ended}
        assert not stuck, stuck
        assert self.appointments == self.held, (self.appointments, self.held)
        assert self.appointments.keys() == self.active(), (self.appointments, self.active())
        placed = set().union(*self.days.values())
        done = {i for i, s in self.users.items() if s == "INJECT"}
        assert placed == self.active() | done, (placed, self.users)
        assert sum(self.consumed.values()) == len(done)


def quiet(client, limit_s=30):
    """The model once nothing is open between the contexts and every view has all events."""
    def settled():
        model = Model(all_events(client))
        if not model.heard():
            return None
        views = client.get("/projections").json()["projections"]
        return model if all(view["position"] >= model.position for view in views) else None
    return wait_for("all is quiet", settled, limit_s, 0.1)


def check_all(client, prefix=""):
    """Waits until all is quiet, then judges log and views; gives the model."""
    model = quiet(client)
    model.check()
    users = {row["id"]: row["reserveStatus"] for row in rows(client, "users", "", prefix)}
    assert users == model.users, (users, model.users)
    listed = client.get(f"{prefix}/dashboard/list?size=1000").json()
    for row in listed:
        assert row["reserveStatus"] == model.users[row["id"]], row
        assert row["vaccineType"] or row["reserveStatus"] == "CANCEL", row
    assert {row["id"] for row in listed} >= model.active()
    for row in rows(client, "supplies", "", prefix):
        kind = row["vaccineType"]
        assert row["available"] == model.available(kind), row
        assert row["received"] == row["available"] + row["reserved"] + row["consumed"], row
    moved = collections.Counter()
    for row in rows(client, "stocks", "", prefix):
        moved[row["vaccineType"]] += row["vaccineCount"]
    for kind, count in moved.items():
        assert count == model.available(kind), (kind, count)
    return model
