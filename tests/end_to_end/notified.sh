#!/usr/bin/env bash
# What systemd hears: ready, the watchdog's food as long as the loop turns, stopping.
source "$(dirname "$0")/sandbox.sh"
[ -x /usr/bin/python3 ] || { echo "skipped: there is no python3"; exit 77; }
start_sandbox
echo 'log: {level: debug}' >>"$configuration" # each poll writes a line
/usr/bin/python3 "$(dirname "$0")/notified.py" "$program" "$configuration"
