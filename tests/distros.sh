#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs the README's first two commands on a fresh Debian, in a clean clone, as an ordinary user with an
# empty home directory and sudo. Prints versions, results and times; then builds, installs and tests the
# Debian packages. Needs root and debootstrap; takes about 20 minutes and 4 GB per release.
#
# Usage: tests/distros.sh RELEASE... [MIRROR]     12, 13, or a name such as forky
#   CHROOTS=directory     directory of the chroots (/var/tmp/gst-modelverse-distros); replaces old ones
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
chroots=${CHROOTS:-/var/tmp/gst-modelverse-distros}
releases=()
mirror=
for word; do
  case "$word" in
    *://*) mirror=$word ;;
    12) releases+=(bookworm) ;;
    13) releases+=(trixie) ;;
    [a-z]*) releases+=("$word") ;;
    *) releases=(); break ;;
  esac
done
if [ ${#releases[@]} -eq 0 ]; then
  sed -n '3,8s/^# \?//p' "${BASH_SOURCE[0]}"
  exit 2
fi
if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
  echo "This script needs root and debootstrap." >&2
  exit 1
fi
# Default: this machine's mirror.
# shellcheck disable=SC2016 # apt's
[ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(SITE)' | grep -v security | head -n 1)

chroot=
step() { printf '\n== %s: %s\n' "$(basename "$chroot")" "$*"; }
unmount() { [ -z "$chroot" ] || ! mountpoint -q "$chroot/proc" || umount "$chroot/proc"; }
trap unmount EXIT

# as USER COMMAND : runs COMMAND in the chroot, without this machine's environment.
as() {
  local user=$1
  shift
  chroot --userspec="$user" --groups= "$chroot" env -i HOME="$(home_of "$user")" USER="$user" \
    PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin bash -c "cd ~ && $*"
}
home_of() { if [ "$1" = root ]; then echo /root; else echo "/home/$1"; fi; }

make_chroot() {
  local script=/usr/share/debootstrap/scripts/$1
  [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
  unmount
  rm -rf --one-file-system "$chroot"
  mkdir -p "$chroots"
  debootstrap --variant=minbase --include=ca-certificates,git,sudo "$1" "$chroot" "$mirror" "$script" \
    >"$chroots/$1.log"
  mount -t proc proc "$chroot/proc"
  # Packages must not start services. A mirror may be a snapshot of an earlier day.
  printf '#!/bin/sh\nexit 101\n' >"$chroot/usr/sbin/policy-rc.d"
  chmod +x "$chroot/usr/sbin/policy-rc.d"
  echo 'Acquire::Check-Valid-Until "false";' >"$chroot/etc/apt/apt.conf.d/90mirror"
  chroot "$chroot" useradd --create-home --shell /bin/bash somebody
  echo 'somebody ALL=(ALL) NOPASSWD: ALL' >"$chroot/etc/sudoers.d/somebody"
  git clone -q "$root" "$chroot/home/somebody/gst-modelverse"
  chroot "$chroot" chown -R somebody: /home/somebody
}

failed=0
# try NAME USER COMMAND : writes a log beside the chroot; reports its last line and the time.
try() {
  local name=$1 start=$SECONDS end=0 log
  log=$chroots/$(basename "$chroot")-$1.log
  shift
  as "$@" >"$log" 2>&1 || end=$?
  if [ $end -ne 0 ]; then
    tail -n 30 "$log"
    failed=$((failed + 1))
  fi
  report+=("$name: $([ $end -eq 0 ] && echo passed || echo FAILED) in $((SECONDS - start)) s, $(tail -n 1 "$log")")
  echo "${report[-1]}"
}

version() {
  # shellcheck disable=SC2016 # dpkg-query's
  chroot "$chroot" dpkg-query -W -f '${source:Upstream-Version}' "$1" 2>/dev/null || echo none
}

for release in "${releases[@]}"; do
  chroot=$chroots/$release
  report=()
  step "debootstrap"
  make_chroot "$release"
  step "examples/quickstart.sh"
  try quickstart somebody gst-modelverse/examples/quickstart.sh
  step "tests/run.sh"
  try tests somebody gst-modelverse/tests/run.sh
  step "Debian packages"
  try packages root "git config --global safe.directory '*' && cd /home/somebody/gst-modelverse &&
    . .ci/packages.sh && install_packages packaging && CHROOT=/ tests/packaging/package.sh ."
  step "Result"
  printf 'GStreamer %s, GCC %s, GLib %s, libsoup %s, Meson %s, gdk-pixbuf %s\n' \
    "$(version libgstreamer1.0-0)" "$(chroot "$chroot" gcc -dumpfullversion || echo none)" "$(version libglib2.0-dev)" "$(version libsoup-3.0-0)" \
    "$(version meson)" "$(version libgdk-pixbuf-2.0-0)"
  printf '%s\n' "${report[@]}"
  unmount
done
[ "$failed" -eq 0 ]
