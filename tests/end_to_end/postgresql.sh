# To be sourced after sandbox.sh: a PostgreSQL server of this script's own for the ledger that several daemons share.
# 77: what is needed isn't installed.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1) || true
[ -n "$bin" ] || { echo "skipped: postgresql-15 is not installed"; exit 77; }
as_postgresql=() # it doesn't run as root
if [ "$(id -u)" -eq 0 ]; then
  as_postgresql=(setpriv --reuid=postgres --regid=postgres --clear-groups --pdeathsig=KILL)
fi

# The server listens on a loopback port, with TLS as far as the ledger is concerned: a certificate of the sandbox's.
make_postgresql() {
  postgresql=$directory/postgresql
  mkdir "$postgresql"
  chmod 711 "$directory"
  [ "$(id -u)" -ne 0 ] || chown postgres "$postgresql"
  echo "ledger's secret" >"$directory/ledger-password"
  chmod 600 "$directory/ledger-password"
  "${as_postgresql[@]}" "$bin/initdb" -D "$postgresql/data" -U administrator --auth=trust -E UTF8 --locale=C.UTF-8 >"$directory/initdb.log" ||
    fail "no database: $(cat "$directory/initdb.log")"
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$postgresql/key.pem" -out "$directory/ledger-ca.pem" 2>/dev/null
  cp "$directory/ledger-ca.pem" "$postgresql/certificate.pem"
  chmod 600 "$postgresql/key.pem"
  [ "$(id -u)" -ne 0 ] || chown postgres "$postgresql"/*.pem
  # Whoever comes through the network needs TLS and a password.
  printf 'local all administrator trust\nhostssl all testdome_sync 127.0.0.1/32 scram-sha-256\n' |
    "${as_postgresql[@]}" tee "$postgresql/data/pg_hba.conf" >/dev/null
  start_postgresql
  sql postgres "CREATE ROLE testdome_sync LOGIN PASSWORD 'ledger''s secret'"
  sql postgres "CREATE DATABASE ledger OWNER testdome_sync"
  ledger_url="postgresql://testdome_sync@127.0.0.1:$port/ledger?sslmode=verify-full&sslrootcert=$directory/ledger-ca.pem"
}
start_postgresql() {
  "${as_postgresql[@]}" "$bin/postgres" -D "$postgresql/data" -k "$postgresql" -p "$port" -c listen_addresses=127.0.0.1 -c shared_buffers=16MB -c max_connections=30 \
    -c ssl=on -c ssl_cert_file="$postgresql/certificate.pem" -c ssl_key_file="$postgresql/key.pem" >>"$directory/postgresql.log" 2>&1 &
  postmaster=$!
  for _ in $(seq 600); do
    "$bin/pg_isready" -q -h "$postgresql" -p "$port" && return
    sleep 0.05
  done
  fail "PostgreSQL does not start: $(tail -n 5 "$directory/postgresql.log")"
}
crash_postgresql() { # as a crash: everybody's connection is gone
  kill -QUIT "$postmaster"
  wait "$postmaster" 2>/dev/null || true
  postmaster=
}
# All its processes. A process that stands still can't be told to end.
postgresql_processes() { echo "$postmaster"; pgrep -P "$postmaster" || true; }
signal_postgresql() { # signal_postgresql NAME
  for pid in $(postgresql_processes); do kill "-$1" "$pid" 2>/dev/null || true; done
}
sql() { "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$postgresql" -p "$port" -U administrator -d "$1" -c "$2"; }

# Machines: each has a configuration of its own for the same ledger. machine NAME → $directory/NAME.yaml
use_postgresql() {
  make_postgresql
  sed -i "s#^ledger:.*#ledger: {url: \"${ledger_url//&/\\&}\", password: !file ledger-password}#" "$configuration"
}

declare -A machines=() # those that run, by name
start_machine() { # start_machine NAME; its log is NAME.log
  "$program" run --config "$configuration" 2>>"$directory/$1.log" &
  machines[$1]=$!
}
kill_machine() {
  kill -KILL "${machines[$1]}"
  wait "${machines[$1]}" 2>/dev/null || true
  unset "machines[$1]"
}
stop_machine() {
  kill -TERM "${machines[$1]}"
  wait "${machines[$1]}" || fail "$1 did not stop cleanly: $(tail -n 3 "$directory/$1.log")"
  unset "machines[$1]"
}
is_alive() { [ -n "${machines[$1]:-}" ] && kill -0 "${machines[$1]}" 2>/dev/null; }
count() { grep -c "$1" "$directory/$2.log" || true; }
# await_machine NAME EVENT TIMES SECONDS: its log has that many of it, within the time.
await_machine() {
  local until=$((SECONDS + $4))
  until [ "$(count "$2" "$1")" -ge "$3" ]; do
    [ "$SECONDS" -lt "$until" ] || fail "$1 has no $2 within $4 s: $(tail -n 3 "$directory/$1.log")"
    sleep 0.05
  done
}
end_machines() {
  for name in "${!machines[@]}"; do kill -CONT "${machines[$name]}" 2>/dev/null; kill -KILL "${machines[$name]}" 2>/dev/null; done
  if [ -n "${postmaster:-}" ]; then
    signal_postgresql CONT
    kill -QUIT "$postmaster" 2>/dev/null
  fi
}
trap 'end_machines || true; finish' EXIT

# Everybody is served, nobody is paid for twice, and no log tells a secret. books_are_right SECONDS
books_are_right() {
  local served=no
  for _ in $(seq "$1"); do
    if ask outcomes | jq -e 'all(.ok or (.missing | test("^1 notes instead of 2$")))' >/dev/null; then served=yes; break; fi
    sleep 1
  done
  [ "$served" = yes ] || fail "somebody was not served: $(ask outcomes | jq -c '.[] | select(.ok | not)' | head -5)"
  ask outcomes | jq -e 'all(.paid <= 1)' >/dev/null || fail "somebody was paid for twice"
  ask books | jq -e '(.testdome_violations + .greenhouse_violations) | length == 0' >/dev/null || fail "a request that isn't documented: $(ask books)"
  ! grep -qE "sandbox-secret|ledger's secret|-token-|person[0-9]+@" "$directory"/*.log || fail "a secret or an address is in the log"
}
