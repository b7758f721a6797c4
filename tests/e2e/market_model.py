"""What the log says of the market, folded without the program, and what the views must show. The
independent auditor of the market's end-to-end tests."""

from harness import all_events, rows, wait_for

AT_REST = {"unpaid", "completed", "compensated"}


class Market:
    def __init__(self):
        self.position = 0
        self.products = {}      # id -> name, holder (reservation), sold
        self.reservations = {}  # id -> product, price, state, reason
        self.bills = {}         # id -> state as the views say it
        self.money = {}         # reservation -> captured less refunded, of all attempts
        self.charges = {}       # order -> how often it was captured
        self.purchases = {}     # id -> state of the saga

    def take(self, events):
        takers = {"market.product": self.take_product, "market.bill": self.take_bill,
                  "market.reservation": self.take_reservation,
                  "payment.payment": self.take_payment}
        for event in events:
            assert event["position"] == self.position + 1, event
            self.position = event["position"]
            category, _, name = event["stream"].partition("-")
            if category == "market.purchase":
                self.purchases[int(name)] = event["data"]["state"]
            elif category in takers:
                takers[category](event["type"].split(".")[1], event["data"])
        return self

    def take_product(self, kind, data):
        if kind == "product_registered":
            assert data["id"] == len(self.products) + 1, "numbers have no gap and come once"
            self.products[data["id"]] = {"name": data["productName"], "holder": None, "sold": False}
            return
        product = self.products[data["id"]]
        if kind == "product_reserved":
            assert product["holder"] is None, f"{data} is held by {product['holder']}"
            product["holder"] = data["reservationId"]
        elif kind in ("product_released", "product_sold"):
            assert product["holder"] == data["reservationId"], (product, data)
            product["sold"] = kind == "product_sold"
            if kind == "product_released":
                product["holder"] = None

    def take_reservation(self, kind, data):
        if kind == "reserved":
            number = data["id"]
            assert number == len(self.reservations) + 1, "numbers have no gap and come once"
            others = [i for i, r in self.reservations.items()
                      if r["product"] == data["productId"] and r["state"] == "01"]
            assert not others, f"{data} while {others} hold it"
            self.reservations[number] = {"product": data["productId"], "price": data["price"],
                                         "state": "01", "reason": None}
        else:
            reservation = self.reservations[data["id"]]
            assert reservation["state"] == "01", f"{data} was cancelled twice"
            reservation.update(state="02", reason=data["reason"])

    def take_bill(self, kind, data):
        states = {"bill_issued": "01", "bill_paid": "02", "bill_cancelled": "03",
                  "bill_refunded": "04"}
        if kind in states:
            assert self.bills.get(data["id"], "") < states[kind], f"{kind} {data}"
            self.bills[data["id"]] = states[kind]

    def take_payment(self, kind, data):
        order = data["order"]
        number = int(order.split("-")[1])
        if kind == "payment_completed":
            self.charges[order] = self.charges.get(order, 0) + 1
            assert self.charges[order] == 1, f"{order} was charged twice"
            self.money[number] = self.money.get(number, 0) + data["captured"]
        elif kind == "payment_cancelled":
            self.money[number] = self.money.get(number, 0) - data["refunded"]

    def product_status(self, number):
        product = self.products[number]
        if product["holder"] is None:
            return "01"
        return "soldOut" if product["sold"] else "02"

    def unrest(self):
        """What is not at its end yet; empty when all is quiet."""
        found = []
        for number, reservation in self.reservations.items():
            purchase = self.purchases.get(number)
            product = self.products[reservation["product"]]
            held = product["holder"] == number
            bill = self.bills.get(number)
            if purchase not in AT_REST:
                found.append(f"purchase {number} is {purchase}")
            elif reservation["state"] == "01":
                paid = purchase == "completed"
                if purchase == "compensated" or not held or product["sold"] != paid \
                        or bill != ("02" if paid else "01"):
                    found.append(f"{number}: {reservation} {purchase} {product} {bill}")
            elif purchase != "compensated" or held or bill not in ("03", "04"):
                found.append(f"{number}: {reservation} {purchase} {product} {bill}")
            owed = reservation["price"] if purchase == "completed" else 0
            if purchase in AT_REST and self.money.get(number, 0) != owed:
                found.append(f"{number} keeps {self.money.get(number, 0)}, not {owed}")
        return found


def read_market(client):
    return Market().take(all_events(client))


def check_market(client, limit_s=30, prefix=""):
    """Waits until all is quiet, then judges the views; gives the model."""
    last = []

    def settled():
        model = read_market(client)
        last[:] = model.unrest()
        if last:
            return None
        views = client.get("/projections").json()["projections"]
        return model if all(view["position"] >= model.position for view in views) else None
    try:
        model = wait_for("the market is quiet", settled, limit_s, 0.1)
    except AssertionError as error:
        raise AssertionError(f"{error}: {last[:5]}") from error
    check_views(client, model, prefix)
    return model


def by_id(client, view, prefix):
    return {row["id"]: row for row in rows(client, view, "", prefix)}


def check_views(client, model, prefix=""):
    """Every row of every view against the log, when all is quiet."""
    products = by_id(client, "products", prefix)
    assert {i: row["productStatus"] for i, row in products.items()} == \
        {i: model.product_status(i) for i in model.products}, products
    told = {i: (row["reservationStatus"], row["productId"], row["type"], row["cancelReason"])
            for i, row in by_id(client, "reservations", prefix).items()}
    types = {"01": "Reserved", "02": "Cancled"}
    assert told == {i: (r["state"], r["product"], types[r["state"]], r["reason"])
                    for i, r in model.reservations.items()}, told
    payments = by_id(client, "payments", prefix)
    assert {i: (row["reservationId"], row["paymentStatus"]) for i, row in payments.items()} == \
        {i: (i, status) for i, status in model.bills.items()}, payments
    mine = by_id(client, "myPages", prefix)
    assert {i: (row["reservationStatus"], row["paymentStatus"]) for i, row in mine.items()} == \
        {i: (r["state"], model.bills[i]) for i, r in model.reservations.items()}, mine
