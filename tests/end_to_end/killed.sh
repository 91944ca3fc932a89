#!/usr/bin/env bash
# The daemon is killed again and again under load; nobody may be paid for twice, and in the end everybody is served.
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 400
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
everybody_is_served "$daemon" 150 "$directory/run.log" "$directory/last.log"
echo "killed 60 times, $(ask books | jq .paid) people paid for once each"
