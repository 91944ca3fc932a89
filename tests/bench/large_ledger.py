"""Ledgers of many finished applicants. The product lives the life of one, and SQL repeats its rows under other names."""
import os
import shutil
import sqlite3
import subprocess
import time

from sandbox import Sandbox

AGE = 60 * 86400  # seconds since they finished: nothing of them is looked at again

# Everything of one applicant of the product's own ledger, under the names of many: the table `numbers` has them.
REPEAT = [
    """INSERT INTO applications SELECT mapping, name, name || '@example.com',
       replace(replace(document, :email, name || '@example.com'), '"id":"' || :application || '"', '"id":"' || name || '"'),
       fingerprint, decision, reason, first_seen - :age, last_seen - :age
       FROM numbers, applications WHERE id = :application""",
    # Checksum 0 says that a row is older than checksums are.
    """INSERT INTO assessments SELECT :first + n, mapping, name, test_key, rule, test_reference, test_id, test_name,
       name || '@example.com', state, cause, reason, 10000000 + n, newest_before, approved, send_alone, cancel_wanted,
       empty_look_ups, revision, result, created_at - :age, updated_at - :age, invited_at - :age, deadline - :age,
       finished_at - :age, settle_until, 0, 0
       FROM numbers, assessments WHERE id = :assessment""",
    """INSERT INTO transitions(assessment_id, at, from_state, to_state, cause, correlation_id)
       SELECT :first + n, at - :age, from_state, to_state, cause, correlation_id
       FROM numbers, transitions WHERE assessment_id = :assessment ORDER BY n""",
    """INSERT INTO write_backs(assessment_id, mapping, event, revision, position, action, argument, marker, state, reason,
       attempts, next_attempt_at, updated_at)
       SELECT :first + n, mapping, event, revision, position, action, argument, marker || n, state, reason, attempts,
       next_attempt_at - :age, updated_at - :age FROM numbers, write_backs WHERE assessment_id = :assessment ORDER BY n""",
]
COUNT = [
    "DELETE FROM counts",
    "INSERT INTO counts SELECT 'assessments', state, (SELECT max(id) FROM transitions), count(*) FROM assessments GROUP BY state",
    "INSERT INTO counts SELECT 'write_backs', '', max(id), count(*) FROM write_backs",
]


class Original:
    """The applicant in a ledger, of those whom the product has served, whose rows are repeated."""

    def __init__(self, sql):
        sql.execute("PRAGMA synchronous = OFF")
        sql.execute("CREATE TEMP TABLE numbers(n INTEGER PRIMARY KEY, name TEXT)")
        self.sql = sql
        self.application, self.email, self.assessment, self.finished_at = sql.execute(
            """SELECT a.application_id, a.email, a.id, a.finished_at FROM assessments a WHERE state = 'completed' AND
               email LIKE 'person%' AND
               NOT EXISTS(SELECT 1 FROM write_backs WHERE assessment_id = a.id AND state <> 'done') LIMIT 1""").fetchone()

    def repeat(self, count, age, name="'many-' || n", begin=1, further=()):
        """As applicants number `begin` and on, `age` seconds older than the original."""
        (highest,) = self.sql.execute("SELECT max(id) FROM assessments").fetchone()
        self.sql.execute("BEGIN")
        self.sql.execute("DELETE FROM numbers")
        self.sql.execute(f"""INSERT INTO numbers WITH RECURSIVE counted(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM counted
                             WHERE n + 1 < ?) SELECT n, {name} FROM counted""", (begin, begin + count))
        for statement in (*REPEAT, *further):
            self.sql.execute(statement, {"application": self.application, "email": self.email, "age": age,
                                         "assessment": self.assessment, "first": highest - begin + 1})
        self.sql.execute("COMMIT")


def multiply(path, count):
    sql = sqlite3.connect(path, isolation_level=None)
    sql.execute("PRAGMA journal_mode = OFF")  # the product puts its own back
    Original(sql).repeat(count, AGE, further=COUNT)
    sql.close()


class Installation:
    """A sandbox whose people are all served, and a ledger that knows `count` more of long ago."""

    def __init__(self, program, directory, count, people=5):
        self.program = program
        self.world = Sandbox(program, directory, people)
        self.world.unhindered()
        self.serve(people)
        began = time.monotonic()
        multiply(self.world.ledger, count)
        self.seconds_to_fill = time.monotonic() - began
        self.mib = os.path.getsize(self.world.ledger) / 2**20

    def serve(self, people):
        for _ in range(60):
            subprocess.run([self.program, "once", "--config", self.world.configuration], stderr=subprocess.DEVNULL)
            served = [one for one in self.world.ask("outcomes") if one["applicant"].startswith("Person") and one["ok"]]
            if len(served) == people:
                return
            time.sleep(0.5)
        raise SystemExit("the people of a small sandbox were not served")

    def end(self):
        self.world.end()
        shutil.rmtree(self.world.directory)
