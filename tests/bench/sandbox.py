"""The made-up TestDome and Greenhouse that every contestant works against: one process, over TLS, on this machine."""
import collections
import glob
import http.client
import json
import os
import re
import ssl
import subprocess
import time

from processes import cpu_of


class Sandbox:
    def __init__(self, program, directory, applicants, *options):
        self.directory = directory
        log = os.path.join(directory, "sandbox.log")
        self.process = subprocess.Popen([program, "sandbox", "--directory", directory, "--applicants", str(applicants),
                                         *options], stdout=open(log, "w"), stderr=subprocess.STDOUT)
        self.pid = self.process.pid
        deadline = time.monotonic() + 20
        while "configuration:" not in open(log).read():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit("the sandbox did not start: " + open(log).read())
            time.sleep(0.02)
        self.url = re.search(r"https://\S+", open(log).read()).group()
        self.ca_file = os.path.join(directory, "ca.pem")
        self.configuration = os.path.join(directory, "testdome-sync.yaml")
        self.mappings = sorted(glob.glob(os.path.join(directory, "mappings.d", "*.yaml")))
        self.ledger = os.path.join(directory, "ledger.db")
        self.connection = http.client.HTTPSConnection(self.url.removeprefix("https://"), timeout=120,
                                                      context=ssl.create_default_context(cafile=self.ca_file))

    def ask(self, what, method="GET"):
        self.connection.request(method, "/sandbox/" + what)
        return json.load(self.connection.getresponse())

    def traffic(self):
        """What came from the contestant, to whichever Greenhouse: our own questions come over one connection and are left out."""
        found = self.ask("traffic")
        found["connections"] -= 1
        found["handshakes"] -= 1
        asked = collections.Counter()
        for name, count in found["requests"].items():
            asked[re.sub(r"/greenhouse-\d+/", "/greenhouse/", name)] += count
        found["requests"] = {name: count for name, count in asked.items() if "/sandbox/" not in name}
        return found

    def edit(self, path, *changes):
        text = open(path).read()
        for before, after in changes:
            if before not in text:
                raise SystemExit(f"{path} has no {before!r}")
            text = text.replace(before, after)
        open(path, "w").write(text)

    def unhindered(self, look_every=1, overlap="1m"):
        """The product's configuration without the limits that the contenders don't know either. Whoever is measured looks
        every so many seconds."""
        self.look_every = look_every
        self.edit(self.configuration, ("poll: {every: 1s}",
                                       f"poll: {{every: {look_every}s}}\n  rate_limit: {{concurrent: 32, per_second: 1000}}"))
        for path in self.mappings:
            self.edit(path, ("poll: {every: 1s, start: all}",
                             f"poll: {{every: {look_every}s, start: all, overlap: {overlap}}}\nrate_limit: {{concurrent: 32, per_second: 1000}}"))

    def look(self, before, now):
        """Changes how often is looked at TestDome and the HR systems: `1s`, `1h`."""
        for path in (self.configuration, *self.mappings):
            self.edit(path, (f"every: {before}", f"every: {now}"))

    def cpu(self):
        return cpu_of(self.pid)

    def end(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()
