#!/usr/bin/env bash
# The daemon is killed again and again under load; nobody may be paid for twice, and in the end everybody is served.
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 800
sed -i 's/^  poll: {every: 1s}/  poll: {every: 1s}\n  settle: 3s/' "$configuration"

for round in $(seq 60); do
  "$program" run --config "$configuration" 2>>"$directory/run.log" &
  daemon=$!
  sleep "0.$((RANDOM % 40 + 5))"
  kill -KILL "$daemon"
  wait "$daemon" 2>/dev/null || true
done

"$program" run --config "$configuration" 2>"$directory/last.log" &
daemon=$!
pids+=("$daemon")
until grep -q service.ready "$directory/last.log"; do sleep 0.1; done
served=no
for _ in $(seq 240); do
  # The note of the invitation may be missing where the result was known first.
  if ask outcomes | jq -e 'all(.ok or (.missing | test("^1 notes instead of 2$")))' >/dev/null; then served=yes; break; fi
  sleep 0.5
done
kill -TERM "$daemon"
wait "$daemon" || fail "the daemon did not stop cleanly"
ask outcomes | jq -c '.[] | select(.ok | not)' | head -5
[ "$served" = yes ] || fail "somebody was not served"
ask outcomes | jq -e 'all(.paid <= 1)' >/dev/null || fail "somebody was paid for twice"
ask books | jq -e '(.testdome_violations + .greenhouse_violations) | length == 0' >/dev/null || fail "a request that isn't documented: $(ask books)"
! grep -qE 'sandbox-secret|-token-|person[0-9]+@' "$directory/run.log" "$directory/last.log" || fail "a secret or an address is in the log"
echo "killed 60 times, $(ask books | jq .paid) people paid for once each"
