#!/bin/sh
# check_reference.sh COGOV - the documents say what the program says.
set -eu
cd "$(dirname "$0")/.."
faults=0
docs/make_reference.sh "$1" | diff - docs/reference.md || faults=1
docs/fill_tables.sh "$1" docs/model.md | diff - docs/model.md || faults=1
if [ $faults -ne 0 ]; then
    echo "check_reference: run docs/update.sh build/release/cogov" >&2
    exit 1
fi
echo "docs/reference.md and docs/model.md are what $(basename "$1") prints"
