"""The report: medians over the rounds, each beside its limit from the same rounds."""

import statistics

from .at_size import spread

# name in the rounds -> how the report calls it
NAMES = {
    "append": "(i) append, exact version",
    "prereserve": "(ii) whole pre-reservation",
    "append_hot": "(iii) append, one hot stream",
    "read_row": "(iv) GET of a view row",
    "constant_post": "(b) constant answer, POST",
    "constant_get": "(b) constant answer, GET",
    "minimal_append": "(c) minimal server, append",
}
# (what, its limit, goal for what / limit)
GOALS = [
    ("append", "minimal_append", 0.7),
    ("prereserve", "minimal_append", 0.18),
    ("append_hot", "append", 0.9),
    ("read_row", "constant_get", 0.6),
]


def summarise(rounds: list[dict]) -> dict:
    """Per measurement and figure: median, min and max over the rounds."""
    return {
        name: {figure: spread([one[name][figure] for one in rounds]) for figure in figures}
        for name, figures in rounds[0].items()
    }


def compare(rounds: list[dict]) -> list[dict]:
    """The ratio is taken inside each round; the verdict is on the median of the ratios."""
    lines = []
    for what, limit, goal in GOALS:
        if what not in rounds[0]:
            continue
        ratios = [one[what]["per_second"] / one[limit]["per_second"] for one in rounds]
        ratio = statistics.median(ratios)
        lines.append({"what": what, "limit": limit, "ratio": ratio, "min": min(ratios),
                      "max": max(ratios), "goal": goal, "met": ratio >= goal})
    return lines


def text(report: dict) -> str:
    parts = [_machine(report), _measured(report["results"])]
    if report["ratios"]:
        parts.append(_ratios(report))
    if report.get("at_size"):
        parts.append(_at_size(report["at_size"]))
    return "\n\n".join(parts)


def _machine(report: dict) -> str:
    machine = report["machine"]
    lines = [
        f"Benchmark of commit {machine['commit']}, {machine['started']}",
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_mib']} MiB, "
        f"Linux {machine['kernel']}, {machine['disk']}; {machine['wrk'].split(' [')[0]}",
        f"{report['rounds']} round(s) of {report['seconds']:g} s per measurement, "
        f"{report['connections']} connections, load generator on the same cores",
    ]
    if machine["busy_cores_before"] > 0.1:
        lines.append(f"NOTE: {machine['busy_cores_before']} cores were busy before the run")
    return "\n".join(lines)


def _measured(results: dict) -> str:
    rows = [("", "per second", "min", "max", "p50 ms", "p99 ms", "cpu us")]
    for name, figures in results.items():
        label = NAMES.get(name, name.replace("raw_", "(a) synced batches of "))
        cpu = figures.get("cpu_us_per_request")
        rate = figures["per_second"]
        rows.append((label, _whole(rate["median"]), _whole(rate["min"]), _whole(rate["max"]),
                     f"{figures['p50_ms']['median']:.2f}", f"{figures['p99_ms']['median']:.2f}",
                     f"{cpu['median']:.1f}" if cpu else ""))
        if name == "prereserve":
            durable = figures["events_per_second"]
            rows.append(("     durable events of (ii)", _whole(durable["median"]),
                         _whole(durable["min"]), _whole(durable["max"]), "", "", ""))
    return table(rows)


def _ratios(report: dict) -> str:
    rows = [("", "measured", "limit", "ratio", "min", "max", "goal", "")]
    for line in report["ratios"]:
        measured = report["results"][line["what"]]["per_second"]["median"]
        limit = report["results"][line["limit"]]["per_second"]["median"]
        short = NAMES[line["limit"]].split()[0]
        rows.append((f"{NAMES[line['what']]} / {short}", _whole(measured), _whole(limit),
                     f"{line['ratio']:.2f}", f"{line['min']:.2f}", f"{line['max']:.2f}",
                     f">= {line['goal']:.2f}", "met" if line["met"] else "MISSED"))
    return table(rows)


def _at_size(size: dict) -> str:
    lines = [f"At {_whole(size['events'])} events"]
    scan = size["raw_scan_events_per_second"]
    if "rebuild_events_per_second" in size:
        rebuild = size["rebuild_events_per_second"]
        lines += [
            f"  rebuild of a view     {_range(rebuild)} events/s, "
            f"{rebuild['median'] / scan['median']:.2f} of the raw scan",
        ]
    lines.append(f"  raw scan and parse    {_range(scan)} events/s")
    if "log_bytes_per_event" in size:
        start = size["startup_s"]
        lines += [
            f"  log on disk           {size['log_bytes_per_event']:.0f} bytes per event "
            f"(views {size['views_bytes_per_event']:.0f})",
            f"  start-up              {start['median']:.3f} s ({start['min']:.3f} to "
            f"{start['max']:.3f}); {size['startup_s_empty']:.3f} s with an empty folder",
            f"  resident memory       {size['resident_mib_after_start']:.0f} MiB after the start, "
            f"{size['resident_mib_after_load']} MiB after the load "
            f"(peak {size['peak_mib_after_load']})",
        ]
    if "trail_all" in size:
        whole, first = size["trail_all"], size["trail_first_1000"]
        rate = size["events"] / whole["seconds"]
        lines.append(
            f"  trail as HTML         {_whole(rate)} events/s, "
            f"{rate / scan['median']:.2f} of the raw scan; peak {whole['peak_mib']:.0f} MiB, "
            f"{first['peak_mib']:.0f} MiB for the first 1,000 events; "
            f"{size['trail_newest']['seconds']:.2f} s for what is of the newest time")
    lines.append(f"  raw events on disk    {size['raw_bytes_per_event']:.0f} bytes per event")
    return "\n".join(lines)


def table(rows: list[tuple]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                  for i, (cell, w) in enumerate(zip(row, widths))).rstrip() for row in rows)


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _range(values: dict) -> str:
    return f"{_whole(values['median'])} ({_whole(values['min'])} to {_whole(values['max'])})"
