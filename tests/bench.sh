#!/usr/bin/env bash
# Measures the program against the sandbox on this machine and prints each figure beside its goal and beside a baseline
# that runs in the same minute. Nothing here fails a test: figures depend on the machine.
# tests/bench.sh PROGRAM [APPLICANTS]
source "$(dirname "$0")/end_to_end/sandbox.sh"
applicants=${2:-1000}
runs=5

milliseconds_between() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", (b - a) * 1000 }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { printf "%s (%s … %s)", v[int((NR + 1) / 2)], v[1], v[NR] }'; }
status_field() { awk -v name="$2:" '$1 == name { print $2 }' "/proc/$1/status"; }
cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
mebibytes() { awk -v k="$1" 'BEGIN { printf "%.1f MiB", k / 1024 }'; }
row() { printf '%-52s %-28s %s\n' "$1" "$2" "$3"; }

await_event() { # await_event NAME: reads the daemon's log on file descriptor 3 until the event stands there
  local line
  while IFS= read -r -t 60 -u 3 line; do
    [[ $line == *"\"event\":\"$1\""* ]] && return
  done
  fail "the daemon did not say $1"
}

start_daemon() {
  coproc DAEMON { exec "$program" run --config "$configuration" 2>&1; }
  daemon=$DAEMON_PID
  exec 3<&"${DAEMON[0]}"
}

stop_daemon() {
  kill -TERM "$daemon"
  [ -n "${reader:-}" ] && wait "$reader" || cat <&3 >/dev/null
  wait "$daemon" 2>/dev/null || true
  exec 3<&-
}

start_sandbox --applicants "$applicants"
sed -i 's/poll: {every: 1s}/poll: {every: 1h}/' "$configuration"
sed -i 's/poll: {every: 1s, start: all}/poll: {every: 1h, start: all}/' "$directory/mappings.d/engineering.yaml"

row FIGURE MEASURED "GOAL OR BASELINE"

# One pass over everybody: asked of TestDome per person, and what the machine had to do for it.
before=$EPOCHREALTIME
"$program" once --config "$configuration" 2>/dev/null || fail "once"
after=$EPOCHREALTIME
books=$(ask books)
paid=$(jq .paid <<<"$books")
row "one pass: invite and note $paid applicants" "$(milliseconds_between "$before" "$after") ms" "-"
row "TestDome requests per invited applicant" "$(jq -r '.testdome_requests / .paid * 1000 | round / 1000' <<<"$books")" "≤ 0.1"

# From exec to READY, beside a program that only prints its version.
for _ in $(seq "$runs"); do
  before=$EPOCHREALTIME
  "$program" --version >/dev/null
  milliseconds_between "$before" "$EPOCHREALTIME"
  echo
done | median >"$directory/baseline"
for _ in $(seq "$runs"); do
  before=$EPOCHREALTIME
  start_daemon
  await_event service.ready
  milliseconds_between "$before" "$EPOCHREALTIME" >>"$directory/ready"
  echo >>"$directory/ready"
  stop_daemon
done
row "start to READY, ms" "$(median <"$directory/ready")" "≤ 100; --version: $(cat "$directory/baseline")"

# Idle: everything is written back, and nothing is due for an hour.
start_daemon
await_event poll.done
cat <&3 >/dev/null &
reader=$!
until "$program" status --json --config "$configuration" | jq -e '.write_backs.pending == 0' >/dev/null; do sleep 1; done
quiet_since=0
previous=-1
while [ "$quiet_since" -lt 30 ]; do # so long that kept connections are closed, too
  switches=$(status_field "$daemon" voluntary_ctxt_switches)
  [ "$switches" = "$previous" ] && quiet_since=$((quiet_since + 1)) || quiet_since=0
  previous=$switches
  sleep 1
done
ticks=$(cpu_ticks "$daemon")
sleep 20
row "wake-ups in 20 s with nothing due" "$(($(status_field "$daemon" voluntary_ctxt_switches) - previous))" "0"
row "CPU ticks in these 20 s" "$(($(cpu_ticks "$daemon") - ticks))" "0"
row "resident memory, idle" "$(mebibytes "$(status_field "$daemon" VmRSS)")" "≤ 12 MiB"
row "  of which not shared with other programs' files" "$(mebibytes "$(status_field "$daemon" RssAnon)")" "-"
row "resident memory, peak" "$(mebibytes "$(status_field "$daemon" VmHWM)")" "-"
stop_daemon
