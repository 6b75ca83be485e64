#!/bin/bash
# check_style.sh [--fix] - clang-format 14, no tabs, no blanks at the end of a line, no absolute paths of
# somebody's machine, no notes to self. Each fault with file and line; --fix formats instead of telling. Exit
# status: 0 clean, 1 faults, 77 all clean but clang-format 14 is missing.

set -u
cd "$(dirname "$0")/.." || exit 1
faults=0

fault() {
    local line
    while IFS= read -r line; do
        printf '%s\n    rule: %s\n' "$line" "$1"
        faults=$((faults + 1))
    done
}

if [ -e .git ] && command -v git >/dev/null; then
    mapfile -t files < <(git -c safe.directory='*' ls-files --cached --others --exclude-standard)
else
    mapfile -t files < <(find . -path ./build -prune -o -type f -print | sed 's|^\./||')
fi
mapfile -t texts < <(for f in "${files[@]}"; do [ -f "$f" ] && printf '%s\n' "$f"; done | sort | grep -vE '^LICENSE$|\.(png|h5|pdf)$')
mapfile -t sources < <(printf '%s\n' "${texts[@]}" | grep -E '\.[ch]$')
mapfile -t code < <(printf '%s\n' "${texts[@]}" | grep -E '\.([ch]|def|in|cmake|py|sh|R|yaml)$|(^|/)(CMakeLists\.txt|run)$')

fault 'no tabs' < <(grep -HnI $'\t' "${code[@]}")
fault 'no blanks at the end of a line' < <(grep -HnIE '[[:blank:]]+$' "${code[@]}")
fault 'no absolute path of one machine' < <(grep -HnIE '(^|[^A-Za-z0-9_.])/(work|home|root|Users)/[A-Za-z0-9_.]' "${texts[@]}")
fault 'no notes to self: say it in an issue' \
    < <(grep -HnIE '\b(TO''DO|FIX''ME|X''XX|HA''CK)\b' "${texts[@]}")
fault 'names ending in _t belong to the C library' \
    < <(grep -HnE 'typedef.*[^A-Za-z0-9_][a-z0-9_]+_t;' "${sources[@]}")

# find_formatter: the name of clang-format 14; another version would write other lines.
find_formatter() {
    local candidate
    for candidate in clang-format-14 clang-format; do
        if command -v "$candidate" >/dev/null && "$candidate" --version | grep -q 'version 14\.'; then
            echo "$candidate"
            return
        fi
    done
}

formatter=$(find_formatter)
if [ -n "$formatter" ] && [ "${1:-}" = --fix ]; then
    "$formatter" -i "${sources[@]}"
elif [ -n "$formatter" ]; then
    fault "clang-format 14 writes it otherwise; tests/check_style.sh --fix does so" < <("$formatter" --dry-run "${sources[@]}" 2>&1 \
        | sed -nE 's/^([^ :]+:[0-9]+):[0-9]+: warning:.*/\1/p' | awk -F: '!seen[$1]++ { n++; first[n] = $0; file[n] = $1 }
            { places[$1]++ } END { for (i = 1; i <= n; i++) print first[i] ": and " places[file[i]] - 1 " more places" }')
fi

if [ "$faults" -gt 0 ]; then
    echo "check_style: $faults faults"
    exit 1
fi
if [ -z "$formatter" ]; then
    echo "check_style: SKIPPED the formatting, no clang-format 14 here; the rest is clean"
    exit 77
fi
echo "check_style: clean"
