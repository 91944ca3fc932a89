#!/usr/bin/env bash
# Builds the Debian package from what git knows of this folder. Debian's tools want debian/ at the root of the sources; so they get a
# tree of their own, with systemd/debian there. Prints nothing but the package's path.
#   systemd/package.sh OUTPUT-FOLDER [--version VERSION] [--built BUILD-FOLDER]
# --version: instead of the project's own. --built: packs a build that exists, and makes no debug symbols.
set -euo pipefail
source=$(realpath "$(dirname "$0")/..")
output=$(realpath -m "$1")
shift
version=
while [ $# -gt 0 ]; do
  case "$1" in
    --version) version=$2 ;;
    --built) export TESTDOME_SYNC_BUILT=$(realpath "$2") DEB_BUILD_OPTIONS="noautodbgsym ${DEB_BUILD_OPTIONS:-}" ;;
    *) echo "package.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done

# A version that is not released yet sorts before it, and after those built of earlier commits.
commit_time=$(git -C "$source" log -1 --format=%ct)
if [ -z "$version" ]; then
  version=$(sed -n 's/^project(testdome-sync VERSION \([0-9.]*\).*/\1/p' "$source/CMakeLists.txt")
  grep -q "^## $version (unreleased)" "$source/CHANGELOG.md" && version+="~git$(date -u -d "@$commit_time" +%Y%m%d%H%M).$(git -C "$source" log -1 --format=%h)"
fi

tree=$output/testdome-sync
rm -rf "$tree"
mkdir -p "$tree"
git -C "$source" ls-files -z --cached --others --exclude-standard | (cd "$source" && tar -c --null --verbatim-files-from -T -) | tar -x -C "$tree"
cp -r "$source/systemd/debian" "$tree/debian"
# CHANGELOG.md, as Debian writes it: an entry for each version, the newest with the version that is built.
awk -v version="$version" -v maintainer="$(sed -n 's/^Maintainer: //p' "$tree/debian/control")" -v date="$(date -u -R -d "@$commit_time")" '
  function close_entry() { if (open) printf "\n -- %s  %s\n\n", maintainer, date }
  /^## / { close_entry(); printf "testdome-sync (%s) unstable; urgency=medium\n\n", open++ ? $2 : version }
  open && /^- / { sub(/^- /, "  * "); while (length($0) > 80) { cut = 80; while (cut > 4 && substr($0, cut, 1) != " ") cut--; if (cut <= 4) break
                    print substr($0, 1, cut - 1); $0 = "    " substr($0, cut + 1) } print }
  END { close_entry() }' "$source/CHANGELOG.md" >"$tree/debian/changelog"

# debhelper gives the build a home of its own; the compiler's cache stays where it is.
! command -v ccache >/dev/null || export CCACHE_DIR=$(ccache --get-config cache_dir)
log=$output/build.log
(cd "$tree" && dpkg-buildpackage -b -us -uc) >"$log" 2>&1 || { tail -n 40 "$log" >&2; echo "the package could not be built; see $log" >&2; exit 1; }
echo "$output/testdome-sync_${version}_$(dpkg --print-architecture).deb"
