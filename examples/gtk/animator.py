#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# A small desktop application: choose a picture, enter a prompt, watch the clip, save it.
#
# Usage: animator.py [PICTURE ["PROMPT"]]     with a prompt it starts at once
# Debian's packages for it: gir1.2-gtk-4.0, gir1.2-gstreamer-1.0, libgtk-4-media-gstreamer; better with gstreamer1.0-gl.
import os
import pathlib
import shutil
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("Gtk", "4.0")
from gi.repository import Gio, GLib, Gst  # noqa: E402

Gst.init(sys.argv)
# If GTK uses OpenGL and GStreamer does not support it, the video would open in a separate window.
if not Gst.ElementFactory.find("glsinkbin"):
    os.environ.setdefault("GDK_DEBUG", "gl-disable")
from gi.repository import Gtk  # noqa: E402

DATE, DATE_LENGTH = "%Y-%m-%d %H.%M.%S", 19
CLIPS = pathlib.Path(GLib.get_user_data_dir(), "modelverse-animator")


class Animation:
    """Writes one clip to a file. The main loop runs the callbacks."""

    def __init__(self, picture, prompt, clip, on_progress, on_end):
        self.clip, self.on_progress, self.on_end = clip, on_progress, on_end
        self.part = clip.with_suffix(".part")
        self.pipeline = Gst.Pipeline()
        source = Gst.ElementFactory.make("modelversesrc")
        sink = Gst.ElementFactory.make("filesink")
        source.set_property("image-path", picture)
        source.set_property("prompt", prompt)
        sink.set_property("location", str(self.part))
        self.pipeline.add(source)
        self.pipeline.add(sink)
        source.link(sink)
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::progress", self._progress)
        bus.connect("message::error", self._error)
        bus.connect("message::eos", self._eos)
        self.pipeline.set_state(Gst.State.PLAYING)

    def stop(self):
        """The task continues at the service; the same picture and prompt resume it."""
        self.pipeline.get_bus().remove_signal_watch()
        self.pipeline.set_state(Gst.State.NULL)
        self.part.unlink(missing_ok=True)

    def _progress(self, _bus, message):
        _, _, text = message.parse_progress()
        self.on_progress(message.get_structure().get_int("percent").value / 100, text)

    def _error(self, _bus, message):
        error, _ = message.parse_error()
        self.stop()
        self.on_end(error.message)

    def _eos(self, _bus, _message):
        self.part.rename(self.clip)
        self.stop()
        self.on_end(None)


class Window(Gtk.ApplicationWindow):
    def __init__(self, app):
        super().__init__(application=app, title="Animator", default_width=1000, default_height=560)
        self.picture, self.animation, self.shown = None, None, None
        self.choose = Gtk.Button(label="Choose a picture…")
        self.choose.connect("clicked", lambda _: self.ask("Choose a picture", "OPEN", self.set_picture))
        self.preview = Gtk.Picture(height_request=120)
        self.prompt = Gtk.Entry(placeholder_text="What should happen in it?")
        self.prompt.connect("activate", lambda _: self.animate())
        self.prompt.connect("changed", lambda _: self.update())
        self.go = Gtk.Button(label="Animate", css_classes=["suggested-action"])
        self.go.connect("clicked", lambda _: self.stop() if self.animation else self.animate())
        self.bar = Gtk.ProgressBar()
        self.said = Gtk.Label(wrap=True, xalign=0, max_width_chars=30)
        self.save = Gtk.Button(label="Save as…")
        self.save.connect("clicked", lambda _: self.ask("Save the clip", "SAVE", self.save_to))
        self.video = Gtk.Video(hexpand=True, vexpand=True, autoplay=True)
        self.earlier = Gtk.ListBox(vexpand=True)
        self.earlier.connect("row-activated", lambda _, row: self.show_clip(row.clip))
        self.lay_out()
        action = Gio.SimpleAction(name="save-to", parameter_type=GLib.VariantType("s"))
        action.connect("activate", lambda _, path: self.save_to(path.get_string()))
        self.add_action(action)
        self.list_clips()
        self.update()

    def lay_out(self):
        side = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=8, width_request=300)
        earlier = Gtk.ScrolledWindow(child=self.earlier, vexpand=True)
        for child in (self.choose, self.preview, self.prompt, self.go, self.bar, self.said,
                      self.save, Gtk.Label(label="Earlier clips", xalign=0), earlier):
            side.append(child)
        row = Gtk.Box(spacing=12, margin_top=12, margin_bottom=12, margin_start=12, margin_end=12)
        row.append(side)
        row.append(self.video)
        self.set_child(row)

    def ask(self, title, kind, then):
        chooser = Gtk.FileChooserNative.new(title, self, Gtk.FileChooserAction[kind], None, None)
        if kind == "SAVE":
            chooser.set_current_name(self.shown.name)

        def answered(dialog, response):
            if response == Gtk.ResponseType.ACCEPT:
                then(dialog.get_file().get_path())
            self.chooser = None

        chooser.connect("response", answered)
        self.chooser = chooser  # a reference keeps the native dialog open
        chooser.show()

    def set_picture(self, path):
        self.picture = path
        self.preview.set_filename(path)
        self.choose.set_label(pathlib.Path(path).name)
        self.update()

    def animate(self):
        if self.animation or not self.picture:
            return
        prompt = self.prompt.get_text()
        words = "".join(c if c.isalnum() else " " for c in prompt).split()[:6]
        name = " ".join([time.strftime(DATE), *words])
        clip = CLIPS / f"{name}.mp4"
        self.animation = Animation(self.picture, prompt, clip, self.progress, self.ended)
        self.update()

    def stop(self):
        self.animation.stop()
        self.ended("Stopped. The task continues: animate the same again to resume it.")

    def progress(self, fraction, text):
        self.bar.set_fraction(fraction)
        self.said.set_text(text)

    def ended(self, problem):
        clip, self.animation = self.animation.clip, None
        self.progress(0, problem or "Done")
        if not problem:
            self.list_clips()
            self.show_clip(clip)
        self.update()

    def show_clip(self, clip):
        self.shown = clip
        self.video.set_filename(str(clip))
        self.update()

    def save_to(self, path):
        shutil.copyfile(self.shown, path)
        self.progress(0, f"Saved {pathlib.Path(path).name}")

    def list_clips(self):
        while row := self.earlier.get_first_child():
            self.earlier.remove(row)
        for clip in sorted(CLIPS.glob("*.mp4"), reverse=True):
            date, prompt = clip.stem[:DATE_LENGTH], clip.stem[DATE_LENGTH:].strip()
            label = Gtk.Label(label=f"{prompt or 'No prompt'}\n{date}", xalign=0, ellipsize=3)
            row = Gtk.ListBoxRow(child=label)
            row.clip = clip
            self.earlier.append(row)

    def update(self):
        self.go.set_label("Stop" if self.animation else "Animate")
        self.go.set_sensitive(bool(self.animation or self.picture))
        self.save.set_sensitive(self.shown is not None)


def open_window(app, arguments):
    if running := app.get_active_window():
        running.present()
        return
    window = Window(app)
    if arguments:
        window.set_picture(arguments[0])
    window.present()
    if len(arguments) > 1:
        window.prompt.set_text(arguments[1])
        window.animate()


if __name__ == "__main__":
    if not Gst.ElementFactory.find("modelversesrc"):
        sys.exit("GStreamer does not find modelversesrc: see GST_PLUGIN_PATH")
    CLIPS.mkdir(parents=True, exist_ok=True)
    application = Gtk.Application(application_id="org.gst_modelverse.Animator")
    application.connect("activate", open_window, sys.argv[1:])
    sys.exit(application.run(None))
