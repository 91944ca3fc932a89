#!/usr/bin/env bash
# Shows testdome-sync at work: tests/demo.sh PROGRAM [--keep]
# Exit status 0 only if every made-up applicant ended as expected.
source "$(dirname "$0")/end_to_end/sandbox.sh"
keep=${2:-}

say() { printf '\n==> %s\n' "$*"; }

say "starting TestDome and Greenhouse, made up, on this machine over TLS"
start_sandbox
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
