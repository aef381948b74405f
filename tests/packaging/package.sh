#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds the Debian packages of these sources, has lintian look at them, and tries what was
# installed: in a chroot where one is named, else unpacked into a directory of its own.
#
# Usage: package.sh ROOT     CHROOT=directory: made by debootstrap; packages are installed into it
set -euo pipefail

root=$1
for tool in dpkg-buildpackage lintian dh; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/gst-modelverse"
# What would be released: what git knows, as it stands in the work tree.
git -C "$root" ls-files -z --cached --others --exclude-standard |
  tar -C "$root" --null --ignore-failed-read --files-from=- -c | tar -C "$work/gst-modelverse" -x

cd "$work/gst-modelverse"
export PATH="/usr/sbin:/usr/bin:/sbin:/bin" DEB_BUILD_OPTIONS=noautodbgsym
unset CFLAGS CXXFLAGS LDFLAGS "${!MODELVERSE_@}" "${!GST_@}"
dpkg-buildpackage -us -uc -b >"$work/build.log" 2>&1 || { tail -n 60 "$work/build.log"; exit 1; }
cd "$work"
said=$(lintian --fail-on error,warning ./*.changes) || { echo "$said"; exit 1; }
[ -z "$said" ] || echo "$said"

if [ -n "${CHROOT-}" ]; then
  mkdir -p "$CHROOT/tmp/packages"
  cp ./*.deb gst-modelverse/debian/tests/installed-element "$CHROOT/tmp/packages/"
  # shellcheck disable=SC2016 # the inner shell's own
  chroot "$CHROOT" env -i HOME=/root PATH="$PATH" DEBIAN_FRONTEND=noninteractive sh -ec '
    apt-get update -q
    apt-get install -q -y --no-install-recommends --reinstall --allow-downgrades /tmp/packages/*.deb gstreamer1.0-tools
    sh /tmp/packages/installed-element
    apt-get purge -q -y gstreamer1.0-modelverse modelverse-tools
    [ -z "$(find /usr -name "*modelverse*")" ]'
else
  for package in ./*.deb; do dpkg -x "$package" "$work/target"; done
  plugins=$(dirname "$(find "$work/target" -name libgstmodelverse.so)")
  helper=$(find "$work/target" -name modelverse-picture-helper)
  PATH="$work/target/usr/bin:$PATH" GST_PLUGIN_PATH=$plugins MODELVERSE_PICTURE_HELPER=$helper AUTOPKGTEST_TMP=$work \
    sh gst-modelverse/debian/tests/installed-element
fi
