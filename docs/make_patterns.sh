#!/bin/sh
# docs/make_patterns.sh COGOV - prints docs/patterns.md, the scoreboard of the patterns with the defaults: docs/make_patterns.sh build/release/cogov > docs/patterns.md
# Takes some minutes.
set -eu
status=0
scoreboard=$("$1" patterns --quiet) || status=$?
if [ "$status" -gt 1 ]; then # 1: a pattern fails, which is a finding
    exit "$status"
fi
cat <<END
# Patterns

What a valid model shows, and whether this one does: the output of \`cogov patterns\` with the model's defaults. \`docs/make_patterns.sh\` makes this file;
\`tests/matrix.sh patterns\` compares the two. \`cogov patterns --list\` tells each pattern's claim, source and criterion, \`cogov patterns P6 --plot-data\` the curve behind one.

\`\`\`
$scoreboard
\`\`\`
END
