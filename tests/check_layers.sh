#!/bin/bash
# check_layers.sh [LIBRARY] - the order of the folders, as CONTRIBUTING.md tells it: each breach with its file
# and line. LIBRARY is libcogov.a, whose exported names are looked at. Exit status 1 if there is a breach.

set -u
cd "$(dirname "$0")/.." || exit 1
breaches=0

# breach RULE: reads lines from grep -n (FILE:LINE:TEXT) and prints each.
breach() {
    local line
    while IFS= read -r line; do
        printf '%s\n    rule: %s\n' "$line" "$1"
        breaches=$((breaches + 1))
    done
}

# sources FOLDER: its C sources and tables.
sources() {
    find "$1" -name '*.[ch]' -o -name '*.def' -o -name '*.c.in' | sort
}

# code FILE ...: FILE:LINE:TEXT of every line, without comments. With strings=0 texts in quotes are empty,
# save in directives.
code() {
    awk -v strings="${strings:-1}" '
        FNR == 1 { comment = 0 }
        {
            line = $0
            text = ""
            while (line != "") {
                if (comment) {
                    at = index(line, "*/")
                    line = at ? substr(line, at + 2) : ""
                    comment = !at
                } else if (match(line, /\/\*|\/\/|"([^"\\]|\\.)*"/)) {
                    mark = substr(line, RSTART, RLENGTH)
                    text = text substr(line, 1, RSTART - 1)
                    line = substr(line, RSTART + RLENGTH)
                    if (mark == "/*") {
                        comment = 1
                    } else if (mark == "//") {
                        line = ""
                    } else {
                        text = text (strings || $0 ~ /^[ \t]*#/ ? mark : "\"\"")
                    }
                } else {
                    text = text line
                    line = ""
                }
            }
            print FILENAME ":" FNR ":" text
        }' "$@"
}

# find_in PATTERN FILE ...: the lines of code that hold it.
find_in() {
    local pattern=$1
    shift
    [ $# -gt 0 ] && strings=0 code "$@" | grep -E -- "^[^:]+:[0-9]+:.*($pattern)"
}

mapfile -t sim < <(sources sim)
mapfile -t models < <(sources models)
mapfile -t analysis < <(sources analysis)

include='#[[:space:]]*include[[:space:]]*[<"]'
omp="${include}omp\\.h|#[[:space:]]*pragma[[:space:]]+omp|_Pragma\\(\"omp"

# call WORDS: a pattern for calls of these functions (words separated by |).
call() {
    printf '(:|[^A-Za-z0-9_:])(%s)[[:space:]]*\\(' "$1"
}

# Models: the engine's contract and nothing else.
allowed='sim/(error|field|isa|message|model|network|random|tables|vector)\.h"'
breach 'a model includes only error, field, isa, message, model, network, random, tables and vector of sim/' \
    < <(find_in "${include}sim/" "${models[@]}" | grep -vE "$allowed")
breach 'a model includes nothing of analysis/' < <(find_in "${include}analysis/" "${models[@]}")
breach 'a model knows no file format' < <(find_in "${include}(hdf5|H5|yaml|jansson)" "${models[@]}")
breach 'a model knows no threads' < <(find_in "$omp|${include}(pthread|threads)\\.h" "${models[@]}")
breach 'a model reads and writes nothing' < <(find_in \
    "$(call 'fopen|fdopen|freopen|open|fread|fwrite|fputs|fputc|fprintf|vfprintf|popen|system|getenv')" "${models[@]}")
breach 'a model takes no memory of its own' < <(find_in \
    "$(call 'malloc|calloc|realloc|free|aligned_alloc|sim_alloc|sim_resize|sim_free')" "${models[@]}")

# Transcendental functions of the C library differ in their last bit from processor to processor; those of
# sim/vector.h do not.
libm='exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|sin|cos|tan|sinh|cosh|tanh|asin|acos|atan|atan2|erf|erfc|cbrt|tgamma|lgamma|hypot'
breach 'no transcendental function of libm where numbers are recorded: see sim/vector.h' \
    < <(find_in "$(call "($libm)f?")" "${models[@]}" "${sim[@]}")

# The engine: no word of governance; HDF5 and OpenMP each in its place; memory from one source.
words='participation|governance|tender|committee|linkage|resident|burden|legitimacy|chongqing|jiangsu|ezhou'
breach 'the engine knows no word of governance' < <(code "${sim[@]}" | grep -iE "^[^:]+:[0-9]+:.*($words)")
breach 'the engine includes nothing of models/ or analysis/: main.c hands it what it needs' \
    < <(find_in "${include}(models|analysis)/" "${sim[@]}")
breach 'of the engine only sink_* and hdf5_* know HDF5' \
    < <(find_in "${include}(hdf5|H5)" "${sim[@]}" | grep -vE '^sim/(sink_[a-z0-9]+|hdf5_[a-z]+)\.[ch]:')
breach 'of the engine only world.c, execute.c and binding.c know OpenMP' \
    < <(find_in "$omp" "${sim[@]}" | grep -vE '^sim/(world|execute|binding)\.c:')
breach 'only comm_mpi.c knows MPI' < <(find_in "${include}mpi\\.h" "${sim[@]}" "${models[@]}" "${analysis[@]}" main.c \
    | grep -v '^sim/comm_mpi\.c:')
breach 'memory comes from sim/alloc.h' < <(find_in \
    "$(call 'malloc|calloc|realloc|aligned_alloc|strdup|strndup|asprintf')" "${sim[@]}" "${analysis[@]}" | grep -v '^sim/alloc\.c:')

# The library prints nothing and ends nothing; the command line does.
mapfile -t library < <(printf '%s\n' "${sim[@]}" | grep -vE '^sim/(cli|cli_[a-z_]+|command_[a-z]+)\.[ch]$')
breach 'the library neither prints nor ends the program' < <(find_in \
    "$(call 'printf|vprintf|puts|putchar|perror|exit|_exit|abort')|[^A-Za-z0-9_]std(out|err)[^A-Za-z0-9_]" \
    "${library[@]}" "${models[@]}")

# Analysis: result files and no engine internals. Its commands, the runs behind the
# patterns, and verify run what they compare.
breach 'analysis knows no internals of the engine' \
    < <(find_in "${include}(sim/(world|execute|model|network|random|vector|isa|tables)\\.h|models/)" "${analysis[@]}" \
        | grep -vE '^analysis/(command_[a-z]+|pattern_runs|verify_[a-z]+)\.c:')
breach 'of the analysis only the reader knows HDF5' < <(find_in "${include}(hdf5|H5|sim/hdf5_)" "${analysis[@]}" | grep -vE '^analysis/reader(_places|_variables)?\.c:')

# Names that the library gives to everybody who links it.
if [ $# -ge 1 ]; then
    names=$(nm -gA --defined-only "$1" 2>/dev/null) || names=
    if [ -z "$names" ]; then
        echo "$1: no names found"
        breaches=$((breaches + 1))
    fi
    breach 'exported names begin with sim_, models_ or cogov_' \
        < <(printf '%s\n' "$names" | awk 'NF >= 3 { print $1, $NF }' | sed 's|^.*/||' \
            | grep -vE ' (sim|models|cogov)_' | grep -vE ' \.gomp_| _{0,2}(gcov|llvm|asan|tsan|ubsan|odr|DW\.ref|sanitizer)')
fi

if [ "$breaches" -gt 0 ]; then
    echo "check_layers: $breaches breaches"
    exit 1
fi
echo "check_layers: the layers hold"
