"""A sixth system is its own files and one line. docs/adding-a-system.md shows a library of books; here
its files, which are in template/, are copied into a copy of the tree, the line is added, and the
result is built, played over HTTP, rebuilt and audited. With ccache nothing is compiled but what is
new.

    python3 tests/sixth_system/sixth_system_test.py --compiler clang++-19 --build-type Release
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TEMPLATE = HERE / "template"
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import harness  # noqa: E402
from harness import Server, rows, set_context, verify_audit, wait_for  # noqa: E402

LIST = "program/systems.def"
LINE = "YEYAK_SYSTEM(library)\n"
MOST_PRODUCT_LINES = 400  # as script/lines counts them
TARGETS = ("yeyak", "program_test", "projections_test", "fuzz_json")
NAME = "Canary-Jieun-Lee"
CARD = "1234-1234-1234-1234"
given = None


def run(*command, cwd, **more):
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True,
                          check=False, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n"
                             f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def copy_files(names, source, target):
    for name in names:
        if (source / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, target / name)


class SixthSystem(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = pathlib.Path(tempfile.mkdtemp(prefix="yeyak-sixth-")) / "yeyak"
        cls.addClassCleanup(shutil.rmtree, cls.tree.parent)
        known = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
        copy_files([name for name in known.split("\0") if name], ROOT, cls.tree)
        cls.git("init", "-q")
        cls.git("add", "-A")
        cls.git("commit", "-q", "-m", "five systems")
        copy_files([path.relative_to(TEMPLATE) for path in TEMPLATE.rglob("*")], TEMPLATE, cls.tree)
        with open(cls.tree / LIST, "a", encoding="utf-8") as systems:
            systems.write(LINE)
        cls.git("add", "-A")
        cls.build()
        harness.binary = cls.tree / "build" / "yeyak"

    @classmethod
    def git(cls, *words):
        return run("git", "-c", "user.name=test", "-c", "user.email=test@localhost",
                   "-c", "core.autocrlf=false", *words, cwd=cls.tree)

    @classmethod
    def build(cls):
        run("cmake", "-S", ".", "-B", "build", "-G", "Ninja",
            f"-DCMAKE_CXX_COMPILER={given.compiler}", f"-DCMAKE_BUILD_TYPE={given.build_type}",
            f"-DYEYAK_SANITIZE={given.sanitize}", cwd=cls.tree)
        run("ninja", "-C", "build", *TARGETS, cwd=cls.tree)

    # --- what it takes

    def test_one_file_that_exists_is_changed_by_one_line(self):
        changed = self.git("diff", "--cached", "--numstat", "--diff-filter=a").splitlines()
        self.assertEqual(changed, [f"1\t0\t{LIST}"],
                         self.git("diff", "--cached", "--stat"))
        for name in self.git("diff", "--cached", "--name-only", "--diff-filter=A").splitlines():
            self.assertIn("library", name)

    def test_the_product_is_short(self):
        table = run("script/lines", cwd=self.tree)
        head, *lines = [line.split() for line in table.splitlines()]
        library = dict(zip(head, next(line for line in lines if line[0] == "library")))
        self.assertLess(int(library["product"]), MOST_PRODUCT_LINES, table)

    def test_the_page_shows_the_files_as_they_are(self):
        page = (ROOT / "docs" / "adding-a-system.md").read_text(encoding="utf-8")
        shown = re.findall(r"^`([\w./-]*library[\w./-]*)`:\n\n```cpp\n(.*?)^```$", page,
                           re.MULTILINE | re.DOTALL)
        self.assertGreaterEqual(len(shown), 4)
        for name, text in shown:
            whole = (TEMPLATE / name).read_text(encoding="utf-8")
            for part in text.split("// …\n"):
                self.assertIn(part.strip("\n"), whole, f"{name} has changed")

    # --- what the platform's own tests make of it

    def test_the_manifest_is_whole(self):
        run("build/tests/program_test", cwd=self.tree)

    def test_its_view_is_a_fold_like_the_others(self):
        run("build/tests/projections_test", cwd=self.tree, timeout=600)

    def test_its_bodies_are_read_as_the_others_are(self):
        run("build/tests/fuzz/fuzz_json", "--mutations", "2000", "tests/fuzz/corpus/json",
            cwd=self.tree)

    # --- what it does

    def server(self, *flags):
        server = Server(*flags, system="library")
        self.addCleanup(server.close)
        return server.start()

    def post(self, client, path, body=None, status=200):
        answer = client.post(path, body if body is not None else "")
        self.assertEqual(answer.status, status, answer)
        return answer.json()

    def reserve(self, client, user=3):
        return self.post(client, "/loans", {"userId": user, "userName": NAME, "book": "Pachinko"},
                         201)["id"]

    def yeyak(self, *words):
        return run(harness.binary, *words, cwd=self.tree, timeout=300)

    def test_a_book_goes_out_and_comes_back(self):
        server = self.server()
        client = server.client()
        loan = f"/loans/{self.reserve(client)}"
        self.assertEqual(self.post(client, loan + "/return", status=409)["code"], "book_reserved")
        self.assertEqual(self.post(client, loan + "/lending")["status"], "lent")
        self.assertEqual(self.post(client, loan + "/fine")["status"], "fined")
        self.assertEqual(self.post(client, loan + "/return", status=409)["code"], "fine_not_paid")
        self.assertEqual(self.post(client, loan + "/payment", {"cardNo": CARD})["status"], "settled")
        self.assertEqual(self.post(client, loan + "/payment", {"cardNo": CARD}, 409)["code"],
                         "fine_paid")
        self.assertEqual(self.post(client, loan + "/return")["status"], "returned")
        (row,) = rows(client, "loans", "&status=returned")
        self.assertEqual((row["userName"], row["fine"]), (NAME, 3000))
        self.check_afterwards(server)

    def test_what_is_wrong_with_a_request_is_said(self):
        client = self.server().client()
        loan = f"/loans/{self.reserve(client)}"
        self.post(client, loan + "/lending")
        for path, body, status in ((loan + "/payment", {"cardNo": "12"}, 422),
                                   ("/loans", {"userId": 0, "userName": "x", "book": "y"}, 422),
                                   ("/loans", {"userId": 1, "userName": "x"}, 400),
                                   ("/loans/99/lending", "", 404)):
            answer = client.post(path, body)
            self.assertEqual(answer.status, status, answer)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    def test_a_payment_waits_for_its_desk(self):
        server = self.server("--reply-timeout-ms", "200")
        client = server.client()
        loan = f"/loans/{self.reserve(client)}"
        self.post(client, loan + "/lending")
        self.post(client, loan + "/fine")
        set_context(client, "library.payment", state="down")
        self.assertEqual(self.post(client, loan + "/payment", {"cardNo": CARD})["status"], "paying")
        set_context(client, "library.payment", state="up")
        wait_for("the fine is paid", lambda: client.get(loan).json()["status"] == "settled")
        self.check_afterwards(server)

    def test_a_reader_can_ask_and_be_forgotten(self):
        server = self.server()
        client = server.client()
        self.reserve(client)
        self.reserve(client, user=4)
        asked = {"person": "library/user:3", "reason": "asked for it"}
        held = self.post(client, "/audit/exports", asked)["held"]
        self.assertEqual([row["userName"] for row in held["rows"]["library.loans"]], [NAME])
        trail = client.post("/audit/trail?person=library/user:3&reason=asked", "").json()
        self.assertEqual([event["type"] for event in trail["events"]][:1],
                         ["library.book_reserved.v1"])
        self.post(client, "/audit/erasures", asked, 201)
        self.assertEqual({row["userId"]: row["userName"] for row in rows(client, "loans")},
                         {3: "(erased)", 4: NAME})
        self.check_afterwards(server)

    def test_a_day_is_played(self):
        server = self.server()
        told = json.loads(self.yeyak("demo", "--system", "library", "--users", "30", "--server",
                                     f"http://127.0.0.1:{server.port}", "--json"))
        self.assertGreater(told["made"]["library returns"], 0, told)
        told = server.client().get("/openapi.json").body
        self.assertIn(b"/library/loans/{id}/payment", told)
        self.check_afterwards(server)

    # Its view is rebuilt, and everything is audited; nothing personal is in a file.
    def check_afterwards(self, server):
        server.stop()
        for path in server.data.rglob("*"):
            if path.is_file():
                self.assertNotIn(NAME.encode(), path.read_bytes(), path)
        self.yeyak("replay", "--data", server.data, "--view", "library.loans", "--yes")
        self.yeyak("replay", "schema-check", "--data", server.data)
        self.assertTrue(verify_audit(server)["ok"])


def main():
    global given
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--build-type", required=True)
    parser.add_argument("--sanitize", default="")
    given, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2, warnings="ignore")


if __name__ == "__main__":
    os.environ.setdefault("GIT_CONFIG_NOSYSTEM", "1")
    main()
