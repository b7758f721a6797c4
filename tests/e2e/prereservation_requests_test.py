"""Pre-reservation requests that are wrong, paged or early, and what each is answered."""

import json
import threading

from harness import B1, ServerCase, all_events, main, rows, set_context
from model import quiet

VIEWS = ("preReservations", "payments", "receipts", "myReservations")


class Refusals(ServerCase):
    def refused(self, body, status, code, field=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.problem(self.http.post("/preReservations", body, named), status, code, field)

    def tearDown(self):
        self.assertEqual(all_events(self.http), [], "a refused request left something")
        super().tearDown()

    def test_fields_are_missing(self):
        for field in ("userId", "userAddress", "productId", "productName", "price", "cardNo"):
            body = {name: value for name, value in B1.items() if name != field}
            self.refused(body, 400, "missing_field", field)
            self.refused({**B1, field: None}, 400, "wrong_type", field)
        self.refused('{"userId":1}', 400, "missing_field")

    def test_fields_of_a_wrong_type(self):
        for field in ("userId", "productId", "price"):
            for value in ("one", "", " 1", "1 ", "1.5", 1.5, True, [], {}, "0x1", "1e3", 1e3, "+1"):
                self.refused({**B1, field: value}, 400, "wrong_type", field)
        for field in ("userAddress", "productName", "cardNo"):
            for value in ([], {}, True, 1.5):
                self.refused({**B1, field: value}, 400, "wrong_type", field)

    def test_values_that_do_not_fit(self):
        for field in ("userId", "productId", "price"):
            for value in (0, -1, "0", "-1"):
                self.refused({**B1, field: value}, 422, "invalid_value", field)
            for value in (2**63, 2**64, -2**63 - 1, str(2**63)):
                told = self.refused({**B1, field: value}, 422, "out_of_range")
                self.assertIn(told.get("field"),
                              (field, None))  # beyond 64 bits it is no number at all
        for field, limit in (("userAddress", 200), ("productName", 100)):
            for value in ("", "x" * (limit + 1), "가" * (limit + 1)):
                self.refused({**B1, field: value}, 422, "invalid_value", field)

    def test_cards(self):
        for card in ("", "1", "1" * 11, "1" * 20, "1234-1234-1234-123x", "1234--1234-1234-1234",
                     "-1234123412341234", "1234123412341234-", "１２３４123412341234",
                     "1234_1234_1234_1234"):
            self.refused({**B1, "cardNo": card}, 422, "invalid_value", "cardNo")

    def test_bodies_that_cannot_be_read(self):
        text = json.dumps(B1)
        for body, code in ((text[:-1], "malformed_json"), (text + "}", "malformed_json"),
                           ("", "malformed_json"),
                           ("userId=1", "malformed_json"), ("[]", "wrong_type"),
                           ('"x"', "wrong_type"),
                           ("{'userId':1}", "malformed_json"),
                           (text[:-1] + ',"price":1}', "duplicate_key"),
                           (text[:-1] + ',"x":{"a":1,"a":2}}', "duplicate_key"),
                           (text.replace("fold", "f\\ud800").encode(), "malformed_json"),
                           (text.encode().replace(b"fold", b"f\xff"), "bad_utf8"),
                           (text.encode().replace(b"fold", b"f\xc0\xaf"), "bad_utf8"),
                           (text[:-1] + ',"x":' + "[" * 40 + "]" * 40 + "}", "too_deep")):
            answer = self.http.post("/preReservations", body)
            told = self.problem(answer, 400, answer.json()["code"])
            self.assertIn(told["code"], (code, "malformed_json"), (body, answer))

    def test_types_and_methods(self):
        for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
            told = self.refused(B1, 415, "unsupported_media_type", Content_Type=kind)
            self.assertIn("application/json", told["detail"])
        self.refused(B1, 406, "not_acceptable", Accept="text/html")
        self.problem(self.http.get("/payments", {"Accept": "image/png"}), 406, "not_acceptable")
        for method, path, allow in (("PUT", "/preReservations", "GET, HEAD, POST, OPTIONS"),
                                    ("POST", "/preReservations/1", "GET, HEAD, DELETE, OPTIONS"),
                                    ("DELETE", "/preReservations", "GET, HEAD, POST, OPTIONS"),
                                    ("DELETE", "/payments/1", "GET, HEAD, OPTIONS"),
                                    ("PATCH", "/myReservations", "GET, HEAD, OPTIONS")):
            answer = self.http.send(method, path)
            self.problem(answer, 405, "method_not_allowed")
            self.assertEqual(set(answer.headers["Allow"].split(", ")), set(allow.split(", ")))
        options = self.http.send("OPTIONS", "/preReservations")
        self.assertEqual((options.status, "POST" in options.headers["Allow"]), (204, True))

    def test_what_is_not_there(self):
        for path in ("/preReservations/1", "/preReservations/0", "/preReservations/-1",
                     "/preReservations/x",
                     "/preReservations/1.0", "/preReservations/99999999999999999999"):
            self.assertEqual(self.http.get(path).status, 404, path)
            self.assertEqual(self.http.delete(path).status, 404, path)
        self.problem(self.http.delete("/preReservations/1"), 404, "reservation_not_found")
        for path in ("/preReservation", "/preReservations/1/2", "/nothing", "/payments/"):
            self.problem(self.http.get(path), 404, "not_found")


class Lists(ServerCase):
    def test_parameters_at_their_limits(self):
        for view in VIEWS:
            for query in ("page=0", "page=1000000000000000", "size=1", "size=1000", "sort=id",
                          "sort=id,desc",
                          "sort=createdAt,asc", "minPosition=0", "consistency=eventual",
                          "consistency=fresh"):
                self.assertEqual(self.http.get(f"/{view}?{query}").status, 200, query)
            for query in ("page=-1", "page=1000000000000001", "page=x", "page=", "size=0", "size=1001",
                          "size=-1",
                          "size=2147483648", "size=9223372036854775808", "sort=nothing",
                          "sort=id,up",
                          "sort=", "minPosition=-1", "consistency=strong"):
                self.problem(self.http.get(f"/{view}?{query}"), 400, "bad_parameter",
                             query.split("=")[0])
            for query in ("limit=1", "userID=1", "Page=0"):
                self.problem(self.http.get(f"/{view}?{query}"), 400, "unknown_parameter",
                             query.split("=")[0])
            self.problem(self.http.get(f"/{view}/1?includeCanceled=true"), 400, "unknown_parameter")
        self.problem(self.http.get("/payments?includeCancelled=yes"), 400, "bad_parameter")
        self.problem(self.http.get("/myReservations?includeCancelled=true"), 400,
                     "unknown_parameter")

    def test_a_filter_that_no_row_can_match_is_a_mistake(self):
        for view in VIEWS:
            for query in ("userId=kim", "userId=", "userId=1.5", "userId=9223372036854775808",
                          "userId=1&userId=2", "size=1&size=2"):
                self.problem(self.http.get(f"/{view}?{query}"), 400, "bad_parameter",
                             query.split("=")[0])
            for query in ("userId=7", "userId=-1"):
                self.assertEqual(self.http.get(f"/{view}?{query}").status, 200, query)
            for word in ("nonsense", "PAID", ""):
                told = self.problem(self.http.get(f"/{view}?status={word}"), 400, "bad_parameter",
                                    "status")
                self.assertIn('status is one of "re' if view != "payments" else
                              'status is one of "payment_requested", "paid"', told["detail"])
        for query in ("reserveStatus=kim", "reserveDate=today", "userId=kim"):
            self.problem(self.http.get(f"/vaccination/dashboard/list?{query}"), 400,
                         "bad_parameter", query.split("=")[0])

    def test_all_that_is_wrong_with_a_query_is_told_at_once(self):
        told = self.problem(
            self.http.get("/preReservations?size=0&colour=red&page=x&sort=nothing&userId=kim"
                          "&status=nonsense&asOf=soon&minPosition=1&size=2"),
            400, "unknown_parameter", "colour")
        self.assertEqual([(error["field"], error["code"]) for error in told["errors"]],
                         [("colour", "unknown_parameter"), ("page", "bad_parameter"),
                          ("size", "bad_parameter"), ("sort", "bad_parameter"),
                          ("userId", "bad_parameter"), ("status", "bad_parameter"),
                          ("size", "bad_parameter"), ("minPosition", "bad_parameter"),
                          ("asOf", "bad_parameter")])
        for error in told["errors"]:
            self.assertNotIn("pointer", error)
            self.assertTrue(error["detail"].startswith(error["field"] + " "), error)
            self.assertIn(error["detail"], told["detail"])
        self.assertIn("; known are page, size, ", told["detail"])
        one = self.problem(self.http.get("/preReservations/1?minPosition=-1&consistency=strong"),
                           400, "bad_parameter", "minPosition")
        self.assertEqual([error["field"] for error in one["errors"]],
                         ["minPosition", "consistency"])
        self.assertNotIn("known are", one["detail"])

    def test_every_link_of_a_page_leads_to_a_page(self):
        for _ in range(5):
            self.create()
        quiet(self.http)
        for query in ("size=1", "size=2&page=1", "size=2&sort=price,desc", "size=1&userId=1",
                      "size=2&page=9", "size=1&status=paid&page=2", "size=1&page=2&sort=price,asc",
                      "size=2&page=9&sort=createdAt,desc"):
            links = self.http.get(f"/myReservations?{query}").json()["_links"]
            for name, link in links.items():
                path = link["href"].removeprefix(f"http://127.0.0.1:{self.server.port}")
                self.assertEqual(self.http.get(path).status, 200, (name, link))

    def test_pages_filters_and_order(self):
        for i in range(1, 24):
            self.create({**B1, "userId": i % 3, "price": 1000 + (i * 7) % 23} if i % 3 else B1)
        self.http.delete("/preReservations/5")
        quiet(self.http)
        for view in VIEWS:
            total = 23 if view == "myReservations" else 22
            got, path = [], f"/{view}?size=5&sort={'id' if view == 'receipts' else 'price'},desc"
            while path:
                page = self.http.get(path).json()
                self.assertEqual(page["page"]["totalElements"], total)
                self.assertEqual(page["page"]["totalPages"], 5)
                got += page["_embedded"][view]
                link = page["_links"].get("next")
                path = link and link["href"].removeprefix(f"http://127.0.0.1:{self.server.port}")
            self.assertEqual(len({row["id"] for row in got}), total)
            prices = [row.get("price") for row in got]
            if view != "receipts":
                self.assertEqual(prices, sorted(prices, reverse=True))
            ids = [row["id"] for row in rows(self.http, view)]
            self.assertEqual(ids, sorted(ids))
            self.assertEqual([row["id"] for row in rows(self.http, view, "&sort=id,desc")],
                             ids[::-1])
            mine = rows(self.http, view, "&userId=2")
            self.assertEqual({row["userId"] for row in mine}, {2})
            self.assertEqual(len(mine), 8 if view == "myReservations" else 7)
            self.assertEqual(rows(self.http, view, "&userId=77"), [])
        cancelled = rows(self.http, "myReservations", "&status=receipt_cancelled")
        self.assertEqual([row["id"] for row in cancelled], [5])
        self.assertEqual(len(rows(self.http, "preReservations", "&includeCancelled=true")), 23)
        self.assertEqual(len(rows(self.http, "payments", "&includeCancelled=true&userId=2")), 8)


class Traces(ServerCase):
    def test_the_correlation_id_is_on_every_event(self):
        created = self.create(headers={"X-Correlation-Id": "trace-create"})
        self.assertEqual(created.headers["X-Correlation-Id"], "trace-create")
        quiet(self.http)
        made = len(all_events(self.http))
        self.http.delete("/preReservations/1",
                         {"X-Correlation-Id": "trace-cancel", "X-Actor": "clerk-7"})
        quiet(self.http)
        events = all_events(self.http)
        self.assertEqual({e["correlationid"] for e in events[:made]}, {"trace-create"})
        self.assertEqual({e["correlationid"] for e in events[made:]}, {"trace-cancel"})
        self.assertEqual(events[made]["actor"], "clerk-7")
        for actor in ("x" * 65, "", "two words"):
            refused = self.http.post("/preReservations", B1, {"X-Actor": actor})
            self.problem(refused, 400, "bad_actor", "X-Actor")
        ids = {e["id"] for e in events}
        for event in events:
            cause = event["causationid"]
            self.assertTrue(cause in ids or cause.startswith("http/"), event)
        self.assertTrue(self.http.get("/payments").headers["X-Correlation-Id"])


class Freshness(ServerCase):
    flags = ("--read-wait-ms", "300")

    def test_read_your_writes(self):
        for _ in range(200):
            created = self.create()
            number, position = created.json()["id"], created.position()
            for view in ("preReservations", "myReservations"):
                answer = self.http.get(f"/{view}/{number}?minPosition={position}")
                self.assertEqual(answer.status, 200, answer)
                self.assertGreaterEqual(answer.position(), position)
            gone = self.http.delete(f"/preReservations/{number}")
            path = f"/preReservations/{number}?minPosition={gone.position()}"
            self.assertEqual(self.http.get(path).status, 404)
            mine = self.http.get(f"/myReservations/{number}?minPosition={gone.position()}").json()
            self.assertTrue(mine["status"].endswith("cancelled"), mine)

    def test_a_position_that_nobody_was_given(self):
        self.create()
        head = quiet(self.http).position
        for view in VIEWS:
            self.assertEqual(self.http.get(f"/{view}?minPosition={head}").status, 200)
            self.problem(self.http.get(f"/{view}?minPosition={head + 1}"), 409, "beyond_the_log")
            self.problem(self.http.get(f"/{view}/1?minPosition={2**63 - 1}"), 409, "beyond_the_log")

    def test_a_view_that_was_stopped(self):
        position = self.create().position()
        set_context(self.http, "myreservation", state="down")
        self.problem(self.http.get(f"/myReservations?minPosition={position}"), 503, "context_down")
        newer = self.create()
        set_context(self.http, "myreservation", state="up")
        answer = self.http.get(f"/myReservations/2?minPosition={newer.position()}")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.headers["Yeyak-Lag"], "0")


class Behind(ServerCase):
    flags = ("--read-wait-ms", "0")

    def test_a_view_that_is_behind_says_so(self):
        """It has much to catch up with: 409 until it is there, never an old row as a new one."""
        self.create()
        behind = 0
        for _ in range(20):
            set_context(self.http, "myreservation", state="down")
            for _ in range(8):
                self.http.post("/streams/much-1", [{"type": "noted", "data": {}}] * 4000)
            created = self.create()
            path = f"/myReservations/{created.json()['id']}?minPosition={created.position()}"
            for answer in self.asked_while_it_starts(path):
                if answer.status == 200:
                    self.assertGreaterEqual(answer.position(), created.position())
                    continue
                told = self.problem(answer, 409, "view_behind", "minPosition")
                self.assertLess(told["position"], created.position())
                self.assertGreater(told["lag"], 0)
                self.assertEqual(answer.headers["Retry-After"], "1")
                behind += 1
            if behind > 0:
                return
        self.fail("the view was never behind")

    def asked_while_it_starts(self, path):
        """Asks at the moment at which the view begins to catch up, and until it is there."""
        asking = threading.Event()
        answers = []

        def ask():
            client = self.server.client()
            while not answers or answers[-1].status != 200:
                answer = client.get(path)
                if answer.status != 503:
                    answers.append(answer)
                asking.set()

        asker = threading.Thread(target=ask)
        asker.start()
        asking.wait()
        set_context(self.http, "myreservation", state="up")
        asker.join()
        return answers


if __name__ == "__main__":
    main()
