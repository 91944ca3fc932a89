#!/usr/bin/env bash
# One HR system can't be reached, another refuses the sign-in; the third is served as if it were alone.
source "$(dirname "$0")/sandbox.sh"
start_sandbox
good=$directory/mappings.d/engineering.yaml
sed "s#^url: .*#url: https://127.0.0.1:1/v3#; s#^token_url: .*#token_url: https://127.0.0.1:1/token#" "$good" >"$directory/mappings.d/unreachable.yaml"
echo wrong >"$directory/wrong-secret"
chmod 600 "$directory/wrong-secret"
sed 's#greenhouse-client-secret#wrong-secret#' "$good" >"$directory/mappings.d/refused.yaml"

start_daemon "$directory/run.log"
everybody_is_served 60 "$directory/run.log"

told() { jq -c "select(.event == \"poll.failed\" and .mapping == \"$1\") | .text" "$directory/run.log"; }
told unreachable | grep -q 'no connection to 127.0.0.1 port 1' || fail "the unreachable HR system is not told: $(cat "$directory/run.log")"
told refused | grep -q 'answered 401.*check the credentials' || fail "the refused sign-in is not told: $(cat "$directory/run.log")"
[ "$({ told refused; told unreachable; } | wc -l)" -le 4 ] || fail "the same failure is told again and again"
"$program" status --json --config "$configuration" >"$directory/status" || [ $? -eq 1 ] || fail "status"
jq -e '.mappings | map({(.name): (.last_error != null)}) | add == {engineering: false, refused: true, unreachable: true}' "$directory/status" >/dev/null || fail "status: $("$program" status --config "$configuration")"
echo "two faulty mappings have not disturbed the third"
