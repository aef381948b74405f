#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# For every browser: VP8 and Opus in WebM.
# Usage: webm.sh URI CLIP.webm     where URI is modelverse:///path/photo.jpg?prompt=..., or any other URI
[ $# -ge 2 ] || { sed -n 's/^# Usage: /Usage: /p' "$0" >&2; exit 2; }
exec gst-launch-1.0 webmmux name=mux ! filesink location="$2" \
  uridecodebin3 uri="$1" name=clip \
  clip. ! video/x-raw ! queue ! videoconvert ! vp8enc deadline=1 cpu-used=8 target-bitrate=3000000 threads=2 ! mux. \
  clip. ! audio/x-raw ! queue ! audioconvert ! audioresample ! opusenc ! mux.
