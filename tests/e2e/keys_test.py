"""The keys of a data folder belong to its log: one that is lost, or another in its place, is never
taken in silence, and what an operator decides about it is recorded."""

import json
import shutil
import subprocess

import harness
from harness import Server, ServerCase, all_events, main
from vaccination_model import CLOCK, DAY, TAEYEON

KEYS = ("card.key", "audit.key", "master.key")


def yeyak(*words):
    return subprocess.run([str(harness.binary), *map(str, words)], capture_output=True, text=True,
                          timeout=120, env=harness.clean_environment())


class KeysCase(ServerCase):
    system = "vaccination"
    flags = CLOCK

    def setUp(self):
        super().setUp()
        self.assertEqual(self.reserve().status, 200)
        self.server.stop()
        self.aside = self.server.home / "aside"
        self.aside.mkdir()

    def reserve(self):
        return self.http.post("/user/reserve", {**TAEYEON, "reserveDate": DAY})

    def refused(self, *told):
        before = self.names()
        run = subprocess.run(self.server.command(), capture_output=True, text=True, timeout=60,
                             env=harness.clean_environment())
        self.assertEqual(run.returncode, 3, run.stderr)
        for text in told:
            self.assertIn(text, run.stderr)
        self.assertEqual(self.names(), before, "nothing is made in their place")

    def names(self):
        return sorted(path.name for path in self.server.data.iterdir())

    def take_away(self, *names):
        for name in names:
            shutil.move(self.server.data / name, self.aside / name)

    def put_back(self):
        for path in list(self.aside.iterdir()):
            shutil.move(path, self.server.data / path.name)

    def serves(self):
        self.server.start()
        self.http = self.server.client()
        [user] = harness.rows(self.http, "users")
        return user

    def other_keys(self):
        """Of another folder, which has a log of its own."""
        other = Server(*self.flags, system=self.system)
        self.addCleanup(other.close)
        other.start()
        other.stop()
        return other.data


class LostKeys(KeysCase):
    def test_each_key_that_is_away_is_missed_and_none_is_made(self):
        for name in (*KEYS, "keys"):
            self.take_away(name)
            self.refused("missing", str(self.server.data / name), "accept-keys")
            self.put_back()
        self.assertEqual(self.serves()["userName"], TAEYEON["userName"])

    def test_all_that_are_away_are_told_at_once(self):
        self.take_away(*KEYS, "keys")
        self.refused(*(str(self.server.data / name) for name in (*KEYS, "keys")))

    def test_a_restore_without_keys_tells_all_that_a_server_will_miss(self):
        backups, restored = self.server.home / "backups", self.server.home / "restored"
        run = yeyak("backup", "--data", self.server.data, "--to", backups)
        self.assertEqual(run.returncode, 0, run.stderr)
        run = yeyak("restore", "--from", backups, "--data", restored)
        self.assertEqual(run.returncode, 0, run.stderr)
        for name in (*KEYS, "keys"):
            self.assertIn(str(restored / name), run.stderr)

    def test_keys_of_another_folder_are_not_taken(self):
        other = self.other_keys()
        for names in (("card.key",), ("audit.key",), ("keys", "master.key")):
            self.take_away(*names)
            for name in names:
                copy = shutil.copytree if (other / name).is_dir() else shutil.copy
                copy(other / name, self.server.data / name)
            self.refused("keys of another log")
            for name in names:
                path = self.server.data / name
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            self.put_back()
        self.assertEqual(self.serves()["userName"], TAEYEON["userName"])

    def test_a_person_is_not_taken_for_another_because_a_key_is_new(self):
        self.take_away("card.key")
        self.refused("the key of tokens")
        self.put_back()
        self.serves()
        self.problem(self.reserve(), 409, "already_reserved")

    def test_commands_at_rest_make_no_key_either(self):
        self.take_away("card.key")
        for words in (("erase", "--dry-run"), ("erase",), ("export",)):
            run = yeyak("audit", *words, "--data", self.server.data, "--reason", "asked for it",
                        "--person", f"vaccination/reg:{TAEYEON['userRegNumber']}")
            self.assertEqual(run.returncode, 3, run)
            self.assertIn("card.key", run.stderr)
        self.assertFalse((self.server.data / "card.key").exists())


class AcceptedKeys(KeysCase):
    def test_an_operator_may_go_on_without_them_and_it_is_recorded(self):
        self.take_away("card.key", "keys", "master.key")
        run = yeyak("audit", "accept-keys", "--data", self.server.data, "--reason", "disk lost",
                    "--actor", "ops:1", "--json")
        self.assertEqual(run.returncode, 0, run)
        accepted = json.loads(run.stdout)
        self.assertEqual(self.serves()["userName"], "(erased)")
        [event] = all_events(self.http, query="&type=operations.keys_accepted.v1")
        self.assertEqual(event["data"], {"reason": "disk lost", **accepted})
        self.assertEqual(event["actor"], "ops:1")
        self.server.restart()

    def test_a_new_audit_key_needs_the_decision_too(self):
        self.take_away("audit.key", "audit")
        self.refused("the audit key")
        run = yeyak("audit", "accept-keys", "--data", self.server.data, "--reason", "key lost")
        self.assertEqual(run.returncode, 0, run)
        self.serves()

    def test_keys_that_another_master_key_wraps_cannot_be_accepted(self):
        self.take_away("master.key")
        run = yeyak("audit", "accept-keys", "--data", self.server.data, "--reason", "lost")
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("move", run.stderr)
        self.assertFalse((self.server.data / "master.key").exists())

    def test_a_folder_that_is_none_is_left_alone(self):
        run = yeyak("audit", "accept-keys", "--data", self.aside, "--reason", "lost")
        self.assertEqual(run.returncode, 3, run)
        self.assertEqual(list(self.aside.iterdir()), [])


if __name__ == "__main__":
    main()
