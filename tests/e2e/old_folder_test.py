"""Data that an earlier version wrote: opened, served, gone on with and verified by the program of today.
The samples are kept in tests/folders/."""

import functools
import json
import shutil
import subprocess
import unittest

import harness
from harness import B1, Server, main, verify_audit
from old_folder import LATER, rows_of, samples, unpack


def yeyak(*arguments):
    return subprocess.run([harness.binary, *map(str, arguments)], capture_output=True, text=True,
                          timeout=120)


def of_each_sample(test):
    @functools.wraps(test)
    def run(self):
        self.assertTrue(samples())
        for sample in samples():
            with self.subTest(sample.name):
                test(self, *self.open(sample))
    return run


class OldFolder(unittest.TestCase):
    def open(self, sample):
        server = Server("--vaccination-initial-stock", "10", system=None)
        self.addCleanup(server.close)
        shutil.rmtree(server.data, ignore_errors=True)
        unpack(sample, server.home)
        return server, json.loads((server.home / "told.json").read_text())

    @of_each_sample
    def test_it_is_whole_and_still_what_was_signed(self, server, told):
        (server.home / "checkpoint").write_text(told["checkpoint"])
        (server.home / "vkey").write_text(told["key"])
        (server.home / "receipt.json").write_text(json.dumps(told["receipt"]))
        for command in (("verify", "--data", server.data, "--checkpoint", server.home / "checkpoint",
                         "--key", server.home / "vkey"),
                        ("check", server.home / "receipt.json", "--key", server.home / "vkey")):
            run = yeyak("audit", *command)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    @of_each_sample
    def test_it_says_what_it_said_then(self, server, told):
        server.start("--now", LATER)
        client = server.client()
        harness.wait_for("the views are there", lambda: all(
            view["lag"] == 0 for view in client.get("/projections").json()["projections"]))
        self.assertGreaterEqual(client.get("/events?limit=1").json()["head"], told["head"])
        for path, rows in told["rows"].items():
            now = rows_of(client, path)
            self.assertEqual(len(now), len(rows), path)
            for before, after in zip(rows, now):
                self.assertEqual({name: after.get(name) for name in before}, before, path)

    @of_each_sample
    def test_it_goes_on_today(self, server, told):
        """Years later by its clock: what was due is done, and new orders are taken."""
        server.start()
        answer = server.client().post("/prereservation/preReservations", B1)
        self.assertEqual(answer.status, 201, answer)
        self.assertGreater(answer.position(), told["head"])
        rebuilt = server.client().post("/projections/receipts/rebuild", {}, {"X-Actor": "test"})
        self.assertIn(rebuilt.status, (200, 202), rebuilt)
        server.stop()
        self.assertIsNotNone(verify_audit(server))


if __name__ == "__main__":
    main()
