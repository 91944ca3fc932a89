#!/usr/bin/env bash
# A ledger moves from a file into PostgreSQL, and a dump of it is put back later: nobody is paid for twice either time.
source "$(dirname "$0")/sandbox.sh"
source "$(dirname "$0")/postgresql.sh"
start_sandbox --applicants 40 --arriving-within 12
start_daemon "$directory/file.log"
await invitation.sent "$directory/file.log"

make_postgresql
file=sqlite:$directory/ledger.db
in_postgresql="ledger: {url: \"${ledger_url//&/\\&}\", password: !file ledger-password}"
sed -i "s#^ledger:.*#$in_postgresql#" "$configuration"
expect 75 run ledger migrate "$file" "$ledger_url"
grep -q 'works with this ledger' "$directory/err" || fail "a ledger at work was moved: $(cat "$directory/err")"
stop_daemon "$directory/file.log"
expect 0 run ledger migrate "$file" "$ledger_url"
moved=$(sqlite3 "$directory/ledger.db" 'SELECT count(*) FROM assessments')
[ "$(sql ledger 'SELECT count(*) FROM assessments')" -eq "$moved" ] || fail "not everybody was moved: $(cat "$directory/out")"
expect 75 run ledger migrate "$file" "$ledger_url"
grep -q 'holds a ledger already' "$directory/err" || fail "a second ledger was moved there: $(cat "$directory/err")"

start_machine one
await_machine one service.ready 1 20
dump() { "${as_postgresql[@]}" "$bin/$@" -h "$postgresql" -p "$port" -U administrator; }
await_machine one invitation.sent 2 30
dump pg_dump --format=custom --file="$postgresql/dump" ledger
await_machine one invitation.sent 4 30 # what the dump doesn't know
expect 1 run backup "$directory/copy"
grep -q pg_dump "$directory/err" || fail "backup does not say what to do: $(cat "$directory/err")"
stop_machine one
dump pg_restore --clean --dbname=ledger --role=testdome_sync --no-owner "$postgresql/dump"
start_machine one
await_machine one '"ledger.restored"' 1 20
books_are_right 60
stop_machine one
start_machine one # once is enough
await_machine one service.ready 3 20
stop_machine one
[ "$(count '"ledger.restored"' one)" -eq 1 ] || fail "the same tables were taken for restored ones again"
echo "moved with $moved assessments and restored in $SECONDS s, $(ask books | jq .paid) people paid for once each"
