"""The measurements of a round. Every one starts from an empty folder and a fresh process, so that
none inherits the memtables, compactions or page cache of the one before it."""

import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .load import measure, must_be_one_event_each
from .servers import BenchError, Server

ORDER = {
    "userId": 1, "userAddress": "seoul", "productId": 1, "productName": "fold",
    "price": 1300000, "cardNo": "1234-1234-1234-1234",
}
ROW = "/myReservations/1"
ROW_LIMIT_S = 10


@dataclass
class Bench:
    """Where the programs are, where the data goes, and how long one measurement takes."""

    yeyak: Path
    programs: Path
    work: Path
    seconds: float

    def program(self, name: str) -> str:
        return str(self.programs / f"bench_{name}")

    def fresh(self, name: str) -> Path:
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def product(self, folder: Path, *flags: str, token: str | None = None,
                trusted: Path | None = None) -> Server:
        return Server([str(self.yeyak), "serve", "--data", str(folder), "--port", "{port}",
                       "--system", "prereservation", *flags], self.work / "yeyak.log",
                      token, trusted)

    def other(self, name: str, *options: str) -> Server:
        return Server([self.program(name), "--port", "{port}", *options],
                      self.work / f"{name}.log")


def constant_post(bench: Bench) -> dict:
    with bench.other("constant_server") as server:
        return measure(server, "append", bench.seconds, "new")


def constant_get(bench: Bench) -> dict:
    with bench.other("constant_server") as server:
        return measure(server, "read_row", bench.seconds)


def minimal_append(bench: Bench) -> dict:
    with bench.other("minimal_server", "--data", str(bench.fresh("minimal"))) as server:
        must_refuse_wrong_version(server)
        figures = measure(server, "append", bench.seconds, "new", counts_events=True)
    must_be_one_event_each(figures)
    return figures


def append(bench: Bench) -> dict:
    with bench.product(bench.fresh("append")) as server:
        must_refuse_wrong_version(server)
        figures = measure(server, "append", bench.seconds, "new", counts_events=True)
    must_be_one_event_each(figures)
    return figures


def append_hot(bench: Bench) -> dict:
    with bench.product(bench.fresh("hot")) as server:
        figures = measure(server, "append", bench.seconds, "hot", counts_events=True)
    must_be_one_event_each(figures)
    return figures


def prereserve(bench: Bench) -> dict:
    with bench.product(bench.fresh("prereserve")) as server:
        must_make_a_row(server)
        figures = measure(server, "prereserve", bench.seconds, counts_events=True)
    if figures["events"] < figures["requests"]:
        raise BenchError(f"{figures['requests']} answers but {figures['events']} events in the log")
    return figures


def read_row(bench: Bench) -> dict:
    with bench.product(bench.fresh("read")) as server:
        must_make_a_row(server)
        return measure(server, "read_row", bench.seconds)


def raw_batches(bench: Bench) -> dict:
    """Figures by batch size, each with events/s and the time of one synced batch."""
    done = subprocess.run(
        [bench.program("raw_batches"), "--data", str(bench.fresh("raw")), "--seconds",
         str(bench.seconds / 3)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchError(f"raw_batches: {done.stderr}")
    answer = {}
    for line in map(json.loads, done.stdout.splitlines()):
        answer[f"raw_{line['batch']}"] = {
            "per_second": line["events_per_second"],
            "p50_ms": line["p50_us"] / 1e3,
            "p99_ms": line["p99_us"] / 1e3,
        }
    return answer


def must_refuse_wrong_version(server: Server):
    """A figure for exact versions counts only where versions are checked."""
    event = {"type": "bench.probed", "data": {"note": "is the version checked?"}}
    answers = [server.ask("POST", "/streams/bench-probe", event, {"Expected-Version": "0"})[0]
               for _ in range(2)]
    if answers != [201, 409]:
        raise BenchError(f"two appends that both expect version 0 were answered {answers}")


def must_make_a_row(server: Server):
    """One reservation, paid, and visible in the view."""
    status, text = server.ask("POST", "/preReservations", ORDER)
    if status != 201:
        raise BenchError(f"POST /preReservations answered {status}: {text[:300]}")
    end = time.monotonic() + ROW_LIMIT_S
    while server.ask("GET", ROW)[0] != 200:
        if time.monotonic() > end:
            raise BenchError(f"{ROW} did not appear within {ROW_LIMIT_S} s")
        time.sleep(0.01)


LIMITS = [raw_batches, constant_post, constant_get, minimal_append]
PRODUCT = [append, append_hot, prereserve, read_row]


def run_round(bench: Bench, number: int, with_product: bool, say) -> dict:
    """Every second round goes backwards, so that a machine that slows down slows both sides."""
    steps = LIMITS + (PRODUCT if with_product else [])
    figures = {}
    for step in reversed(steps) if number % 2 else steps:
        say(f"round {number + 1}: {step.__name__}")
        result = step(bench)
        figures |= result if step is raw_batches else {step.__name__: result}
    return figures
