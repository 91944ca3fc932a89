# To be sourced: starts a sandbox for `$program` in a directory of its own and ends everything with the script.
set -euo pipefail
program=$(realpath "$1")
directory=$(mktemp -d "${TMPDIR:-/tmp}/testdome-sync-test.XXXXXX")
pids=()
daemon= # the one that runs; it comes and goes
finish() {
  for pid in "${pids[@]}" $daemon; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  [ "${keep:-}" = --keep ] || rm -rf "$directory" 2>/dev/null || true
}
trap finish EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
ask() { curl -sS --fail --cacert "$directory/ca.pem" "$url/sandbox/$1"; }

# A command with the sandbox's configuration, and one that must end with a certain status.
run() { "$program" "$@" --config "$configuration"; }
expect() { # expect STATUS COMMAND…
  local wanted=$1 status=0
  shift
  "$@" >"$directory/out" 2>"$directory/err" || status=$?
  [ "$status" -eq "$wanted" ] || fail "$* ended with $status instead of $wanted: $(cat "$directory/out" "$directory/err")"
}

# Starts the daemon in the background. start_daemon LOG
start_daemon() {
  : >"$1"
  "$program" run --config "$configuration" 2>"$1" &
  daemon=$!
}
kill_daemon() {
  kill -KILL "$daemon"
  wait "$daemon" 2>/dev/null || true
  daemon= # its number may soon be somebody else's
}
await() { # await EVENT LOG
  until grep -q "$1" "$2"; do
    kill -0 "$daemon" 2>/dev/null || fail "the daemon has ended before $1: $(tail -n 3 "$2")"
    sleep 0.01
  done
}

# Stops the daemon in good order, once its log says that it is there: before that it does not know how to. stop_daemon LOG
stop_daemon() {
  await service.ready "$1"
  kill -TERM "$daemon"
  wait "$daemon" || fail "the daemon did not stop cleanly: $(tail -n 3 "$1")"
  daemon=
}

# The last event in a daemon's log.
last_event() { grep -o '"event":"[a-z.]*"' "$1" | tail -n 1 | cut -d '"' -f 4 | grep . || echo nothing; }

start_sandbox() {
  "$program" sandbox --directory "$directory" "$@" >"$directory/sandbox.log" &
  pids+=($!)
  for _ in $(seq 300); do
    grep -q '^configuration:' "$directory/sandbox.log" && break
    sleep 0.05
  done
  url=$(grep -o 'https://[^ ]*' "$directory/sandbox.log" | head -1)
  configuration=$directory/testdome-sync.yaml
  # The sandbox lists whom it was told to invite at once; who was being invited when the daemon died need not wait for long.
  sed -i 's/^  poll: {every: 1s}/&\n  settle: 3s/' "$configuration"
}

# Waits until everybody is served, stops the daemon, and looks at the books and at its logs.
# everybody_is_served SECONDS LOG…; the last LOG is that of the daemon that runs.
everybody_is_served() {
  local seconds=$1 served=no
  shift
  for _ in $(seq "$seconds"); do
    # The note of the invitation may be missing where the result was known first.
    if ask outcomes | jq -e 'all(.ok or (.missing | test("^1 notes instead of 2$")))' >/dev/null; then served=yes; break; fi
    sleep 1
  done
  stop_daemon "${!#}"
  [ "$served" = yes ] || fail "somebody was not served: $(ask outcomes | jq -c '.[] | select(.ok | not)' | head -5)"
  ask outcomes | jq -e 'all(.paid <= 1)' >/dev/null || fail "somebody was paid for twice"
  ask books | jq -e '(.testdome_violations + .greenhouse_violations) | length == 0' >/dev/null || fail "a request that isn't documented: $(ask books)"
  ! grep -qE 'sandbox-secret|-token-|person[0-9]+@' "$@" || fail "a secret or an address is in the log"
}
