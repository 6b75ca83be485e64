#!/bin/bash
# setup.sh - from a fresh machine to a working cogov. See usage below.

set -eu
cd "$(dirname "$0")"

usage() {
    cat <<'END'
usage: ./setup.sh COMMAND [--no-packages] [--overwrite]

  demo       install missing packages, build, compare Chongqing with southern Jiangsu -> results.h5, report.html
  test       install missing packages, build, run the tests
  build      install missing packages, build -> build/release/cogov
  packages   install missing packages only; ./setup.sh packages ci adds what .ci/run needs

Packages are Debian's and Ubuntu's. Only their installation needs root or sudo, and only if one is missing.
--no-packages neither looks for packages nor installs any: for other systems, or libraries of one's own in
CMAKE_PREFIX_PATH.
--overwrite lets demo replace a results.h5 that holds something else, such as the results of an earlier version.
END
}

build_packages="gcc make cmake pkg-config libc6-dev libhdf5-dev libyaml-dev libjansson-dev libsleef-dev libxxhash-dev libgsl-dev
    librandom123-dev"
test_packages="libcmocka-dev python3 python3-numpy python3-h5py python3-xarray python3-netcdf4 python3-h5netcdf hdf5-tools netcdf-bin
    python3-matplotlib python3-scipy r-base-core r-cran-ncdf4 libopenmpi-dev openmpi-bin slurm-wlm munge"
# Ubuntu has Chromium as a snap only; there the tests of the report's page are skipped, unless it is installed by other means.
grep -qx 'ID=ubuntu' /etc/os-release 2>/dev/null || test_packages="$test_packages chromium chromium-driver python3-selenium fonts-noto-cjk"
ci_packages="clang clang-format-14 libomp-dev gcovr git"

say() {
    printf '==> %s\n' "$*"
}

fail() {
    printf 'setup.sh: %s\n' "$*" >&2
    exit 1
}

is_debian() {
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null
}

# missing PACKAGE ...: those of them that are not installed.
missing() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
    done
}

explain_other_system() {
    cat >&2 <<END
This is not a Debian or Ubuntu system, so packages are not installed by this script. Needed are a C11 compiler with OpenMP, make,
CMake 3.20 or later, pkg-config, and with their headers: HDF5 1.10 or later (C and high-level library), libyaml, jansson, SLEEF 3.5 or
later, xxHash, GSL, Random123; MPI 3 or later if processes on several machines are to share an experiment; for the tests also cmocka, and
Python 3 with numpy, h5py, xarray, netCDF4 and h5netcdf; those of batch scripts are skipped without Slurm and MUNGE, those of the
report's page without Chromium, its driver and Selenium.
When they are there:    ./setup.sh $1 --no-packages
END
    explain_without_root "$1"
}

explain_without_root() {
    cat >&2 <<END
Without root there are other ways to the same libraries:
  conda-forge: gcc_linux-64 make cmake pkg-config hdf5 yaml jansson sleef xxhash gsl random123 cmocka numpy h5py xarray netcdf4 h5netcdf
               openmpi for several machines; on a cluster take the cluster's own MPI (module load)
  Spack:       hdf5+hl~mpi libyaml jansson sleef xxhash gsl random123 cmocka cmake
then             CMAKE_PREFIX_PATH=FOLDER_OF_THE_LIBRARIES ./setup.sh $1 --no-packages
END
}

# install_packages COMMAND PACKAGE ...
install_packages() {
    local command=$1 wanted root=()
    shift
    if ! is_debian; then
        explain_other_system "$command"
        exit 1
    fi
    wanted=$(missing "$@")
    if [ -z "$wanted" ]; then
        say "all $# packages are installed; root is not needed"
        return
    fi
    say "missing packages: $wanted"
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null || { ! sudo -n true 2>/dev/null && ! [ -t 0 ]; }; then
            {
                echo "setup.sh: installing them needs root or sudo. Ask the administrator of this machine for"
                echo "    apt-get install $wanted"
            } >&2
            explain_without_root "$command"
            exit 1
        fi
        root=(sudo)
        say "installing them with sudo, which may ask for your password"
    else
        say "installing them as root"
    fi
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q update \
        || fail "apt-get update failed; is this machine connected?"
    # shellcheck disable=SC2086
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q -y --no-install-recommends \
        install $wanted || fail "apt-get install failed"
}

build() {
    say "configuring and building the preset release in build/release ($(nproc) at a time)"
    cmake --preset release -DCOGOV_TESTS="$1"
    cmake --build --preset release -j "$(nproc)"
}

demo() {
    say "comparing Chongqing with southern Jiangsu"
    local status=0
    build/release/cogov compare chongqing southern-jiangsu -o results.h5 ${overwrite:+"$overwrite"} || status=$?
    if [ "$status" -eq 2 ] && [ -z "$overwrite" ] && [ -e results.h5 ]; then
        echo "setup.sh: to replace a results.h5 of an earlier version: ./setup.sh demo --overwrite" >&2
    fi
    [ "$status" -eq 0 ] || exit "$status"
    build/release/cogov report results.h5 -o report.html
    say "results.h5 holds every month of both, report.html shows them in a browser; README.md tells how to read them"
}

# How unittest and cmocka tell of a case that was skipped within a test.
skipped_case="\\.\\.\\. skipped |^\\[  SKIPPED \\] [a-z0-9_]+\$"

run_tests() {
    local log=build/release/test.log status=0
    say "running the tests"
    ctest --preset release -j "$(nproc)" | tee "$log" || status=$?
    local full=build/release/Testing/Temporary/LastTest.log tests cases
    tests=$(grep -cE '\*\*\*Skipped' "$log") || true
    cases=$(grep -hE "$skipped_case" "$full" | sort -u) || true
    grep -hE '\*\*\*Skipped' "$log" || true
    [ -z "$cases" ] || printf '%s\n' "$cases"
    printf '==> %s; %s tests and %s cases skipped\n' \
        "$(grep -E 'tests passed' "$log" || echo 'the tests did not run')" "$tests" "$(printf '%s' "$cases" | grep -c '')"
    return "$status"
}

set -o pipefail
command=${1:-}
[ $# -eq 0 ] || shift
packages=yes
more=
overwrite=
for argument in "$@"; do
    case $argument in
    --no-packages) packages=no ;;
    ci) more=$ci_packages ;;
    --overwrite) [ "$command" = demo ] || { usage >&2; exit 2; }; overwrite=$argument ;;
    *) usage >&2; exit 2 ;;
    esac
done

case $command in
demo | build) wanted=$build_packages ;;
test) wanted="$build_packages $test_packages" ;;
packages) wanted="$build_packages $test_packages $more" ;;
-h | --help | help) usage; exit 0 ;;
*) usage >&2; exit 2 ;;
esac

if [ "$packages" = yes ]; then
    # shellcheck disable=SC2086
    install_packages "$command" $wanted
fi
case $command in
build) build OFF ;;
demo) build OFF; demo ;;
test) build ON; run_tests ;;
esac
