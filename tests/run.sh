#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds everything and passes every test, on Debian 12 and later: installs what is missing, builds
# with g++ and tests. The last line counts the tests, the one before it the flaky ones: what failed and
# passed when it ran once more, alone.
#
# Usage: tests/run.sh [--all]     --all: with clang and the sanitizers as well, as .ci/run does
# One test alone, afterwards: meson test -C build/gcc NAME
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
# Debian's own tools, whatever else is installed; nothing of the user's settings.
export PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH" LC_ALL=C.UTF-8
# shellcheck source=.ci/packages.sh
. .ci/packages.sh

all=false
case "${1-}" in
  '') ;;
  --all) all=true ;;
  *) sed -n '3,8s/^# \?//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac

began=$SECONDS
step() { printf '\n== %s\n' "$*"; }

step "Packages"
purposes=(build run "test")
! $all || purposes+=(sanitize)
install_packages "${purposes[@]}" || exit 1
# Nor of the environment: after this point only the tests' own values count.
for name in "${!MODELVERSE_@}" "${!GST_@}"; do unset "$name"; done
unset CFLAGS CXXFLAGS CPPFLAGS LDFLAGS http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
# The sanitizer's memory layout needs the kernel's default randomness (28 bits).
straight=()
if [ "$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 28)" -gt 28 ]; then
  straight=(setarch "$(uname -m)" -R)
fi

folders=()
broken=0

# phase NAME COMPILER-C COMPILER-C++ "SETUP-ARGS" "TEST-ARGS" : builds in build/NAME and tests.
phase() {
  local name=$1 folder=build/$1 log=build/$1.log start=$SECONDS
  mkdir -p build
  step "$name: build"
  # Reports of an earlier run must not be counted; Meson leaves GoogleTest's in the build folder.
  rm -rf "$folder"/meson-logs/{testlog,again}* "$folder"/*.xml
  if ! build "$folder" "$2" "$3" "$4" >"$log" 2>&1; then
    tail -n 60 "$log"
    echo "$name: the build failed; all of it is in $log"
    broken=$((broken + 1))
    return
  fi
  # The system's plugins are scanned here once, and not by every test at the same time.
  GST_REGISTRY=$folder/test-registry.bin gst-inspect-1.0 --exists identity
  echo "built in $((SECONDS - start)) s"
  start=$SECONDS
  step "$name: test"
  folders+=("$folder")
  # shellcheck disable=SC2086 # lists of words
  "${straight[@]}" /usr/bin/meson test -C "$folder" --no-rebuild --print-errorlogs $5 ||
    again "$folder"
  echo "tested in $((SECONDS - start)) s"
}

# again FOLDER : a few tests that failed run once more, each alone. A machine that is busy with
# something else must not fail a change; tests/count.py tells which they were.
again() {
  local failed
  mapfile -t failed < <(/usr/bin/python3 -B tests/count.py --failed "$1")
  if [ ${#failed[@]} -eq 0 ] || [ ${#failed[@]} -gt 5 ]; then
    return
  fi
  echo "Once more, alone: ${failed[*]}"
  "${straight[@]}" /usr/bin/meson test -C "$1" --no-rebuild --print-errorlogs --logbase again -t 4 \
    --num-processes 1 "${failed[@]}"
}

build() {
  local folder=$1
  if [ ! -f "$folder/build.ninja" ]; then
    rm -rf "$folder"
    # shellcheck disable=SC2086 # a list of words
    CC=$2 CXX=$3 /usr/bin/meson setup "$folder" -Dwerror=true $4 || return 1
  fi
  # From Meson 1.7 on, `all` leaves out what only tests need.
  /usr/bin/ninja -C "$folder" all meson-test-prereq
}

# clang compiles with the sanitizers three times as fast as GCC; its warnings are errors here, too.
# Eight files at a time: most of the time goes into the headers that all of them include. Precompiling
# those takes three seconds a library, more than it saves where two or three such files are left.
# The emulator is no part of what is looked into: the plain one serves, and is quicker.
together="-Dunity=on -Dunity_size=8 -Doptimization=0 -Db_pch=false"
sanitized="$together -Dexamples=disabled -Db_lundef=false -Dcpp_args=-gline-tables-only"
sanitized+=" -Demulator-program=$PWD/build/gcc/src/emulator/modelverse-emulator"
phase gcc gcc g++ "$together -Ddebug=false" "-t 2 --num-processes 5"
if $all; then
  phase asan clang clang++ "$sanitized -Db_sanitize=address,undefined" "-t 4 --num-processes 6 --no-suite checks"
  phase tsan clang clang++ "$sanitized -Db_sanitize=thread" "-t 4 --num-processes 6 --no-suite checks"
fi

step "Count"
counted=$(/usr/bin/python3 -B tests/count.py "${folders[@]}")
sed '$d' <<<"$counted"
read -r passed failed skipped flaky < <(tail -n 1 <<<"$counted")
failed=$((failed + broken))
echo "$((SECONDS - began)) s in all, $flaky flaky"
result="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || result+=", $skipped skipped"
echo "$result"
[ "$failed" -eq 0 ]
