#!/usr/bin/env bash
# A bug report of an installation that has worked, of one with a mistake, and of one that has nothing yet: it tells of each, and holds
# no secret, name or address.
source "$(dirname "$0")/sandbox.sh"
start_sandbox
expect 0 run once
expect 0 run once
report=$directory/report.txt
tells() { grep -qE -- "$1" "$report" || fail "the report does not tell \"$1\": $(cat "$report")"; }
# Whatever the files hold as secrets, whoever the ledger knows, and any address.
secrets=$(cat "$directory"/*-secret)
names='Ada|Byron|Grace|Hopper|Alan|Mathison|Edsger|Wybe|Niklaus|Emil|Barbara|Jane|Donald|Ervin|Lane|Dennis|Alistair|Margaret|Heafield|Backus|Lovelace'
is_clean() {
  ! grep -wE "$names" "$report" || fail "somebody stands in the report"
  ! grep -E '[a-z]{2}@[a-z]' "$report" || fail "somebody stands in the report"
  ! grep -F "$secrets" "$report" || fail "a secret stands in the report"
}
make_report() { rm -f "$report"; expect 0 run bugreport --output "$report"; is_clean; }

make_report
[ "$(stat -c %a "$report")" = 600 ] || fail "the report can be read by others"
tells '^testdome-sync [0-9.]+, bug report of '
tells '^  kernel Linux '
tells '^  libraries .*libyaml-cpp\.so'
tells '^  connector: greenhouse$'
tells '^      test: \(text of '
tells 'client_secret: !'
tells '^  assessments: .*held=1'
tells '^  mapping engineering: applications=10 '
tells '^  warning held '
expect 1 run bugreport --output "$report" # is there already
grep -q 'exists already' "$directory/err" || fail "$(cat "$directory/err")"

# The very file that can't be used, and the same configuration for somebody without its secrets.
echo 'rulez: [Ada Lovelace]' >>"$directory/mappings.d/engineering.yaml"
chmod 000 "$directory"/*-secret
make_report
tells 'problem: engineering.yaml:[0-9]+:1: unknown key "rulez"'
tells '^  assessments: .*held=1'
tells '^  not known without configuration and ledger$'

rm -r "$directory/mappings.d" "$configuration" "$directory"/ledger.db*
make_report
tells 'problem: testdome-sync.yaml:1:1: '
tells "can't be opened: "
echo "a bug report tells of the installation and of nobody"
