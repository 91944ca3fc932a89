"""What systemd hears of the daemon (sd_notify(3)), on a socket of this test. notified.py PROGRAM CONFIGURATION"""
import fcntl
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

INTERVAL = 0.2  # seconds; half of WATCHDOG_USEC


class Daemon:
    """The program with a service manager and a log whose readers are this test."""

    def __init__(self, program, configuration, folder):
        self.heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.heard.bind(folder + "/notify")
        self.heard.settimeout(60)
        self.log, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        os.set_blocking(self.log, False)
        environment = dict(os.environ, NOTIFY_SOCKET=folder + "/notify", WATCHDOG_USEC=str(int(2e6 * INTERVAL)))
        self.process = subprocess.Popen([program, "run", "--config", configuration], stderr=writer, env=environment)
        # Another description of the same pipe: it does not block when the daemon's does.
        self.filler = os.open(f"/proc/self/fd/{writer}", os.O_WRONLY | os.O_NONBLOCK)
        os.close(writer)

    def read_log(self):
        text = b""
        try:
            while part := os.read(self.log, 65536):
                text += part
        except BlockingIOError:
            pass
        return text

    def next(self):
        """The next message as a dictionary; the log is read meanwhile."""
        while self.heard not in select.select([self.heard, self.log], [], [], 60)[0]:
            assert self.read_log(), "nothing is heard, and nothing happens"
        return dict(line.split("=", 1) for line in self.heard.recv(4096).decode().splitlines())

    def next_with(self, key):
        while key not in (message := self.next()):
            pass
        return message

    def block(self):
        """Nobody reads the log any more: the loop stands still in write(2). Returns once it does."""
        try:
            while os.write(self.filler, b"."):
                pass
        except BlockingIOError:
            pass
        while "pipe_write" not in open(f"/proc/{self.process.pid}/wchan").read():
            assert self.process.poll() is None, "the daemon has ended"
            time.sleep(0.01)

    def forget_heard(self):
        self.heard.setblocking(False)
        try:
            while self.heard.recv(4096):
                pass
        except BlockingIOError:
            self.heard.settimeout(60)

    def is_silent(self, seconds):
        self.heard.settimeout(seconds)
        try:
            return not self.heard.recv(4096)
        except TimeoutError:
            return True
        finally:
            self.heard.settimeout(60)


def main(program, configuration):
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(program, configuration, folder)
        try:
            ready = daemon.next_with("READY")
            assert re.fullmatch(r"polling 1 mapping(\(s\))?\b.*", ready["STATUS"]), ready
            for _ in range(3):
                daemon.next_with("WATCHDOG")

            daemon.block()
            daemon.forget_heard()
            assert daemon.is_silent(5 * INTERVAL), "a loop that stands still feeds the watchdog"
            daemon.read_log()
            daemon.next_with("WATCHDOG")

            daemon.process.send_signal(signal.SIGTERM)
            stopping = daemon.next_with("STOPPING")
            assert "finishing the requests in flight" in stopping["STATUS"], stopping
            while daemon.process.poll() is None:
                daemon.read_log()
                time.sleep(0.01)
            assert daemon.process.returncode == 0, daemon.process.returncode
        finally:
            if daemon.process.poll() is None:
                daemon.process.kill()
                daemon.process.wait()
    print("systemd hears when it is ready, alive and stopping, and nothing from a loop that stands still")


main(*sys.argv[1:])
