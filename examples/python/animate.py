#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes clips from pictures and a prompt with asyncio: several at once, each with progress.
#
# Usage: animate.py CLIP.mp4 "PROMPT" PICTURE [PICTURE...]     (several clips are numbered)
import asyncio
import pathlib
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402


class AnimationError(Exception):
    """`resume` is the property to set to resume the task, or None."""

    def __init__(self, text, resume):
        super().__init__(text)
        self.resume = resume


async def messages(pipeline):
    """The bus as an asynchronous iterator: the loop watches its file descriptor."""
    bus, loop, ready = pipeline.get_bus(), asyncio.get_running_loop(), asyncio.Event()
    fd = bus.get_pollfd().fd
    loop.add_reader(fd, ready.set)
    try:
        while True:
            while message := bus.pop():
                yield message
            ready.clear()
            await ready.wait()
    finally:
        loop.remove_reader(fd)


def error_of(message):
    error, _ = message.parse_error()
    details = message.parse_error_details()
    return AnimationError(error.message, details.get_string("resume") if details else None)


async def animate(picture, prompt, clip, on_progress=lambda percent, text: None, **properties):
    """Makes `clip` and returns the task's statistics. Cancellation does not cancel the task at the
    service: the same call resumes it later."""
    source = Gst.ElementFactory.make("modelversesrc")
    if not source:
        raise RuntimeError("GStreamer does not find modelversesrc: see GST_PLUGIN_PATH")
    source.set_property("image-path", str(picture))
    source.set_property("prompt", prompt)
    for name, value in properties.items():
        source.set_property(name.replace("_", "-"), value)
    part = clip.with_name(clip.name + ".part")
    sink = Gst.ElementFactory.make("filesink")
    sink.set_property("location", str(part))
    pipeline = Gst.Pipeline()
    pipeline.add(source)
    pipeline.add(sink)
    source.link(sink)
    pipeline.set_state(Gst.State.PLAYING)
    stats = None
    try:
        async for message in messages(pipeline):
            if message.type == Gst.MessageType.PROGRESS:
                _, _, text = message.parse_progress()
                on_progress(message.get_structure().get_int("percent").value, text)
            elif message.type == Gst.MessageType.ERROR:
                raise error_of(message)
            elif message.type == Gst.MessageType.EOS:
                stats = source.get_property("stats")
                return stats
    finally:
        pipeline.set_state(Gst.State.NULL)
        if stats:
            part.replace(clip)
        else:
            part.unlink(missing_ok=True)


async def animate_one(picture, prompt, clip):
    def show(percent, text):
        print(f"{clip.name}: {percent:3} %  {text}", flush=True)

    stats = await animate(picture, prompt, clip, show)
    print(f"{clip}: {stats.get_uint64('size').value} bytes, task {stats.get_string('task-id')}")


async def main(clip, prompt, pictures):
    paths = [clip] if len(pictures) == 1 else [
        clip.with_stem(f"{clip.stem}-{number}") for number in range(1, len(pictures) + 1)]
    jobs = [animate_one(picture, prompt, path) for picture, path in zip(pictures, paths)]
    failed = 0
    for outcome in await asyncio.gather(*jobs, return_exceptions=True):
        if isinstance(outcome, (AnimationError, GLib.Error)):
            failed += 1
            print(outcome, file=sys.stderr)
            if getattr(outcome, "resume", None):
                print(f"To resume it, set {outcome.resume}", file=sys.stderr)
        elif isinstance(outcome, BaseException):
            raise outcome
    return 1 if failed else 0


if __name__ == "__main__":
    Gst.init(None)
    if len(sys.argv) < 4:
        sys.exit('Usage: animate.py CLIP.mp4 "PROMPT" PICTURE [PICTURE...]')
    try:
        sys.exit(asyncio.run(main(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:])))
    except KeyboardInterrupt:
        print("\nThe tasks continue at the service. The same command resumes them.")
        sys.exit(130)
