#!/bin/sh
# docs/make_reference.sh COGOV - prints docs/reference.md from the registries of the program: docs/make_reference.sh build/release/cogov > docs/reference.md
set -eu
cogov=$1
cat <<'END'
# Reference

Printed by the program; `docs/make_reference.sh` makes this file, and a test compares the two.

## Parameters of the model cogov

END
"$cogov" params --format markdown
printf '\n## Observations of the model cogov\n\n'
"$cogov" observations --format markdown
printf '\n## Scenarios\n\n`cogov scenarios NAME` shows the values of one, with the source of each.\n\n'
"$cogov" scenarios --format markdown
printf '\n## Parameters of the model influence\n\n'
"$cogov" params --model influence --format markdown
printf '\n## Observations of the model influence\n\n'
"$cogov" observations --model influence --format markdown
printf '\n## Parameters of the model registration\n\n'
"$cogov" params --model registration --format markdown
printf '\n## Observations of the model registration\n\n'
"$cogov" observations --model registration --format markdown
printf '\n## Models\n\n'
"$cogov" models --format markdown
