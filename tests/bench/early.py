# SPDX-License-Identifier: LGPL-2.1-or-later
# How long after the service's Success the first buffer leaves, and the first frame is decoded.
import json
import os

import common
from common import median, pipeline

LINK = 20_000_000 / 8  # bytes a second
SIZE = 10_000_000
DECODE = "qtdemux ! h264parse ! avdec_h264 ! fakesink"


class Bench:
    def __init__(self, directory, service):
        self.directory, self.service, self.take = directory, service, 0

    # A new clip each time; the times of its pipeline.
    def ours(self, sink, **environment):
        self.take += 1
        return pipeline(
            f"modelversesrc image-path={os.environ['MODELVERSE_TEST_PICTURE']} take={self.take} "
            f"poll-interval=50 base-url={self.service} cache-dir={self.directory}/cache ! {sink}",
            MODELVERSE_API_KEY="k", **environment)[1]

    def first_buffer(self):
        times = self.ours("fakesink", UNTIL_FIRST="1")
        return times["first"] - times["success"]

    def streamed_frame(self):
        times = self.ours(DECODE, UNTIL_FIRST="1")
        return times["first"] - times["success"]

    # Download, then play.
    def stored_frame(self):
        copy = os.path.join(self.directory, "copy.mp4")
        stored = self.ours(f"filesink location={copy}")
        played = pipeline(f"filesrc location={copy} ! {DECODE}", UNTIL_FIRST="1")[1]
        return stored["end"] - stored["success"] + played["first"] - played["start"]


def measure(title, variants, count):
    values = {}
    for number, name, run in common.in_turn(variants, count):
        seconds = run()
        values.setdefault(name, []).append(seconds)
        common.record("early", title=title, name=name, round=number, seconds=seconds)
    print(f"\n{title}, medians of {count}")
    for name, runs in values.items():
        print(f"  {name:40}{1e3 * median(runs):9.1f} ms (from {1e3 * min(runs):.1f} ms to "
              f"{1e3 * max(runs):.1f} ms)", flush=True)


def on_loopback(directory):
    clip = os.environ["MODELVERSE_TEST_CLIP_EARLY"]
    with common.emulator("--generation-time", "0.2", "--clip", clip) as service:
        bench = Bench(directory, service)
        measure("From Success to the first buffer, on loopback",
                {"modelversesrc": bench.first_buffer}, 3 * common.rounds())


def on_a_slow_link(directory):
    clip = os.path.join(directory, "clip.mp4")
    common.padded_clip(clip, SIZE)
    script = os.path.join(directory, "slow.json")
    with open(script, "w", encoding="utf-8") as file:
        json.dump({"rules": [{"route": "result", "times": 0, "bytes_per_second": LINK}]}, file)
    with common.emulator("--generation-time", "0.2", "--clip", clip, "--script", script) as service:
        bench = Bench(directory, service)
        measure(f"From Success to the first frame of {SIZE / 1e6:.0f} MB at 20 Mbit/s",
                {"modelversesrc": bench.streamed_frame,
                 "download, then play": bench.stored_frame}, common.rounds())


def main():
    common.begin("early", elements=[("qtdemux", "gstreamer1.0-plugins-good"),
                                    ("h264parse", "gstreamer1.0-plugins-bad"),
                                    ("avdec_h264", "gstreamer1.0-libav")])
    with common.scratch() as directory:
        on_loopback(directory)
        on_a_slow_link(directory)


if __name__ == "__main__":
    main()
