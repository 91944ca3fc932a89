#!/usr/bin/env python3
"""Measures testdome-sync beside what a customer would use instead. bench.py PROGRAM [--quick] [--only PART …]

Each part leaves its figures in build/bench/PART.json, those of a quick run in build/bench/quick. A run of all parts writes
docs/performance.md and its plots; a page that would mix figures of several days or machines is written beside the figures only.
Nothing here fails a test: figures depend on the machine."""
import argparse
import json
import os
import shutil
import sys
import tempfile
import time

import daily
import figures
import floor
import growth
import instructions
import ledgers
import lives
import report
import report_growth
import results
import year

SETTLING = 30  # seconds until kept connections are closed, too
SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def lives_part(run):
    applicants, runs = (200, 1) if run.quick else (run.applicants, run.runs)
    found = lives.race(run.program, applicants, runs, run.scratch, say)
    return {"applicants": applicants, "runs": runs, "contestants": lives.summary(found)}


def ledgers_part(run):
    sizes, runs, seconds, settling = (((1_000, 10_000), 2, 2, 1) if run.quick
                                      else ((1_000, 10_000, 100_000, 1_000_000), 5, 12, SETTLING))
    return {"sizes": ledgers.measure(run.program, sizes, runs, seconds, settling, run.scratch, say), "runs": runs}


def daily_part(run):
    people, seconds = (40, 3) if run.quick else (400, 20)
    return {"people": people, "seconds": seconds, "delays": daily.delays(run.program, people, seconds, run.scratch, say),
            "durability": daily.durability(run.program, 100 if run.quick else 1_000, run.scratch)}


def results_part(run):
    people, new, times, every = (300, 20, 1, 2) if run.quick else (10_000, 100, 2, 5)
    return {"people": people, "new": new, "times": times,
            "contestants": results.measure(run.program, people, new, times, every, run.scratch, say)}


def growth_part(run):
    sizes, counts, applicants = ((100, 300), (1, 10), 100) if run.quick else ((1_000, 3_000, 10_000), (1, 10, 100), 1_000)
    if run.large:
        sizes += (100_000,)
    runs, seconds, settling = (2, 2, 1) if run.quick else (5, 6, SETTLING)
    return {"lives": growth.of_lives(run.program, sizes, run.scratch, say), "applicants": applicants, "overlap": growth.OVERLAP,
            "mappings": growth.of_mappings(run.program, counts, applicants, runs, seconds, settling, run.scratch, say)}


def floor_part(run):
    return floor.measure(run.program, os.path.join(run.programs, "tests", "bench", "bench_floor"), run.scratch)


def profile_part(run):
    return instructions.measure(run.program, 20 if run.quick else 1_000, run.scratch, say)


def year_part(run):
    return year.measure(run.program, run.programs, run.quick, run.scratch, say)


PARTS = {"lives": lives_part, "daily": daily_part, "results": results_part, "ledgers": ledgers_part, "growth": growth_part,
         "year": year_part, "floor": floor_part, "profile": profile_part}


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("program")
    options.add_argument("--quick", action="store_true", help="small sizes: does everything still work?")
    options.add_argument("--applicants", type=int, default=10_000, help="of a whole life (default: %(default)s)")
    options.add_argument("--runs", type=int, default=5, help="whole lives of each contestant (default: %(default)s)")
    options.add_argument("--large", action="store_true", help="also a whole life of 100,000 applicants, which takes long")
    options.add_argument("--only", action="append", choices=sorted(PARTS), help="this part; may be repeated")
    run = options.parse_args()
    run.program = os.path.abspath(run.program)
    run.programs = os.path.dirname(os.path.dirname(run.program))  # the build's folder
    output = os.path.join(SOURCES, "build", "bench", *(["quick"] if run.quick else []))
    os.makedirs(output, exist_ok=True)
    # On a disk, not in memory: durability is part of what is measured.
    run.scratch = tempfile.mkdtemp(prefix="scratch-", dir=output)
    try:
        for name in run.only or PARTS:
            say(f"measuring: {name}")
            made = {"machine": figures.machine(run.scratch), **PARTS[name](run)}
            with open(os.path.join(output, name + ".json"), "w") as file:
                json.dump(made, file, indent=1)
    finally:
        shutil.rmtree(run.scratch)
    parts = {name: figures.figures_in(output, name) for name in PARTS}
    place = output if run.quick or run.only else os.path.join(SOURCES, "docs")
    report_growth.draw(parts, place)
    text = report.markdown(parts)
    with open(os.path.join(place, "performance.md"), "w") as file:
        file.write(text)
    print(text)
    say(f"written to {os.path.relpath(place, SOURCES)}/performance.md, figures to {os.path.relpath(output, SOURCES)}/*.json")


if __name__ == "__main__":
    sys.exit(main())
