#!/usr/bin/env bash
# Formatting, size, direction of dependence and naming. Prints what is wrong and exits with 1.
set -uo pipefail
cd "$(dirname "$0")/.."
wrong=0
say() { printf '==> %s\n' "$*"; }
complain() { printf '%s\n' "$*"; wrong=1; }

mapfile -t sources < <(git ls-files '*.cpp' '*.hpp')
[ ${#sources[@]} -gt 0 ] || { echo "git lists no sources here: nothing can be checked"; exit 1; }

say "formatting (clang-format)"
clang-format --dry-run -Werror "${sources[@]}" || wrong=1

say "no file above 400 lines"
for file in "${sources[@]}"; do
  lines=$(wc -l <"$file")
  [ "$lines" -le 400 ] || complain "$file: $lines lines; look for the second idea in it"
done

say "dependencies point one way: daemon → connectors → sync → config"
includes() { git grep -nE "#include \"($1)" -- "$2"; }
includes 'sync/|connectors/|daemon/|tests/' config && wrong=1
includes 'connectors/|daemon/|tests/' sync && wrong=1
includes 'daemon/|tests/' connectors && wrong=1
# A header that others include must not drag these along; the named ones stay within their own folder.
git grep -nE '#include <(boost/beast|boost/asio/ssl|openssl|yaml-cpp|soci|sqlite3|jq\.h|jv\.h)' -- '*.hpp' \
  ':!connectors/http/tls.hpp' ':!config/jq_value.hpp' ':!tests/sandbox/x509.hpp' && wrong=1

say "time and network are injected: sync/ and connectors/ (but http/) read no clock and open no socket"
git grep -nE 'system_clock::now|steady_clock::now|sleep_for|tcp::socket|std::time\(' -- sync connectors ':!connectors/http' && wrong=1

say "each header compiles alone"
export flags="-std=c++20 -fsyntax-only -I. -DBOOST_ASIO_SEPARATE_COMPILATION -DBOOST_BEAST_SEPARATE_COMPILATION"
git ls-files '*.hpp' | xargs -P "$(nproc)" -I{} sh -c 'echo "#include \"{}\"" | g++ $flags -x c++ - || { echo "{}: does not compile alone"; exit 1; }' || wrong=1

say "clang reads what ./dev fuzz compiles with it"
# Not sql/, which asks for MariaDB's own folder of headers, and isn't fuzzed.
git ls-files 'config/*.cpp' 'sync/*.cpp' 'connectors/*.cpp' 'daemon/listener/*.cpp' 'tests/fuzz/*.cpp' ':!connectors/sql' |
  xargs -P "$(nproc)" -n 4 clang++ -w $flags -D__cpp_impl_coroutine=201902L -DTESTDOME_SYNC_SOURCE_DIR='""' \
    -DTESTDOME_SYNC_PRESET_DIR='""' -DTESTDOME_SYNC_BUILD_DIR='""' -DTESTDOME_SYNC_SOURCE_PRESETS='""' || wrong=1

say "naming (clang-tidy)"
# Headers and sources that hold coroutines are left to the compiler: clang 14 can't read <coroutine> of GCC 12.
mapfile -t readable < <(git grep -LE 'awaitable|boost/asio|boost/beast' -- 'config/*.cpp' 'daemon/*.cpp' 'tests/sandbox/*.cpp' | xargs grep -LE 'assembly.hpp|engine.hpp|sandbox.hpp|server.hpp|lock_file.hpp|connectors/rest|json_views.hpp')
printf '%s\n' "${readable[@]}" | xargs -P "$(nproc)" -n 4 sh -c 'clang-tidy --quiet "$@" -- -std=c++20 -I. -DTESTDOME_SYNC_VERSION=\"0\" 2>/dev/null' lint || wrong=1

if [ "$wrong" -eq 0 ]; then say "nothing to complain about"; fi
exit "$wrong"
