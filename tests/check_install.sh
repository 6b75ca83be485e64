#!/bin/bash
# check_install.sh BUILD_FOLDER - installs that build into a folder of its own and builds tests/consumer
# against it, with CMake's package and with pkg-config. Exit status 1 if something is missing or does not run.

set -eu
cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
prefix=$scratch/prefix
consumer=$PWD/tests/consumer

step() {
    if ! "${@:2}" >"$scratch/log" 2>&1; then
        cat "$scratch/log"
        echo "check_install: $1 failed"
        exit 1
    fi
}

step "the installation" cmake --install "$build" --prefix "$prefix"
for file in bin/cogov include/cogov/sim/model.h include/cogov/models/registry.h share/cogov/scenarios/base.yaml; do
    if ! [ -f "$prefix/$file" ]; then
        echo "check_install: $file is not installed"
        exit 1
    fi
done
package=$(find "$prefix" -name cogov.pc)
library=$(dirname "$(dirname "$package")")
export LD_LIBRARY_PATH="$library${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

step "the installed program" sh -c "cd '$scratch' && '$prefix/bin/cogov' models"
grep -q influence "$scratch/log" || { echo "check_install: the installed program lists no model influence"; exit 1; }

step "the installed program finds its scenarios from any folder" sh -c "cd '$scratch' && '$prefix/bin/cogov' check chongqing"

compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
step "find_package(cogov)" cmake -S "$consumer" -B "$scratch/package" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_COMPILER="$compiler"
step "building with the CMake package" cmake --build "$scratch/package"
step "the program built with the CMake package" "$scratch/package/consumer" "$consumer/scenario.yaml"
cat "$scratch/log"

PKG_CONFIG_PATH=$(dirname "$package")
export PKG_CONFIG_PATH
read -ra flags <<<"$(pkg-config --cflags --libs cogov)"
step "building with pkg-config" "$compiler" -o "$scratch/consumer" "$consumer/consumer.c" "${flags[@]}"
step "the program built with pkg-config" "$scratch/consumer" "$consumer/scenario.yaml"
cat "$scratch/log"

version=$(cat VERSION)
[ "$(pkg-config --modversion cogov)" = "$version" ] || { echo "check_install: cogov.pc is not of version $version"; exit 1; }
echo "check_install: the installed library $version serves a program of its own"
