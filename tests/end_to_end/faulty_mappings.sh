#!/usr/bin/env bash
# One HR system can't be reached, another refuses the sign-in, a third is a database that hangs; the others are served as if
# they were alone.
source "$(dirname "$0")/sandbox.sh"
start_sandbox
good=$directory/mappings.d/engineering.yaml
sed "s#^url: .*#url: https://127.0.0.1:1/v3#; s#^token_url: .*#token_url: https://127.0.0.1:1/token#" "$good" >"$directory/mappings.d/unreachable.yaml"
echo wrong >"$directory/wrong-secret"
chmod 600 "$directory/wrong-secret"
sed 's#greenhouse-client-secret#wrong-secret#' "$good" >"$directory/mappings.d/refused.yaml"

# Somebody has locked this database and goes on holding it.
python3 -c '
import signal, sqlite3, sys
hr = sqlite3.connect(sys.argv[1], isolation_level=None)
hr.execute("CREATE TABLE applications (id INTEGER PRIMARY KEY)")
hr.execute("BEGIN EXCLUSIVE")
open(sys.argv[1] + ".locked", "w").close()
signal.pause()' "$directory/hr.db" &
holder=$!
pids+=("$holder")
until [ -e "$directory/hr.db.locked" ]; do kill -0 "$holder" 2>/dev/null || fail "the database could not be locked"; sleep 0.05; done
rules='rules: [{name: all, test: C++ Senior, invitation: {reply_to: recruiting@example.com, message: "Please take this test before {{ .deadline }}."}}]'
cat >"$directory/mappings.d/hanging.yaml" <<YAML
connector: sql
database: {type: sqlite, file: ../hr.db, timeout: 10m, lock_timeout: 10m}
list: {query: SELECT id FROM applications}
application: {id: !jq .id}
poll: {every: 1s}
$rules
YAML
mkdir "$directory/exports"
printf 'ID,E-mail\r\n1,person101@example.com\r\n' >"$directory/exports/applications.csv"
cat >"$directory/mappings.d/csv.yaml" <<YAML
connector: csv
files: ../exports
quiet: 1s
application: {id: !jq .ID, applicant: {email: !jq '.["E-mail"]'}}
outcomes: ../exports/outcomes.csv
poll: {every: 1s, start: all}
write_back: {completed: [row: {score: !jq .result.score}]}
$rules
YAML

start_daemon "$directory/run.log"
for _ in $(seq 300); do
  grep -q '^"1","completed"' "$directory/exports/outcomes.csv" 2>/dev/null && break
  kill -0 "$daemon" 2>/dev/null || fail "the daemon has ended: $(tail -n 3 "$directory/run.log")"
  sleep 0.1
done
grep -q '^"1","completed"' "$directory/exports/outcomes.csv" || fail "the export waits for the database: $(cat "$directory/run.log")"
! jq -e 'select(.mapping == "hanging")' "$directory/run.log" >/dev/null || fail "the database does not hang: $(cat "$directory/run.log")"
kill "$holder" # whoever stops the daemon need not wait for it
everybody_is_served 60 "$directory/run.log"

told() { jq -c "select(.event == \"poll.failed\" and .mapping == \"$1\") | .text" "$directory/run.log"; }
told unreachable | grep -q 'no connection to 127.0.0.1 port 1' || fail "the unreachable HR system is not told: $(cat "$directory/run.log")"
told refused | grep -q 'answered 401.*check the credentials' || fail "the refused sign-in is not told: $(cat "$directory/run.log")"
[ "$({ told refused; told unreachable; } | wc -l)" -le 4 ] || fail "the same failure is told again and again"
"$program" status --json --config "$configuration" >"$directory/status" || [ $? -eq 1 ] || fail "status"
jq -e '.mappings | map({(.name): (.last_error != null)}) | add == {csv: false, engineering: false, hanging: false, refused: true, unreachable: true}' "$directory/status" >/dev/null || fail "status: $("$program" status --config "$configuration")"
echo "two faulty mappings and one that hangs have not disturbed the others"
