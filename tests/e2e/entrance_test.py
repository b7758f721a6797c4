"""What a stranger finds: the entrance, what refusals mean, where malformed JSON is malformed, and
long answers in gzip."""

import gzip
import html.parser
import json
import socket

from harness import B1, ServerCase, explained_codes, main

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Page(html.parser.HTMLParser):
    """Its links, its anchors, and everything that would be loaded."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.loaded = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "a":
            self.links.append(given["href"])
        if "id" in given:
            self.ids.add(given["id"])
        if tag in ("script", "img", "link", "iframe") or "src" in given:
            self.loaded.append(tag)


class Entrance(ServerCase):
    def own(self, link):
        base = f"http://127.0.0.1:{self.server.port}"
        self.assertTrue(link.startswith(base + "/"), link)
        return link.removeprefix(base)

    def test_what_cannot_be_read_is_explained_too(self):
        for sent, code in ((b"GET / HTTP/1.1\r\n\r\n", "missing_host"),
                           (b"BREW / HTTP/1.1\r\n\r\n", "method_not_implemented"),
                           (b"GET /" + b"x" * 9000, "head_too_large")):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as raw:
                raw.sendall(sent)
                told = json.loads(b"".join(iter(lambda: raw.recv(65536), b"")).split(b"\r\n\r\n")[1])
            self.assertEqual((told["code"], told["type"]), (code, f"/problems#{code}"))
            self.assertTrue(told["correlationId"])
            self.assertIn(code, explained_codes())

    def test_a_path_without_its_system_is_hinted_at(self):
        told = self.problem(self.http.get("/products/1"), 404, "not_found")
        self.assertTrue(told["detail"].endswith("; did you mean /market/products/1?"), told)

    def test_all_unknown_parameters_are_named_at_once(self):
        told = self.problem(self.http.get("/market/products?colour=red&productstatus=01&size=2"),
                            400, "unknown_parameter", "colour")
        self.assertEqual([error["field"] for error in told["errors"]], ["colour", "productstatus"])
        self.assertIn("productstatus is not a parameter here; did you mean productStatus?",
                      told["detail"])

    def test_programs_find_links_to_everything(self):
        answer = self.http.get("/")
        self.assertEqual(answer.headers["Content-Type"], "application/hal+json")
        links = answer.json()["_links"]
        paths = self.http.get("/openapi.json").json()["paths"]
        self.assertLessEqual({path[1:] for path in paths if path != "/"}, set(links))
        self.assertEqual(self.own(links["service-desc"]["href"]), "/openapi.json")
        for name, link in links.items():
            self.assertEqual("{" in link["href"], link.get("templated", False), name)
            if name in paths.get("/" + name, {}) or link.get("templated"):
                continue
            if "get" in paths.get(self.own(link["href"]), {}):
                status = self.http.get(self.own(link["href"])).status
                self.assertNotIn(status, (404, 405, 500), name)

    def test_people_find_a_page_that_loads_nothing(self):
        for path in ("/", "/problems"):
            answer = self.http.get(path, BROWSER)
            self.assertEqual(answer.headers["Content-Type"], "text/html; charset=utf-8")
            self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
            self.assertIn("Accept", answer.headers.get_all("Vary"))
            page = Page(answer.body.decode())
            self.assertEqual(page.loaded, [])
            for link in page.links:
                self.assertNotIn(self.http.get(self.own(link)).status, (404, 405, 500), link)

    def test_every_code_is_explained(self):
        told = {row["code"] for row in self.http.get("/problems").json()["problems"]}
        self.assertEqual(told, explained_codes())
        self.assertEqual(Page(self.http.get("/problems", BROWSER).body.decode()).ids, told)

    def test_a_problem_says_which_request_it_is_of(self):
        self.server.stop()
        self.server.start("--log-level", "debug")
        answer = self.http.get("/nothing/here?x=%22", {"X-Correlation-Id": "c-77"})
        told = self.problem(answer, 404, "not_found")
        self.assertEqual((told["instance"], told["correlationId"]), ("/nothing/here?x=%22", "c-77"))
        path, _, anchor = self.own(told["type"]).partition("#")
        self.assertIn(anchor, Page(self.http.get(path, BROWSER).body.decode()).ids)
        lines = [json.loads(line) for line in self.server.log().splitlines()]
        logged = [line for line in lines if line.get("correlation") == "c-77" or
                  "c-77" in line.values()]
        self.assertIn("not_found", [line.get("error") for line in logged], logged)

    def test_malformed_json_is_located(self):
        for body, where in (('{\n  "userId": 1,\n}', "line 3, column 1: expected a name in double"),
                            ('{"userId": 1', "line 1, column 13: expected ',' or '}', found the end"),
                            ("{'userId': 1}", "line 1, column 2: expected a name in double quotes")):
            for path in ("/preReservations", "/streams/s-1", "/commits"):
                told = self.problem(self.http.post(path, body), 400, "malformed_json")
                self.assertIn(where, told["detail"], path)


class Compression(ServerCase):
    system = "market"
    asks = {"Accept-Encoding": "gzip"}

    def test_long_answers_in_gzip(self):
        plain = self.http.get("/openapi.json")
        packed = self.http.get("/openapi.json", self.asks)
        self.assertEqual((plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]),
                         (None, "gzip"))
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertEqual(plain.headers["Vary"], "Accept-Encoding")
        self.assertLess(len(packed.body), len(plain.body) // 3)
        self.assertEqual(self.http.send("HEAD", "/openapi.json", headers=self.asks)
                         .headers["Content-Length"], str(len(packed.body)))

    def test_not_beside_what_is_secret_or_said(self):
        for number in range(20):
            self.http.post("/product", {"productName": f"Phone {number}", "price": number})
        packed = self.http.get("/products", self.asks)
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(len(json.loads(gzip.decompress(packed.body))["_embedded"]["products"]), 20)
        said = self.http.get("/products?size=20", self.asks)
        self.assertIsNone(said.headers["Content-Encoding"])
        for _ in range(20):
            self.assertEqual(self.http.post("/prereservation/preReservations", B1).status, 201)
        secret = self.http.get("/prereservation/preReservations", self.asks)
        self.assertIsNone(secret.headers["Content-Encoding"])
        self.assertIn(b"seoul", secret.body)


if __name__ == "__main__":
    main()
