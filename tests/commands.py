#!/usr/bin/env python3
"""Whether every command and option that the documentation shows is one that the program has. commands.py PROGRAM"""
import functools
import pathlib
import re
import shlex
import subprocess
import sys

source = pathlib.Path(__file__).resolve().parent.parent
program = sys.argv[1]
hidden = {"completion", "manual", "events"}  # of the build; they have no page


@functools.cache
def help_of(*path):
    return subprocess.run([program, *path, "--help"], capture_output=True, text=True, check=True).stdout


@functools.cache
def commands(*path):
    part = help_of(*path).split("Subcommands:")
    return set(re.findall(r"^  ([a-z-]+) ", part[1], re.MULTILINE)) if len(part) > 1 else set()


@functools.cache
def options(*path):
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", help_of(*path).split("Subcommands:")[0]))


def complaint(words):
    """About one command line, without the program's name."""
    path = []
    while words and words[0] in commands(*path):
        path.append(words.pop(0))
        if not commands(*path):
            break
    first = words[0] if words else ""
    if not path and first and not first.startswith("-") and first not in hidden and not first.isupper():
        return f'there is no command "{first}"'
    for word in words:
        if word == "--test-exec":
            return None  # what follows belongs to another program
        option = word.split("=")[0]
        if option.startswith("-") and option != "-" and option not in options(*path) | options():
            return f'{" ".join(path)} has no option {option}'
    return None


def command_lines(text):
    """What stands behind the program's name in code: up to a comment, a pipe, or the end of the code."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += re.findall(r"^ {4}.*$", text, re.MULTILINE)
    lines += re.findall(r"`([^`\n]+)`", text) + re.findall(r"\*([^*\n]*testdome-sync [^*\n]*)\*", text)
    for line in lines:
        called = r"^\s*(?:\$ )?(?:sudo (?:-\w+ )?)?(?:env )?(?:[A-Z_]+=\S+ )*testdome-sync (.+)"
        if found := re.match(called, line):
            yield re.split(r"\s#|[|;&…·)]|\s\[|^#", found[1].replace("\\|", "|"))[0]


wrong, seen = [], 0
pages = [source / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "systemd/debian/README.Debian")]
pages += sorted(source.glob("docs/**/*.md")) + sorted(source.glob("docs/man/*.scd*")) + sorted(source.glob("connectors/**/README.md"))
for page in pages:
    for line in command_lines(page.read_text()):
        try:
            words = shlex.split(line.replace("\\_", "_").replace("\\*", "*"), comments=True)
        except ValueError:
            words = line.split()
        seen += 1
        if why := complaint(words):
            wrong.append(f"{page.relative_to(source)}: testdome-sync {line.strip()}: {why}")

# The table of operator commands names them without the program.
table = (source / "docs/operations.md").read_text().split("## Operator commands")[1].split("\n## ")[0]
for cell in re.findall(r"^\| (`(?:\\\||[^|])*) \|", table, re.MULTILINE):
    for line in re.findall(r"`([^`]+)`", cell):
        seen += 1
        if why := complaint(line.replace("\\|", "").replace("…", "").split()):
            wrong.append(f"docs/operations.md: {line}: {why}")
if seen < 60:
    wrong.append(f"only {seen} commands were found in the documentation")
sys.exit("\n".join(wrong) if wrong else 0)
