#!/bin/sh
# docs/update.sh COGOV - brings the documents up to date with the program: docs/update.sh build/release/cogov
set -eu
cd "$(dirname "$0")/.."
cogov=$(realpath "$1")
temporary=$(mktemp)
trap 'rm -f "$temporary"' EXIT
docs/make_reference.sh "$cogov" > "$temporary"
cat "$temporary" > docs/reference.md
docs/fill_tables.sh "$cogov" docs/model.md > "$temporary"
cat "$temporary" > docs/model.md
COGOV=$cogov tests/test_readme_output.py --update
