"""Plays the shell sessions of a page: blocks marked `console`, as somebody types them.

    ```console
    $ yeyak audit verify --data ./data --quick | tail -n 1
    The data is whole: 29 events, 0.1 s
    $ yeyak audit check receipt.json --key wrong.pub
    ...
    $ echo $?
    1
    ```

All blocks of a page are one session of bash, in a scratch folder with `yeyak` (and `build/yeyak`)
to be called; `./data` is the data folder of the page's server. What is written below a command is
all that it prints, standard error included. "..." in a line stands for any text, a line that is
"..." for any lines, none as well. Times, dates, durations, digests and keys may be any of their
kind. Port 8080 (or 8088) is the server's, whatever port it has in the test. A command ends with
status 0, unless `echo $?` follows it. A "\\" at the end of a line and lines that begin with "> " go
on with the command. A request that only reads is repeated for some seconds until its answer fits.

What is done to the server stands in blocks of its own (docs_test.py).
"""

import os
import re
import shlex
import signal
import subprocess
import threading
import time

LIMIT_S = 120
PATIENCE_S = 10
PORTS = re.compile(r":(8080|8088)\b")

# What differs from run to run; the kind is compared instead.
KINDS = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?"), "<time>"),
    (re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "<date>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b"), "<hex>"),
    (re.compile(r"(?<![\w+/=-])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)[\w+/-]{40,}={0,2}(?![\w+/=-])"),
     "<base64>"),
    (re.compile(r"\b\d+\.\d+ (?:ms|s)\b"), "<duration>"),
    (re.compile(r"(?<=Content-Length: )\d+"), "<number>"),
    (re.compile(r"[ \t]+"), " "),  # columns are as wide as what stands in them
)

SESSION = r"""
shown_here() { [ /dev/fd/1 -ef /proc/$$/fd/1 ]; }
http() {
    if shown_here; then command http --ignore-stdin --print=hb --pretty=format "$@"
    else command http --ignore-stdin --print=b "$@"; fi
}
curl() { command curl -sS "$@"; }
"""


def plain(text):
    for pattern, kind in KINDS:
        text = pattern.sub(kind, text)
    return text


class Command:
    """One command with what it prints."""

    def __init__(self, text, expected):
        self.text = text
        self.expected = expected
        self.may_fail = False  # its status is asked for by the next command


def read_console(block):
    """The commands of one block."""
    commands, lines = [], block.split("\n")
    at = 0
    while at < len(lines):
        if not lines[at].startswith("$ "):
            raise AssertionError(f"a console block begins with a command, not {lines[at]!r}")
        text = [lines[at][2:]]
        at += 1
        while at < len(lines) and (text[-1].endswith("\\") or lines[at].startswith("> ")):
            text.append(lines[at].removeprefix("> "))
            at += 1
        expected = []
        while at < len(lines) and not lines[at].startswith("$ "):
            expected.append(lines[at])
            at += 1
        commands.append(Command("\n".join(text), "\n".join(expected).strip("\n")))
    for this, following in zip(commands, commands[1:]):
        this.may_fail = following.text.strip() == "echo $?"
    return commands


def fits(expected, printed):
    """Whether the output is as it is written."""
    pattern, lines = "", expected.split("\n")
    for line in lines:
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r"[^\n]*".join(re.escape(plain(part)) for part in line.rstrip().split("..."))
            pattern += r"\n"
    found = "".join(plain(line.rstrip()) + "\n" for line in printed.strip("\n").split("\n"))
    return re.fullmatch(pattern, found) is not None


def only_reads(command):
    """A request that may be sent again."""
    try:
        words = shlex.split(command.split("|")[0])
    except ValueError:
        return False
    if not words or words[0] not in ("curl", "http") or ">" in command:
        return False
    changing = {"POST", "PUT", "DELETE", "PATCH", "-d", "--data", "--json", "-X", "-T", "-o"}
    return not changing & set(words) and not any(re.match(r"[\w-]+:?=", word) for word in words[1:])


class Console:
    """A session of bash in `folder`; what names port 8080 speaks to `port`."""

    def __init__(self, folder, program, port, environment):
        self.port = port
        for where in (folder / "bin", folder / "build"):
            where.mkdir(exist_ok=True)
            (where / "yeyak").symlink_to(program)
        environment = {**environment, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
                       "HOME": str(folder), "LC_ALL": "C.UTF-8", "TERM": "dumb", "COLUMNS": "100"}
        self.bash = subprocess.Popen(["bash", "--norc", "--noprofile"], cwd=folder, text=True,
                                     env=environment, stdin=subprocess.PIPE, encoding="utf-8",
                                     errors="replace", stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, start_new_session=True)
        self.bash.stdin.write(SESSION)

    def run(self, text):
        """What the command printed, and its status."""
        mark = f"\x01{time.monotonic_ns()}\x01"
        to_port = PORTS.sub(f":{self.port}", text)
        self.bash.stdin.write(f"{to_port}\n__status=$?; printf '\\n{mark}%d\\n' $__status; "
                              "(exit $__status)\n")
        self.bash.stdin.flush()
        watch = threading.Timer(LIMIT_S, self.kill)
        watch.start()
        printed = []
        try:
            for line in self.bash.stdout:
                if line.startswith(mark):
                    output = "".join(printed).replace("\r", "").strip("\n")
                    return re.sub(rf":{self.port}\b", ":8080", output), int(line[len(mark):])
                printed.append(line)
        finally:
            watch.cancel()
        raise AssertionError(f"$ {text}\nended the session:\n{''.join(printed)}")

    def play(self, command):
        deadline = time.monotonic() + (PATIENCE_S if only_reads(command.text) else 0)
        expected = PORTS.sub(":8080", command.expected)
        while True:
            printed, status = self.run(command.text)
            as_written = fits(expected, printed) and (status == 0 or command.may_fail)
            if as_written:
                return
            if time.monotonic() >= deadline:
                raise AssertionError(f"$ {command.text}\nended with {status} and printed\n{printed}"
                                     f"\n--- but the page says\n{command.expected}")
            time.sleep(0.05)

    def kill(self):
        os.killpg(self.bash.pid, signal.SIGKILL)

    def close(self):
        if self.bash.poll() is None:
            self.kill()
        self.bash.wait()
        self.bash.stdin.close()
        self.bash.stdout.close()
