"""The documentation is played: every request in it is sent, every command of its shell sessions is
run, and the answer must be as written. README.md is played like the pages of docs/; README.ko.md
must show the same sessions.

A page whose blocks need a server says so as it says it to its reader, in a block `server` before
them: how it is started and, later on, what else is done to it.

    ```server
    $ yeyak serve --system market --now 2021-09-29T09:00:00+09:00
    ```
    ```server
    $ kill -9 $(pidof yeyak)
    $ yeyak serve --system market
    ```

`^C` ends it in order, `kill -HUP` lets it read its certificate again; `script/server` starts it as README.md does. It is started with these flags
and no others, in a folder of its own. The blocks are played in order. console.py says how a shell
session is written (```console), http_example.py how a request with its answer is (```http-example).
Nothing that a page needs may stand in a comment, which its reader does not see.

A page of docs/systems/ must also name every event type of its system that tests/golden/events
knows, and no other; and its state diagrams (mermaid) must show every state of its
sagas and none that does not occur in the system's sources.
"""

import json
import pathlib
import re
import shlex
import subprocess
import unittest

import harness
from console import Console, fits, only_reads, read_console
from harness import Server, main
from http_example import Example, difference, play

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GOLDEN = ROOT / "tests" / "golden" / "events"
# An example, a shell session, or what is done to the server between them.
BLOCK = re.compile(r"^```(http-example|console|server)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
START = re.compile(r"\$ (?:yeyak serve|script/server)(?: (.*))?$")
DONE_TO_IT = {"^C": "stop", "$ kill -9 $(pidof yeyak)": "kill",
              "$ kill -HUP $(pidof yeyak)": "hang_up"}
EVENT_TYPE = re.compile(r"\b([a-z]+)\.([a-z_]+)\.v(\d+)\b")


# --- pages -----------------------------------------------------------------------------------------

class Page:
    def __init__(self, path, text):
        self.path = path
        self.text = text
        if "<!--" in text:
            raise AssertionError(f"{path} has a comment, which its reader does not see")
        self.steps = [(kind, self.read(kind, block.strip("\n")))
                      for kind, block in BLOCK.findall(text)]
        self.examples = [step for kind, step in self.steps if kind == "http-example"]
        if self.examples and self.steps[0][0] != "server":
            raise AssertionError(f"{path} has examples, but does not start a server before them")
        others = {int(port) for example in self.examples
                  for port in re.findall(r":(80\d\d)\b", example.command)} - {self.port()}
        if others:
            raise AssertionError(f"{path} speaks to ports where no server of it is: {others}")

    @staticmethod
    def read(kind, block):
        reader = {"http-example": Example, "console": read_console, "server": read_server}[kind]
        return reader(block)

    def flag(self, name):
        """What its server is first started with."""
        flags = next((flags for kind, step in self.steps if kind == "server"
                      for order, flags in step if order == "start"), [])
        return flags[flags.index(name) + 1] if name in flags else None

    def system(self):
        """The one that its server has at the root."""
        return self.flag("--system")

    def port(self):
        return int(self.flag("--port") or 8080)

    def sessions(self):
        """What a reader types and sees, whatever the language of the page."""
        return [[(command.text, command.expected) for command in step] if kind == "console" else step
                for kind, step in self.steps]


def read_server(block):
    """What is done to the server, in order: (order, flags)."""
    orders = []
    for line in block.split("\n"):
        start = START.match(line)
        if not start and line not in DONE_TO_IT:
            raise AssertionError(f"what is done to the server? {line}")
        orders.append(("start", shlex.split(start.group(1) or "")) if start
                      else (DONE_TO_IT[line], []))
    return orders


def command_server(server, orders):
    for order, flags in orders:
        if "--port" in flags:  # the test has its own
            at = flags.index("--port")
            flags = flags[:at] + flags[at + 2:]
        getattr(server, order)(*flags)


def play_page(page):
    """How many requests and commands were played."""
    server = Server(system=None)
    server.flags = []  # no others than the page gives
    console = None
    played = 0
    try:
        client = server.client()
        for kind, step in page.steps:
            if kind == "server":
                command_server(server, step)
                client.close()  # its connection was the old server's
            elif kind == "http-example":
                play(client, step)
                played += 1
            else:
                console = console or Console(server.home, harness.binary, server.port,
                                             harness.clean_environment())
                for command in step:
                    console.play(command)
                    played += 1
    finally:
        if console:
            console.close()
        server.close()
    return played


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


# --- limits ----------------------------------------------------------------------------------------

def limits(text):
    """The points of ARCHITECTURE's section on limits."""
    section = re.search(r"^## Limits\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL).group(1)
    return [" ".join(point.split()) for point in re.findall(r"^- (.*?)(?=^- |\Z)", section,
                                                            re.MULTILINE | re.DOTALL)]


def known_words():
    """Every name of the product and its tests, the names of settings and of end-to-end tests."""
    words = {f"e2e.{path.stem}" for path in (ROOT / "tests" / "e2e").glob("*_test.py")}
    for folder in ("kernel", "eventstore", "aggregates", "projections", "audit", "privacy", "server",
                   "api", "program", "tests"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".h", ".cc"):
                words |= set(re.findall(r"[\w.-]*\w", path.read_text(encoding="utf-8")))
    return words


def without_holder(points, words):
    """Limits that name nothing which holds them, or something that is not there."""
    wrong = []
    for point in points:
        named = re.findall(r"`([\w.-]+)`", point)
        if not named:
            wrong.append(f"what holds this? {point}")
        wrong += [f"there is no {name}: {point}" for name in named if name not in words]
    return wrong


# --- the tests -------------------------------------------------------------------------------------

def counts(text):
    """The numbers of each system in a table of them, in Markdown or not."""
    found = {}
    for line in text.splitlines():
        system, *numbers = re.sub(r"\[(\w+)\]\(.*?\)", r"\1", line).replace("|", " ").split() or [""]
        numbers = [number.replace(",", "") for number in numbers]
        if len(numbers) > 5 and all(number.isdigit() for number in numbers):
            found[system] = [int(number) for number in numbers]
    return found


def wrong_counts(written, counted):
    """The systems, and counts in their order, that are more than a tenth off."""
    return [(system, said, is_) for system in sorted(written.keys() | counted.keys())
            for said, is_ in zip(written.get(system, [0]), counted.get(system, [0]))
            if abs(said - is_) * 10 > is_]


def pages():
    found = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")),
             *sorted((ROOT / "docs" / "systems").glob("*.md"))]
    return [Page(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in found
            if path != ROOT / "docs" / "README.md"]


class Pages(unittest.TestCase):
    def test_every_page_is_as_the_program(self):
        played = 0
        for page in pages():
            if page.steps:
                with self.subTest(page=str(page.path)):
                    played += play_page(page)
        self.assertGreater(played, 0)

    def test_both_languages_show_the_same_sessions(self):
        english, korean = (Page(name, (ROOT / name).read_text(encoding="utf-8"))
                           for name in ("README.md", "README.ko.md"))
        self.assertTrue(english.sessions())
        self.assertEqual(english.sessions(), korean.sessions())

    def test_every_page_of_a_system_has_examples_events_and_states(self):
        for page in pages():
            if page.path.parent.name != "systems":
                continue
            with self.subTest(page=str(page.path)):
                self.assertEqual(page.system(), page.path.stem)
                self.assertTrue(page.examples, "no examples")
                known = event_types(page.system())
                self.assertTrue(known, "no golden samples")
                self.assertEqual(wrong_event_types(page.system(), page.text, known), [])
                drawn = drawn_states(page.text)
                self.assertTrue(drawn, "no state diagram")
                saga_states = set().union(*known.values())
                self.assertEqual(wrong_states(drawn, saga_states, sources_of(page.system())), [])


class Counts(unittest.TestCase):
    def test_every_system_has_about_as_many_lines_as_is_said(self):
        counted = subprocess.run([ROOT / "script" / "lines"], cwd=ROOT, check=True,
                                 capture_output=True, text=True).stdout
        written = (ROOT / "docs" / "systems.md").read_text(encoding="utf-8")
        self.assertTrue(counts(counted))
        self.assertEqual(wrong_counts(counts(written), counts(counted)), [])


class Architecture(unittest.TestCase):
    def test_every_limit_names_what_holds_it(self):
        points = limits((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
        self.assertGreater(len(points), 5)
        self.assertEqual(without_holder(points, known_words()), [])


class TheTestItself(unittest.TestCase):
    """What it understands, and that it bites."""

    def test_limits(self):
        text = "## Limits\n\nText.\n\n- One (`max_a`)\n  and more.\n- Two.\n\n## More\n- no limit\n"
        self.assertEqual(limits(text), ["One (`max_a`) and more.", "Two."])
        self.assertEqual(without_holder(["One (`max_a`)"], {"max_a"}), [])
        self.assertEqual(len(without_holder(["One (`max_a`)", "Two."], {"max_b"})), 2)

    def test_counts(self):
        self.assertEqual(counts("| [a](b/a.md) | 1,000 | 2 | 3 | 4 | 5 | 6 |\n\n| a | b |\na  1 2 3 4 5 7\n"),
                         {"a": [1, 2, 3, 4, 5, 7]})
        self.assertEqual(wrong_counts({"a": [91, 109]}, {"a": [100, 100]}), [])
        self.assertEqual(wrong_counts({"a": [89, 111]}, {"a": [100, 100]}),
                         [("a", 89, 100), ("a", 111, 100)])
        self.assertEqual(wrong_counts({"a": [1]}, {"b": [1]}), [("a", 1, 0), ("b", 0, 1)])

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

    def test_consoles(self):
        one, two, three = read_console("$ a \\\n  b\nx\n...\n\n$ false\n$ echo $?\n1")
        self.assertEqual((one.text, one.expected, one.may_fail), ("a \\\n  b", "x\n...", False))
        self.assertEqual((two.text, two.may_fail, three.expected), ("false", True, "1"))
        for expected, printed in (("", ""), ("a ... c", "a b c"), ("...", ""), ("...", "a\nb"),
                                  ("a\n...\nz", "a\nm\nz"), ("a\n...\nz", "a\nz"),
                                  ("at 2026-11-20T12:51:18.355Z", "at 2027-01-01T00:00:00Z"),
                                  ("0.03 s", "1.50 s"), ("033effeee34ecf9b", "1c96a268c1735579")):
            self.assertTrue(fits(expected, printed), (expected, printed))
        for expected, printed in (("", "a"), ("a", ""), ("a", "a\nb"), ("a ... c", "a b"),
                                  ("a\n...", "b"), ("3 events", "4 events"), ("x", "x y"),
                                  ("... b", "a b\nc"), ("abc", "033effeee34ecf9b")):
            self.assertFalse(fits(expected, printed), (expected, printed))
        self.assertTrue(only_reads("curl -s localhost:8080/a?b=1 | jq ."))
        for changing in ("curl -X PUT a", "http POST :8080/a b=1", "http :8080/a b=1", "rm a",
                         "curl -s a > b", "curl a --json '{}'"):
            self.assertFalse(only_reads(changing), changing)

    def test_a_session(self):
        for page in ("```server\n$ yeyak serve --system market\n```\n```console\n$ curl localhost:8080"
                     "/products | jq -c ._embedded\n{\"products\":[]}\n```\n```server\n$ kill -9 "
                     "$(pidof yeyak)\n$ script/server\n^C\n```\n",
                     "```console\n$ x=1; cd /\n$ echo $x $PWD\n1 /\n$ false\n$ echo $?\n1\n```\n",
                     "```console\n$ yeyak --version\nyeyak ...\n```\n"):
            play_page(Page("page", page))
        for wrong in ("$ false", "$ echo a", "$ echo a\nb", "$ exit", "$ yeyak no-such-command\n..."):
            with self.assertRaises(AssertionError, msg=wrong):
                play_page(Page("page", f"```console\n{wrong}\n```\n"))
        for wrong in ("<!-- server: stop -->\n", "```server\n$ rm -r data\n```\n",
                      "```http-example\n$ http :8080/a\n200\n```\n",
                      "```server\n$ yeyak serve\n```\n```http-example\n$ http :8088/a\n200\n```\n"):
            with self.assertRaises(AssertionError, msg=wrong):
                Page("page", wrong)

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
