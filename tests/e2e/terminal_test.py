"""What is written to a terminal fits into it, and what is written to a pipe is whole; help, counts
and summaries are written in one way by every command."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata
import unittest

import harness
from harness import ServerCase, main, wait_for

LONG = "Seoul " + "Jong-ro " * 12 + "서울특별시" * 12


def plain(words):
    return [str(harness.binary), *map(str, words)]


def in_pipe(*words):
    return subprocess.run(plain(words), capture_output=True, text=True, timeout=60,
                          env=harness.clean_environment())


def in_terminal(columns, *words):
    """What a terminal of so many columns is sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(plain(words), stdout=theirs, stderr=subprocess.PIPE,
                               env=harness.clean_environment())
    os.close(theirs)
    told = b""
    try:
        while piece := os.read(ours, 65536):
            told += piece
    except OSError:
        pass  # the last writer is gone
    os.close(ours)
    process.communicate(timeout=60)
    return told.decode().replace("\r\n", "\n")


def width(line):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def letters(text):
    return re.sub(r"[\s\\]", "", text)


def commands():
    """Every command with its subcommands, as completion knows them."""
    script = in_pipe("completion", "bash").stdout
    return [path.split()[1:] for path in re.findall(r"^    '(yeyak[^'-]*)'\) words=", script,
                                                    re.MULTILINE)]


class Help(unittest.TestCase):
    def test_it_fits_the_terminal_and_loses_nothing(self):
        self.assertGreater(len(commands()), 25)
        for command in commands():
            whole = letters(in_pipe(*command, "--help").stdout)
            for columns in (60, 80, 120):
                with self.subTest(command=command, columns=columns):
                    told = in_terminal(columns, *command, "--help")
                    self.assertEqual([line for line in told.split("\n") if width(line) > columns
                                      and " " in line.strip()], [])
                    self.assertEqual(letters(told), whole)

    def test_values_are_written_in_one_way(self):
        for command in commands():
            with self.subTest(command=command):
                told = " ".join(in_pipe(*command, "--help").stdout.split())
                for other in ("TEXT:", "INT", "FLOAT", "REQUIRED", " in [", "{", "=", "(default:",
                              "Excludes", "Needs", "Option Group"):
                    options = told.split("Examples:")[0]
                    self.assertNotIn(other, options.replace("audit.origin", ""))

    def test_a_wrong_value_is_refused_in_the_words_of_help(self):
        for words, told in (
                (("demo", "--users", "0"), "--users: must be from 1 to 10000000"),
                (("demo", "--users", "many"), "--users: must be a whole number from 1 to 10000000"),
                (("replay", "--threads", "65"), "--threads: must be from 0 to 64"),
                (("completion", "tcsh"), "shell: must be bash, zsh or fish, not tcsh"),
                (("serve", "--port", "65536"), "must be from 0 to 65535")):
            run = in_pipe(*words)
            self.assertEqual(run.returncode, 2, run)
            self.assertIn(told, run.stderr)


class Tables(ServerCase):
    def setUp(self):
        super().setUp()
        self.create({**harness.B1, "userAddress": LONG})
        self.url = f"http://127.0.0.1:{self.server.port}"

    def view(self, name):
        return wait_for("the view", lambda: self.http.get(f"/{name}/1").status == 200)

    def test_rows_are_whole_in_a_pipe_and_folded_in_a_terminal(self):
        words = ("replay", "--data", self.server.data, "--view", "preReservations", "--as-of",
                 self.http.get("/events?limit=1").json()["head"])
        told = in_pipe(*words).stdout
        self.assertIn(LONG, told)
        self.assertEqual(len(told.split("\n")), 4, "titles, a row, what it was, and an end")
        for columns in (40, 80, 200):
            folded = in_terminal(columns, *words)
            self.assertEqual([line for line in folded.split("\n") if width(line) > columns], [])
            for word in ("userAddress", "Jong-ro", "1 row, 0 of them cancelled"):
                self.assertIn(word, " ".join(folded.split()))
            self.assertEqual(folded.count("서"), LONG.count("서"), folded)

    def test_the_trail_is_whole_in_a_pipe_and_folded_in_a_terminal(self):
        words = ("audit", "trail", "--server", self.url, "--order", "prereservation.reservation-1")
        told = in_pipe(*words).stdout
        self.assertIn(LONG, told)
        folded = in_terminal(60, *words)
        self.assertEqual([line for line in folded.split("\n") if width(line) > 60], [])
        self.assertEqual(folded.count("서"), told.count("서"))

    def test_all_views_have_a_summary(self):
        self.view("myReservations")
        told = in_pipe("replay", "--server", self.url, "--view", "all").stdout
        views = told.count("view ")
        self.assertGreater(views, 10)
        self.assertTrue(told.endswith(f"\n{views} rebuilds: {views} switched\n"), told)
        told = in_pipe("replay", "status", "--server", self.url).stdout
        self.assertTrue(told.endswith(f"\n{views} rebuilds: {views} switched\n"), told)
        self.server.stop()
        told = in_pipe("replay", "--data", self.server.data, "--view", "all", "--dry-run").stdout
        self.assertTrue(told.endswith(f"\n{views} views: a rebuild would change none of them\n"),
                        told)
        told = in_pipe("replay", "--data", self.server.data, "--view", "all", "--yes").stdout
        self.assertRegex(told, rf"\n{views} views built, 0 not switched; \d+ events in ")

    def test_long_work_shows_one_bar(self):
        """Also the demonstration's: a line now and then where there is no terminal."""
        process = subprocess.Popen(plain(("demo", "--server", self.url, "--minutes", "0.2")),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        _, told = process.communicate(timeout=60)
        self.assertRegex(told, r"^demo: +\d+ %, \d+ s of 12 s, \d+ s left; "
                               r"[\d,]+ requests, [\d,]+ without success\n")


if __name__ == "__main__":
    main()
