#!/usr/bin/env bash
# A person decides, with and without a daemon: who is held is not invited, who is approved is; pause, extend, forget,
# export, backup and restore; whoever is refused or has nobody to talk to is told why.
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 3
sed -i 's/^    cancel_when: .*/    approve: true/' "$directory/mappings.d/engineering.yaml"
echo 'timeout: 5s' >>"$directory/mappings.d/engineering.yaml" # what was in flight at a kill is asked for after twice as long
log=$directory/run.log
told() { grep -q "$1" "$directory/out" "$directory/err" || fail "not told: $1; but: $(cat "$directory/out" "$directory/err")"; }
list() { run list --json "$@"; }
number_of() { list --email "$1" | jq '.[0].id'; }
await_state() { # await_state ID STATE
  until [ "$(run show "$1" --json | jq -r .state)" = "$2" ]; do sleep 0.05; done
}
paid() { ask books | jq .paid; }
polls() { run status --json | jq -r '.mappings[0].last_poll'; }

# Wrong usage.
expect 2 run approve
expect 2 run approve 1 --all
expect 2 run hold
expect 2 run hold -3
expect 2 run extend 1
expect 2 run extend 1 --by soon
told 'a duration such as'
expect 2 run hold 1 --why "$(printf 'x%.0s' $(seq 2000))"
expect 75 run approve --all
told 'does not exist yet'
expect 75 run backup "$directory/backup.db"

# No daemon: the ledger itself.
expect 0 run once
[ "$(paid)" -eq 0 ] || fail "somebody was invited without approval"
ada=$(number_of ada@example.com)
niklaus=$(number_of niklaus@example.com)
expect 1 run hold "$ada"
told 'only who is planned can be held'
expect 0 run cancel "$ada"
expect 0 run retry "$ada"
expect 0 env SUDO_USER=admin "$program" hold "$ada" --why 'knows somebody here' --json --config "$configuration"
jq -e --arg id "$ada" '. == [{subject: $id, done: true, text: "is not invited until `approve` or `retry`"}]' "$directory/out" >/dev/null || fail "hold --json: $(cat "$directory/out")"
expect 1 run hold "$ada" 999
told '999: not done: there is no assessment 999'
expect 1 run poll engineering
told 'no daemon works with this ledger'
expect 1 run replay 999

# With the daemon: through its socket.
start_daemon "$log"
await service.ready "$log"
socket=$(sed -n 2p "$directory/ledger.db.lock")
[ -S "$socket" ] && [ "$(stat -c %a "$socket")" = 600 ] || fail "the socket $socket: $(ls -l "$socket")"
before=$(polls)
until [ "$(polls)" != "$before" ]; do sleep 0.05; done
before=$(polls)
until [ "$(polls)" != "$before" ]; do sleep 0.05; done
[ "$(paid)" -eq 0 ] || fail "who is held was invited"
run show "$ada" --json | jq -e '.state == "held" and (.decisions | map(.decision) == ["cancel", "retry", "hold"]) and .decisions[2].why == "knows somebody here"' >/dev/null || fail "decisions: $(run show "$ada")"
[ "$(id -u)" -ne 0 ] || run show "$ada" --json | jq -e '.decisions[2].who == "admin (root)" and .decisions[1].who == "root"' >/dev/null || fail "who: $(run show "$ada")"
expect 0 run approve "$ada"
await invitation.sent "$log"
await_state "$ada" completed
[ "$(paid)" -eq 1 ] || fail "approve has invited others"
expect 1 run cancel "$ada"
told 'only what is not started can be withdrawn'
expect 0 run approve "$niklaus"
until [ "$(run show "$niklaus" --json | jq -r .state)" = invited ]; do sleep 0.01; done
expect 0 run extend "$niklaus" --by 3d --why 'is ill'
await invitation.extended "$log"

# Paused, it is neither asked nor told anything; resumed, it is asked at once.
expect 0 run pause engineering
expect 1 run pause engineering
expect 1 run poll engineering
told 'it is paused'
run status --json | jq -e '.mappings[0].paused' >/dev/null || fail "status does not tell who is paused"
expect 0 run resume engineering
expect 0 run poll engineering
expect 1 run poll enginering
told 'did you mean "engineering"'
expect 0 run approve --all
# Two at once, and more than the daemon serves at a time: nobody is lost without a word.
for i in $(seq 12); do run poll engineering >"$directory/poll.$i" 2>&1 & waiting[$i]=$!; done
for i in $(seq 12); do wait "${waiting[$i]}" || fail "poll $i: $(cat "$directory/poll.$i")"; done

# A backup while it works, and an export.
expect 0 run backup "$directory/backup.db"
[ "$(stat -c %a "$directory/backup.db")" = 600 ] || fail "the backup can be read by others"
expect 75 run backup "$directory/backup.db"
told 'choose another name'
expect 75 run restore "$directory/backup.db"
told 'another testdome-sync (process'
everything_is_done() {
  list | jq -e 'all(.state == "completed" or .state == "did_not_take" or .state == "refused" or .reason != null)' >/dev/null &&
    run status --json | jq -e '.write_backs | .pending + .unconfirmed == 0' >/dev/null
}
until everything_is_done; do sleep 0.2; done
expect 0 run export
head -1 "$directory/out" | grep -q '^"\?id"\?,' || fail "export: $(head -2 "$directory/out")"
[ "$(python3 -c 'import csv, sys; print(len(list(csv.reader(open(sys.argv[1], newline=""), strict=True))))' "$directory/out")" -eq "$(($(list | jq length) + 1))" ] || fail "export as CSV: $(cat "$directory/out")"
expect 0 run export --format jsonl --person Ada@Example.com
jq -se 'length == 1 and .[0].result.score == 87 and .[0].applicant.email == "ada@example.com"' "$directory/out" >/dev/null || fail "export as JSON lines: $(cat "$directory/out")"
jq -e '.application.applicant.email == "ada@example.com"' "$directory/out" >/dev/null || fail "export --person lacks what the HR system said: $(cat "$directory/out")"
expect 0 run export --format jsonl --person dennis@example.com # seen, and selected by no rule
jq -se 'length == 1 and .[0].state == "skipped" and .[0].id == null and .[0].reason == "no rule matches" and .[0].application.applicant.email == "dennis@example.com"' "$directory/out" >/dev/null || fail "export --person of somebody who was skipped: $(cat "$directory/out")"
expect 0 run export --person dennis@example.com
grep -q '^"","engineering",.*,"dennis@example.com",.*,"skipped","no rule matches",' "$directory/out" || fail "the same as CSV: $(cat "$directory/out")"
expect 0 run export --format jsonl --person dennis@example.com --state held
[ ! -s "$directory/out" ] || fail "export --person --state: $(cat "$directory/out")"
expect 0 run export --format jsonl --state held --mapping engineering --since 1d
jq -se 'length == 1' "$directory/out" >/dev/null || fail "export --state held: $(cat "$directory/out")"
expect 2 run export --format xml

# Forgotten, and still not paid for again.
before=$(paid)
expect 0 run forget ada@example.com --why 'has asked for it'
expect 1 run explain ada@example.com
expect 1 run forget ada@example.com
! grep -q 'ada@example.com' "$log" || fail "an address is in the log"

# A daemon that was killed leaves its socket; the next one replaces it.
kill_daemon
[ -S "$socket" ] || fail "no socket was left"
start_daemon "$directory/second.log"
await service.ready "$directory/second.log"
expect 0 run poll engineering
stop_daemon "$directory/second.log"
[ ! -e "$socket" ] || fail "the socket stays"
# Nobody answers where the lock says; nobody says where.
exec 9>>"$directory/ledger.db.lock"
flock 9
expect 75 run hold "$ada"
told 'does not answer at .*ledger.db.sock'
echo 1 >"$directory/ledger.db.lock"
expect 75 run hold "$ada"
told 'it takes no commands'
exec 9>&-

# The backup knows nothing of who was invited since; nobody is paid for twice all the same.
expect 75 run restore "$directory/nowhere.db"
head -c 9000 "$directory/backup.db" >"$directory/cut.db"
expect 75 run restore "$directory/cut.db"
expect 0 run restore "$directory/backup.db" --why 'the disk is new'
[ "$(sqlite3 "$directory/ledger.db" "SELECT count(*) FROM decisions WHERE kind = 'restore' AND who <> '' AND why = 'the disk is new'")" -eq 1 ] ||
  fail "who has restored the ledger is not told: $(sqlite3 "$directory/ledger.db" 'SELECT * FROM decisions')"
ls "$directory"/ledger.db.before-restore-*Z >/dev/null || fail "the ledger of before is not kept: $(ls "$directory")"
[ ! -e "$directory/ledger.db.restoring" ] || fail "something is left over"
start_daemon "$directory/third.log"
await service.ready "$directory/third.log"
until everything_is_done; do sleep 0.2; done
stop_daemon "$directory/third.log"
[ "$(paid)" -eq "$before" ] || fail "after restoring, $(($(paid) - before)) people were paid for again"
ask books | jq -e '(.testdome_violations + .greenhouse_violations) | length == 0' >/dev/null || fail "a request that isn't documented: $(ask books)"
echo "people decide, and are told what becomes of it ($before paid for)"
