"""What the log says, folded without the program: positions and versions without gaps, what became
of every reservation, payment and receipt, and what the views must show. The independent auditor of
the end-to-end tests."""

from harness import all_events, rows, wait_for


class Model:
    def __init__(self):
        self.position = 0
        self.versions = {}
        self.leaves = {}         # position -> hash of the event
        self.streams = {}        # stream of another program -> events in order
        self.reservations = {}   # id -> details with "state" and "reason"
        self.payments = {}       # id -> price, captured, refunded, state
        self.receipts = {}       # id -> expected delivery, "state"
        self.checkouts = {}      # id -> whether it has ended
        self.correlations = {}   # correlation id -> ids of reservations requested under it

    def take(self, events):
        for event in events:
            self.check_place(event)
            category, _, name = event["stream"].partition("-")
            if category == "prereservation.reservation":
                self.take_reservation(event)
            elif category == "payment.payment":
                self.take_payment(int(name.rpartition("-")[2]), event)
            elif category == "prereservation.receipt":
                self.take_receipt(event)
            elif category == "prereservation.checkout":
                self.checkouts[int(name)] = event["data"]["ended"]
            elif "." not in category:
                self.streams.setdefault(event["stream"], []).append(event)
        return self

    def check_place(self, event):
        position, stream, version = event["position"], event["stream"], event["version"]
        assert position == self.position + 1, f"position {position} comes after {self.position}"
        last = self.versions.get(stream, 0)
        assert version == last + 1, f"{stream}: version {version} comes after {last}"
        self.position = position
        self.versions[stream] = version
        self.leaves[position] = event["leafhash"]

    def take_reservation(self, event):
        data, kind = event["data"], event["type"]
        if kind == "prereservation.reservation_requested.v1":
            assert data["id"] not in self.reservations, f"number {data['id']} was given out twice"
            self.reservations[data["id"]] = {**data, "state": "reservated", "reason": None}
            self.correlations.setdefault(event["correlationid"], []).append(data["id"])
            return
        reservation = self.reservations[data["id"]]
        assert reservation["state"] != "reservation_cancelled", f"{event} after its cancellation"
        if kind == "prereservation.reservation_confirmed.v1":
            reservation["state"] = "paid"
        else:
            reservation["state"] = "reservation_cancelled"
            reservation["reason"] = data["reason"]

    def take_payment(self, number, event):
        data, kind = event["data"], event["type"].split(".")[1]
        payment = self.payments.setdefault(
            number, {"price": 0, "captured": 0, "refunded": 0, "state": "none"})
        if kind == "payment_requested":
            payment["price"] = data["price"]
            payment["state"] = "requested"
        elif kind == "payment_completed":
            assert payment["captured"] == 0, f"payment {number} was captured twice"
            payment["captured"] = data["captured"]
            payment["state"] = "cancelling" if payment["state"] == "cancelling" else "paid"
        elif kind in ("payment_declined", "payment_failed"):
            payment["state"] = "not_captured"
        elif kind == "payment_cancellation_requested":
            payment["state"] = "cancelling"
        elif kind == "payment_cancelled":
            assert payment["state"] != "cancelled", f"payment {number} was refunded twice"
            payment["refunded"] += data["refunded"]
            payment["state"] = "cancelled"

    def take_receipt(self, event):
        number = event["data"]["id"]
        if event["type"] == "prereservation.receipt_issued.v2":
            assert number not in self.receipts, f"receipt {number} was issued twice"
            self.receipts[number] = {"expected": event["data"]["expectedDeliveryAt"],
                                     "state": "issued"}
        else:
            self.receipts.setdefault(number, {"expected": None})["state"] = "cancelled"

    def open_work(self):
        """Sagas and payments that have not come to their end."""
        return ([f"checkout {i}" for i, ended in self.checkouts.items() if not ended] +
                [f"receipt of {i}" for i in self.live() if i not in self.receipts] +
                [f"payment {i}" for i, p in self.payments.items()
                 if p["state"] not in ("paid", "not_captured", "cancelled")])

    def live(self):
        return {i for i, r in self.reservations.items() if r["state"] == "paid"}

    def check_money(self):
        """When all is quiet: what was taken and not given back is what live reservations cost."""
        assert not self.open_work(), f"still open: {self.open_work()[:10]}"
        for number, reservation in self.reservations.items():
            payment = self.payments.get(number, {"captured": 0, "refunded": 0})
            kept = payment["captured"] - payment["refunded"]
            receipt = self.receipts.get(number, {"state": "none"})["state"]
            alive = reservation["state"] == "paid"
            assert kept == (reservation["price"] if alive else 0), \
                f"reservation {number} is {reservation['state']}, its payment is {payment}"
            assert (receipt == "issued") == alive, \
                f"reservation {number} is {reservation['state']}, its receipt is {receipt}"
        captured = sum(p["captured"] for p in self.payments.values())
        refunded = sum(p["refunded"] for p in self.payments.values())
        owed = sum(self.reservations[i]["price"] for i in self.live())
        assert captured - refunded == owed, (captured, refunded, owed)
        assert self.payments.keys() <= self.reservations.keys(), "a payment without a reservation"

    def status(self, number):
        """The overall status that the user's view must show."""
        payment = self.payments.get(number, {"state": "none"})["state"]
        receipt = self.receipts.get(number, {"state": "none"})["state"]
        if receipt == "cancelled":
            return "receipt_cancelled"
        if payment == "cancelled":
            return "payment_cancelled"
        if self.reservations[number]["state"] == "reservation_cancelled":
            return "reservation_cancelled"
        return "receipt_issued" if receipt == "issued" else self.reservations[number]["state"]


def read_model(client):
    return Model().take(all_events(client))


def quiet(client, limit_s=30):
    """The model once no saga and no payment is open and every view has all events."""
    def settled():
        model = read_model(client)
        if model.open_work():
            return None
        views = client.get("/projections").json()["projections"]
        return model if all(view["position"] >= model.position for view in views) else None
    return wait_for("all is quiet", settled, limit_s, 0.1)


def all_rows(client, view, prefix=""):
    found, page = [], 0
    while True:
        part = rows(client, view, f"&page={page}&sort=id", prefix)
        found += part
        if len(part) < 1000:
            return {row["id"]: row for row in found}
        page += 1


def check_views(client, model, prefix=""):
    """Every row of every view against the log, when all is quiet."""
    live = model.live()
    mine = all_rows(client, "myReservations", prefix)
    assert mine.keys() == model.reservations.keys(), "myReservations has other rows than the log"
    for number, row in mine.items():
        told = (row["status"], row["price"], row["userId"], row["cancelReason"])
        facts = model.reservations[number]
        assert told == (model.status(number), facts["price"], facts["userId"], facts["reason"]), row
        expected = model.receipts.get(number, {}).get("expected")
        assert row["expectedDeliveryAt"] == expected, row
    active = all_rows(client, "preReservations", prefix)
    assert active.keys() == live, "preReservations lists others than the live ones"
    assert all(row["status"] == "paid" for row in active.values())
    paid = all_rows(client, "payments", prefix)
    assert paid.keys() == {i for i, p in model.payments.items() if p["state"] == "paid"}
    assert all(row["price"] == model.payments[i]["captured"] for i, row in paid.items())
    issued = {i for i, r in model.receipts.items() if r["state"] == "issued"}
    assert all_rows(client, "receipts", prefix).keys() == issued
    assert issued == live == paid.keys()
    return len(mine)


def check_all(client, limit_s=30, prefix=""):
    """Waits until all is quiet, then judges money and views; gives the model."""
    model = quiet(client, limit_s)
    model.check_money()
    check_views(client, model, prefix)
    return model
