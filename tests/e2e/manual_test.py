"""The manual (deploy/man_pages): every command has a page, which has all that its help says, and which
man reads without a warning. Debian's changelog is made of CHANGELOG.md."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import harness
from harness import main

ROOT = pathlib.Path(__file__).resolve().parents[2]


def help_of(words):
    return subprocess.run([harness.binary, *words, "--help"], capture_output=True, text=True,
                          check=True, timeout=60).stdout


def commands(words=()):
    """Every command with words before it, as their help lists them."""
    found = [list(words)]
    listed = re.search(r"\nCommands:\n((?:  .*\n)+)", help_of(words))
    for name in re.findall(r"^  (\w[\w-]*)", listed[1] if listed else "", re.MULTILINE):
        found += commands([*words, name])
    return found


class Manual(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory(prefix="yeyak-manual-")
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)
        subprocess.run([ROOT / "deploy/man_pages", harness.binary, self.folder], check=True, timeout=120,
                       env={**os.environ, "SOURCE_DATE_EPOCH": "1600000000"})

    def shown(self, page):
        run = subprocess.run(["man", "--warnings", "--encoding=UTF-8", "--local-file", page],
                             capture_output=True, text=True, timeout=60,
                             env={**os.environ, "MANWIDTH": "400", "LC_ALL": "C.UTF-8"})
        self.assertEqual((run.returncode, run.stderr), (0, ""), page.name)
        return re.sub(r".\x08", "", run.stdout)

    def test_every_command_has_a_page(self):
        names = {"-".join(["yeyak", *words]) for words in commands()}
        self.assertGreater(len(names), 20)
        self.assertEqual({page.stem for page in self.folder.iterdir()}, names)

    def test_a_page_says_all_that_the_help_says(self):
        for words in commands():
            page = self.folder / ("-".join(["yeyak", *words]) + ".1")
            shown = " ".join(self.shown(page).split())
            for line in help_of(words).splitlines():
                if re.fullmatch(r"[A-Z].*:", line):
                    continue  # a heading, which is in capitals there
                for word in line.removeprefix("Usage:").split():
                    self.assertIn(word, shown, f"{page.name}: {line}")

    def test_a_page_has_its_parts(self):
        shown = self.shown(self.folder / "yeyak-serve.1")
        for part in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"):
            self.assertRegex(shown, rf"(?m)^{part}$")
        self.assertIn("2020-09-13", shown)
        self.assertRegex(shown, r"yeyak-serve - [a-z]")


class Changelog(unittest.TestCase):
    def test_it_is_made_of_the_changes(self):
        changes = (ROOT / "CHANGELOG.md").read_text()
        run = subprocess.run([ROOT / "deploy/changelog", "9.9.9"], input=changes, text=True, check=True,
                             capture_output=True, timeout=60,
                             env={**os.environ, "SOURCE_DATE_EPOCH": "1600000000"})
        self.assertTrue(run.stdout.startswith("yeyak (9.9.9) unstable; urgency=medium\n"))
        self.assertRegex(run.stdout, r"\n -- .* <.*>  Sun, 13 Sep 2020 12:26:40 \+0000\n")
        lines = [line for line in run.stdout.splitlines() if not line.startswith(" -- ")]
        self.assertLessEqual(max(map(len, lines)), 80)
        for part in re.findall(r"^### (.*)$", changes, re.MULTILINE):
            self.assertIn(f"  [ {part} ]\n", run.stdout)


if __name__ == "__main__":
    main()
