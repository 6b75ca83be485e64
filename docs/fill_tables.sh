#!/bin/sh
# docs/fill_tables.sh COGOV FILE - prints FILE with what stands between "<!-- COMMAND -->" and "<!-- end -->" replaced by what the command prints.
# COMMAND is "cogov ARGUMENTS" or a script of this folder. A test compares the printed file with the one in the repository.
set -eu
awk -v cogov="$1" '
    /^<!-- end -->$/ { skipping = 0 }
    !skipping { print }
    /^<!-- (cogov|docs\/[a-z_]+\.sh)( .*)? -->$/ {
        command = $0
        sub(/^<!-- /, "", command)
        sub(/ -->$/, "", command)
        sub(/^cogov /, "\"" cogov "\" ", command)
        print ""
        fflush()
        if (system(command) != 0) {
            exit 1
        }
        print ""
        skipping = 1
    }' "$2"
