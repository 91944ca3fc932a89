#!/usr/bin/env bash
# What `init NAME` writes for each preset is a mapping file that `check` accepts, once the credentials exist.
set -euo pipefail
program=$(realpath "$1")
presets=$(realpath "$(dirname "$0")/../../connectors/presets")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
mkdir "$directory/mappings.d" "$directory/credentials"
export TESTDOME_SYNC_PRESETS=$presets CREDENTIALS_DIRECTORY=$directory/credentials
umask 0027
printf 'testdome: {client_id: !credential id, client_secret: !credential secret}\nledger: sqlite:%s/ledger.db\n' "$directory" >"$directory/testdome-sync.yaml"
for name in id secret; do echo made-up >"$directory/credentials/$name"; done
count=0
for name in csv exec rest sql $(basename -s .yaml "$presets"/*.yaml); do
  case $name in *.examples) continue ;; esac
  mapping=$directory/mappings.d/$name.yaml
  "$program" init "$name" --output "$mapping"
  if [ "$name" = exec ]; then # the program that it names is installed elsewhere
    sed -i "s#/usr/share/doc/testdome-sync/examples/#$presets/../exec/#" "$mapping"
  fi
  if "$program" check --config "$directory/testdome-sync.yaml" >"$directory/out" 2>&1 && grep -q '^[^#]*!credential' "$mapping"; then
    echo "$name: check accepts a mapping without its credentials" >&2
    exit 1
  fi
  for credential in $(sed -n 's/^[^#]*!credential \([a-z0-9-]*\).*/\1/p' "$mapping"); do echo made-up >"$directory/credentials/$credential"; done
  "$program" check --config "$directory/testdome-sync.yaml" >"$directory/out" 2>&1 || { echo "$name: check does not accept what init writes:" >&2; cat "$directory/out" >&2; exit 1; }
  rm "$mapping"
  count=$((count + 1))
done
[ "$count" -gt 0 ] || { echo "there are no presets in $presets" >&2; exit 1; }
echo "init has written $count mapping files that check accepts"
