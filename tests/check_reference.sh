#!/bin/sh
# check_reference.sh COGOV - docs/reference.md says what the program says.
set -eu
cd "$(dirname "$0")/.."
if docs/make_reference.sh "$1" | diff - docs/reference.md; then
    echo "docs/reference.md is what $(basename "$1") prints"
else
    echo "check_reference: run docs/make_reference.sh build/release/cogov > docs/reference.md" >&2
    exit 1
fi
