#!/usr/bin/env bash
# A program as the HR system: the example in Python serves a file and records what is written back.
source "$(dirname "$0")/sandbox.sh"
source=$(realpath "$(dirname "$0")/../..")
connector=$source/connectors/exec/json_file_connector.py
[ -x /usr/bin/python3 ] || { echo "skipped: there is no python3"; exit 77; }
start_sandbox

# The people whom the sandbox's TestDome knows: they pass, fail, never take the test, are refused, were invited by hand.
jq -n '[{n: "Ada Byron", e: "ada"}, {n: "Grace Hopper", e: "grace"}, {n: "Alan Mathison", e: "alan"}, {n: "Niklaus Emil", e: "niklaus"}, {n: "Ken Lane", e: "ken"},
  {n: "John Backus", e: "john", s: "rejected"}]
  | to_entries | map({application: {id: (.key + 1 | tostring), applied_at: "2026-11-24T07:00:00Z"}, status: (.value.s // "active"), job: {name: "C++ Engineer"}, stage: {name: "Online Test"},
      applicant: {name: .value.n, email: (.value.e + "@example.com")}})' >"$directory/applications.json"
written=$directory/written.jsonl
mapping=$directory/mappings.d/engineering.yaml
echo t0ken-of-hr >"$directory/hr-token"
chmod 600 "$directory/hr-token"
{
  cat <<YAML
connector: exec
command: [/usr/bin/python3, $connector, $directory/applications.json, $written]
environment: {HR_TOKEN: !file ../hr-token}
actions: {note: checkable, field: idempotent, move_stage: idempotent}
idle: 1s
poll: {every: 1s, start: all}
YAML
  sed -n '/^rules:/,$p' "$mapping"
} >"$directory/exec.yaml"
mv "$directory/exec.yaml" "$mapping"

# The example and the program's own examination.
"$program" connectors --writes --test-exec "$connector" "$directory/applications.json" "$directory/tried.jsonl" >"$directory/tried" || fail "the example does not conform: $(cat "$directory/tried")"
status=0
"$program" connectors --json --timeout 5 --test-exec /bin/cat >"$directory/tried" || status=$?
[ "$status" -eq 1 ] || fail "/bin/cat conforms"
jq -e 'any(.outcome == "failed")' "$directory/tried" >/dev/null || fail "--json: $(cat "$directory/tried")"

# The example mapping is one that `check` takes, and a misspelt action is found where it stands, without starting anything.
cp "$mapping" "$directory/good.yaml"
cp "$source/connectors/exec/example.yaml" "$mapping"
"$program" check --config "$configuration" >/dev/null || fail "connectors/exec/example.yaml is refused"
sed 's/- note:/- notes:/' "$directory/good.yaml" >"$mapping"
"$program" check --config "$configuration" 2>"$directory/err" && fail "a misspelt action is taken"
grep -q 'engineering.yaml:[0-9]*:7: "actions" does not say what the program.s action "notes" is; did you mean "note"?' "$directory/err" || fail "a misspelt action: $(cat "$directory/err")"
sed 's/note: checkable/note: idempotent/' "$directory/good.yaml" >"$mapping"
"$program" check --online --config "$configuration" 2>"$directory/err" && fail "a promise that the program does not give is taken"
grep -q 'the mapping says that "note" is idempotent, and the program says that it is checkable' "$directory/err" || fail "another promise: $(cat "$directory/err")"
cp "$directory/good.yaml" "$mapping"
"$program" check --online --config "$configuration" >/dev/null || fail "check --online"

everything_is_written() {
  [ -e "$written" ] && jq -s -e '
    (map(select(.action == "note" and (.argument | test("% in C"))) | .application) | sort) == ["1", "2", "3", "5"] and
    (map(select(.action == "note" and (.argument | test("not taken"))) | .application)) == ["4"] and
    (map(select(.action == "field") | .application) | unique) == ["1", "2", "3", "5"] and
    (map(select(.action == "move_stage") | .application) | unique) == ["1", "2", "5"]' "$written" >/dev/null
}
start_daemon "$directory/run.log"
for round in $(seq 600); do
  everything_is_written && break
  # It is killed now and then, program and all, and nothing is written twice.
  if [ $((round % 25)) -eq 0 ] && [ "$round" -lt 200 ]; then
    kill_daemon
    start_daemon "$directory/run.log"
  fi
  sleep 0.1
done
stop_daemon "$directory/run.log"
everything_is_written || fail "not everything is written: $(cat "$written" "$directory/run.log")"
jq -s -e 'group_by(.marker) | all(length == 1 or .[0].action != "note")' "$written" >/dev/null || fail "a note is there twice: $(cat "$written")"
[ "$(ask books | jq .paid)" -eq 4 ] || fail "paid: $(ask books)"
! grep -qE 't0ken|ada@|niklaus@' "$directory/run.log" || fail "a secret or an address is in the log"
! pgrep -f "$connector" >/dev/null || fail "a program has outlived the daemon"
echo "a program in Python is an HR connector: 5 people served, in spite of being killed"
