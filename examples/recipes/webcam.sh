#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# For a photo booth: animates the camera picture after one second, when the exposure is adjusted.
# Usage: webcam.sh "PROMPT" CLIP.mp4 [SOURCE]      where SOURCE is v4l2src (default) or another element (videotestsrc)
# Escape quotes and backslashes for gst-launch-1.0.
[ $# -ge 2 ] || { sed -n 's/^# Usage: /Usage: /p' "$0" >&2; exit 2; }
prompt=$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')
exec gst-launch-1.0 "${3:-v4l2src}" num-buffers=30 \
  ! modelverseanimate frame=last prompt="\"$prompt\"" ! filesink location="$2"
