"""Backups of a running server: under full load, incremental, cut short by kill -9 and by a full
disk, restored and held against what was acknowledged; and attested views."""

import json
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import threading
import time

import harness
from harness import B1, Server, ServerCase, all_events, main, verify_audit, wait_for


def yeyak(*words, limit_file_size=None):
    def before():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_file_size, limit_file_size))

    return subprocess.run([harness.binary, *map(str, words)], capture_output=True, text=True,
                          timeout=300, preexec_fn=before if limit_file_size else None)


class BackupCase(ServerCase):
    more_flags = ()

    def setUp(self):
        self.server = Server(system=self.system)
        self.addCleanup(self.server.close)
        self.allowed = self.server.home / "backups"
        self.server.flags += ["--backup-dir", str(self.allowed), *self.more_flags]
        self.server.start()
        self.http = self.server.client()
        self.folder = self.allowed / "nightly"

    def ok(self, run, code=0):
        self.assertEqual(run.returncode, code, (run.args, run.stdout[-2000:], run.stderr[-2000:]))
        return run

    def begin(self, to="nightly", **more):
        answer = self.http.post("/audit/backups", {"to": to, **more}, {"X-Actor": "olga"})
        self.assertEqual(answer.status, 202, answer)
        self.assertTrue(answer.headers["Location"].endswith(f"/audit/backups/{answer.json()['id']}"))
        return answer.json()["id"]

    def job(self, number, client=None):
        answer = (client or self.http).get(f"/audit/backups/{number}")
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def take(self, to="nightly", **more):
        number = self.begin(to, **more)
        return wait_for("the backup ends", lambda: (job := self.job(number))["state"] != "running"
                        and job, limit_s=120)

    def done(self, *args, **more):
        job = self.take(*args, **more)
        self.assertEqual(job["state"], "done", job)
        return job

    def restored(self, number=None):
        """A server on what was restored."""
        server = Server(system=self.system)
        self.addCleanup(server.close)
        words = ["restore", "--from", self.folder, "--data", server.data, "--json"]
        run = self.ok(yeyak(*words, *(["--number", number] if number else [])))
        shutil.copy(self.server.data / "audit.key", server.data)
        for name in ("card.key", "master.key"):
            if (self.server.data / name).exists():
                shutil.copy(self.server.data / name, server.data)
        if (self.server.data / "keys").exists():
            shutil.copytree(self.server.data / "keys", server.data / "keys", dirs_exist_ok=True)
        server.report = json.loads(run.stdout)
        return server

    def fill(self, count, size=50_000):
        """Bytes that no compression makes small."""
        chars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        for number in range(count):
            text = "".join(random.choices(chars, k=size))
            event = {"type": "noted", "data": {"number": number, "text": text}}
            answer = self.http.post("/streams/notes-1", event)
            self.assertEqual(answer.status, 201, answer)


class UnderLoad(BackupCase):
    def setUp(self):
        super().setUp()
        self.stop = threading.Event()
        self.seen = [0] * 4
        self.failures = []
        self.threads = [threading.Thread(target=self.work, args=(i,)) for i in range(4)]
        self.addCleanup(self.end)
        for thread in self.threads:
            thread.start()

    def work(self, index):
        client = self.server.client()
        try:
            while not self.stop.is_set():
                answer = client.post("/preReservations", {**B1, "userId": str(index + 1)})
                if answer.status != 201:
                    self.failures.append(answer)
                    return
                self.seen[index] = answer.position()
        except OSError as error:
            self.failures.append(error)

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def test_what_was_acknowledged_before_is_restored(self):
        wait_for("some events", lambda: min(self.seen) > 50 or self.failures)
        numbers = []
        for _ in range(3):
            acknowledged = max(self.seen)
            job = self.done()
            self.assertGreaterEqual(job["position"], acknowledged)
            numbers.append(job)
        self.end()
        self.assertEqual(self.failures, [])
        self.assertEqual([job["number"] for job in numbers], [1, 2, 3])
        events = all_events(self.http)
        facts = wait_for("they are recorded", lambda: len(found := [
            event for event in all_events(self.http)
            if event["type"] == "operations.backup_taken.v1"]) == 3 and found)
        self.assertEqual([fact["data"]["position"] for fact in facts],
                         [job["position"] for job in numbers])
        self.assertEqual({fact["actor"] for fact in facts}, {"olga"})
        for job in numbers:
            server = self.restored(job["number"])
            self.assertEqual(server.report["position"], job["position"])
            server.start()
            self.assertEqual(all_events(server.client())[:job["position"]],
                             events[:job["position"]])
            server.stop()
            self.assertTrue(verify_audit(server)["ok"])
        # The views of the last one say at its position what the log of the first server says there.
        for view in ("preReservations", "payments", "receipts", "sagas"):
            told = [json.loads(self.ok(yeyak("audit", "view", view, "--data", data, "--at",
                                             numbers[-1]["position"], "--json")).stdout)["digest"]
                    for data in (self.server.data, server.data)]
            self.assertEqual(told[0], told[1], view)


class Backups(BackupCase):
    def test_the_second_copies_only_what_is_new(self):
        self.fill(60)
        first = self.done()
        self.assertEqual(first["newBytes"], first["bytes"])
        self.assertGreater(first["bytes"], 2_000_000)
        self.fill(1)
        on_disk = size_of(self.folder)
        second = self.done()
        self.assertLess(second["newBytes"], first["bytes"] / 10, second)
        # Beside what is told as new there is the note with its list, and nothing else.
        self.assertLess(size_of(self.folder) - on_disk - second["newBytes"], 20_000)
        self.ok(yeyak("backup", "verify", "--to", self.folder))

    def test_by_command(self):
        self.create()
        key = self.http.get("/audit/key").body.decode().strip()
        url = f"http://127.0.0.1:{self.server.port}"
        run = self.ok(yeyak("backup", "--server", url, "--to", "nightly", "--json"))
        self.assertEqual(json.loads(run.stdout)["number"], 1)
        self.ok(yeyak("backup", "--server", url, "--to", "../elsewhere"), 1)
        self.ok(yeyak("backup", "--data", self.server.data, "--to", self.folder), 4)
        self.ok(yeyak("backup", "verify", "--to", self.folder, "--key", key))
        self.server.stop()
        self.ok(yeyak("backup", "--server", url, "--to", "nightly"), 5)
        run = self.ok(yeyak("backup", "--data", self.server.data, "--to", self.folder, "--json"))
        self.assertEqual(json.loads(run.stdout)["number"], 2)
        self.ok(yeyak("backup", "verify", "--to", self.folder, "--key", key))
        self.server.start()
        self.http = self.server.client()
        self.assertEqual(self.done()["number"], 3)

    def test_only_below_the_folder_that_is_set(self):
        outside = pathlib.Path(self.server.home / "outside")
        outside.mkdir()
        self.allowed.mkdir(exist_ok=True)
        (self.allowed / "link").symlink_to(outside)
        for to in ("", "a\0b"):
            self.problem(self.http.post("/audit/backups", {"to": to}), 422, "invalid_value", "to")
        for to in (".", "..", "../outside", "/tmp", "a/../../outside", "link", "link/deeper",
                   str(outside), str(self.allowed)):
            answer = self.http.post("/audit/backups", {"to": to})
            self.problem(answer, 422, "outside_backup_dir", "to")
        self.assertEqual(list(outside.iterdir()), [])
        self.assertEqual(self.done(str(self.allowed / "absolute"))["state"], "done")
        self.problem(self.http.post("/audit/backups", {"to": "a", "keysTo": "a/keys"}), 422,
                     "keys_beside_backups", "keysTo")
        self.problem(self.http.post("/audit/backups", {"to": "a", "keysTo": "../keys"}), 422,
                     "outside_backup_dir", "keysTo")
        self.assertEqual(self.http.post("/audit/backups", {}).status, 400)
        self.problem(self.http.get("/audit/backups/99"), 404, "no_such_backup", "id")
        self.problem(self.http.get("/audit/backups/x"), 404, "no_such_backup", "id")

    def test_keys_go_apart_and_nobody_comes_back_with_an_old_backup(self):
        self.create({**B1, "userId": "7", "userAddress": "seven street"})
        self.create({**B1, "userId": "8", "userAddress": "eight street"})
        self.done(keysTo="keys")
        pem = (self.server.data / "audit.key").read_bytes()
        self.assertFalse([path for path in files_of(self.folder) if pem in path.read_bytes()])
        self.assertTrue([path for path in files_of(self.allowed / "keys")
                         if pem in path.read_bytes()])
        answer = self.http.post("/audit/erasures", {"person": "prereservation/user:7",
                                                    "reason": "letter of 9 May"})
        self.assertIn(answer.status, (200, 201, 202), answer)
        self.done(keysTo="keys")
        addresses = {}
        for at in (1, 2):
            data = self.server.home / f"again-{at}"
            self.ok(yeyak("restore", "--from", self.folder, "--number", at, "--data", data,
                          "--keys-from", self.allowed / "keys"))
            addresses[at] = self.addresses_in(data)
        self.assertEqual(addresses, {1: ["(erased)", "eight street"],
                                     2: ["(erased)", "eight street"]})
        # The same at rest.
        self.server.stop()
        keys = self.server.home / "keys-at-rest"
        self.ok(yeyak("backup", "--data", self.server.data, "--to", self.folder, "--keys-to", keys))
        data = self.server.home / "again-3"
        self.ok(yeyak("restore", "--from", self.folder, "--data", data, "--keys-from", keys))
        self.assertEqual(self.addresses_in(data), ["(erased)", "eight street"])

    def addresses_in(self, data):
        server = Server(system=self.system)
        self.addCleanup(server.close)
        server.data = data
        server.start()
        found = wait_for("both rows", lambda: len(
            listed := harness.rows(server.client(), "preReservations")) == 2 and listed)
        server.stop()
        return [row["userAddress"] for row in sorted(found, key=lambda row: row["id"])]


class WithoutFolder(ServerCase):
    def test_a_server_takes_none_unless_it_is_told_where(self):
        self.problem(self.http.post("/audit/backups", {"to": "a"}), 403, "backups_not_allowed")
        self.assertEqual(self.http.get("/audit/backups").json(), {"backups": []})


class CutShort(BackupCase):
    more_flags = ("--backup-max-bytes-per-s", "400000")

    def test_one_at_a_time_and_kill_leaves_the_former_whole(self):
        self.create()
        self.done()
        self.fill(40)
        number = self.begin()
        self.problem(self.http.post("/audit/backups", {"to": "other"}), 409, "backup_running")
        wait_for("it copies", lambda: size_of(self.folder) > 500_000)
        self.assertEqual(self.job(number)["state"], "running")
        self.server.restart(kill=True)
        self.http = self.server.client()
        run = self.ok(yeyak("backup", "list", "--to", self.folder, "--json"))
        self.assertEqual(len(json.loads(run.stdout)["backups"]), 1)
        self.ok(yeyak("backup", "verify", "--to", self.folder))
        job = self.done()
        self.assertEqual(job["number"], 2)
        self.ok(yeyak("backup", "verify", "--to", self.folder))
        self.assertEqual(self.restored().report["position"], job["position"])

    def test_a_server_that_stops_does_not_wait_for_it(self):
        self.fill(60)
        number = self.begin()
        wait_for("it copies", lambda: size_of(self.folder) > 300_000)
        self.assertEqual(self.job(number)["state"], "running")
        began = time.monotonic()
        self.server.stop()
        self.assertLess(time.monotonic() - began, 25)

    def test_a_command_that_is_killed(self):
        self.create()
        self.done()
        self.fill(60)
        self.server.stop()
        command = subprocess.Popen([harness.binary, "backup", "--data", self.server.data, "--to",
                                    self.folder, "--max-rate", "1"], stderr=subprocess.DEVNULL)
        before = size_of(self.folder)
        wait_for("it copies", lambda: size_of(self.folder) > before + 500_000)
        command.kill()
        command.wait()
        self.ok(yeyak("backup", "verify", "--to", self.folder))
        self.ok(yeyak("backup", "--data", self.server.data, "--to", self.folder))
        run = self.ok(yeyak("backup", "verify", "--to", self.folder, "--json"))
        self.assertEqual(json.loads(run.stdout)["number"], 2)

    def test_a_disk_that_is_full(self):
        self.create()
        self.done()
        self.fill(30)
        self.server.stop()
        run = yeyak("backup", "--data", self.server.data, "--to", self.folder,
                    limit_file_size=200_000)
        self.ok(run, 3)
        self.assertIn("has no room for this backup", run.stderr)
        self.ok(yeyak("backup", "verify", "--to", self.folder))
        data = self.server.home / "no-room"
        self.ok(yeyak("backup", "--data", self.server.data, "--to", self.folder))
        self.ok(yeyak("restore", "--from", self.folder, "--data", data, limit_file_size=200_000), 3)
        self.assertFalse(data.exists())
        self.assertEqual([path for path in self.server.home.iterdir() if "restoring" in path.name],
                         [])


class Attestations(BackupCase):
    def attest(self, view="preReservations", client=None):
        answer = (client or self.http).get(f"/projections/{view}/attestation")
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def test_the_fold_of_the_log_beside_the_server(self):
        for _ in range(20):
            self.create()
        key = self.http.get("/audit/key").body.decode().strip()
        url = f"http://127.0.0.1:{self.server.port}"
        for view in [each["name"] for each in self.http.get("/projections").json()["projections"]]:
            run = self.ok(yeyak("audit", "view", view, "--data", self.server.data, "--server", url,
                                "--key", key, "--json"))
            told = json.loads(run.stdout)
            self.assertTrue(told["same"], told)
            self.assertTrue(told["compared"], told)
        attested = self.attest()
        self.assertEqual(attested["view"], "preReservations")
        note = self.server.home / "note"
        note.write_text(attested["note"])
        for _ in range(5):
            self.create()
        self.ok(yeyak("audit", "view", "preReservations", "--data", self.server.data,
                      "--attestation", note, "--key", key))
        note.write_text(attested["note"].replace(attested["digest"], "0" * 64))
        self.ok(yeyak("audit", "view", "preReservations", "--data", self.server.data,
                      "--attestation", note, "--key", key), 1)

    def test_it_is_shown_and_shared(self):
        self.create()
        shown = {each["name"]: each["attestation"]
                 for each in self.http.get("/projections").json()["projections"]}
        self.assertIsNone(shown["payments"])
        settled = wait_for("the view stands still", lambda: (
            first := self.attest(), time.sleep(1.2), second := self.attest())[0] == second
            and second, limit_s=30)
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(
            self.attest(client=self.server.client()))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [settled] * 8)
        shown = {each["name"]: each["attestation"]
                 for each in self.http.get("/projections").json()["projections"]}
        self.assertEqual(shown["preReservations"]["digest"], settled["digest"])
        self.assertEqual(shown["preReservations"]["position"], settled["position"])
        self.problem(self.http.get("/projections/nothing/attestation"), 404, "no_such_view", "name")


def files_of(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def size_of(folder):
    total = 0
    for path in files_of(folder):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            pass
    return total


if __name__ == "__main__":
    main()
