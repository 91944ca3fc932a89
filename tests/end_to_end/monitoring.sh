#!/usr/bin/env bash
# What ships for Prometheus and Grafana fits the metrics of the real daemon: names, labels, syntax; and each alert comes up when it
# should (promtool's unit tests).
source "$(dirname "$0")/sandbox.sh"
tests=$(realpath "$(dirname "$0")/../monitoring")
rules=$(realpath "$tests/../../systemd/monitoring/testdome-sync.rules.yaml")
command -v promtool >/dev/null || { echo "skipped: there is no promtool (Debian package prometheus)"; exit 77; }
quietly() { "$@" >"$directory/out" 2>&1 || fail "$*: $(cat "$directory/out")"; }

quietly promtool check rules "$rules"
sed "s#RULES#$rules#" "$tests/rules_test.yaml" >"$directory/rules_test.yaml"
quietly promtool test rules "$directory/rules_test.yaml"
for alert in $(sed -n 's/^ *- alert: //p' "$rules"); do
  grep -A 1 "alertname: $alert" "$tests/rules_test.yaml" | grep -q exp_alerts || fail "no test in rules_test.yaml expects $alert"
done

start_sandbox
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$directory/tls.key" -out "$directory/tls.pem" 2>/dev/null
echo "listen: {address: '127.0.0.1:0', certificate: tls.pem, key: tls.key}" >>"$configuration"
start_daemon "$directory/run.log"
await assessment.held "$directory/run.log"
await listener.ready "$directory/run.log"
port=$(jq -r 'select(.event == "listener.ready").address' "$directory/run.log" | grep -o '[0-9]*$')
curl -sS --fail --cacert "$directory/tls.pem" "https://localhost:$port/metrics" >"$directory/metrics"
quietly promtool check metrics <"$directory/metrics"
quietly python3 "$tests/names.py" "$directory/metrics" "$directory/dashboard.yaml"
quietly promtool check rules "$directory/dashboard.yaml"
# The listener's certificate ends in three days: each place that tells of alarms has it.
grep -qF 'testdome_sync_alarm{name="certificate_expiring",mapping="",severity="warning"} 1' "$directory/metrics" || fail "no alarm for the certificate: $(grep alarm "$directory/metrics")"
expect 1 run status --monitor
grep -qE "^WARNING: .*the days of the HTTP listener's certificate end on 20" "$directory/out" || fail "status --monitor: $(cat "$directory/out")"
stop_daemon "$directory/run.log"
echo "rules and dashboard fit the metrics"
