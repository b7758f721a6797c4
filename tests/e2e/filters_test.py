"""What a list can be filtered by: every word that stands in a row is one, and no other is taken."""

import subprocess

import harness
from harness import ServerCase, main, quoted, resolved


class Words(ServerCase):
    system = None
    flags = ("--vaccination-initial-stock", "200", "--payment-timeout-ms", "20000")

    def lists(self):
        """Path of a list, and the words of each of its filters that has some."""
        document = self.http.get("/openapi.json").json()
        for path, methods in document["paths"].items():
            if "{" in path or "get" not in methods:
                continue
            parameters = [resolved(document, each) for each in methods["get"].get("parameters", ())]
            words = {each["name"]: each["schema"]["enum"] for each in parameters
                     if each["in"] == "query" and "enum" in each["schema"]
                     and each["description"] == "only rows with this value"}
            if words:
                hides = "includeCancelled" in [each["name"] for each in parameters]
                yield path, words, "&includeCancelled=true" if hides else ""

    def rows(self, path, query):
        answer = self.http.get(f"{path}?size=1000{query}")
        self.assertEqual(answer.status, 200, (path, query, answer))
        page = answer.json()
        return page if isinstance(page, list) else next(iter(page["_embedded"].values()))

    def test_every_word_of_a_row_finds_it(self):
        played = subprocess.run(
            [str(harness.binary), "demo", "--server", f"http://127.0.0.1:{self.server.port}",
             "--users", "60", "--seed", "7"],
            capture_output=True, text=True, timeout=300, check=False)
        # On a busy machine a view may be behind for a moment, which is not in order.
        self.assertIn(played.returncode, (0, 1), played.stdout + played.stderr)
        seen = {}
        for path, words, also in self.lists():
            for field in words:
                seen[path, also, field] = self.words_of(path, also, field)
        self.assertGreater(len(seen), 20)
        self.assertGreater(sum(len(words) for words in seen.values()), 40)
        for (path, also, field), words in seen.items():
            for word in words:
                found = self.rows(path, f"{also}&{field}={quoted(word)}")
                # What the day left to do goes on, so the last row with this word may have another.
                gone = not found and word not in self.words_of(path, also, field)
                self.assertTrue(found or gone, (path, word))

    def words_of(self, path, also, field):
        rows = self.rows(path, also)
        return {row[field] if row[field] is not None else "" for row in rows}

    def test_no_other_word_is_taken(self):
        for path, words, _ in self.lists():
            for field in words:
                told = self.problem(self.http.get(f"{path}?{field}=nonsense"), 400,
                                    "bad_parameter", field)
                for word in words[field]:
                    self.assertIn(word, told["detail"])


if __name__ == "__main__":
    main()
