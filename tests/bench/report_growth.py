"""How costs grow with applicants, ledger and mappings: tables and plots."""
import plots
import straight_lines
from figures import table

PLOT = "performance-growth.svg"


def panels(parts):
    found = []
    if growth := parts.get("growth"):
        found.append(("A whole life of each", "applicants", straight_lines.of_lives(growth["lives"])))
    if ledgers := parts.get("ledgers"):
        found.append(("A ledger of long ago", "assessments", straight_lines.of_ledgers(ledgers["sizes"])))
    if growth:
        found.append(("The same applicants in more HR systems", "mappings", straight_lines.of_mappings(growth["mappings"])))
    return found


def draw(parts, folder):
    if shown := panels(parts):
        plots.draw(f"{folder}/{PLOT}", shown)


def growth_section(parts):
    of = parts["growth"]
    text = f"""## How it grows

![What was measured, and the straight lines]({PLOT})

Points are measured, on logarithmic axes. A line is what a straight line makes of the first point: proportional to the size, level,
or, for what has a fixed part, through the first two points. The last column is the last figure, divided by that line: × 1 lies on
it. In the last table, {of['applicants']:,} applicants are divided among the HR systems, each with a mapping of its own that polls once a second;
start, empty polls and idleness are measured with one served applicant in each. A poll reads again what has changed within
`overlap`, so what each applicant costs also depends on how many polls there are meanwhile: it is {of["overlap"]} here, a minute elsewhere. Joins
and invitations are batched within a mapping, so a few applicants in each of many take more requests.
"""
    for title, axis, series in panels(parts):
        head = [f"{title}; {axis}", *(f"{x:,}" for x, _ in series[0].points), "straight line", "last ÷ line"]
        text += "\n" + table(head, [one.row() for one in series])
    return text
