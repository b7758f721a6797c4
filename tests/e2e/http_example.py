"""Plays the requests of a page: blocks marked `http-example`, a request as it is typed, with http
(HTTPie) or curl, whatever host it names; then the status, with or without the words around it;
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
"""

import json
import re
import shlex
import urllib.parse

from harness import wait_for

PATIENCE_S = 10


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
