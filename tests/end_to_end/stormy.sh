#!/usr/bin/env bash
# One request in thirty loses its connection, before or after its effect, and each sign-in lasts four seconds.
source "$(dirname "$0")/sandbox.sh"
start_sandbox --applicants 100 --break-one-in 30 --token-seconds 4

start_daemon "$directory/run.log"
everybody_is_served 260 "$directory/run.log"
echo "$(ask books | jq .paid) people paid for once each, in spite of everything; $(grep -c invitation.unconfirmed "$directory/run.log") invitations looked up"
