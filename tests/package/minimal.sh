#!/usr/bin/env bash
# The package on a Debian that has nothing but apt: what it depends on is complete, also without systemd. minimal.sh PACKAGE.deb
set -euo pipefail
fail() { echo "FAILED: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; exit 77; }
package=$(realpath "$1")
[ "$(id -u)" -eq 0 ] || skip "a root of its own needs root"
command -v mmdebstrap >/dev/null || skip "there is no mmdebstrap"
root=$(mktemp -d "${TMPDIR:-/tmp}/testdome-sync-minimal.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
# mmdebstrap installs the package with apt, and runs the rest in the root before that is thrown away.
cat >"$root/tried" <<'TRIED'
set -eu
testdome-sync --version
testdome-sync connectors | grep -w greenhouse
testdome-sync init greenhouse --output /etc/testdome-sync/mappings.d/engineering.yaml
id testdome-sync
status=0
testdome-sync check >/tmp/problems 2>&1 || status=$?
[ "$status" -eq 2 ] && grep 'the file is empty' /tmp/problems
dpkg --purge testdome-sync
[ ! -e /etc/testdome-sync ] && [ ! -e /var/lib/testdome-sync ]
TRIED
cp "$package" "$root/testdome-sync.deb"
chmod 755 "$root"
mmdebstrap --variant=apt --quiet --format=null --customize-hook="copy-in $root/testdome-sync.deb $root/tried /root" \
  --customize-hook='chroot "$1" apt-get install -qq -y --no-install-recommends /root/testdome-sync.deb' \
  --customize-hook='chroot "$1" sh /root/tried' "${2:-bookworm}" >"$root/log" 2>&1 ||
  { grep -q 'Unable to fetch\|Could not resolve\|Failed to fetch' "$root/log" && skip "no Debian mirror is reached"; fail "$(tail -n 30 "$root/log")"; }
echo "on a Debian that has nothing but apt, it is installed, works, and is purged"
