"""A look for results: what it costs when many invitations are open, or many have ended, and a hundred have just finished."""
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time

import lives
from processes import Measured, spread
from sandbox import Sandbox

PATIENCE = 300


class Contender:
    """Looks when it is told to: a line of input is one look."""

    def __init__(self, name, program, world):
        self.answers = os.path.join(world.directory, "contestant.log")
        with open(self.answers, "w") as output:
            self.process = Measured([*lives.command_of(name, program, world), "collecting"], output,
                                    stdin=subprocess.PIPE, env=lives.ENVIRONMENT)
        self.answered = 0
        self.await_answer()

    def await_answer(self):
        self.answered += 1
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not self.process.has_ended():
            with open(self.answers) as lines:
                said = lines.read().splitlines()
            if len(said) >= self.answered:
                return said[-1]
            time.sleep(0.05)
        raise SystemExit("a contender does not answer: " + open(self.answers).read())

    def look(self):
        self.process.process.stdin.write(b"\n")
        self.process.process.stdin.flush()
        self.await_answer()

    def collected(self):
        with open(self.answers) as lines:
            said = lines.read().splitlines()[-1]
        return 0 if said == "invited" else int(said)


class Ours:
    """Looks every few seconds and says nothing of it: a look is over when nobody is asked and nothing is computed."""

    def __init__(self, program, world, every):
        self.world, self.every = world, every
        world.look("1s", "1h")
        world.edit(world.configuration, ("every: 1h", f"every: {every}s"))
        for path in world.mappings:  # what write-backs cost is told elsewhere
            text = open(path).read()
            open(path, "w").write(text[:text.index("write_back:")])
        with open(os.path.join(world.directory, "contestant.log"), "w") as output:
            self.process = Measured(lives.command_of(lives.OURS, program, world), output, env=lives.ENVIRONMENT)

    def activity(self):
        return sum(self.world.traffic()["requests"].values()), self.process.cpu_nanoseconds() // 1_000_000

    def look(self):
        """Waits for the next one, and for its end."""
        began = self.activity()[0]
        while self.activity()[0] == began:
            time.sleep(0.05)
        seen, before = time.monotonic(), None
        while before != (before := self.activity()):
            time.sleep(0.4)
        if time.monotonic() - seen > self.every - 0.4:
            raise SystemExit(f"a look takes so long that the next one may belong to it: {self.every} s between them are too little")

    def collected(self):
        with sqlite3.connect(f"file:{self.world.ledger}?mode=ro", uri=True) as sql:
            return sql.execute("SELECT count(*) FROM assessments WHERE state IN ('completed', 'did_not_take', 'refused')").fetchone()[0]


def one_look(contestant, world):
    """CPU milliseconds and requests."""
    cpu, asked = contestant.process.cpu_nanoseconds(), sum(world.traffic()["requests"].values())
    contestant.look()
    return ((contestant.process.cpu_nanoseconds() - cpu) / 1e6, sum(world.traffic()["requests"].values()) - asked)


def finish(world, people):
    let = world.ask(f"finish?people={people}", "POST")["let"]
    if let != people:
        raise SystemExit(f"{let} people finish instead of {people}")


def settle(contestant):
    """What has happened already is collected."""
    before = -1
    while before != (before := contestant.collected()):
        contestant.look()


def looks(contestant, world, new, times):
    """Of each: nothing new, and `new` people who have just finished."""
    empty, full = [], []
    for _ in range(times):
        empty.append(one_look(contestant, world))
        before = contestant.collected()
        finish(world, new)
        full.append(one_look(contestant, world))
        if contestant.collected() - before != new:
            raise SystemExit(f"{contestant.collected() - before} results were collected instead of {new}")
    return {name: {"cpu_ms": spread([cpu for cpu, _ in found]), "requests": spread([count for _, count in found])}
            for name, found in (("empty", empty), ("new", full))}


def collect(name, program, people, new, times, every, scratch):
    world = Sandbox(program, tempfile.mkdtemp(prefix="results-", dir=scratch), people + new * times, "--applicants-wait")
    contestant = None
    try:
        world.unhindered()
        contestant = Ours(program, world, every) if name == lives.OURS else Contender(name, program, world)
        end = time.monotonic() + PATIENCE
        while world.ask("books")["paid"] < people + new * times:
            if time.monotonic() > end or contestant.process.has_ended():
                raise SystemExit("not everybody is invited: " + open(os.path.join(world.directory, "contestant.log")).read()[-2000:])
            time.sleep(0.2)
        time.sleep(6)  # so long take the sandbox's own people, of whom one is scored by hand
        settle(contestant)
        figures = {"open": looks(contestant, world, new, times)}
        finish(world, people - new * times)
        settle(contestant)
        return {**figures, "finished": looks(contestant, world, new, times)}
    finally:
        if contestant:
            contestant.process.end()
        world.end()
        shutil.rmtree(world.directory)


def measure(program, people, new, times, every, scratch, say):
    made = {}
    for name in [lives.OURS, *lives.CONTENDERS]:
        made[name] = collect(name, program, people, new, times, every, scratch)
        say(f"{name}: " + ", ".join(
            f"{situation} {one['new']['cpu_ms']['median']:.0f} ms and {one['new']['requests']['median']:.0f} requests for {new} new results"
            for situation, one in made[name].items()))
    return made
