#!/usr/bin/env bash
# Shows testdome-sync at work: tests/demo.sh PROGRAM [--keep]
# Exit status 0 only if every made-up applicant ended as expected.
set -euo pipefail
program=$(realpath "$1")
keep=${2:-}
directory=$(mktemp -d "${TMPDIR:-/tmp}/testdome-sync-demo.XXXXXX")
pids=()

finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  [ "$keep" = --keep ] || rm -rf "$directory"
}
trap finish EXIT

say() { printf '\n==> %s\n' "$*"; }
ask() { curl -sS --fail --cacert "$directory/ca.pem" "$url/sandbox/$1"; }

say "starting TestDome and Greenhouse, made up, on this machine over TLS"
"$program" sandbox --directory "$directory" >"$directory/sandbox.log" &
pids+=($!)
for _ in $(seq 100); do
  grep -q '^configuration:' "$directory/sandbox.log" && break
  sleep 0.1
done
url=$(grep -o 'https://[^ ]*' "$directory/sandbox.log" | head -1)
configuration=$directory/testdome-sync.yaml
cat "$directory/sandbox.log"

say "the mapping file: $directory/mappings.d/engineering.yaml"
sed 's/^/    /' "$directory/mappings.d/engineering.yaml"

say "testdome-sync check --online"
"$program" check --online --config "$configuration"

say "testdome-sync plan"
"$program" plan --config "$configuration"

say "testdome-sync run"
printf 'log: {format: text}\n' >>"$configuration"
"$program" run --config "$configuration" &
daemon=$!
pids+=("$daemon")

expected=1
for _ in $(seq 60); do
  sleep 0.5
  kill -0 "$daemon" 2>/dev/null || break
  if ask outcomes | jq -e 'all(.ok)' >/dev/null; then
    expected=0
    break
  fi
done

say "what the ledger knows: testdome-sync list"
"$program" list --config "$configuration"

say "what stands in both systems"
ask outcomes | jq -r '(["APPLICANT","WHAT HAPPENS","PAID","NOTES","SCORE","STAGE","AS EXPECTED"] | @tsv),
  (.[] | [.applicant, .what, .paid, .notes, (.score // "-"), .stage, (if .ok then "yes" else "NO: " + .missing end)] | @tsv)' |
  column -t -s $'\t'
books=$(ask books)
violations=$(jq '(.testdome_violations + .greenhouse_violations) | length' <<<"$books")
echo
echo "paid invitations: $(jq .paid <<<"$books"), requests that the API documents don't allow: $violations"

if [ "$keep" = --keep ]; then
  say "left running; try:  $program status --config $configuration   (Ctrl-C ends it)"
  wait "$daemon"
fi
kill -TERM "$daemon"
wait "$daemon" || expected=1
[ "$violations" -eq 0 ] || expected=1
if [ "$expected" -eq 0 ]; then say "every applicant ended as expected"; else say "NOT as expected, see above"; fi
exit "$expected"
