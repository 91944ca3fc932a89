"""What the ledger's size costs: start, memory, and polls that bring nothing."""
import os
import socket
import tempfile
import time

from large_ledger import Installation
from lives import ENVIRONMENT
from processes import Measured, cpu_of, spread, thread_names, wake_ups


class Daemon:
    """`testdome-sync run`, from its start until it says that it is ready."""

    def __init__(self, program, configuration, directory):
        path = os.path.join(directory, "notify")
        if os.path.exists(path):
            os.unlink(path)
        self.log = os.path.join(directory, "daemon.log")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified, open(self.log, "w") as log:
            notified.bind(path)
            notified.settimeout(120)
            self.process = Measured([program, "run", "--config", configuration], log,
                                    env={**ENVIRONMENT, "NOTIFY_SOCKET": path})
            try:
                while b"READY=1" not in notified.recv(4096):
                    pass
            except TimeoutError:
                raise SystemExit("the daemon is not ready: " + open(self.log).read())
            self.milliseconds_to_ready = (time.monotonic() - self.process.began) * 1000
            self.cpu_ms_to_ready = self.process.cpu_nanoseconds() / 1e6

    def wait_for(self, event, count=1):
        for _ in range(1200):
            if open(self.log).read().count(f'"event":"{event}"') >= count:
                return
            time.sleep(0.05)
        self.fail(f"the daemon does not say {event}")

    def wait_until_looked_through(self):
        """A large ledger is checked on a second thread, which waits for whoever else computes. CPU seconds until then."""
        end = time.monotonic() + 1800
        while "ledger-check" in thread_names(self.process.pid):
            if time.monotonic() > end:
                self.fail("the ledger is not looked through in half an hour")
            time.sleep(0.1)
        return cpu_of(self.process.pid)

    def fail(self, why):
        self.end()
        raise SystemExit(why)

    def end(self):
        return self.process.end()


def forget_cached(path):
    """The kernel reads the file from the disk again."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def starts(installed, runs, cold):
    wall, cpu = [], []
    for _ in range(runs):
        if cold:
            forget_cached(installed.world.ledger)
        daemon = Daemon(installed.program, installed.world.configuration, installed.world.directory)
        wall.append(daemon.milliseconds_to_ready)
        cpu.append(daemon.cpu_ms_to_ready)
        daemon.end()
    return {"ready_ms": spread(wall), "cpu_ms": spread(cpu)}


def empty_polls(installed, seconds):
    """CPU milliseconds of one poll each second that finds what is known, with its look at TestDome and the alarms."""
    daemon = Daemon(installed.program, installed.world.configuration, installed.world.directory)
    daemon.wait_for("poll.done")
    check = daemon.wait_until_looked_through()
    time.sleep(3)
    samples = []
    for _ in range(3):
        before, asked = daemon.process.cpu_nanoseconds(), installed.world.traffic()["requests"]
        time.sleep(seconds / 3)
        after, now = daemon.process.cpu_nanoseconds(), installed.world.traffic()["requests"]
        polls = sum(now.values()) - sum(asked.values())
        samples.append((after - before) / 1e6 / max(polls, 1))
    peak = daemon.process.status("VmHWM") / 1024
    daemon.end()
    return {"cpu_ms": spread(samples), "peak_mib": peak, "check_cpu_seconds": check}


def idleness(installed, settling, seconds):
    """Nothing is due for an hour."""
    installed.world.look("1s", "1h")
    daemon = Daemon(installed.program, installed.world.configuration, installed.world.directory)
    daemon.wait_for("poll.done")
    daemon.wait_until_looked_through()
    time.sleep(settling)
    before, cpu = wake_ups(daemon.process.pid), daemon.process.cpu_nanoseconds()
    time.sleep(seconds)
    figures = {"wake_ups": wake_ups(daemon.process.pid) - before, "seconds": seconds,
               "cpu_ms": (daemon.process.cpu_nanoseconds() - cpu) / 1e6,
               "rss_mib": daemon.process.status("VmRSS") / 1024,
               "rss_anonymous_mib": daemon.process.status("RssAnon") / 1024}
    daemon.end()
    return figures


def measure(program, sizes, runs, seconds, settling, scratch, say):
    made = {}
    for size in sizes:
        installed = Installation(program, tempfile.mkdtemp(prefix="ledger-", dir=scratch), size)
        try:
            say(f"a ledger of {size:,}: {installed.mib:.0f} MiB, made in {installed.seconds_to_fill:.0f} s")
            figures = {"mib": installed.mib, "start": starts(installed, runs, False),
                       "start_from_disk": starts(installed, runs, True), "empty_poll": empty_polls(installed, seconds)}
            figures["idle"] = idleness(installed, settling, seconds)
            say(f"ready in {figures['start']['ready_ms']['median']:.0f} ms, an empty poll "
                f"{figures['empty_poll']['cpu_ms']['median']:.2f} ms of CPU, idle {figures['idle']['rss_mib']:.1f} MiB, "
                f"{figures['idle']['wake_ups']} wake-ups")
            made[str(size)] = figures
        finally:
            installed.end()
    return made
