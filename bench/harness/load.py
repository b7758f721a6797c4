"""One measurement: load from wrk, checked, as a plain dictionary of figures."""

import itertools
import json
import os
import subprocess
from pathlib import Path

from .machine import cpu_seconds
from .servers import BenchError, Server

CONNECTIONS = 100
WARM_UP_S = 1
LUA = Path(__file__).resolve().parent.parent / "lua"

_runs = itertools.count(1)


def measure(server: Server, script: str, seconds: float, *arguments: str,
            counts_events: bool = False) -> dict:
    """Warms up, then measures. With counts_events, the log must have grown by what was answered."""
    wrk(server, script, WARM_UP_S, *arguments)
    before = server.position() if counts_events else 0
    cpu_before = cpu_seconds(server.pid)
    result = wrk(server, script, seconds, *arguments)
    cpu = cpu_seconds(server.pid) - cpu_before
    duration_s = result["duration_us"] / 1e6
    figures = {
        "per_second": result["requests"] / duration_s,
        "p50_ms": result["p50_us"] / 1e3,
        "p99_ms": result["p99_us"] / 1e3,
        "requests": result["requests"],
        "cpu_us_per_request": cpu * 1e6 / result["requests"],
    }
    if counts_events:
        events = server.position() - before
        figures["events"] = events
        figures["events_per_second"] = events / duration_s
    return figures


def must_be_one_event_each(figures: dict):
    """Answers and durable events must agree. wrk hangs up on the last request of every connection,
    in the warm-up as well: those may be in the log without having been counted."""
    surplus = figures["events"] - figures["requests"]
    if not 0 <= surplus <= 2 * CONNECTIONS:
        raise BenchError(f"{figures['requests']} answers but {figures['events']} events in the log")


def wrk(server: Server, script: str, seconds: float, *arguments: str) -> dict:
    """The RESULT line of a load script. Any error makes the run red."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "10s",
               "-s", str(LUA / f"{script}.lua"), server.url, "--", *arguments, f"r{next(_runs)}"]
    environment = os.environ | {"LUA_PATH": f"{LUA}/?.lua;;"}
    if server.token:
        environment["BENCH_TOKEN"] = server.token
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    lines = [x for x in done.stdout.splitlines() if x.startswith("RESULT ")]
    if done.returncode != 0 or len(lines) != 1:
        raise BenchError(f"wrk {script} failed: {done.stdout[-500:]}{done.stderr[-500:]}")
    result = json.loads(lines[0].removeprefix("RESULT "))
    if any(result["errors"].values()):
        raise BenchError(f"{script}: a benchmark with errors is not a result: {result}")
    if result["requests"] == 0:
        raise BenchError(f"{script}: no request was answered")
    return result
