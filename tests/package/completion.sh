#!/usr/bin/env bash
# Each shell that is installed loads its completion, and offers what the program has. completion.sh PROGRAM FOLDER
set -euo pipefail
program=$1 folder=$2
fail() { echo "FAILED: $*" >&2; exit 1; }
offers() { # offers SHELL LINE WORD…: after LINE, exactly these words, in any order
  local shell=$1 line=$2
  shift 2
  diff <(printf '%s\n' "$@" | sort) <(complete_in "$shell" "$line" | sort) ||
    fail "$shell offers something else after \"$line\" (<: expected, >: offered)"
}
complete_in() {
  case "$1" in
    bash) bash --norc -c 'source "$1"; read -ra COMP_WORDS <<<"$2|"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]%|}
      _testdome_sync; printf "%s\n" "${COMPREPLY[@]}"' - "$folder/completion.bash" "$2" ;;
    fish) fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$folder/completion.fish" "$2" | cut -f 1 ;;
    # _describe and _files draw on a terminal; here they say what they were asked to offer.
    zsh) zsh -f -c 'compdef() { [ "$*" = "_testdome_sync testdome-sync" ] }; source "$1" || exit
      _describe() { local list=${@[-1]} one; for one in "${(P@)list}"; do [[ $one = $word* && ( $one != -* || $word = -* ) ]] && print -r -- "${one%%:*}"; done; true }
      _files() { local found=($word*(N)); [[ $1 != -/ ]] || found=($word*(/N)); (( ! $#found )) || print -l -- $found }
      words=("${(@s: :)2}") CURRENT=${#${(@s: :)2}} word=${words[-1]}; _testdome_sync' - "$folder/completion.zsh" "$2" ;;
  esac
}
# What the program itself tells people.
help_of() { "$program" "$@" --help; }
commands() { help_of "$@" | sed -n '/^Subcommands:/,$s/^  \([a-z]*\) .*/\1/p'; }

files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
touch "$files/settings.yaml"
mkdir "$files/settings.d"
tried=0
for shell in bash fish zsh; do
  command -v "$shell" >/dev/null || { echo "$shell is not installed: not tried"; continue; }
  tried=$((tried + 1))
  diff <(commands | sort) <(complete_in "$shell" 'testdome-sync ' | grep -v '^-' | sort) || fail "$shell offers other commands (<: expected, >: offered)"
  for command in $(commands); do
    mapfile -t wanted < <({ help_of "$command" | sed -nE '/^Options:/,$s/^ {2,4}(-[a-z],)?(--[a-z-]+).*/\2/p'; echo --config; echo --json; } | sort -u)
    offers "$shell" "testdome-sync $command --" "${wanted[@]}"
  done
  offers "$shell" 'testdome-sync preset t' test
  offers "$shell" "testdome-sync --config $files/settings.y" "$files/settings.yaml"
  offers "$shell" "testdome-sync preset test $files/settings.y" "$files/settings.yaml"
  complete_in "$shell" "testdome-sync sandbox --directory $files/set" | grep "$files/settings.d" >/dev/null || fail "$shell offers no folder"
  [ -z "$(complete_in "$shell" 'testdome-sync list --email r')" ] || fail "$shell knows addresses"
done
[ "$tried" -gt 0 ] || { echo "skipped: there is no shell to try"; exit 77; }
echo "$tried shell(s) complete what the program has"
