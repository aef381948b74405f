#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Renders shot lists on a farm of two nodes, with Slurm and with GNU parallel over ssh, kills nodes
# meanwhile, and counts the submits. Needs root; installs the Debian packages that it needs. All of it
# runs in namespaces of its own and ends with them.
#
# Usage: tests/farm/run.sh [STORAGE...]     what the nodes share: local (a directory of this machine),
#                                           glusterfs, moosefs, cephfs; default: each of them
#   BUILD=directory       a finished build, in place of build/farm
#   CASES="slurm ssh"     some of: slurm instants ssh
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
export PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH" LC_ALL=C.UTF-8
# shellcheck source=.ci/packages.sh
. .ci/packages.sh

skipped=77
case "${1-}" in
  -*) sed -n '3,10s/^# \?//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
[ $# -gt 0 ] || set -- local glusterfs moosefs cephfs

if [ "$(id -u)" -ne 0 ]; then
  echo "farm SKIPPED: it needs root"
  exit $skipped
fi
# Everything ends with the first process of the namespace, and that with this script, also if it is killed.
own=(setpriv --pdeathsig KILL unshare --mount --net --pid --uts --ipc --fork --kill-child --mount-proc)
if ! "${own[@]}" true; then
  echo "farm SKIPPED: this machine allows no namespaces"
  exit $skipped
fi

# The packages must not start their services.
policy=/usr/sbin/policy-rc.d
[ ! -e $policy ] || policy=
directory=
farm=
# shellcheck disable=SC2317,SC2329 # a trap calls it
clean() {
  [ -z "$farm" ] || { kill -KILL "$farm" && wait "$farm"; } 2>/dev/null
  [ -z "$policy" ] || rm -f "$policy"
  [ -z "$directory" ] || rm -rf "$directory"
}
trap clean EXIT
trap 'exit 130' INT TERM HUP
if [ -n "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod +x $policy
fi

if [ -z "${BUILD-}" ]; then
  BUILD=build/farm
  install_packages build run farm || exit 1
  [ -f $BUILD/build.ninja ] || meson setup --buildtype=release -Dtests=disabled -Dexamples=disabled \
    -Dunity=on -Dunity_size=8 -Db_pch=false $BUILD || exit 1
  ninja -C $BUILD || exit 1
else
  install_packages farm || exit 1
fi

worst=$skipped
for storage; do
  printf '\n== %s\n' "$storage"
  if [ "$storage" != local ] && ! install_packages "farm-$storage"; then
    echo "$storage SKIPPED: its packages cannot be installed"
    continue
  fi
  directory=$(mktemp -d /var/tmp/gst-modelverse-farm.XXXXXX)
  # shellcheck disable=SC2086 # a list of words
  "${own[@]}" /usr/bin/python3 -u -B tests/farm/farm.py "$BUILD" "$directory" "$storage" ${CASES-} &
  farm=$!
  wait $farm
  end=$?
  farm=
  rm -rf "$directory"
  case $end in
    "$skipped") ;;
    0) [ $worst -eq 1 ] || worst=0 ;;
    *) worst=1 ;;
  esac
done
exit $worst
