"""docs/performance.md, made of the figures that the parts have left."""
import re

import report_growth
import report_limits
import year_report
from figures import number, spread, table

LIFE_FIGURES = [
    ("applicants per CPU second", "applicants_per_cpu_second"),
    ("CPU seconds for 1,000 applicants", "cpu_seconds_per_1000"),
    ("applicants per second", "applicants_per_second"),
    ("HTTPS requests per applicant", "requests_per_applicant"),
    ("bytes per applicant, TLS records", "bytes_per_applicant"),
    ("connections", "connections"),
    ("TLS handshakes", "handshakes"),
    ("of the CPU time, in the kernel", "kernel_share"),
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
once and every write-back is there. Everybody looks for news every five seconds, at both sides. The median, and minimum … maximum.

{table(["", *names], rows)}
Requests per applicant by endpoint (median):

{table(["", *names], asked)}"""


def daily_section(of):
    rows = [[name, f"{number(one['p50_ms'])} ms", f"{number(one['p99_ms'])} ms"] for name, one in of["delays"].items()]
    return f"""## From appearance to invitation

{of['people']:,} people apply one after another within {of['seconds']} s; everybody looks once a second.

{table(["", "half of them within", "99 of 100 within"], rows)}
A whole life syncs the disk {number(of['durability']['syncs_per_applicant'])} times for each applicant (strace; the others never do) and leaves {number(of['durability']['rows_per_applicant'])} rows
of each in the ledger.
"""


def results_section(of):
    situations = [("open", f"{of['people']:,} invitations are open, no result is old"),
                  ("finished", f"{of['people'] - of['new']:,} results are old, nothing else is open")]
    rows = []
    for key, title in situations:
        for what, kind in ((f"{of['new']} have just finished", "new"), ("nobody has", "empty")):
            rows.append([f"{title}; {what}"] + [f"{spread(one[key][kind]['cpu_ms'])} ms, {number(one[key][kind]['requests']['median'])} requests"
                                                for one in of["contestants"].values()])
    return f"""## A look for results

CPU and requests of one look at TestDome (median of {of['times']}). testdome-sync asks for what is unfinished, a hundred in a page, and for those who are no longer in
it; what it finds is committed to the ledger. The others read the list of all who have finished, and find in memory who is new:
that is the cheaper way while few have, and grows with the history for ever. Nothing is written back here.

{table(["", *of["contestants"]], rows)}"""


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
        sizes = list(ledgers["sizes"])
        usual = "10000" if "10000" in sizes else sizes[0]
        small, large = ledgers["sizes"][usual], ledgers["sizes"][sizes[-1]]
        goal("idle memory, MiB", "≤ 12", small["idle"]["rss_mib"], small["idle"]["rss_mib"] <= 12)
        goal(f"idle memory with {int(sizes[-1]):,} assessments, MiB", "≤ 24", large["idle"]["rss_mib"],
             large["idle"]["rss_mib"] <= 24)
        poll = large["empty_poll"]["cpu_ms"]["median"]
        goal(f"CPU of an empty poll with {int(sizes[-1]):,}, ms", "≤ 2", poll, poll <= 2)
        ready = small["start"]["ready_ms"]["median"], large["start"]["ready_ms"]["median"]
        goal(f"start to READY with {int(usual):,}, ms", "≤ 50", ready[0], ready[0] <= 50)
        if usual != sizes[-1]:
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
    measured = {name: figures["machine"] for name, figures in parts.items() if figures}
    if len({one["date"] for one in measured.values()}) > 1:
        text += "Not all of one day: " + ", ".join(f"{name} {one['date']}, load {one['load']:.1f}" for name, one in measured.items()) + ".\n\n"
    text += goals_section(parts) + "\n"
    sections = {"lives": lives_section, "daily": daily_section, "results": results_section, "ledgers": ledgers_section}
    for name, section in sections.items():
        if parts.get(name):
            text += section(parts[name]) + "\n"
    if parts.get("year"):
        text += year_report.year_section(parts["year"]) + "\n"
    if parts.get("growth"):
        text += report_growth.growth_section(parts) + "\n"
    if parts.get("floor"):
        text += report_limits.floor_section(parts) + "\n"
    if parts.get("profile"):
        text += report_limits.profile_section(parts["profile"], parts.get("lives") and parts["lives"]["contestants"]["testdome-sync"])
    return text.rstrip() + "\n"
