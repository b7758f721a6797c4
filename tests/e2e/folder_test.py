"""Data folders as operators meet them: whose they are, read-only, in use, of something else."""

import os
import re
import shutil
import stat
import subprocess

import harness
from harness import Server, ServerCase, main, wait_for

NOBODY = 65534


def yeyak(*words, user=None, env=None):
    return subprocess.run([str(harness.binary), *map(str, words)], capture_output=True, text=True,
                          timeout=120, user=user, env={**harness.clean_environment(), **(env or {})})


class FolderCase(ServerCase):
    def setUp(self):
        super().setUp()
        self.create()

    def serve(self, server=None, user=None):
        return subprocess.run((server or self.server).command(), capture_output=True, text=True,
                              timeout=60, user=user, env=harness.clean_environment())

    def another(self):
        other = Server(system=self.system)
        self.addCleanup(other.close)
        return other

    def ok(self, run):
        self.assertEqual(run.returncode, 0, run)
        return run


class Access(FolderCase):
    def expect_private(self, folder):
        paths = [folder, *folder.rglob("*")]
        self.assertGreater(len(paths), 5)
        for path in paths:
            mode = stat.S_IMODE(path.stat().st_mode)
            self.assertEqual(mode & 0o077, 0, f"{path} {mode:o}")

    def test_whatever_is_made_is_the_account_s_alone(self):
        self.server.stop()
        self.expect_private(self.server.data)
        backups, keys, restored = (self.server.home / name for name in ("b", "k", "r"))
        self.ok(yeyak("backup", "--data", self.server.data, "--to", backups, "--keys-to", keys))
        self.expect_private(backups)
        self.expect_private(keys)
        self.ok(yeyak("restore", "--from", backups, "--data", restored, "--keys-from", keys))
        self.expect_private(restored)

    def test_a_folder_that_others_may_read_is_told_with_what_mends_it(self):
        self.server.stop()
        self.server.data.chmod(0o755)
        self.server.start()
        self.assertIn("open_to_other_accounts", self.server.log())
        self.assertIn(f"chmod -R go-rwx {self.server.data}", self.server.log())

    def test_a_key_of_tokens_that_others_may_read_is_told(self):
        self.server.stop()
        self.ok(yeyak("auth", "init", "--data", self.server.data))
        key = self.server.data / "auth.key"
        key.chmod(0o640)
        self.server.start()
        self.assertIn(f"chmod go-rwx {key}", self.server.log())

    def test_a_folder_that_is_closed_is_not_told_of(self):
        self.server.restart()
        self.assertNotIn("open_to_other_accounts", self.server.log())


class Refused(FolderCase):
    def test_a_folder_in_use_has_its_own_exit_code(self):
        run = self.serve()
        self.assertEqual(run.returncode, 4, run)
        self.assertIn("in use by another process", run.stderr)

    def test_a_port_in_use_has_its_own_exit_code(self):
        other = self.another()
        other.port = self.server.port
        run = self.serve(other)
        self.assertEqual(run.returncode, 7, run)
        self.assertIn(str(self.server.port), run.stderr)

    def test_a_folder_of_something_else_is_left_alone(self):
        other = self.another()
        other.data.mkdir()
        (other.data / "holiday.jpg").write_bytes(b"x")
        run = self.serve(other)
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("holiday.jpg", run.stderr)
        self.assertEqual([path.name for path in other.data.iterdir()], ["holiday.jpg"])


class ReadOnly(FolderCase):
    """As on a medium that is mounted read-only: this account may read it and write nothing."""

    def setUp(self):
        super().setUp()
        if os.getuid() != 0:
            self.skipTest("needs to be root, to become somebody else")
        self.server.stop()
        self.server.home.chmod(0o755)
        self.data = self.server.data
        for path in (self.data, *self.data.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        self.before = self.names()

    def tearDown(self):
        self.assertEqual(self.names(), self.before, "nothing is written")
        super().tearDown()

    def names(self):
        return sorted(str(path) for path in self.data.rglob("*"))

    def test_a_server_says_that_it_cannot_write_there(self):
        run = self.serve(user=NOBODY)
        self.assertEqual(run.returncode, 3, run)
        self.assertIn("read-only", run.stderr)
        self.assertNotIn("in use", run.stderr)

    def test_what_only_reads_works(self):
        for words in (("audit", "verify"), ("replay", "--view", "all", "--dry-run"),
                      ("replay", "--view", "preReservations", "--as-of", "1")):
            self.ok(yeyak(*words, "--data", self.data, user=NOBODY))


class HardStop(FolderCase):
    def test_a_start_after_a_hard_stop_says_what_it_recovered(self):
        head = self.create().position()
        self.server.restart(kill=True)
        told = wait_for("it tells so", lambda: re.search(
            r"The last run did not end in order\. Recovered: (\d+) events?, ",
            self.server.output()))
        self.assertGreaterEqual(int(told[1]), head)
        self.assertIn('"recovered"', self.server.log())

    def test_a_start_after_an_end_in_order_says_nothing(self):
        self.server.restart()
        self.assertNotIn("did not end in order", self.server.output())
        self.server.stop()
        self.assertFalse((self.server.data / "running").exists())

    def test_a_start_that_is_refused_takes_nothing_of_it_away(self):
        self.server.kill()
        key = self.server.data / "card.key"
        key.rename(self.server.home / "away")
        self.assertEqual(self.serve().returncode, 3)
        (self.server.home / "away").rename(key)
        self.server.start()
        wait_for("it tells so", lambda: "did not end in order" in self.server.output())


class Elsewhere(FolderCase):
    def test_an_audit_finds_the_key_where_the_configuration_says(self):
        self.server.stop()
        key = self.server.home / "elsewhere.key"
        shutil.move(self.server.data / "audit.key", key)
        run = yeyak("audit", "verify", "--data", self.server.data)
        self.assertEqual(run.returncode, 6, run)
        self.assertIn("NOT ALL WAS CHECKED", run.stdout)
        self.ok(yeyak("audit", "verify", "--data", self.server.data,
                      env={"YEYAK_AUDIT_KEY_FILE": str(key)}))
        config = self.server.home / "yeyak.toml"
        config.write_text(f'[audit]\nkey_file = "{key}"\n')
        self.ok(yeyak("audit", "verify", "--data", self.server.data, "--config", config))


if __name__ == "__main__":
    main()
