"""What is physically possible on this machine, how far from it each figure is, and what lies between."""
from figures import number, table


def least_life(floor, requests, durability):
    """CPU microseconds of what a life can't do without: (what, how many, µs each)."""
    return [("HTTPS requests", requests, floor["request"]["cpu_us"]),
            ("synced commits", durability["syncs_per_applicant"], floor["commit"]["cpu_us"]),
            ("rows that stand in the ledger at the end", durability["rows_per_applicant"], floor["row"]["cpu_us"])]


def contenders(lives):
    return {name: one for name, one in lives["contestants"].items() if name != "testdome-sync"}


def cpu_us(contestant):
    return contestant["cpu_seconds_per_1000"]["median"] * 1000


def goal_against_floor(floor, lives, durability):
    ours = lives["contestants"]["testdome-sync"]
    parts = least_life(floor, ours["requests_per_applicant"]["median"], durability)
    least = sum(count * each for _, count, each in parts)
    name, best = min(contenders(lives).items(), key=lambda one: cpu_us(one[1]))
    fewest = min(one["requests_per_applicant"]["median"] for one in lives["contestants"].values())
    bare = fewest * floor["request"]["cpu_us"]
    goal = cpu_us(best) / 10
    rows = [[what, number(count), number(each), number(count * each)] for what, count, each in parts]
    rows += [["**together: the least that a life costs here**", "", "", f"**{number(least)}**"],
             ["the fewest requests that anybody makes, alone: nothing is kept, and a crash pays twice", number(fewest),
              number(floor["request"]["cpu_us"]), number(bare)],
             [f"the goal: a tenth of the best contender ({name}, {number(cpu_us(best))} µs)", "", "", number(goal)],
             ["testdome-sync", "", "", number(cpu_us(ours))]]
    where = "below" if goal < least else "above"
    return f"""
### The least that a life can cost

Ten times as many applicants per CPU second as the best contender means a tenth of its CPU for each. Beside it stands what the
floor's own figures add up to for a life: our requests, the disk's syncs, and each row written once, with no JSON, no jq and no
program around them.

{table(["", "for each applicant", "µs each", "CPU, µs"], rows)}
The goal lies {where} this floor ({number(goal / least)} × the floor). A program that did nothing else would do {number(cpu_us(best) / least)} × the best
contender's applicants per CPU second; one that made only the fewest requests and kept nothing, {number(cpu_us(best) / bare)} ×. testdome-sync
takes {number(cpu_us(ours) / least)} × the floor.
"""


def distances(floor, parts):
    """Figures of other sections beside what the floor makes of the same work."""
    request = floor["request"]["cpu_us"] / 1000
    rows = []

    def row(what, value, unit, least, of):
        rows.append([what, f"{number(value)} {unit}", f"{number(least)} {unit}", of, f"× {number(value / least)}"])

    if parts.get("lives") and parts.get("daily"):
        ours = parts["lives"]["contestants"]["testdome-sync"]
        least = sum(count * each for _, count, each in
                    least_life(floor, ours["requests_per_applicant"]["median"], parts["daily"]["durability"]))
        row("CPU of a life", cpu_us(ours), "µs", least, "its requests, syncs and rows, see below")
    if parts.get("results"):
        people, new = parts["results"]["people"], parts["results"]["new"]
        situations = {"open": f"{people:,} invitations open", "finished": f"{people - new:,} older results"}
        for situation, one in parts["results"]["contestants"]["testdome-sync"].items():
            least = one["new"]["requests"]["median"] * request + (new * floor["row"]["cpu_us"] + floor["commit"]["cpu_us"]) / 1000
            row(f"CPU of a look for results, {situations[situation]}", one["new"]["cpu_ms"]["median"], "ms", least,
                f"its requests, {new} rows, one commit")
    if parts.get("ledgers"):
        poll = list(parts["ledgers"]["sizes"].values())[-1]["empty_poll"]["cpu_ms"]["median"]
        row("CPU of an empty poll", poll, "ms", request, "one request")
    if parts.get("daily"):
        delay = parts["daily"]["delays"]["testdome-sync"]
        row("from appearance to invitation, half", delay["p50_ms"], "ms", 500, "half the time between two looks")
        row("from appearance to invitation, 99 of 100", delay["p99_ms"], "ms", 990, "99 of 100 parts of it")
    return table(["", "measured", "floor", "of what", "distance"], rows) if rows else ""


def floor_section(parts):
    of = parts["floor"]
    rows = [[what, number(of[key]["cpu_us"]), number(of[key]["wall_us"])] for what, key in [
        ("a request over a kept TLS connection (Beast, nothing else)", "request"),
        ("a page written and synced (fdatasync)", "sync"),
        ("a commit of one row, synced (SQLite, write-ahead log, synchronous=FULL)", "commit"),
        ("a row within a commit", "row")]]
    text = f"""## The floor

What nobody can do without, with nothing around it:

{table(["", "CPU, µs", "wall time, µs"], rows)}
How far from it the figures above are:

{distances(of, parts)}"""
    if parts.get("lives") and parts.get("daily"):
        text += goal_against_floor(of, parts["lives"], parts["daily"]["durability"])
    return text


def profile_section(of, ours):
    apart, together = of["purposes"], of["purposes_with_allocation"]
    rows = [[name, f"{share:.1%}", f"{together[name]:.1%}" if name in together else "–"]
            for name, share in sorted(apart.items(), key=lambda one: -one[1]) if share >= 0.001]
    functions = [[f"`{one['function'].replace('{}', '(anonymous)')}`" if one["function"] else "functions without a name", one["library"],
                  f"{one['share']:.1%}"] for one in of["functions"]]
    libraries = [[name, f"{share:.1%}"] for name, share in of["libraries"].items() if share >= 0.001]
    kernel = f" The kernel's part is not in here: {ours['kernel_share']['median']:.0%} of a life's CPU time." if ours else ""
    return f"""## What the distance consists of

{number(of['instructions_per_applicant'])} instructions for each life, counted by callgrind over {of['people']:,} of them, less those of a daemon with nobody to
serve. What the C and C++ libraries do (copying, comparing) is counted where it was asked for.{kernel}

{table(["for what", "memory's allocation apart", "with the allocation that it asks for"], rows)}
The ten functions that take most, without what they call; a library without symbols is one row:

{table(["function", "in", "share"], functions)}
By library:

{table(["", "share"], libraries)}"""
