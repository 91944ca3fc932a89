"""Whole lives: from the first poll to the last write-back of everybody, by each contestant in turn."""
import os
import shutil
import tempfile
import time

from processes import Measured, spread
from sandbox import Sandbox

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = "testdome-sync"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}  # no proxies or certificate bundles of whoever measures
CONTENDERS = {
    "Python, requests": ["/usr/bin/python3", "sequential.py"],
    "Python, aiohttp": ["/usr/bin/python3", "asynchronous.py"],
    "Node.js, https agent": ["/usr/bin/node", "agent.mjs"],
}
MOVE = "POST /greenhouse/v3/applications/{id}/move"
LOOK_EVERY = 5  # seconds; ten times as often as anybody would
SAMPLES_THAT_PASS = 4  # the sandbox's own people are served as well


def command_of(name, program, world):
    if name == OURS:
        return [program, "run", "--config", world.configuration]
    interpreter, script = CONTENDERS[name]
    return [interpreter, os.path.join(HERE, "contenders", script), world.url, world.ca_file, str(world.look_every)]


def wait_until_served(world, contestant, applicants, patience):
    """Everybody made up is invited and has notes, score and stage; else the run is worth nothing."""
    end = time.monotonic() + patience
    while time.monotonic() < end and not contestant.has_ended():
        time.sleep(0.2)
        if world.traffic()["requests"].get(MOVE, 0) < applicants + SAMPLES_THAT_PASS:
            continue
        took = time.monotonic() - contestant.began
        wrong = [one for one in world.ask("outcomes") if one["applicant"].startswith("Person") and not one["ok"]]
        if not wrong:
            return took
    with open(os.path.join(world.directory, "contestant.log")) as log:
        raise SystemExit("not everybody was served: " + "".join(log.readlines()[-5:]))


def live_in(world, name, program, applicants, patience=600):
    """The life of all applicants of a sandbox that is fresh; returns its figures."""
    before = world.cpu()
    with open(os.path.join(world.directory, "contestant.log"), "w") as output:
        contestant = Measured(command_of(name, program, world), output, env=ENVIRONMENT)
    try:
        seconds = wait_until_served(world, contestant, applicants, patience)
        peak = contestant.status("VmHWM")
        traffic = world.traffic()
        busy = world.cpu() - before
    finally:
        cpu = contestant.end()
    return {
        "seconds": seconds,
        "applicants_per_second": applicants / seconds,
        "cpu_seconds_per_1000": cpu / applicants * 1000,
        "applicants_per_cpu_second": applicants / cpu,
        "kernel_share": contestant.usage.ru_stime / cpu,
        "peak_mib": peak / 1024,
        "server_idle_share": max(0.0, 1 - busy / seconds),
        "requests_per_applicant": sum(traffic["requests"].values()) / applicants,
        "requests": {endpoint: count / applicants for endpoint, count in traffic["requests"].items()},
        "bytes_per_applicant": (traffic["bytes_in"] + traffic["bytes_out"]) / applicants,
        "connections": traffic["connections"],
        "handshakes": traffic["handshakes"],
    }


def live(name, program, applicants, scratch, *options, overlap="1m", patience=600):
    """One life in a sandbox of its own; `options` are the sandbox's."""
    world = Sandbox(program, tempfile.mkdtemp(prefix="life-", dir=scratch), applicants, *options)
    try:
        world.unhindered(LOOK_EVERY, overlap)
        return live_in(world, name, program, applicants, patience)
    finally:
        world.end()
        shutil.rmtree(world.directory)


def race(program, applicants, runs, scratch, say):
    """Every contestant `runs` times, in an order that is turned round each time."""
    names = [OURS, *CONTENDERS]
    lives = {name: [] for name in names}
    for number in range(runs):
        for name in names if number % 2 == 0 else reversed(names):
            one = live(name, program, applicants, scratch)
            lives[name].append(one)
            say(f"run {number + 1} of {runs}, {name}: {one['seconds']:.1f} s, "
                f"{one['cpu_seconds_per_1000']:.2f} CPU s for 1,000, server idle {one['server_idle_share']:.0%}")
    return lives


def summary(lives):
    """The spread of each figure, and beside a contender's the ratio to ours run by run."""
    made = {}
    for name, runs in lives.items():
        figures = {key: spread([one[key] for one in runs]) for key, value in runs[0].items() if key != "requests"}
        figures["requests"] = {endpoint: spread([one["requests"].get(endpoint, 0) for one in runs])
                               for endpoint in sorted({key for one in runs for key in one["requests"]})}
        figures["ours_per_cpu_second"] = spread([ours["applicants_per_cpu_second"] / theirs["applicants_per_cpu_second"]
                                                 for ours, theirs in zip(lives[OURS], runs)])
        made[name] = figures
    return made
