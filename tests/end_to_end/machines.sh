#!/usr/bin/env bash
# Two and three daemons share a ledger in PostgreSQL: one works, the others stand by. The one that works is killed in a
# loop while people keep applying; another takes over within 15 s, nobody is paid for twice, and everybody is served.
source "$(dirname "$0")/sandbox.sh"
source "$(dirname "$0")/postgresql.sh"
start_sandbox --applicants 120 --arriving-within 45 --invitations-late 40
echo 'timeout: 5s' >>"$directory/mappings.d/engineering.yaml"
use_postgresql

start_machine one
await_machine one service.ready 1 20
start_machine two
await_machine two '"ledger.standby"' 1 20
grep '"ledger.standby"' "$directory/two.log" | grep -q "standing by: .*(process ${machines[one]}) works with ledger PostgreSQL 127.0.0.1:$port/ledger" ||
  fail "two does not say for whom it stands by: $(cat "$directory/two.log")"
run status >"$directory/status" || true
grep -q "ledger: PostgreSQL 127.0.0.1:$port/ledger, held by .*(process ${machines[one]}) since 20" "$directory/status" || fail "status does not say who holds the ledger: $(cat "$directory/status")"

# What a person decides at another machine, whoever works with the ledger carries out.
run pause engineering --why 'from elsewhere' >"$directory/out" 2>&1 || fail "pause: $(cat "$directory/out")"
run resume engineering >"$directory/out" 2>&1 || fail "resume: $(cat "$directory/out")"
[ "$(sql ledger "SELECT count(*) FROM decisions WHERE who LIKE '%@%'")" -eq 2 ] || fail "who decided is not told: $(sql ledger 'SELECT * FROM decisions')"
[ "$(sql ledger 'SELECT count(*) FROM requests')" -eq 0 ] || fail "an answered request is left"

start_machine three
await_machine three '"ledger.standby"' 1 20
# The one that works dies; one of the others goes on, and the dead one comes back to stand by.
slowest=0
for round in 1 2 3; do
  await_machine one 'invitation.sent' 1 30
  owner=$(sql ledger "SELECT substring(holder FROM 'process ([0-9]+)') FROM leases")
  for name in "${!machines[@]}"; do [ "${machines[$name]}" != "$owner" ] || victim=$name; done
  taken=$(($(count '"ledger.taken"' one) + $(count '"ledger.taken"' two) + $(count '"ledger.taken"' three)))
  before=${EPOCHREALTIME/./}
  kill_machine "$victim"
  until [ $(($(count '"ledger.taken"' one) + $(count '"ledger.taken"' two) + $(count '"ledger.taken"' three))) -gt "$taken" ]; do
    [ $(((${EPOCHREALTIME/./} - before) / 1000)) -lt 30000 ] || fail "nobody has taken over: $(tail -n 2 "$directory"/{one,two,three}.log)"
    sleep 0.02
  done
  milliseconds=$(((${EPOCHREALTIME/./} - before) / 1000))
  [ "$milliseconds" -le "$slowest" ] || slowest=$milliseconds
  start_machine "$victim"
done
[ "$slowest" -lt 15000 ] || fail "it took $slowest ms until another machine took over"
books_are_right 60

# Who stops in good order gives the ledger away at once.
owner=$(sql ledger "SELECT substring(holder FROM 'process ([0-9]+)') FROM leases")
for name in "${!machines[@]}"; do [ "${machines[$name]}" != "$owner" ] || victim=$name; done
stop_machine "$victim"
until [ "$(sql ledger "SELECT substring(holder FROM 'process ([0-9]+)') FROM leases")" != "$owner" ]; do
  [ "$SECONDS" -lt 115 ] || fail "nobody has taken over from who stopped"
  sleep 0.05
done
for name in "${!machines[@]}"; do stop_machine "$name"; done
# With no daemon there, the command does it itself.
run pause engineering >"$directory/out" 2>&1 || fail "pause without a daemon: $(cat "$directory/out")"
echo "3 kills in $SECONDS s, taken over after $slowest ms at most, $(ask books | jq .paid) people paid for once each"
