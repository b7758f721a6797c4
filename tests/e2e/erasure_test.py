"""Personal fields are in no file as plain text, ever; after an erasure nobody can read them, and
everything else is as it was."""

import base64
import hashlib
import json
import pathlib
import subprocess
import unicodedata
import time

import harness
from harness import (Server, ServerCase, all_events, main, resolved, rows, verify_audit,
                     wait_for)

CANARIES = {"address": "Canary-Address-7f3a", "phone_address": "Canary-Phone-Address-91c2",
            "name": "Canary-Name-55be", "reg": "770102-1234567", "vehicle": "CANARY770101",
            "card": "4321-8765-1122-9900", "phone_card": "5555-6666-7777-1212",
            "market_card": "6789-6789-6789-6789", "lone_card": "9898-9898-9898-9898"}
ERASED = "(erased)"
DAY_CLOCK = "2021-09-29T09:00:00+09:00"
REASON = "asked for it"


def masked(card):
    return card[:10] + "****" + card[14:]


def secrets():
    """What must stand nowhere: the values, and the masked forms that are kept."""
    cards = [CANARIES[name] for name in CANARIES if name.endswith("card")]
    return (list(CANARIES.values()) + [masked(card) for card in cards]
            + [card.replace("-", "") for card in cards]
            + [CANARIES["reg"][:8] + "******", CANARIES["reg"].replace("-", "")])


def spellings(text):
    raw = text.encode()
    yield raw
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    # In base64 a text looks in three ways, by where it begins; its ends depend on what is beside it.
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        yield coded[4 if shift else 0:-4].rstrip(b"=")
        yield base64.urlsafe_b64encode(b"\0" * shift + raw)[4 if shift else 0:-4]


def files_of(folder):
    return [path for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()]


def places_of(folder, texts):
    """Where one of the texts stands in the files of a folder, in any spelling."""
    found = []
    for path in files_of(folder):
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue  # a file of a store that was replaced meanwhile
        found += [(path.name, text) for text in texts
                  for spelling in spellings(text) if spelling in data]
    return found


class ErasureCase(ServerCase):
    system = None
    flags = ("--now", DAY_CLOCK, "--vaccination-initial-stock", "100",
             "--phoneshop-shipping-delay-ms", "0", "--delivery-mode", "async")

    def ok(self, method, path, body=None, headers=None):
        answer = self.http.send(method, path, body, headers)
        self.assertIn(answer.status, (200, 201, 202, 204), f"{method} {path}: {answer}")
        return answer

    def post(self, path, body, headers=None):
        return self.ok("POST", path, body, headers).json()

    def erase(self, person, **more):
        return self.http.post("/audit/erasures", {"person": person, "reason": REASON, **more},
                              {"X-Actor": "kim"})

    def export(self, person):
        answer = self.http.post("/audit/exports", {"person": person, "reason": REASON})
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def receipt(self, position):
        wait_for("it is covered", lambda: self.http.get(
            f"/audit/checkpoint?minPosition={position}").status == 200)
        return self.ok("GET", f"/audit/receipt?position={position}").body

    def leaves(self):
        return [(event["position"], event["leafhash"]) for event in all_events(self.http)]

    def kept(self, path):
        """The answer with its sealed texts left as they are."""
        return self.http.get(path, {"Yeyak-Sealed": "keep"}).body

    def every_list(self):
        """All that the program says can be listed, with every row that is there."""
        found = []
        document = self.ok("GET", "/openapi.json").json()
        for path, operations in document["paths"].items():
            known = {resolved(document, each)["name"]
                     for each in operations.get("get", {}).get("parameters", ())}
            if "{" in path or "size" not in known:
                continue
            asked = {"size": "1000", "includeCancelled": "true"}
            query = "&".join(f"{name}={value}" for name, value in asked.items() if name in known)
            found.append(f"{path}?{query}")
        views = self.ok("GET", "/projections").json()["projections"]
        self.assertGreaterEqual(len(found), len(views))
        return found

    def every_row(self):
        return "\n".join(self.ok("GET", path).body.decode() for path in self.every_list())

    def everything(self):
        """All that the server tells of anybody."""
        feed = self.ok("GET", "/events?limit=1000").body.decode()
        sagas = [self.ok("GET", "/sagas/" + row["id"]).body.decode()
                 for row in rows(self.http, "sagas")]
        return "\n".join([self.every_row(), feed, *sagas])

    def quiet(self):
        """Until timers and effects have nothing more to say, and the views have seen all of it."""
        def head():
            return self.ok("GET", "/events?limit=1").json()["head"]

        def settled():
            before = head()
            time.sleep(0.3)
            views = self.ok("GET", "/projections").json()["projections"]
            return not any(view["lag"] for view in views) and head() == before
        wait_for("the log is quiet", settled)

    def seed(self):
        """One person in every system, with orders, cancellations, payments and deliveries."""
        c = CANARIES
        self.order = {"userId": 17, "userAddress": c["address"], "productId": 1,
                      "productName": "fold", "price": 1300000, "cardNo": c["card"]}
        self.first = self.post("/prereservation/preReservations", self.order,
                               {"Idempotency-Key": "first"})
        second = self.post("/prereservation/preReservations", {**self.order, "productId": 2})
        self.ok("DELETE", f"/prereservation/preReservations/{second['id']}")
        person = {"userName": c["name"], "userRegNumber": c["reg"]}
        self.post("/vaccination/user/date", person)
        self.user = self.post("/vaccination/user/reserve", {**person, "reserveDate": "2021-10-05"})
        self.ok("POST", "/vaccination/user/cancel", {"userRegNumber": c["reg"]})
        self.post("/vaccination/user/reserve", {**person, "reserveDate": "2021-10-06"})
        for product in range(1, 4):
            self.post("/market/product", {"productName": f"Phone {product}", "price": 1000})
        self.post("/market/reservation", {"productId": 1, "customerId": 3})
        self.ok("PATCH", "/market/paid",
                {"id": 1, "paymentStatus": "02", "cardNo": c["market_card"]})
        self.post("/market/reservation", {"productId": 2})
        self.ok("PATCH", "/market/paid",
                {"id": 2, "paymentStatus": "02", "cardNo": c["lone_card"]})
        self.car = self.post("/repairshop/receipts", {"vehiNo": c["vehicle"]})["id"]
        self.ok("PATCH", f"/repairshop/repairs/{self.car}", {"stat": "REPAIRED", "repairAmt": 3000})
        self.ok("PATCH", f"/repairshop/receipts/{self.car}",
                {"stat": "PAYMENTREQUESTED", "payAmt": 3000})
        self.ok("PATCH", f"/repairshop/receipts/{self.car}", {"stat": "DELIVERYREQUESTED"})
        self.phone = self.post("/phoneshop/orders",
                               {"item": "note21", "qty": 2, "price": 1000, "store": "gangnam",
                                "address": c["phone_address"], "cardNo": c["phone_card"]},
                               {"Idempotency-Key": "phone"})
        self.quiet()

    PERSONS = ("prereservation/user:17", "vaccination/reg:" + CANARIES["reg"], "market/user:3",
               "market/reservation:2", "repairshop/vehicle:" + CANARIES["vehicle"],
               "phoneshop/order:1")

    def erase_all(self):
        for person in self.PERSONS:
            answer = self.erase(person)
            self.assertEqual(answer.status, 201, answer)
            self.assertEqual(len(answer.json()["keys"]), 1, answer)

    def shown(self):
        """What people see of the canaries: masked where it is a number."""
        c = CANARIES
        return [c["address"], c["phone_address"], c["name"], c["vehicle"], masked(c["card"]),
                masked(c["phone_card"]), masked(c["market_card"]), masked(c["lone_card"]),
                c["reg"][:8] + "******"]


class Canaries(ErasureCase):
    def test_they_are_in_no_file_before_and_after_the_erasure(self):
        self.seed()
        self.assertEqual(places_of(self.server.home, secrets()), [], "while the server runs")
        told = self.everything()
        for text in self.shown():
            self.assertIn(text, told)
        self.assertNotIn("sealed:v1:", told)
        self.assertNotIn(ERASED, told)
        leaves = self.leaves()
        keys = [part for part in self.kept("/events?limit=1000").split(b"sealed:v1:")[1:]]
        self.assertGreater(len(keys), 30)

        receipt = json.loads(self.receipt(5))
        past = self.ok("GET", "/events?limit=1").json()["head"]
        self.erase_all()
        told = self.everything()
        for text in self.shown():
            self.assertNotIn(text, told)
        self.assertNotIn("sealed:v1:", told)
        self.assertIn(ERASED, told)
        self.assertEqual(self.leaves()[:len(leaves)], leaves, "the log is what it was")

        self.assertEqual(json.loads(self.receipt(5))["event"], receipt["event"])
        for view in ("prereservation/preReservations", "repairshop/receipts"):
            before = self.ok("GET", f"/{view}?asOf={past}").body.decode()
            self.assertIn(ERASED, before)
            self.assertNotIn("sealed:v1:", before)

        for kill in (False, True):
            self.server.restart(kill=kill)
            self.http = self.server.client()
            self.assertEqual(self.leaves()[:len(leaves)], leaves)
            told = self.everything()
            for text in self.shown():
                self.assertNotIn(text, told)
            self.assertEqual(places_of(self.server.home, secrets()), [])
        self.server.stop()
        verify_audit(self.server)
        run = subprocess.run([harness.binary, "replay", "--data", self.server.data, "--view", "all",
                              "--yes"], capture_output=True, text=True, timeout=300)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(places_of(self.server.home, secrets()), [])
        self.server.start()
        self.http = self.server.client()
        told = self.everything()
        for text in self.shown():
            self.assertNotIn(text, told)

    def test_the_wrapped_key_is_in_no_file_afterwards(self):
        """The bytes of a key are found by their place: every entry has one, and one less then."""
        self.seed()
        [ref] = self.erase("prereservation/user:17", dryRun=True).json()["keys"]
        name, key_id = ref.split("/")
        keys = self.server.data / "keys"
        wrapped = self.wrapped_of(keys, bytes.fromhex(key_id))
        self.assertIsNotNone(wrapped, name)
        self.assertEqual(self.erase("prereservation/user:17").status, 201)
        for path in files_of(self.server.home):
            self.assertNotIn(wrapped, path.read_bytes(), path)

    @staticmethod
    def wrapped_of(keys, key_id):
        """A value is 1, key id (8), master id (8), then 60 bytes: eventstore/FORMAT.md."""
        for path in files_of(keys):
            data = path.read_bytes()
            at = data.find(b"\x01" + key_id)
            if at >= 0:
                return data[at + 17:at + 77]
        return None


class Answers(ErasureCase):
    def test_repeats_answer_alike(self):
        self.seed()
        def again():
            return self.post("/prereservation/preReservations", self.order,
                             {"Idempotency-Key": "first"})
        self.assertEqual(again(), self.first)
        self.assertEqual(self.erase("prereservation/user:17").status, 201)
        erased = {**self.first, "userAddress": ERASED, "cardNo": ERASED}
        self.assertEqual(again(), erased)
        self.server.restart(kill=True)
        self.http = self.server.client()
        self.assertEqual(again(), erased)
        self.problem(self.http.post("/prereservation/preReservations",
                                    {**self.order, "userAddress": "elsewhere"},
                                    {"Idempotency-Key": "first"}), 422, "idempotency_key_reused")

    def test_a_car_is_found_by_its_number(self):
        for number in ("0101", "0202", "0101", "12 가 3456"):
            self.post("/repairshop/receipts", {"vehiNo": number})
        self.quiet()
        def ids(query, view="receipts"):
            return [row["id"] for row in rows(self.http, view, query, "/repairshop")]
        for view in ("receipts", "repairs", "displays"):
            self.assertEqual(ids("&vehiNo=0101", view), [1, 3], view)
        self.assertEqual(ids("&vehiNo=" + harness.quoted("12 가 3456")), [4])
        self.assertEqual(ids("&vehiNo=0303"), [])
        self.assertEqual(ids("&vehiNo=0101&stat=DELIVERYSTARTED"), [])
        numbers = [row["vehiNo"] for row in
                   rows(self.http, "receipts", "&sort=vehiNo,asc", "/repairshop")]
        self.assertEqual(numbers, sorted(numbers), "sorted by what it says, not as it is kept")
        self.assertEqual(self.erase("repairshop/vehicle:0101").status, 201)
        self.assertEqual(ids("&vehiNo=0101"), [])
        for spelt in ("12가3456", "12가-3456", unicodedata.normalize("NFD", "12가 3456")):
            self.assertEqual(ids("&vehiNo=" + harness.quoted(spelt)), [4], spelt)
        spelt = unicodedata.normalize("NFD", "１２가 3456")
        self.assertEqual(self.erase("repairshop/vehicle:" + spelt).status, 201)
        self.assertEqual(ids("&vehiNo=" + harness.quoted("12 가 3456")), [])
        self.assertEqual(ids("&vehiNo=0202"), [2])

    def test_no_number_of_a_person_is_kept_in_what_is_recorded_for_ever(self):
        self.seed()
        self.post("/repairshop/receipts", {"vehiNo": "12가 3456"})
        number = "900101-2718281"
        body = {"person": "prereservation/user:17", "reason": f"letter of {number}"}
        event = {"type": "noted", "data": {}}
        order = self.order
        for path, sent, headers, field in (
                ("/audit/erasures", body, {}, "reason"),
                ("/audit/erasures", {**body, "person": "repairshop/vehicle:12가3456",
                                     "reason": "the car 12가-3456"}, {}, "reason"),
                ("/prereservation/preReservations", order, {"X-Actor": number}, "X-Actor"),
                ("/prereservation/preReservations", order, {"X-Correlation-Id": number},
                 "X-Correlation-Id"),
                ("/prereservation/preReservations", order, {"Idempotency-Key": number},
                 "Idempotency-Key"),
                ("/streams/notes-1", event, {"X-Actor": "clerk:9001012718281"}, "X-Actor"),
                ("/streams/notes-1", {**event, "actor": number}, {}, "actor"),
                ("/streams/notes-1", {**event, "correlationid": number}, {}, "correlationid")):
            self.problem(self.http.post(path, sent, headers), 422, "personal_number", field)
        self.server.stop()
        for words in (("--reason", number), ("--reason", "x", "--actor", number)):
            run = subprocess.run([harness.binary, "audit", "erase", "--data", self.server.data,
                                  "--person", "prereservation/user:17", *words],
                                 capture_output=True, text=True, timeout=60)
            self.assertEqual(run.returncode, 2, run)
        for file in self.server.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"2718281", file.read_bytes(), file)

    def test_a_person_is_found_by_name(self):
        for name, number in (("Kim", "890309-2766876"), ("Lee", "900101-1234567")):
            self.post("/vaccination/user/reserve", {"userName": name, "userRegNumber": number,
                                                    "reserveDate": "2021-10-05"})
        found = rows(self.http, "users", "&userName=Lee", "/vaccination")
        self.assertEqual([row["userRegNumber"] for row in found], ["900101-1******"])

    def test_who_comes_back_has_a_new_key(self):
        self.seed()
        self.erase("prereservation/user:17")
        back = self.post("/prereservation/preReservations", {**self.order, "userAddress": "busan"})
        self.assertEqual(back["userAddress"], "busan")
        self.assertEqual([row["userAddress"] for row in
                          rows(self.http, "preReservations", "&includeCancelled=true&sort=id",
                               "/prereservation")], [ERASED, ERASED, "busan"])
        self.server.restart(kill=True)
        self.http = self.server.client()
        row = self.ok("GET", f"/prereservation/preReservations/{back['id']}").json()
        self.assertEqual(row["userAddress"], "busan", "a start destroys what was erased, no more")

    def test_texts_with_quotes_and_hangul(self):
        address = '서울 "Jong-ro" \\ 12\n3층'
        made = self.post("/phoneshop/orders", {"item": "note21", "qty": 1, "address": address})
        self.assertEqual(made["address"], address)
        self.quiet()
        for view in ("orders", "storeManages"):
            [row] = rows(self.http, view, "", "/phoneshop")
            self.assertEqual(row["address"], address)
        events = all_events(self.http, query="&category=phoneshop.order")
        self.assertEqual(events[0]["data"]["address"], address)
        feed = harness.Client(self.server.port)
        told = harness.follow(feed.connection, "/events?category=phoneshop.order")
        lines = iter(told.readline, b"")
        data = next(line for line in lines if line.startswith(b"data: "))
        self.assertEqual(json.loads(data[6:])["data"]["address"], address)
        feed.close()

    def test_nobody_brings_a_sealed_text_in(self):
        """Whoever knows somebody's sealed text does not get it opened by sending it."""
        self.seed()
        kept = self.kept("/events?limit=1000").decode()
        begin = kept.index("sealed:v1:")
        sealed = kept[begin:kept.index(";", begin) + 1]
        hidden = sealed.replace(":", "\\u003a")
        for body in (json.dumps({"item": sealed, "qty": 1}), f'{{"item":"{hidden}","qty":1}}',
                     json.dumps({"item": "x" + sealed + "y", "qty": 1}),
                     f'{{"item":"{sealed[0]}\\u0065{hidden[2:]}","qty":1}}'):
            self.problem(self.http.post("/phoneshop/orders", body), 422, "reserved_text")
        quoted = harness.quoted(sealed)
        for path in (f"/{sealed}", f"/{quoted}", f"/events?{quoted}=1", f"/events?tag={quoted}",
                     f"/streams/{quoted}", f"/repairshop/receipts?vehiNo={quoted}"):
            self.problem(self.http.get(path), 422, "reserved_text")
        self.problem(self.http.post("/streams/orders-1", {"type": "a", "data": {"b": sealed}}), 422,
                     "reserved_text")
        self.problem(self.http.post("/phoneshop/orders", {"item": "a", "qty": 1},
                                    {"X-Actor": sealed}), 422, "reserved_text")

    def test_the_erasure_itself_is_in_the_log(self):
        self.seed()
        preview = self.erase("repairshop/vehicle:" + CANARIES["vehicle"], dryRun=True)
        self.assertEqual(preview.status, 200, preview)
        told = preview.json()
        self.assertEqual(told["result"], "preview")
        self.assertGreater(told["sealedEvents"], 3)
        self.assertEqual(told["rows"]["repairshop.receipts"], 1)
        self.assertEqual(self.http.get("/repairshop/receipts/1").json()["vehiNo"],
                         CANARIES["vehicle"], "a preview changes nothing")
        done = self.erase("repairshop/vehicle:" + CANARIES["vehicle"])
        [event] = all_events(self.http, query="&type=operations.person_erased.v1")
        self.assertEqual(event["position"], done.json()["position"])
        self.assertEqual(event["actor"], "kim")
        self.assertEqual(event["data"]["reason"], REASON)
        self.assertEqual(event["data"]["keys"], told["keys"])
        origin, size = event["data"]["checkpoint"].split("\n")[:2]
        self.assertEqual((origin, int(size)), ("yeyak", event["position"] - 1),
                         "the log as it was before, signed")
        self.assertNotIn(CANARIES["vehicle"], json.dumps(event))
        again = self.erase("repairshop/vehicle:" + CANARIES["vehicle"])
        self.assertEqual((again.status, again.json()["result"]), (200, "nothing_left"))
        self.problem(self.erase("repairshop/vehicle:9999"), 404, "nothing_held")
        self.problem(self.erase("somebody"), 422, "unknown_person", "person")
        self.problem(self.http.post("/audit/erasures", {"person": "market/user:3", "reason": ""}),
                     422, "invalid_value", "reason")

    def test_an_export_is_everything_and_nobody_elses(self):
        self.seed()
        other = self.post("/prereservation/preReservations",
                          {**self.order, "userId": 18, "userAddress": "Somebody-Elses"})
        held = self.export("prereservation/user:17")
        self.assertEqual([key["state"] for key in held["keys"]], ["kept"])
        text = json.dumps(held)
        self.assertIn(CANARIES["address"], text)
        self.assertIn(masked(CANARIES["card"]), text)
        self.assertNotIn("Somebody-Elses", text)
        self.assertNotIn("sealed:v1:", text)
        streams = {event["stream"] for event in held["held"]["events"]}
        for stream in ("prereservation.reservation-1", "prereservation.reservation-2",
                       "prereservation.checkout-1", "payment.payment-prereservation-1",
                       "prereservation.receipt-1", "payment.payment-prereservation-2"):
            self.assertIn(stream, streams)
        self.assertNotIn(f"prereservation.reservation-{other['id']}", streams)
        mine = [event for event in all_events(self.http) if event["stream"] in streams]
        self.assertEqual(held["events"], len(mine))
        self.assertEqual({view: len(found) for view, found in held["held"]["rows"].items()},
                         {"preReservations": 2, "payments": 2, "receipts": 2, "myReservations": 2,
                          "owners": 2, "sagas": 2})
        self.assertIn("first", text, "the answer kept for a repeated request")
        for person in self.PERSONS[1:]:
            held = self.export(person)
            self.assertGreater(held["sealedEvents"], 0, person)
            self.assertGreater(len(held["held"]["rows"]), 1, person)
        facts = all_events(self.http, query="&type=operations.person_exported.v1")
        self.assertEqual(len(facts), len(self.PERSONS))
        for text in self.shown() + secrets():
            self.assertNotIn(text, json.dumps(facts))
        self.assertEqual(self.erase("prereservation/user:17").status, 201)
        self.assertIn(ERASED, json.dumps(self.export("prereservation/user:17")))


class Commands(ErasureCase):
    def command(self, *arguments, code=0, env=None):
        run = subprocess.run([harness.binary, "audit", *arguments], capture_output=True, text=True,
                             timeout=120, env={**harness.clean_environment(), **(env or {})})
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout if code == 0 else run.stderr

    def person(self, name, *more):
        return ("--person", name, "--reason", REASON, *more)

    def test_against_a_server(self):
        self.seed()
        at = ("--server", f"http://127.0.0.1:{self.server.port}")
        told = self.command("erase", *at, *self.person("market/user:3", "--dry-run"))
        self.assertIn("1 key would be destroyed", told)
        held = json.loads(self.command("export", *at, *self.person("market/user:3")))
        self.assertIn(masked(CANARIES["market_card"]), json.dumps(held))
        told = self.command("erase", *at, *self.person("market/user:3", "--actor", "kim"))
        self.assertIn("erased, 1 key destroyed", told)
        held = json.loads(self.command("erase", *at, *self.person("market/user:3", "--json")))
        self.assertEqual(held["result"], "nothing_left")
        self.command("erase", *at, *self.person("market/user:99"), code=1)
        told = self.command("erase", "--data", self.server.data, *self.person("market/user:3"),
                            code=4)
        self.assertIn("--server", told)

    def test_at_rest(self):
        self.seed()
        head = self.ok("GET", "/events?limit=1").json()["head"]
        at = ("--data", self.server.data)
        told = self.command("erase", *at, *self.person("phoneshop/order:1", "--dry-run"))
        self.assertIn("Nothing was changed", told, "beside a running server, too")
        self.server.stop()
        held = json.loads(self.command("export", *at, *self.person("phoneshop/order:1")))
        self.assertIn(CANARIES["phone_address"], json.dumps(held))
        self.command("erase", *at, *self.person("phoneshop/order:1"))
        self.command("erase", *at, *self.person("nobody/user:1"), code=2)
        self.command("erase", "--data", self.server.home, *self.person("market/user:3"), code=3)
        verify_audit(self.server)
        self.server.start()
        self.http = self.server.client()
        self.assertEqual(self.ok("GET", "/phoneshop/orders/1").json()["address"], ERASED)
        self.assertEqual([event["type"] for event in all_events(self.http, after=head)],
                         ["operations.person_exported.v1", "operations.person_erased.v1"])

    def test_the_trail_shows_what_is_not_erased(self):
        self.seed()
        def trail(kind):
            answer = self.http.send("POST", "/audit/trail?stream=phoneshop.order-1",
                                    headers={"Accept": kind})
            self.assertEqual(answer.status, 200, answer)
            self.assertNotIn(b"sealed:v1:", answer.body)
            return answer.body.decode()
        self.assertIn(CANARIES["phone_address"], trail("application/json"))
        self.assertEqual(self.erase("phoneshop/order:1").status, 201)
        for kind in ("application/json", "text/csv", "text/html"):
            self.assertNotIn(CANARIES["phone_address"], trail(kind))
        self.server.stop()
        told = self.command("trail", "--data", self.server.data, "--stream",
                            "prereservation.reservation-1", "--format", "json")
        self.assertIn(CANARIES["address"], told)
        self.assertNotIn("sealed:v1:", told)

    def test_a_backup_holds_keys_only_apart(self):
        self.seed()
        self.server.stop()
        home = self.server.home
        run = subprocess.run([harness.binary, "backup", "--data", self.server.data, "--to",
                              home / "backup", "--keys-to", home / "secret"],
                             capture_output=True, text=True, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(places_of(home / "backup", secrets()), [])
        run = subprocess.run([harness.binary, "restore", "--from", home / "backup", "--data",
                              home / "again", "--keys-from", home / "secret"],
                             capture_output=True, text=True, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.server.data = home / "again"
        self.server.start()
        self.http = self.server.client()
        self.assertIn(CANARIES["address"], self.everything())

    def test_the_master_key_is_changed(self):
        self.seed()
        before = (self.server.data / "master.key").read_bytes()
        at = ("--data", self.server.data)
        self.command("rotate-master-key", *at, code=4)  # a server uses it
        self.server.stop()
        told = self.command("rotate-master-key", *at)
        self.assertIn("6 keys wrapped with the new master key", told)
        self.assertNotEqual((self.server.data / "master.key").read_bytes(), before)
        self.server.start()
        self.http = self.server.client()
        self.assertIn(CANARIES["address"], self.everything())

    def test_a_start_without_the_right_master_key_is_refused(self):
        self.seed()
        self.server.stop()
        key = self.server.data / "master.key"
        right = key.read_bytes()
        for wrong, told in ((None, "missing: the master key"), (bytes(32), "another master key"),
                            (b"short", "exactly 32 bytes")):
            key.unlink(missing_ok=True)
            if wrong:
                key.write_bytes(wrong)
            run = subprocess.run(self.server.command(), capture_output=True, text=True, timeout=60,
                                 env=harness.clean_environment())
            self.assertEqual(run.returncode, 3, run.stderr)
            self.assertIn(told, run.stderr)
        key.unlink()
        self.server.env = {"YEYAK_PRIVACY_MASTER_KEY": right.hex()}
        self.server.start()
        self.http = self.server.client()
        self.assertIn(CANARIES["address"], self.everything())

    def test_what_was_recorded_is_finished_by_the_next_start(self):
        """As after a crash between the record and the destruction: keys from before come back."""
        self.seed()
        self.server.stop()
        keys = self.server.data / "keys"
        saved = {path.relative_to(keys): path.read_bytes() for path in files_of(keys)}
        self.command("erase", "--data", self.server.data, *self.person("prereservation/user:17"))
        for path in files_of(keys):
            path.unlink()
        for name, data in saved.items():
            (keys / name).write_bytes(data)
        self.server.start()
        self.http = self.server.client()
        told = self.everything()
        self.assertNotIn(CANARIES["address"], told)
        self.assertIn(CANARIES["vehicle"], told)


class ManyAtOnce(ErasureCase):
    def test_killed_while_new_persons_come(self):
        """What was answered can be read after any end of the process."""
        import concurrent.futures
        for round_number in range(3):
            def one(number):
                client = harness.Client(self.server.port)
                try:
                    answer = client.post("/phoneshop/orders", {
                        "item": "note21", "qty": 1, "address": f"street {number}"})
                    return (answer.json()["id"], number) if answer.status == 201 else None
                except (OSError, harness.http.client.HTTPException):
                    return None
                finally:
                    client.close()
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                running = [pool.submit(one, number) for number in range(200)]
                wait_for("some are answered",
                         lambda: sum(each.done() for each in running) > 40 * (round_number + 1))
                self.server.kill()
                answered = [each.result() for each in running]
            self.server.start()
            self.http = self.server.client()
            for order in filter(None, answered):
                row = self.ok("GET", f"/phoneshop/orders/{order[0]}").json()
                self.assertEqual(row["address"], f"street {order[1]}")


if __name__ == "__main__":
    main()
