"""Behind a proxy: links as the client sees them, and who is taken for whom."""

from harness import B1, ServerCase, all_events, main

BEHIND = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https",
          "X-Forwarded-Host": "shop.example"}


class Links(ServerCase):
    def links(self, headers=None):
        """The base of every link of a row, a page and a new resource: one."""
        made = self.create(headers=headers)
        row = self.http.get("/preReservations/1", headers).json()["_links"]["self"]["href"]
        page = self.http.get("/preReservations?size=1", headers).json()
        found = {made.headers["Location"].partition("/preReservations")[0],
                 made.json()["_links"]["self"]["href"].partition("/preReservations")[0],
                 row.partition("/preReservations")[0],
                 page["_links"]["self"]["href"].partition("/preReservations")[0],
                 page["_embedded"]["preReservations"][0]["_links"]["self"]["href"]
                 .partition("/preReservations")[0]}
        self.assertEqual(len(found), 1, found)
        return found.pop()

    def sent_from(self):
        return all_events(self.http)[-1]["causationid"]

    def own(self):
        return f"http://127.0.0.1:{self.server.port}"


class Alone(Links):
    def test_nobody_is_believed(self):
        self.assertEqual(self.links(BEHIND), self.own())
        self.http.post("/streams/s-1", {"type": "noted", "data": {}}, BEHIND)
        self.assertIn("from 127.0.0.1", self.sent_from())


class Trusted(Links):
    flags = ("--proxy-trusted", "127.0.0.1, 10.0.0.0/8", "--http-hosts", "shop.example")

    def test_the_proxy_says_how_it_is_called(self):
        self.assertEqual(self.links(BEHIND), "https://shop.example")
        self.assertEqual(self.links({"X-Forwarded-Proto": "https"}),
                         self.own().replace("http:", "https:"))
        self.assertEqual(self.links({"Forwarded": "proto=https;host=evil.example"}), self.own())

    def test_the_network_of_the_client_is_recorded(self):
        self.http.post("/streams/s-1", {"type": "noted", "data": {}}, BEHIND)
        self.assertIn("from 203.0.113.0/24", self.sent_from())

    def test_a_page_of_the_server_behind_the_proxy_is_its_own(self):
        for origin, status in (("https://shop.example", 201), ("https://evil.example", 403)):
            answer = self.http.post("/preReservations", B1, {**BEHIND, "Origin": origin})
            self.assertEqual(answer.status, status, answer)

    def test_the_host_that_it_was_asked_for_must_be_known(self):
        for headers in ({**BEHIND, "X-Forwarded-Host": "evil.example"},
                        {**BEHIND, "Host": "evil.example"}):
            self.problem(self.http.get("/preReservations", headers), 403, "unknown_host", "Host")


class AsTheRfc(Links):
    flags = ("--proxy-trusted", "127.0.0.1", "--proxy-field", "forwarded",
             "--http-hosts", "shop.example")

    def test_forwarded(self):
        said = {"Forwarded": 'for="[2001:db8::7]:4711";proto=https;host=shop.example'}
        self.assertEqual(self.links(said), "https://shop.example")
        self.assertEqual(self.links(BEHIND), self.own())


class Set(Links):
    flags = ("--proxy-public-address", "https://shop.example/api")

    def test_links_begin_with_it(self):
        self.assertEqual(self.links(), "https://shop.example/api")
        self.assertEqual(self.links(BEHIND), "https://shop.example/api")
        self.assertEqual(self.links({"Host": "shop.example"}), "https://shop.example/api")


if __name__ == "__main__":
    main()
