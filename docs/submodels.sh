#!/bin/sh
# docs/submodels.sh - prints the submodels of the cogov model as Markdown: what the source of each rule says of itself, in the order of the month.
set -eu
cd "$(dirname "$0")/.."
sed -n 's/^RULE(\([a-z_]*\), .*/\1/p' models/cogov/rules.def | while read -r rule; do
    printf '### %s\n\n' "$rule"
    awk '
        NR == 1 { sub(/^\/\* [a-z_]+\.c - /, " * "); $0 = " * " toupper(substr($0, 4, 1)) substr($0, 5) }
        { done = /\*\/$/ }
        { sub(/ ?\*\/$/, ""); sub(/^ \* ?/, ""); print }
        done { exit }' "models/cogov/$rule.c"
    printf '\n'
done
