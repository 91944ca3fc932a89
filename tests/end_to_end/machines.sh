#!/usr/bin/env bash
# Two and three daemons share a ledger in PostgreSQL and work at the same time, each on its parts: TestDome and two
# mappings. Each is killed in turn while people keep applying; others go on with its parts within 15 s, nobody is paid for
# twice, and everybody is served.
source "$(dirname "$0")/sandbox.sh"
source "$(dirname "$0")/postgresql.sh"
start_sandbox --applicants 120 --arriving-within 60 --invitations-late 40
echo 'timeout: 5s' >>"$directory/mappings.d/engineering.yaml"
# The same HR system, signed in to by another name, as if with other credentials: each mapping has half of the people.
sed '/^token_url:/s#//127.0.0.1:#//localhost:#' "$directory/mappings.d/engineering.yaml" >"$directory/mappings.d/even.yaml"
sed -i 's#when: !jq #&(.application.id | tonumber) % 2 == 1 and #' "$directory/mappings.d/engineering.yaml"
sed -i 's#when: !jq #&(.application.id | tonumber) % 2 == 0 and #' "$directory/mappings.d/even.yaml"
use_postgresql
# How many parts are done by machines that are there, and by how many of them.
divided() { sql ledger "SELECT count(*), count(DISTINCT machine) FROM parts JOIN machines ON number = machine"; }
await_division() { # await_division PARTS|MACHINES SECONDS
  local until=$((SECONDS + $2))
  until [ "$(divided)" = "$1" ]; do
    [ "$SECONDS" -lt "$until" ] || fail "the work is not divided as $1: $(sql ledger 'SELECT * FROM parts'; tail -n 2 "$directory"/{one,two,three}.log)"
    sleep 0.05
  done
}

start_machine one
await_machine one '"part.taken"' 3 20
start_machine two
await_machine two '"part.taken"' 1 20
await_machine one '"part.given"' 1 20
await_division '3|2' 20
start_machine three
await_division '3|3' 20
run status >"$directory/status" || true
for part in TestDome 'mapping engineering' 'mapping even'; do
  grep -qE "^$part +.*\(process [0-9]+\) +20" "$directory/status" || fail "status does not say who does $part: $(cat "$directory/status")"
done
grep -q "ledger: PostgreSQL 127.0.0.1:$port/ledger, shared by 3 machine(s)" "$directory/status" || fail "status does not say how many there are: $(cat "$directory/status")"
run status --json >"$directory/status" || true
for name in "${!machines[@]}"; do
  jq -e --arg process "(process ${machines[$name]})" '.ledger.parts | map(select(.present and (.name | contains($process)))) | length == 1' "$directory/status" >/dev/null ||
    fail "$name does not do one part: $(cat "$directory/status")"
done

# What a person decides at any machine, one of them carries out, and the others heed.
run pause even --why 'from elsewhere' >"$directory/out" 2>&1 || fail "pause: $(cat "$directory/out")"
run resume even >"$directory/out" 2>&1 || fail "resume: $(cat "$directory/out")"
run poll even >"$directory/out" 2>&1 || fail "poll: $(cat "$directory/out")"
[ "$(sql ledger "SELECT count(*) FROM decisions WHERE who LIKE '%@%'")" -eq 2 ] || fail "who decided is not told: $(sql ledger 'SELECT * FROM decisions')"
[ "$(sql ledger 'SELECT count(*) FROM requests')" -eq 0 ] || fail "an answered request is left"
sed 's#^ledger:.*#&\nlog: {level: error}#' "$configuration" >"$directory/once.yaml"
expect 75 "$program" once --config "$directory/once.yaml"
grep -q 'works with ledger PostgreSQL' "$directory/err" || fail "once works beside the daemons: $(cat "$directory/err")"

# Each dies once; the others go on with what it did, and it comes back.
slowest=0
for victim in one two three; do
  await_division '3|3' 40
  process=${machines[$victim]}
  before=${EPOCHREALTIME/./}
  kill_machine "$victim"
  until [ "$(sql ledger "SELECT count(*) FROM parts JOIN machines ON number = machine WHERE machine_name NOT LIKE '%(process $process)'")" -eq 3 ]; do
    [ $(((${EPOCHREALTIME/./} - before) / 1000)) -lt 30000 ] || fail "nobody has taken over: $(tail -n 2 "$directory"/{one,two,three}.log)"
    sleep 0.02
  done
  milliseconds=$(((${EPOCHREALTIME/./} - before) / 1000))
  [ "$milliseconds" -le "$slowest" ] || slowest=$milliseconds
  start_machine "$victim"
done
[ "$slowest" -lt 15000 ] || fail "it took $slowest ms until another machine took over"
books_are_right 60
for name in one two three; do
  [ "$(count '"part.taken"' "$name")" -ge 1 ] || fail "$name never had a part"
  [ "$(count '"part.lost"' "$name")" -eq 0 ] || fail "$name lost a part: $(grep '"part.lost"' "$directory/$name.log")"
done

# Who stops in good order leaves its parts to others at once.
await_division '3|3' 40
stop_machine two
await_division '3|2' 6
for name in "${!machines[@]}"; do stop_machine "$name"; done
[ "$(sql ledger 'SELECT count(*) FROM machines')" -eq 0 ] || fail "a machine that has ended is there: $(sql ledger 'SELECT * FROM machines')"
# With no daemon there, the command does it itself.
run pause engineering >"$directory/out" 2>&1 || fail "pause without a daemon: $(cat "$directory/out")"
echo "3 kills of 3 machines that all work, in $SECONDS s, taken over after $slowest ms at most, $(ask books | jq .paid) people paid for once each"
