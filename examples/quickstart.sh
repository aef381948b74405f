#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes a clip from a picture, and a film of three shots, with the emulator: no key, no money, no account.
#
# Usage: examples/quickstart.sh [PICTURE] ["PROMPT"]
#   OUT=directory         output directory (quickstart-output)
#   GENERATION_TIME=1.5   simulated generation time of the emulator in seconds
set -euo pipefail

case "${1-}" in
  -h | --help) sed -n '3,7s/^# \?//p' "${BASH_SOURCE[0]}"; exit 0 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
picture=$(realpath -- "${1:-$root/examples/sample.jpg}")
prompt=${2:-The lighthouse beam sweeps over the bay, waves roll in, the boat rocks, gulls glide past}
out=$(realpath -m -- "${OUT:-quickstart-output}")
build=$root/build/quickstart

step() { printf '\n== %s\n' "$*"; }
fail() { echo "quickstart: $*" >&2; exit 1; }

[ -r "$picture" ] || fail "cannot read $picture"
cd "$root"
# Debian's own tools, even if others are installed.
export PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH"

step "Packages"
# shellcheck source=.ci/packages.sh
. .ci/packages.sh
install_packages build run || exit 1

step "Build"
mkdir -p "$out" build
if ! {
  # Several files per compilation (unity build): takes half of the time.
  [ -f "$build/build.ninja" ] || meson setup --buildtype=release -Dtests=disabled -Dexamples=disabled \
    -Dunity=on -Dunity_size=8 -Db_pch=false "$build"
  ninja -C "$build"
} >build/quickstart.log 2>&1; then
  tail -n 40 build/quickstart.log
  fail "the build failed; all of it is in build/quickstart.log"
fi
echo "built in $build"

export GST_PLUGIN_PATH=$build/gst${GST_PLUGIN_PATH:+:$GST_PLUGIN_PATH}
export MODELVERSE_PICTURE_HELPER=$build/src/picture-helper/modelverse-picture-helper
export MODELVERSE_LOCALE_DIR=$build/po
export GST_REGISTRY=$build/registry.bin GST_DEBUG_NO_COLOR=1
export MODELVERSE_CACHE_DIR=$out/cache
export MODELVERSE_API_KEY=any-key-will-do-for-the-emulator
# The default model is withdrawn.
export MODELVERSE_MODEL=Wan-AI/Wan2.2-I2V
gst-inspect-1.0 modelversesrc >/dev/null || fail "the plugin in $build/gst cannot be loaded"

step "Emulator"
emulator=
stop_emulator() {
  [ -z "$emulator" ] || { kill "$emulator" && wait "$emulator"; } 2>/dev/null || true
  emulator=
}
trap stop_emulator EXIT
trap 'exit 130' INT TERM
log=$out/emulator.log
"$build/src/emulator/modelverse-emulator" --generation-time "${GENERATION_TIME:-1.5}" >"$log" 2>&1 &
emulator=$!
for _ in $(seq 150); do
  ! grep -q '^MODELVERSE_BASE_URL=' "$log" || break
  kill -0 "$emulator" 2>/dev/null || break
  sleep 0.1
done
base_url=$(sed -n 's/^MODELVERSE_BASE_URL=//p' "$log" | head -n 1)
[ -n "$base_url" ] || { cat "$log"; fail "the emulator did not start"; }
export MODELVERSE_BASE_URL=$base_url
echo "listens on $MODELVERSE_BASE_URL"

# In a quoted value, gst-launch-1.0 interprets only quotes and backslashes.
quoted() {
  local value=${1//\\/\\\\}
  printf '"%s"' "${value//\"/\\\"}"
}
source=(modelversesrc "image-path=$(quoted "$picture")" "prompt=$(quoted "$prompt")")

step "Picture and prompt -> clip.mp4"
echo "picture: $picture"
echo "prompt:  $prompt"
echo "model:   $MODELVERSE_MODEL"
echo "gst-launch-1.0 modelversesrc image-path=… prompt=… ! filesink location=clip.mp4"
gst-launch-1.0 --no-position "${source[@]}" ! filesink location="$(quoted "$out/clip.mp4")"

step "The same again -> clip.webm (the clip is kept: no second task, no waiting)"
gst-launch-1.0 -q "${source[@]}" ! decodebin3 name=clip \
  clip. ! videoconvert ! queue ! vp8enc deadline=1 cpu-used=8 target-bitrate=3000000 threads=2 ! queue ! muxer. \
  clip. ! audioconvert ! audioresample ! queue ! opusenc ! queue ! muxer. \
  webmmux name=muxer ! filesink location="$(quoted "$out/clip.webm")"
[ -s "$out/clip.webm" ] || fail "no clip.webm"

step "Six frames of it -> clip.png"
frames=$(mktemp -d "$out/frames.XXXXXX")
gst-launch-1.0 -q filesrc location="$(quoted "$out/clip.mp4")" ! decodebin3 \
  ! videorate ! video/x-raw,framerate=3/2 ! videoscale add-borders=true ! videoconvert \
  ! video/x-raw,width=480,height=270,pixel-aspect-ratio=1/1 ! pngenc \
  ! multifilesink location="$(quoted "$frames/%02d.png")"
sheet=(compositor name=sheet background=black)
branches=()
number=0
for frame in "$frames"/0[0-5].png; do
  row=$((number / 3))
  sheet+=("sink_$number::xpos=$((number % 3 * 488))" "sink_$number::ypos=$((row * 278))")
  branches+=(filesrc "location=$(quoted "$frame")" ! pngdec ! imagefreeze num-buffers=1 ! sheet.)
  number=$((number + 1))
done
gst-launch-1.0 -q "${sheet[@]}" ! videoconvert ! pngenc snapshot=true \
  ! filesink location="$(quoted "$out/clip.png")" "${branches[@]}"
rm -r "$frames"

step "Three shots -> film.mp4 (each begins with the last frame of the one before)"
"$build/src/render/modelverse-render" -o "$out/shots" --film "$out/film.mp4" examples/story/shots.json

step "Done"
cat <<END
$out/clip.mp4    the clip, as the service sent it (H.264, AAC)
$out/clip.webm   the same for any browser (VP8, Opus)
$out/clip.png    six of its frames
$out/film.mp4    a film of three shots, the list is examples/story/shots.json

Watch it:  gst-play-1.0 "$out/clip.mp4"
or open clip.webm in a browser. The clip comes from the emulator, which moves your picture about;
the real service needs MODELVERSE_API_KEY and MODELVERSE_MODEL, and then the same pipeline without
MODELVERSE_BASE_URL.
END
