"""What a figure means nothing without: the machine, the disk, the commit, and how idle it was."""

import os
import platform
import subprocess
import time
from pathlib import Path

# File systems on which a sync costs nothing: a durable append cannot be measured there.
MEMORY_FILE_SYSTEMS = {"tmpfs", "ramfs", "devtmpfs"}


def facts(root: Path, data: Path) -> dict:
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "kernel": platform.release(),
        "disk": _mount_of(data),
        "commit": _commit(root),
        "wrk": _first_line(["wrk", "-v"]),
        "busy_cores_before": round(busy_cores(1.0), 2),
        "started": time.strftime("%Y-%m-%d %H:%M:%S %z"),
    }


def file_system(data: Path) -> str:
    return _mount_of(data).split()[0]


def busy_cores(seconds: float) -> float:
    """How many cores others keep busy; a benchmark beside other work is not a result."""
    before = _cpu_times()
    time.sleep(seconds)
    after = _cpu_times()
    total = sum(after) - sum(before)
    idle = (after[3] + after[4]) - (before[3] + before[4])
    return (1 - idle / max(total, 1)) * (os.cpu_count() or 1)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int) -> dict:
    """Resident memory now and at its highest."""
    wanted = {"VmRSS:": "resident", "VmHWM:": "peak"}
    found = {}
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition("\t")
        if name in wanted:
            found[wanted[name]] = int(value.split()[0]) // 1024
    return found


def disk_bytes(folder: Path) -> int:
    """What the folder occupies, as du counts it."""
    return sum(p.lstat().st_blocks * 512 for p in [folder, *folder.rglob("*")])


def _cpu_times() -> list[int]:
    return [int(x) for x in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _mount_of(path: Path) -> str:
    """File system type and device of the longest mount point above the path."""
    best, answer = -1, "unknown"
    for line in Path("/proc/mounts").read_text().splitlines():
        device, point, kind, *_ = line.split()
        if path.resolve().is_relative_to(point) and len(point) > best:
            best, answer = len(point), f"{kind} on {device}"
    return answer


def _commit(root: Path) -> str:
    head = _first_line(["git", "-C", str(root), "rev-parse", "--short=12", "HEAD"])
    if not head:
        return "no commit"
    changed = _first_line(["git", "-C", str(root), "status", "--porcelain"])
    return head + (" with uncommitted changes" if changed else "")


def _first_line(command: list[str]) -> str:
    # wrk -v prints its version and exits with 1; git before the first commit prints its question.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    if command[0] == "git" and done.returncode != 0:
        return ""
    return lines[0] if lines else ""
