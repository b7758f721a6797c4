"""A disk that takes no more: everybody who waits is told so, then the program ends."""

import concurrent.futures

from harness import ServerCase, main


class LastAnswers(ServerCase):
    """What the disk took or refused is told to everybody who waits for it; nobody is just cut."""

    def append_until_told(self, number):
        client = self.server.client()
        event = {"type": "noted", "data": {"text": "x" * 2000}}
        for key in range(100_000):
            answer = client.post(f"/streams/notes-{number}", event,
                                 {"Idempotency-Key": f"{number}-{key}"})
            if answer.status != 201:
                return answer
        raise AssertionError("the disk took everything")

    def test_each_writer_hears_that_the_outcome_is_not_known(self):
        self.server.stop()
        self.server.file_limit = 2 << 20
        self.server.start()
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            told = [each.result() for each in [pool.submit(self.append_until_told, number)
                                               for number in range(32)]]
        for answer in told:
            self.problem(answer, 503, "outcome_unknown")
            self.assertEqual(answer.headers["Retry-After"], "5")
        self.assertEqual(self.server.process.wait(60), 74)
        self.server.file_limit = None
        self.server.start()


if __name__ == "__main__":
    main()
