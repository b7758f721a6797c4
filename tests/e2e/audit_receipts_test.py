"""Receipts, checkpoints, proofs and tiles of the real program, checked by a verifier that shares
nothing with it; and that they survive kills, and find a rollback."""

import base64
import json
import random
import shutil
import subprocess
import time
import unittest

from cryptography.exceptions import InvalidSignature

import harness
from harness import ServerCase, main
from independent_verifier import (check_receipt, open_checkpoint, root_of, sha256, split_bundle,
                                  tiles_of)

KILLS = 25


def yeyak(*arguments):
    run = subprocess.run([harness.binary, *map(str, arguments)], capture_output=True, text=True,
                         timeout=120)
    return run


def append(http, count, stream="orders-1", size=0):
    events = [{"type": "ordered", "data": {"n": i, "text": "x" * size}} for i in range(count)]
    answer = http.post(f"/streams/{stream}", events)
    if answer.status != 201:
        raise AssertionError(answer)
    return answer.position()


class AuditCase(ServerCase):
    flags = ("--read-wait-ms", "20000")  # the machine may be busy with other tests

    def vkey(self):
        answer = self.http.get("/audit/key")
        self.assertEqual(answer.status, 200, answer)
        return answer.body.decode()

    def checkpoint(self, position=0):
        answer = self.http.get(f"/audit/checkpoint?minPosition={position}")
        self.assertEqual(answer.status, 200, answer)
        return answer.body.decode()

    def receipt(self, position):
        answer = self.http.get(f"/audit/receipt?position={position}")
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def file(self, name, text):
        path = self.server.home / name
        path.write_text(text)
        return path


class Receipts(AuditCase):
    def test_every_answer_of_a_command_links_to_a_receipt_that_verifies(self):
        vkey = self.vkey()
        created = self.create()
        cancelled = self.http.delete(f"/preReservations/{created.json()['id']}")
        appended = self.http.post("/streams/orders-1", {"type": "ordered", "data": {"n": 1}})
        told = []
        for answer in (created, cancelled, appended):
            self.assertLess(answer.status, 300, answer)
            link = answer.headers["Link"]
            event = check_receipt(self.http.get(link[1:link.index(">")]).json(), vkey)
            self.assertLessEqual(event["position"], answer.position())
            self.assertEqual(str(event["version"]), answer.headers["Yeyak-Stream-Version"])
            told.append(event["type"])
        self.assertEqual(told, ["prereservation.reservation_confirmed.v1",
                                "prereservation.reservation_cancelled.v1", "ordered"])

    def test_a_receipt_shows_what_a_cloud_event_says(self):
        named = {"specversion": "1.0", "source": "/shop", "type": "ordered"}
        answer = self.http.post("/streams/orders-1", [
            {**named, "id": "1", "gift": True, "count": -3, "note": "폰", "data_base64": "AP8="},
            {**named, "id": "2"}, {**named, "id": "3", "data": [1]}])
        first = answer.json()["first"]
        told = [check_receipt(self.receipt(first + i), self.vkey()) for i in range(3)]
        self.assertEqual(told[0]["attributes"],
                         {"count": -3, "gift": True, "note": "폰", "source": "/shop"})
        self.assertEqual([(e.get("dataForm"), e["data"]) for e in told],
                         [("base64", "AP8="), ("none", None), (None, [1])])
        verified = yeyak("audit", "check", self.file("r.json", json.dumps(self.receipt(first),
                                                                      ensure_ascii=False)),
                         "--key", self.file("key", self.vkey()))
        self.assertEqual(verified.returncode, 0, verified.stderr)

    def test_a_receipt_of_every_event_verifies(self):
        append(self.http, 300)
        append(self.http, 40, "orders-2", size=70_000 // 40)
        vkey, head = self.vkey(), append(self.http, 1)
        seen = {}
        for position in range(1, head + 1):
            receipt = self.receipt(position)
            seen[position] = check_receipt(receipt, vkey)
        one = seen[head]
        by_stream = self.http.get(f"/audit/receipt?stream=orders-1&version={one['version']}")
        self.assertEqual(check_receipt(by_stream.json(), vkey), one)

    def test_what_was_changed_is_refused_by_both_verifiers(self):
        append(self.http, 20)
        vkey, good = self.vkey(), self.receipt(7)
        entry = bytearray(base64.b64decode(good["entry"]))
        entry[-3] ^= 1
        changes = [{"entry": base64.b64encode(entry).decode()}, {"leafIndex": 7},
                   {"treeSize": good["treeSize"] + 1},
                   {"inclusionProof": good["inclusionProof"][1:]},
                   {"event": {**good["event"], "actor": "somebody"}},
                   {"checkpoint": good["checkpoint"].replace("yeyak\n", "other\n", 1)}]
        key = self.file("vkey", vkey)
        for change in [{}, *changes]:
            file = self.file("receipt.json", json.dumps({**good, **change}, indent=2))
            run = yeyak("audit", "check", file, "--key", key)
            if not change:
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertIn("Proven: the log yeyak recorded this event", run.stdout)
                continue
            self.assertEqual(run.returncode, 1, change)
            self.assertIn("NOT PROVEN", run.stderr)
            with self.assertRaises((AssertionError, InvalidSignature, ValueError, KeyError,
                                    json.JSONDecodeError, UnicodeDecodeError)):
                check_receipt({**good, **change}, vkey)

    def test_bad_questions_are_refused(self):
        head = append(self.http, 3)
        self.problem(self.http.get("/audit/receipt"), 422, "missing_field", "position")
        self.problem(self.http.get("/audit/receipt?position=0"), 400, "bad_parameter")
        self.problem(self.http.get("/audit/receipt?position=1&version=1"), 422, "missing_field")
        self.problem(self.http.get("/audit/receipt?stream=x&version=1"), 404, "no_such_event")
        self.problem(self.http.get(f"/audit/receipt?position={head + 1}"), 404, "no_such_event")
        self.problem(self.http.get("/audit/consistency"), 422, "missing_field", "from")
        self.problem(self.http.get("/audit/consistency?from=1&to=99999"), 422, "invalid_value", "to")
        self.checkpoint(head)
        self.problem(self.http.get(f"/audit/consistency?from={head}&to=1"), 422, "invalid_value",
                     "from")
        for path in ("0/001", "0/000.p/250", "8/000", "0/00", "entries/x001/000", "0/000.p/x",
                     "0/x999/x999/x999/999"):
            self.problem(self.http.get("/audit/tiles/tile/" + path), 404, "no_such_tile")


class Tiles(AuditCase):
    def get(self, path):
        answer = self.http.get("/audit/tiles/" + path)
        self.assertEqual(answer.status, 200, f"{path}: {answer}")
        return answer

    def test_the_root_is_that_of_the_tiles_and_of_the_entries(self):
        for _ in range(7):
            append(self.http, 100)
        size, root = open_checkpoint(self.get("checkpoint").body.decode(), self.vkey())
        head = append(self.http, 1)
        size, root = open_checkpoint(self.checkpoint(head), self.vkey())
        leaves, entries, above = [], [], []
        for path, width in tiles_of(0, size):
            tile = self.get(path)
            self.assertEqual(len(tile.body), 32 * width)
            self.assertEqual("immutable" in tile.headers["Cache-Control"], width == 256)
            leaves += [tile.body[i:i + 32] for i in range(0, len(tile.body), 32)]
            bundle = self.get(path.replace("tile/0/", "tile/entries/"))
            entries += split_bundle(bundle.body)
        for path, _ in tiles_of(1, size):
            above.append(self.get(path).body)
        self.assertEqual(root_of(leaves), root)
        self.assertEqual([sha256(b"\x00", entry) for entry in entries], leaves)
        self.assertEqual(b"".join(above), b"".join(root_of(leaves[i:i + 256])
                                                   for i in range(0, size - 255, 256)))

    def test_an_entry_that_is_too_long_for_a_bundle_is_named(self):
        append(self.http, 2)
        position = append(self.http, 1, "large-1", size=66_000)
        self.checkpoint(position)
        answer = self.http.get(f"/audit/tiles/tile/entries/000.p/{position}")
        self.assertIn(f"event {position}", self.problem(answer, 422, "entry_too_long")["detail"])
        check_receipt(self.receipt(position), self.vkey())


class Consistency(AuditCase):
    def test_the_command_line_proves_it_from_every_source(self):
        older = self.file("older", self.checkpoint(append(self.http, 30)))
        newer = self.file("newer", self.checkpoint(append(self.http, 50)))
        key = self.file("vkey", self.vkey())
        sizes = [open_checkpoint(f.read_text(), key.read_text())[0] for f in (older, newer)]
        server = f"http://127.0.0.1:{self.server.port}"
        proof = self.http.get("/audit/consistency?from={}&to={}".format(*sizes))
        proof = self.file("proof.json", proof.body.decode())
        for source in (("--server", server), ("--data", self.server.data), ("--proof", proof)):
            run = yeyak("audit", "consistency", older, newer, "--key", key, *source)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn("Proven", run.stdout)
            run = yeyak("audit", "consistency", newer, older, "--key", key, *source, "--json")
            self.assertEqual(run.returncode, 1, run.stdout)
            self.assertFalse(json.loads(run.stdout)["ok"])
        broken = json.loads(proof.read_text())
        broken["consistencyProof"].reverse()
        broken = self.file("broken.json", json.dumps(broken))
        run = yeyak("audit", "consistency", older, newer, "--key", key, "--proof", broken)
        self.assertEqual(run.returncode, 1, run.stdout)

    def test_the_command_line_prints_what_the_server_serves(self):
        position = append(self.http, 30)
        note = self.checkpoint(position)
        server = f"http://127.0.0.1:{self.server.port}"
        for source in (("--server", server), ("--data", self.server.data)):
            self.assertEqual(yeyak("audit", "checkpoint", *source).stdout, note)
            told = json.loads(yeyak("audit", "checkpoint", *source, "--json").stdout)
            self.assertEqual(told["note"], note)
            for which in (("--position", 3), ("--stream", "orders-1", "--version", 30)):
                run = yeyak("audit", "receipt", *source, *which)
                self.assertEqual(run.returncode, 0, run.stderr)
                check_receipt(json.loads(run.stdout), self.vkey())
        self.assertEqual(yeyak("audit", "checkpoint", "--server", "http://127.0.0.1:1").returncode, 5)
        self.assertEqual(yeyak("audit", "checkpoint", "--data", self.server.home).returncode, 3)
        run = yeyak("audit", "check", "/nonexistent", "--key", self.vkey())
        self.assertEqual(run.returncode, 3, run.stderr)
        run = yeyak("audit", "check", "/nonexistent", "--key", "nonsense")
        self.assertEqual(run.returncode, 2, run.stderr)


class Kills(AuditCase):
    def test_no_checkpoint_that_was_seen_is_ever_taken_back(self):
        """kill -9 while events, checkpoints and receipts are being written: what was signed before
        is extended by what is signed after, and the receipts of before still verify."""
        vkey = self.vkey()
        chance = random.Random(5)
        receipts, notes = [], [self.checkpoint()]
        for kill in range(KILLS):
            until = time.monotonic() + chance.uniform(0.01, 0.25)
            position = 0
            while time.monotonic() < until:
                position = append(self.http, chance.choice((1, 3, 90, 300)))
                if chance.random() < 0.4:
                    notes.append(self.checkpoint(position))
                    receipts.append(self.receipt(position))
            notes.append(self.http.get("/audit/checkpoint").body.decode())
            self.server.restart(kill=True)
            self.http = self.server.client()
            self.assertEqual(self.vkey(), vkey)
            self.checkpoint(position)
        notes.append(self.checkpoint(append(self.http, 1)))
        for receipt in receipts:
            check_receipt(receipt, vkey)
        key = self.file("vkey", vkey)
        newest = self.file("newest", notes[-1])
        sizes = [open_checkpoint(note, vkey)[0] for note in notes]
        self.assertEqual(sizes, sorted(sizes))
        for note in notes[::max(1, len(notes) // 25)]:
            run = yeyak("audit", "consistency", self.file("older", note), newest, "--key", key,
                        "--data", self.server.data)
            self.assertEqual(run.returncode, 0, run.stderr)
        self.server.stop()
        harness.verify_audit(self.server)


class Rollback(AuditCase):
    def copy(self, name):
        self.server.stop()
        target = self.server.home / name
        shutil.copytree(self.server.data, target)
        self.server.start()
        self.http = self.server.client()
        return target

    def test_an_old_copy_passes_alone_and_fails_beside_a_pinned_checkpoint(self):
        append(self.http, 300)
        old = self.copy("old")
        pinned = self.file("pinned", self.checkpoint(append(self.http, 20)))
        key = self.file("vkey", self.vkey())
        self.server.stop()
        self.assertEqual(yeyak("audit", "verify", "--data", old, "--quick").returncode, 0)
        pins = ("--checkpoint", pinned, "--key", key)
        run = yeyak("audit", "verify", "--data", old, "--quick", *pins)
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("rolled back", run.stdout)
        run = yeyak("audit", "verify", "--data", self.server.data, *pins)
        self.assertEqual(run.returncode, 0, run.stdout)
        run = yeyak("audit", "consistency", pinned, pinned, "--key", key, "--data", old)
        self.assertEqual(run.returncode, 0, "of itself it needs no proof")

    def test_a_start_on_an_older_log_is_refused(self):
        append(self.http, 30)
        old = self.copy("old")
        append(self.http, 20)
        self.server.stop()
        shutil.rmtree(self.server.data / "log")
        shutil.copytree(old / "log", self.server.data / "log")
        shutil.copy(old / "witness", self.server.data / "witness")
        with self.assertRaises(AssertionError):
            self.server.start()
        self.assertEqual(self.server.process.returncode, 3)
        self.assertIn("rolled back or altered", self.server.log() + self.server.output())
        run = yeyak("audit", "verify", "--data", self.server.data, "--quick")
        self.assertEqual(run.returncode, 1, run.stdout)
        self.assertIn("rolled back", run.stdout)

    def test_a_lost_key_is_said_and_no_other_is_made(self):
        append(self.http, 3)
        self.checkpoint(3)
        self.server.stop()
        key = self.server.data / "audit.key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        kept = key.read_bytes()
        key.unlink()
        with self.assertRaises(AssertionError):
            self.server.start()
        self.assertEqual(self.server.process.returncode, 3)
        self.assertIn("missing: the audit key", self.server.log() + self.server.output())
        self.assertFalse(key.exists())
        key.write_bytes(kept)
        self.server.start()

    def test_every_file_of_the_tree_can_be_lost(self):
        append(self.http, 700)
        position = append(self.http, 1)
        note = self.checkpoint(position)
        for level in range(2):
            self.server.stop()
            file = self.server.data / "audit" / f"level-{level}"
            damaged = bytearray(file.read_bytes())
            damaged[-1] ^= 1
            file.write_bytes(damaged)
            run = yeyak("audit", "verify", "--data", self.server.data, "--quick")
            self.assertEqual(run.returncode, 1, run.stdout)
            self.assertIn(f"level-{level}", run.stdout)
            file.unlink()
            self.server.start()
            self.http = self.server.client()
            self.assertEqual(self.checkpoint(position), note)
            check_receipt(self.receipt(3), self.vkey())


if __name__ == "__main__":
    main()
