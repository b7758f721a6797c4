"""What the log says of the phone shop, folded without the program: no phone ships that was not paid
or that was cancelled (invariant 5), what became of the money, and what the views must show."""

from harness import all_events, rows, wait_for
from model import Model, all_rows

VIEWS = ("orders", "payments", "storeManages", "customers")
NEXT = {"order_placed": "Ordered", "order_paid": "Payed", "order_shipped": "Shipped",
        "order_cancelled": "OrderCancelled", "order_pay_cancelled": "PayCancelled",
        "order_rejected": "OrderRejected"}
BEFORE = {"Ordered": (None,), "Payed": ("Ordered",), "Shipped": ("Payed",),
          "OrderCancelled": ("Ordered", "Payed"), "PayCancelled": ("OrderCancelled",),
          "OrderRejected": ("Ordered",)}


class Shop(Model):
    def __init__(self):
        super().__init__()
        self.orders = {}  # id -> what was ordered, with "status"
        self.paid = {}    # id -> price, captured, refunded, open
        self.stores = {}  # id -> received, packed, shipped or stopped
        self.sales = {}   # id -> whether it has ended

    def take(self, events):
        for event in events:
            self.check_place(event)
            category, _, name = event["stream"].partition("-")
            number = name.rpartition("-")[2]
            told = (event["type"].split(".")[1], event["data"])
            if category == "phoneshop.order":
                self.take_order(int(number), *told)
            elif category == "phoneshop.store_order":
                self.take_store(int(number), *told)
            elif category == "phoneshop.sale":
                self.sales[int(number)] = event["data"]["ended"]
            elif category == "payment.payment":
                self.take_money(int(number), *told)
        return self

    def take_order(self, number, kind, data):
        before = self.orders.get(number, {}).get("status")
        assert before in BEFORE[NEXT[kind]], f"order {number}: {kind} after {before}"
        if before is None:
            self.orders[number] = data
        if kind == "order_paid":
            assert self.paid[number]["captured"] is not None, f"order {number} is paid with nothing"
        self.orders[number]["status"] = NEXT[kind]

    def take_store(self, number, kind, data):
        if kind == "order_received":
            assert number not in self.stores, f"the store has {number} twice"
            order = self.orders[number]
            for field in ("item", "qty", "store", "address", "price"):
                assert data[field] == order[field], f"the store was told {data} of {order}"
        if kind == "parcel_shipped":
            assert self.orders[number]["status"] == "Shipped", f"order {number} ships too early"
            assert self.stores[number] == "packed", f"order {number} is not packed"
        self.stores[number] = kind.rpartition("_")[2]

    def take_money(self, number, kind, data):
        if kind == "payment_requested":
            assert number in self.orders, f"a payment without an order: {data}"
            self.paid[number] = {"price": data["price"], "captured": None, "refunded": None,
                                 "open": True}
        paid = self.paid.get(number)
        if kind == "payment_completed":
            assert paid["captured"] is None, f"order {number} is charged twice"
            paid["captured"] = data["captured"]
        if kind == "payment_cancelled" and paid:
            paid["refunded"] = data["refunded"]
        if kind in ("payment_completed", "payment_declined", "payment_failed",
                    "payment_cancelled"):
            paid["open"] = False
        if kind == "payment_cancellation_requested" and paid:
            paid["open"] = True

    def open_work(self):
        return ([f"sale {i}" for i, ended in self.sales.items() if not ended] +
                [f"payment {i}" for i, paid in self.paid.items() if paid["open"]])

    def status(self, number):
        return self.orders[number]["status"]

    def with_status(self, *statuses):
        return {i for i in self.orders if self.status(i) in statuses}

    def live(self):
        return self.with_status("Payed", "Shipped")

    def check_money(self):
        """When all is quiet: every order is shipped and paid for, or nothing was kept of it."""
        assert not self.open_work(), f"still open: {self.open_work()[:10]}"
        for number, order in self.orders.items():
            paid = self.paid.get(number, {"captured": None, "refunded": None})
            kept = (paid["captured"] or 0) - (paid["refunded"] or 0)
            store = self.stores.get(number)
            told = f"order {number} is {order['status']}, its payment {paid}, the store's {store}"
            if order["status"] == "Shipped":
                assert kept == order["price"] and store == "shipped", told
            else:
                assert order["status"] in ("PayCancelled", "OrderRejected"), told
                assert kept == 0 and store in (None, "stopped"), told
                assert paid["captured"] is None or paid["refunded"] is not None, told


def read_shop(client):
    return Shop().take(all_events(client))


def up_to_date(client, position):
    views = client.get("/projections").json()["projections"]
    return all(view["position"] >= position for view in views)


def quiet_shop(client, limit_s=30):
    """The model once nothing is open and every view has all events."""
    def settled():
        shop = read_shop(client)
        return shop if not shop.open_work() and up_to_date(client, shop.position) else None
    return wait_for("the shop is quiet", settled, limit_s, 0.1)


def check_shop_views(client, shop, prefix=""):
    """Every row of every view against the log, when all is quiet."""
    live = shop.live()
    orders = all_rows(client, "orders", prefix)
    assert orders.keys() == live, f"{orders.keys()} are listed, {live} live"
    everything = {row["id"]: row for row in
                  rows(client, "orders", "&includeCancelled=true&sort=id", prefix)} \
        if len(shop.orders) <= 1000 else orders
    for number, row in everything.items():
        order = shop.orders[number]
        for field in ("item", "qty", "store", "address", "price", "status"):
            assert row[field] == order[field], (row, order)
    customers = all_rows(client, "customers", prefix)
    assert customers.keys() == shop.orders.keys() - shop.with_status("OrderRejected")
    for number, row in customers.items():  # invariant 5: the view's status is the order's
        assert row["status"].replace(" ", "") == shop.status(number), row
        assert row["orderId"] == number and row["qty"] == shop.orders[number]["qty"], row
    stored = all_rows(client, "storeManages", prefix)
    assert stored.keys() == {i for i, state in shop.stores.items() if state != "stopped"}
    assert all(row["process"] == "Shipped" for row in stored.values()), stored
    paid = all_rows(client, "payments", prefix)
    assert paid.keys() == {i for i, p in shop.paid.items() if p["captured"] is not None}
    for number, row in paid.items():
        process = "Pay Cancelled" if shop.paid[number]["refunded"] is not None else "Payed"
        assert (row["process"], row["price"]) == (process, shop.paid[number]["price"]), row


def check_shop(client, limit_s=30, prefix=""):
    """Waits until all is quiet, then judges money and views; gives the model."""
    shop = quiet_shop(client, limit_s)
    shop.check_money()
    check_shop_views(client, shop, prefix)
    return shop
