"""How costs grow: with the applicants of a life, and with the mappings of an installation."""
import shutil
import tempfile

import ledgers
import lives
from sandbox import Sandbox

# What changed so long ago is read again at each poll. A longer window than a short life takes would make a longer life dearer.
OVERLAP = "5s"


def of_lives(program, sizes, scratch, say):
    made = {}
    for applicants in sizes:
        one = lives.live(lives.OURS, program, applicants, scratch, overlap=OVERLAP, patience=7200)
        made[str(applicants)] = {key: one[key] for key in ("seconds", "cpu_seconds_per_1000", "applicants_per_cpu_second",
                                                           "requests_per_applicant", "peak_mib")}
        say(f"{applicants:,} applicants: {one['applicants_per_cpu_second']:.0f} per CPU second, {one['peak_mib']:.1f} MiB at most")
    return made


class Installation:
    """One applicant for each mapping, all served: an idle poll reads one record again."""

    def __init__(self, program, mappings, scratch):
        self.program = program
        self.world = Sandbox(program, tempfile.mkdtemp(prefix="mappings-", dir=scratch), mappings, "--hr-systems", str(mappings))
        self.world.unhindered()
        lives.live_in(self.world, lives.OURS, program, mappings)

    def end(self):
        self.world.end()
        shutil.rmtree(self.world.directory)


def of_mappings(program, counts, applicants, runs, seconds, settling, scratch, say):
    """The same number of applicants, divided among more and more HR systems."""
    made = {}
    for count in counts:
        life = lives.live(lives.OURS, program, applicants, scratch, "--hr-systems", str(count), overlap=OVERLAP)
        installed = Installation(program, count, scratch)
        try:
            start = ledgers.starts(installed, runs, False)
            seconds_after_start = life["cpu_seconds_per_1000"] * applicants / 1000 - start["cpu_ms"]["median"] / 1000
            figures = {"cpu_seconds_per_1000": seconds_after_start / applicants * 1000, "handshakes": life["handshakes"],
                       "requests_per_applicant": life["requests_per_applicant"],
                       "peak_mib": life["peak_mib"], "start": start, "empty_poll": ledgers.empty_polls(installed, seconds),
                       "idle": ledgers.idleness(installed, settling, seconds)}
        finally:
            installed.end()
        made[str(count)] = figures
        say(f"{count} mappings: ready in {figures['start']['ready_ms']['median']:.0f} ms, an empty poll "
            f"{figures['empty_poll']['cpu_ms']['median']:.2f} ms of CPU, idle {figures['idle']['rss_mib']:.1f} MiB")
    return made
