#!/usr/bin/env bash
# Whether docs/connectors.md, docs/log-events.md and the README's table of HR systems say what the program knows; --update writes them
# anew.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/.."
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$program" connectors --markdown --directory connectors/presets >"$made/connectors.md"
"$program" events markdown >"$made/log-events.md"
sed -n '/^<!-- systems -->$/,/^<!-- end of systems -->$/p' "$made/connectors.md" >"$made/table"
sed -e "/^<!-- systems -->\$/r $made/table" -e '/^<!-- systems -->$/,/^<!-- end of systems -->$/d' README.md >"$made/README.md"
[ -s "$made/table" ] && grep -q '^<!-- systems -->$' README.md || { echo "README.md has no place for the table of HR systems" >&2; exit 1; }
if [ "${2:-}" = --update ]; then
  cp "$made/connectors.md" "$made/log-events.md" docs
  cp "$made/README.md" README.md
  exit
fi
# The preset that docs/presets.md teaches with is one that is well, after its first part and as a whole.
block() { awk -v wanted="$1" '/^```yaml$/ { ++n; inside = 1; next } /^```$/ { inside = 0 } inside && n == wanted' docs/presets.md; }
block 1 >"$made/acme.yaml"
block 2 >"$made/acme.examples.yaml"
shown=$(sed -n '/^    \$ testdome-sync preset test acme.yaml$/,/^$/{/\$/d;/^$/d;s/^    //;p}' docs/presets.md)
played=$(cd "$made" && "$program" preset test acme.yaml) || { echo "docs/presets.md teaches something that fails: $played" >&2; exit 1; }
diff <(echo "$shown") <(echo "$played") || { echo "docs/presets.md shows another output than preset test's" >&2; exit 1; }
block 3 >>"$made/acme.yaml"
block 4 >>"$made/acme.examples.yaml"
"$program" preset test "$made/acme.yaml" >"$made/out" || { cat "$made/out" >&2; exit 1; }

tests/commands.py "$program"

current=yes
diff -u docs/connectors.md "$made/connectors.md" || current=no
diff -u docs/log-events.md "$made/log-events.md" || current=no
diff -u README.md "$made/README.md" || current=no
[ "$current" = yes ] || { echo "the documentation does not say what the program knows: ./dev docs" >&2; exit 1; }
