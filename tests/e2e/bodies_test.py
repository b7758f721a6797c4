"""What a body may hold is said in /openapi.json, checked by the same words, and told at once."""

import json
import re

from harness import B1, ServerCase, all_events, main

# Taken whole from other programs: CloudEvents, and commits of many of them.
FREE = {"/streams/{stream}", "/commits"}
IN_PATHS = {"{name}": "payments", "{context}": "receipt", "{id}": "1"}


def numeric(schema):
    return "minimum" in schema


class Bodies(ServerCase):
    def bodies(self):
        """Method, path and schema of every body, and its example."""
        paths = self.http.get("/openapi.json").json()["paths"]
        for path, operations in paths.items():
            for method, described in operations.items():
                for content in described.get("requestBody", {}).get("content", {}).values():
                    if path not in FREE:
                        target = re.sub(r"{\w+}", lambda name: IN_PATHS[name.group()], path)
                        yield method.upper(), target, content["schema"], content["example"]

    def errors(self, method, target, body):
        """The fields that are at fault, with what is said of them."""
        answer = self.http.send(method, target, body)
        if answer.status not in (400, 422) or "errors" not in answer.json():
            return {}
        told = answer.json()
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        for error in told["errors"]:
            self.assertEqual(set(error), {"pointer", "field", "code", "detail"}, answer)
            self.assertTrue(error["detail"].startswith(error["field"]), answer)
            self.assertIn(error["detail"], told["detail"])
        self.assertIn(told["code"], [error["code"] for error in told["errors"]])
        self.assertIn(told["field"], [error["field"] for error in told["errors"]])
        return {error["field"]: error["code"] for error in told["errors"]}

    def test_every_schema_is_what_is_checked(self):
        seen = 0
        for method, target, schema, example in self.bodies():
            seen += 1
            self.assertIs(schema["additionalProperties"], False, (method, target))
            told = self.errors(method, target, {**example, "noSuchField": 1})
            self.assertEqual(told.get("noSuchField"), "unknown_field", (method, target, told))
            for field in schema.get("required", []):
                without = {name: value for name, value in example.items() if name != field}
                self.assertEqual(self.errors(method, target, without).get(field), "missing_field",
                                 (method, target, field))
            for name, described in schema["properties"].items():
                self.check_field(method, target, example, name, described)
        self.assertGreater(seen, 25)

    def check_field(self, method, target, example, name, described):
        def told(value):
            return self.errors(method, target, {**example, name: value}).get(name)

        where = (method, target, name)
        if "maxLength" in described:
            longest = described["maxLength"]
            self.assertEqual(told("한" * (longest + 1)), "invalid_value", where)
            self.assertEqual(told("a\u0007b"), "invalid_value", where)
            if described["minLength"] == 1:
                self.assertEqual(told(""), "invalid_value", where)
        elif "enum" in described:
            self.assertIn(told("no such word"), ("invalid_value", "wrong_type"), where)
        elif "pattern" in described and not numeric(described):
            self.assertEqual(told("no such form"), "invalid_value", where)
        elif numeric(described):
            self.assertEqual(told(described["minimum"] - 1), "invalid_value", where)
            if described["maximum"] < 2**63 - 1:
                self.assertEqual(told(described["maximum"] + 1), "invalid_value", where)

    def test_a_refusal_leaves_nothing(self):
        before = len(all_events(self.http))
        for method, target, _, example in self.bodies():
            self.errors(method, target, {**example, "noSuchField": 1})
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
