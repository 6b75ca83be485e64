#!/bin/sh
# docs/mechanisms.sh - prints, as Markdown, the mechanisms that the sources claim and the rules whose sources name them. It fails if a mechanism is in no rule.
set -eu
cd "$(dirname "$0")/.."
rules=$(sed -n 's/^RULE(\([a-z_]*\), .*/\1/p' models/cogov/rules.def)
echo '| | claim | sign | source | rules |'
echo '|---|---|---|---|---|'
missing=0
while IFS='|' read -r mechanism claim sign source; do
    found=
    for rule in $rules; do
        if grep -qw "$mechanism" "models/cogov/$rule.c"; then
            found="$found${found:+, }$rule"
        fi
    done
    if [ -z "$found" ]; then
        echo "docs/mechanisms.sh: no rule names $mechanism" >&2
        missing=1
    fi
    echo "| $mechanism | $claim | $sign | $source | $found |"
done < docs/mechanisms.txt
exit $missing
