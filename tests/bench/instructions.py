"""What a life consists of: the instructions that callgrind counts, by library, purpose and function."""
import os
import shutil
import tempfile

import callgrind
import lives
from processes import Measured
from sandbox import Sandbox

TOP = 10


def counted_life(program, people, scratch):
    """A profile of the daemon from its start to its end, with the life of so many people and of the sandbox's own."""
    world = Sandbox(program, tempfile.mkdtemp(prefix="profile-", dir=scratch), people)
    try:
        world.unhindered(lives.LOOK_EVERY)
        profile = os.path.join(world.directory, "callgrind.out")
        with open(os.path.join(world.directory, "contestant.log"), "w") as log:
            counted = Measured(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + profile,
                                *lives.command_of(lives.OURS, program, world)], log, env=lives.ENVIRONMENT)
        try:
            lives.wait_until_served(world, counted, people, 600)
        finally:
            counted.end()
        return callgrind.read(profile)
    finally:
        world.end()
        shutil.rmtree(world.directory)


def measure(program, people, scratch, say):
    """Start, end and empty polls are taken off: a life of nobody has them, too."""
    nobody = counted_life(program, 0, scratch)
    profile = counted_life(program, people, scratch).without(nobody)
    say(f"{profile.total / people:,.0f} instructions for each applicant")

    def shares(costs, count=None):
        return {name: cost / profile.total for name, cost in costs.most_common(count)}

    functions = [{"library": library, "function": name, "share": cost / profile.total}
                 for (library, name), cost in profile.by_function().most_common(TOP)]
    return {"people": people, "instructions_per_applicant": profile.total / people, "libraries": shares(profile.by_library(), TOP),
            "purposes": shares(profile.by_purpose()), "purposes_with_allocation": shares(profile.by_purpose(False)),
            "functions": functions}
