#!/usr/bin/env bash
# What systemd's own judges say of the unit. unit.sh UNIT
set -euo pipefail
command -v systemd-analyze >/dev/null || { echo "skipped: there is no systemd-analyze"; exit 77; }
unit=$1
# Tenths: 1.0. Whoever loosens something finds out here what it costs.
if ! systemd-analyze security --offline=yes --no-pager --threshold=10 "$unit" >/dev/null; then
  systemd-analyze security --offline=yes --no-pager "$unit" | grep -E '✗|→' >&2
  exit 1
fi
# Every call that the unit names exists, and is one that can be looked up.
named=$(sed -n 's/^SystemCallFilter=~\{0,1\}//p' "$unit" | tr ' ' '\n' | grep '^@')
for group in $named; do
  systemd-analyze syscall-filter "$group" >/dev/null
done
echo "exposure is at most 1.0"
