"""What a body may hold is said in /openapi.json, checked by the same words, and told at once."""

import json
import re

from harness import B1, ServerCase, all_events, main

IN_PATHS = {"{name}": "payments", "{context}": "receipt", "{id}": "1", "{stream}": "bodies-1"}
ONE_LINE = r"^[^\u0000-\u001F\u007F-\u009F]*$"  # the pattern of a text that has no other form
SOME_LINES = r"^[^\u0000-\u0009\u000B\u000C\u000E-\u001F\u007F-\u009F]*$"
# What a value that does not fit is refused as.
MISFIT = {"invalid_value", "wrong_type", "bad_actor", "commit_too_large", "condition_too_wide",
          "bad_stream_name"}


def numeric(schema):
    return "minimum" in schema


def alternatives(schema):
    return schema.get("anyOf", [schema]) if "type" not in schema else [schema]


def is_list_of_objects(schema):
    return "array" in schema.get("type", ()) and schema["items"].get("type") == "object"


def objects(schema, example, path="", whole=lambda part: part):
    """Every object in a body: its place, its schema and example, and the body around another one."""
    if "oneOf" in schema and "type" not in schema:
        for each in schema["oneOf"]:
            fits = [example] if is_list_of_objects(each) else example
            yield from objects(each, fits, path, whole)
    elif is_list_of_objects(schema):
        yield from objects(schema["items"], example[0], path + "[0]",
                           lambda part: whole([part, *example[1:]]))
    else:
        yield path, schema, example, whole
        for name, described in schema["properties"].items():
            if name in example and is_list_of_objects(described):
                yield from objects(described, example[name], f"{path}.{name}".lstrip("."),
                                   lambda part, name=name: whole({**example, name: part}))


class Part:
    """One object of a body that can be sent with other members."""

    def __init__(self, case, sent, found):
        self.case, self.sent = case, sent
        self.path, self.schema, self.example, self.whole = found
        self.where = (*sent, self.path)

    def errors(self, members):
        """The members of the object that are at fault, with what is said of them."""
        told = self.case.errors(*self.sent, self.whole(members))
        dot = self.path + "." if self.path else ""
        return {field.removeprefix(dot): code for field, code in told.items()
                if field.startswith(dot)}

    def told(self, name, value):
        """What is said of one member, or of something in it."""
        errors = self.errors({**self.example, name: value})
        return next((code for field, code in errors.items()
                     if field == name or field.startswith(name + "[")), None)


class Bodies(ServerCase):
    def bodies(self):
        """Method, path and content type of every body, and its schema and example."""
        paths = self.http.get("/openapi.json").json()["paths"]
        for path, operations in paths.items():
            for method, described in operations.items():
                for kind, content in described.get("requestBody", {}).get("content", {}).items():
                    if "schema" not in content:  # the data of an event in binary mode; or unread
                        continue
                    target = re.sub(r"{\w+}", lambda name: IN_PATHS[name.group()], path)
                    yield (method.upper(), target, kind), content["schema"], content["example"]

    def parts(self):
        for sent, schema, example in self.bodies():
            for found in objects(schema, example):
                yield Part(self, sent, found)

    def errors(self, method, target, kind, body):
        answer = self.http.send(method, target, json.dumps(body), {"Content-Type": kind})
        if answer.status not in (400, 422) or "errors" not in answer.json():
            return {}
        told = answer.json()
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        for error in told["errors"]:
            self.assertEqual(set(error), {"pointer", "field", "code", "detail"}, answer)
            self.assertTrue(error["detail"].startswith(error["field"]), answer)
            self.assertIn(error["detail"], told["detail"])
            steps = re.findall(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[]+)', error["field"])
            names = (re.sub(r"\\(.)", r"\1", quoted) or number or name
                     for quoted, number, name in steps)
            pointer = "/".join(name.replace("~", "~0").replace("/", "~1") for name in names)
            self.assertEqual(error["pointer"].lstrip("/"), pointer, answer)
        self.assertIn(told["code"], [error["code"] for error in told["errors"]])
        self.assertIn(told["field"], [error["field"] for error in told["errors"]])
        return {error["field"]: error["code"] for error in told["errors"]}

    def test_every_schema_is_what_is_checked(self):
        """On every route: none has a schema of its own beside what checks the body."""
        seen = []
        for part in self.parts():
            seen.append(part.where)
            others = part.schema["additionalProperties"]
            self.assertEqual(others is not False, "propertyNames" in part.schema, part.where)
            told = part.errors({**part.example, "noSuchField": 1})
            self.assertEqual(told.get("noSuchField"), "unknown_field", (part.where, told))
            for name in ("a.b", "a[0]", "a/b~c", 'a"b\\', "]"):
                part.errors({**part.example, name: 1})
            for field in part.schema.get("required", []):
                without = {name: value for name, value in part.example.items() if name != field}
                self.assertEqual(part.errors(without).get(field), "missing_field",
                                 (part.where, field))
                types = part.schema["properties"][field].get("type", ())
                self.assertNotIn("null", types, (part.where, field))
            for name, described in part.schema["properties"].items():
                self.check_field(part, name, described)
            if others:
                self.check_field(part, "anothers", others)
        self.assertGreater(len(seen), 30)
        for path in ("", "[0]"):
            self.assertIn(("POST", "/streams/bodies-1", "application/json", path), seen)
        for path in ("", "appends[0]", "appends[0].events[0]", "conditions[0]"):
            self.assertIn(("POST", "/commits", "application/json", path), seen)

    def check_field(self, part, name, described):
        if described.get("not") == {}:
            self.assertEqual(part.told(name, "x"), "reserved_attribute", (part.where, name))
        if described.get("minItems"):
            self.assertIn(part.told(name, []), ("missing_field", "no_events"), (part.where, name))
        for each in alternatives(described):
            for value in self.misfits(each):
                self.assertIn(part.told(name, value), MISFIT, (part.where, name, value))

    def misfits(self, described):
        """Values that are not what is described."""
        if numeric(described):
            yield described["minimum"] - 1
            if described["maximum"] < 2**63 - 1:
                yield described["maximum"] + 1
        elif "enum" in described:
            yield "no such word"
        elif "string" in described.get("type", ()):
            yield "a\u0007b"
            if "maxLength" in described:
                yield "한" * (described["maxLength"] + 1)
            if described.get("minLength") == 1:
                yield ""
            if described.get("pattern", ONE_LINE) not in (ONE_LINE, SOME_LINES):
                yield "no such form"
        elif "maxItems" in described and not is_list_of_objects(described):
            yield from ([value] for value in self.misfits(described["items"]))

    def test_a_refusal_leaves_nothing(self):
        before = len(all_events(self.http))
        for part in self.parts():
            part.errors({**part.example, "noSuchField": 1})
        self.assertEqual(len(all_events(self.http)), before)

    def test_all_mistakes_of_a_body_are_told_at_once(self):
        answer = self.http.post("/prereservation/preReservations",
                                {"userId": 0, "userAdress": "seoul", "productId": [],
                                 "productName": "", "price": -1})
        told = self.problem(answer, 400, "wrong_type", "productId")
        self.assertEqual({(error["field"], error["code"]) for error in told["errors"]},
                         {("productId", "wrong_type"), ("userAddress", "missing_field"),
                          ("cardNo", "missing_field"), ("userAdress", "unknown_field"),
                          ("userId", "invalid_value"), ("productName", "invalid_value"),
                          ("price", "invalid_value")})
        self.assertIn("userAdress is no field here; did you mean userAddress?", told["detail"])

    def test_lengths_are_characters(self):
        """34 letters of Hangul take 102 bytes."""
        for letters, status in ((34, 201), (100, 201), (101, 422)):
            answer = self.http.post("/prereservation/preReservations",
                                    {**B1, "productName": "폰" * letters})
            self.assertEqual(answer.status, status, answer)

    def test_the_greatest_amount_is_exact_and_a_setting_lowers_it(self):
        path = "/prereservation/preReservations"
        answer = self.http.post(path, {**B1, "price": 2**53 - 1})
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual(answer.json()["price"], 2**53 - 1)
        self.problem(self.http.post(path, {**B1, "price": 2**53}), 422, "invalid_value", "price")
        self.server.stop()
        self.server.start("--limits-amount", "1000")
        self.http = self.server.client()
        self.problem(self.http.post(path, {**B1, "price": 1001}), 422, "invalid_value", "price")
        self.assertEqual(self.http.post(path, {**B1, "price": 1000}).status, 201)
        schema = self.http.get("/openapi.json").json()["paths"][path]["post"]["requestBody"]
        price = json.dumps(schema["content"]["application/json"]["schema"]["properties"]["price"])
        self.assertIn('"maximum": 1000', price)

    def test_a_misspelt_rehearsal_erases_nobody(self):
        self.assertEqual(self.http.post("/prereservation/preReservations", B1).status, 201)
        person = {"person": "prereservation/user:1", "reason": "asked for it"}
        for path, extra in (("/audit/erasures", {"dryrun": True}),
                            ("/audit/exports", {"dryRun": True})):
            self.problem(self.http.post(path, {**person, **extra}), 400, "unknown_field")
        row = self.http.get("/prereservation/preReservations/1").json()
        self.assertEqual(row["userAddress"], B1["userAddress"])


if __name__ == "__main__":
    main()
