"""Delay from somebody's appearance to the invitation; how often the disk is synced, and how many rows are kept."""
import os
import shutil
import signal
import sqlite3
import tempfile
import time

import lives
from processes import Measured
from sandbox import Sandbox


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def delay(name, program, people, seconds, scratch):
    """People who apply one after another, each looked for once a second."""
    world = Sandbox(program, tempfile.mkdtemp(prefix="delay-", dir=scratch), people, "--arriving-within", str(seconds))
    try:
        world.unhindered()
        with open(os.path.join(world.directory, "contestant.log"), "w") as log:
            contestant = Measured(lives.command_of(name, program, world), log, env=lives.ENVIRONMENT)
        end = time.monotonic() + seconds + 60
        while world.ask("books")["paid"] < people and time.monotonic() < end:
            time.sleep(0.2)
        contestant.end()
        # The sandbox's own people and whoever came first were there before the contestant was.
        delays = world.ask("delays")[len(world.ask("delays")) // 5:]
        return {"p50_ms": percentile(delays, 0.5), "p99_ms": percentile(delays, 0.99)}
    finally:
        world.end()
        shutil.rmtree(world.directory)


def delays(program, people, seconds, scratch, say):
    made = {}
    for name in [lives.OURS, *lives.CONTENDERS]:
        made[name] = delay(name, program, people, seconds, scratch)
        say(f"{name}: invited within {made[name]['p99_ms']} ms (99 of 100)")
    return made


def rows_in(ledger):
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as sql:
        tables = [name for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return sum(sql.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables)


def durability(program, applicants, scratch):
    """How often the disk is synced for each applicant, and how many rows there are of each at the end. strace slows a life
    down, so nothing else is measured."""
    world = Sandbox(program, tempfile.mkdtemp(prefix="syncs-", dir=scratch), applicants)
    try:
        world.unhindered()
        report = os.path.join(world.directory, "strace")
        with open(os.path.join(world.directory, "contestant.log"), "w") as log:
            traced = Measured(["strace", "-f", "-o", report, "-e", "trace=fsync,fdatasync", "-e", "signal=none",
                               *lives.command_of(lives.OURS, program, world)], log, env=lives.ENVIRONMENT)
        try:
            lives.wait_until_served(world, traced, applicants, 600)
        finally:
            with open(f"/proc/{traced.pid}/task/{traced.pid}/children") as children:
                for child in children.read().split():
                    os.kill(int(child), signal.SIGTERM)  # strace ends with it
            traced.process.wait()
        with open(report) as lines:
            syncs = sum("sync(" in line for line in lines)
        return {"syncs_per_applicant": syncs / applicants, "rows_per_applicant": rows_in(world.ledger) / applicants}
    finally:
        world.end()
        shutil.rmtree(world.directory)
