#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# To compare: two clips (such as two takes of one request) side by side, without sound.
# Usage: side-by-side.sh URI OTHER-URI CLIP.mp4
[ $# -ge 3 ] || { sed -n 's/^# Usage: /Usage: /p' "$0" >&2; exit 2; }
exec gst-launch-1.0 compositor name=both background=black \
    sink_0::width=640 sink_0::height=360 sink_0::sizing-policy=keep-aspect-ratio \
    sink_1::xpos=640 sink_1::width=640 sink_1::height=360 sink_1::sizing-policy=keep-aspect-ratio \
  ! videoconvert ! x264enc speed-preset=veryfast ! h264parse ! mp4mux faststart=true ! filesink location="$3" \
  uridecodebin3 uri="$1" caps=video/x-raw ! queue ! videoconvert ! both.sink_0 \
  uridecodebin3 uri="$2" caps=video/x-raw ! queue ! videoconvert ! both.sink_1
