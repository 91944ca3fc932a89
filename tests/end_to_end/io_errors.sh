#!/usr/bin/env bash
# The disk under the ledger fails at one system call after the other: the program ends and says which file and what to
# do, or goes on correctly; nothing is sent that isn't stored, and with a disk that is well again everybody is served.
if ! command -v strace >/dev/null; then echo "skipped: strace is not installed (./dev test installs it)"; exit 77; fi
strace -o /dev/null true 2>/dev/null || { echo "skipped: strace may trace nothing here"; exit 77; }
source "$(dirname "$0")/sandbox.sh"
export ASAN_OPTIONS=detect_leaks=0 # leaks can't be looked for under strace
start_sandbox --applicants 400 --arriving-within 55
ledger=$directory/ledger.db

# failing CALLS ERROR WHEN COMMAND: runs it; each of these calls on a ledger file fails with ERROR as WHEN says. The
# daemon, if it lives on, is asked to stop after a few seconds.
failing() {
  status=0
  strace -f -qq -o "$directory/trace" -P "$ledger" -P "$ledger-wal" -P "$ledger-shm" -P "$ledger-journal" \
    -e trace="$1" -e inject="$1:error=$2:when=$3" \
    "$program" "$4" --config "$configuration" >"$directory/log" 2>&1 &
  local tracer=$!
  if [ "$4" = run ]; then
    for _ in $(seq 40); do kill -0 "$tracer" 2>/dev/null && sleep 0.1; done
    kill -0 "$tracer" 2>/dev/null && kill -TERM "$(head -n 1 "$ledger.lock")" 2>/dev/null
  fi
  wait "$tracer" || status=$?
}

# Whoever is paid for must be known to the ledger as somebody to whom an invitation may have gone.
everybody_paid_is_stored() {
  if ! "$program" list --json --config "$configuration" >"$directory/list" 2>"$directory/list-errors"; then
    [ "$(ask books | jq .paid)" -eq 0 ] || fail "people are paid for, and there is no ledger: $(cat "$directory/list-errors")"
    return
  fi
  ask outcomes | jq -e --slurpfile ledger "$directory/list" '
    ($ledger[0] | map(select(.state | IN("planned", "held") | not) | .applicant.name)) as $stored
    | map(select(.paid > 1 or (.paid == 1 and (.applicant | IN($stored[]) | not)))) | length == 0' >/dev/null ||
    fail "after $cases cases: somebody was paid for twice, or without a word in the ledger: $(ask outcomes | jq -c 'map(select(.paid > 0)) | length')"
}

declare -A ended_after=()
cases=0 ended=0 carried_on=0 untouched=0
check() { # check CALLS ERROR WHEN COMMAND
  failing "$@"
  cases=$((cases + 1))
  local injected
  injected=$(grep -c INJECTED "$directory/trace" || true)
  case $status in
    75)
      ended=$((ended + 1))
      last=$(last_event "$directory/log")
      ended_after[$last]=$((${ended_after[$last]:-0} + 1))
      grep -q "^testdome-sync: ledger $ledger.*[;,.] .*" "$directory/log" || fail "$*: not told: $(tail -3 "$directory/log")"
      ;;
    0) [ "$injected" -gt 0 ] && carried_on=$((carried_on + 1)) || untouched=$((untouched + 1)) ;;
    *) fail "$* ended with $status: $(tail -5 "$directory/log")" ;;
  esac
  [ "$injected" -gt 0 ] || [ "$status" -eq 0 ] || fail "$*: ended without an error of the disk: $(tail -3 "$directory/log")"
  [ "$status" -eq 0 ] || everybody_paid_is_stored
}

# While the ledger is made.
for when in $(seq 1 2 40); do
  check pwrite64,fdatasync,openat EIO "$when" once
done
"$program" once --config "$configuration" 2>"$directory/log" || fail "the first cycle: $(tail -3 "$directory/log")"

calls=(pwrite64 fdatasync pwrite64,fdatasync,ftruncate pread64 openat ftruncate unlink mmap)
errors=(EIO ENOSPC)
for call in "${calls[@]}"; do
  for error in "${errors[@]}"; do
    for when in 1 2 3+; do check "$call" "$error" "$when" once; done
  done
done
# The later the call, the further the program has come: from opening the ledger over polls and invitations to its end.
while [ "$SECONDS" -lt 60 ]; do
  call=${calls[RANDOM % 3]} error=${errors[RANDOM % 2]} from_then_on=
  [ $((RANDOM % 3)) -gt 0 ] || from_then_on=+
  if [ $((RANDOM % 4)) -gt 0 ]; then
    check "$call" "$error" "$((RANDOM % 160 + 10))$from_then_on" once
  else
    check "$call" "$error" "$((RANDOM % 600 + 30))$from_then_on" run
  fi
done
unset ASAN_OPTIONS

start_daemon "$directory/last.log"
await service.ready "$directory/last.log"
everybody_is_served 150 "$directory/last.log"
for event in "${!ended_after[@]}"; do echo "  ${ended_after[$event]} ended after $event"; done | sort -rn
echo "$cases failing disks: $ended times ended with a word, $carried_on times carried on, $untouched times not met; $(ask books | jq .paid) people paid for once each"
