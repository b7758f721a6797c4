"""kill -9 while people come whose first wish is refused: no event is there without the key of its
person, and once it is quiet there is no key of anybody whose wishes were all refused."""

import random
import shutil
import subprocess
import threading
import time
import unittest

import harness
from harness import Server, all_events, main
from vaccination_model import person

KILLS = 12
CLIENTS = 4
DAY, NO_DAY = "2021-10-05", "2031-01-01"


class People(threading.Thread):
    """Each comes once with a day that is not offered, most come again with one that is."""

    def __init__(self, number, port, stop):
        super().__init__(daemon=True)
        self.next, self.port, self.stop = number, port, stop
        self.reserved = 0
        self.failure = None

    def run(self):
        http = harness.Client(self.port, 30)
        while not self.stop.is_set():
            who = person(self.next)
            self.next += CLIENTS
            try:
                self.come(http, who)
            except OSError:
                time.sleep(0.01)  # killed; the next one comes
            except AssertionError as failure:
                self.failure = failure
                return

    def come(self, http, who):
        refused = http.post("/vaccination/user/reserve", {**who, "reserveDate": NO_DAY})
        assert refused.status == 422, refused
        if self.next % 3:
            taken = http.post("/vaccination/user/reserve", {**who, "reserveDate": DAY})
            assert taken.status == 200, taken
            assert taken.json()["userName"] == who["userName"], taken
            self.reserved += 1


class KeysOfPersons(unittest.TestCase):
    def setUp(self):
        self.server = Server("--now", "2021-09-29T00:00:00Z", "--vaccination-daily-capacity",
                             "10000", "--vaccination-initial-stock", "100000")
        self.addCleanup(self.server.close)
        self.server.start()

    def names(self, http):
        return [event["data"]["userName"] for event in
                all_events(http, query="&type=vaccination.user_reservation_requested.v1")]

    def keys(self):
        """How many keys there are, counted by wrapping them anew in a copy."""
        copy = self.server.home / "copy"
        shutil.copytree(self.server.data, copy)
        ran = subprocess.run([str(harness.binary), "audit", "rotate-master-key", "--data",
                              str(copy)], capture_output=True, text=True, check=False,
                             env=harness.clean_environment())
        shutil.rmtree(copy)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return int(next(word for word in ran.stdout.split() if word.isdigit()))

    def test_no_event_is_without_its_key(self):
        stop = threading.Event()
        people = [People(i + 1, self.server.port, stop) for i in range(CLIENTS)]
        for thread in people:
            thread.start()
        seed = random.Random(1)
        for _ in range(KILLS):
            time.sleep(seed.uniform(0.05, 0.4))
            self.server.restart(kill=True)
            http = self.server.client()
            self.assertNotIn("(erased)", self.names(http))
            http.close()
        stop.set()
        for thread in people:
            thread.join(60)
            if thread.failure:
                raise thread.failure
        self.assertGreater(sum(thread.reserved for thread in people), 20)

    def test_refused_wishes_leave_no_keys(self):
        http = self.server.client()
        for number in range(1, 101):
            answer = http.post("/vaccination/user/reserve",
                               {**person(number), "reserveDate": NO_DAY})
            self.assertEqual(answer.status, 422, answer)
        answer = http.post("/vaccination/user/reserve", {**person(7), "reserveDate": DAY})
        self.assertEqual(answer.status, 200, answer)
        self.server.stop()
        self.assertEqual(self.keys(), 1)


if __name__ == "__main__":
    main()
