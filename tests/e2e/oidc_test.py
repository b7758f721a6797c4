"""A real identity provider in front of the server: people log in there by the code flow, the server
reads its keys by discovery, keys change while requests run, and the provider goes away."""

import threading

from harness import B1, ServerCase, main, wait_for
from identity_provider import AUDIENCE, Provider

# Keys are fetched again at most once in 10 s because of a key that is not known.
REFRESH_S = 30


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


class OidcCase(ServerCase):
    algorithm = "RS256"

    def setUp(self):
        self.provider = Provider(self.algorithm).start()
        self.addCleanup(self.provider.stop)
        self.flags = ("--auth-mode", "jwt", "--auth-issuer", self.provider.issuer,
                      "--auth-audience", AUDIENCE, "--rates-reads", "0")
        super().setUp()

    def status(self, token, path="/preReservations"):
        return self.http.get(path, bearer(token)).status


class CodeFlow(OidcCase):
    def test_orders_with_what_the_provider_gave(self):
        token = self.provider.token_of("user:1")
        made = self.http.post("/preReservations", B1, bearer(token))
        self.assertEqual(made.status, 201, made)
        row = f"/preReservations/{made.json()['id']}"
        self.assertEqual(self.status(token, row), 200)
        self.assertEqual(self.status(self.provider.token_of("user:2"), row), 404)
        self.assertEqual(self.status(self.provider.token_of("operator:1"), row), 200)
        self.assertEqual(self.http.get(row).status, 401)

    def test_a_token_for_somebody_else_is_none(self):
        token = self.provider.token_of("user:1")
        self.server.set_flag("--auth-audience", "https://other.example")
        self.server.restart()
        refused = self.server.client().get("/preReservations", bearer(token))
        self.problem(refused, 401, "invalid_token")
        self.assertIn('error="invalid_token"', refused.headers["WWW-Authenticate"])


class Ecdsa(CodeFlow):
    algorithm = "ES256"


class Ed25519(CodeFlow):
    algorithm = "EdDSA"


class Rotation(OidcCase):
    def test_keys_change_while_requests_run(self):
        old = self.provider.token_of("user:1")
        self.assertEqual(self.status(old), 200)
        stop = threading.Event()
        seen = []

        def go_on():
            client = self.server.client()
            while not stop.is_set():
                seen.append(client.get("/preReservations", bearer(old)).status)

        others = threading.Thread(target=go_on)
        others.start()
        try:
            self.assertEqual(self.provider.say("rotate"), "signs with key-2, knows 2")
            new = self.provider.token_of("user:1")
            wait_for("the new key is known", lambda: self.status(new) == 200, REFRESH_S)
            self.assertEqual(self.status(old), 200)
        finally:
            stop.set()
            others.join()
        self.assertGreater(len(seen), 10)
        self.assertEqual(set(seen), {200})

    def test_the_provider_goes_away(self):
        token = self.provider.token_of("user:1")
        self.assertEqual(self.status(token), 200)
        self.provider.say("rotate")
        unknown = self.provider.token_of("user:1")
        self.provider.stop()
        # The last good keys go on; a key that nobody can be asked about is none.
        self.assertEqual(self.status(unknown), 401)
        self.assertEqual(self.status(token), 200)
        self.assertEqual(self.http.post("/preReservations", B1, bearer(token)).status, 201)


if __name__ == "__main__":
    main()
