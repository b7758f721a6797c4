"""The quiet client: it gets a row and makes a reservation ten times a second, each on a connection of
its own, and notes how long that took. A request that begins late because the one before took long has
waited since it was due."""

import http.client
import json
import multiprocessing
import threading
import time

PER_SECOND = 10
RESERVATION = {"userId": "1", "userAddress": "seoul", "productId": "1", "productName": "fold",
               "price": "1300000", "cardNo": "1234-1234-1234-1234", "status": "order"}


class Times:
    """Milliseconds of answers, and what went wrong instead."""

    def __init__(self, ms=(), wrong=()):
        self.ms = sorted(ms)
        self.wrong = list(wrong)

    def percentile(self, share):
        if not self.ms:
            return float("nan")
        return self.ms[min(len(self.ms) - 1, int(len(self.ms) * share))]


def ask_again_and_again(port, over, request, wanted, found):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    due = time.monotonic()
    while not over.is_set():
        method, path, body = request()
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
            if response.status == wanted:
                found[0].append((time.monotonic() - due) * 1000)
            else:
                found[1].append(f"{method} {response.status} {text[:100]!r}")
        except (OSError, http.client.HTTPException) as error:
            found[1].append(f"{method} {error!r}")
            connection.close()
        due = max(due + 1 / PER_SECOND, time.monotonic() - 1)
        time.sleep(max(0, due - time.monotonic()))


def client(port, over, pipe):
    """Says that it begins, runs until `over`, then sends what it found."""
    pipe.send("begun")
    gets, posts = ([], []), ([], [])
    body = json.dumps(RESERVATION)
    threads = [
        threading.Thread(target=ask_again_and_again, args=(
            port, over, lambda: ("GET", "/preReservations/1", None), 200, gets)),
        threading.Thread(target=ask_again_and_again, args=(
            port, over, lambda: ("POST", "/preReservations", body), 201, posts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send((gets, posts))


class Quiet:
    """with Quiet(port) as quiet: ...; then quiet.gets and quiet.posts. A process of its own."""

    def __init__(self, port):
        context = multiprocessing.get_context("spawn")
        self.over = context.Event()
        self.pipe, sending = context.Pipe(duplex=False)
        self.process = context.Process(target=client, args=(port, self.over, sending))
        self.gets = self.posts = Times()

    def __enter__(self):
        self.process.start()
        self.pipe.recv()
        return self

    def __exit__(self, *_):
        self.over.set()
        if self.pipe.poll(60):
            gets, posts = self.pipe.recv()
            self.gets, self.posts = Times(*gets), Times(*posts)
        self.process.join()
