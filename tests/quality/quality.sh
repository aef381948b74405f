#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Fetches the packages that a list of pictures names, unpacks them into a folder of its own, and has
# the test look at the pictures. Nothing is installed.
#
# Usage: quality.sh PROGRAM LIST
set -euo pipefail
program=$1
list=$2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/packages" "$folder/root"
mapfile -t packages < <(awk '!/^#/ { print $1 }' "$list" | sort -u)
(cd "$folder/packages" && apt-get download -q "${packages[@]}")
for package in "$folder"/packages/*.deb; do
  dpkg-deb -x "$package" "$folder/root"
done
MODELVERSE_QUALITY_ROOT=$folder/root MODELVERSE_QUALITY_PICTURES=$list "$program"
