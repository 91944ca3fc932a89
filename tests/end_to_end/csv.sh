#!/usr/bin/env bash
# An HR system's export appears, people are invited, and results are appended to a file: each once, also where the
# daemon is killed between the row and its own note that it was written.
source "$(dirname "$0")/sandbox.sh"
start_sandbox
exports=$directory/exports outcomes=$directory/exports/outcomes.csv
mkdir "$exports"
rm "$directory/mappings.d/engineering.yaml"
cat >"$directory/mappings.d/export.yaml" <<'YAML'
connector: csv
files: ../exports
pattern: "applications*.csv"
quiet: 1s
application:
  id: !jq .["Application ID"]
  applicant: {name: !jq .Name, email: !jq '.["E-mail"]'}
  job: {name: !jq .Job}
outcomes: ../exports/outcomes.csv
poll: {every: 1s, start: all}
rules:
  - name: engineers
    when: !jq .job.name == "C++ Engineer"
    test: C++ Senior
    invitation: {reply_to: recruiting@example.com, message: "Please take this test before {{ .deadline }}."}
write_back:
  invited:
    - note: "invited to {{ .test.name }}"
  completed:
    - row: {score: !jq .result.score, passed: !jq .result.passed, report: !jq .result.report_url}
YAML

# export_people FILE FIRST LAST: as an HR system does it that writes under the file's own name, slowly.
export_people() {
  printf 'Application ID;Name;E-mail;Job\r\n' >"$exports/$1"
  for number in $(seq "$2" "$3"); do
    printf '%d;"Doe; Jo";person%d@example.com;C++ Engineer\r\n' "$number" "$number" >>"$exports/$1"
  done
}
# rows_of EVENT: whose, in order.
rows_of() { [ -e "$outcomes" ] && awk -F '","' -v event="$1" '$2 == event {print substr($1, 2)}' "$outcomes" | sort -n; }
# until_served LAST SECONDS LOG
until_served() {
  for _ in $(seq "$((10 * $2))"); do
    [ "$(rows_of completed)" = "$(seq "$1")" ] && [ "$(rows_of invited)" = "$(seq "$1")" ] && return
    kill -0 "$daemon" 2>/dev/null || fail "the daemon has ended: $(tail -n 3 "$3")"
    sleep 0.1
  done
  fail "not everybody was served once within $2 s: invited $(rows_of invited | tr '\n' ' '), completed $(rows_of completed | tr '\n' ' '): $(tail -n 5 "$3")"
}

"$program" check --online --config "$configuration" 2>"$directory/check" && fail "no export is there, and check says nothing"
grep -q "exports: there is no file like \"applications\*.csv\" yet" "$directory/check" || fail "check: $(cat "$directory/check")"
"$program" check --config "$configuration" >/dev/null || fail "check without --online needs the files"

start_daemon "$directory/run.log"
await service.ready "$directory/run.log"
export_people applications-1.csv 1 3
printf '4;"Broken;person4@example.com;C++ Engineer\r\n' >>"$exports/applications-1.csv"
await 'applications-1.csv:5: a quote opens here that is never closed' "$directory/run.log"
[ "$(ask books | jq .paid)" -eq 0 ] || fail "somebody of a file that is not complete was invited"
export_people applications-1.csv 1 3
printf '9;too;few\r\n' >>"$exports/applications-1.csv"
until_served 3 30 "$directory/run.log"
grep -q 'applications-1.csv:5: the row has 3 fields, and the header 4' "$directory/run.log" || fail "the broken row is not told"

# Right after a row is in the file, and before the ledger knows: first for a row of a result, then for one of an invitation.
# What is in doubt is looked for once nobody else can be writing it; meanwhile there is other work.
last=3 doubts=()
if strace -o /dev/null true 2>/dev/null; then
  stop_daemon "$directory/run.log"
  for doubtful in row note; do
    [ "$doubtful" = note ] && when=1 || when=2
    last=$((last + 1))
    export_people "applications-doubt-$when.csv" "$last" "$last"
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$directory/trace" -P "$outcomes" -e trace=fsync \
      -e inject=fsync:signal=KILL:when="$when" "$program" run --config "$configuration" >>"$directory/run.log" 2>&1 &
    daemon=$!
    wait "$daemon" 2>/dev/null && fail "the daemon was not killed at its row" || true
    tail -n 1 "$outcomes" | grep -q "^\"$last\"," || fail "the row was not written before the kill"
    doubts+=("$doubtful $last")
  done
  start_daemon "$directory/round.log"
fi

# At random moments, while exports keep coming.
kills=0
until [ "$kills" -ge 6 ]; do
  kill_daemon
  kills=$((kills + 1))
  export_people "applications-$kills.part" $((last + 1)) $((last + 2))
  mv "$exports/applications-$kills.part" "$exports/applications-more-$kills.csv"
  last=$((last + 2))
  cat "$directory/round.log" >>"$directory/run.log" 2>/dev/null || true
  start_daemon "$directory/round.log"
  sleep "$((RANDOM % 2)).$((RANDOM % 10))" # somebody is invited meanwhile, and somebody of the round before served
done
until_served "$last" 60 "$directory/round.log"
for doubt in "${doubts[@]}"; do # what the ledger has learnt of what it doubted
  read -r action application <<<"$doubt"
  for _ in $(seq 300); do
    told=$(jq -r --arg application "$application" --arg action "$action" 'select(.event == "writeback.done" and .application == $application and (.text | startswith($action))) | .text' "$directory/run.log" "$directory/round.log")
    [ -n "$told" ] && break
    sleep 0.1
  done
  [ "$told" = "$action written: it was there already" ] || fail "the $action of application $application, which was there, is told as: $told"
done

stop_daemon "$directory/round.log"
[ "$(ask books | jq .paid)" -eq "$last" ] || fail "$(ask books | jq .paid) invitations are paid for $last people"
duplicates=$(awk -F '","' 'NR > 1 {print $NF}' "$outcomes" | sort | uniq -d)
[ -z "$duplicates" ] || fail "rows are there twice: $duplicates"
[ "$(wc -l <"$outcomes")" -eq "$((2 * last + 1))" ] || fail "not one row for each event: $(cat "$outcomes")"
! grep -qE 'person[0-9]+@' "$directory/run.log" "$directory/round.log" || fail "an address is in the log"
echo "$last people were served once each; killed $kills times at random and ${#doubts[@]} times between a row and the note of it"
