"""Who may be called what, whose key it is, what a refusal tells, and foreign pages."""

import json

import exchanges
from harness import B1, Answer, ServerCase, all_events, main


class Refusals(ServerCase):
    def test_no_refusal_hands_out_a_receipt(self):
        """The newest event of the log is somebody else's."""
        self.create()
        for answer in (self.http.delete("/preReservations/999"),
                       self.http.delete("/preReservations/999", {"Idempotency-Key": "k"}),
                       self.http.delete("/preReservations/999", {"Idempotency-Key": "k"}),
                       self.http.send("POST", "/sagas/prereservation.checkout-9/retry"),
                       self.http.send("POST", "/notifications/none/replay")):
            self.assertGreaterEqual(answer.status, 400)
            self.assertIsNone(answer.headers["Link"], answer)
            self.assertIsNone(answer.headers["Yeyak-Position"], answer)


class Keys(ServerCase):
    def test_a_key_belongs_to_who_sent_it(self):
        mine = {"Idempotency-Key": "k-1", "X-Actor": "user:1"}
        other = {"Idempotency-Key": "k-1", "X-Actor": "user:2"}
        first = self.create(headers=mine)
        second = self.create(headers=other)
        self.assertEqual((first.json()["id"], second.json()["id"]), (1, 2))
        self.assertIsNone(second.headers["Idempotent-Replayed"])
        again = self.create(headers=mine)
        self.assertEqual((again.json()["id"], again.headers["Idempotent-Replayed"]), (1, "true"))

    def test_in_the_store_too(self):
        body = {"type": "noted", "data": {}}
        for actor, version in (("a", 1), ("b", 2), ("a", 1), ("b", 2)):
            answer = self.http.post("/streams/s-1", body,
                                    {"Idempotency-Key": "k", "X-Actor": actor})
            self.assertEqual((answer.status, answer.json()["version"]), (201, version))


class Actors(ServerCase):
    def last_actor(self):
        return all_events(self.http)[-1]["actor"]

    def test_nobody_is_called_operator(self):
        self.create()
        self.http.post("/audit/exports", {"person": "prereservation/user:1", "reason": "asked"})
        self.assertEqual(self.last_actor(), "anonymous")
        self.http.send("POST", "/audit/trail")
        self.assertEqual(self.last_actor(), "anonymous")
        self.http.send("POST", "/sagas/prereservation.checkout-1/compensate")
        self.assertNotIn("operator", {e["actor"] for e in all_events(self.http)})

    def test_names_of_the_program_are_nobodys(self):
        for name in ("system", "operator", "yeyak", "SYSTEM"):
            for path, body in (("/preReservations", B1), ("/streams/s-1", {"type": "t", "data": {}}),
                               ("/audit/exports", {"person": "prereservation/user:1",
                                                   "reason": "asked"}),
                               ("/audit/trail", None)):
                answer = self.http.send("POST", path, body, {"X-Actor": name})
                self.problem(answer, 403, "reserved_actor", "X-Actor")
        body = {"type": "t", "data": {}, "actor": "system"}
        self.problem(self.http.post("/streams/s-1", body), 403, "reserved_actor", "actor")
        self.assertEqual(all_events(self.http), [])

    def test_actors_have_names_of_any_letters(self):
        self.create(headers={"X-Actor": "clerk:김민수".encode()})
        self.assertEqual(all_events(self.http)[0]["actor"], "clerk:김민수")
        for bad, status, code in ((b"", 400, "bad_actor"), (b"a b", 400, "bad_actor"),
                                  (("김" * 65).encode(), 400, "bad_actor"),
                                  (b"x-\xff", 422, "bad_utf8")):
            answer = self.http.post("/preReservations", B1, {"X-Actor": bad})
            self.problem(answer, status, code, "X-Actor")


class ForeignPages(ServerCase):
    """What a page of another site can have a visitor's browser send."""

    def test_a_body_without_a_type_is_refused(self):
        for kind in (None, "text/plain", "application/x-www-form-urlencoded",
                     "multipart/form-data; boundary=b"):
            for path in ("/preReservations", "/streams/s-1", "/commits", "/audit/erasures",
                         "/sagas/prereservation.checkout-1/compensate"):
                headers = {"Content-Type": kind} if kind else {}
                answer = self.raw("POST", path, json.dumps(B1).encode(), headers)
                self.problem(answer, 415, "unsupported_media_type", "Content-Type")
        self.assertEqual(all_events(self.http), [])

    def test_a_guard_that_is_sent_twice_is_refused(self):
        self.assertEqual(self.http.post("/streams/s-1", {"type": "t", "data": 1}).status, 201)
        answer = self.raw("POST", "/streams/s-1", b'{"type":"t","data":1}',
                          {"Content-Type": "application/json", "Expected-Version": ["any", "7"]})
        self.problem(answer, 400, "bad_precondition", "Expected-Version")
        self.assertEqual(len(all_events(self.http)), 1)

    def raw(self, method, path, body, headers):
        """Several values of a header field are sent in as many fields."""
        connection = self.http.connection
        connection.putrequest(method, path)
        connection.putheader("Content-Length", str(len(body)))
        for name, value in headers.items():
            for each in value if isinstance(value, list) else [value]:
                connection.putheader(name, each)
        headers = {name: value for name, value in headers.items() if isinstance(value, str)}
        connection.endheaders(body)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        exchanges.record(connection.port, method, path, headers, body, answer)
        return answer

    def test_commands_of_other_sites_are_refused(self):
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"},
                        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
            self.problem(self.http.post("/preReservations", B1, headers), 403, "foreign_page")
            self.problem(self.http.delete("/preReservations/1", headers), 403, "foreign_page")
            self.problem(self.http.send("POST", "/audit/trail", headers=headers), 403,
                         "foreign_page")
        self.assertEqual(all_events(self.http), [])

    def test_they_may_not_read_but_link_here(self):
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            for path in ("/events", "/prereservation/preReservations", "/none"):
                self.problem(self.http.get(path, headers), 403, "foreign_page")
            self.problem(self.http.send("OPTIONS", "/commits", headers=headers), 403,
                         "foreign_page")
        followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
                    "Sec-Fetch-Dest": "document"}
        self.assertEqual(self.http.get("/problems", followed).status, 200)

    def test_nobody_is_told_of_other_pages(self):
        answer = self.http.get("/events")
        self.assertEqual([name for name in answer.headers if "Access-Control" in name], [])

    def test_pages_of_this_site_and_programs_may(self):
        own = f"http://127.0.0.1:{self.server.port}"
        for headers in ({}, {"Origin": own}, {"Origin": own, "Sec-Fetch-Site": "same-origin"}):
            self.create(headers=headers)

    def test_a_get_never_writes(self):
        answer = self.http.get("/audit/trail")
        self.problem(answer, 405, "method_not_allowed")
        self.assertIn("POST", answer.headers["Allow"])
        self.assertEqual(self.http.send("POST", "/audit/trail").status, 200)
        self.assertEqual(len(all_events(self.http)), 1)


class NamedPages(ServerCase):
    """A page of another site that the operator names, as its browser asks for it."""

    flags = ("--http-origins", "https://shop.example, http://localhost:3000")

    def test_it_may_ask_command_and_read(self):
        page = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
        asked = self.http.send("OPTIONS", "/preReservations", headers={
            **page, "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,idempotency-key"})
        self.assertEqual(asked.status, 204)
        self.assertIn("POST", asked.headers["Access-Control-Allow-Methods"])
        self.assertEqual(asked.headers["Access-Control-Allow-Headers"],
                         "content-type,idempotency-key")
        made = self.create(headers={**page, "Idempotency-Key": "k"})
        read = self.http.get("/preReservations/1", page)
        refused = self.http.get("/preReservations/2", page)
        self.assertEqual((read.status, refused.status), (200, 404))
        for answer in (asked, made, read, refused):
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], page["Origin"])
            self.assertIn("Origin", answer.headers.get_all("Vary"))

    def test_no_other_may(self):
        for origin in ("https://evil.example", "http://shop.example", "null"):
            answer = self.http.get("/events", {"Origin": origin})
            self.problem(answer, 403, "foreign_page", "Origin")
            self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])


class Hosts(ServerCase):
    """By which names the server may be called: a page can give this machine a name of its own."""

    flags = ("--http-hosts", "reservation")

    def test_its_own_with_any_port(self):
        for host in ("localhost", f"127.0.0.1:{self.server.port}", "[::1]:8080",
                     "reservation:8080", "RESERVATION"):
            self.assertEqual(self.http.get("/events", {"Host": host}).status, 200, host)

    def test_no_other(self):
        for host in ("evil.example", "evil.example:8080", "localhost.evil.example", "0.0.0.0", ""):
            rebound = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
            told = self.problem(self.http.post("/preReservations", B1, rebound), 403,
                                "unknown_host", "Host")
            self.assertIn("http.hosts", told["detail"])
            self.assertEqual(told["type"], "/problems#unknown_host", "not to a stranger's page")
            self.problem(self.http.get("/events", {"Host": host}), 403, "unknown_host")
            self.problem(self.http.get("/none", {"Host": host}), 403, "unknown_host")
        self.assertEqual(all_events(self.http), [])


if __name__ == "__main__":
    main()
