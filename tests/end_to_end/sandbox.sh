# To be sourced: starts a sandbox for `$program` in a directory of its own and ends everything with the script.
set -euo pipefail
program=$(realpath "$1")
directory=$(mktemp -d "${TMPDIR:-/tmp}/testdome-sync-test.XXXXXX")
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$directory" 2>/dev/null || true
}
trap finish EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
ask() { curl -sS --fail --cacert "$directory/ca.pem" "$url/sandbox/$1"; }

start_sandbox() {
  "$program" sandbox --directory "$directory" "$@" >"$directory/sandbox.log" &
  pids+=($!)
  for _ in $(seq 300); do
    grep -q '^configuration:' "$directory/sandbox.log" && break
    sleep 0.05
  done
  url=$(grep -o 'https://[^ ]*' "$directory/sandbox.log" | head -1)
  configuration=$directory/testdome-sync.yaml
}
