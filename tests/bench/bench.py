#!/usr/bin/env python3
"""Measures testdome-sync beside what a customer would use instead. bench.py PROGRAM [--quick] [--only PART …]

Each part leaves its figures in build/bench/PART.json; docs/performance.md is made of them (of a quick run:
build/bench/performance.md). Nothing here fails a test: figures depend on the machine."""
import argparse
import json
import os
import shutil
import sys
import tempfile
import time

import daily
import floor
import ledgers
import lives
import report
import year

SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def lives_part(run):
    applicants, runs = (500, 2) if run.quick else (run.applicants, run.runs)
    found = lives.race(run.program, applicants, runs, run.scratch, say)
    return {"applicants": applicants, "runs": runs, "contestants": lives.summary(found)}


def ledgers_part(run):
    sizes, runs, seconds = ((1_000, 10_000), 3, 6) if run.quick else ((10_000, 100_000, 1_000_000), 5, 12)
    return {"sizes": ledgers.measure(run.program, sizes, runs, seconds, run.scratch, say), "runs": runs}


def daily_part(run):
    people, seconds = (100, 10) if run.quick else (400, 20)
    return {"people": people, "seconds": seconds, "delays": daily.delays(run.program, people, seconds, run.scratch, say),
            "syncs_per_applicant": daily.syncs(run.program, 200 if run.quick else 1_000, run.scratch)}


def floor_part(run):
    return floor.measure(run.program, os.path.join(run.programs, "tests", "bench", "bench_floor"), run.scratch)


def year_part(run):
    return year.measure(run.program, run.programs, run.quick, run.scratch, say)


PARTS = {"lives": lives_part, "daily": daily_part, "ledgers": ledgers_part, "year": year_part, "floor": floor_part}


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("program")
    options.add_argument("--quick", action="store_true", help="small sizes: does everything still work?")
    options.add_argument("--applicants", type=int, default=10_000, help="of a whole life (default: %(default)s)")
    options.add_argument("--runs", type=int, default=5, help="whole lives of each contestant (default: %(default)s)")
    options.add_argument("--only", action="append", choices=sorted(PARTS), help="this part; may be repeated")
    run = options.parse_args()
    run.program = os.path.abspath(run.program)
    run.programs = os.path.dirname(os.path.dirname(run.program))  # the build's folder
    output = os.path.join(SOURCES, "build", "bench")
    os.makedirs(output, exist_ok=True)
    # On a disk, not in memory: durability is part of what is measured.
    run.scratch = tempfile.mkdtemp(prefix="scratch-", dir=output)
    try:
        for name in run.only or PARTS:
            say(f"measuring: {name}")
            figures = {"quick": run.quick, "machine": report.machine(run.scratch), **PARTS[name](run)}
            with open(os.path.join(output, name + ".json"), "w") as file:
                json.dump(figures, file, indent=1)
    finally:
        shutil.rmtree(run.scratch)
    text = report.markdown({name: report.figures_in(output, name) for name in PARTS})
    page = os.path.join(output if run.quick else os.path.join(SOURCES, "docs"), "performance.md")
    with open(page, "w") as file:
        file.write(text)
    print(text)
    say(f"written to {os.path.relpath(page, SOURCES)}, figures to {os.path.relpath(output, SOURCES)}/*.json")


if __name__ == "__main__":
    sys.exit(main())
