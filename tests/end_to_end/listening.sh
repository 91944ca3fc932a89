#!/usr/bin/env bash
# The HTTP listener of the real daemon: a webhook brings an applicant and a result hours before the poll would; status page
# and metrics tell no names; a reload moves the listener, and one that can't be moved goes on.
# listening.sh PROGRAM [FOLDER]: screenshots are left in FOLDER.
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 10 --arriving-within 4
screenshots=${2:-$directory}
mapping=$directory/mappings.d/engineering.yaml
log=$directory/run.log
# Each wait has an end: the whole script.
(sleep 200; kill "$$") >/dev/null 2>&1 &
pids+=($!)

openssl rand -hex 16 >"$directory/hook-secret"
chmod 600 "$directory/hook-secret"
secret=$(cat "$directory/hook-secret")
sed -i 's/every: 1s/every: 6h/' "$configuration" "$mapping"
cat >>"$configuration" <<YAML
listen: 127.0.0.1:0
webhooks: {testdome: {secret: !file hook-secret}}
YAML
echo 'webhook: {hmac_key: !file ../hook-secret, header: X-Signature}' >>"$mapping"
"$program" check --config "$configuration" >/dev/null || fail "check"

start_daemon "$log"
await service.ready "$log"
place() { jq -r 'select(.event == "listener.ready").address' "$log" | tail -n 1; }
site=http://$(place)
get() { curl -sS --fail --max-time 20 "$@"; }
status() { curl -sS --max-time 20 -o "$directory/answer" -w '%{http_code}' "$@"; }
count() { grep -c "\"event\":\"$1\"" "$log" || true; }

[ "$(get "$site/healthz")" = alive ] || fail "healthz"
[ "$(get "$site/readyz")" = ready ] || fail "readyz"
for path in /nothing /webhooks/testdome /webhooks/testdome/wrong /webhooks/nobody/x; do
  [ "$(status -d '{}' "$site$path")" = 404 ] || fail "$path is answered"
done
[ "$(status -d '{}' "$site/metrics")" = 405 ] || fail "POST /metrics"
[ "$(status -d '{}' "$site/webhooks/engineering")" = 403 ] || fail "a webhook without its signature"
head -c 70000 /dev/zero >"$directory/large"
[ "$(status --data-binary "@$directory/large" "$site/webhooks/testdome/$secret")" = 413 ] || fail "a large body"
[ "$(status -H "X: $(printf '%09000d' 0)" "$site/")" = 431 ] || fail "a large header"

# Who applies after the first poll is found by a webhook, and so is what becomes of the invitation: both polls are hours away.
await poll.done "$log"
until ask outcomes | jq -e 'all(.missing != "has not applied yet")' >/dev/null; do sleep 0.1; done
[ "$(count poll.done)" -eq 1 ] || fail "the HR system is polled though nobody has nudged"
body='{"event":"application.created"}'
signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "$secret" | grep -o '[0-9a-f]*$')
answered=$(curl -sS -o /dev/null -w '%{http_code} in %{time_total} s' -H "X-Signature: sha256=$signature" -d "$body" "$site/webhooks/engineering")
[[ $answered == 202* ]] || fail "a signed webhook: $answered"
until [ "$(count poll.done)" -ge 2 ]; do sleep 0.05; done

for _ in $(seq 15); do
  [ "$(status -d '{"candidateId":"1f","testId":1001,"status":"Completed"}' "$site/webhooks/testdome/$secret")" = 202 ] || fail "TestDome's webhook"
  for _ in $(seq 50); do
    ! ask outcomes | jq -e 'all(.ok or (.missing | test("^1 notes instead of 2$")))' >/dev/null || break 2
    sleep 0.2
  done
done
[ "$(count result.received)" -gt 0 ] || fail "no result has come"

# Metrics and page.
get "$site/metrics" >"$directory/metrics"
grep -q '^testdome_sync_webhooks_total{outcome="accepted"} [1-9]' "$directory/metrics" || fail "metrics: $(cat "$directory/metrics")"
promtool check metrics <"$directory/metrics" || fail "promtool complains"
get -D "$directory/header" "$site/" >"$directory/page.html"
grep -qi "^content-security-policy: default-src 'none'; style-src 'sha256-" "$directory/header" || fail "no policy: $(cat "$directory/header")"
ask outcomes | jq -r '.[].applicant' >"$directory/people"
! grep -qFf "$directory/people" "$directory/page.html" "$directory/metrics" || fail "somebody's name is shown"
! grep -qE '[a-z0-9]@[a-z0-9]|person[0-9]' "$directory/page.html" "$directory/metrics" || fail "somebody's address is shown"

# picture NAME WIDTH SCHEME: 0 is dark, 1 is light.
picture() {
  local size
  timeout 60 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$directory/chromium" \
    --blink-settings="preferredColorScheme=$3" --window-size="$2,1800" --screenshot="$screenshots/$1.png" "$site/" \
    >"$directory/chromium.log" 2>&1 || fail "chromium: $(cat "$directory/chromium.log")"
  size=$(stat -c %s "$screenshots/$1.png")
  [ "$size" -gt 20000 ] || fail "the screenshot $1 is empty: $size bytes"
  ! grep -qi 'content security policy' "$directory/chromium.log" || fail "the page breaks its own policy: $(cat "$directory/chromium.log")"
}
picture light 1280 1
picture dark 1280 0
picture phone 390 1
! cmp -s "$screenshots/light.png" "$screenshots/dark.png" || fail "there is no dark scheme"

# A reload moves the listener; the address that can't be bound leaves the one of before.
reloads=0
reload() {
  reloads=$((reloads + 1))
  kill -HUP "$daemon"
  until [ "$(count service.reloaded)" -ge "$reloads" ]; do sleep 0.02; done
}
listen_at() { sed -i "s|^listen: .*|listen: $1|" "$configuration"; }
reload
get "$site/healthz" >/dev/null || fail "a reload has moved a listener whose address is unchanged"
[ "$(count listener.ready)" -eq 1 ] || fail "it was bound anew"
listen_at "unix:$directory/http.sock"
reload
[ "$(get --unix-socket "$directory/http.sock" http://localhost/healthz)" = alive ] || fail "the Unix socket"
! get "$site/healthz" 2>/dev/null || fail "the address of before is still bound"
python3 -c 'import socket, sys, time
taken = socket.create_server(("127.0.0.1", 0))
print(taken.getsockname()[1], flush=True)
time.sleep(300)' >"$directory/port" &
pids+=($!)
until [ -s "$directory/port" ]; do sleep 0.02; done
listen_at "127.0.0.1:$(cat "$directory/port")"
reload
until [ "$(count listener.unavailable)" -eq 1 ]; do sleep 0.02; done
grep listener.unavailable "$log" | grep -q 'Address already in use.*http.sock goes on' || fail "what can't be bound: $(grep listener.unavailable "$log")"
[ "$(get --unix-socket "$directory/http.sock" http://localhost/readyz)" = ready ] || fail "the one of before is gone"

# TLS, where other machines may come; without it that is a mistake.
listen_at 0.0.0.0:0
"$program" check --config "$configuration" 2>"$directory/err" && fail "a listener for everybody is taken"
grep -q '"0.0.0.0:0" can be reached from other machines' "$directory/err" || fail "check: $(cat "$directory/err")"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
  -keyout "$directory/tls.key" -out "$directory/tls.pem" 2>/dev/null
listen_at '{address: "0.0.0.0:0", certificate: tls.pem, key: missing.key}'
"$program" check --config "$configuration" 2>"$directory/err" && fail "a missing key is taken"
grep -q 'key .*missing.key can.t be read: No such file' "$directory/err" || fail "check: $(cat "$directory/err")"
listen_at '{address: "0.0.0.0:0", certificate: tls.pem, key: tls.key}'
reload
port=$(place | grep -o '[0-9]*$')
[ "$(get --cacert "$directory/tls.pem" "https://127.0.0.1:$port/healthz")" = alive ] || fail "TLS"
[ ! -e "$directory/http.sock" ] || fail "the Unix socket is left behind"
sed -i '/^listen:/d; /^webhooks:/d' "$configuration"
sed -i '/^webhook:/d' "$mapping"
reload
! curl -sk --max-time 5 "https://127.0.0.1:$port/healthz" || fail "it listens though nobody wants it"

! grep -q "$secret" "$log" || fail "the webhook's secret is in the log"
everybody_is_served 5 "$log"
echo "a webhook was answered ($answered); $(count result.received) results came by webhook, in $SECONDS s"
