"""What `year.py` has measured, for docs/performance.md."""
MIB = 2**20
MONTH = 30.4


def size(byte_count):
    mib = byte_count / MIB
    return f"{mib:,.0f}" if mib >= 100 else f"{mib:.3g}"


def month_ends(days):
    """The last day of each of twelve months of the same length; of a shorter life, of as many as there are."""
    return [days[round(month * MONTH) - 1] for month in range(1, 13) if round(month * MONTH) <= len(days)] or [days[-1]]


def growth(days, count=30):
    """Bytes for each new applicant at the end, when as many are erased each day as come."""
    begin, end = days[-1 - count], days[-1]
    return (end["bytes"] - begin["bytes"]) / (end["people"] - begin["people"])


def while_kept(days, retention):
    """Bytes for each applicant before anybody is erased."""
    last = days[min(retention, len(days)) - 1]
    return last["bytes"] / last["people"]


def year_section(of):
    lives, people = of["lives"], of["people_a_day"]
    count = len(lives[0]["days"])
    names = [f"retention of {life['retention_days']} days" for life in lives]
    ends = [month_ends(life["days"]) for life in lives]
    text = f"""## A year of a ledger

{people:,} applicants a day for {count} days, each night erased by the product itself what `retention` says; all of them served and
written back. Sizes are proportional to the applicants: 10,000 a day take {10_000 / people:g} times as much. Rows of SQL, not whole lives; virtual time.

MiB of the file at the end of each month, and of these free (used the next day):

| month | applicants so far | {" | | ".join(names)} | |
| --- | --- |{" --- | --- |" * len(lives)}
"""
    for month, row in enumerate(zip(*ends, strict=True), 1):
        cells = [f"{size(day['bytes'])} | {size(day['free_bytes'])}" for day in row]
        text += f"| {month} | {row[0]['people']:,} | {' | '.join(cells)} |\n"
    text += f"\n|  | {' | '.join(names)} |\n| --- |{' --- |' * len(lives)}\n"
    facts = {
        "bytes of an applicant who is not erased": lambda life: f"{while_kept(life['days'], life['retention_days']):,.0f}",
        "bytes that stay of one who is": lambda life: f"{growth(life['days']):,.0f}",
        "CPU of a night, ms for each who is erased": lambda life: f"{erasing(life)[0]:.3f}",
        "longest that others wait for it, ms of CPU": lambda life: f"{erasing(life)[1]:.1f}",
    }
    for name, fact in facts.items():
        text += f"| {name} | {' | '.join(fact(life) for life in lives)} |\n"
    return text


def erasing(life):
    """Milliseconds for each applicant, and of the longest step of any night."""
    days = [day for day in life["days"] if day["erased"]]
    erased = sum(day["erased"] for day in days)
    return (sum(day["cpu_ms"] for day in days) / max(erased, 1), max((day["longest_step_cpu_ms"] for day in days), default=0))
