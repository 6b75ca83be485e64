#!/bin/bash
# matrix.sh - the same numbers from every build, and the builds that look for faults. Runs from .ci/run after
# ./setup.sh test, whose program build/release/cogov is what the others are compared with.
#
#     tests/matrix.sh [LEG ...]     LEG: numbers, patterns, asan, tsan, coverage, shared, rules; without any, all
#
# Each line of the summary is PASS, FAIL or SKIP with the reason. Exit status 1 if anything failed.

set -u
cd "$(dirname "$0")/.." || exit 1
jobs=$(nproc)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0
summary=()

pass() { passed=$((passed + 1)); summary+=("PASS  $1"); echo "PASS  $1"; }
miss() { failed=$((failed + 1)); summary+=("FAIL  $1"); echo "FAIL  $1"; }
skip() { skipped=$((skipped + 1)); summary+=("SKIP  $1: $2"); echo "SKIP  $1: $2"; }

# try NAME COMMAND ...: the output is shown only if the command fails; exit status 77 is a skip.
try() {
    local name=$1 start=$SECONDS status=0
    shift
    "$@" >"$scratch/log" 2>&1 || status=$?
    case $status in
    0) pass "$name ($((SECONDS - start)) s)" ;;
    77) skip "$name" "$(tail -n 1 "$scratch/log")" ;;
    *) tail -n 200 "$scratch/log"; miss "$name (exit status $status)" ;;
    esac
    return "$status"
}

has() { command -v "$1" >/dev/null; }

build() { # PRESET ...: configures and builds it
    local preset=$1
    shift
    cmake --preset "$preset" "$@" && cmake --build --preset "$preset" -j "$jobs"
}

# What every build repeats: small, but every rule of the models runs.
compare() { # PROGRAM FILE
    rm -f "$2" "$2.national" "$2.design"
    "$1" compare chongqing southern-jiangsu -o "$2" --replicates 2 --ticks 36 --threads "$jobs" \
        --set city.streets=1 --set city.communities=4 --set city.residents=500 --quiet >/dev/null \
        && "$1" run national -o "$2.national" --replicates 2 --ticks 48 --quiet \
        && "$1" run tests/numbers.yaml -o "$2.design" --quiet
}

same() { # PROGRAM FILE: repeats it with PROGRAM and compares with the reference
    compare "$1" "$2" && /usr/bin/python3 tests/same_numbers.py "$scratch/reference.h5" "$2" \
        && /usr/bin/python3 tests/same_numbers.py "$scratch/reference.h5.national" "$2.national" \
        && /usr/bin/python3 tests/same_numbers.py "$scratch/reference.h5.design" "$2.design"
}

same_with() { # PRESET: builds it and compares
    build "$1" && same "build/$1/cogov" "$scratch/$1.h5"
}

libm_fingerprint() {
    /usr/bin/python3 -c 'import math, struct, zlib
print(zlib.crc32(b"".join(struct.pack("<d", math.exp(i / 1000 - 10)) for i in range(20000))))'
}

leg_numbers() {
    if ! try "reference: gcc -O3" compare build/release/cogov "$scratch/reference.h5"; then
        return
    fi
    try "same bytes from one thread" one_thread
    if has clang; then
        try "same numbers: clang -O3" same_with clang
    else
        skip "same numbers: clang -O3" "no clang here"
    fi
    try "same numbers: gcc -O0" same_with unoptimised
    try "same numbers: gcc -O3, models not compiled per instruction set" same_with plain

    local isa
    for isa in v2 v3 v4; do
        if runs_isa "$isa"; then
            COGOV_ISA=$isa try "same numbers: models for x86-64-$isa" same build/release/cogov "$scratch/$isa.h5"
        else
            skip "same numbers: models for x86-64-$isa" "this processor or build has none"
        fi
    done

    # Without FMA and AVX2 the C library takes other versions of exp, log, pow; if it does so here, its own
    # results show it.
    local tunables=glibc.cpu.hwcaps=-FMA,-AVX2
    if [ "$(libm_fingerprint)" != "$(GLIBC_TUNABLES=$tunables libm_fingerprint)" ]; then
        GLIBC_TUNABLES=$tunables try "same numbers: C library without FMA" same build/release/cogov "$scratch/libm.h5"
    else
        skip "same numbers: C library without FMA" "its functions do not change with $tunables here"
    fi
}

one_thread() {
    rm -f "$scratch/one.h5"
    build/release/cogov compare chongqing southern-jiangsu -o "$scratch/one.h5" --replicates 2 --ticks 36 --threads 1 \
        --set city.streets=1 --set city.communities=4 --set city.residents=500 --quiet >/dev/null && cmp "$scratch/reference.h5" "$scratch/one.h5"
}

runs_isa() {
    [ "$(uname -m)" = x86_64 ] || return 1
    case $1 in
    v2) grep -qw sse4_2 /proc/cpuinfo ;;
    v3) grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo && grep -qw bmi2 /proc/cpuinfo ;;
    v4) grep -qw avx512bw /proc/cpuinfo && grep -qw avx512dq /proc/cpuinfo && grep -qw avx512vl /proc/cpuinfo ;;
    esac
}

unit_tests() { # PRESET FILTER ...
    ctest --test-dir "build/$1" --output-on-failure --no-tests=error -j "$jobs" "${@:2}"
}

leg_asan() {
    try "build: address and undefined-behaviour sanitizers" build asan \
        && try "tests: address and undefined-behaviour sanitizers" unit_tests asan -LE 'bench|repository|patterns'
}

leg_tsan() {
    if ! has clang; then
        skip "thread sanitizer" "no clang here"
        return
    fi
    try "build: thread sanitizer" build tsan \
        && try "tests: thread sanitizer" unit_tests tsan -R '^test_(network|world|execute|schedule|checkpoint|states|sweep_memory|cogov_world|influence|cli)$'
}

covered() {
    find build/coverage -name '*.gcda' -delete
    unit_tests coverage -LE 'bench|repository|patterns' || return 1
    gcovr --root . --object-directory build/coverage --filter 'sim/' --filter 'models/' --exclude '.*/provenance\.c' --gcov-ignore-parse-errors \
        --fail-under-line 90 --print-summary --txt build/coverage/coverage.txt
}

leg_coverage() {
    if ! has gcovr; then
        skip "line coverage" "no gcovr here"
        return
    fi
    try "build: coverage" build coverage && try "at least 90 % of the lines of sim/ and models/ run in the tests" covered
    if [ -f build/coverage/coverage.txt ]; then
        cat build/coverage/coverage.txt
        grep -E '^lines' "$scratch/log"
    fi
}

# Installed for good, the program finds its scenarios from any folder.
installed() {
    local prefix=$scratch/prefix
    build shared -DCMAKE_INSTALL_PREFIX="$prefix" && tests/check_install.sh build/shared && cmake --install build/shared \
        && (cd "$scratch" && "$prefix/bin/cogov" check chongqing)
}

leg_shared() {
    try "the shared library, installed" installed
}

leg_rules() {
    try "layers" tests/check_layers.sh build/release/libcogov.a
    try "style" tests/check_style.sh
    try "the static library, installed" tests/check_install.sh build/release
}

# The scoreboard in the documents is what the program prints: the numbers are the same everywhere.
scoreboard() {
    docs/make_patterns.sh build/release/cogov >"$scratch/patterns.md" && diff docs/patterns.md "$scratch/patterns.md"
}

leg_patterns() {
    try "the scoreboard of the patterns is that of docs/patterns.md" scoreboard
}

legs=("$@")
[ $# -gt 0 ] || legs=(rules numbers patterns shared asan tsan coverage)
for leg in "${legs[@]}"; do
    if ! declare -F "leg_$leg" >/dev/null; then
        echo "matrix.sh: no leg $leg" >&2
        exit 2
    fi
done
for leg in "${legs[@]}"; do
    "leg_$leg"
done

echo
printf '%s\n' "${summary[@]}"
echo "matrix: $passed passed, $failed failed, $skipped skipped, in $((SECONDS / 60)) min $((SECONDS % 60)) s"
[ "$failed" -eq 0 ]
