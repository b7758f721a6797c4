"""What programs from npm (tests/npm, pinned) make of the server: the official SDK of CloudEvents writes
every attribute and type in every content mode and reads back exactly what it wrote; readers of OpenAPI
have nothing to object to."""

import pathlib
import subprocess

from harness import ServerCase, main, verify_audit

NPM = pathlib.Path(__file__).resolve().parent.parent / "npm"


class NpmCase(ServerCase):
    system = None

    def play(self, program):
        subprocess.run([NPM / "install"], check=True, timeout=300)
        run = subprocess.run(["node", NPM / program, f"http://localhost:{self.server.port}"],
                             capture_output=True, text=True, timeout=300)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run.stdout


class CloudEventsSdk(NpmCase):
    def test_reads_back_what_it_wrote(self):
        self.assertIn("came back as they were written", self.play("cloud_events.mjs"))
        self.server.stop()
        self.assertIsNotNone(verify_audit(self.server))


class OpenApi(NpmCase):
    def test_nobody_objects(self):
        self.assertIn("nobody objects", self.play("openapi.mjs"))


if __name__ == "__main__":
    main()
