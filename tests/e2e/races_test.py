"""Optimistic concurrency over HTTP: of many who expect the same version, one wins."""

import concurrent.futures
import threading

from harness import Client, ServerCase, main
from model import read_model


class Races(ServerCase):
    system = None
    rounds = 2000
    clients = 4

    def test_exactly_one_wins(self):
        """Many clients append with the same expected version, again and again."""
        barrier = threading.Barrier(self.clients)
        wins = [[] for _ in range(self.clients)]

        def race(me):
            http = Client(self.server.port)
            for number in range(self.rounds):
                barrier.wait()
                answer = http.post("/streams/race-1", {"type": "noted", "data": {"number": me}},
                                   {"Expected-Version": str(number)})
                if answer.status == 201:
                    wins[me].append(answer.json()["version"])
                elif answer.status != 409 or answer.json()["version"] not in (number + 1,
                                                                              number + 2):
                    raise AssertionError(answer)
            http.close()

        with concurrent.futures.ThreadPoolExecutor(self.clients) as pool:
            list(pool.map(race, range(self.clients)))
        self.assertEqual(sorted(v for mine in wins for v in mine), list(range(1, self.rounds + 1)))
        model = read_model(self.http)
        winners = [e["data"]["number"] for e in model.streams["race-1"]]
        for me in range(self.clients):
            self.assertEqual([i + 1 for i, w in enumerate(winners) if w == me], wins[me])
        print(f"{self.rounds} rounds of {self.clients}: won {[len(mine) for mine in wins]}")


if __name__ == "__main__":
    main()
