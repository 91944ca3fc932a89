#!/usr/bin/env bash
# The manual pages say what the program knows, no more and no less. manual.sh PROGRAM FOLDER
set -euo pipefail
program=$1 folder=$2
source=$(realpath "$(dirname "$0")/../..")
[ -e "$folder/testdome-sync.1" ] || { echo "skipped: without scdoc no manual pages were made"; exit 77; }
command -v man >/dev/null || { echo "skipped: there is no man"; exit 77; }
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
page() { MANWIDTH=150 MAN_KEEP_FORMATTING= MANROFFOPT=-rHY=0 man -l --warnings "$folder/$1" 2>"$made/warnings" | col -bx >"$made/$1"; }
same() { diff "$made/$1" "$made/$2" || fail "$3 (<: $1, >: $2)"; }

for name in testdome-sync.1 testdome-sync.yaml.5 testdome-sync-mapping.5; do
  page "$name"
  [ ! -s "$made/warnings" ] || fail "$name: $(cat "$made/warnings")"
done

# Commands and options: what --help tells of each, and what the page has between COMMANDS and EXIT STATUS.
commands() { "$program" "$@" --help | sed -n '/^Subcommands:/,$s/^  \([a-z]*\) .*/\1/p'; }
options() { "$program" "$@" --help | sed -nE '/^Options:/,$s/^ {2,4}(-[a-z],)?(--[a-z-]+).*/\2/p' | grep -v '^--help$' || true; }
for command in $(commands); do
  below=$(commands "$command")
  [ -n "$below" ] || { echo "$command"; options "$command"; }
  for one in $below; do echo "$command $one"; options "$command" "$one"; done
done | sort >"$made/program"
sed -n '/^COMMANDS/,/^EXIT STATUS/p' "$made/testdome-sync.1" | sed -nE 's/^       ([a-z]+( [a-z]+)?)( .*)?$/\1/p; s/^           (--[a-z-]+).*/\1/p' |
  sed -E 's/^((preset|ledger) [a-z]+).*/\1/; /^(preset|ledger)/!s/^([a-z]+) .*/\1/' | sort >"$made/page"
same program page "testdome-sync(1) has other commands or options than the program"

# Keys: each that the program reads stands on the page, and each on the page stands in its example, which is checked.
keys_read() { (cd "$source" && grep -ohE '(child|require|text|required_text|secret_text|flag|number|duration|texts|expression|text_parts|choice|read_url|read_secret_url)\((in, )?"[a-z_]+"' "$@") | cut -d '"' -f 2 | sort -u; }
keys_on() { sed -n '/^# KEYS/,/^# EXAMPLE\|^Every other key/p' "$source/docs/man/$1" | grep -E '^	*\*[a-z_]+\*(, \*[a-z_]+\*)*($|: )|^	+\*[a-z_]+\*:' | grep -oE '\*[a-z_]+\*' | tr -d '*'; }
mentioned_on() { sed -n '/^# KEYS/,/^# EXAMPLE/p' "$source/docs/man/$1" | grep -oE '\*[a-z_]+\*' | tr -d '*' | sort -u; }
example() { sed -n '/^# EXAMPLE/,/^# SEE ALSO/p' "$source/docs/man/$1" | sed '1,/^```$/d; /^```$/,$d'; }
mkdir -p "$made/credentials" "$made/mappings.d"
for name in testdome-client-id testdome-client-secret testdome-api-password greenhouse-client-id greenhouse-client-secret; do
  echo x >"$made/credentials/$name"
done
for name in slack-webhook dead-man-ping; do echo https://example.com/x >"$made/credentials/$name"; done
for name in testdome-webhook greenhouse-webhook; do echo 0123456789abcdef0123456789abcdef >"$made/credentials/$name"; done
chmod 600 "$made"/credentials/*
export CREDENTIALS_DIRECTORY=$made/credentials
checked() { "$program" check --config "$made/testdome-sync.yaml" >/dev/null 2>"$made/problems" || fail "an example is refused: $(cat "$made/problems")"; }

example testdome-sync-mapping.5.scd >"$made/mappings.d/engineering.yaml"
example testdome-sync.yaml.5.scd >"$made/testdome-sync.yaml"
checked
sed -i -E '/^  client_/d; s/^  # or: email/  email/; s/^  # +api_password/  api_password/' "$made/testdome-sync.yaml"
checked

keys_read config/read_settings.cpp config/read_ledger.cpp config/read_listen.cpp config/read_webhook.cpp | grep -vx -e header -e hmac_key >"$made/settings-read" # TestDome signs nothing
keys_read config/read_mapping.cpp config/read_rules.cpp config/read_webhook.cpp >"$made/mapping-read"
[ "$(wc -l <"$made/settings-read")" -ge 20 ] && [ "$(wc -l <"$made/mapping-read")" -ge 15 ] || fail "the keys that the program reads are not found in its sources"
for what in settings:testdome-sync.yaml.5.scd mapping:testdome-sync-mapping.5.scd; do
  name=${what#*:}
  mentioned_on "$name" >"$made/mentioned"
  missing=$(comm -23 "$made/${what%%:*}-read" "$made/mentioned")
  [ -z "$missing" ] || fail "docs/man/$name does not tell of" $missing
  for key in $(keys_on "$name"); do
    example "$name" | grep -qE "(^|[ {,#-])$key:" || grep -qx "$key" "$made/${what%%:*}-read" || fail "docs/man/$name: the program knows no key \"$key\""
  done
done
echo "the manual pages say what the program knows"
