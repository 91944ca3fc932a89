#!/usr/bin/env bash
# systemd takes the message catalog, with an entry for each event that docs/log-events.md tells of. catalog.sh CATALOG
set -euo pipefail
command -v journalctl >/dev/null || { echo "skipped: there is no journalctl"; exit 77; }
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/usr/lib/systemd/catalog" "$root/var/lib/systemd/catalog"
cp "$1" "$root/usr/lib/systemd/catalog"
journalctl --root="$root" --update-catalog >"$root/out" 2>&1 && [ ! -s "$root/out" ] || { echo "systemd refuses the catalog: $(cat "$root/out")" >&2; exit 1; }
diff <(journalctl --root="$root" --list-catalog | sed -n 's/^\([0-9a-f]\{32\}\) testdome-sync: testdome-sync: \(.*\)$/\2 \1/p' | sort) \
  <(awk '/^## / { name = $2 } match($0, /message id `[0-9a-f]+`/) { print name, substr($0, RSTART + 12, 32) }' "$(dirname "$0")/../../docs/log-events.md" | sort) ||
  { echo "FAILED: the journal (<) explains other events than docs/log-events.md (>)" >&2; exit 1; }
echo "the journal explains each event"
