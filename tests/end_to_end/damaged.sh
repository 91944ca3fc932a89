#!/usr/bin/env bash
# A ledger that was cut off, overwritten, or in which bits have flipped: it is refused with its name and what to do, or it
# works and nobody is lost; nobody is ever paid for twice.
#
# What can't be noticed: the end of a write-ahead log that is missing looks like one that was never written. Whoever was
# invited in it is found at TestDome again. And of what only the HR system has better, names and the text of
# write-backs, a changed letter isn't seen.
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 80 --arriving-within 20 --invitations-late 300
echo 'timeout: 5s' >>"$directory/mappings.d/engineering.yaml" # what was in flight at a kill is asked for after twice as long
sed -i 's/settle: .*/settle: 1s/' "$configuration"
ledger=$directory/ledger.db
list() { "$program" list --json --config "$configuration" "$@"; }

# In the ledger that is to be damaged, people are at every stage, and the invitations of some were in flight when the
# program was killed: whoever forgets them, or takes one for another, pays again.
mkdir "$directory/whole" "$directory/logged"
start_daemon "$directory/log"
until [ "$(grep -c '"text":"completed' "$directory/log")" -gt 5 ]; do sleep 0.05; done
for _ in $(seq 60); do
  kill_daemon
  cp "$ledger" "$ledger-wal" "$directory/logged/"
  [ "$(list --state inviting | jq length)" -eq 0 ] || break
  start_daemon "$directory/log"
  await poll.done "$directory/log"
  sleep "0.$(printf '%03d' $((RANDOM % 250)))"
done
[ "$(list --state inviting | jq length)" -gt 0 ] || fail "the program was never killed while an invitation was in flight"
cp "$ledger" "$directory/whole/" # the reader was the last one, and has left no log
[ ! -e "$ledger-wal" ] || fail "the ledger still has a write-ahead log"

# Then everybody is served: from now on there is nothing to pay for, whatever the ledger says. What it takes for unwritten
# is written once more each time, as from a backup that is too old: so notes are not counted here.
start_daemon "$directory/run.log"
await service.ready "$directory/run.log"
everybody_is_served 60 "$directory/run.log"
paid=$(ask books | jq .paid)
SECONDS=0

restore() { # restore whole|logged
  rm -rf "$ledger" "$ledger-wal" "$ledger-shm" "$ledger-journal"
  cp "$directory/$1/"* "$directory/"
}
size_of() { stat -c %s "$1"; }
anywhere() { echo $(((RANDOM * 32768 + RANDOM) % $1)); }
flip() { # flip FILE OFFSET: one bit of this byte
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  printf "\\x$(printf %x $((byte ^ (1 << RANDOM % 8))))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
overwrite() { # overwrite FILE OFFSET LENGTH SOURCE
  head -c "$3" "$4" | dd of="$1" bs=4096 seek=$(($2 / 4096)) conv=notrunc status=none
}

declare -A refused=() worked=() changed=()
cases=0
look() { # look KIND: starts the program on what is there
  local kind=$1 status=0
  "$program" once --config "$configuration" >"$directory/log" 2>&1 || status=$?
  cases=$((cases + 1))
  case $status in
    75)
      refused[$kind]=$((${refused[$kind]:-0} + 1))
      grep -qE "^testdome-sync: (the )?ledger.*$ledger.*(backup|remove it|check that|newer|name a file)" "$directory/log" ||
        fail "$kind: not told: $(tail -3 "$directory/log")"
      ! grep -qE 'invitation.sent|writeback.done' "$directory/log" || sent_before_refusal=$((sent_before_refusal + 1))
      ;;
    0)
      worked[$kind]=$((${worked[$kind]:-0} + 1))
      ask outcomes | jq -e 'all(.ok or (.missing | test("^[0-9]+ notes instead of [0-9]$")))' >/dev/null ||
        fail "$kind: $(ask outcomes | jq -c '.[] | select(.ok | not)' | head -3)"
      status=0
      list >"$directory/list" 2>"$directory/list-errors" || status=$?
      if [ "$status" -eq 75 ]; then
        grep -q "ledger $ledger is damaged" "$directory/list-errors" || fail "$kind: list: $(cat "$directory/list-errors")"
        changed[$kind]=$((${changed[$kind]:-0} + 1))
      elif [ "$status" -ne 0 ]; then
        fail "$kind: list ended with $status: $(cat "$directory/list-errors")"
      fi
      ;;
    *) fail "$kind: ended with $status: $(tail -3 "$directory/log")" ;;
  esac
  [ "$(ask books | jq .paid)" -eq "$paid" ] || fail "$kind: somebody was paid for on a damaged ledger: $(cat "$directory/log")"
}
sent_before_refusal=0

for which in whole logged; do
  restore "$which"
  look "undamaged"
done
[ "${worked[undamaged]}" -eq 2 ] || fail "the undamaged ledger does not work: $(tail -3 "$directory/log")"

size=$(size_of "$directory/whole/ledger.db")
log_size=$(size_of "$directory/logged/ledger.db-wal")
for length in 0 1 50 99 100 511 4095 4096 5000 $((size / 2)) $((size - 4096)) $((size - 1)); do
  restore whole
  truncate -s "$length" "$ledger"
  look "cut off"
done
[ "${refused[cut off]}" -eq 12 ] || fail "a ledger that was cut off works"
for length in 0 1 31 32 4151 4152 $((log_size / 2)) $((log_size - 1)); do
  restore logged
  truncate -s "$length" "$ledger-wal"
  look "log cut off"
done
restore whole
overwrite "$ledger" 0 "$size" /dev/urandom
look "garbage"
restore whole
overwrite "$ledger" 0 4096 /dev/urandom
look "garbage"
[ "${refused[garbage]}" -eq 2 ] || fail "garbage works as a ledger"
restore logged
overwrite "$ledger-wal" 0 "$log_size" /dev/urandom
look "garbage in the log"
for name in "$ledger" "$ledger-wal"; do
  restore whole
  rm -f "$name"
  mkdir "$name"
  look "a folder"
done
[ "${refused[a folder]}" -eq 2 ] || fail "a folder works as a ledger"
if [ "$(id -u)" -ne 0 ]; then # root may read everything
  restore whole
  chmod 000 "$ledger"
  look "no permission"
fi
for page in $(seq 0 3 $((size / 4096 - 1))); do
  restore whole
  overwrite "$ledger" $((page * 4096)) 4096 /dev/zero
  look "a page of zeros"
done
while [ "$SECONDS" -lt 60 ]; do
  restore whole
  flip "$ledger" $((RANDOM % 100))
  look "bit of the header"
  restore whole
  flip "$ledger" $((RANDOM % (size / 4096) * 4096 + RANDOM % 12))
  look "bit of a page's header"
  for _ in 1 2 3; do
    restore whole
    flip "$ledger" "$(anywhere "$size")"
    look "bit"
  done
  restore logged
  flip "$ledger-wal" "$(anywhere "$log_size")"
  look "bit of the log"
done

# One that is too large to be looked through at the start works, until the damage is found in it.
restore whole
sqlite3 "$ledger" "INSERT INTO facts WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 6000)
  SELECT 'filler-' || n, '\"' || hex(zeroblob(500)) || '\"' FROM counted"
status=0
timeout --preserve-status 3 "$program" run --config "$configuration" >"$directory/log" 2>&1 || status=$?
[ "$status" -eq 0 ] || fail "a large ledger does not work: $(tail -3 "$directory/log")"
sqlite3 "$ledger" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
overwrite "$ledger" $(($(size_of "$ledger") / 2 / 4096 * 4096)) 4096 <(tr '\0' '\377' </dev/zero)
timeout --preserve-status 30 "$program" run --config "$configuration" >"$directory/log" 2>&1 || status=$?
[ "$status" -eq 75 ] || fail "damage in a large ledger isn't found: ended with $status: $(tail -3 "$directory/log")"
grep -q service.ready "$directory/log" || fail "a large ledger is looked through before the start: $(tail -3 "$directory/log")"
grep -q "is damaged" "$directory/log" || fail "the damage of a large ledger isn't told: $(tail -3 "$directory/log")"
# systemd starts it again; by what it reads there nobody may be invited until the damage is found once more.
expect 75 timeout --preserve-status 30 "$program" run --config "$configuration"
grep -q "is damaged" "$directory/err" || fail "the damage of a large ledger is forgotten: $(tail -3 "$directory/err")"
! grep -q service.ready "$directory/err" || fail "a ledger that is known to be damaged is worked with"

printf '  %-24s %8s %8s %s\n' DAMAGE REFUSED WORKS "OF THESE, list REFUSES"
for kind in $(printf '%s\n' "${!refused[@]}" "${!worked[@]}" | sort -u | tr ' ' _); do
  kind=${kind//_/ }
  printf '  %-24s %8d %8d %d\n' "$kind" "${refused[$kind]:-0}" "${worked[$kind]:-0}" "${changed[$kind]:-0}"
done
echo "$cases damaged ledgers: none was trusted that could not be, $paid people paid for once each ($sent_before_refusal noticed at work)"
