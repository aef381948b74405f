#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# For a gallery: a JPEG for each second, thumb-00000.jpg and so on.
# Usage: thumbnails.sh URI DIRECTORY
[ $# -ge 2 ] || { sed -n 's/^# Usage: /Usage: /p' "$0" >&2; exit 2; }
mkdir -p "$2" || exit
exec gst-launch-1.0 uridecodebin3 uri="$1" caps=video/x-raw ! queue ! videorate ! videoscale ! videoconvert \
  ! video/x-raw,framerate=1/1,width=320,pixel-aspect-ratio=1/1 \
  ! jpegenc ! multifilesink location="$2/thumb-%05d.jpg"
