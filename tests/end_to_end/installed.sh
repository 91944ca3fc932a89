#!/usr/bin/env bash
# What `cmake --install` puts where, and what systemd thinks of it.
set -euo pipefail
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
DESTDIR=$root cmake --install "$2" --prefix /usr >/dev/null
for file in bin/testdome-sync lib/systemd/system/testdome-sync.service lib/sysusers.d/testdome-sync.conf lib/tmpfiles.d/testdome-sync.conf \
  lib/systemd/catalog/testdome-sync.catalog share/testdome-sync/presets/greenhouse.yaml share/testdome-sync/presets/greenhouse.examples.yaml share/doc/testdome-sync/README.md share/doc/testdome-sync/reliability.md share/doc/testdome-sync/connectors.md share/doc/testdome-sync/presets.md \
  share/doc/testdome-sync/examples/mappings.d/engineering.yaml share/doc/testdome-sync/examples/mappings.d/csv.yaml share/doc/testdome-sync/examples/mappings.d/exec.yaml share/doc/testdome-sync/examples/mappings.d/sql.yaml share/doc/testdome-sync/examples/json_file_connector.py share/doc/testdome-sync/exec-protocol.md share/doc/testdome-sync/log-events.md \
  share/doc/testdome-sync/monitoring/testdome-sync.rules.yaml share/doc/testdome-sync/monitoring/testdome-sync.dashboard.json \
  share/bash-completion/completions/testdome-sync share/zsh/vendor-completions/_testdome-sync share/fish/vendor_completions.d/testdome-sync.fish; do
  [ -e "$root/usr/$file" ] || { echo "not installed: $file" >&2; exit 1; }
done
"$root/usr/bin/testdome-sync" --version
for connector in csv exec rest sql; do
  "$root/usr/bin/testdome-sync" init "$connector" | diff - "$root/usr/share/doc/testdome-sync/examples/mappings.d/$connector.yaml" || { echo "init $connector writes another mapping than the example" >&2; exit 1; }
done
# The unit is read by systemd's own parser where there is one.
if command -v systemd-analyze >/dev/null; then
  sed "s#^ExecStart=/usr/bin/testdome-sync#ExecStart=$root/usr/bin/testdome-sync#" "$root/usr/lib/systemd/system/testdome-sync.service" >"$root/testdome-sync.service"
  complaints=$(systemd-analyze verify --man=no "$root/testdome-sync.service" 2>&1 | grep -i testdome-sync || true)
  [ -z "$complaints" ] || { echo "$complaints" >&2; exit 1; }
fi
