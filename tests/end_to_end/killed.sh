#!/usr/bin/env bash
# The daemon is killed at hundreds of moments while people keep applying; nobody may be paid for twice, and in the end
# everybody is served.
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 300 --arriving-within 62 --invitations-late 40
echo 'timeout: 5s' >>"$directory/mappings.d/engineering.yaml" # what was in flight at a kill is asked for after twice as long

# How long a start takes here, sanitizers and neighbours included: the kills fall into it and the moments after it.
before=${EPOCHREALTIME/./}
start_daemon "$directory/run.log"
await service.ready "$directory/run.log"
start_milliseconds=$(((${EPOCHREALTIME/./} - before) / 1000))
kill_daemon

kills=1
declare -A hit_after=()
until [ "$SECONDS" -ge 90 ] || { [ "$kills" -ge 300 ] && [ "$SECONDS" -ge 60 ]; }; do
  start_daemon "$directory/round.log"
  moment=$((RANDOM % (2 * start_milliseconds + 300)))
  sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
  kill_daemon
  kills=$((kills + 1))
  last=$(last_event "$directory/round.log") # says where the kill fell
  hit_after[$last]=$((${hit_after[$last]:-0} + 1))
  cat "$directory/round.log" >>"$directory/run.log"
done

start_daemon "$directory/last.log"
await service.ready "$directory/last.log"
everybody_is_served 150 "$directory/run.log" "$directory/last.log"
for event in "${!hit_after[@]}"; do echo "  ${hit_after[$event]} after $event"; done | sort -rn
interrupted=$(cat "$directory/run.log" "$directory/last.log" | grep -c 'the program ended while the invitation' || true)
echo "killed $kills times in $SECONDS s, $interrupted people's invitations in flight, $(ask books | jq .paid) people paid for once each"
