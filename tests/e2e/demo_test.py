"""`yeyak demo` against the real server: what it counts is what the server has, whatever happens."""

import json
import re
import signal
import subprocess
import unittest

import harness
from harness import ServerCase, free_port, main, rows, set_context, verify_audit, wait_for


def demo(port, *arguments):
    return [str(harness.binary), "demo", "--server", f"http://127.0.0.1:{port}", *arguments]


def run(port, *arguments, limit_s=120):
    return subprocess.run(demo(port, *arguments), capture_output=True, text=True,
                          timeout=limit_s, check=False)


def sent(result):
    return {kind["name"]: kind["sent"] for kind in result["kinds"]}


def answers(result):
    return result["all"]["answers"]


class Demo(ServerCase):
    system = None
    flags = ("--payment-timeout-ms", "20000",  # a busy machine is no outage
             "--vaccination-initial-stock", "1000")

    def result(self, *arguments, code=0):
        done = run(self.server.port, "--json", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def check(self, result):
        """What holds for every result."""
        self.assertEqual(result["notInOrder"], [])
        self.assertEqual(result["stillStopped"], [])
        self.assertEqual(sum(sent(result).values()), result["requests"])
        self.assertEqual(sum(answers(result).values()), result["requests"])
        took = result["all"]["latencyMs"]
        self.assertLessEqual(took["p50"], took["p95"])
        self.assertLessEqual(took["p95"], took["p99"])
        self.assertLessEqual(took["p99"], took["max"])
        below_500 = sum(times for status, times in answers(result).items()
                        if status != "none" and int(status) < 500)
        self.assertAlmostEqual(result["availability"], 100 * below_500 / result["requests"], 3)
        self.assertAlmostEqual(result["transactionsPerSecond"], below_500 / result["seconds"],
                               delta=0.01 * result["transactionsPerSecond"])

    def test_every_user_comes_once(self):
        result = self.result("--system", "prereservation", "--users", "40")
        self.check(result)
        self.assertEqual(sent(result)["prereservation reserve"], 40)
        self.assertEqual(set(answers(result)), {"200", "201", "204"})
        self.assertEqual(result["availability"], 100)
        made = result["made"]
        self.assertEqual(made["prereservation reservations"], 40)
        everything = rows(self.http, "preReservations", "&includeCancelled=true",
                          "/prereservation")
        self.assertEqual({row["userId"] for row in everything}, set(range(1, 41)))
        living = rows(self.http, "preReservations", "", "/prereservation")
        self.assertEqual(len(living), 40 - made["prereservation cancellations"])

    def test_the_same_seed_is_the_same_script(self):
        one, same, other = (self.result("--system", "prereservation", "--users", "30",
                                        "--seed", seed) for seed in ("7", "7", "8"))
        self.assertEqual((sent(one), one["made"]), (sent(same), same["made"]))
        self.assertNotEqual(sent(one), sent(other))
        everything = rows(self.http, "preReservations", "&includeCancelled=true",
                          "/prereservation")
        self.assertEqual(len(everything), 90, "a second run makes reservations of its own")

    def test_so_many_requests(self):
        result = self.result("--system", "prereservation", "--users", "3", "--requests", "200",
                             "--concurrency", "7")
        self.check(result)
        self.assertEqual(result["requests"], 200)

    def test_so_many_minutes(self):
        result = self.result("--system", "prereservation", "--minutes", "0.02")
        self.check(result)
        self.assertGreaterEqual(result["seconds"], 1.2)
        self.assertLess(result["seconds"], 10)

    def test_all_systems_play(self):
        result = self.result("--users", "15")
        self.check(result)
        systems = {name.split()[0] for name in sent(result)}
        offered = run(self.server.port, "--help").stdout
        listed = re.search(r"\((all, .*?);", " ".join(offered.split()))
        self.assertTrue(listed, offered)
        names = set(re.split(", | or ", listed.group(1))) - {"all"}
        self.assertEqual(systems, names)
        self.assertEqual({name.split()[0] for name in result["made"]}, names)
        self.server.stop()
        verify_audit(self.server)

    def contexts(self):
        listed = self.http.get("/actuator/contexts").json()["contexts"]
        return {one["context"] for one in listed if one["state"] != "up"}

    def test_outages_end_with_the_day(self):
        result = self.result("--users", "50", "--minutes", "0.1", "--outages")
        self.check(result)
        self.assertGreaterEqual(result["outages"], 1)
        self.assertEqual(self.contexts(), set())
        self.server.stop()
        verify_audit(self.server)

    def test_interrupted_it_starts_what_it_stopped(self):
        process = subprocess.Popen(
            demo(self.server.port, "--minutes", "5", "--outages", "--json"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            wait_for("an outage", self.contexts)
            process.send_signal(signal.SIGINT)
            out, told = process.communicate(timeout=60)
        finally:
            process.kill()
        self.assertEqual(process.returncode, 130, out + told)
        self.assertEqual(json.loads(out)["ending"], "interrupted")
        self.assertEqual(self.contexts(), set())

    def test_it_comes_back_after_503(self):
        """With the same key, or with a new one when the refusal is kept under the key."""
        for context, refusals in (("prereservation", 1), ("payment", 2)):
            set_context(self.http, context, state="down")
            process = subprocess.Popen(demo(self.server.port, "--system", "prereservation",
                                            "--users", "1", "--json"),
                                       stdout=subprocess.PIPE, text=True)
            try:
                wait_for("a refusal", lambda: self.refusals() >= refusals)
                set_context(self.http, context, state="up")
                out, _ = process.communicate(timeout=60)
            finally:
                process.kill()
            result = json.loads(out)
            self.check(result)
            self.assertEqual(process.returncode, 0, out)
            reserve = next(kind for kind in result["kinds"]
                           if kind["name"] == "prereservation reserve")
            self.assertEqual(reserve["answers"], {"201": 1, "503": refusals}, out)
            self.assertEqual(result["retries"], refusals)
            self.assertGreater(result["seconds"], 5, "it heeds Retry-After")

    def refusals(self):
        """How many requests the server has refused so far, by its log."""
        return self.server.log().count('"status":503')

    def test_the_table(self):
        done = run(self.server.port, "--system", "prereservation", "--users", "5")
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in ("prereservation reserve", "p95 ms", "transactions/s", "availability",
                     "100.00 %", "prereservation reservations"):
            self.assertIn(part, done.stdout)

    def test_a_server_that_dies_is_missed(self):
        process = subprocess.Popen(demo(self.server.port, "--system", "prereservation",
                                        "--minutes", "5", "--json"),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            wait_for("the first reservation", lambda: self.http.get("/events?limit=1").json()["head"])
            self.server.kill()
            out, told = process.communicate(timeout=60)
        finally:
            process.kill()
        self.assertEqual(process.returncode, 5, told)
        self.assertEqual(json.loads(out)["ending"], "no_server")
        self.assertIn("no server answers", told)


class Unfriendly(unittest.TestCase):
    def test_no_server(self):
        port = free_port()
        done = run(port, "--system", "prereservation")
        self.assertEqual((done.returncode, done.stdout), (5, ""))
        for part in (f"http://127.0.0.1:{port}", "refused", f"yeyak serve --data ./data --port {port}"):
            self.assertIn(part, done.stderr)

    def test_wrong_usage(self):
        for wrong in (["--system", "bakery"], ["--users", "0"], ["--concurrency", "0"],
                      ["--minutes", "1", "--requests", "1"], ["--requests", "0"],
                      ["--server", "ftp://localhost"], ["--server", "localhost:8080"],
                      ["--server", "http://localhost:8080/market"], ["--server", "http://:x"]):
            done = subprocess.run([harness.binary, "demo", *wrong], capture_output=True, text=True,
                                  timeout=20, check=False)
            self.assertEqual(done.returncode, 2, (wrong, done.stderr))
            self.assertTrue(done.stderr, wrong)

    def test_help(self):
        done = run(1, "--help")
        self.assertEqual(done.returncode, 0)
        for part in ("Examples:", "Exit codes:", "no server answers", "--outages"):
            self.assertIn(part, done.stdout)


if __name__ == "__main__":
    main()
