#!/usr/bin/env bash
# Lets libFuzzer look for what breaks a promise: tests/fuzz/fuzz.sh BUILD_FOLDER [TARGET] [--seconds N]
# FUZZ_JOBS says how many processes at once; otherwise as many as there are cores. Inputs that reach new code go to
# BUILD_FOLDER/found/TARGET, finds to BUILD_FOLDER/finds. Exit status 1 if there is a find.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$1
shift
targets=()
seconds=600
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=${2:?--seconds needs a number}; shift ;;
    -*) echo "./dev fuzz: unknown option \"$1\"" >&2; exit 2 ;;
    *) targets+=("$1") ;;
  esac
  shift
done
mapfile -t known < <(ls tests/fuzz/corpus)
[ ${#targets[@]} -gt 0 ] || targets=("${known[@]}")

dictionary_of() {
  case $1 in
    *_answers) echo answers ;;
    expression) echo jq ;;
    ledger) echo sql ;;
    listener) echo http ;;
    *) echo yaml ;;
  esac
}

# Each process runs by itself, and takes up what another one finds to be new.
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
mkdir -p "$folder/finds"
failed=0
for target in "${targets[@]}"; do
  program=$folder/tests/fuzz/fuzz_$target
  [ -x "$program" ] || { echo "./dev fuzz: there is no target \"$target\"; there are: ${known[*]}" >&2; exit 2; }
  found=$folder/found/$target
  mkdir -p "$found"
  echo "==> $target, $seconds s"
  processes=()
  for ((core = 0; core < ${FUZZ_JOBS:-$(nproc)}; ++core)); do
    "$program" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 -max_len=16384 -reload=1 -print_final_stats=1 \
      -dict="tests/fuzz/dictionaries/$(dictionary_of "$target").dict" -artifact_prefix="$folder/finds/$target-" \
      "$found" "tests/fuzz/corpus/$target" >"$folder/$target-$core.log" 2>&1 &
    processes+=($!)
  done
  for core in "${!processes[@]}"; do
    log=$folder/$target-$core.log
    if wait "${processes[$core]}"; then
      grep -E '^#[0-9]+[[:space:]]+DONE' "$log" || true
    else
      failed=1
      grep -E 'A promise is broken|ERROR|SUMMARY|Assertion|what\(\)' "$log" | head -5 || true
      find_file=$(sed -n 's/.*Test unit written to //p' "$log" | tail -1)
      echo "    a find; see $log. It is run again by:"
      echo "    $program $find_file"
    fi
  done
done
exit "$failed"
