#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Fetches the packages that a list of pictures names, unpacks them into a directory of its own, and has
# the test look at the pictures. Nothing is installed.
#
# Usage: quality.sh PROGRAM LIST
set -euo pipefail
program=$1
list=$2

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
mkdir "$directory/packages" "$directory/root"
mapfile -t packages < <(awk '!/^#/ { print $1 }' "$list" | sort -u)
(cd "$directory/packages" && apt-get download -q "${packages[@]}")
for package in "$directory"/packages/*.deb; do
  dpkg-deb -x "$package" "$directory/root"
done
MODELVERSE_QUALITY_ROOT=$directory/root MODELVERSE_QUALITY_PICTURES=$list "$program"
