#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# To continue a film: a clip that begins with the film's last frame.
# Usage: last-frame.sh URI "PROMPT" CLIP.mp4       where URI is file:///path/film.mp4, or any other URI
# Escape quotes and backslashes for gst-launch-1.0.
[ $# -ge 3 ] || { sed -n 's/^# Usage: /Usage: /p' "$0" >&2; exit 2; }
prompt=$(printf '%s' "$2" | sed 's/[\\"]/\\&/g')
exec gst-launch-1.0 uridecodebin3 uri="$1" caps=video/x-raw \
  ! modelverseanimate frame=last prompt="\"$prompt\"" ! filesink location="$3"
