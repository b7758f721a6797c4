"""The live feed: GET /events as text/event-stream."""

import http.client
import json
import socket
import threading
import time

from harness import Client, ServerCase, follow, main, wait_for


class Feed:
    """Reads a feed in its own thread, as (id, type, event)."""

    def __init__(self, port, path="/events", last=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.connect()
        self.socket = self.connection.sock.dup()  # the response takes the other one
        resumed = {} if last is None else {"Last-Event-ID": str(last)}
        self.response = follow(self.connection, path, resumed)
        self.items = []
        self.comments = []  # when each came
        self.retry = None
        self.ended = None  # how: "whole" or the error
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        fields = {}
        try:
            while line := self.response.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if line == b":\n":
                    self.comments.append(time.monotonic())
                elif name:
                    fields[name] = value
                elif fields.get("data"):
                    self.items.append((int(fields.get("id", 0)), fields.get("event"),
                                       json.loads(fields["data"])))
                    self.retry = fields.get("retry")
                    fields = {}
            self.ended = "whole"
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.ended = repr(error)

    def ids(self):
        return [item[0] for item in self.items]

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the server has ended it
        self.socket.close()
        self.thread.join(5)
        self.response.close()


class Feeds(ServerCase):
    system = None

    def feed(self, path="/events", last=None):
        made = Feed(self.server.port, path, last)
        self.addCleanup(made.close)
        return made

    def append(self, count, stream="s-1", **more):
        body = [{"type": "noted", "data": {"number": i}, **more} for i in range(count)]
        self.assertEqual(self.http.post("/streams/" + stream, body).status, 201)

    def write_at_once(self, clients, each):
        """Concurrent writers, each on a stream of its own."""
        def write(me):
            http = Client(self.server.port)
            for number in range(each):
                body = {"type": "noted", "data": {"number": number}}
                if http.post(f"/streams/w-{me}", body).status != 201:
                    raise AssertionError("an append failed")
            http.close()
        threads = [threading.Thread(target=write, args=(me,)) for me in range(clients)]
        for thread in threads:
            thread.start()
        return threads

    def test_history_and_then_live(self):
        """No event is missing or doubled, wherever a feed begins while others write."""
        self.append(3000)
        writers = self.write_at_once(4, 300)
        feeds = []
        while any(thread.is_alive() for thread in writers):
            after = (0, 1500, 2999, 3000)[len(feeds) % 4]
            feeds.append((after, self.feed(f"/events?after={after}")))
            time.sleep(0.05)
            if len(feeds) == 12:
                break
        for thread in writers:
            thread.join()
        self.assertGreaterEqual(len(feeds), 4)
        for after, feed in feeds:
            wait_for("the feed has it all", lambda: feed.items and feed.ids()[-1] == 4200)
            self.assertEqual(feed.ids(), list(range(after + 1, 4201)))
            self.assertTrue(all(i == e["position"] and t == e["type"] for i, t, e in feed.items))

    def test_answer(self):
        self.append(1)
        feed = self.feed()
        self.assertEqual(feed.response.status, 200)
        self.assertEqual(feed.response.headers["Content-Type"], "text/event-stream")
        self.assertIn("no-", feed.response.headers["Cache-Control"])
        self.assertEqual(feed.response.headers["X-Accel-Buffering"], "no")
        self.assertIsNone(feed.response.headers["Content-Encoding"])
        wait_for("the event", lambda: feed.items)
        page = self.http.get("/events").json()["events"]
        self.assertEqual(feed.items[0], (1, "noted", page[0]))

    def test_the_id_is_the_last_line_of_its_event(self):
        """A client that remembers an id too early loses nothing when the connection breaks before."""
        self.http.post("/streams/s-1", {"type": "noted", "data": {}})
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        answer = follow(connection)
        lines = []
        while not (lines and lines[-1] == b"\n" and b"data: " in b"".join(lines)):
            lines.append(answer.readline())
        connection.close()
        self.assertEqual(lines[-2], b"id: 1\n")

    def test_data_over_several_lines(self):
        self.http.post("/streams/s-1", '{"type":"noted",\n"data":{\r\n "number" :\n 5\n}\n}')
        feed = self.feed()
        wait_for("the event", lambda: feed.items)
        self.assertEqual(feed.items[0][2]["data"], {"number": 5})

    def test_resume(self):
        self.append(10)
        first = self.feed(last=0)
        wait_for("ten", lambda: len(first.items) == 10)
        first.close()
        self.append(5)
        resumed = self.feed("/events?after=2", last=first.ids()[-1])  # the header wins
        wait_for("five", lambda: len(resumed.items) == 5)
        self.append(1)
        wait_for("one more", lambda: resumed.ids() == [11, 12, 13, 14, 15, 16])
        for last in ("x", "-1", "99999999999999999999"):
            answer = self.http.get("/events",
                                   {"Accept": "text/event-stream", "Last-Event-ID": last})
            self.problem(answer, 400, "bad_parameter", "Last-Event-ID")

    def test_resume_from_a_page(self):
        """As pages do that were rendered at a position, and as browsers send no position."""
        self.append(4)
        for path, last, wanted in (("/events?lastEventId=2", None, [3, 4]),
                                   ("/events?lastEventId=2", "", [3, 4]),
                                   ("/events?lastEventId=2&after=1", 3, [4]),
                                   ("/events?lastEventId=&after=3", "", [4]),
                                   ("/events", "", [1, 2, 3, 4])):
            feed = self.feed(path, last)
            wait_for(f"{path} after {last!r}", lambda: feed.ids() == wanted)
            feed.close()

    def test_unnamed_events_on_request(self):
        self.append(1)
        feed = self.feed("/events?named=false")
        wait_for("the event", lambda: feed.items)
        self.assertEqual(feed.items[0][:2], (1, None))
        self.assertEqual(feed.items[0][2]["type"], "noted")
        answer = self.http.get("/events?named=no", {"Accept": "text/event-stream"})
        self.problem(answer, 400, "bad_parameter", "named")

    def test_beyond_the_log(self):
        """The answer lets an EventSource come back, and says where the log ends."""
        self.append(2)
        feed = self.feed(last=50)
        wait_for("its end", lambda: feed.ended)
        self.assertEqual((feed.response.status, feed.ended), (200, "whole"))
        self.assertEqual(feed.items, [(0, "beyond_the_log", {"position": 50, "head": 2})])
        self.assertEqual(feed.retry, "5000")

    def test_a_heartbeat_also_on_a_busy_log(self):
        feed = self.feed("/events?type=none")
        began = time.monotonic()
        while time.monotonic() - began < 17:
            self.append(1)
            time.sleep(2)
        wait_for("a comment", lambda: feed.comments, 3)
        self.assertLess(feed.comments[0] - began, 17)
        self.assertEqual(feed.items, [])

    def test_filters(self):
        self.append(4, "a-1", tags=["x:1"])
        self.append(3, "b-1", tags=["x:2"])
        by_category = self.feed("/events?category=b")
        by_tag = self.feed("/events?tag=x:1&type=noted")
        nothing = self.feed("/events?type=none")
        self.append(2, "b-2", tags=["x:1"])
        wait_for("both", lambda: len(by_category.items) == 5 and len(by_tag.items) == 6)
        self.assertEqual(by_category.ids(), [5, 6, 7, 8, 9])
        self.assertEqual(by_tag.ids(), [1, 2, 3, 4, 8, 9])
        self.assertEqual(nothing.items, [])

    def test_a_reader_that_stands_still_slows_nobody(self):
        def rate():
            began = time.monotonic()
            for _ in range(200):
                self.append(1, "load-1")
            return 200 / (time.monotonic() - began)
        rate()
        free = rate()
        stuck = []
        for _ in range(20):
            reader = socket.create_connection(("127.0.0.1", self.server.port))
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.sendall(b"GET /events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
            stuck.append(reader)
            self.addCleanup(reader.close)
        body = [{"type": "large", "data": {"x": "x" * 9000}}] * 100
        for _ in range(20):  # far more than the buffers of a connection hold
            self.assertEqual(self.http.post("/streams/large-1", body).status, 201)
        slowed = rate()
        live = self.feed("/events?after=2000")
        wait_for("another feed goes on", lambda: live.ids()[-1:] == [2600], 10)
        self.assertGreater(slowed, free / 4, f"{free:.0f} appends/s before, {slowed:.0f} after")

    def test_it_ends_with_the_server(self):
        self.append(3)
        feeds = [self.feed() for _ in range(5)]
        wait_for("three each", lambda: all(len(feed.items) == 3 for feed in feeds))
        began = time.monotonic()
        self.server.stop()
        self.assertLess(time.monotonic() - began, 5)
        for feed in feeds:
            feed.thread.join(5)
            self.assertEqual((feed.ended, feed.ids()), ("whole", [1, 2, 3]))


if __name__ == "__main__":
    main()
