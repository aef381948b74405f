#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# For another machine: MPEG-TS over SRT in real time; waits for the first connection.
# Usage: srt.sh URI srt://:7001?mode=listener
#        watch it there with: gst-play-1.0 srt://this-machine:7001
[ $# -ge 2 ] || { sed -n 's/^# Usage: /Usage: /p' "$0" >&2; exit 2; }
exec gst-launch-1.0 mpegtsmux name=mux alignment=7 ! srtsink uri="$2" wait-for-connection=true \
  urisourcebin uri="$1" ! parsebin name=clip \
  clip. ! video/x-h264 ! queue ! h264parse config-interval=-1 ! mux. \
  clip. ! audio/mpeg ! queue ! mux.
