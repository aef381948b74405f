#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes the figures of BENCHMARKS.md: builds optimised, measures, writes tables and plots.
# Takes about twenty minutes on a machine that does nothing else, which is the only one to do it on.
#
# Usage: tests/bench/figures.sh [ROUNDS]     11 rounds where nothing is said
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH" LC_ALL=C.UTF-8
# shellcheck source=.ci/packages.sh
. .ci/packages.sh
install_packages build run "test" bench
for name in "${!MODELVERSE_@}" "${!GST_@}"; do unset "$name"; done
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

directory=build/bench
[ -f "$directory/build.ninja" ] || CC=gcc CXX=g++ /usr/bin/meson setup "$directory" --buildtype=release
/usr/bin/ninja -C "$directory" meson-benchmark-prereq
# The system's plugins are scanned here once, and not within a measurement.
GST_REGISTRY=$directory/bench-registry.bin GST_PLUGIN_PATH=$directory/gst gst-inspect-1.0 --exists identity

raw=$PWD/$directory/raw.jsonl
rm -f "$raw"
MODELVERSE_BENCH_OUTPUT=$raw MODELVERSE_BENCH_ROUNDS=${1-11} \
  /usr/bin/meson test -C "$directory" --no-rebuild --benchmark --verbose
/usr/bin/python3 -B tests/bench/report.py "$raw" BENCHMARKS.md
echo "The raw output is in $raw"
