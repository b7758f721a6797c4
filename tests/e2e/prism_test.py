"""Every exchange of the other end-to-end tests (exchanges.py) goes through `prism proxy --errors`
(npm), with the description that the server gives of itself. Prism may object to a request only when
the server refused it, too, and to no answer. What stands behind prism is not the server but what it
answered then: so a request has its answer whatever became of the data, and nothing depends on time.

Answers are read strictly: a member that is not described is objected to, and so are header fields
and parameters, which prism does not look at.

Left out, and why:
- HEAD and OPTIONS: what they answer follows from the other methods (RFC 9110), so nobody describes
  them.
- What never was an exchange, because a test sends something else than HTTP, or ends the server.
- Paths that are no text in UTF-8: a description speaks of texts alone.
- An empty answer without a type, as an event without data is in binary mode: prism wants a type.
- The events of live feeds: a proxy that waits for the end of an answer never passes one on. How a
  feed begins goes through.
"""

import base64
import collections
import concurrent.futures
import copy
import http.client
import http.server
import json
import pathlib
import re
import subprocess
import threading
import unittest
import urllib.parse
import urllib.request

import exchanges
from harness import Server, free_port, main, resolved, wait_for

NPM = pathlib.Path(__file__).resolve().parent.parent / "npm"
SENT_AT_ONCE = 4
# Of HTTP itself, or of one connection.
GENERAL_HEADERS = {"date", "content-type", "content-length", "content-encoding", "connection",
                   "transfer-encoding", "cache-control", "vary", "keep-alive", "x-accel-buffering",
                   "content-security-policy", "x-content-type-options", "referrer-policy",
                   "access-control-allow-origin", "access-control-expose-headers"}
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}
# Codes that say: the description of the body is not met.
BODY_CODES = {"missing_field", "wrong_type", "unknown_field"}


class Exchange:
    spoilt = False

    def __init__(self, test, line):
        self.test = test
        for name, value in json.loads(line).items():
            setattr(self, name, value)
        self.body = self.body and base64.b64decode(self.body)
        self.answer = base64.b64decode(self.answer)

    def can_be_sent(self):
        if self.method in ("HEAD", "OPTIONS") or not is_text(self.path()):
            return False
        typed = any(name.lower() == "content-type" for name, _ in self.answerHeaders)
        return typed or self.answer or self.status != 200 or "mode=binary" not in self.target

    def path(self):
        return self.target.partition("?")[0]

    def code(self):
        try:
            return json.loads(self.answer).get("code")
        except (ValueError, AttributeError):
            return None

    def __repr__(self):
        return (f"{self.test}: {self.method} {self.target} {dict(self.headers)} "
                f"{(self.body or b'')[:300]!r} -> {self.status} {self.answer[:300]!r}")


def is_text(path):
    try:
        urllib.parse.unquote(path, errors="strict")
    except UnicodeDecodeError:
        return False
    return not re.search("%(?![0-9A-Fa-f]{2})", path)


def all_exchanges():
    tests = {path.stem for path in pathlib.Path(__file__).parent.glob("*_test.py")}
    for path in sorted(pathlib.Path(exchanges.FOLDER).glob("*.jsonl")):
        if path.stem in tests:
            for line in path.read_text(encoding="utf-8").splitlines():
                yield Exchange(path.stem, line)


class Recorded(http.server.ThreadingHTTPServer):
    """Answers as it was answered then; the request says by number what it is."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, known):
        self.known = known
        super().__init__(("127.0.0.1", 0), RecordedAnswer)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class RecordedAnswer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        exchange = self.server.known[int(self.headers["X-Exchange"])]
        self.send_response_only(exchange.status)
        for name, value in exchange.answerHeaders:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("X-Replayed", "1")
        self.send_header("Connection", "close")
        if exchange.status not in (204, 304):
            self.send_header("Content-Length", str(len(exchange.answer)))
        self.end_headers()
        self.wfile.write(exchange.answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


class Prism:
    def __init__(self, document, known, folder):
        self.known = known
        self.document = document
        self.behind = Recorded(known)
        self.port = free_port()
        file = folder / f"{self.port}.json"
        file.write_text(json.dumps(document))
        self.log = open(folder / f"{self.port}.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [NPM / "node_modules/.bin/prism", "proxy", "--errors", "--verboseLevel", "fatal",
             "--host", "127.0.0.1", "--port", str(self.port), file,
             f"http://127.0.0.1:{self.behind.server_port}"], stdout=self.log, stderr=self.log)

    def wait(self):
        def listens():
            try:
                http.client.HTTPConnection("127.0.0.1", self.port).connect()
                return True
            except OSError:
                assert self.process.poll() is None, "prism has ended"
                return False

        wait_for("prism listens", listens, 120)

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.behind.shutdown()
        self.behind.server_close()
        self.log.close()

    def objections(self):
        """What prism says of each exchange: None, or the kind of its objection and its words."""
        def ask(number):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                return objection(connection, number, self.known[number])
            except (OSError, http.client.HTTPException) as error:
                return "answer", f"prism gave none: {error}"
            finally:
                connection.close()

        with concurrent.futures.ThreadPoolExecutor(SENT_AT_ONCE) as pool:
            return list(pool.map(ask, range(len(self.known))))


def objection(connection, number, exchange):
    connection.putrequest(exchange.method, exchange.target, skip_host=True,
                          skip_accept_encoding=True)
    connection.putheader("Host", "localhost")
    for name, value in exchange.headers:
        if name.lower() not in ("host", "content-length"):
            connection.putheader(name, value.encode())
    connection.putheader("X-Exchange", str(number))
    if exchange.body is not None or exchange.method in ("POST", "PUT", "PATCH"):
        connection.putheader("Content-Length", str(len(exchange.body or b"")))
    connection.endheaders(exchange.body)
    answer = connection.getresponse()
    body = answer.read()
    if answer.headers["X-Replayed"]:
        return None
    told = body.decode(errors="replace")
    return ("answer" if "#VIOLATIONS" in told else "request"), told


# --- what prism does not look at -----------------------------------------------------------------

def closed(schema):
    """The schema of an answer, in which nothing may stand that is not described."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        made.setdefault("additionalProperties", False)
    return made


def for_prism(document):
    """With closed answers, and with one schema for all kinds of JSON: prism takes
    application/cloudevents+json for application/json, and looks at the first of them."""
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {name: closed(each) for name, each in schemas.items()}
    for path in document["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    content["schema"] = closed(content.get("schema", {}))
                take_alike(response.get("content", {}))
            take_alike(operation.get("requestBody", {}).get("content", {}))
    return document


def take_alike(content):
    kinds = [each for kind, each in content.items() if kind.endswith("json") or kind == "*/*"]
    if len(kinds) < 2:
        return
    either = {"anyOf": [each.get("schema", {}) for each in kinds]}
    for each in kinds:
        each["schema"] = either


def operation_of(document, exchange):
    """As the router finds it: what is spelt out goes before what may be anything."""
    segments = exchange.path().split("/")

    def fits(template):
        parts = template.split("/")
        return len(parts) == len(segments) and all(
            part == segment or (part.startswith("{") and segment)
            for part, segment in zip(parts, segments))

    found = sorted(filter(fits, document["paths"]),
                   key=lambda template: [part.startswith("{") for part in template.split("/")])
    methods = document["paths"][found[0]] if found else {}
    return methods.get(exchange.method.lower())


def not_described(document, exchange):
    """Header fields of the answer, and parameters that were accepted."""
    operation = operation_of(document, exchange)
    if operation is None:
        return []
    responses = operation["responses"]
    response = responses.get(str(exchange.status)) or responses.get(
        f"{exchange.status // 100}XX")
    if response is None:
        return ["status"]
    known = {name.lower() for name in resolved(document, response).get("headers", {})}
    missing = [f"header {name}" for name, _ in exchange.answerHeaders
               if name.lower() not in known | GENERAL_HEADERS
               and not name.lower().startswith("ce-")]
    parameters = [resolved(document, each) for each in operation["parameters"]]
    known = {each["name"] for each in parameters if each["in"] == "query"}
    if exchange.status < 400:
        query = urllib.parse.parse_qsl(exchange.target.partition("?")[2], keep_blank_values=True)
        missing += [f"parameter {name}" for name, _ in query if name not in known]
    return missing


def spoilt_answers(document, known):
    """One of each operation, with a member that is not described."""
    made = {}
    for exchange in known:
        operation = operation_of(document, exchange) or {"responses": {}}
        content = operation["responses"].get(str(exchange.status), {}).get("content", {})
        kinds = [each["schema"] for each in content.values()]
        closed_ones = [schema for schema in kinds if schema.get("additionalProperties") is False]
        packed = any(name.lower() == "content-encoding" for name, _ in exchange.answerHeaders)
        if exchange.status < 300 and not packed and len(closed_ones) == len(kinds) == 1:
            spoilt = copy.copy(exchange)
            spoilt.spoilt = True
            spoilt.answer = json.dumps({**json.loads(exchange.answer), "noSuchMember": 1}).encode()
            made.setdefault(operation["operationId"], spoilt)
    return list(made.values())


def says_all_of_bodies(operation):
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return schema.get("additionalProperties") is False


# --- the tests -----------------------------------------------------------------------------------

@unittest.skipUnless(exchanges.FOLDER, "needs E2E_EXCHANGES, which ctest sets")
class NobodyObjects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run([NPM / "install"], check=True, timeout=300)
        by_system = collections.defaultdict(list)
        for exchange in all_exchanges():
            if exchange.can_be_sent():
                by_system[exchange.system].append(exchange)
        cls.prisms = []
        for system, known in by_system.items():
            server = Server(system=system)
            cls.addClassCleanup(server.close)
            server.start()
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/openapi.json") as answer:
                document = for_prism(json.load(answer))
            spoilt = [] if system else spoilt_answers(document, known)
            prism = Prism(document, known + spoilt, server.home)
            cls.addClassCleanup(prism.close)
            cls.prisms.append(prism)
            server.kill()
        cls.told = []  # prism, exchange, what it objects to
        cls.told_of_spoilt = []  # the same
        for prism in cls.prisms:
            prism.wait()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            for prism, said in zip(cls.prisms, pool.map(Prism.objections, cls.prisms)):
                for exchange, objected in zip(prism.known, said):
                    told = cls.told_of_spoilt if exchange.spoilt else cls.told
                    told.append((prism, exchange, objected))

    def complain(self, wrong):
        self.assertFalse(wrong, f"{len(wrong)}:\n" + "\n\n".join(wrong[:20]))

    def test_no_request_that_was_accepted_is_objected_to(self):
        self.complain([f"{exchange}\n{said[1]}" for _, exchange, said in self.told
                       if said and said[0] == "request" and not 400 <= exchange.status < 500])

    def test_no_answer_is_objected_to(self):
        self.complain([f"{exchange}\n{said[1]}" for _, exchange, said in self.told
                       if said and said[0] == "answer"])

    def test_a_body_that_was_refused_is_objected_to(self):
        """Where the description of a body says all that may be in it."""
        self.complain([str(exchange) for prism, exchange, said in self.told
                       if not said and exchange.code() in BODY_CODES
                       and says_all_of_bodies(operation_of(prism.document, exchange))])

    def test_an_answer_that_is_not_described_would_be_objected_to(self):
        self.assertGreater(len(self.told_of_spoilt), 60)
        self.complain([str(exchange) for _, exchange, said in self.told_of_spoilt
                       if not said or said[0] != "answer"])

    def test_every_header_and_parameter_is_described(self):
        wrong = {f"{exchange.method} {exchange.path()} {exchange.status}: {each}"
                 for prism, exchange, _ in self.told
                 for each in not_described(prism.document, exchange)}
        self.complain(sorted(wrong))


if __name__ == "__main__":
    main()
