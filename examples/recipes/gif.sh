#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# For a chat or a README: a small GIF that repeats forever, 10 frames per second (needs ImageMagick).
# Usage: gif.sh URI CLIP.gif
[ $# -ge 2 ] || { sed -n 's/^# Usage: /Usage: /p' "$0" >&2; exit 2; }
set -o pipefail
gst-launch-1.0 -q uridecodebin3 uri="$1" caps=video/x-raw ! queue ! videorate ! videoscale ! videoconvert \
  ! video/x-raw,format=RGB,framerate=10/1,width=320,pixel-aspect-ratio=1/1 \
  ! pnmenc ! fdsink | convert -delay 10 -loop 0 ppm:- -layers optimize "$2"
