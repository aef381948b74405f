#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# image-sample as a Python application sets it: an encoded picture, and a frame of its own making.
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

Gst.init(None)


def sample(data, caps):
    return Gst.Sample.new(Gst.Buffer.new_wrapped(data), Gst.Caps.from_string(caps), None, None)


def clip_of(picture, base_url, directory, last=None):
    """Runs a pipeline to its end; the clip's bytes and how many warnings there were."""
    path = os.path.join(directory, "clip.mp4")
    pipeline = Gst.parse_launch(
        f"modelversesrc name=src base-url={base_url} cache-dir={directory}/cache poll-interval=50"
        f" ! filesink location={path}")
    source = pipeline.get_by_name("src")
    source.set_property("image-sample", picture)
    assert source.get_property("image-sample").get_caps().is_equal(picture.get_caps())
    if last:
        source.set_property("model", "kling-v3-omni")
        source.set_property("prompt", "the boat sails away")
        source.set_property("last-image-sample", last)
    pipeline.set_state(Gst.State.PLAYING)
    warnings = 0
    while True:
        message = pipeline.get_bus().timed_pop_filtered(
            60 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR | Gst.MessageType.WARNING)
        assert message, "no end in time"
        assert message.type != Gst.MessageType.ERROR, message.parse_error()
        if message.type == Gst.MessageType.EOS:
            break
        # Each submit of the default model warns of its withdrawal.
        warnings += "is withdrawn as of" not in message.parse_warning()[0].message
    pipeline.set_state(Gst.State.NULL)
    with open(path, "rb") as clip:
        return clip.read(), warnings


def sent_types(base_url):
    """The types of the pictures of each submit that the emulator has received."""
    with urllib.request.urlopen(base_url + "/requests") as response:
        requests = json.load(response)
    return [[picture["type"] for picture in request["body"]["parameters"].get("image_list", [])]
            for request in requests if request["route"] == "submit"]


def main():
    with tempfile.TemporaryDirectory() as directory:
        emulator = subprocess.Popen(
            [os.environ["MODELVERSE_EMULATOR"], "--generation-time", "0.1",
             "--clip", os.environ["MODELVERSE_TEST_CLIP"]], stdout=subprocess.PIPE, text=True)
        try:
            os.environ["MODELVERSE_API_KEY"] = "any"
            base_url = emulator.stdout.readline().strip().partition("=")[2]
            with open(os.environ["MODELVERSE_TEST_CLIP"], "rb") as clip:
                expected = clip.read()
            with open(os.environ["MODELVERSE_TEST_PICTURE"], "rb") as file:
                encoded = sample(file.read(), "image/jpeg")
            red = sample(bytes([255, 0, 0, 255]) * 640 * 480,
                         "video/x-raw,format=RGBA,width=640,height=480,framerate=0/1")
            assert clip_of(encoded, base_url, directory) == (expected, 0)
            assert clip_of(red, base_url, directory) == (expected, 1)
            # The emulator checks the last frame as the service's schema does.
            assert clip_of(encoded, base_url, directory, last=red) == (expected, 0)
            assert clip_of(red, base_url, directory, last=encoded) == (expected, 0)
            assert sent_types(base_url)[-2:] == [["first_frame", "end_frame"]] * 2
        finally:
            emulator.terminate()
            emulator.wait(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
