#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Plays a clip while it arrives, in a pipeline of its own: playbin does the same by itself. Plays when
# the rest arrives sooner than it is needed, and pauses when the link becomes too slow.
#
# Usage: watch.py PICTURE "PROMPT" [VIDEOSINK AUDIOSINK]
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

LOOK_EVERY = 100  # ms
# Wait for a little more than is needed: the rate of a link varies.
RESERVE = 1.1


class Player:
    def __init__(self, picture, prompt, video_sink, audio_sink):
        self.pipeline = Gst.parse_launch(
            f"modelversesrc name=src ! decodebin3 name=d d. ! queue ! videoconvert ! {video_sink} "
            f"d. ! queue ! audioconvert ! audioresample ! {audio_sink}")
        self.source = self.pipeline.get_by_name("src")
        self.source.set_property("image-path", picture)
        self.source.set_property("prompt", prompt)
        self.loop = GLib.MainLoop()
        self.has_first_frame = self.is_playing = self.has_played = False

    def play(self):
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message", self.on_message)
        GLib.timeout_add(LOOK_EVERY, self.look)
        self.pipeline.set_state(Gst.State.PAUSED)
        self.loop.run()
        self.pipeline.set_state(Gst.State.NULL)
        return self.has_played

    def on_message(self, _, message):
        if message.type == Gst.MessageType.ASYNC_DONE:
            self.has_first_frame = True
        elif message.type == Gst.MessageType.ERROR:
            print(message.parse_error()[0].message, file=sys.stderr)
            self.loop.quit()
        elif message.type == Gst.MessageType.EOS:
            self.has_played = True
            self.loop.quit()

    def look(self):
        if not self.has_first_frame:
            return True
        # In bytes, of the source: a queue of the pipeline would speak of itself.
        query = Gst.Query.new_buffering(Gst.Format.BYTES)
        self.source.query(query)
        is_busy, percent = query.parse_buffering_percent()
        *_, to_go = query.parse_buffering_range()
        left = self.time_left()
        needed = to_go * (1 if self.is_playing else RESERVE)
        can_play = not is_busy or (to_go >= 0 and needed < left)
        if can_play != self.is_playing:
            self.is_playing = can_play
            print("Playing" if can_play else "Paused", f"at {percent} % of the clip", flush=True)
            self.pipeline.set_state(Gst.State.PLAYING if can_play else Gst.State.PAUSED)
        return True

    def time_left(self):
        """In ms; -1: unknown."""
        is_known, duration = self.pipeline.query_duration(Gst.Format.TIME)
        _, position = self.pipeline.query_position(Gst.Format.TIME)
        return (duration - position) / Gst.MSECOND if is_known else -1


def main():
    Gst.init(None)
    if len(sys.argv) not in (3, 5):
        print(f'Usage: {sys.argv[0]} PICTURE "PROMPT" [VIDEOSINK AUDIOSINK]', file=sys.stderr)
        return 2
    sinks = sys.argv[3:] or ["autovideosink", "autoaudiosink"]
    return 0 if Player(*sys.argv[1:3], *sinks).play() else 1


if __name__ == "__main__":
    sys.exit(main())
