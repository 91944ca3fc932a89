"""Processes under measurement, as the kernel accounts for them."""
import os
import signal
import statistics
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")


class Measured:
    """A process from its start to its end. CPU seconds are the kernel's sum for the ended process, all threads."""

    def __init__(self, command, output, stdin=subprocess.DEVNULL, **more):
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, stdin=stdin, stdout=output, stderr=output, **more)
        self.pid = self.process.pid
        self.usage = None

    def status(self, name):
        with open(f"/proc/{self.pid}/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))

    def cpu_nanoseconds(self):
        """So far, of the threads that still run."""
        total = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/schedstat") as text:
                total += int(text.read().split()[0])
        return total

    def has_ended(self):
        if self.usage is None:
            pid, _, usage = os.wait4(self.pid, os.WNOHANG)
            self.usage = usage if pid else None
        return self.usage is not None

    def end(self):
        """Asks it to end, waits, and returns its CPU seconds."""
        if not self.has_ended():
            os.kill(self.pid, signal.SIGTERM)
            self.usage = os.wait4(self.pid, 0)[2]
        self.process.returncode = 0  # it is reaped; subprocess need not look for it
        return self.usage.ru_utime + self.usage.ru_stime


def cpu_of(pid):
    """User and system seconds of a process that runs."""
    with open(f"/proc/{pid}/stat") as text:
        fields = text.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def thread_names(pid):
    names = set()
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/comm") as text:
                names.add(text.read().strip())
        except FileNotFoundError:
            pass  # it has just ended
    return names


def wake_ups(pid):
    """How often its threads have begun to wait, which is once for each time that they woke up."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status") as lines:
            total += next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
    return total


def spread(values):
    """Minimum, median and maximum."""
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}
