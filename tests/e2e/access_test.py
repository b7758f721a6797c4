"""A server that asks for tokens, made with its own key: who may do what, over HTTP."""

import json
import subprocess

import harness
from harness import B1, Server, ServerCase, follow, main, wait_for

APPEND = {"type": "noted", "data": {}}


class AccessCase(ServerCase):
    def setUp(self):
        self.server = Server("--auth-mode", "jwt")
        self.addCleanup(self.server.close)
        self.yeyak("init")
        self.server.start()
        self.http = self.server.client()

    def yeyak(self, word, *words):
        run = subprocess.run([harness.binary, "auth", word, "--data", self.server.data, *words],
                             capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout.strip()

    def bearer(self, subject, role, *more, ttl="1h"):
        token = self.yeyak("token", "--subject", subject, "--role", role, "--ttl", ttl, *more)
        return {"Authorization": f"Bearer {token}"}

    def challenged(self, answer, status, code, error=None):
        self.problem(answer, status, code)
        wanted = 'Bearer realm="yeyak"' + (f', error="{error}"' if error else "")
        self.assertEqual(answer.headers["WWW-Authenticate"], wanted, answer)


class Roles(AccessCase):
    def test_a_token_is_needed(self):
        for method, path in (("GET", "/events"), ("POST", "/preReservations"), ("GET", "/none"),
                             ("PUT", "/events"), ("GET", "/actuator/prometheus")):
            self.challenged(self.http.send(method, path), 401, "not_authenticated")
        for path in ("/", "/problems", "/openapi.json", "/audit/key", "/actuator/health/liveness",
                     "/actuator/health/readiness"):
            self.assertEqual(self.http.get(path).status, 200, path)

    def test_a_token_that_does_not_count(self):
        late = self.bearer("user:1", "operator", ttl="1s")
        self.assertEqual(self.http.get("/none", late).status, 404)
        spoilt = {"Authorization": late["Authorization"][:-4] + "AAAA"}
        answer = self.http.get("/events", spoilt)
        self.challenged(answer, 401, "invalid_token", "invalid_token")
        self.assertNotIn("signature", answer.body.decode())
        told = wait_for("it is told", lambda: [
            line for line in map(json.loads, self.server.log().splitlines())
            if line["event"] == "token_refused"])
        self.assertEqual((told[0]["reason"], told[0]["network"]), ("bad_signature", "127.0.0.1"))
        self.assertNotIn(late["Authorization"][7:40], self.server.log())
        figures = self.http.get("/actuator/prometheus", self.bearer("monitor", "program"))
        self.assertIn(b'yeyak_tokens_refused_total{reason="bad_signature"} 1', figures.body)

    def test_a_role_that_may_not(self):
        customer = self.bearer("user:1", "customer")
        for method, path in (("GET", "/events"), ("POST", "/market/product"),
                             ("PUT", "/actuator/contexts/receipt"), ("POST", "/audit/erasures")):
            self.challenged(self.http.send(method, path, headers=customer), 403,
                            "insufficient_scope", "insufficient_scope")
        hospital = self.bearer("hospital:1", "hospital")
        self.challenged(self.http.get("/market/products", hospital), 403, "insufficient_scope",
                        "insufficient_scope")
        self.assertEqual(self.http.get("/vaccination/hospitals", hospital).status, 200)

    def test_who_acts_is_recorded(self):
        self.create(headers=self.bearer("user:1", "customer"))
        refused = self.http.post("/preReservations", B1,
                                 {**self.bearer("user:1", "customer"), "X-Actor": "user:2"})
        self.problem(refused, 403, "actor_not_yours", "X-Actor")
        operator = self.bearer("operator:1", "operator")
        self.create(headers={**operator, "X-Actor": "user:2"})
        events = self.http.get("/events", operator).json()["events"]
        first = {event["actor"]: event["causationid"] for event in reversed(events)
                 if event["type"] == "prereservation.reservation_requested.v1"}
        self.assertEqual(sorted(first), ["user:1", "user:2"])
        self.assertNotIn(" by ", first["user:1"])
        self.assertIn(" by operator:1 from 127.0.0.1", first["user:2"])

    def test_the_description_says_who_may(self):
        document = self.http.get("/openapi.json").json()
        self.assertEqual(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer")
        paths = document["paths"]
        self.assertEqual(paths["/problems"]["get"]["security"], [])
        events = paths["/events"]["get"]
        self.assertEqual(events["security"], [{"bearer": []}])
        self.assertEqual(events["x-roles"], {"program": "own", "auditor": "look", "operator": "all"})
        self.assertEqual(paths["/preReservations"]["post"]["x-roles"],
                         {"customer": "own", "seller": "all", "operator": "all"})


class Programs(AccessCase):
    def test_each_has_its_own_streams(self):
        shop = self.bearer("shop", "program", "--streams-read", "orders-", "--streams-write",
                           "orders-")
        bank = self.bearer("bank", "program", "--streams-read", "account-", "--streams-write",
                           "account-")
        self.assertEqual(self.http.post("/streams/orders-1", APPEND, shop).status, 201)
        self.assertEqual(self.http.post("/streams/account-1", APPEND, bank).status, 201)
        self.problem(self.http.post("/streams/orders-1", APPEND, bank), 403, "stream_not_yours")
        self.problem(self.http.get("/streams/orders-1", bank), 404, "no_such_stream")
        for who, stream in ((shop, "orders-1"), (bank, "account-1")):
            page = self.http.get("/events", who).json()
            self.assertEqual({event["id"] for event in page["events"]}, {f"{stream}@1"})
            self.assertTrue(page["end"])
        with follow(self.server.client().connection, headers=shop) as feed:
            self.assertEqual(self.http.post("/streams/account-1", APPEND, bank).status, 201)
            self.assertEqual(self.http.post("/streams/orders-1", APPEND, shop).status, 201)
            ids = []
            while len(ids) < 2:
                line = feed.readline()
                self.assertTrue(line, "the feed has ended")
                if line.startswith(b"data: "):
                    ids.append(json.loads(line[6:])["id"])
            self.assertEqual(ids, ["orders-1@1", "orders-1@2"])

    def test_a_feed_ends_when_its_subject_is_revoked(self):
        shop = self.bearer("shop", "program", "--streams-read", "orders-")
        with follow(self.server.client().connection, headers=shop) as feed:
            revoked = self.http.post("/auth/revocations", {"subject": "shop", "reason": "left"},
                                     self.bearer("operator:1", "operator"))
            self.assertLess(revoked.status, 300, revoked)
            self.challenged(self.http.get("/events", shop), 401, "invalid_token", "invalid_token")
            while feed.readline():
                pass  # a heartbeat, perhaps; then it ends, within the client's patience

    def test_a_page_may_ask_before_it_has_a_token(self):
        self.server.stop()
        self.server.set_flag("--http-origins", "https://shop.example")
        self.server.start()
        asked = self.http.send("OPTIONS", "/commits", headers={
            "Origin": "https://shop.example", "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization"})
        self.assertEqual(asked.status, 204, asked)
        self.assertEqual(asked.headers["Access-Control-Allow-Headers"], "authorization")


if __name__ == "__main__":
    main()
