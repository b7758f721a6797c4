"""kill -9, again and again, under load: what was acknowledged stays, what was retried happened
once, nothing is torn, the money adds up.

YEYAK_KILLS says how often (200). A part of the kills comes at a random moment, a part at the
moments that are most dangerous: just after an answer or a feed has shown a large commit. The same
is asked of a disk that refuses to write: nothing is answered or shown that was not written."""

import os
import random
import sys
import threading
import time
import unittest

from harness import Server, all_events, main, verify_audit
from load import Follower, Gate, Worker
from model import Model, check_all

KILLS = int(os.environ.get("YEYAK_KILLS", "200"))
CLIENTS = 8


class CrashCase(unittest.TestCase):
    """Clients under way, and what they saw held against the log after every crash."""

    def setUp(self):
        sys.setswitchinterval(0.0005)
        self.server = Server()
        self.addCleanup(self.server.close)
        self.server.start()
        self.gate = Gate()
        self.wanted = None               # which sight shall trigger the next kill
        self.trigger = threading.Event()
        self.killing = threading.Lock()
        self.sighted = 0
        port = self.server.port
        self.workers = [Worker(i, port, self.gate, lambda: self.sight("answer"))
                        for i in range(CLIENTS)]
        self.follower = Follower(port, self.gate, lambda: self.sight("feed"))
        self.model = Model()
        self.effects = {}                # key -> indexes of its events, in order
        self.judged = [0] * CLIENTS
        self.random = random.Random(1)

    def sight(self, what):
        with self.killing:
            if self.wanted == what and self.gate.is_open:
                self.wanted = None
                self.sighted += 1
                self.server.process.kill()
                self.trigger.set()

    def begin(self):
        for thread in (*self.workers, self.follower):
            thread.start()

    def stand_still(self):
        self.gate.close()
        self.assertTrue(self.gate.wait_until_empty(30), "a client hangs")
        self.check_failures()

    def check_failures(self):
        for thread in (*self.workers, self.follower):
            if thread.failure:
                raise thread.failure

    def check_news(self):
        """After every restart: the log goes on without a gap, and holds all that was answered."""
        http = self.server.client()
        known = self.model.position
        if known:
            last = http.get(f"/events?after={known - 1}&limit=1")
            self.assertEqual(last.status, 200,
                             f"the log ends before event {known}, which was shown")
            self.assertEqual([e["leafhash"] for e in last.json()["events"]],
                             [self.model.leaves[known]], f"event {known} is not what it was")
        self.take(all_events(http, known))
        for i, worker in enumerate(self.workers):
            for operation in worker.done[self.judged[i]:]:
                self.judge(operation)
            self.judged[i] = len(worker.done)
            if worker.reservations:
                self.spot_check(http, worker.reservations[-1])
        for position, leaf in list(self.follower.seen.items()):
            self.assertEqual(self.model.leaves.get(position), leaf,
                             f"the feed showed event {position}")
            del self.follower.seen[position]
        http.close()
        self.server.clients.remove(http)

    def take(self, events):
        self.model.take(events)
        for event in events:
            if key := event["data"].get("key"):
                indexes = self.effects.setdefault(key, [])
                whole = (event["data"]["of"], event["position"])
                indexes.append((event["data"]["index"], *whole))

    def judge(self, operation):
        """One answered request against the log (I1, I3, I5, I6)."""
        if operation.kind in ("append", "commit", "big"):
            effects = self.effects.get(operation.key, [])
            size = operation.facts.get("size", 1)
            self.assertIn(operation.status, (201, 409), operation.answer)
            if operation.status == 409:
                self.assertEqual(effects, [], "a refused append left something")
                self.assertNotEqual(operation.json["version"], operation.facts["expected"])
                return
            self.assertEqual(sorted(e[0] for e in effects), list(range(size)),
                             f"{operation.kind} {operation.key} got {operation.answer}")
            self.assertEqual(max(e[2] for e in effects), operation.position())
            if operation.kind == "append":
                self.assertEqual(operation.json["version"], operation.facts["expected"] + 1)
                event = self.model.streams[operation.facts["stream"]][operation.facts["expected"]]
                self.assertEqual(event["data"]["key"], operation.key)
        elif operation.kind == "create":
            self.assertEqual(operation.status, 201, operation.answer)
            self.assertEqual(self.model.correlations.get(operation.key), [operation.json["id"]])
            self.assertLessEqual(operation.position(), self.model.position)
        else:
            self.assertEqual(operation.status, 204, operation.answer)
            reservation = self.model.reservations[operation.facts["number"]]
            self.assertEqual(reservation["reason"], "user_request")

    def spot_check(self, http, number):
        answer = http.get(f"/myReservations/{number}?minPosition={self.model.position}")
        self.assertEqual(answer.status, 200, answer)
        self.assertIn(answer.json()["status"], ("paid", "receipt_issued"))

    def finish(self):
        """Faults have ended: within 5 seconds every client must have its outcome (I18)."""
        deadline = time.monotonic() + 5
        time.sleep(0.2)
        self.gate.stop()
        for worker in self.workers:
            worker.join(max(0.1, deadline - time.monotonic()))
            self.assertFalse(worker.is_alive(), "a client still waits")
        self.check_failures()
        retry = self.server.client()
        for worker in self.workers:
            if worker.current:
                self.assertTrue(worker.current.send(retry))
                worker.done.append(worker.current)
        self.final = check_all(retry)
        self.check_news()
        self.assertEqual(self.final.leaves, self.model.leaves,
                         "the log as it grew is the log as it is")

    def judge_all(self):
        everything = [operation for worker in self.workers for operation in worker.done]
        for operation in everything:
            self.judge(operation)
        keys = {operation.key for operation in everything}
        self.assertLessEqual(set(self.effects), keys, "an effect that nobody asked for")
        for key, effects in self.effects.items():
            positions = sorted(e[2] for e in effects)
            self.assertEqual(len(effects), effects[0][1], f"commit {key} is not whole")
            self.assertEqual(positions[-1] - positions[0], len(effects) - 1,
                             f"commit {key} is torn")
        self.assertTrue(all(len(ids) == 1 for ids in self.model.correlations.values()),
                        "a request made two reservations")
        self.check_real_time(everything)
        self.server.stop()
        return everything, verify_audit(self.server)

    def check_real_time(self, everything):
        """What was answered before another request was sent stands before it in the log."""
        acked = sorted((o for o in everything if o.status in (201, 204) and o.kind != "create"),
                       key=lambda o: o.position(), reverse=True)
        earliest_return = float("inf")
        for operation in acked:
            self.assertLess(operation.called, earliest_return, "the log contradicts real time")
            earliest_return = min(earliest_return, operation.returned)

    def report(self, everything, audit, took, own, least):
        count = lambda test: sum(1 for operation in everything if test(operation))
        figures = {
            **own,
            "answered writes": count(lambda o: o.status in (201, 204)),
            "conflicts": count(lambda o: o.status == 409),
            "answers asked for again": sum(worker.repeats for worker in self.workers),
            "retried": count(lambda o: o.tries > 1),
            "retried across a crash": count(lambda o: o.crashes > 0),
            "feeds resumed": self.follower.resumed,
            "events": self.model.position,
            "reservations": len(self.final.reservations),
            "cancelled": len(self.final.reservations) - len(self.final.live()),
        }
        print(", ".join(f"{name} {value}" for name, value in figures.items()),
              f"in {took:.0f} s; audit: {'whole' if audit else 'not offered'}")
        for name, amount in least.items():
            self.assertGreaterEqual(figures[name], amount, f"too few: {name}")


class KillTest(CrashCase):
    def test_kills(self):
        began = time.monotonic()
        self.begin()
        for number in range(KILLS):
            self.one_kill(("answer", "feed", None, None)[number % 4])
        self.gate.open()
        self.finish()
        least = {"kills at a sight": KILLS // 8, "answered writes": 10 * KILLS, "conflicts": KILLS,
                 "answers asked for again": KILLS // 2, "retried across a crash": KILLS,
                 "feeds resumed": KILLS // 2, "reservations": 2 * KILLS, "cancelled": KILLS // 4}
        own = {"kills": KILLS, "kills at a sight": self.sighted}
        self.report(*self.judge_all(), time.monotonic() - began, own, least)

    def one_kill(self, sight):
        self.trigger.clear()
        self.wanted = sight
        self.gate.open()
        self.trigger.wait(0.25 if sight else self.random.uniform(0.005, 0.06))
        with self.killing:
            self.wanted = None
            self.gate.close()
            self.server.kill()
        self.stand_still()
        self.server.start()
        self.check_news()


class DiskTest(CrashCase):
    rounds = 8

    def test_the_disk_refuses_to_write(self):
        began = time.monotonic()
        self.server.stop()
        self.begin()
        for number in range(self.rounds):
            self.server.file_limit = (1 << 20) + self.random.randrange(1 << 20)
            self.server.start()
            self.gate.open()
            self.assertEqual(self.server.process.wait(60), 74,
                             "it must end when a flush has failed")
            self.stand_still()
            self.server.file_limit = None
            self.server.start()
            self.check_news()
            if number + 1 < self.rounds:
                self.server.stop()
        self.gate.open()
        self.finish()
        least = {"answered writes": 50 * self.rounds, "retried": self.rounds,
                 "feeds resumed": self.rounds}
        self.report(*self.judge_all(), time.monotonic() - began, {"failures": self.rounds}, least)


if __name__ == "__main__":
    main()
