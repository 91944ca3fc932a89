#!/usr/bin/env bash
# ./dev and the Debian package name the same libraries.
set -euo pipefail
cd "$(dirname "$0")/../.."
developers=$(sed -n '/^build_packages=(/,/)/p' dev | tr -d '()' | sed 's/^build_packages=//')
# What builds a package anyway, and what only the tests need.
wanted=$(tr ' ' '\n' <<<"$developers" | grep -vxE '|g\+\+|ccache|ca-certificates' | sort)
named=$(sed -n '/^Build-Depends:/,/^Standards/s/^ \([a-z0-9.+-]*\).*,$/\1/p' systemd/debian/control | grep -v '^d\(ebhelper-compat\|h-sequence\)' | sort)
diff <(echo "$wanted") <(echo "$named") || { echo "build_packages of ./dev (<) and Build-Depends of systemd/debian/control (>) differ" >&2; exit 1; }
echo "the same libraries"
