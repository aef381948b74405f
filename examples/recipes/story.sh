#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# For a story: each scene begins with the last frame of the previous one. One file, without re-encoding.
# Usage: story.sh URI FILM.mp4 "SCENE" "SCENE"...  where URI is that of a picture or film to continue
uri=$1 film=$2 number=0
shift 2
scenes=$(mktemp -d) || exit
trap 'rm -r "$scenes"' EXIT
for prompt; do
  number=$((number + 1))
  scene=$scenes/$(printf '%03d.mp4' $number)
  "$(dirname "$0")/last-frame.sh" "$uri" "$prompt" "$scene" || exit
  uri=file://$scene
done
gst-launch-1.0 splitmuxsrc location="$scenes/*.mp4" name=all \
  all.video_0 ! h264parse ! queue ! mux. all.audio_0 ! aacparse ! queue ! mux. \
  mp4mux name=mux faststart=true ! filesink location="$film"
