#!/usr/bin/env python3
"""Whether what ships for monitoring and docs/monitoring.md speak of the metrics that /metrics has.
names.py METRICS-FILE RULES-OUT: METRICS-FILE is what a daemon has answered. The dashboard's expressions are written to RULES-OUT as
recording rules, so that promtool can judge them."""
import json
import pathlib
import re
import sys

source = pathlib.Path(__file__).resolve().parents[2]
shipped = source / "systemd/monitoring"
prefix = "testdome_sync_"
wrong = []

exposed = {}  # family: names of labels
for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
    if line.startswith("# TYPE "):
        exposed.setdefault(line.split()[2], set())
    elif sample := re.match(r"(\w+)(?:\{(.*)\})? ", line):
        exposed[sample[1]].update(re.findall(r'(\w+)="', sample[2] or ""))
if not exposed.get(prefix + "alarm"):
    sys.exit("no alarm is raised: its labels can't be compared")

# docs/monitoring.md: the table below "## Metrics", `name{label,label}`.
table = (source / "docs/monitoring.md").read_text().split("## Metrics")[1].split("```")[0]
told = {}
for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
    for name, labels in re.findall(r"`(\w+)(?:\{([\w,]*)\})?`", row):
        told[prefix + name] = set(filter(None, labels.split(",")))
if told != exposed:
    for name in sorted(set(told) | set(exposed)):
        if told.get(name) != exposed.get(name):
            wrong.append(f"{name}: docs/monitoring.md has {told.get(name)}, /metrics has {exposed.get(name)}")


def compare(where, expression, labels_shown):
    used = set()
    for name, matchers in re.findall(prefix.join(["", r"(\w+)(?:\{([^}]*)\})?"]), expression):
        if prefix + name not in exposed:
            wrong.append(f"{where}: there is no metric {prefix}{name}")
            continue
        used |= exposed[prefix + name]
        for label in re.findall(r'(\w+)\s*[=!]~?"', matchers):
            if label not in exposed[prefix + name]:
                wrong.append(f"{where}: {prefix}{name} has no label {label}")
    if prefix not in expression:
        wrong.append(f"{where}: an expression without a metric: {expression}")
    for label in labels_shown:
        if label not in used:
            wrong.append(f"{where}: nothing there has a label {label}")


rules = (shipped / "testdome-sync.rules.yaml").read_text()
for rule in rules.split("- alert: ")[1:]:
    compare(rule.split("\n")[0], re.search(r"expr: (.*)", rule)[1], re.findall(r"\$labels\.(\w+)", rule))

dashboard = json.loads((shipped / "testdome-sync.dashboard.json").read_text())
recorded, ids, cells = [], set(), set()
for panel in dashboard["panels"]:
    title = f"dashboard, {panel['title']}"
    if panel["id"] in ids:
        wrong.append(f"{title}: its id is another panel's")
    ids.add(panel["id"])
    place = panel["gridPos"]
    covered = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
    if covered & cells or place["x"] + place["w"] > 24:
        wrong.append(f"{title}: lies over another panel, or beyond the 24 columns")
    cells |= covered
    for target in panel["targets"]:
        compare(title, target["expr"], re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        recorded.append(f"      - {{record: 'panel:{len(recorded)}', expr: {json.dumps(target['expr'])}}}\n")
pathlib.Path(sys.argv[2]).write_text("groups:\n  - name: dashboard\n    rules:\n" + "".join(recorded))

for name in sorted(set(exposed) - set(re.findall(prefix + r"\w+", rules + json.dumps(dashboard)))):
    wrong.append(f"{name} is neither in a rule nor on the dashboard")
sys.exit("\n".join(wrong) if wrong else 0)
