"""Fills a server before it is loaded: events of other programs, and reservations with their views."""

import http.client
import json
import random
import threading

from quiet import RESERVATION

EVENTS_AT_ONCE = 1000


class SeedError(Exception):
    """The server did not take what it was to be filled with."""


def post(connection, path, body):
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    text = response.read()
    if response.status not in (201, 202):
        raise SeedError(f"POST {path}: {response.status} {text[:200]!r}")


def events(port, count):
    """Nearly all are common; two in a thousand are of a category that no common event is of."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for begin in range(0, count, EVENTS_AT_ONCE):
        common = [{"type": "common", "data": {"number": begin + i, "text": "x" * 100}}
                  for i in range(EVENTS_AT_ONCE - 2)]
        post(connection, f"/streams/often-{begin // EVENTS_AT_ONCE % 50}", common)
        post(connection, "/streams/rare-1", [{"type": "other", "data": {}}] * 2)
    connection.close()


def reservations(port, count, clients=16):
    failed = []

    def reserve(share):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            for _ in range(share):
                post(connection, "/preReservations",
                     RESERVATION | {"userId": str(random.randrange(1000) + 1),
                                    "price": str((random.randrange(1000) + 1) * 1000)})
        except (SeedError, OSError) as error:
            failed.append(error)
        connection.close()
    threads = [threading.Thread(target=reserve, args=(count // clients,)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SeedError(failed[0])
