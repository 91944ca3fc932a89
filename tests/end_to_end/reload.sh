#!/usr/bin/env bash
# SIGHUP: a wrong file changes nothing and is told; a right one is in force, with rotated secrets; requests in flight are
# finished, nobody is paid for twice, nobody is polled more often for it, and two hundred times leave nothing open.
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 60 --arriving-within 12 --invitations-late 300
mapping=$directory/mappings.d/engineering.yaml
log=$directory/run.log
# Who listens where systemd would, and writes down what it is told.
python3 -uc 'import socket, sys
told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
told.bind(sys.argv[1])
while True: print(told.recv(4096).decode())' "$directory/notify.sock" >"$directory/notified" &
pids+=($!)
until [ -S "$directory/notify.sock" ]; do sleep 0.01; done
export NOTIFY_SOCKET=$directory/notify.sock

count() { grep -c "\"event\":\"$1\"" "$log" || true; }
# await_count EVENT NUMBER: until the daemon has logged so many of these.
await_count() {
  until [ "$(count "$1")" -ge "$2" ]; do
    kill -0 "$daemon" 2>/dev/null || fail "the daemon has ended before $1: $(tail -n 3 "$log")"
    sleep 0.02
  done
}
reloads=0
reload() {
  "$program" check --config "$configuration" >"$directory/check" 2>&1 || fail "$(cat "$directory/check")"
  reloads=$((reloads + 1))
  kill -HUP "$daemon"
  await_count service.reloaded "$reloads"
}
last() { jq -c "select(.event == \"$1\")" "$log" | tail -n 1; }

start_daemon "$log"
await invitation.sent "$log"

# Under load, with invitations in flight.
in_flight=0
for _ in $(seq 12); do
  for _ in $(seq 50); do
    [ "$("$program" list --json --state inviting --config "$configuration" | jq length)" -eq 0 ] || { in_flight=$((in_flight + 1)); break; }
    sleep 0.02
  done
  reload
done
[ "$in_flight" -gt 0 ] || fail "no reload has met an invitation in flight"
! grep -q invitation.unconfirmed "$log" || fail "a reload has left an invitation in doubt: $(last invitation.unconfirmed)"
last service.reloaded | jq -e '.mappings_unchanged == "1" and .mappings_changed == "0" and .rules_changed == "0"' >/dev/null || fail "what is unchanged: $(last service.reloaded)"

# Whatever is wrong is told, each mistake once, and nothing changes.
cp "$mapping" "$directory/good.yaml"
sed -i 's/^    test: /    tset: /; s/every: 1s/every: soon/' "$mapping"
kill -HUP "$daemon"
await_count config.invalid 3
jq -r 'select(.event == "config.invalid").text' "$log" | grep -q 'the configuration of before goes on: .*engineering.yaml:[0-9]*:[0-9]*: unknown key "tset"' || fail "the mistake is not told: $(last config.invalid)"
until tail -n 3 "$directory/notified" | grep -q '3 mistake(s) in its files'; do sleep 0.02; done
[ "$(count service.reloaded)" -eq "$reloads" ] || fail "a wrong file is in force"
cp "$directory/good.yaml" "$mapping"
# A ledger can't be moved while the daemon runs.
sed -i 's/^ledger: .*/ledger: sqlite:other.db/' "$configuration"
kill -HUP "$daemon"
await_count config.invalid 4
last config.invalid | grep -q 'a reload can.t change that: set it back, or restart' || fail "a moved ledger: $(last config.invalid)"
sed -i 's/^ledger: .*/ledger: sqlite:ledger.db/' "$configuration"
# Nor can a file be missing that the configuration names.
sed -i 's/^ca_file: .*/ca_file: nowhere.pem/' "$mapping"
kill -HUP "$daemon"
await_count config.invalid 5
last config.invalid | grep -q 'nowhere.pem' || fail "a missing file: $(last config.invalid)"
cp "$directory/good.yaml" "$mapping"
reload
tail -n 3 "$directory/notified" | grep -q 'STATUS=polling 1 mapping(s)$' || fail "the status: $(tail -n 5 "$directory/notified")"

# A secret that was rotated: refused as long as it is wrong, good again after the next reload.
echo wrong >"$directory/testdome-client-secret"
echo wrong >"$directory/greenhouse-client-secret"
reload
last service.reloaded | jq -e '.mappings_changed == "1" and .rules_changed == "0"' >/dev/null || fail "a rotated secret is no change: $(last service.reloaded)"
await auth.failed "$log"
await testdome.failed "$log" # the HR system's may have been first
echo sandbox-secret >"$directory/testdome-client-secret"
echo sandbox-secret >"$directory/greenhouse-client-secret"
reload
await testdome.recovered "$log"

# Everybody was served meanwhile; now one rule more, and one of before that asks for approval.
until ask outcomes | jq -e 'all(.missing != "has not applied yet")' >/dev/null; do sleep 0.1; done
sed -i '/^rules:/,/^write_back:/ s/^    cancel_when: .*/    repeat: always/' "$mapping"
sed -i 's|^write_back:.*|  - name: nobody\n    when: !jq .id == "nobody"\n    test: C++ Senior\n    invitation: {message: Hello, reply_to: hr@example.com}\n&|' "$mapping"
reload
last service.reloaded | jq -e '.mappings_changed == "1" and .rules_changed == "1" and .rules_added == "1" and .rules_removed == "0"' >/dev/null || fail "changed rules: $(last service.reloaded)"

# A poll of an unchanged mapping stays when it was due.
sed -i 's/every: 1s, start/every: 1h, start/; s/^poll: {every: 1s}/poll: {every: 1h}/' "$mapping"
reload
await_count poll.done 1
until "$program" status --json --config "$configuration" | jq -e '.mappings[0].next_poll != null' >/dev/null; do sleep 0.05; done
next_poll() { "$program" status --json --config "$configuration" | jq -r '.mappings[0].next_poll'; }
due=$(next_poll)
open_files() { find "/proc/$daemon/fd" -mindepth 1 | wc -l; }
reload
before=$(open_files)
memory() { awk '/^VmRSS:/ { print $2 }' "/proc/$daemon/status"; }
again() { reloads=$((reloads + 1)); kill -HUP "$daemon"; await_count service.reloaded "$reloads"; }
for _ in $(seq 20); do again; done
resident=$(memory)
many=180
! grep -qaE "__(a|t)san_init" "$program" || many=40 # each takes a second there, and leaks are told at the end
for _ in $(seq "$many"); do again; done
[ "$(next_poll)" = "$due" ] || fail "reloads have moved the next poll from $due to $(next_poll)"
[ "$(open_files)" -le $((before + 4)) ] || fail "descriptors stay open: $before before, $(open_files) after: $(ls -l "/proc/$daemon/fd")"
grown=$(($(memory) - resident))
[ "$grown" -le 8192 ] || [ "$many" -lt 180 ] || fail "180 reloads have taken $grown KiB"

# Two at once: the second is not forgotten. One that ends the daemon ends it.
kill -HUP "$daemon"
kill -HUP "$daemon"
await_count service.reloaded $((reloads + 1))
sed -i 's/every: 1h, start/every: 1s, start/; s/^poll: {every: 1h}/poll: {every: 1s}/' "$mapping"
reloads=$(count service.reloaded)
reload
grep -q '^RELOADING=1$' "$directory/notified" && grep -qE '^MONOTONIC_USEC=[0-9]+$' "$directory/notified" || fail "the service manager is not told"
everybody_is_served 60 "$log"

# A reload that waits for a request, and SIGTERM.
start_daemon "$directory/last.log"
await service.ready "$directory/last.log"
kill -HUP "$daemon"
stop_daemon "$directory/last.log"
echo "$(count service.reloaded) reloads in $SECONDS s, $in_flight of them with invitations in flight, $(ask books | jq .paid) people paid for once each, $grown KiB more"
