"""Tokens from the outside: the key of a data folder, the published half of it, revocations, what a
server says that has no key, and what the commands send."""

import base64
import http.server
import json
import socket
import subprocess
import threading
import time
import unittest

from cryptography.hazmat.primitives.asymmetric.ed25519 import (Ed25519PrivateKey,
                                                                Ed25519PublicKey)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import harness
from harness import Server, ServerCase, main, wait_for

ACTOR = {"X-Actor": "kim"}


def yeyak(*words, env=None):
    return subprocess.run([str(harness.binary), *map(str, words)], capture_output=True, text=True,
                          timeout=60, env={**harness.clean_environment(), **(env or {})})


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Published(ServerCase):
    def test_whoever_has_the_published_key_can_verify_a_token(self):
        made = yeyak("auth", "init", "--data", self.server.data)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual((self.server.data / "auth.key").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.http.get("/.well-known/jwks.json").json(), {"keys": []},
                         "a key is taken at the next start")
        self.server.stop()
        self.server.start()
        self.http = self.server.client()
        [key] = self.http.get("/.well-known/jwks.json").json()["keys"]
        self.assertNotIn("d", key)
        before = int(time.time())
        token = yeyak("auth", "token", "--data", self.server.data, "--subject", "user:1", "--role",
                      "customer", "--ttl", "90s")
        self.assertEqual(token.returncode, 0, token.stderr)
        head, claims, signature = token.stdout.removesuffix("\n").split(".")
        Ed25519PublicKey.from_public_bytes(decoded(key["x"])).verify(
            decoded(signature), f"{head}.{claims}".encode())
        self.assertEqual(json.loads(decoded(head)),
                         {"alg": "EdDSA", "kid": key["kid"], "typ": "JWT"})
        claims = json.loads(decoded(claims))
        self.assertLessEqual(before, claims["iat"])
        self.assertEqual(claims, {"iss": "yeyak", "sub": "user:1", "aud": "yeyak",
                                  "iat": claims["iat"], "exp": claims["iat"] + 90,
                                  "roles": ["customer"]})


class Revocations(ServerCase):
    def test_a_revocation_stands_in_the_log_with_who_did_it(self):
        answer = self.http.post("/auth/revocations", {"subject": "user:1", "reason": "lost"}, ACTOR)
        self.assertEqual(answer.status, 201, answer)
        told = answer.json()
        self.assertEqual(told["subject"], "user:1")
        self.assertEqual(told["position"], answer.position())
        [event] = self.http.get("/streams/operations.journal-tokens").json()["events"]
        self.assertEqual(event["type"], "operations.tokens_revoked.v1")
        self.assertEqual(event["actor"], "kim")
        self.assertEqual(event["data"], {"subject": "user:1", "issuedUntil": told["issuedUntil"],
                                         "reason": "lost"})

    def test_what_cannot_be_revoked_is_refused(self):
        for body, status in (({}, 400), ({"subject": 7}, 400), ({"subject": ""}, 422),
                             ({"subject": "a b"}, 422), ({"subject": "a" * 65}, 422),
                             ({"subject": "a", "who": "b"}, 400),
                             ({"subject": "a", "reason": "x" * 501}, 422),
                             ({"subject": "user:850101-1234567"}, 422),
                             ({"subject": "a", "reason": "of 850101-1234567"}, 422)):
            answer = self.http.post("/auth/revocations", body)
            self.assertEqual(answer.status, status, f"{body} {answer}")
        self.assertEqual(self.http.post("/auth/revocations", {"subject": "a"},
                                        {"X-Actor": "a b"}).json()["code"], "bad_actor")
        self.assertEqual(self.http.get("/streams/operations.journal-tokens").status, 404)

    def test_the_command_asks_a_running_server(self):
        ran = yeyak("auth", "revoke", "--server", f"http://127.0.0.1:{self.server.port}",
                    "--subject", "clerk:김", "--reason", "left", "--actor", "kim")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("clerk:김", ran.stdout)
        at_rest = yeyak("auth", "revoke", "--data", self.server.data, "--subject", "clerk:김")
        self.assertEqual(at_rest.returncode, 4, at_rest.stderr)
        self.assertIn("--server", at_rest.stderr)
        self.server.stop()
        at_rest = yeyak("auth", "revoke", "--data", self.server.data, "--subject", "clerk:김")
        self.assertEqual(at_rest.returncode, 0, at_rest.stderr)
        self.server.start()
        events = self.server.client().get("/streams/operations.journal-tokens").json()["events"]
        self.assertEqual([event["data"]["subject"] for event in events], ["clerk:김"] * 2)


class TokenOfTheEnvironment(unittest.TestCase):
    """What a command sends, seen by a server that only listens."""

    def sent(self, token):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            heads = []

            def take():
                connection, _ = listener.accept()
                with connection:
                    heads.append(connection.recv(65536).decode())
                    if heads[0]:
                        connection.sendall(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
            thread = threading.Thread(target=take)
            thread.start()
            port = listener.getsockname()[1]
            ran = yeyak("auth", "revoke", "--server", f"http://127.0.0.1:{port}", "--subject", "user:1",
                        env={"YEYAK_TOKEN": token} if token else None)
            if not heads:  # it sent nothing; somebody has to
                socket.create_connection(("127.0.0.1", port)).close()
            thread.join()
        return ran, [head for head in heads if head]

    def test_is_sent_and_shown_nowhere(self):
        ran, [head] = self.sent("eyJ.abc.d-_")
        self.assertIn("\r\nAuthorization: Bearer eyJ.abc.d-_\r\n", head)
        self.assertEqual(ran.returncode, 1)
        self.assertNotIn("eyJ", ran.stdout + ran.stderr)

    def test_nothing_is_sent_without_one(self):
        _, [head] = self.sent(None)
        self.assertNotIn("Authorization", head)

    def test_what_would_be_another_header_is_not_sent(self):
        ran, heads = self.sent("a\r\nX-Actor: b")
        self.assertEqual(heads, [])
        self.assertEqual(ran.returncode, 5)
        self.assertIn("YEYAK_TOKEN", ran.stderr)


class Issuer:
    """Publishes what the test says, on this machine."""

    def __init__(self):
        issuer = self
        self.answers, self.asked = {}, []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                body = json.dumps(issuer.answers.get(self.path, {})).encode()
                self.send_response(200 if self.path in issuer.answers else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.name = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def publish(self, keys, name=None):
        self.answers = {"/.well-known/openid-configuration":
                        {"issuer": name or self.name, "jwks_uri": f"{self.name}/keys"},
                        "/keys": {"keys": keys}}

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Start(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)

    def refused(self, code, *told, flags=()):
        ran = subprocess.run(self.server.command("--auth-mode", "jwt", *flags), capture_output=True,
                             text=True, timeout=60, env=harness.clean_environment())
        self.assertEqual(ran.returncode, code, ran)
        for text in told:
            self.assertIn(text, ran.stderr)

    def test_a_server_that_asks_for_tokens_has_a_key(self):
        self.refused(3, "yeyak auth init --data")
        self.refused(2, "auth.issuer", flags=("--auth-jwks", "/nowhere"))
        self.refused(2, "https://", flags=("--auth-issuer", "http://id.example"))
        self.refused(3, "/nowhere", flags=("--auth-jwks", "/nowhere", "--auth-issuer", "us"))

    def test_the_keys_of_an_issuer_are_asked_for(self):
        made = yeyak("auth", "init", "--data", self.server.home / "other")
        self.assertEqual(made.returncode, 0, made.stderr)
        issuer = Issuer()
        self.addCleanup(issuer.close)
        key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        issuer.publish([key])
        self.server.flags += ["--auth-mode", "jwt", "--auth-issuer", issuer.name]
        self.server.start()
        self.assertEqual(issuer.asked, ["/.well-known/openid-configuration", "/keys"])
        self.assertNotIn("token_keys_not_read", self.server.log())
        self.server.stop()
        issuer.publish([key], name="https://somebody.example")
        self.server.start()
        self.assertIn("token_keys_not_read", self.server.log())


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


class SignedKey:
    """A key of an issuer, with what it publishes and signs."""

    def __init__(self, kid):
        self.secret = Ed25519PrivateKey.generate()
        self.kid = kid

    def jwk(self):
        raw = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": self.kid, "x": encoded(raw)}

    def token(self, issuer, **claims):
        now = int(time.time())
        parts = ({"alg": "EdDSA", "kid": self.kid, "typ": "at+jwt"},
                 {"iss": issuer, "aud": ["yeyak", "other"], "sub": "ops:kim", "iat": now,
                  "exp": now + 600, "roles": ["operator"], **claims})
        text = ".".join(encoded(json.dumps(part).encode()) for part in parts)
        return f"{text}.{encoded(self.secret.sign(text.encode()))}"


class Door(unittest.TestCase):
    """A server that asks for tokens."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.close)

    def serve(self, *flags):
        self.server.flags += ["--auth-mode", "jwt", *flags]
        self.server.start()
        self.http = self.server.client()
        self.addCleanup(self.http.close)

    def status(self, token, path="/sagas"):
        return self.http.get(path, bearer(token)).status

    def own(self, *words):
        made = yeyak("auth", "token", "--data", self.server.data, *words)
        self.assertEqual(made.returncode, 0, made.stderr)
        return made.stdout.removesuffix("\n")

    def test_a_token_of_the_own_key_opens_it_until_it_is_revoked(self):
        self.assertEqual(yeyak("auth", "init", "--data", self.server.data).returncode, 0)
        self.serve()
        self.assertEqual(self.http.get("/sagas").status, 401)
        self.assertEqual(self.http.get("/.well-known/jwks.json").status, 200)
        auditor = self.own("--subject", "auditor:lee", "--role", "auditor")
        operator = self.own("--subject", "ops:kim", "--role", "operator")
        self.assertEqual(self.status(auditor), 200)
        self.assertEqual(self.status(self.own("--subject", "auditor:lee", "--role", "auditor",
                                              "--audience", "other")), 401)
        address = f"http://127.0.0.1:{self.server.port}"
        revoke = ("auth", "revoke", "--server", address, "--subject", "auditor:lee")
        refused = yeyak(*revoke, env={"YEYAK_TOKEN": auditor})
        self.assertEqual(refused.returncode, 1, refused)
        self.assertEqual(self.status(auditor), 200)
        revoked = yeyak(*revoke, env={"YEYAK_TOKEN": operator})
        self.assertEqual(revoked.returncode, 0, revoked.stderr)
        self.assertEqual(self.status(auditor), 401)
        self.assertEqual(self.status(operator), 200)
        self.server.kill()
        self.server.start()
        self.http = self.server.client()
        self.assertEqual(self.status(auditor), 401)
        self.assertEqual(self.status(operator), 200)
        for token in (auditor, operator):
            self.assertNotIn(token.split(".")[2], self.server.log())

    def test_an_issuer_changes_his_keys_and_then_sleeps(self):
        issuer = Issuer()
        self.addCleanup(issuer.close)
        first, second = SignedKey("first"), SignedKey("second")
        issuer.publish([first.jwk()])
        self.serve("--auth-issuer", issuer.name)
        self.assertEqual(self.status(first.token(issuer.name)), 200)
        self.assertEqual(self.status(first.token("https://somebody.example")), 401)
        issuer.publish([first.jwk(), second.jwk()])
        wait_for("the second key is known",
                 lambda: self.status(second.token(issuer.name)) == 200, limit_s=20, pause_s=0.5)
        self.assertLessEqual(len(issuer.asked), 6, "at most once in ten seconds")
        self.assertEqual(self.status(first.token(issuer.name)), 200)
        issuer.close()
        for key in (first, second):
            self.assertEqual(self.status(key.token(issuer.name)), 200)

    def test_a_file_of_keys_is_read_again(self):
        first, second = SignedKey("first"), SignedKey("second")
        file = self.server.home / "keys.json"
        file.write_text(json.dumps({"keys": [first.jwk()]}))
        self.serve("--auth-issuer", "us", "--auth-jwks", str(file))
        self.assertEqual(self.status(first.token("us")), 200)
        self.assertEqual(self.status(second.token("us")), 401)
        aside = self.server.home / "next.json"
        aside.write_text(json.dumps({"keys": [second.jwk()]}))
        aside.rename(file)
        wait_for("the second key is known", lambda: self.status(second.token("us")) == 200)
        self.assertEqual(self.status(first.token("us")), 401)
        file.write_text("{")
        wait_for("it is told", lambda: "token_keys_not_read" in self.server.log())
        self.assertEqual(self.status(second.token("us")), 200)


if __name__ == "__main__":
    main()
