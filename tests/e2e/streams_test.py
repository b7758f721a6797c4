"""The event store over HTTP: appends, commits, preconditions, limits, reads."""

import base64
import json
import re
import threading
import urllib.parse

from harness import ServerCase, all_events, main, quoted, verify_audit
from model import read_model


def event(number=1, **more):
    return {"type": "noted", "data": {"number": number}, **more}


class StreamCase(ServerCase):
    system = None

    def append(self, stream, body=None, status=201, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.http.post("/streams/" + quoted(stream), body or event(), named)
        self.assertEqual(answer.status, status, answer)
        return answer

    def commit(self, *appends, conditions=(), status=201, headers=None):
        body = {"appends": [{"stream": s, "events": e, **more} for s, e, more in appends]}
        if conditions:
            body["conditions"] = list(conditions)
        answer = self.http.post("/commits", body, headers)
        self.assertEqual(answer.status, status, answer)
        return answer

    def read(self, stream, query=""):
        return self.http.get(f"/streams/{quoted(stream)}{query}")

    def numbers(self, answer):
        return [e["data"]["number"] for e in answer.json()["events"]]


class Appends(StreamCase):
    def test_where_it_is(self):
        first = self.append("orders-1")
        self.assertEqual(first.json(),
                         {"stream": "orders-1", "version": 1, "first": 1, "position": 1})
        self.assertEqual(first.headers["Location"], "/streams/orders-1")
        self.assertEqual(first.headers["ETag"], '"1"')
        self.assertEqual(first.headers["Yeyak-Stream-Version"], "1")
        more = self.append("orders-1", [event(2), event(3)])
        self.assertEqual(more.json(),
                         {"stream": "orders-1", "version": 3, "first": 2, "position": 3})
        self.assertRegex(self.read("orders-1").headers["ETag"], '^"3-[0-9a-f]{16}"$')

    def test_expected_version(self):
        self.append("s-1", Expected_Version="no-stream")
        self.append("s-1", Expected_Version="1")
        self.append("s-1", Expected_Version="exists")
        self.append("s-1", Expected_Version="any")
        self.append("s-2", Expected_Version="0")
        for stream, expected, found in (("s-1", "no-stream", 4), ("s-1", "3", 4), ("s-1", "5", 4),
                                        ("s-1", "0", 4), ("s-9", "exists", 0), ("s-9", "1", 0)):
            told = self.problem(self.append(stream, None, 409, Expected_Version=expected), 409,
                                "wrong_expected_version", "expected")
            self.assertEqual((told["stream"], told["version"]), (stream, found))
        for expected in ("-1", "1.0", "", "newest", "18446744073709551616"):
            self.problem(self.append("s-1", None, 400, Expected_Version=expected), 400,
                         "bad_precondition")
        self.assertEqual(read_model(self.http).position, 5)

    def test_etags(self):
        self.append("s-1", If_None_Match="*")
        self.append("s-1", If_Match='"1"')
        self.append("s-1", If_Match="*")
        for headers in ({"If_None_Match": "*"}, {"If_Match": '"2"'}, {"If_Match": 'W/"3"'},
                        {"If_Match": '"any"'}, {"If_None_Match": '"7", W/"3"'}):
            self.problem(self.append("s-1", None, 412, **headers), 412, "wrong_expected_version")
        self.problem(self.append("s-2", None, 412, If_Match="*"), 412, "wrong_expected_version")
        for headers in ({"If_Match": "3"}, {"If_None_Match": ""}, {"If_Match": '"3" "4"x'},
                        {"If_Match": "*", "Expected_Version": "3"}):
            self.problem(self.append("s-1", None, 400, **headers), 400, "bad_precondition")
        self.append("s-1", If_Match=self.read("s-1").headers["ETag"])
        self.append("s-1", If_Match='"1", "4"')
        self.append("s-1", If_None_Match='"1", "2"')
        tag = self.read("s-1").headers["ETag"]
        self.assertEqual(self.http.get("/streams/s-1", {"If-None-Match": tag}).status, 304)

    def test_what_is_refused_by_name(self):
        ce = {"specversion": "1.0", "id": "i", "source": "/s", "type": "t"}
        for kind, body, code, field in (
                ("cloudevents+json", [ce], "wrong_type", ""),
                ("cloudevents-batch+json", ce, "wrong_type", ""),
                ("cloudevents+json", {**ce, "id": ""}, "wrong_type", "id"),
                ("cloudevents+json", {**ce, "source": ""}, "wrong_type", "source"),
                ("cloudevents+json", {"id": "i", "source": "/s", "type": "t"}, "missing_field",
                 "specversion"),
                ("cloudevents-batch+json", [ce, {**ce, "id": None}], "missing_field", "[1].id"),
                ("cloudevents+json", {**ce, "tags": ["a"]}, "wrong_type", "tags"),
                ("cloudevents+json", {**ce, "position": 1}, "reserved_attribute", "position"),
                ("json", {"type": "t", "data": {}, "userId": "1"}, "unknown_field", "userId"),
                ("json", {"type": "t", "data": {}, "note": {"a": 1}}, "wrong_type", "note")):
            answer = self.append("s-1", json.dumps(body), 400, Content_Type="application/" + kind)
            self.problem(answer, 400, code, field or None)
        self.assertEqual(read_model(self.http).position, 0)

    def test_what_the_server_fills_in(self):
        self.append("s-1", X_Correlation_Id="trace-77")
        got = self.read("s-1").json()["events"][0]
        self.assertEqual((got["id"], got["source"], got["correlationid"], got["position"],
                          got["version"]),
                         ("s-1@1", "/streams/s-1", "trace-77", 1, 1))

    def test_what_is_refused(self):
        for body, code in (('{"type":"a"}', "missing_field"), ('{"data":{}}', "missing_field"),
                           ('{"type":"","data":{}}', "wrong_type"),
                           ('{"type":1,"data":{}}', "wrong_type"),
                           ('{"type":"a","data":{},"tags":7}', "wrong_type"),
                           ('{"type":"a","data":{},"time":"today"}', "wrong_type"),
                           ('{"type":"a","data":{},"specversion":"0.3"}', "wrong_type"),
                           ('{"type":"a","data_base64":"aGk"}', "wrong_type"),
                           ('{"type":"a","data":{"x":1,"x":2}}', "duplicate_key"),
                           ('{"type":"a","data":{}', "malformed_json"), ('[1]', "wrong_type"),
                           (b'{"type":"a","data":{"x":"\xff"}}', "bad_utf8"), ('"x"', "wrong_type"),
                           ('{"type":"a","data":' + '{"a":' * 40 + "1" + "}" * 41, "too_deep")):
            self.problem(self.append("s-1", body, 400), 400, code)
        self.problem(self.append("s-1", "[]", 422), 422, "no_events")
        self.problem(self.append("s-1", event(), 415, Content_Type="text/plain"), 415,
                     "unsupported_media_type")
        for name in ("payment.payment-prereservation-1", "a.b-1", "prereservation.reservation-1"):
            self.problem(self.append(name, None, 403), 403, "reserved_stream", "stream")
            self.commit((name, [event()], {}), status=403)
        self.append("orders-1.2")  # a dot after the first dash is no category
        self.problem(self.read("s-1"), 404, "no_such_stream", "stream")
        self.assertEqual(read_model(self.http).position, 1)

    def test_all_that_is_wrong_is_named_at_once(self):
        ce = {"specversion": "1.0", "id": "i", "source": "/s", "type": "t"}
        told = self.append("s-1", json.dumps([ce, {**ce, "time": "x", "Type": "t"}, {"id": "j"}]),
                           400, Content_Type="application/cloudevents-batch+json").json()
        self.assertEqual({(error["pointer"], error["code"]) for error in told["errors"]},
                         {("/1/time", "wrong_type"), ("/1/Type", "unknown_field"),
                          ("/2/type", "missing_field"), ("/2/specversion", "missing_field"),
                          ("/2/source", "missing_field")})
        self.assertIn("[1].Type is no field here; did you mean type?", told["detail"])
        told = self.commit(("a-1", [event(), {"type": 1}], {"expect": 0}), status=400,
                           conditions=[{"tag": ["x"]}]).json()
        self.assertEqual({error["pointer"] for error in told["errors"]},
                         {"/appends/0/events/1/type", "/appends/0/expect", "/conditions/0/tag"})
        fields = {"ce-specversion": "1.0", "ce-id": "", "ce-source": "a b", "ce-type": "t"}
        answer = self.http.post("/streams/s-1", b"{}", {**fields, "Content-Type": "json"})
        self.assertEqual([error["field"] for error in answer.json()["errors"]],
                         ["ce-id", "ce-source", "Content-Type"])
        self.assertEqual(read_model(self.http).position, 0)

    def test_limits(self):
        """At the limit it is taken, one above it is refused and leaves nothing."""
        fits = [("n" * 200, event()), ("types", event(type="t" * 200)),
                ("tags", event(tags=["x"] * 32)),
                ("tag", event(tags=["x" * 200])), ("ids", event(id="i" * 200, actor="a" * 64)),
                ("many", [event()] * 4096)]
        above = [("n" * 201, event()), ("types", event(type="t" * 201)),
                 ("tags", event(tags=["x"] * 33)),
                 ("tag", event(tags=["x" * 201])), ("ids", event(id="i" * 201)),
                 ("ids", event(causationid="a" * 201)), ("ids", event(correlationid="c" * 201)),
                 ("many", [event()] * 4097), ("ctl\n", event()), ("tag", event(tags=[""]))]
        for stream, body in fits:
            self.append(stream, body)
        before = read_model(self.http).position
        for stream, body in above:
            answer = self.append(stream, body, 422)
            self.assertIn(answer.json()["code"], ("commit_too_large", "bad_stream_name"), answer)
        self.assertEqual(read_model(self.http).position, before)
        frame = len('{"type":"a","data":{"x":""}}')
        largest = '{"type":"a","data":{"x":"%s"}}' % ("x" * (1024 * 1024 - frame))
        self.append("large", largest)
        self.assertEqual(self.read("large").json()["events"][0]["data"]["x"],
                         "x" * (1024 * 1024 - frame))
        refused = self.http.post("/streams/large", largest + " ")
        self.problem(refused, 413, "body_too_large")

    def test_any_name(self):
        for name in ("한글-1", "a/b", "a%2Fb", "a b", "a?b#c", "-", "x" * 199, "'\"\\"):
            self.append(name, event(7))
            found = self.read(name)
            self.assertEqual((found.json()["stream"], self.numbers(found)), (name, [7]))

    def test_idempotency(self):
        first = self.append("s-1", Idempotency_Key="k", Expected_Version="0")
        wrong = self.append("s-1", None, 409, Idempotency_Key="w", Expected_Version="0")
        self.append("s-1")
        for kill in (None, False, True):
            if kill is not None:
                self.server.restart(kill)
                self.http = self.server.client()
            again = self.append("s-1", Idempotency_Key="k", Expected_Version="0")
            self.assertEqual((again.body, again.headers["ETag"]),
                             (first.body, first.headers["ETag"]))
            refused = self.append("s-1", None, 409, Idempotency_Key="w", Expected_Version="0")
            self.assertEqual(refused.refusal(), wrong.refusal())
            other = self.append("s-1", event(2), 422, Idempotency_Key="k", Expected_Version="0")
            self.problem(other, 422, "idempotency_key_reused")
            self.append("s-1", None, 422, Idempotency_Key="k", Expected_Version="1")
            self.append("s-2", None, 422, Idempotency_Key="k", Expected_Version="0")
        self.append("s-3", Idempotency_Key="x" * 128)
        for key in ("x" * 129, "a b", ""):
            self.problem(self.append("s-3", None, 400, Idempotency_Key=key), 400,
                         "bad_idempotency_key")
        self.assertEqual(read_model(self.http).position, 3)


class CloudEvents(StreamCase):
    """Every mode in and out, as the specification has it; npm_test.py asks the official SDK."""

    event = {"specversion": "1.0", "id": "mine-1", "source": "https://shop.test/a?b=c#d",
             "type": "ordered", "subject": 'fold "폰" 100%', "time": "2026-01-02T03:04:05.123456789+09:00",
             "dataschema": "https://shop.test/schema", "datacontenttype": "application/json",
             "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
             "note": "", "tags": "user:1,제품,a%2Cb,time:morning,source:"}
    typed = {"yes": True, "no": False, "count": -2147483648}  # texts in binary mode
    data = '{"b": 1.50, "a": [{}], "c": "폰"}'
    of_the_log = {"position", "version", "stream", "recordedtime", "leafhash", "correlationid",
                  "causationid", "actor"}

    def written(self, event):
        """What is read without what the log adds."""
        return {name: value for name, value in event.items() if name not in self.of_the_log}

    def text(self, event, data):
        return json.dumps(event, ensure_ascii=False)[:-1] + f',"data":{data}}}'

    def fields(self, event):
        """As the HTTP binding encodes them."""
        return {"ce-" + name: urllib.parse.quote(value, safe="!#$&'()*+,/:;=?@[]<>\\^`{|}~")
                for name, value in event.items() if name != "datacontenttype"}

    def binary(self, stream, event, data, content_type=None, status=201, **more):
        headers = {**self.fields(event), **more}
        if content_type:
            headers["Content-Type"] = content_type
        answer = self.http.post("/streams/" + stream, data or None, headers)
        self.assertEqual(answer.status, status, answer)
        return answer

    def read_binary(self, path):
        answer = self.http.get(path + "?mode=binary")
        self.assertEqual(answer.status, 200, answer)
        got = {name[3:].lower(): urllib.parse.unquote(value)
               for name, value in answer.headers.items() if name.lower().startswith("ce-")}
        if answer.headers["Content-Type"]:
            got["datacontenttype"] = answer.headers["Content-Type"]
        return self.written(got), answer.body

    def test_structured_and_batch(self):
        sent = {**self.event, **self.typed}
        for stream, kind, body in (
                ("a-1", "cloudevents+json", self.text({**sent, "id": "a"}, self.data)),
                ("b-1", "cloudevents-batch+json", f"[{self.text({**sent, 'id': 'b'}, self.data)}]")):
            self.append(stream, body, Content_Type=f"application/{kind}; charset=utf-8")
            one = self.http.get(f"/streams/{stream}/1")
            self.assertEqual(one.headers["Content-Type"], "application/cloudevents+json")
            batch = self.http.get(f"/streams/{stream}",
                                  {"Accept": "application/cloudevents-batch+json"})
            self.assertEqual(batch.headers["Content-Type"], "application/cloudevents-batch+json")
            expected = {**sent, "id": stream[0], "data": json.loads(self.data)}
            for got in (one.json(), batch.json()[0], self.read(stream).json()["events"][0]):
                self.assertEqual(self.written(got), expected)
            self.assertIn(f'"data":{self.data}', one.body.decode())
            for name in ("position", "version"):
                self.assertEqual(one.json()[name] > 0, True)

    def test_binary(self):
        self.binary("c-1", self.event, self.data.encode(), "application/json")
        expected = {**self.event, "data": json.loads(self.data)}
        self.assertEqual(self.written(self.http.get("/streams/c-1/1").json()), expected)
        self.assertEqual(self.read_binary("/streams/c-1/1"), (self.event, self.data.encode()))
        self.append("d-1", self.text({**self.event, **self.typed, "id": "d"}, self.data),
                    Content_Type="application/cloudevents+json")
        texts = {"yes": "true", "no": "false", "count": "-2147483648"}
        self.assertEqual(self.read_binary("/streams/d-1/1"),
                         ({**self.event, **texts, "id": "d"}, self.data.encode()))

    def test_data_of_every_kind(self):
        pixels = bytes(range(256))
        for number, (kind, data, member, value) in enumerate((
                ("application/json", b"[1]", "data", [1]), ("application/json", b"null", "data", None),
                ("application/vnd.shop+json; v=1", b'"a"', "data", "a"),
                ("text/plain", "폰\r\n\0".encode(), "data", "폰\r\n\0"),
                ("text/plain; charset=euc-kr", b"\xc6\xf9", "data_base64", "xvk="),
                ("application/xml", b"<a/>", "data", "<a/>"),
                ("image/png", pixels, "data_base64", base64.b64encode(pixels).decode()),
                ("application/octet-stream", b"text", "data_base64", "dGV4dA=="))):
            event = {"specversion": "1.0", "id": str(number), "source": "/s", "type": "t"}
            said = {**event, "datacontenttype": kind}
            self.binary(f"x-{number}", event, data, kind)
            got = self.written(self.http.get(f"/streams/x-{number}/1").json())
            self.assertEqual(got, {**said, member: value})
            self.assertEqual(self.read_binary(f"/streams/x-{number}/1"), (said, data))
            again = {**got, "id": f"again-{number}"}
            self.append(f"y-{number}", json.dumps(again),
                        Content_Type="application/cloudevents+json")
            self.assertEqual(self.written(self.http.get(f"/streams/y-{number}/1").json()), again)
            self.assertEqual(self.read_binary(f"/streams/y-{number}/1"),
                             ({**said, "id": f"again-{number}"}, data))

    def test_json_of_no_type_is_json_in_binary_mode(self):
        event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
        self.append("j-1", json.dumps({**event, "data": [1]}),
                    Content_Type="application/cloudevents+json")
        self.assertEqual(self.read_binary("/streams/j-1/1"),
                         ({**event, "datacontenttype": "application/json"}, b"[1]"))

    def test_no_data(self):
        event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
        self.binary("n-1", event, b"")
        self.append("n-1", json.dumps({**event, "id": "2"}),
                    Content_Type="application/cloudevents+json")
        for version in (1, 2):
            self.assertEqual(self.written(self.http.get(f"/streams/n-1/{version}").json()),
                             {**event, "id": str(version)})
            self.assertEqual(self.read_binary(f"/streams/n-1/{version}"),
                             ({**event, "id": str(version)}, b""))

    def test_what_is_refused_in_binary_mode(self):
        event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
        for more, status, code, field in (
                ({"ce-subject": "100%"}, 400, "bad_escape", "ce-subject"),
                ({"ce-subject": "%ff"}, 422, "bad_utf8", "ce-subject"),
                ({"ce-subject": ""}, 400, "wrong_type", "ce-subject"),
                ({"ce-id": ""}, 400, "wrong_type", "ce-id"),
                ({"ce-specversion": "0.3"}, 400, "wrong_type", "ce-specversion"),
                ({"ce-data": "x"}, 400, "reserved_attribute", "ce-data"),
                ({"ce-leafhash": "x"}, 400, "reserved_attribute", "ce-leafhash"),
                ({"ce-datacontenttype": "text/plain"}, 400, "reserved_attribute",
                 "ce-datacontenttype"),
                ({"ce-a-b": "x"}, 400, "unknown_field", "ce-a-b")):
            answer = self.binary("s-1", event, b"{}", "application/json", status, **more)
            self.problem(answer, status, code, field)
        for body, kind, status, code in ((b"{", "application/json", 400, "malformed_json"),
                                         (b"x", "json", 400, "wrong_type")):
            self.problem(self.binary("s-1", event, body, kind, status), status, code)
        del event["id"]
        self.problem(self.binary("s-1", event, b"{}", "application/json", 400), 400,
                     "missing_field", "ce-id")
        self.problem(self.append("s-1", "x", 415, Content_Type="text/plain"), 415,
                     "unsupported_media_type")
        self.assertEqual(read_model(self.http).position, 0)

    def test_quoted_values(self):
        event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
        self.binary("q-1", event, b"", **{"ce-subject": '"a \\"b\\" %41"'})
        self.assertEqual(self.http.get("/streams/q-1/1").json()["subject"], 'a "b" A')

    def test_pages_of_a_batch(self):
        batch = {"Accept": "application/cloudevents-batch+json"}
        self.append("p-1", [event(i) for i in range(1, 8)])
        for path in ("/streams/p-1?limit=3", "/events?limit=3&category=p"):
            got = []
            while path:
                page = self.http.get(path, batch)
                got += [e["data"]["number"] for e in page.json()]
                link = page.headers["Link"]
                path = re.fullmatch(r'<(.*)>; rel="next"', link).group(1) if link else None
            self.assertEqual(got, list(range(1, 8)))

    def test_one_event(self):
        self.append("s-1", [event(1), event(2)])
        self.assertEqual(self.http.get("/streams/s-1/2").json()["data"], {"number": 2})
        self.problem(self.http.get("/streams/s-1/3"), 404, "no_such_event", "version")
        self.problem(self.http.get("/streams/s-2/1"), 404, "no_such_stream", "stream")
        for bad in ("0", "x", "-1"):
            self.problem(self.http.get("/streams/s-1/" + bad), 400, "bad_parameter", "version")
        self.problem(self.http.get("/streams/s-1/1?mode=x"), 400, "bad_parameter", "mode")


class EventIds(StreamCase):
    def test_an_id_is_taken_once(self):
        first = self.append("s-1", event(1, id="e-1"))
        for kill in (None, False, True):
            if kill is not None:
                self.server.restart(kill)
                self.http = self.server.client()
            again = self.append("s-1", event(1, id="e-1"), Expected_Version="0")
            self.assertEqual((again.body, again.headers["ETag"]),
                             (first.body, first.headers["ETag"]))
            told = self.problem(self.append("s-1", event(2, id="e-1"), 409), 409, "event_id_used",
                                "id")
            self.assertEqual((told["position"], told["index"]), (1, 0))
            self.problem(self.append("s-1", event(2, id="e-1"), 409, If_Match='"1"'), 409,
                         "event_id_used")
            self.commit(("s-2", [event()], {}), ("s-1", [event(2, id="e-1")], {}), status=409)
        self.append("s-2", event(2, id="e-1"))
        self.assertEqual([(e["id"], e["source"]) for e in all_events(self.http)],
                         [("e-1", "/streams/s-1"), ("e-1", "/streams/s-2")])
        self.server.stop()
        self.assertIsNotNone(verify_audit(self.server))

    def test_who_races_gets_one_event(self):
        """Forty clients, two stories under one id: one is recorded, and who told it hears so."""
        told = [None] * 40
        def tell(i):
            client = self.server.client()
            told[i] = (i % 2, client.post("/streams/r-1", event(i % 2, id="e-1")))
        threads = [threading.Thread(target=tell, args=(i,)) for i in range(len(told))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        recorded = [e["data"]["number"] for e in all_events(self.http)]
        self.assertEqual(len(recorded), 1)
        for story, answer in told:
            self.assertEqual(answer.status, 201 if story == recorded[0] else 409, answer)
        self.assertEqual(len({answer.body for _, answer in told if answer.status == 201}), 1)


class Commits(StreamCase):
    def test_all_or_nothing(self):
        done = self.commit(("a-1", [event(1), event(2)], {"expected": "no-stream"}),
                           ("b-1", [event(3)], {"expected": 0}), ("a-1", [event(4)], {}))
        self.assertEqual(done.json(), {"first": 1, "position": 4, "streams": [
            {"stream": "a-1", "version": 2}, {"stream": "b-1", "version": 1}, {"stream": "a-1",
                                                                               "version": 3}]})
        refused = self.commit(("c-1", [event()], {}), ("b-1", [event()], {"expected": 9}),
                              status=409)
        told = self.problem(refused, 409, "wrong_expected_version", "expected")
        self.assertEqual((told["stream"], told["version"], told["index"]), ("b-1", 1, 1))
        self.problem(self.read("c-1"), 404, "no_such_stream")
        self.assertEqual(read_model(self.http).position, 4)

    def test_conditions(self):
        """A condition is wider than a stream: nothing that matches since a position."""
        self.commit(("seat-1", [event(type="taken", tags=["show:1"])], {}))
        for condition, status in (({"after": 0, "tags": ["show:1"]}, 409),
                                  ({"after": 1, "tags": ["show:1"]}, 201),
                                  ({"after": 0, "tags": ["show:2"]}, 201),
                                  ({"types": ["taken"]}, 409),
                                  ({"categories": ["seat"]}, 409), ({"categories": ["sea"]}, 201),
                                  ({"types": ["taken"], "tags": ["show:2"]}, 201)):
            answer = self.commit(("other-1", [event()], {}), conditions=[condition], status=status)
            if status == 409:
                told = self.problem(answer, 409, "condition_failed", "conditions")
                self.assertEqual((told["position"], told["index"]), (1, 0))
        for bad in ({"after": 0}, {"after": -1, "tags": ["a"]}, {"tags": "a"}, 1):
            self.commit(("other-1", [event()], {}), conditions=[bad], status=400)

    def test_what_is_refused(self):
        for body in ("{}", '{"appends":[]}', '{"appends":{}}', '{"appends":[{"events":[]}]}', "[]",
                     '{"appends":[{"stream":"a","events":[{"type":"t"}]}]}',
                     '{"appends":[{"stream":"a","expected":-1,"events":[]}]}'):
            self.assertEqual(self.http.post("/commits", body).status, 400, body)
        self.commit(("a-1", [], {}), status=422)
        self.commit(("a-1", [event()], {}), ("a-1", [event()], {"expected": 1}), status=422)
        self.assertEqual(read_model(self.http).position, 0)

    def test_idempotency(self):
        keyed = {"Idempotency-Key": "k"}
        first = self.commit(("a-1", [event()], {}), headers=keyed)
        self.server.restart(kill=True)
        self.http = self.server.client()
        self.assertEqual(self.commit(("a-1", [event()], {}), headers=keyed).body, first.body)
        self.commit(("a-1", [event(2)], {}), headers=keyed, status=422)


class Reads(StreamCase):
    def test_pages(self):
        self.append("s-1", [event(i) for i in range(1, 2501)])
        for limit in (1, 7, 999, 1000):
            for way, expected in (("forward", list(range(1, 2501))),
                                  ("backward", list(range(2500, 0, -1)))):
                path, got = f"/streams/s-1?limit={limit}&direction={way}", []
                while path and (limit > 10 or len(got) < 30):
                    page = self.http.get(path)
                    got += self.numbers(page)
                    path = page.json().get("next")
                    self.assertEqual(page.json()["end"], path is None)
                self.assertEqual(got, expected[:len(got)])
                self.assertTrue(limit < 10 or len(got) == 2500)
        self.assertEqual(self.numbers(self.read("s-1", "?from=2500")), [2500])
        self.assertEqual(self.numbers(self.read("s-1", "?from=2501")), [])
        self.assertEqual(self.numbers(self.read("s-1", "?from=3&direction=backward")), [3, 2, 1])
        self.assertEqual(len(self.numbers(self.read("s-1"))), 100)
        for query in ("limit=0", "limit=1001", "limit=x", "from=0", "from=-1", "direction=up"):
            self.problem(self.read("s-1", "?" + query), 400, "bad_parameter", query.split("=")[0])

    def test_all_events_and_filters(self):
        for i in range(1, 13):
            self.append(f"{'ab'[i % 2]}-{i % 3}", event(i, type=f"t{i % 4}", tags=[f"x:{i % 3}"]))
        def numbers(query):
            return [e["data"]["number"] for e in all_events(self.http, 0, query)]
        self.assertEqual(numbers(""), list(range(1, 13)))
        self.assertEqual(numbers("&category=a"), [2, 4, 6, 8, 10, 12])
        self.assertEqual(numbers("&category=a&category=b"), list(range(1, 13)))
        self.assertEqual(numbers("&type=t1&type=t2"), [1, 2, 5, 6, 9, 10])
        self.assertEqual(numbers("&tag=x:0&type=t0"), [12])
        self.assertEqual(numbers("&tag=x:1&tag=x:2&category=b"), [1, 5, 7, 11])
        self.assertEqual(numbers("&category=none"), [])
        page = self.http.get("/events?after=4&limit=3").json()
        self.assertEqual(([e["position"] for e in page["events"]], page["nextAfter"], page["end"],
                          page["head"]),
                         ([5, 6, 7], 7, False, 12))
        self.assertEqual(self.http.get("/events?after=12").json()["events"], [])
        for query in ("limit=0", "limit=1001", "after=-1", "after=x"):
            self.problem(self.http.get("/events?" + query), 400, "bad_parameter")
        for path in ("/events?tags=x:1", "/events?Limit=1", "/streams/a-1?after=1"):
            self.problem(self.http.get(path), 400, "unknown_parameter")
        for path, accept in (("/events?limit=0&after=x&tags=1", "*/*"),
                             ("/events?named=no&after=x&tags=1", "text/event-stream"),
                             ("/streams/a-1?limit=0&from=x&tags=1", "*/*"),
                             ("/audit/receipt?position=0&version=x&tags=1", "*/*")):
            told = self.problem(self.http.get(path, {"Accept": accept}), 400, "unknown_parameter")
            self.assertEqual(len(told["errors"]), 3, told)
        many = "&".join(f"tag=x:{i}" for i in range(65))
        told = self.problem(self.http.get(f"/events?{many}&limit=0"), 400, "bad_parameter")
        self.assertEqual([error["field"] for error in told["errors"]], ["limit", "tag"])


if __name__ == "__main__":
    main()
