#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Installs missing packages, builds everything with g++ and runs every test, on Debian 12 and later. The
# last line of the output counts the tests, the line before it the flaky ones: tests that failed, and
# passed when run again alone.
#
# Usage: tests/run.sh [--all]     --all: also with clang and the sanitizers, clang-tidy, and each file
# compiled by itself, like .ci/run
# To run one test afterwards: meson test -C build/gcc NAME
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# Use Debian's own tools, and no settings of the user.
export PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH" LC_ALL=C.UTF-8
# shellcheck source=.ci/packages.sh
. .ci/packages.sh

all=false
case "${1-}" in
  '') ;;
  --all) all=true ;;
  *) sed -n '3,9s/^# \?//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac

mkdir -p build || exit 1
began=$SECONDS
step() { printf '\n== %s\n' "$*"; }

step "Packages"
purposes=(build run "test")
! $all || purposes+=(sanitize)
install_packages "${purposes[@]}" || exit 1
# Clear the environment: from here on only the tests' values apply.
for name in "${!MODELVERSE_@}" "${!GST_@}"; do unset "$name"; done
unset CFLAGS CXXFLAGS CPPFLAGS LDFLAGS http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
# The sanitizer's memory layout needs the kernel's default randomness (28 bits).
straight=()
if [ "$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28)" -gt 28 ]; then
  straight=(setarch "$(uname -m)" -R)
fi

# With the sanitizers, clang compiles three times as fast as GCC; its warnings are also errors.
# Eight files per unit: most of the time goes into common headers. Precompiled headers take three
# seconds per library, more than they save for two or three units.
# The sanitizers do not test the emulator, so those builds use the plain one, which is faster.
together="-Dwerror=true -Dunity=on -Dunity_size=8 -Doptimization=0 -Db_pch=false"
sanitized="$together -Dexamples=disabled -Db_lundef=false -Dcpp_args=-gline-tables-only"
sanitized+=" -Demulator-program=$PWD/build/gcc/src/emulator/modelverse-emulator"
phases=(gcc)
declare -A compilers=([gcc]="gcc g++") setup=([gcc]="$together -Ddebug=false") tested=([gcc]="-t 2 --num-processes 5")
# clang-tidy, and `alone`, compile every file again: builds of their own, as those with the sanitizers are.
$all || tested[gcc]+=" --no-suite compiles-again"
if $all; then
  phases+=(asan tsan)
  for name in asan tsan; do
    compilers[$name]="clang clang++"
    tested[$name]="-t 4 --num-processes 6 --no-suite checks"
  done
  setup[asan]="$sanitized -Db_sanitize=address,undefined"
  setup[tsan]="$sanitized -Db_sanitize=thread"
fi

directories=()
broken=0
building=
trap '[ -z "$building" ] || kill "$building" 2>/dev/null' EXIT

# start_build NAME [COMMAND...] : builds in build/NAME, in the background; COMMAND runs ninja.
start_build() {
  local name=$1
  # Do not count reports of an earlier run; Meson leaves GoogleTest's in the build directory.
  rm -rf "build/$name"/meson-logs/{testlog,again}* "build/$name"/*.xml
  build "$@" >"build/$name.log" 2>&1 &
  building=$!
}

build() {
  local directory=build/$1 cc cxx
  read -r cc cxx <<<"${compilers[$1]}"
  if [ ! -f "$directory/build.ninja" ]; then
    rm -rf "$directory"
    # shellcheck disable=SC2086 # a list of words
    CC=$cc CXX=$cxx /usr/bin/meson setup "$directory" ${setup[$1]} || return 1
  fi
  shift
  # From Meson 1.7 on, `all` leaves out what only tests need.
  local targets=(all meson-test-prereq)
  ! $all || targets+=(meson-benchmark-prereq)
  exec "$@" /usr/bin/ninja -C "$directory" "${targets[@]}"
}

# finish_build NAME : on failure, prints the end of the log and returns false.
finish_build() {
  local start=$SECONDS
  step "$1: build"
  if ! wait "$building"; then
    tail -n 60 "build/$1.log"
    echo "$1: the build failed; the full log is build/$1.log"
    broken=$((broken + 1))
    building=
    return 1
  fi
  building=
  echo "built after $((SECONDS - start)) s"
}

run_tests() {
  local directory=build/$1 start=$SECONDS
  step "$1: test"
  # Scan the system's plugins once here, not in every test at the same time.
  GST_REGISTRY=$directory/test-registry.bin gst-inspect-1.0 --exists identity
  directories+=("$directory")
  # shellcheck disable=SC2086 # lists of words
  "${straight[@]}" /usr/bin/meson test -C "$directory" --no-rebuild --print-errorlogs ${tested[$1]} ||
    again "$directory"
  echo "tested in $((SECONDS - start)) s"
}

# again DIRECTORY : runs up to five failed tests again, each alone; tests/count.py lists those that pass.
again() {
  local failed
  mapfile -t failed < <(/usr/bin/python3 -B tests/count.py --failed "$1")
  if [ ${#failed[@]} -eq 0 ] || [ ${#failed[@]} -gt 5 ]; then
    return
  fi
  echo "Running again, alone: ${failed[*]}"
  "${straight[@]}" /usr/bin/meson test -C "$1" --no-rebuild --print-errorlogs --logbase again -t 4 \
    --num-processes 1 "${failed[@]}"
}

# Tests mostly wait, so the next build runs meanwhile, at low priority.
start_build "${phases[0]}"
for index in "${!phases[@]}"; do
  name=${phases[index]}
  is_built=true
  finish_build "$name" || is_built=false
  next=${phases[index + 1]-}
  [ -z "$next" ] || start_build "$next" nice -n 19
  ! $is_built || run_tests "$name"
done

step "Count"
counted=$(/usr/bin/python3 -B tests/count.py "${directories[@]}")
sed '$d' <<<"$counted"
read -r passed failed skipped flaky < <(tail -n 1 <<<"$counted")
failed=$((failed + broken))
echo "$((SECONDS - began)) s in all, $flaky flaky"
result="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || result+=", $skipped skipped"
echo "$result"
[ "$failed" -eq 0 ]
