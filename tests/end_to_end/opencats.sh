#!/usr/bin/env bash
# OpenCATS' tables in a MariaDB server of this test's own, the preset that ships, and the real daemon.
[ -x /usr/sbin/mariadbd ] && [ -x /usr/bin/mariadb-install-db ] && [ -x /usr/bin/mariadb ] || { echo "skipped: mariadb-server-core and mariadb-client-core are not installed"; exit 77; }
source "$(dirname "$0")/sandbox.sh"
start_sandbox
as_root=()
[ "$(id -u)" -ne 0 ] || as_root=(--user=root)
mariadb-install-db --no-defaults --datadir="$directory/data" --auth-root-authentication-method=normal --skip-test-db "${as_root[@]}" >"$directory/install" 2>&1 || fail "no new database: $(cat "$directory/install")"
/usr/sbin/mariadbd --no-defaults --datadir="$directory/data" --socket="$directory/socket" --skip-networking --pid-file="$directory/pid" "${as_root[@]}" 2>"$directory/mariadb" &
database=$!
pids+=("$database")
cats() { mariadb --no-defaults --socket="$directory/socket" -u root -N -B "$@"; }
until cats -e 'SELECT 1' >/dev/null 2>&1; do
  kill -0 "$database" 2>/dev/null || fail "the database does not start: $(cat "$directory/mariadb")"
  sleep 0.05
done
cats -e 'CREATE DATABASE cats CHARACTER SET utf8'
cats cats <"$(dirname "$0")/../databases/opencats.sql"
cats cats -e "UPDATE candidate_joborder SET date_created = NOW(), date_modified = NOW()"
rm "$directory"/mappings.d/*.yaml
cat >"$directory/mappings.d/opencats.yaml" <<YAML
connector: opencats
database: {socket: $directory/socket, name: cats}
credentials: {user: testdome_sync, password: "it's a \\\\ secret", user_id: 7}
poll: {every: 1s, start: all}
rules:
  - name: engineers
    when: !jq .job.name == "C++ & Rust Engineer" and .stage.name == "No Contact"
    test: C++ Senior
    invitation: {deadline: 7d, reply_to: recruiting@example.com, message: "Please take this test before {{ .deadline }}."}
write_back:
  invited:
    - note: "TestDome: invited to {{ .test.name }}."
  completed:
    - note: "TestDome: {{ .result.score }}% in {{ .test.name }}. {{ .result.report_url }}"
    - field: {TestDome score: !jq .result.score}
    - tag: tested
    - move_stage: Interviewing
      when: !jq .result.passed
YAML
chmod 640 "$directory/mappings.d/opencats.yaml"
"$program" check --online --config "$configuration" >"$directory/check" 2>&1 || fail "the preset is not accepted: $(cat "$directory/check")"

start_daemon "$directory/run.log"
for _ in $(seq 60); do
  [ "$(cats cats -e 'SELECT status FROM candidate_joborder WHERE candidate_joborder_id = 812')" = 500 ] && break
  sleep 1
done
stop_daemon "$directory/run.log"
told=$(cats cats -e "SELECT (SELECT COUNT(*) FROM activity WHERE notes LIKE '%87\\% in C++ Senior%'), (SELECT value FROM extra_field), (SELECT COUNT(*) FROM candidate_tag), (SELECT status FROM candidate_joborder WHERE candidate_joborder_id = 812), (SELECT COUNT(*) FROM candidate_joborder_status_history)")
[ "$told" = $'1\t87\t1\t500\t1' ] || fail "in OpenCATS: $told; $(cat "$directory/run.log")"
[ "$(ask books | jq .paid)" -eq 1 ] || fail "paid: $(ask books)"
! grep -qE 'ada@|Byron|a \\\\ secret' "$directory/run.log" || fail "an address, a name or the password is in the log"
echo "a result in OpenCATS: note, field, tag and status, once each"
