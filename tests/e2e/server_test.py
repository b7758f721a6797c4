"""The life of the program: start, health, drain, refusals to start, what it says of itself."""

import json
import re
import socket
import subprocess
import threading
import time

import harness
from harness import (B1, Client, Server, ServerCase, clean_environment, main, rows, set_context,
                     wait_for)
from model import check_all, quiet, read_model


class Life(ServerCase):
    def test_health(self):
        self.create()
        quiet(self.http)
        health = self.http.get("/actuator/health")
        self.assertEqual((health.status, health.json()["status"]), (200, "UP"))
        parts = health.json()["components"]
        self.assertEqual(parts["eventstore"]["status"], "UP")
        head = parts["eventstore"]["details"]["position"]
        self.assertEqual(head, read_model(self.http).position)
        self.assertTrue(all(v["position"] == head for v in parts["views"]["details"].values()))
        for probe in ("liveness", "readiness"):
            answer = self.http.get("/actuator/health/" + probe)
            self.assertEqual((answer.status, answer.json()), (200, {"status": "UP"}))
        for context in ("payment", "myreservation"):  # an operator stopped it: the server is well
            set_context(self.http, context, state="down")
        self.assertEqual(self.http.get("/actuator/health").status, 200)

    def test_an_operator_lets_the_process_be_replaced(self):
        switch = "/actuator/health/liveness"
        told = self.http.put(switch, {"state": "down"})
        self.assertEqual((told.status, told.json()), (200, {"status": "DOWN"}))
        for probe in ("", "/liveness", "/readiness"):
            answer = self.http.get("/actuator/health" + probe)
            self.assertEqual((answer.status, answer.json()["status"]), (503, "DOWN"), probe)
        self.assertEqual(self.http.get("/actuator/health").json()["components"]["server"],
                         {"status": "FORCED_DOWN"})
        made = self.http.post("/prereservation/preReservations", B1)
        self.assertEqual(made.status, 201, made)  # who comes meanwhile is served
        self.assertEqual(self.http.put(switch, {"state": "up"}).json(), {"status": "UP"})
        self.assertEqual(self.http.get(switch).status, 200)
        self.http.put(switch, {"state": "down"})
        self.server.restart()
        self.http = self.server.client()
        self.assertEqual(self.http.get(switch).status, 200)
        self.problem(self.http.put(switch, {"state": "ill"}), 400, "wrong_type", "state")

    def test_projections(self):
        self.create()
        head = quiet(self.http).position
        told = self.http.get("/projections").json()
        self.assertEqual(told["head"], head)
        names = {"preReservations", "payments", "receipts", "myReservations"}
        self.assertLessEqual(names, {view["name"] for view in told["projections"]})
        for view in told["projections"]:
            self.assertEqual((view["position"], view["lag"], view["state"], view["failure"]),
                             (head, 0, "running", None))
        set_context(self.http, "myreservation", state="down")
        self.create()
        others = lambda: [v["lag"] for v in self.projections() if v["name"] != "myReservations"]
        wait_for("the other views go on", lambda: not any(others()))
        stopped = [v for v in self.projections() if v["name"] == "myReservations"]
        self.assertEqual(stopped[0]["state"], "stopped")
        self.assertGreater(stopped[0]["lag"], 0)

    def projections(self):
        return self.http.get("/projections").json()["projections"]

    def test_restart_keeps_everything(self):
        numbers = [self.create().json()["id"] for _ in range(20)]
        self.http.delete(f"/preReservations/{numbers[0]}")
        self.http.post("/streams/mine-1", {"type": "noted", "data": {"x": 1}})
        before = quiet(self.http)
        views = [rows(self.http, view) for view in ("preReservations", "payments", "receipts",
                                                    "myReservations")]
        for kill in (False, True):
            self.server.restart(kill)
            self.http = self.server.client()
            after = quiet(self.http)
            self.assertEqual(after.leaves, before.leaves)
            self.assertEqual(views, [rows(self.http, view) for view in
                                     ("preReservations", "payments", "receipts", "myReservations")])
        self.assertEqual(self.create().json()["id"], numbers[-1] + 1,
                         "numbers are never given out again")
        check_all(self.http)

    def test_greeting(self):
        # It takes connections a moment before it greets.
        greeting = wait_for("it greets", lambda: self.server.output())
        self.assertIn(f"http://127.0.0.1:{self.server.port}", greeting)
        self.assertIn(str(self.server.data), greeting)
        line = re.search(r"^Try: (curl .*)$", greeting, re.MULTILINE).group(1)
        ran = subprocess.run(["bash", "-c", line.replace("curl ", "curl -s ", 1)],
                             capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(json.loads(ran.stdout)["status"], "paid", ran.stdout)


class Greeting(Life):
    """The line that is printed works also where no system is served at the root."""
    system = None
    test_health = test_projections = test_restart_keeps_everything = None


class Drain(ServerCase):
    def test_requests_in_flight_finish(self):
        set_context(self.http, "payment", delayMs=[500, 500])
        answers = []
        def ask():
            answers.append(Client(self.server.port).post("/preReservations", B1))
        threads = [threading.Thread(target=ask) for _ in range(5)]
        for thread in threads:
            thread.start()
        wait_for("five wait", lambda: self.in_flight() == 5)
        late = Client(self.server.port)
        began = time.monotonic()
        self.server.process.terminate()
        self.check_turned_away(late)
        for thread in threads:
            thread.join()
        self.assertEqual(self.server.process.wait(10), 0)
        self.assertLess(time.monotonic() - began, 3)
        self.assertEqual([answer.status for answer in answers], [201] * 5)
        self.server.start()
        model = check_all(self.server.client())
        self.assertEqual(model.live(), {answer.json()["id"] for answer in answers})
        for word in ("draining", "drained", "stopped"):
            self.assertIn(f'"event":"{word}"', self.server.log())

    def in_flight(self):
        breakers = self.http.get("/actuator/circuitbreakers").json()["circuitbreakers"]
        return sum(breaker["inFlight"] for breaker in breakers)

    def check_turned_away(self, client):
        """While it drains nobody new is taken: no connection, or 503."""
        time.sleep(0.1)
        try:
            self.assertEqual(client.get("/actuator/health/readiness").status, 503)
        except OSError:
            pass

    def test_an_idle_connection_does_not_hold_it(self):
        self.http.get("/payments")
        half = socket.create_connection(("127.0.0.1", self.server.port))
        half.sendall(b"GET /payments HTTP/1.1\r\nHo")
        self.addCleanup(half.close)
        began = time.monotonic()
        self.server.stop()
        self.assertLess(time.monotonic() - began, 15)

    def test_interrupt_ends_it_too(self):
        self.server.process.send_signal(2)
        self.assertEqual(self.server.process.wait(10), 0)


class RefusedStarts(ServerCase):
    def run_it(self, *flags, env=None, data=None):
        command = [harness.binary, "serve", "--data", data or self.server.home / "other", *flags]
        return subprocess.run(command, capture_output=True, text=True, timeout=20,
                              env={**clean_environment(), **(env or {})})

    def config(self, text):
        file = self.server.home / "yeyak.toml"
        file.write_text(text)
        return file

    def check(self, ran, code, *words):
        self.assertEqual(ran.returncode, code, ran)
        for word in words:
            self.assertIn(word, ran.stderr)
        self.assertNotIn("listens", ran.stdout)

    def test_a_second_server_on_the_folder(self):
        ran = self.run_it("--port", "0", data=self.server.data)
        self.check(ran, 4, str(self.server.data), "another process")
        self.create()  # the first goes on

    def test_the_port_is_in_use(self):
        self.check(self.run_it("--port", str(self.server.port)), 7, str(self.server.port), "in use")

    def test_the_folder_cannot_be_made(self):
        file = self.server.home / "file"
        file.write_text("x")
        self.check(self.run_it("--port", "0", data=file / "data"), 3, str(file))

    def test_bad_flags(self):
        for flags, word in ((("--port", "65536"), "port"), (("--port", "x"), "port"),
                            (("--prot", "1"), "--prot"),
                            (("--system", "nothing"), "nothing"), (("--now", "today"), "now"),
                            (("--now", "2021-02-30T00:00:00Z"), "now"),
                            (("--payment-timeout-ms", "0"), "payment.timeout_ms"),
                            (("--log-level", "loud"), "log"),
                            (("--config", "/nowhere.toml"), "/nowhere.toml"),
                            (("--listen", "nowhere"), "listen")):
            ran = self.run_it(*flags)
            self.assertEqual(ran.returncode, 2, ran)
            self.assertIn(word.replace("_", "-").replace(".", "-"),
                          ran.stderr.replace("_", "-").replace(".", "-"))

    def test_without_a_login_nobody_from_outside_may_reach_it(self):
        for address in ("0.0.0.0", "::", "192.0.2.7", "2001:db8::1"):
            self.check(self.run_it("--listen", address), 2, "listen =", "no login", "127.0.0.1",
                       "proxy", "auth.mode")

    def test_bad_files(self):
        for text, place, word in (("port = 70000\n", ":1", "port"),
                                  ("\n\nprot = 1\n", ":3", "prot"),
                                  ("data = \"a\"\nport = \n", ":2", ""),
                                  ("[payment]\ntimeout_ms = \"x\"\n", ":2", "timeout_ms"),
                                  ("[payments]\ntimeout_ms = 1\n", ":", "payment"),
                                  ("port = 1\nport = 2\n", ":2", "port")):
            file = self.config(text)
            self.check(self.run_it("--config", str(file)), 2, f"{file}{place}", word)

    def test_bad_variables(self):
        self.check(self.run_it(env={"YEYAK_PORT": "x"}), 2, "YEYAK_PORT")
        self.check(self.run_it(env={"YEYAK_PAYMENT_TIMEOUT_MS": "0"}), 2,
                   "YEYAK_PAYMENT_TIMEOUT_MS")
        self.check(self.run_it(env={"YEYAK_CONFIG": "/nowhere.toml"}), 2, "/nowhere.toml")

    def test_a_flag_beats_a_variable_beats_a_file(self):
        port = harness.free_port()
        file = self.config(f"data = \"{self.server.home}/by-file\"\nport = {port}\n")
        server = Server("--config", str(file), env={"YEYAK_DATA": "/nowhere/at/all"})
        self.addCleanup(server.close)
        self.assertEqual(server.start().client().get("/actuator/health").status, 200)


class Description(ServerCase):
    system = None
    # the time when the dated examples were written; a place for backups
    flags = ("--now", "2021-09-29T09:00:00+09:00", "--backup-dir", "backups",
             "--vaccination-demonstration", "true")

    def test_every_route_and_its_examples(self):
        answer = self.http.get("/openapi.json")
        self.assertEqual(answer.headers["Content-Type"], "application/json")
        told = answer.json()
        self.assertTrue(told["openapi"].startswith("3."))
        tried = set()
        for path, methods in told["paths"].items():
            for method, described in methods.items():
                self.assertTrue(described["summary"] and described["responses"], (method, path))
                self.check_parameters(path, described)
                self.check_answers(path, described)
                self.try_examples(method, path, described, tried)
        self.assertGreaterEqual(len(told["paths"]), 15)
        wanted = {("post", "/prereservation/preReservations"), ("post", "/streams/{stream}"),
                  ("post", "/commits"),
                  ("put", "/actuator/contexts/{context}"),
                  ("delete", "/prereservation/preReservations/{id}"),
                  ("get", "/events"), ("get", "/prereservation/myReservations/{id}"),
                  ("get", "/actuator/health"),
                  ("get", "/projections"), ("get", "/actuator/circuitbreakers"),
                  ("get", "/openapi.json")}
        self.assertLessEqual(wanted, tried)

    def check_parameters(self, path, described):
        named = {p["name"] for p in described["parameters"] if p.get("in") == "path"}
        self.assertEqual(named, set(re.findall(r"{(\w+)}", path)), path)

    def check_answers(self, path, described):
        """prism_test.py looks whether they are so."""
        for status, answer in described["responses"].items():
            if "$ref" not in answer:
                self.assertIn("X-Correlation-Id", answer["headers"], (path, status))
            for kind, content in answer.get("content", {}).items():
                self.assertIn("schema", content, (path, status, kind))

    def try_examples(self, method, path, described, tried):
        """The route is there, and takes the example as it is printed."""
        tried.add((method, path))
        target = path.replace("{stream}", f"tried-{len(tried)}").replace("{context}", "receipt")
        target = re.sub(r"{\w+}", "1", target)
        contents = described.get("requestBody", {}).get("content", {})
        for kind, content in contents.items():
            if "example" not in content:  # CloudEvents in binary mode: streams_test.py; or unread
                continue
            example = content["example"]
            answer = self.http.send(method.upper(), target, example, {"Content-Type": kind})
            # 404, 409: understood, and refused for what other examples did or did not do
            self.assertIn(answer.status, (200, 201, 202, 404, 409), (method, path, kind, answer))
            self.assertIn(str(answer.status), described["responses"], (method, path))
        if method == "put":
            set_context(self.http, "receipt", state="up")
            self.http.put("/actuator/health/liveness", {"state": "up"})
        if not contents:
            answer = self.http.send(method.upper(), target)
            if answer.status == 422:  # a query must say what it wants
                self.assertEqual(answer.json()["code"], "missing_field", (method, path, answer))
                self.assertIn("422", described["responses"], (method, path))
                return
            self.assertIn(answer.status, (200, 201, 202, 204, 404), (method, path, answer))
            if answer.status == 404:
                self.assertIn("{", path)
                self.assertNotIn("nothing at", answer.json()["detail"], "the route is not there")


if __name__ == "__main__":
    main()
