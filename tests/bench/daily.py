"""Delay from somebody's appearance to the invitation, and how often the disk is synced."""
import os
import shutil
import signal
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


def syncs(program, applicants, scratch):
    """How often a whole life of each applicant syncs the disk; strace slows it down, so nothing else is measured."""
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
            return sum("sync(" in line for line in lines) / applicants
    finally:
        world.end()
        shutil.rmtree(world.directory)
