"""A real identity provider for tests (oidc-provider from npm, see tests/npm/provider.mjs), and somebody
who logs in there with a browser's means: redirects, cookies, forms, a code and its verifier."""

import base64
import hashlib
import http.cookiejar
import json
import pathlib
import re
import secrets
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from harness import free_port

NPM = pathlib.Path(__file__).resolve().parent.parent / "npm"
AUDIENCE = "https://shop.example/api"
MOST_PAGES = 12


class Provider:
    def __init__(self, algorithm):
        subprocess.run([NPM / "install"], check=True, timeout=300)
        self.algorithm = algorithm
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["node", NPM / "provider.mjs", str(self.port), AUDIENCE, self.algorithm], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if self.process.stdout.readline() != "ready\n":
            raise AssertionError("the identity provider does not start")
        return self

    def say(self, word):
        """"rotate" or "drop"; what it has become."""
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def stop(self):
        if not self.process:
            return
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()
        self.process = None

    def token_of(self, name):
        """The access token of somebody who logs in."""
        return Visit(self.issuer).log_in(name)


class StopAtRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Visit:
    """The code flow with PKCE (RFC 6749, RFC 7636, RFC 8707), as a browser and its client do it."""

    def __init__(self, issuer):
        self.issuer = issuer
        self.back = f"{issuer}/back"
        self.opener = urllib.request.build_opener(
            StopAtRedirect, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def go(self, url, form=None):
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            answer = self.opener.open(url, data, timeout=20)
        except urllib.error.HTTPError as other:
            answer = other
        with answer:
            to = answer.headers.get("Location")
            return to and urllib.parse.urljoin(url, to), answer.read().decode()

    def log_in(self, name):
        verifier = secrets.token_urlsafe(32)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        code = self.code(name, {
            "client_id": "shop", "response_type": "code", "redirect_uri": self.back,
            "scope": "openid orders", "resource": AUDIENCE,
            "code_challenge": challenge, "code_challenge_method": "S256"})
        _, answer = self.go(f"{self.issuer}/token", {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.back,
            "client_id": "shop", "code_verifier": verifier})
        return json.loads(answer)["access_token"]

    def code(self, name, wish):
        url = f"{self.issuer}/auth?{urllib.parse.urlencode(wish)}"
        for _ in range(MOST_PAGES):
            to, page = self.go(url)
            if to is None:  # a form: to log in, to consent
                action = re.search(r'action="([^"]+)"', page).group(1)
                prompt = re.search(r'name="prompt" value="(\w+)"', page).group(1)
                to, _ = self.go(urllib.parse.urljoin(url, action),
                                {"prompt": prompt, "login": name, "password": "any"})
            if to.startswith(self.back):
                answer = urllib.parse.parse_qs(urllib.parse.urlparse(to).query)
                return answer["code"][0]
            url = to
        raise AssertionError("the login does not end")
