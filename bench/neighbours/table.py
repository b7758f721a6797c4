"""Runs loads beside a quiet client and says what became of it."""

import asyncio
import contextlib
import json
import multiprocessing
import os
import threading
import time
import urllib.request

import loads
from quiet import Quiet

GOAL_GET_MS = 50
GOAL_POST_MS = 150
MIB = 1 << 20


def ask(port, path, body=None, method=None):
    text = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", text, method=method,
                                     headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    raise OSError(f"process {pid} has no memory")


def unkind(names, target, seconds, pipe):
    os.nice(5)  # the machine is shared with the server that is measured
    pipe.send("begun")
    pipe.send(asyncio.run(loads.run(names, target, seconds)))


@contextlib.contextmanager
def loaded(names, target, seconds):
    """The loads in a process of their own, until they end; gives a list that gets their tallies."""
    context = multiprocessing.get_context("spawn")
    pipe, sending = context.Pipe(duplex=False)
    process = context.Process(target=unkind, args=(names, target, seconds, sending))
    process.start()
    pipe.recv()
    found = []
    try:
        yield found
        if pipe.poll(seconds + 60):
            found.append(pipe.recv())
    finally:
        if process.is_alive():
            process.join(10)
        if process.is_alive():
            process.kill()
        process.join()


class Memory(threading.Thread):
    """The largest resident memory of a process while it is watched."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = resident(pid)
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.1):
            self.peak = max(self.peak, resident(self.pid))


class Row:
    """What one load, or all of them, did to the others."""

    def __init__(self, name):
        self.name = name
        self.gets = self.posts = None
        self.peak = self.after = 0
        self.slow = 0
        self.longest_ms = 0
        self.tallies = {}
        self.wrong = []

    def is_good(self, most_memory):
        return (not self.wrong and self.gets.percentile(0.99) <= GOAL_GET_MS
                and self.posts.percentile(0.99) <= GOAL_POST_MS and self.peak <= most_memory)


def settled(port, limit_s=90):
    """Waits until nothing is left of a load: connections, memory, work. None, or what is left."""
    deadline = time.monotonic() + limit_s
    while True:
        now = ask(port, "/actuator/load")
        left = []
        if now["connections"]["open"] > 5:
            left.append(f"{now['connections']['open']} connections")
        if now["memory"]["bytes"] > 1 * MIB:
            left.append(f"{now['memory']['bytes'] // MIB} MiB held")
        if not left:
            return None
        if time.monotonic() > deadline:
            return ", ".join(left)
        time.sleep(0.2)


def measure(name, names, pid, target, seconds):
    """One row: these loads for so long, and what is left when they have gone."""
    row = Row(name)
    before = ask(target.port, "/actuator/load")["handlers"]
    watch = Memory(pid)
    watch.start()
    with loaded(names, target, seconds) if names else contextlib.nullcontext([]) as found:
        time.sleep(0.5)  # until the loads have begun
        with Quiet(target.port) as quiet:
            time.sleep(seconds - 1)
    row.gets, row.posts = quiet.gets, quiet.posts
    row.wrong = quiet.gets.wrong + quiet.posts.wrong
    row.tallies = found[0] if found else {}
    left = settled(target.port)
    if left:
        row.wrong.append(f"not as before: {left}")
    watch.over.set()
    watch.join()
    row.peak, row.after = watch.peak, resident(pid)
    after = ask(target.port, "/actuator/load")["handlers"]
    row.slow = after["slow"] - before["slow"]
    row.longest_ms = after["longestMs"]
    return row


HEADER = (f"{'load':<16}{'GET p50':>9}{'p99':>8}{'max':>8}{'POST p50':>10}{'p99':>8}{'max':>8}"
          f"{'MiB':>7}{'after':>7}{'slow':>6}  answers to the load")


def line(row, most_memory):
    answers = {}
    for tally in row.tallies.values():
        for status, count in tally.items():
            answers[status] = answers.get(status, 0) + count
    told = " ".join(f"{status}:{count}" for status, count in
                    sorted(answers.items(), key=lambda item: str(item[0])))
    times = [row.gets.percentile(0.5), row.gets.percentile(0.99), row.gets.percentile(1),
             row.posts.percentile(0.5), row.posts.percentile(0.99), row.posts.percentile(1)]
    widths = [9, 8, 8, 10, 8, 8]
    text = f"{row.name:<16}" + "".join(f"{ms:>{w}.1f}" for ms, w in zip(times, widths))
    text += f"{row.peak // MIB:>7}{row.after // MIB:>7}{row.slow:>6}  {told}"
    if not row.is_good(most_memory):
        text += "  <- missed"
    for wrong in row.wrong[:3]:
        text += f"\n    {wrong}"
    return text
