#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# For a slide: the prompt (or any text) as text in the video.
# Usage: overlay.sh URI "TEXT" CLIP.mp4
# Escape the text for Pango markup, and quotes and backslashes for gst-launch-1.0.
[ $# -ge 3 ] || { sed -n 's/^# Usage: /Usage: /p' "$0" >&2; exit 2; }
text=$(printf '%s' "$2" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/[\\"]/\\&/g')
exec gst-launch-1.0 mp4mux name=mux faststart=true ! filesink location="$3" \
  uridecodebin3 uri="$1" name=clip \
  clip. ! video/x-raw ! queue ! videoconvert ! textoverlay text="\"$text\"" valignment=bottom shaded-background=true \
  ! x264enc speed-preset=veryfast ! h264parse ! queue ! mux. \
  clip. ! audio/x-raw ! queue ! audioconvert ! avenc_aac ! aacparse ! queue ! mux.
