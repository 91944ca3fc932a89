#!/usr/bin/env bash
# The Debian package's life on a machine with a real systemd: installed, configured, at work in its sandbox, upgraded with a ledger of
# an older schema, refused as a downgrade, removed, purged. life.sh BUILD-FOLDER, or life.sh PACKAGE.deb
source "$(dirname "$0")/machine.sh"
source=$(realpath "$(dirname "$0")/../..")
for tool in dpkg-buildpackage dh lintian sqlite3 curl jq python3; do command -v $tool >/dev/null || skip "there is no $tool"; done

# The package of this build (without debug symbols, and hardened as little as the build), and one that passes for its predecessor.
packages=$machine/packages
mkdir "$packages"
if [ -d "$1" ]; then
  package=$("$source/systemd/package.sh" "$packages" --version 9.0 --built "$1")
  findings=$(lintian --pedantic --display-info --suppress-tags hardening-no-bindnow,hardening-no-fortify-functions --allow-root "$package" 2>&1) || true
else
  package=$(realpath "$1")
  findings=$(lintian --pedantic --display-info --allow-root "$package" 2>&1) || true
fi
[ -z "$findings" ] || fail "lintian: $findings"
version=$(dpkg-deb --field "$package" Version)
dpkg-deb --raw-extract "$package" "$packages/old"
sed -i 's/^Version: .*/Version: 0.0.1/' "$packages/old/DEBIAN/control"
dpkg-deb --root-owner-group --build "$packages/old" "$packages/old.deb" >/dev/null
mkdir "$root/packages"
cp "$package" "$root/packages/new.deb"
cp "$packages/old.deb" "$root/packages/old.deb"
cp "$source/connectors/exec/json_file_connector.py" "$source/tests/package/ledger-of-schema-4.sql" "$root/packages"
boot

configuration=/etc/testdome-sync
ledger=/var/lib/testdome-sync/ledger.db
expect() { local wanted=$1 status=0; shift; inside "$@" >"$machine/out" 2>&1 || status=$?; [ "$status" -eq "$wanted" ] || fail "$* ended with $status instead of $wanted: $(cat "$machine/out")"; }
said() { grep -qE -- "$1" "$machine/out" || fail "\"$1\" is not said: $(cat "$machine/out")"; }
mode() { inside stat -c '%a %U:%G' "$1"; }
property() { inside systemctl show testdome-sync --property="$1" --value; }
query() { inside runuser -u testdome-sync -- sqlite3 -cmd '.timeout 5000' "$ledger" "$1"; }
ask() { inside curl -sS --fail --cacert /srv/sandbox/ca.pem "$url/sandbox/$1"; }
story() { inside journalctl -u testdome-sync --no-pager -o json --output-fields=TDS_EVENT,MESSAGE "$@"; }

# Installed: nothing runs, nothing would run, and nobody else may look.
expect 0 dpkg --install /packages/old.deb
[ "$(inside systemctl is-enabled testdome-sync || true)" = disabled ] || fail "the service is enabled"
[ "$(inside systemctl is-active testdome-sync || true)" = inactive ] || fail "the service was started"
[ "$(mode $configuration)" = '750 root:testdome-sync' ] || fail "$configuration is $(mode $configuration)"
[ "$(mode $configuration/testdome-sync.yaml)" = '640 root:testdome-sync' ] || fail "the configuration is $(mode $configuration/testdome-sync.yaml)"
[ "$(mode $configuration/credentials)" = '700 root:root' ] || fail "credentials are $(mode $configuration/credentials)"
[ "$(mode /var/lib/testdome-sync)" = '750 testdome-sync:testdome-sync' ] || fail "the state is $(mode /var/lib/testdome-sync)"
[ -z "$(inside find $configuration/mappings.d $configuration/presets.d -type f)" ] || fail "an example is active"
inside journalctl --dump-catalog | grep 'Subject: testdome-sync: invitation.sent' >/dev/null || fail "the message catalog is not compiled"
expect 0 systemd-analyze verify testdome-sync.service
[ ! -s "$machine/out" ] || fail "systemd-analyze verify: $(cat "$machine/out")"
expect 0 man --where testdome-sync.yaml
# Started before it is configured, it says what is missing, once.
expect 2 testdome-sync check
said 'testdome-sync.yaml:1:1: the file is empty'
inside systemctl start testdome-sync 2>/dev/null && fail "it runs without a configuration"
[ "$(property NRestarts) $(property ExecMainStatus)" = '0 2' ] || fail "unconfigured: $(property NRestarts) restarts, status $(property ExecMainStatus)"
story | grep 'there is no mapping file' >/dev/null || fail "the journal does not say what is missing: $(story)"

# Configured: a made-up TestDome and Greenhouse; a program, CSV files and, where there is one, a PostgreSQL server behind a Unix socket
# as further HR systems. One secret is encrypted.
expect 0 systemd-run --quiet --unit=sandbox -p UMask=0022 testdome-sync sandbox --directory /srv/sandbox
eventually "there is no sandbox" inside test -e /srv/sandbox/mappings.d/engineering.yaml
url=$(inside sed -n 's#^  url: \(https://[^/]*\).*#\1#p' /srv/sandbox/testdome-sync.yaml)
inside sed 's#!file \(\S*\)$#!credential \1#; s#^ledger: .*#ledger: sqlite:/var/lib/testdome-sync/ledger.db#; s#^\( *\)ca_file: .*#\1ca_file: /etc/testdome-sync/ca.pem#' \
  /srv/sandbox/testdome-sync.yaml >"$machine/settings.yaml"
echo 'listen: unix:/run/testdome-sync/http.sock' >>"$machine/settings.yaml"
inside sed 's#!file \.\./\(\S*\)$#!credential \1#; s#^ca_file: .*#ca_file: /etc/testdome-sync/ca.pem#' /srv/sandbox/mappings.d/engineering.yaml >"$machine/engineering.yaml"
{
  cat <<'YAML'
connector: exec
command: [/usr/bin/python3, /packages/json_file_connector.py, /srv/hr/applications.json, /srv/hr/written.jsonl]
environment: {HR_TOKEN: !credential hr-token}
actions: {note: checkable, field: idempotent, move_stage: idempotent}
poll: {every: 1s, start: all}
YAML
  sed -n '/^rules:/,$p' "$machine/engineering.yaml"
} >"$machine/program.yaml"
{
  cat <<'YAML'
connector: csv
files: /srv/hr/exports
quiet: 1s
application:
  id: !jq .ID
  applied_at: !jq .Applied
  applicant: {name: !jq .Name, email: !jq .Email}
  job: {name: !jq .Job}
  stage: {name: !jq .Stage}
outcomes: /srv/hr/outcomes.csv
poll: {every: 1s, start: all}
YAML
  sed -n '/^rules:/,/^write_back:/p' "$machine/engineering.yaml"
  echo '  completed: [{row: {score: !jq .result.score}}]'
} >"$machine/export.yaml"
{
  cat <<'YAML'
connector: sql
database: {type: postgresql, socket: /srv/postgresql, name: hr}
credentials: {user: testdome-sync}
list: {query: "SELECT id::text AS id, applied_at, name, email FROM applications"}
application:
  id: !jq .id
  applied_at: !jq .applied_at
  applicant: {name: !jq .name, email: !jq .email}
  job: {name: C++ Engineer}
  stage: {name: Online Test}
actions:
  note:
    already: {query: "SELECT 1 FROM notes WHERE text LIKE :marker", parameters: {marker: "%{{ .marker }}"}}
    statements: [{sql: "INSERT INTO notes(text) VALUES (:text)", parameters: {text: "{{ .argument }} {{ .marker }}"}}]
poll: {every: 1s, start: all}
YAML
  sed -n '/^rules:/,/^write_back:/p' "$machine/engineering.yaml"
  echo '  completed: [{note: "{{ .result.score }}%"}]'
} >"$machine/database.yaml"
cat "$machine/settings.yaml" | tee "$root/etc/testdome-sync/testdome-sync.yaml" >/dev/null # as an editor does: the file's mode stays
cp "$machine/engineering.yaml" "$machine/program.yaml" "$machine/export.yaml" "$root/etc/testdome-sync/mappings.d/"
cp "$root/srv/sandbox/ca.pem" "$root/etc/testdome-sync/ca.pem"
cp "$root"/srv/sandbox/*-client-secret "$root/etc/testdome-sync/credentials/"
(umask 077 && echo t0ken >"$root/etc/testdome-sync/credentials/hr-token")
mkdir -p "$root/srv/hr/exports"
printf 'ID,Applied,Name,Email,Job,Stage\nc1,2026-01-01T00:00:00Z,Carl Export,carl@example.com,C++ Engineer,Online Test\n' >"$root/srv/hr/exports/all.csv"
postgresql=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
if [ -n "$postgresql" ] && ls /usr/lib/*/libsoci_postgresql.so.4.0 >/dev/null 2>&1; then
  inside install -d -o postgres -m 755 /srv/postgresql
  inside runuser -u postgres -- "$postgresql/initdb" -D /srv/postgresql/data --auth=peer >/dev/null
  expect 0 systemd-run --quiet --unit=postgresql-of-hr --uid=postgres "$postgresql/postgres" -D /srv/postgresql/data -k /srv/postgresql -c listen_addresses= -c fsync=off
  in_postgresql() { inside runuser -u postgres -- psql -h /srv/postgresql -q -t -A "$@"; }
  eventually "PostgreSQL does not start" in_postgresql -c 'SELECT 1'
  in_postgresql -c 'CREATE ROLE "testdome-sync" LOGIN' -c 'CREATE DATABASE hr OWNER "testdome-sync"'
  in_postgresql -d hr -c 'CREATE TABLE applications(id int, applied_at timestamptz, name text, email text); CREATE TABLE notes(text text)' \
    -c "INSERT INTO applications VALUES (1, '2026-01-01', 'Paula Table', 'paula@example.com')" -c 'GRANT ALL ON applications, notes TO "testdome-sync"'
else
  postgresql=
  echo "no PostgreSQL, or no libsoci-postgresql4.0: that connector is not tried in the sandbox"
fi
echo '[{"application": {"id": "p1", "applied_at": "2026-01-01T00:00:00Z"}, "status": "active", "job": {"name": "C++ Engineer"}, "stage": {"name": "Online Test"},
  "applicant": {"name": "Zoe Program", "email": "zoe@example.com"}}]' >"$root/srv/hr/applications.json"
inside chgrp -R testdome-sync $configuration/mappings.d
inside chmod -R u=rwX,g=rX,o= $configuration/mappings.d
inside mkdir -p /etc/credstore.encrypted /etc/systemd/system/testdome-sync.service.d
inside systemd-creds --with-key=host --name=testdome-client-secret encrypt $configuration/credentials/testdome-client-secret /etc/credstore.encrypted/testdome-client-secret 2>/dev/null
cat >"$root/etc/systemd/system/testdome-sync.service.d/override.conf" <<'UNIT'
[Service]
LoadCredentialEncrypted=testdome-client-secret
LoadCredential=greenhouse-client-secret:/etc/testdome-sync/credentials/greenhouse-client-secret
LoadCredential=hr-token:/etc/testdome-sync/credentials/hr-token
ReadWritePaths=/srv/hr
UNIT
inside systemctl daemon-reload
# What testdome-sync(1) tells the administrator to do before anything is started.
expect 0 env CREDENTIALS_DIRECTORY=$configuration/credentials testdome-sync plan
said 'invitations would be paid'
[ "$(ask books | jq .paid)" -eq 0 ] || fail "plan has paid"
inside chown -R testdome-sync: /srv/hr # plan has read it as root, and so has the program
if [ -n "$postgresql" ]; then # it knows the service by its user, and would not know root
  cp "$machine/database.yaml" "$root/etc/testdome-sync/mappings.d/"
  inside chgrp testdome-sync $configuration/mappings.d/database.yaml
fi

# Upgraded while it stands still, with a ledger of an older schema: it stays still, and the next start brings the ledger up to date.
inside sh -c "sqlite3 $ledger </packages/ledger-of-schema-4.sql && chown testdome-sync: $ledger && chmod 600 $ledger"
before=$(inside sh -c "cat $configuration/testdome-sync.yaml $configuration/mappings.d/* | sha256sum")
expect 0 dpkg --install /packages/new.deb
[ "$(inside systemctl is-active testdome-sync || true)" != active ] || fail "an upgrade has started what did not run"
expect 0 systemctl enable --now testdome-sync # Type=notify: back once it is ready
known=$(query 'PRAGMA user_version')
[ "$known" -gt 4 ] || fail "the ledger was not brought up to date: schema $known"
grep -qx "known=$known" "$root/var/lib/dpkg/info/testdome-sync.preinst" || fail "preinst knows another schema than the program: $known"
[ "$(query "SELECT state FROM assessments WHERE application_id = '77'")" = completed ] || fail "the upgrade has lost an assessment"

# At work in the sandbox of the unit: HTTPS, the ledger, a program as a child process.
pid=$(property MainPID)
status=$(inside cat "/proc/$pid/status")
for line in 'Seccomp:[[:space:]]2' 'NoNewPrivs:[[:space:]]1' 'CapBnd:[[:space:]]0+$' 'CapEff:[[:space:]]0+$'; do grep -qE "$line" <<<"$status" || fail "no \"$line\" in the process: $status"; done
[ "$(property MemoryMax)" -eq $((256 * 1024 * 1024)) ] || fail "MemoryMax is $(property MemoryMax)"
inside nsenter --mount="/proc/$pid/ns/mnt" touch /usr/bin/intruder 2>"$machine/out" && fail "its /usr can be written"
said 'Read-only file system'
case "$(property StatusText)" in *polling*) ;; *) fail "the status says \"$(property StatusText)\"" ;; esac
expect 0 env CREDENTIALS_DIRECTORY=/run/credentials/testdome-sync.service testdome-sync list
expect 0 curl -sS --fail --unix-socket /run/testdome-sync/http.sock http://localhost/readyz
said 'ready'
program_is_done() { inside jq -es 'any(.action == "note" and (.argument | test("% in C")))' /srv/hr/written.jsonl; }
eventually "the program was told no result" program_is_done
eventually "no outcome stands in the CSV file" inside grep -q '^"c1","completed"' /srv/hr/outcomes.csv
[ -z "$postgresql" ] || eventually "no note stands in PostgreSQL" eval 'in_postgresql -d hr -c "SELECT text FROM notes" | grep %'
everybody_is_served() { ask outcomes | jq -e 'all(.ok or (.missing | test("^1 notes instead of 2$")))'; }
eventually "somebody was not served" everybody_is_served

# The journal has one applicant's whole story by the application's id, and explains each event of it.
inside journalctl -t testdome-sync TDS_MAPPING=program TDS_APPLICATION=p1 --no-pager -o json | jq -r .TDS_EVENT >"$machine/story"
[ "$(head -n 2 "$machine/story" | xargs)" = 'assessment.planned invitation.sent' ] || fail "the story of p1 begins so: $(xargs <"$machine/story")"
for event in result.received writeback.done; do grep -qx "$event" "$machine/story" || fail "the story of p1 has no $event: $(xargs <"$machine/story")"; done
inside journalctl -t testdome-sync -x TDS_APPLICATION=p1 TDS_EVENT=invitation.sent --no-pager >"$machine/out"
said 'It was paid for, and is followed until its end'
[ "$(inside journalctl --list-catalog | grep -c ' testdome-sync: ')" -eq "$(grep -c '^## ' "$source/docs/log-events.md")" ] || fail "the journal does not explain each event"

# A bug report of the running service: its log, systemd's view of it, and nothing that is nobody's business.
inside logger -t testdome-sync 'planted: Zoe Program <zoe@example.com> with t0ken'
inside runuser -u testdome-sync -- logger -t testdome-sync 'planted too: Paula'
expect 0 env CREDENTIALS_DIRECTORY=/run/credentials/testdome-sync.service testdome-sync bugreport --output /root/report.txt
expect 0 cat /root/report.txt
for told in '^ *systemd [0-9]+' 'ActiveState=active' 'invitation.sent invited' 'planted: … … <z…@example.com> with …$' '^  mapping program: applications=1 '; do said "$told"; done
! grep -wE 'Zoe|Carl|Paula|t0ken|sandbox-secret' "$machine/out" || fail "a secret or a name is in the bug report"
expect 0 runuser -u nobody -- testdome-sync bugreport
said 'can.t be (opened|read)'

# Reloaded: the same process goes on.
expect 0 systemctl reload testdome-sync
reloaded() { story | grep '"service.reloaded"'; }
eventually "systemctl reload does not reach the daemon" reloaded
[ "$(property MainPID)" = "$pid" ] || fail "a reload has started another process"

# The watchdog: a process that stands still is ended and started anew, and nobody is paid for twice.
printf '[Service]\nWatchdogSec=1s\nRestartSec=100ms\n' >"$root/etc/systemd/system/testdome-sync.service.d/watchdog.conf"
inside systemctl daemon-reload
inside systemctl restart testdome-sync
stopped=$(property MainPID)
inside kill -STOP "$stopped"
started_anew() { [ "$(property NRestarts)" -ge 1 ] && [ "$(property ActiveState)" = active ] && [ "$(property MainPID)" != "$stopped" ]; }
eventually "the watchdog does not end a process that stands still" started_anew
rm "$root/etc/systemd/system/testdome-sync.service.d/watchdog.conf"
inside systemctl daemon-reload

# Upgraded while it runs: restarted with the new version, nothing asked, nothing lost, nothing paid again.
expect 0 dpkg --install /packages/old.deb
running=$(property MainPID)
counts=$(query 'SELECT count(*), max(id) FROM assessments')
expect 0 dpkg --install /packages/new.deb
[ "$(property ActiveState)" = active ] && [ "$(property MainPID)" != "$running" ] || fail "an upgrade does not restart what runs"
[ "$(query 'SELECT count(*), max(id) FROM assessments')" = "$counts" ] || fail "an upgrade has changed the assessments"
[ "$(inside sh -c "cat $configuration/testdome-sync.yaml $configuration/mappings.d/* | sha256sum")" = "$before" ] || fail "an upgrade has changed the configuration"
[ "$(mode $configuration/testdome-sync.yaml)" = '640 root:testdome-sync' ] || fail "an upgrade has made the configuration $(mode $configuration/testdome-sync.yaml)"
ask outcomes | jq -e 'all(.paid <= 1)' >/dev/null || fail "somebody was paid for twice"
ask books | jq -e '(.testdome_violations + .greenhouse_violations) | length == 0' >/dev/null || fail "a request that isn't documented: $(ask books)"
! story | grep -E 'sandbox-secret|(zoe|carl|paula)@|t0ken' >/dev/null || fail "a secret or an address is in the journal"

# Moved to another machine, as docs/operations.md says: the service's user owns what is put back, and nobody is paid for again.
paid=$(ask books | jq .paid)
expect 0 systemctl disable --now testdome-sync
expect 0 testdome-sync backup /root/moved.db
inside sh -c "rm $ledger*"
expect 0 testdome-sync restore /root/moved.db
[ "$(mode "$ledger")" = '600 testdome-sync:testdome-sync' ] || fail "a restored ledger is $(mode "$ledger")"
expect 0 systemctl enable --now testdome-sync
polled_anew() { story --since "$(property ActiveEnterTimestamp | cut -d ' ' -f 2-3)" | grep '"poll.done"'; }
eventually "a restored ledger is not gone on with" polled_anew
[ "$(ask books | jq .paid)" -eq "$paid" ] || fail "moving has paid again"

# A ledger of a newer version: the older package does not take its place, and the older program says why it can't read it.
inside systemctl stop testdome-sync
query "PRAGMA user_version = $((known + 1))"
expect 1 dpkg --install /packages/old.deb
said "reads ledgers up to schema $known, and $ledger has schema $((known + 1))"
said 'keep or install the newer version'
[ "$(inside dpkg-query -W -f '${Version} ${Status}' testdome-sync)" = "$version install ok installed" ] || fail "a refused downgrade leaves $(inside dpkg-query -W testdome-sync)"
expect 75 env CREDENTIALS_DIRECTORY=$configuration/credentials testdome-sync status
said 'it was written by a newer testdome-sync; install that one again'
query "PRAGMA user_version = $known"
expect 0 systemctl start testdome-sync

# Removed: stopped; configuration and ledger stay, and a new installation goes on with them.
expect 0 dpkg --remove testdome-sync
inside systemctl is-active testdome-sync >/dev/null && fail "the service still runs"
for kept in $configuration/testdome-sync.yaml $configuration/mappings.d/engineering.yaml $ledger; do inside test -e "$kept" || fail "removing has removed $kept"; done
expect 0 dpkg --install /packages/new.deb
expect 0 systemctl start testdome-sync
[ "$(query 'SELECT count(*), max(id) FROM assessments')" = "$counts" ] || fail "a new installation does not go on with the ledger"

# Purged: gone.
expect 0 dpkg --purge testdome-sync
for gone in $configuration /var/lib/testdome-sync /lib/systemd/system/testdome-sync.service /etc/systemd/system/multi-user.target.wants/testdome-sync.service; do
  inside test ! -e "$gone" || fail "purging leaves $gone"
done
echo "installed, configured, at work, upgraded, refused as a downgrade, removed and purged"
