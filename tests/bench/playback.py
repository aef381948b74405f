# SPDX-License-Identifier: LGPL-2.1-or-later
# Playback of a clip that arrives at a third of the rate it plays at, beside souphttpsrc on the same
# link: 8 s at 6 Mbit/s over 2 Mbit/s, index first, with xvimagesink's rule for late frames.
import json
import os
import subprocess
import time
import urllib.request

import common

RATE = 250_000  # bytes a second
LATENESS = 20_000_000  # ns
FRAMES = 240


def make_clip(path):
    command = ["gst-launch-1.0", "-q", "videotestsrc", f"num-buffers={FRAMES}", "pattern=snow", "!",
               "video/x-raw,width=640,height=360,framerate=30/1", "!", "videoconvert", "!",
               "x264enc", "speed-preset=ultrafast", "bitrate=5850", "key-int-max=30", "!",
               "h264parse", "!", "mp4mux", "faststart=true", "name=m", "!", "filesink",
               f"location={path}", "audiotestsrc", "num-buffers=345", "!", "avenc_aac", "!", "m."]
    subprocess.run(command, check=True)


# A link to the clip that anyone may download, as the service gives it.
def result_link(service):
    def call(path, body=None):
        request = urllib.request.Request(service + path, data=body,
                                         headers={"Authorization": "k",
                                                  "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)["output"]

    body = {"model": "any", "input": {"prompt": "a test"}, "parameters": {}}
    task = call("/v1/tasks/submit", json.dumps(body).encode())["task_id"]
    while True:
        output = call(f"/v1/tasks/status?task_id={task}")
        if output["task_status"] == "Success":
            return output["urls"][0]
        time.sleep(0.1)


class Player:
    """As an application that follows GStreamer's documentation on buffering."""

    def __init__(self, gst, glib, name, uri):
        self.gst, self.loop = gst, glib.MainLoop()
        self.player = gst.parse_launch(
            f'{name} uri="{uri}" audio-sink="fakesink sync=true" '
            f'video-sink="fakevideosink sync=true qos=true max-lateness={LATENESS}"')
        self.shown = self.pauses = 0
        self.playing_after = None
        self.is_buffering = False
        sink = self.player.get_property("video-sink").iterate_recurse().next()[1]
        sink.set_property("signal-handoffs", True)
        sink.connect("handoff", self.on_frame)

    def on_frame(self, *_):
        self.shown += 1

    def on_message(self, _, message):
        kind = self.gst.MessageType
        if message.type in (kind.EOS, kind.ERROR):
            self.loop.quit()
        elif message.type == kind.BUFFERING:
            was_buffering, self.is_buffering = self.is_buffering, message.parse_buffering() < 100
            if was_buffering != self.is_buffering:
                self.pauses += self.is_buffering
                self.player.set_state(self.gst.State.PAUSED if self.is_buffering
                                      else self.gst.State.PLAYING)
        elif message.type == kind.ASYNC_DONE and not self.is_buffering:
            self.player.set_state(self.gst.State.PLAYING)
        elif (message.type == kind.STATE_CHANGED and message.src == self.player and
              message.parse_state_changed()[1] == self.gst.State.PLAYING and
              self.playing_after is None):
            self.playing_after = time.monotonic() - self.begin

    def play(self):
        bus = self.player.get_bus()
        bus.add_signal_watch()
        bus.connect("message", self.on_message)
        self.begin = time.monotonic()
        self.player.set_state(self.gst.State.PAUSED)
        self.loop.run()
        length = time.monotonic() - self.begin
        self.player.set_state(self.gst.State.NULL)
        return {"shown": self.shown, "pauses": self.pauses, "playing": self.playing_after,
                "end": length}


def main():
    common.begin("playback", elements=[("souphttpsrc", "gstreamer1.0-plugins-good"),
                                       ("x264enc", "gstreamer1.0-plugins-ugly"),
                                       ("avdec_h264", "gstreamer1.0-libav")])
    import gi
    gi.require_version("Gst", "1.0")
    from gi.repository import GLib, Gst
    Gst.init(None)
    with common.scratch() as directory:
        clip, script = (os.path.join(directory, name) for name in ("clip.mp4", "slow.json"))
        make_clip(clip)
        with open(script, "w", encoding="utf-8") as file:
            json.dump({"rules": [{"route": "result", "times": 0, "bytes_per_second": RATE}]}, file)
        os.environ.update(MODELVERSE_API_KEY="k", MODELVERSE_CACHE_DIR=directory + "/cache")
        with common.emulator("--generation-time", "0", "--any-model", "--clip", clip,
                             "--script", script) as service:
            os.environ["MODELVERSE_BASE_URL"] = service
            print(f"\n{FRAMES} frames of 6 Mbit/s over 2 Mbit/s")
            for name in ("playbin3", "playbin"):
                ours = f"modelverse://{os.environ['MODELVERSE_TEST_PICTURE']}?prompt={name}"
                for title, uri in (("modelversesrc", ours),
                                   ("souphttpsrc", result_link(service)),
                                   ("modelversesrc, kept", ours)):
                    seen = Player(Gst, GLib, name, uri).play()
                    common.record("playback", player=name, source=title, **seen)
                    print(f"  {name:10}{title:22}{seen['shown']:4} frames, {seen['pauses']} pauses, "
                          f"plays after {seen['playing']:5.1f} s, ends after {seen['end']:5.1f} s",
                          flush=True)


if __name__ == "__main__":
    main()
