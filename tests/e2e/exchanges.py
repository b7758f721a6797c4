"""What the tests send and are answered, kept for prism_test: with E2E_EXCHANGES=FOLDER every test
program writes a file there, a line of JSON for each exchange. Of exchanges that are alike but for
their digits one is kept, and after so many to one place with one outcome no more is looked at: a test
of load sends the same request many thousand times, and must not wait for this."""

import atexit
import base64
import collections
import json
import os
import pathlib
import re
import sys
import threading

FOLDER = os.environ.get("E2E_EXCHANGES")
# No part of what is described, or other in every exchange.
CHANGING = {"date", "x-correlation-id", "content-length", "retry-after", "etag"}
LOOKED_AT = 200  # exchanges of one program with one place, method and status
BEGINNING = 4096  # of a body: says what is sent
LARGE = 1 << 20  # an answer that is not looked into

systems = {}  # what the server at a port serves: one system, or "" for all
lock = threading.Lock()
seen = set()
often = collections.Counter()
file = None


def serve(port, command):
    """A server is about to answer at this port."""
    systems[port] = command[command.index("--system") + 1] if "--system" in command else ""


def record(port, method, target, headers, body, answer):
    """`answer` has a status, headers and a body; of a feed, which never ends, an empty one."""
    if not FOLDER or port not in systems:
        return
    place = (systems[port], method, without_digits(target), answer.status)
    with lock:
        often[place] += 1
        if often[place] > LOOKED_AT:
            return
    sent = sorted((name, str(value)) for name, value in headers.items())
    got = [(name, value) for name, value in answer.headers.items()]
    alike = (place, without_digits(repr(sent)), without_digits(repr(body and body[:BEGINNING])),
             tuple((name, without_digits(value)) for name, value in got
                   if name.lower() not in CHANGING), shape_of(answer))
    with lock:
        if hash(alike) in seen:
            return
        seen.add(hash(alike))
        write({"system": systems[port], "method": method, "target": target, "headers": sent,
               "body": encoded(body), "status": answer.status, "answerHeaders": got,
               "answer": encoded(answer.body)})


def without_digits(text):
    return re.sub(r"[0-9a-f]*[0-9][0-9a-f]*", "0", text)


def shape_of(answer):
    """The names and types of JSON; of anything else nobody says what it is like."""
    if len(answer.body) > LARGE:
        return "large"
    try:
        return shape(json.loads(answer.body))
    except ValueError:
        return "text"


def shape(value):
    if isinstance(value, dict):
        return tuple((name if not name.isdigit() else "0", shape(each))
                     for name, each in value.items())
    if isinstance(value, list):
        return frozenset(shape(each) for each in value)
    return type(value).__name__


def encoded(body):
    return None if body is None else base64.b64encode(body).decode()


def write(line):
    global file
    if file is None:
        folder = pathlib.Path(FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        file = open(folder / f"{pathlib.Path(sys.argv[0]).stem}.jsonl", "w", encoding="utf-8")
        atexit.register(file.close)
    file.write(json.dumps(line) + "\n")
