#!/usr/bin/env bash
# What the commands print, and their exit statuses.
source "$(dirname "$0")/sandbox.sh"
start_sandbox

expect 0 "$program" --version
expect 0 "$program" --help
expect 2 "$program" no-such-command
expect 2 "$program" check --config "$directory/nowhere.yaml"
expect 0 run check --online
expect 0 "$program" connectors
expect 0 "$program" connectors greenhouse
grep -q 'after a lost answer the HR system is asked' "$directory/out" || fail "connectors greenhouse: $(cat "$directory/out")"
expect 0 "$program" connectors greenhouse --json
jq -e '(.actions | length == 5) and (.lacks == []) and (.unverified | length > 0) and (.example | contains("connector: greenhouse"))' "$directory/out" >/dev/null || fail "connectors greenhouse --json"
for name in csv exec rest sql; do
  expect 0 "$program" connectors "$name"
  grep -q "testdome-sync init $name" "$directory/out" || fail "connectors $name: $(cat "$directory/out")"
  expect 0 "$program" connectors "$name" --json
  jq -e --arg name "$name" '(.settings | length > 5 and all(.name != "" and .type != "")) and (.actions | length > 0) and (.scopes | length > 0) and (.caveats | length > 0) and (.example | contains("connector: " + $name))' "$directory/out" >/dev/null || fail "connectors $name --json: $(cat "$directory/out")"
done
expect 1 "$program" connectors grenhouse
grep -q 'did you mean "greenhouse"' "$directory/err" || fail "a wrong connector is not explained"
expect 1 "$program" init grenhouse
expect 0 "$program" init greenhouse --output "$directory/started.yaml"
echo mine >"$directory/started.yaml"
expect 1 "$program" init greenhouse --output "$directory/started.yaml"
grep -q 'exists already' "$directory/err" || fail "init does not say why it writes nothing"
[ "$(cat "$directory/started.yaml")" = mine ] || fail "init has overwritten a file"
expect 0 "$program" preset test greenhouse --json
jq -e '.[0].ok and (.[0].not_shown == []) and all(.[0].examples[]; .ok and .problems == [])' "$directory/out" >/dev/null || fail "preset test: $(cat "$directory/out")"
expect 1 "$program" preset test grenhouse
grep -q 'did you mean "greenhouse"' "$directory/err" || fail "a wrong preset is not explained"
expect 2 "$program" preset test "$directory/nowhere.yaml"
echo 'url: https://hr.example.com' >"$directory/bare.yaml"
expect 2 "$program" preset test "$directory/bare.yaml"
grep -q 'bare.yaml:1:1: this preset has no examples; write them into .*/bare.examples.yaml' "$directory/err" || fail "missing examples are not explained: $(cat "$directory/err")"
expect 2 "$program" preset test opencats
grep -q 'opencats.yaml:5:12: this preset is for connector sql' "$directory/err" || fail "a preset for a database is not told apart: $(cat "$directory/err")"
presets=$(dirname "$0")/../../connectors/presets
cp "$presets/greenhouse.yaml" "$directory/own.yaml"
sed 's/candidate_tag_id: 55}}$/candidate_tag_id: 56}}/' "$presets/greenhouse.examples.yaml" >"$directory/own.examples.yaml"
expect 1 "$program" preset test "$directory/own.yaml"
grep -q 'own.examples.yaml:[0-9]*:[0-9]*: body.candidate_tag_id is 55 instead of 56' "$directory/out" || fail "a wrong body is not told: $(cat "$directory/out")"
expect 75 run status # there is no ledger yet
grep -q 'does not exist yet' "$directory/err" || fail "the missing ledger is not explained"
expect 3 run status --monitor
expect 0 run plan --json
jq -e 'map(select(.action == "invite")) | length == 6' "$directory/out" >/dev/null || fail "plan: $(cat "$directory/out")"
[ ! -e "$directory/ledger.db" ] || fail "plan has made a ledger"
expect 0 run tests --json
jq -e '.[0] == {id: 1001, name: "C++ Senior", archived: false}' "$directory/out" >/dev/null || fail "tests: $(cat "$directory/out")"

expect 0 run once
expect 0 run status --json
jq -e '.mappings[0].name == "engineering" and .invitations_today == 5 and (.write_backs | has("pending"))' "$directory/out" >/dev/null || fail "status: $(cat "$directory/out")" # one of six was refused
expect 0 run list --json
jq -e 'length == 8 and all(.[]; has("application_url") and (.applicant | has("email")) and (.test | has("id")))' "$directory/out" >/dev/null || fail "list"
expect 0 run list --json --state held
jq -e 'length == 1 and .[0].reason != null' "$directory/out" >/dev/null || fail "list --state held"
expect 1 run list --state hold
grep -q 'did you mean "held"' "$directory/err" || fail "a wrong state is not explained"
expect 0 run show 1 --json
jq -e '(.transitions | length > 0) and (.write_backs | length > 0)' "$directory/out" >/dev/null || fail "show"
expect 1 run show 999
expect 0 run explain ada@example.com --json
jq -e '.[0].rules[0] == {rule: "backend engineers", answer: "matches", reason: ""}' "$directory/out" >/dev/null || fail "explain"

# A listener is understood; a wrong one is a mistake, and so is a webhook that nobody listens for.
cp "$configuration" "$directory/good-settings.yaml"
echo 'listen: 127.0.0.1:8642' >>"$configuration"
expect 0 run check
sed -i 's/^listen: .*/listen: everywhere/' "$configuration"
expect 2 run check
grep -q 'testdome-sync.yaml:[0-9]*:9: "listen" is written as ADDRESS:PORT' "$directory/err" || fail "a wrong listener: $(cat "$directory/err")"
sed -i 's/^listen: .*/webhooks: {testdome: {secret: !file testdome-client-secret}}/' "$configuration"
expect 2 run check
grep -q 'a webhook needs "listen" in the main file' "$directory/err" || fail "a webhook without a listener: $(cat "$directory/err")"
cp "$directory/good-settings.yaml" "$configuration"

# What a system can't do, and a mapping asks for, is told where it stands; it is no mistake.
cat >"$directory/mappings.d/bamboo.yaml" <<'END'
connector: bamboohr
credentials: {company: acme, api_key: !env PATH}
rules: [{name: all, test: C++ Senior, invitation: {reply_to: a@example.com, message: m}}]
write_back:
  invited: [{note: invited}]
  completed: [{move_stage: Interviewed}, {note: done}]
END
expect 0 run check
grep -q '^[^ ]*bamboo.yaml:5:14: caveat: "note": after a lost answer it can.t be looked up and is not repeated: it becomes unconfirmed' "$directory/out" || fail "no caveat: $(cat "$directory/out")"
[ "$(grep -c caveat "$directory/out")" -eq 1 ] || fail "more than one caveat: $(cat "$directory/out")"
expect 0 run check --json
jq -e '.ok and .findings == [] and (.caveats | length == 1 and (.[0] | contains("bamboo.yaml:5:14")))' "$directory/out" >/dev/null || fail "check --json: $(cat "$directory/out")"
sed -i 's/{note: done}/{tag: done}/' "$directory/mappings.d/bamboo.yaml"
expect 2 run check
grep -q 'bamboo.yaml:6:43: "bamboohr" can.t do "tag": BambooHR.s API has no tags' "$directory/err" || fail "a missing tag is not told: $(cat "$directory/err")"
rm "$directory/mappings.d/bamboo.yaml"

# The README shows what the demo runs on.
readme=$(dirname "$0")/../../README.md
diff <(sed -n '/^rules:/,/^```/{/^```/!p}' "$readme") <(sed -n '/^rules:/,$p' "$directory/mappings.d/engineering.yaml") || fail "README.md shows another mapping than the demo's"

# Two at once: the second one does nothing and says who is at work.
exec 9>"$directory/ledger.db.lock"
flock 9
expect 75 run once
grep -q 'another testdome-sync' "$directory/err" || fail "the lock is not explained"
exec 9>&-

# A wrong password, a wrong test, a misspelt stage.
cp "$directory/mappings.d/engineering.yaml" "$directory/good.yaml"
sed -i 's/test: C++ Senior/test: C++ Seniro/; s/move_stage: Interview/move_stage: Interveiw/; s/"Online Test"/"Onlin Test"/' "$directory/mappings.d/engineering.yaml"
expect 1 run check --online
grep -q 'engineering.yaml:[0-9]*:[0-9]*: TestDome has no test "C++ Seniro"; did you mean "C++ Senior"?' "$directory/err" || fail "unknown test: $(cat "$directory/err")"
grep -q 'no move_stage for "Interveiw"; did you mean "Interview"?' "$directory/err" || fail "unknown stage: $(cat "$directory/err")"
grep -q 'no stage "Onlin Test"; did you mean "Online Test"?' "$directory/err" || fail "unknown stage in a rule: $(cat "$directory/err")"
cp "$directory/good.yaml" "$directory/mappings.d/engineering.yaml"
echo wrong >"$directory/testdome-client-secret"
expect 75 run once
grep -q '"event":"auth.failed"' "$directory/err" || fail "a wrong password is not told: $(cat "$directory/err")"
expect 1 run check --online
echo sandbox-secret >"$directory/testdome-client-secret"

# Asked to stop again and again, until it is gone, it ends in good order as if it had been asked once.
for _ in $(seq 10); do
  start_daemon "$directory/run.log"
  await service.ready "$directory/run.log"
  while kill -TERM "$daemon" 2>/dev/null; do :; done
  status=0
  wait "$daemon" || status=$?
  [ "$status" -eq 0 ] || fail "asked to stop more than once it ended with $status: $(tail -n 3 "$directory/run.log")"
  daemon=
done

# A ledger that can't be trusted is refused, and nobody is invited.
paid=$(ask books | jq .paid)
cp "$directory/ledger.db" "$directory/ledger.good"
rm -f "$directory/ledger.db-wal" "$directory/ledger.db-shm"
truncate -s 5000 "$directory/ledger.db"
expect 75 run once
grep -qE 'damaged|is not an SQLite database' "$directory/err" || fail "a damaged ledger: $(cat "$directory/err")"
[ "$(ask books | jq .paid)" -eq "$paid" ] || fail "somebody was invited with a damaged ledger"
echo "all commands behave"
