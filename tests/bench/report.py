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
    sections = {"lives": lives_section}
    for name, section in sections.items():
        if parts.get(name):
            text += section(parts[name]) + "\n"
    return text.rstrip() + "\n"
