#!/usr/bin/env bash
# Applicants come from a database, and the results go back into it once, however often the daemon dies: an SQLite file with
# the example mapping that ships.
source "$(dirname "$0")/sandbox.sh"
start_sandbox
hr() { sqlite3 -cmd '.timeout 5000' "$directory/hr.db" "$@"; }
rm "$directory"/mappings.d/*.yaml
# What was under way when the daemon died is asked for after thrice the timeout.
sed "s#^  file: .*#  file: $directory/hr.db#; s#start: now#start: all#; s#every: 2m#every: 1s#; s#timeout: 30s#timeout: 3s#; s#lock_timeout: 5s#lock_timeout: 2s#" \
  "$(dirname "$0")/../../connectors/sql/example.yaml" >"$directory/mappings.d/hr.yaml"
hr >/dev/null <<'SQL'
PRAGMA journal_mode = WAL;
CREATE TABLE people (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT);
CREATE TABLE jobs (id INTEGER PRIMARY KEY, title TEXT);
CREATE TABLE applications (id INTEGER PRIMARY KEY, person_id INTEGER, job_id INTEGER, applied_at DATETIME, updated_at DATETIME, status TEXT, stage TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, application_id INTEGER, text TEXT);
INSERT INTO jobs VALUES (5, 'C++ Engineer'), (6, 'Cook');
INSERT INTO people VALUES (1, 'Ada', 'Byron''); DROP TABLE notes; --', 'ada@example.com'), (2, 'Alan', 'Mathison', 'alan@example.com'), (3, 'Grace', 'Hopper', 'grace@example.com');
INSERT INTO applications VALUES (11, 1, 5, datetime('now'), datetime('now'), 'active', 'Online Test'), (12, 2, 5, datetime('now'), datetime('now'), 'active', 'Online Test'), (13, 3, 6, datetime('now'), datetime('now'), 'active', 'Online Test');
SQL

"$program" check --online --config "$configuration" >"$directory/check" 2>&1 || fail "the example mapping is not accepted: $(cat "$directory/check")"
for log in one two three; do # dies in the middle, twice
  start_daemon "$directory/$log.log"
  [ "$log" = three ] && break
  await '"event":"\(invitation.sent\|writeback.done\|result.received\)"' "$directory/$log.log"
  kill_daemon
done
results() { hr "SELECT COUNT(*) FROM notes WHERE text LIKE '%\\% in C++ Senior%' ESCAPE '\\'"; }
for _ in $(seq 60); do
  [ "$(results)" -ge 2 ] && [ "$(hr "SELECT stage FROM applications WHERE id = 11")" = Interview ] && break
  sleep 1
done
stop_daemon "$directory/three.log"
[ "$(results)" -eq 2 ] || fail "results in the database: $(hr 'SELECT * FROM notes') $(cat "$directory/three.log")"
[ "$(hr "SELECT COUNT(*) FROM (SELECT 1 FROM notes GROUP BY text HAVING COUNT(*) > 1)")" -eq 0 ] || fail "a note is there twice: $(hr 'SELECT * FROM notes')"
[ "$(hr "SELECT group_concat(stage, ',') FROM applications")" = "Interview,Online Test,Online Test" ] || fail "stages: $(hr 'SELECT * FROM applications')"
[ "$(ask books | jq .paid)" -eq 2 ] || fail "paid: $(ask books)"
! grep -qE 'ada@|alan@|Byron|DROP' "$directory"/*.log || fail "an address or a name is in the log"
echo "two results in the database, once each"
