"""Unkind loads: what a neighbour does who is thoughtless, broken or hostile. Each is a coroutine that
goes on until it is cancelled. They come from one address that is not the quiet client's; the slow crowd
comes from many."""

import asyncio
import contextlib
import json
import random
import socket

ADDRESS = "127.0.0.2"
MIB = 1 << 20


class Target:
    """The server, and how large what it holds is: how many events and rows there are."""

    def __init__(self, port, events, rows, scale=1.0, head=0):
        self.port = port
        self.events = events
        self.rows = rows
        self.scale = scale
        self.head = head or events

    def many(self, count):
        """A number of clients, fewer of them in the small form."""
        return max(2, round(count * self.scale))


@contextlib.asynccontextmanager
async def connection(target, receive_buffer=0, address=ADDRESS):
    made = socket.socket()
    made.setblocking(False)
    if receive_buffer:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    writer = None
    try:
        made.bind((address, 0))
        await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", target.port))
        # What is not read stays in the socket: a client that does not read must not buffer it.
        reader, writer = await asyncio.open_connection(sock=made, limit=64 << 10)
        yield reader, writer
    finally:
        if writer:
            writer.close()
        made.close()


def head(method, path, *fields):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *fields, "", ""]
    return "\r\n".join(lines).encode()


def post(path, body):
    text = json.dumps(body).encode()
    return head("POST", path, "Content-Type: application/json",
                f"Content-Length: {len(text)}") + text


async def answer(reader):
    """Status and body of the next answer."""
    top = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = 0
    for line in top.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    return int(top[9:12]), await reader.readexactly(length)


class Tally:
    """What became of the requests of a load, by status; "cut" when there was no answer."""

    def __init__(self):
        self.counts = {}

    def add(self, status):
        self.counts[status] = self.counts.get(status, 0) + 1


async def crowd(count, client):
    """So many clients at once, each beginning again when it is cut off."""
    async def again():
        while True:
            with contextlib.suppress(OSError, EOFError, asyncio.IncompleteReadError,
                                     asyncio.LimitOverrunError):
                await client()
            await asyncio.sleep(0.05)
    await asyncio.gather(*(again() for _ in range(count)))


def asking(make_request, clients):
    """Clients that ask one thing after the other, each as soon as the last one is answered."""
    async def load(target, tally):
        async def client():
            async with connection(target) as (reader, writer):
                while True:
                    writer.write(make_request(target))
                    status, _ = await answer(reader)
                    tally.add(status)
                    if status == 503:
                        await asyncio.sleep(0.2)
        await crowd(target.many(clients), client)
    return load


async def pipelines(target, tally):
    """Three hundred requests in one piece, over and over."""
    async def client():
        async with connection(target) as (reader, writer):
            while True:
                path = random.choice(["/sagas?page=100000", "/preReservations?page=100000&size=5",
                                      "/preReservations/1", "/actuator/health"])
                writer.write(head("GET", path) * 300)
                for _ in range(300):
                    tally.add((await answer(reader))[0])
    await crowd(target.many(8), client)


async def old_feeds(target, tally):
    """Feeds from the very beginning, read as fast as they come."""
    async def client():
        async with connection(target) as (reader, writer):
            writer.write(head("GET", "/events?after=0", "Accept: text/event-stream"))
            status = int((await reader.readuntil(b"\r\n\r\n"))[9:12])
            tally.add(status)
            if status == 503:
                return await asyncio.sleep(1)
            received = 0
            while received < 4 * MIB:
                piece = await asyncio.wait_for(reader.read(64 << 10), 20)
                if not piece:
                    return None
                received += len(piece)
            return None
    await crowd(target.many(100), client)


def filters(target):
    path = "/events?type=common&category=rare&limit=1"
    if random.random() < 0.5:
        return head("GET", path)
    return post("/commits", {
        "appends": [{"stream": f"wide-{random.randrange(100)}",
                     "events": [{"type": "noted", "data": {}}]}],
        "conditions": [{"types": ["common"], "categories": ["rare"], "after": 0}]})


async def bodies(target, tally):
    """Bodies of which the last byte never comes."""
    request = head("POST", "/streams/never", "Content-Type: application/json",
                   f"Content-Length: {MIB}") + b" " * (MIB - 1)

    async def client():
        async with connection(target) as (reader, writer):
            writer.write(request)
            tally.add((await answer(reader))[0])
            await asyncio.sleep(1)
    await crowd(target.many(400), client)


async def deaf_feeds(target, tally):
    """Feeds whose clients never read."""
    async def client():
        async with connection(target, receive_buffer=4096) as (reader, writer):
            writer.transport.pause_reading()
            writer.write(head("GET", "/events?after=0", "Accept: text/event-stream"))
            tally.add("opened")
            await asyncio.sleep(60)
    await crowd(target.many(60), client)


async def idle(target, tally):
    """Connections on which nothing is ever asked."""
    async def client():
        async with connection(target) as (reader, writer):
            tally.add("opened")
            await reader.read()
            tally.add("closed")
            await asyncio.sleep(1)
    await crowd(target.many(1100), client)


SLOW_PAUSE_S = 4
SLOW_ADDRESSES = [f"127.0.1.{number}" for number in range(1, 41)]


async def byte_by_byte(reader, writer, request):
    """Sends as slowly as a client can that wants to keep its connection; the answer, if any."""
    for byte in request:
        writer.write(bytes([byte]))
        with contextlib.suppress(asyncio.TimeoutError):
            return int((await asyncio.wait_for(reader.readuntil(b"\r\n"), SLOW_PAUSE_S))[9:12])
    return "sent"


async def slow_heads(tally, address, target):
    async with connection(target, address=address) as (reader, writer):
        tally.add(await byte_by_byte(reader, writer, head("GET", "/preReservations/1")))


async def slow_bodies(tally, address, target):
    async with connection(target, address=address) as (reader, writer):
        writer.write(head("POST", "/preReservations", "Content-Type: application/json",
                          "Content-Length: 1000"))
        tally.add(await byte_by_byte(reader, writer, b"{" + b" " * 998 + b"}"))


async def slow_readers(tally, address, target):
    async with connection(target, receive_buffer=4096, address=address) as (reader, writer):
        writer.transport.pause_reading()
        writer.write(head("GET", "/events?limit=1000") * 4)
        tally.add("opened")
        await asyncio.sleep(30)


def slow_crowd(count):
    """So many connections that send or read as slowly as they may, from many addresses."""
    async def load(target, tally):
        kinds = [slow_heads, slow_bodies, slow_readers]

        def client(number):
            address = SLOW_ADDRESSES[number % len(SLOW_ADDRESSES)]
            return lambda: kinds[number % len(kinds)](tally, address, target)
        await asyncio.gather(*(crowd(1, client(number)) for number in range(target.many(count))))
    return load


async def trails(target, tally):
    """Readers of the trail, most of whom do not read what they asked for."""
    async def client():
        async with connection(target, receive_buffer=4096) as (reader, writer):
            writer.transport.pause_reading()
            writer.write(head("GET", "/audit/trail?format=json"))
            tally.add("opened")
            await asyncio.sleep(20)
    await crowd(target.many(40), client)


def deep_pages(target):
    page = random.choice([target.rows // 10 - 2, target.rows // 20, 1_000_000])
    view = random.choice(["preReservations", "sagas", "myReservations"])
    return head("GET", f"/{view}?size=10&page={max(0, page)}")


def sorts(target):
    field = random.choice(["price", "createdAt", "modifiedAt"])
    way = random.choice(["asc", "desc"])
    page = random.randrange(max(1, target.rows // 10))
    return head("GET", f"/preReservations?size=10&page={page}&sort={field},{way}")


def as_of(target):
    position = random.randrange(1, target.head + 1)
    return head("GET", f"/preReservations?size=10&asOf={position}")


def receipts(target):
    return head("GET", f"/audit/receipt?position={random.randrange(1, target.head + 1)}")


async def reconnecting(target, tally):
    """A crowd that connects, asks once and goes, as fast as it can."""
    async def client():
        while True:
            async with connection(target) as (reader, writer):
                writer.write(head("GET", "/preReservations/1"))
                tally.add((await answer(reader))[0])
    await crowd(target.many(50), client)


async def upkeep(target, tally):
    """A rebuild of all views and a backup, again and again. It needs --backup-dir."""
    async def repeat(path, body):
        number = 0
        while True:
            number += 1
            # All of this address have so many connections, of which this may be one too many.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                async with connection(target) as (reader, writer):
                    writer.write(post(path, body(number)))
                    tally.add((await answer(reader))[0])
            await asyncio.sleep(1)
    await asyncio.gather(repeat("/projections/all/rebuild", lambda _: {}),
                         repeat("/audit/backups", lambda number: {"to": f"backup-{number % 3}"}))


LOADS = {
    "pipelines": pipelines,
    "old feeds": old_feeds,
    "wide filters": asking(filters, 4),
    "endless bodies": bodies,
    "deaf feeds": deaf_feeds,
    "idle crowd": idle,
    "slow crowd": slow_crowd(1_000),
    "deaf trails": trails,
    "deep pages": asking(deep_pages, 8),
    "sorts": asking(sorts, 8),
    "as of": asking(as_of, 8),
    "receipts": asking(receipts, 16),
    "reconnecting": reconnecting,
    "upkeep": upkeep,
}

# Too many for a machine that does other things as well: bench/slow has it alone.
ALONE = {"ten thousand slow": slow_crowd(10_000)}


async def run(names, target, seconds):
    """Runs loads side by side for so long; gives what became of their requests."""
    tallies = {name: Tally() for name in names}
    tasks = [asyncio.create_task((LOADS | ALONE)[name](target, tallies[name])) for name in names]
    done, _ = await asyncio.wait(tasks, timeout=seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        if not task.cancelled() and task.exception():
            raise task.exception()
    return {name: tally.counts for name, tally in tallies.items()}
