"""What nobody can do without, on this machine; see floor.cpp."""
import json
import os
import shutil
import subprocess
import tempfile

from sandbox import Sandbox


def measure(program, floor_program, scratch):
    world = Sandbox(program, tempfile.mkdtemp(prefix="floor-", dir=scratch), 0)
    try:
        host, port = world.url.removeprefix("https://").split(":")
        made = subprocess.run([floor_program, host, port, world.ca_file, "/sandbox/books", world.directory],
                              capture_output=True, text=True, check=True)
        return json.loads(made.stdout)
    finally:
        world.end()
        shutil.rmtree(world.directory)
