"""How often a client may ask: a bucket for each caller and address, told with every answer."""

import time

from harness import B1, ServerCase, main

READS = 20  # a second; ten times that at once, and ten times as much for an address
WINDOW = 10


class Rates(ServerCase):
    flags = ("--rates-reads", str(READS), "--rates-commands", "1", "--rates-callers-of-address", "1")

    def test_what_is_left_is_told_and_then_refused(self):
        first = self.http.get("/preReservations")
        self.assertEqual(first.headers["RateLimit-Policy"], f'"reads";q={READS * WINDOW};w=10')
        self.assertEqual(first.headers["RateLimit"], f'"reads";r={READS * WINDOW - 1};t=1')
        answers = [self.http.get("/preReservations") for _ in range(READS * WINDOW * 2)]
        refused = [answer for answer in answers if answer.status == 429]
        self.assertGreater(len(refused), 0)
        self.problem(refused[0], 429, "too_many_requests")
        self.assertGreaterEqual(int(refused[0].headers["Retry-After"]), 1)
        self.assertEqual(refused[0].headers["RateLimit"].split(";")[:2], ['"reads"', "r=0"])
        # Commands are counted apart, and nothing of a refused one is done.
        made = [self.http.post("/preReservations", B1) for _ in range(WINDOW + 1)]
        self.assertEqual([answer.status for answer in made], [201] * WINDOW + [429])
        time.sleep(int(refused[-1].headers["Retry-After"]) + 0.5)
        rows = self.http.get("/preReservations?size=100")
        self.assertEqual(rows.status, 200)
        self.assertEqual(rows.json()["page"]["totalElements"], WINDOW)

    def test_an_invented_token_does_not_open_another_bucket(self):
        statuses = {self.http.get("/preReservations", {"Authorization": f"Bearer {n}"}).status
                    for n in range(READS * WINDOW * 2)}
        self.assertIn(429, statuses)


class NoRates(ServerCase):
    def test_nothing_is_limited_where_nobody_is_asked_who_he_is(self):
        answers = [self.http.get("/preReservations") for _ in range(1500)]
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertNotIn("RateLimit", answers[0].headers)


if __name__ == "__main__":
    main()
