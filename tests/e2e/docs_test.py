"""The documentation is played: every request in it is sent, and the answer must be as written.

A page that is played names its system on its first line, and the flags of the server if it needs
any; "none" serves no system at the root:

    <!-- system: market; flags: --now 2021-09-29T09:00:00+09:00 -->

Its blocks are played in order against one fresh server. A block is a request as it is typed, with
http (HTTPie) or curl, whatever host it names; then the status, with or without the words around it;
headers that matter; and as much of the JSON as matters:

    ```http-example
    $ http POST :8088/orders item=note21 qty=2
    HTTP/1.1 201 Created
    Location: http://localhost:8088/orders/1

    {"id": 1, "item": "note21", "status": "Payed"}
    ```

Objects may have more members than are written, lists may not have more elements; "..." stands for
any value. A GET is repeated until its answer fits, for some seconds: what follows by itself may
take a moment. The Host header is that of the example, so links are as a reader gets them.

A page of docs/systems/ must also name every event type of its system that tests/golden/events
knows, and no other; and its state diagrams (mermaid) must show every state of its
sagas and none that does not occur in the system's sources.
"""

import json
import pathlib
import re
import shlex
import unittest
import urllib.parse

from harness import Server, main, wait_for

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GOLDEN = ROOT / "tests" / "golden" / "events"
PATIENCE_S = 10
BLOCK = re.compile(r"^```http-example\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EVENT_TYPE = re.compile(r"\b([a-z]+)\.([a-z_]+)\.v(\d+)\b")


# --- reading a page --------------------------------------------------------------------------------

class Page:
    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.examples = [Example(block.strip("\n")) for block in BLOCK.findall(text)]
        front = re.match(r"<!-- system: (\w+)(?:; flags: (.*?))? -->\n", text)
        if self.examples and not front:
            raise AssertionError(f"{path} has examples, but its first line names no system")
        self.system = front.group(1) if front and front.group(1) != "none" else None
        self.flags = shlex.split(front.group(2) or "") if front else []


class Example:
    def __init__(self, block):
        command, _, expected = block.replace("\\\n", " ").partition("\n")
        self.command = command.removeprefix("$ ")
        words = shlex.split(self.command)
        readers = {"http": read_httpie, "curl": read_curl}
        if not words or words[0] not in readers:
            raise AssertionError(f"not a request with http or curl: {command}")
        self.method, self.url, self.headers, self.body = readers[words[0]](words[1:])
        host, self.path = host_and_path(self.url)
        self.headers.setdefault("Host", host)  # links in the answer begin with it
        self.status, self.expected_headers, self.json = read_expected(self.command, expected)


def read_httpie(words):
    method, url, headers, members = None, None, {}, {}
    for word in words:
        item = re.match(r"([\w-]+)(:=|=|:)(.*)$", word, re.DOTALL)
        if url is None and re.fullmatch(r"[A-Z]+", word):
            method = word
        elif url is None and not word.startswith("-"):
            url = word
        elif not item:
            raise AssertionError(f"http: what is {word}?")
        elif item.group(2) == ":":
            headers[item.group(1)] = item.group(3).strip()
        else:
            typed = item.group(2) == ":="
            members[item.group(1)] = json.loads(item.group(3)) if typed else item.group(3)
    body = json.dumps(members, ensure_ascii=False) if members else None
    return method or ("POST" if body else "GET"), url, headers, body


def read_curl(words):
    method, url, headers, body = None, None, {}, None
    words = iter(words)
    for word in words:
        if word in ("-s", "-i", "-si", "-is", "-sS"):
            continue
        if word in ("-X", "--request"):
            method = next(words)
        elif word in ("-H", "--header"):
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word in ("-d", "--data", "--json"):
            body = next(words)
        elif word.startswith("-") or url is not None:
            raise AssertionError(f"curl: what is {word}?")
        else:
            url = word
    return method or ("POST" if body else "GET"), url, headers, body


def host_and_path(url):
    """The test's own server is asked, whatever host the example names; :8088 is on localhost."""
    found = re.fullmatch(r"(?:http://)?([\w.-]*)(:\d+)?(/.*)?", url)
    if not found:
        raise AssertionError(f"not an address: {url}")
    name, port, path = found.groups()
    return ((name or "localhost") + (port or ""),
            urllib.parse.quote(path or "/", safe="/?&=%:,+~-._"))


def read_expected(command, text):
    lines = text.split("\n")
    status = re.match(r"(?:HTTP/1\.1 )?(\d{3})\b", lines[0])
    if not status:
        raise AssertionError(f"{command}: no status follows, but {lines[0]!r}")
    headers, at = {}, 1
    while at < len(lines) and (found := re.match(r"([A-Z][\w-]*): (.*)$", lines[at])):
        headers[found.group(1)] = found.group(2)
        at += 1
    rest = "\n".join(lines[at:]).strip()
    return int(status.group(1)), headers, json.loads(rest) if rest else None


# --- comparing -------------------------------------------------------------------------------------

def difference(expected, found, where="the answer"):
    """What is wrong, or None when all that is expected is there."""
    if expected == "...":
        return None
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            if name not in found:
                return f"{where} has no {name}"
            if told := difference(value, found[name], f"{where}.{name}"):
                return told
        return None
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return f"{where} has {len(found)} elements, not {len(expected)}"
        return next((told for at, pair in enumerate(zip(expected, found))
                     if (told := difference(*pair, f"{where}[{at}]"))), None)
    same = type(expected) is type(found) and expected == found
    return None if same else f"{where} is {found!r}, not {expected!r}"


def mistake(example, answer):
    if answer.status != example.status:
        return f"the status is {answer.status}, not {example.status}"
    for name, expected in example.expected_headers.items():
        found = answer.headers[name]
        if expected != found:
            return f"{name} is {found!r}, not {expected!r}"
    if example.json is None:
        return None
    try:
        return difference(example.json, answer.json())
    except ValueError:
        return "the answer is no JSON"


def play(client, example):
    answer = None

    def fits():
        nonlocal answer
        answer = client.send(example.method, example.path, example.body, example.headers)
        return mistake(example, answer) is None

    try:
        wait_for(example.command, fits, PATIENCE_S if example.method == "GET" else 0)
    except AssertionError:
        raise AssertionError(f"$ {example.command}\n{mistake(example, answer)}\n{answer}") from None


# --- events and states -----------------------------------------------------------------------------

def event_types(system):
    """{type: its saga states} of the golden samples of a system."""
    types = {}
    for sample in GOLDEN.glob(f"{system}.*.json"):
        name, states = EVENT_TYPE.match(sample.stem).group(), types.setdefault
        state = sample.stem[len(name) + 1:]
        states(name, set()).update({state} if state else ())
    return types


def wrong_event_types(system, text, known):
    """What the page leaves out and what it invents. Types of other systems may be named, too."""
    named = {found.group() for found in EVENT_TYPE.finditer(text)}
    everything = {EVENT_TYPE.match(sample.stem).group() for sample in GOLDEN.glob("*.v*.json")}
    return ([f"{system} has the event type {missing}, which the page does not name"
             for missing in sorted(set(known) - named)]
            + [f"there is no event type {invented}" for invented in sorted(named - everything)])


def drawn_states(text):
    """The states of all state diagrams of a page."""
    states = set()
    for diagram in re.findall(r"^```mermaid\nstateDiagram(?:-v2)?\n(.*?)^```$", text,
                              re.MULTILINE | re.DOTALL):
        for line in diagram.split("\n"):
            arrow = re.match(r"\s*(\[\*\]|\w+) *--> *(\[\*\]|\w+) *(?::.*)?$", line)
            states |= set(arrow.groups()) if arrow else set()
    return states - {"[*]"}


def wrong_states(drawn, saga_states, sources):
    """Words are compared without case and underscores: reservation_cancelled, ReservationCancelled."""
    def plain(word):
        return word.replace("_", "").lower()
    occurring = {plain(word) for word in re.findall(r"\w+", sources)}
    return ([f"no diagram shows the state {state} of a saga"
             for state in sorted(saga_states) if plain(state) not in {plain(d) for d in drawn}]
            + [f"the state {state} of a diagram is in no source"
               for state in sorted(drawn) if plain(state) not in occurring])


def sources_of(system):
    folders = [ROOT / "aggregates" / system, ROOT / "projections" / system,
               ROOT / "aggregates" / "payment"]
    return "\n".join(path.read_text(encoding="utf-8") for folder in folders
                     for path in sorted(folder.rglob("*")) if path.suffix in (".h", ".cc"))


# --- the tests -------------------------------------------------------------------------------------

def pages():
    found = [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "systems").glob("*.md"))]
    return [Page(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in found
            if path != ROOT / "docs" / "README.md"]


class Pages(unittest.TestCase):
    def test_every_example_is_answered_as_written(self):
        played = 0
        for page in pages():
            if not page.examples:
                continue
            with self.subTest(page=str(page.path)):
                server = Server(*page.flags, system=page.system)
                try:
                    server.start()
                    client = server.client()
                    for example in page.examples:
                        play(client, example)
                        played += 1
                finally:
                    server.close()
        self.assertGreater(played, 0)

    def test_every_page_of_a_system_has_examples_events_and_states(self):
        for page in pages():
            if page.path.parent.name != "systems":
                continue
            with self.subTest(page=str(page.path)):
                self.assertEqual(page.system, page.path.stem)
                self.assertTrue(page.examples, "no examples")
                known = event_types(page.system)
                self.assertTrue(known, "no golden samples")
                self.assertEqual(wrong_event_types(page.system, page.text, known), [])
                drawn = drawn_states(page.text)
                self.assertTrue(drawn, "no state diagram")
                saga_states = set().union(*known.values())
                self.assertEqual(wrong_states(drawn, saga_states, sources_of(page.system)), [])


class TheTestItself(unittest.TestCase):
    """What it understands, and that it bites."""

    def test_requests(self):
        typed = Example("$ http POST :8088/a?x=1 n=1 m:=2 X-Actor:me\nHTTP/1.1 201 Created\n"
                        "Retry-After: 5\n\n{\"id\": 1}")
        self.assertEqual((typed.method, typed.path, typed.headers, json.loads(typed.body)),
                         ("POST", "/a?x=1", {"X-Actor": "me", "Host": "localhost:8088"},
                          {"n": "1", "m": 2}))
        self.assertEqual((typed.status, typed.expected_headers, typed.json),
                         (201, {"Retry-After": "5"}, {"id": 1}))
        for command, method, path, body in (
                ("http :8088/a", "GET", "/a", None),
                ("http DELETE http://app:8080/a/1", "DELETE", "/a/1", None),
                ("http localhost/a n=한", "POST", "/a", '{"n": "한"}'),
                ("curl -s 'localhost:8080/a?b=c'", "GET", "/a?b=c", None),
                ("curl -X PUT localhost:8080/a --json '{}'", "PUT", "/a", "{}"),
                ("curl localhost:8080/a -d '{}' \\\n -H 'A: b'", "POST", "/a", "{}")):
            read = Example(f"$ {command}\n200")
            self.assertEqual((read.method, read.path, read.body), (method, path, body), command)
        for wrong in ("wget x\n200", "curl -z a\n200", "http :1/a b\n200", "http :1/a\nall well"):
            with self.assertRaises(AssertionError, msg=wrong):
                Example(wrong)

    def test_comparing(self):
        found = {"id": 1, "list": [{"a": 1, "b": 2}], "text": "x"}
        for fits in ({}, {"id": 1}, {"list": [{"a": 1}]}, {"list": "..."}, {"list": ["..."]}):
            self.assertIsNone(difference(fits, found), fits)
        for wrong in ({"id": 2}, {"id": "1"}, {"id": True}, {"no": 1}, {"list": []},
                      {"list": [{"a": 2}]}, {"list": [{"a": 1}, {}]}, []):
            self.assertIsNotNone(difference(wrong, found), wrong)

    def test_events_and_states(self):
        known = event_types("prereservation")
        self.assertIn("paying", known["prereservation.checkout_stepped.v1"])
        text = " ".join(known)
        self.assertEqual(wrong_event_types("prereservation", text, known), [])
        left_out = text.replace("prereservation.receipt_issued.v2", "")
        self.assertEqual(len(wrong_event_types("prereservation", left_out, known)), 1)
        self.assertEqual(
            len(wrong_event_types("prereservation", text + " payment.gone.v1", known)), 1)
        drawn = drawn_states("```mermaid\nstateDiagram-v2\n    [*] --> a: x\n    a --> B\n```\n")
        self.assertEqual(drawn, {"a", "B"})
        self.assertEqual(wrong_states(drawn, {"a"}, "enum { A, b };"), [])
        self.assertEqual(len(wrong_states(drawn, {"c"}, "enum { A };")), 2)


if __name__ == "__main__":
    main()
