"""docs/performance.md, made of the figures that the parts have left."""
import json
import os
import platform
import re
import subprocess
import time




def machine(scratch):
    """What the figures depend on."""
    with open("/proc/cpuinfo") as lines:
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    file_system = subprocess.run(["stat", "-f", "-c", "%T", scratch], capture_output=True, text=True).stdout.strip()
    return {"processor": model, "processors": os.cpu_count(), "kernel": platform.release(), "file_system": file_system,
            "load": os.getloadavg()[0], "date": time.strftime("%Y-%m-%d")}


def figures_in(folder, part):
    try:
        with open(os.path.join(folder, part + ".json")) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def spread(of):
    """median (min … max), shorter where they are the same"""
    low, middle, high = (number(of[key]) for key in ("min", "median", "max"))
    return middle if low == high else f"{middle} ({low} … {high})"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


LIFE_FIGURES = [
    ("applicants per CPU second", "applicants_per_cpu_second"),
    ("CPU seconds for 1,000 applicants", "cpu_seconds_per_1000"),
    ("applicants per second", "applicants_per_second"),
    ("HTTPS requests per applicant", "requests_per_applicant"),
    ("bytes per applicant, TLS records", "bytes_per_applicant"),
    ("connections", "connections"),
    ("TLS handshakes", "handshakes"),
    ("peak memory, MiB", "peak_mib"),
    ("idle share of the servers", "server_idle_share"),
    ("testdome-sync's applicants per CPU second, × this", "ours_per_cpu_second"),
]


def lives_section(of):
    names = list(of["contestants"])
    rows = [[title] + [spread(of["contestants"][name][key]) for name in names] for title, key in LIFE_FIGURES]
    endpoints = sorted({key for name in names for key in of["contestants"][name]["requests"]})
    asked = [[f"`{re.sub('/v3', '', endpoint)}`"]
             + [number(of["contestants"][name]["requests"].get(endpoint, {"median": 0})["median"]) for name in names]
             for endpoint in endpoints]
    return f"""## Whole lives

{of['applicants']:,} applicants from the first poll to the last write-back (invitation noted; result noted, score in a field, moved to the
next stage), {of['runs']} runs of each in alternating order, each with a fresh sandbox. A run counts only if everybody was invited
once and every write-back is there. The median, and minimum … maximum.

{table(["", *names], rows)}
Requests per applicant by endpoint (median):

{table(["", *names], asked)}"""


def daily_section(of):
    rows = [[name, f"{number(one['p50_ms'])} ms", f"{number(one['p99_ms'])} ms"] for name, one in of["delays"].items()]
    return f"""## From appearance to invitation

{of['people']:,} people apply one after another within {of['seconds']} s; everybody looks once a second.

{table(["", "half of them within", "99 of 100 within"], rows)}
A whole life syncs the disk {number(of['syncs_per_applicant'])} times for each applicant (strace; the others never do).
"""


LEDGER_FIGURES = [
    ("size of the file, MiB", lambda one: number(one["mib"])),
    ("start to READY, ms", lambda one: spread(one["start"]["ready_ms"])),
    ("of that CPU, ms", lambda one: spread(one["start"]["cpu_ms"])),
    ("start to READY, nothing of the file in memory, ms", lambda one: spread(one["start_from_disk"]["ready_ms"])),
    ("CPU of the check for damage after it, s", lambda one: number(one["empty_poll"]["check_cpu_seconds"])),
    ("CPU of a poll that finds nothing new, ms", lambda one: spread(one["empty_poll"]["cpu_ms"])),
    ("peak memory with such polls, MiB", lambda one: number(one["empty_poll"]["peak_mib"])),
    ("idle memory, MiB", lambda one: number(one["idle"]["rss_mib"])),
    ("of that not shared with other programs' files, MiB", lambda one: number(one["idle"]["rss_anonymous_mib"])),
    ("wake-ups while nothing is due", lambda one: f"{one['idle']['wake_ups']} in {one['idle']['seconds']} s"),
]


def ledgers_section(of):
    sizes = list(of["sizes"])
    rows = [[title] + [figure(of["sizes"][size]) for size in sizes] for title, figure in LEDGER_FIGURES]
    return f"""## What a large ledger costs

Applicants of long ago, all served; {of['runs']} starts each. A poll each second asks the HR system, reads its answer and looks at
the alarms once a minute.

{table(["assessments in the ledger", *(f"{int(size):,}" for size in sizes)], rows)}"""


def floor_section(of, ours):
    rows = [["a request over a kept TLS connection (Beast, nothing else)", number(of["request"]["cpu_us"]),
             number(of["request"]["wall_us"])],
            ["a commit of one row, synced (SQLite, write-ahead log, synchronous=FULL)", number(of["commit"]["cpu_us"]),
             number(of["commit"]["wall_us"])],
            ["a row within a commit", number(of["row"]["cpu_us"]), number(of["row"]["wall_us"])]]
    text = f"""## The floor

What nobody can do without, with nothing around it:

{table(["", "CPU, µs", "wall time, µs"], rows)}"""
    if ours:
        life = ours["cpu_seconds_per_1000"]["median"] * 1000
        requests = ours["requests_per_applicant"]["median"] * of["request"]["cpu_us"]
        text += f"""
A life takes {number(life)} µs of CPU. Its requests alone take {number(requests)} µs with nothing around them, that is {requests / life:.0%}; the rest is
rendering and reading JSON, jq, and the ledger.
"""
    return text


def goals_section(parts):
    rows = []

    def goal(what, wanted, value, well):
        rows.append([what, wanted, number(value), "yes" if well else "**no**"])

    if lives := parts.get("lives"):
        ours = lives["contestants"]["testdome-sync"]
        others = [one for name, one in lives["contestants"].items() if name != "testdome-sync"]
        best = min(one["ours_per_cpu_second"]["median"] for one in others)
        goal("applicants per CPU second, × the best contender", "≥ 10", best, best >= 10)
        writes = sum(count["median"] for endpoint, count in ours["requests"].items()
                     if "greenhouse" in endpoint and not endpoint.startswith("GET") and "token" not in endpoint)
        rest = ours["requests_per_applicant"]["median"] - writes
        goal("requests per applicant beside the write-backs", "≤ 0.25", rest, rest <= 0.25)
        goal("requests per write-back (an invitation's note, a result's note, field and stage)", "1", writes / 4,
             writes / 4 < 1.05)
    if ledgers := parts.get("ledgers"):
        small, large = list(ledgers["sizes"].values())[0], list(ledgers["sizes"].values())[-1]
        sizes = list(ledgers["sizes"])
        goal("idle memory, MiB", "≤ 12", small["idle"]["rss_mib"], small["idle"]["rss_mib"] <= 12)
        goal(f"idle memory with {int(sizes[-1]):,} assessments, MiB", "≤ 24", large["idle"]["rss_mib"],
             large["idle"]["rss_mib"] <= 24)
        poll = large["empty_poll"]["cpu_ms"]["median"]
        goal(f"CPU of an empty poll with {int(sizes[-1]):,}, ms", "≤ 2", poll, poll <= 2)
        ready = small["start"]["ready_ms"]["median"], large["start"]["ready_ms"]["median"]
        goal(f"start to READY with {int(sizes[0]):,}, ms", "≤ 50", ready[0], ready[0] <= 50)
        goal(f"start to READY with {int(sizes[-1]):,}, ms", "≤ 100", ready[1], ready[1] <= 100)
        wakes = max(one["idle"]["wake_ups"] for one in ledgers["sizes"].values())
        goal("wake-ups while nothing is due", "0", wakes, wakes == 0)
    return f"""## Goals

{table(["", "goal", "measured", "reached"], rows)}
Commits and requests are counted exactly by a test (tests/simulation/thrift.cpp): a poll that finds a thousand people is committed as
often as one that finds ten.
"""


def markdown(parts):
    of = next(figures for figures in parts.values() if figures)
    where = of["machine"]
    text = f"""# How fast, small and thrifty it is

Made by `./dev bench` on {where['date']}; not to be edited. {where['processors']} × {where['processor']}, Linux {where['kernel']}, ledger on {where['file_system']}.
CPU seconds (user and system, of all threads) and counts hold on a busy machine, too; what is per second of wall time does not:
the load was {where['load']:.1f} at the start. testdome-sync runs as it is shipped, with its ledger on disk and every commit synced; only its
request budgets are widened. The others keep everything in memory: a crash loses it, and pays twice afterwards.

The contenders (tests/bench/contenders/) do the same job in the way people do it today: a script with requests, one call after
another, without the pauses that such scripts have; the same with asyncio and aiohttp, fifty calls at once; the same with Node's
https agent. They read pages and join candidates by fifty as the API suggests, invite one by one, find results in the list of
finished candidates, and write without asking whether something is there already.

"""
    text += goals_section(parts) + "\n"
    sections = {"lives": lives_section, "daily": daily_section, "ledgers": ledgers_section}
    for name, section in sections.items():
        if parts.get(name):
            text += section(parts[name]) + "\n"
    if parts.get("floor"):
        text += floor_section(parts["floor"], parts["lives"] and parts["lives"]["contestants"]["testdome-sync"])
    return text.rstrip() + "\n"
