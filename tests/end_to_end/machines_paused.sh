#!/usr/bin/env bash
# Two daemons share a ledger in PostgreSQL, while people keep applying. The one that does TestDome is stopped (SIGSTOP) past
# its lease and goes on when the other has taken over; PostgreSQL dies and comes back; PostgreSQL stands still. Nobody is
# paid for twice, nobody is lost, and who has lost its lease commits nothing.
source "$(dirname "$0")/sandbox.sh"
source "$(dirname "$0")/postgresql.sh"
start_sandbox --applicants 120 --arriving-within 60 --invitations-late 40
echo 'timeout: 5s' >>"$directory/mappings.d/engineering.yaml"
use_postgresql
holder() { sql ledger "SELECT substring(machine_name FROM 'process ([0-9]+)') FROM parts WHERE name = 'testdome' AND machine <> 0"; }
number() { sql ledger "SELECT machine FROM parts WHERE name = 'testdome'"; }
# Waits until one of the machines that run does TestDome: $working, process $owner.
await_holder() {
  local until=$((SECONDS + 20))
  for (( ; ; )); do
    owner=$(holder)
    for name in "${!machines[@]}"; do
      [ "${machines[$name]}" != "$owner" ] || { working=$name; return; }
    done
    [ "$SECONDS" -lt "$until" ] || fail "nobody does TestDome: $(tail -n 2 "$directory"/{one,two}.log)"
    revive
    sleep 0.1
  done
}
# As systemd does it: who has ended is started again.
revive() { for name in one two; do is_alive "$name" || start_machine "$name"; done; }

start_machine one
await_machine one service.ready 1 20
start_machine two
await_machine two '"part.taken"' 1 20

# Twice: stopped at some moment of its work, for longer than its lease lasts.
for round in 1 2; do
  revive
  await_machine one '"\(invitation.sent\|service.ready\)"' 1 20
  await_holder
  stopped=$working before=$(number)
  kill -STOP "$owner"
  until [ "$(number)" -ne "$before" ] && [ "$(number)" -ne 0 ]; do
    [ "$SECONDS" -lt 60 ] || fail "nobody has taken over from who was stopped"
    sleep 0.1
  done
  now=$(number)
  kill -CONT "$owner"
  status=0
  wait "$owner" || status=$?
  [ "$status" -eq 75 ] || fail "who had lost the lease ended with $status: $(tail -n 3 "$directory/$stopped.log")"
  tail -n 1 "$directory/$stopped.log" | grep -qE 'was taken over from this process.* it sends nothing more|(idle-in-transaction|terminat|closed|lost)' ||
    fail "it does not say why it ended: $(tail -n 2 "$directory/$stopped.log")"
  [ "$(number)" -eq "$now" ] || fail "TestDome has changed hands again"
  unset "machines[$stopped]"
done
revive

# PostgreSQL dies: whoever works ends with a word, and waits when it is started again.
await_holder
crash_postgresql
until ! is_alive "$working"; do
  [ "$SECONDS" -lt 90 ] || fail "$working goes on without its ledger"
  sleep 0.1
done
tail -n 1 "$directory/$working.log" | grep -q 'Nothing more is sent' || fail "$working does not say why it ended: $(tail -n 2 "$directory/$working.log")"
revive
await_machine "$working" 'waiting: ledger PostgreSQL .* can.t be reached' 1 20
start_postgresql
# PostgreSQL stands still: whoever works ends with a word long before systemd's watchdog (60 s) would be needed.
await_holder
signal_postgresql STOP
stopped_at=$SECONDS
until ! is_alive "$working"; do
  [ $((SECONDS - stopped_at)) -lt 40 ] || fail "$working waits for a server that stands still"
  sleep 0.1
done
silent=$((SECONDS - stopped_at))
tail -n 1 "$directory/$working.log" | grep -q 'does not answer. Nothing more is sent' || fail "$working does not say why it ended: $(tail -n 2 "$directory/$working.log")"
signal_postgresql CONT
for _ in $(seq 60); do
  revive
  ! ask outcomes | jq -e 'all(.ok or (.missing | test("^1 notes instead of 2$")))' >/dev/null || break
  sleep 1
done
books_are_right 5
for name in "${!machines[@]}"; do stop_machine "$name"; done
echo "2 pauses past the lease, a crash and a pause of PostgreSQL (noticed after $silent s) in $SECONDS s, $(ask books | jq .paid) people paid for once each"
