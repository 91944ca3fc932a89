#!/usr/bin/env bash
# The daemon, the servers, or both stand still for longer than requests, sign-ins, the settle window and kept connections
# last, and go on in either order; nobody is paid for twice, and in the end everybody is served.
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 150 --arriving-within 50 --token-seconds 4 --invitations-late 400
sandbox=${pids[0]}
sed -i 's/^  settle: .*/&\n  timeout: 2s/' "$configuration"
sed -i 's/^poll: .*/&\ntimeout: 2s/' "$directory/mappings.d/engineering.yaml"

start_daemon "$directory/run.log"
# A process that stands still can't be asked to end.
trap 'kill -CONT "$sandbox" "$daemon" 2>/dev/null; finish' EXIT
await invitation.sent "$directory/run.log"

# An invitation is in flight: it has had its effect, or will have it within moments, and its answer is yet to come.
await_invitation() {
  for _ in $(seq 300); do
    [ "$("$program" list --json --state inviting --config "$configuration" | jq length)" -eq 0 ] || break
    sleep 0.02
  done
}
await_any_moment() { sleep "0.$((RANDOM % 10))"; }
for_long() { sleep "$((3 + RANDOM % 2)).$((RANDOM % 10))"; } # past 2 s for a request, sometimes past 4 s for a sign-in

servers_stop() { kill -STOP "$sandbox"; for_long; kill -CONT "$sandbox"; }
daemon_stops() { kill -STOP "$daemon"; for_long; kill -CONT "$daemon"; }
# The request is in flight when both stop, and its answer is there at the same moment as the deadline …
both_stop_and_servers_go_on_first() {
  kill -STOP "$sandbox"
  sleep "1.$((RANDOM % 9))"
  kill -STOP "$daemon"
  for_long
  kill -CONT "$sandbox"
  sleep 0.3
  kill -CONT "$daemon"
}
# … or the deadline has passed, the daemon has gone on to look it up, and only then it has its effect.
both_stop_and_the_daemon_goes_on_first() {
  kill -STOP "$sandbox"
  sleep "1.$((RANDOM % 9))"
  kill -STOP "$daemon"
  for_long
  kill -CONT "$daemon"
  sleep "0.$((RANDOM % 9))"
  kill -CONT "$sandbox"
}

pauses=0
pause() { # pause WHEN WHAT
  "await_$1"
  "$2"
  pauses=$((pauses + 1))
}
for when in invitation any_moment; do
  pause "$when" both_stop_and_servers_go_on_first
  pause "$when" servers_stop
  pause "$when" both_stop_and_the_daemon_goes_on_first
  pause "$when" daemon_stops
done
# Longer than a kept connection is kept (25 s).
await_invitation
kill -STOP "$daemon"
sleep 27
kill -CONT "$daemon"
until [ "$(ask outcomes | jq 'map(select(.missing == "has not applied yet")) | length')" -eq 0 ]; do sleep 0.1; done
everybody_is_served 150 "$directory/run.log"
looked_up=$(grep -c invitation.unconfirmed "$directory/run.log" || true)
[ "$looked_up" -gt 0 ] || fail "no pause has hit an invitation"
echo "$((pauses + 1)) pauses in $SECONDS s: $looked_up invitations looked up, $(ask books | jq .paid) people paid for once each"
