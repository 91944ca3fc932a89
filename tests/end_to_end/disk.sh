#!/usr/bin/env bash
# A disk that fills up and one that becomes read-only: nothing is sent that isn't stored, and nothing is lost.
# Needs a small file system of its own, in a mount namespace of its own.
if [ "${1:-}" != --in-namespace ]; then
  as=(unshare --mount)
  [ "$(id -u)" -eq 0 ] || as=(unshare --user --map-root-user --mount)
  "${as[@]}" mount -t tmpfs none /mnt 2>/dev/null || { echo "skipped: no mount namespace can be made here"; exit 77; }
  exec "${as[@]}" "$0" --in-namespace "$@"
fi
shift
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 300
disk=$directory/disk # gone with this process's mount namespace
mkdir "$disk"
mount -t tmpfs -o size=1m none "$disk"
sed -i "s#^ledger:.*#ledger: sqlite:$disk/ledger.db#" "$configuration"

once() { # once WANTED-STATUS
  local status=0
  "$program" once --config "$configuration" >"$directory/out" 2>"$directory/log" || status=$?
  [ "$status" -eq "$1" ] || fail "once ended with $status instead of $1: $(tail -3 "$directory/log")"
}
paid() { ask books | jq .paid; }
paid_twice() { ask outcomes | jq '[.[] | select(.paid > 1)] | length'; }

# So full that the ledger's tables fit, and the 300 applications don't.
dd if=/dev/zero of="$disk/filler" bs=1k count=600 2>/dev/null
once 75
grep -q "$disk/ledger.db.*disk.*full" "$directory/log" "$directory/out" || fail "a full disk is not told: $(tail -3 "$directory/log")"
[ "$(paid)" -eq 0 ] || fail "people were invited who aren't in the ledger"

# A little more room: it breaks off somewhere in the middle, over and over, while the disk gets emptier.
for kilobytes in $(seq 500 -60 0); do
  truncate -s "${kilobytes}k" "$disk/filler"
  "$program" once --config "$configuration" >/dev/null 2>"$directory/log" && break
  [ "$(paid_twice)" -eq 0 ] || fail "somebody was paid for twice on a full disk"
done
rm "$disk/filler"
mount -o remount,size=64m "$disk"
once 0
[ "$(paid_twice)" -eq 0 ] || fail "somebody was paid for twice"
[ "$("$program" list --json --config "$configuration" | jq length)" -eq 308 ] || fail "somebody was forgotten"
[ "$(paid)" -eq 305 ] || fail "$(paid) people were invited instead of 305"

# A disk that was remounted read-only, as Linux does it after an error.
before=$(paid)
mount -o remount,ro "$disk"
once 75
grep -q "$disk/ledger.db" "$directory/log" "$directory/out" || fail "a read-only disk is not told: $(tail -3 "$directory/log")"
grep -qi 'read-only\|written' "$directory/log" "$directory/out" || fail "a read-only disk is not explained: $(tail -3 "$directory/log")"
[ "$(paid)" -eq "$before" ] || fail "somebody was invited without a ledger"
mount -o remount,rw "$disk"
once 0
echo "a full and a read-only disk cost nobody anything: $(paid) paid for once each"
