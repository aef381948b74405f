#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# For a photo booth: what the camera sees after a second, when it has got used to the light, comes to life.
# Usage: webcam.sh "PROMPT" CLIP.mp4 [SOURCE]      where SOURCE is v4l2src, or another (videotestsrc)
# In quotes, for gst-launch.
prompt=$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')
exec gst-launch-1.0 "${3:-v4l2src}" num-buffers=30 \
  ! modelverseanimate frame=last prompt="\"$prompt\"" ! filesink location="$2"
