#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# For a web server: HLS without re-encoding, and a page that plays it (Safari, Chromium 142). In real
# time: GStreamer 1.22 may lose the end of a stream that ends before the pipeline has started.
# Usage: hls.sh URI DIRECTORY         to watch it: python3 -m http.server --directory DIRECTORY
[ $# -ge 2 ] || { sed -n 's/^# Usage: /Usage: /p' "$0" >&2; exit 2; }
mkdir -p "$2" && cp "$(dirname "$0")/hls.html" "$2/index.html" || exit
exec gst-launch-1.0 hlssink2 name=hls target-duration=2 max-files=0 playlist-length=0 \
  location="$2/%05d.ts" playlist-location="$2/clip.m3u8" \
  urisourcebin uri="$1" ! parsebin name=clip \
  clip. ! video/x-h264 ! queue ! h264parse ! identity sync=true ! hls.video \
  clip. ! audio/mpeg ! queue ! aacparse ! hls.audio
