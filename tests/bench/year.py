"""A year of a ledger: so many applicants each day, and each night the product's own eraser does what `retention` says."""
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time

from large_ledger import Installation, Original

DAY = 86400
BEGIN = (int(time.time()) // DAY - 366) * DAY  # so that the original is the youngest of all
# Ids of an HR system that numbers its applications: each is the last one in the order of all.
NAME = "printf('%010d', 4000000000 + n)"


def bytes_by_table(sql, people):
    """Bytes for each applicant, indexes with their table."""
    found = sql.execute("""SELECT coalesce(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat d LEFT JOIN sqlite_schema s ON
                           s.name = d.name GROUP BY 1 ORDER BY 2 DESC""").fetchall()
    return {name: size / people for name, size in found if size / people > 1}


def number(sql, pragma):
    return sql.execute(f"PRAGMA {pragma}").fetchone()[0]


def live(program, eraser, days, people_a_day, retention_days, scratch):
    """Day by day: the file's bytes, those of free pages, how many were erased, and what CPU that took."""
    installed = Installation(program, tempfile.mkdtemp(prefix="year-", dir=scratch), 1)
    ledger = installed.world.ledger
    try:
        made = []
        for day in range(days):
            sql = sqlite3.connect(ledger, isolation_level=None)
            original = Original(sql)
            noon = BEGIN + day * DAY + DAY // 2
            original.repeat(people_a_day, original.finished_at - noon, NAME, 1 + day * people_a_day)
            before = number(sql, "page_count")
            sql.close()
            night = BEGIN + (day + 1) * DAY + 2 * 3600
            told = subprocess.run([eraser, ledger, str(night - retention_days * DAY)], stdout=subprocess.PIPE, check=True)
            sql = sqlite3.connect(ledger)
            page = number(sql, "page_size")
            made.append({"day": day + 1, "people": (day + 1) * people_a_day, "bytes": number(sql, "page_count") * page,
                         "free_bytes": number(sql, "freelist_count") * page, "grown_bytes": before * page,
                         **json.loads(told.stdout)})
            sql.close()
        sql = sqlite3.connect(ledger)
        tables = bytes_by_table(sql, days * people_a_day)
        sql.close()
        return {"retention_days": retention_days, "days": made, "bytes_by_table": tables}
    finally:
        installed.end()


def place_in_memory(scratch):
    """Nothing here depends on the disk, and 7,000 synced commits only take time."""
    memory = "/dev/shm"
    return memory if os.path.isdir(memory) and shutil.disk_usage(memory).free > 2**32 else scratch


def measure(program, programs, quick, scratch, say):
    eraser = os.path.join(programs, "tests", "bench", "bench_night")
    days, people = (90, 100) if quick else (365, 1_000)
    lives = []
    for retention in (15, 45) if quick else (30, 180):
        lives.append(live(program, eraser, days, people, retention, place_in_memory(scratch)))
        last = lives[-1]["days"][-1]
        say(f"{days} days of {people:,} with {retention} days of retention: {last['bytes'] / 2**20:.0f} MiB, "
            f"{last['free_bytes'] / 2**20:.1f} MiB of them free")
    return {"people_a_day": people, "lives": lives}
