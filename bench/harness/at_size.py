"""What only shows with many events in the folder: memory, start-up, bytes on disk, rebuild."""

import json
import os
import re
import statistics
import subprocess
import time

from .load import wrk
from .machine import disk_bytes, memory_mib
from .rounds import Bench, must_make_a_row
from .servers import BenchError, Server

VIEW = "myReservations"
SLICE_S = 5
STALLED_SLICES = 3
SETTLE_S = 0.5


def measure_at_size(bench: Bench, events: int, rounds: int, say) -> dict:
    folder = bench.fresh("at-size")
    with bench.product(folder) as server:
        empty_startup_s = server.startup_s
        made = fill(server, events, say)
        after_load = memory_mib(server.pid)
    startups, residents = [], []
    for number in range(rounds):
        say(f"start-up {number + 1} at {made} events")
        with bench.product(folder) as server:
            startups.append(server.startup_s)
            residents.append(memory_mib(server.pid)["resident"])
            if server.position() != made:
                raise BenchError(f"{server.position()} events after the start, {made} before it")
    answer = {
        "events": made,
        "resident_mib_after_load": after_load["resident"],
        "peak_mib_after_load": after_load["peak"],
        "resident_mib_after_start": statistics.median(residents),
        "startup_s": spread(startups),
        "startup_s_empty": empty_startup_s,
        "log_bytes_per_event": disk_bytes(folder / "log") / made,
        "views_bytes_per_event": disk_bytes(folder / "views") / made,
    }
    newest = ["--from", time_of(bench, folder, made)]
    for name, part in (("first_1000", ["--limit", "1000"]), ("newest", newest), ("all", [])):
        say(f"trail of {name} of {made} events")
        answer[f"trail_{name}"] = trail(bench, folder, part)
    rebuilds, scans, scan_bytes = [], [], 0.0
    raw = bench.fresh("raw-scan")
    for number in range(rounds):
        say(f"rebuild {number + 1} of {VIEW}, {made} events")
        rebuilds.append(rebuild(bench, folder))
        say(f"raw scan {number + 1}, {made} events")
        scan = raw_scan(bench, raw, made)
        scans.append(scan["events_per_second"])
        scan_bytes = scan["bytes_per_event"]
    return answer | {
        "rebuild_events_per_second": spread(rebuilds),
        "raw_scan_events_per_second": spread(scans),
        "raw_bytes_per_event": scan_bytes,
    }


def scan_only(bench: Bench, events: int, rounds: int, say) -> dict:
    """The limit of a rebuild, without the product."""
    raw = bench.fresh("raw-scan")
    scans = []
    for number in range(rounds):
        say(f"raw scan {number + 1}, {events} events")
        scans.append(raw_scan(bench, raw, events))
    return {
        "events": events,
        "raw_scan_events_per_second": spread([x["events_per_second"] for x in scans]),
        "raw_bytes_per_event": scans[-1]["bytes_per_event"],
    }


def fill(server: Server, events: int, say) -> int:
    """Real reservations until the log holds at least so many events; returns how many it holds."""
    must_make_a_row(server)
    reached = [server.position()]
    while reached[-1] < events:
        say(f"filling: {reached[-1]} of {events} events")
        rate = (reached[-1] - reached[-2]) / SLICE_S if len(reached) > 1 else 0
        missing_s = (events - reached[-1]) / rate if rate else 1
        wrk(server, "prereserve", min(SLICE_S, missing_s))
        reached.append(server.position())
        if len(reached) > STALLED_SLICES and reached[-1] == reached[-STALLED_SLICES]:
            raise BenchError(f"the log stays at {reached[-1]} events under load")
    return settled_position(server)


def settled_position(server: Server) -> int:
    """wrk hangs up on requests that still make events: wait until the head stands still."""
    previous, position = -1, server.position()
    while previous != position:
        previous = position
        time.sleep(SETTLE_S)
        position = server.position()
    return position


def trail(bench: Bench, folder, more: list[str]) -> dict:
    """Speed and peak memory of the HTML report, which must not need more for a longer log."""
    command = [str(bench.yeyak), "audit", "trail", "--data", str(folder), "--format", "html", *more]
    began = time.monotonic()
    with open("/dev/null", "wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise BenchError(f"audit trail ended with {process.returncode}")
    return {"seconds": time.monotonic() - began, "peak_mib": usage.ru_maxrss / 1024}


def time_of(bench: Bench, folder, position: int) -> str:
    told = subprocess.run(
        [str(bench.yeyak), "audit", "trail", "--data", str(folder), "--from", str(position), "--to",
         str(position), "--format", "json"], capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise BenchError(f"audit trail ended with {told.returncode}: {told.stderr[-500:]}")
    return json.loads(told.stdout)["events"][0]["timeUtc"]


def rebuild(bench: Bench, folder) -> float:
    done = subprocess.run(
        [str(bench.yeyak), "replay", "--data", str(folder), "--view", VIEW, "--yes", "--json"],
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchError(f"replay ended with {done.returncode}: {done.stderr[-500:]}")
    return events_per_second(done.stdout)


def events_per_second(output: str) -> float:
    """From the last line that is JSON, or from a plain "N events/s"."""
    for line in reversed(output.splitlines()):
        try:
            found = json.loads(line)
        except json.JSONDecodeError:
            plain = re.search(r"([\d.,]+) events/s", line)
            if plain:
                return float(plain[1].replace(",", ""))
            continue
        if isinstance(found, dict) and "events_per_second" in found:
            return float(found["events_per_second"])
    raise BenchError(f"replay named no events per second: {output[-300:]}")


def raw_scan(bench: Bench, folder, events: int) -> dict:
    done = subprocess.run(
        [bench.program("raw_scan"), "--data", str(folder), "--events", str(events)],
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchError(f"raw_scan: {done.stderr}")
    return json.loads(done.stdout)


def spread(values: list[float]) -> dict:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}
