"""Clients that go on through crashes, and the log they keep outside of the server."""

import http.client
import random
import threading
import time
import uuid

from harness import B1, Client, follow

HOT_STREAMS = 4
BIG_COMMIT = 1500  # events: it takes so long to write that a kill often meets it
PRICE = 1000


class Operation:
    """One wish of a client: sent, and sent again with the same key until its outcome is known."""

    def __init__(self, kind, method, path, body=None, headers=None, **facts):
        self.kind = kind
        self.method = method
        self.path = path
        self.body = body
        self.key = uuid.uuid4().hex
        self.headers = {**(headers or {}), "Idempotency-Key": self.key,
                        "X-Correlation-Id": self.key}
        self.facts = facts
        self.tries = 0
        self.crashes = 0     # how many tries ended without an answer
        self.called = None
        self.returned = None
        self.accepted = None  # the id that a 202 told
        self.status = None
        self.answer = None   # body and position: what a repeated request must get again
        self.json = None

    def send(self, client):
        self.tries += 1
        self.called = self.called or time.monotonic()
        answer = client.send(self.method, self.path, self.body, self.headers)
        if answer.status == 503 and answer.json()["code"] in ("busy", "outcome_unknown"):
            return False
        if answer.status == 202 and self.answer is None:
            # It is recorded, and its outcome is still to come: ask again.
            self.accepted = answer.json()["id"]
            return False
        seen = (answer.status, answer.body, answer.headers["Yeyak-Position"])
        if self.answer is not None:
            assert seen == self.answer, f"{self.path} {self.key} was {self.answer}, is now {seen}"
            return True
        self.returned = time.monotonic()
        self.status, self.answer = answer.status, seen
        self.json = answer.json() if answer.body else None
        if self.accepted is not None:
            assert self.json["id"] == self.accepted, f"{self.accepted} was accepted, is now {seen}"
        return True

    def position(self):
        return int(self.answer[2])


class Gate:
    """Open while the server runs. During a restart all workers stand outside of it."""

    def __init__(self):
        self.changed = threading.Condition()
        self.is_open = False
        self.stopping = False
        self.inside = 0

    def open(self):
        self.set(is_open=True)

    def close(self):
        self.set(is_open=False)

    def stop(self):
        self.set(stopping=True)

    def set(self, **state):
        with self.changed:
            self.__dict__.update(state)
            self.changed.notify_all()

    def wait(self):
        """Returns when it is open; False when there is nothing more to do."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_open or self.stopping)
            return not self.stopping

    def enter(self):
        with self.changed:
            going_on = self.wait()
            self.inside += going_on
            return going_on

    def leave(self):
        with self.changed:
            self.inside -= 1
            self.changed.notify_all()

    def wait_until_empty(self, limit_s):
        with self.changed:
            return self.changed.wait_for(lambda: self.inside == 0, limit_s)


class Worker(threading.Thread):
    def __init__(self, number, port, gate, on_big_ack):
        super().__init__(daemon=True)
        self.client = Client(port, timeout_s=20)
        self.random = random.Random(number)
        self.number = number
        self.gate = gate
        self.on_big_ack = on_big_ack
        self.done = []       # operations with a known outcome
        self.current = None
        self.reservations = []
        self.versions = {}   # of the hot streams, as far as this client knows
        self.repeats = 0
        self.failure = None
        self.made = 0

    def run(self):
        try:
            while self.gate.enter():
                try:
                    self.step()
                finally:
                    self.gate.leave()
        except Exception as error:  # told by the main thread
            self.failure = error

    def step(self):
        if self.current is None and self.done and self.random.random() < 0.06:
            return self.repeat()
        self.current = self.current or self.next_operation()
        try:
            known = self.current.send(self.client)
        except (OSError, http.client.HTTPException):
            self.current.crashes += 1
            time.sleep(0.001)
            return
        if known:
            operation, self.current = self.current, None
            self.done.append(operation)
            self.learn(operation)

    def repeat(self):
        """An answered request again: the same answer, whatever crashed since."""
        operation = self.random.choice(self.done[-50:] if self.random.random() < 0.5 else self.done)
        try:
            self.repeats += operation.send(self.client)
        except (OSError, http.client.HTTPException):
            time.sleep(0.001)

    def learn(self, operation):
        facts = operation.facts
        if operation.kind == "create" and operation.status == 201:
            self.reservations.append(operation.json["id"])
        if operation.kind == "append":
            self.versions[facts["stream"]] = operation.json["version"]
        if operation.kind == "big" and operation.status == 201:
            self.on_big_ack()

    def next_operation(self):
        self.made += 1
        draw = self.random.random()
        if draw < 0.40:
            body = {**B1, "userId": self.number + 1, "price": PRICE + self.made % 100}
            return Operation("create", "POST", "/preReservations", body, price=body["price"])
        if draw < 0.52 and self.reservations:
            number = self.reservations.pop(self.random.randrange(len(self.reservations)))
            return Operation("cancel", "DELETE", f"/preReservations/{number}", number=number)
        if draw < 0.80:
            return self.append()
        return self.commit(BIG_COMMIT if draw > 0.985 else self.random.randint(2, 12))

    def append(self):
        stream = f"hot-{self.random.randrange(HOT_STREAMS)}"
        expected = self.versions.get(stream, 0)
        made = Operation("append", "POST", f"/streams/{stream}", None,
                         {"Expected-Version": str(expected)}, stream=stream, expected=expected)
        made.body = {"type": "appended", "data": {"key": made.key, "index": 0, "of": 1}}
        return made

    def commit(self, size):
        streams = [f"part-{self.number}-{self.random.randrange(6)}" for _ in range(3)]
        made = Operation("big" if size == BIG_COMMIT else "commit", "POST", "/commits", None,
                         size=size)
        appends = [{"stream": stream, "events": []} for stream in dict.fromkeys(streams)]
        for index in range(size):
            event = {"type": "part", "data": {"key": made.key, "index": index, "of": size}}
            appends[index % len(appends)]["events"].append(event)
        made.body = {"appends": [one for one in appends if one["events"]]}
        return made


class Follower(threading.Thread):
    """Reads the live feed over all restarts; what it saw must stay true."""

    def __init__(self, port, gate, on_big_event):
        super().__init__(daemon=True)
        self.port = port
        self.gate = gate
        self.on_big_event = on_big_event
        self.seen = {}       # position -> hash
        self.last = 0
        self.resumed = 0
        self.failure = None

    def run(self):
        try:
            while self.gate.wait():
                self.follow()
        except Exception as error:
            self.failure = error

    def follow(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            response = follow(connection, headers={"Last-Event-ID": str(self.last)})
            self.resumed += 1
            while line := response.readline():
                if line.startswith(b"data: "):
                    self.take(line)
        except (OSError, http.client.HTTPException):
            time.sleep(0.001)
        finally:
            connection.close()

    def take(self, line):
        position = int(between(line, b'"position":', b","))
        assert position == self.last + 1, f"the feed jumped from {self.last} to {position}"
        self.last = position
        self.seen[position] = between(line, b'"leafhash":"', b'"').decode()
        if b'"of":%d}' % BIG_COMMIT in line and b'"index":0,' in line:
            self.on_big_event()


def between(line, before, after):
    begin = line.index(before) + len(before)
    return line[begin:line.index(after, begin)]
