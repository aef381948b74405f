#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Installs into an empty folder and asks GStreamer for the plugin there; then asks in Meson's
# development shell. Each with a registry and a home of its own, so that no other plugin answers.
#
# Usage: install.py BUILD VERSION PLUGINS-FOLDER MESON...
#   PLUGINS-FOLDER: where GStreamer looks, empty where another prefix was chosen
import glob
import os
import shutil
import subprocess
import sys
import tempfile


def clean_environment(home):
    kept = {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8"}
    return kept | {"GST_REGISTRY": os.path.join(home, "registry.bin")}


def run(command, environment):
    done = subprocess.run(command, env=environment, check=False, text=True, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(f"{command} gave {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def expect(words, text, where):
    for word in words:
        if word not in text:
            raise SystemExit(f"{where}: no {word!r} in:\n{text}")


def one(pattern):
    found = glob.glob(pattern, recursive=True)
    if len(found) != 1:
        raise SystemExit(f"{pattern}: {found}")
    return found[0]


def check_installed(meson, build, version, plugins, home):
    target = os.path.join(home, "root")
    environment = clean_environment(home)
    run([*meson, "install", "-C", build, "--no-rebuild", "--destdir", target], environment)
    plugin = one(f"{target}/**/gstreamer-1.0/libgstmodelverse.so")
    if plugins and os.path.dirname(plugin) != target + plugins:
        raise SystemExit(f"{plugin} is not in {plugins}, where GStreamer looks")
    environment["GST_PLUGIN_PATH"] = os.path.dirname(plugin)
    text = run(["gst-inspect-1.0", "modelversesrc"], environment)
    expect([plugin, version, "Source/Network"], text, "gst-inspect-1.0 of the installed plugin")
    emulator = one(f"{target}/**/bin/modelverse-emulator")
    expect(["--generation-time"], run([emulator, "--help"], environment), "the installed emulator")
    tasks = one(f"{target}/**/bin/modelverse-tasks")
    expect(["prune"], run([tasks, "--help"], environment), "the installed modelverse-tasks")
    for program in ("emulator", "tasks"):
        one(f"{target}/**/man/man1/modelverse-{program}.1*")


def check_devenv(meson, build, home):
    inside = ["sh", "-c", "gst-inspect-1.0 modelversesrc && modelverse-emulator --help"]
    text = run([*meson, "devenv", "-C", build, *inside], clean_environment(home))
    expect([os.path.join(build, "gst"), "--generation-time"], text, "meson devenv")


def main():
    build, version, plugins, *meson = sys.argv[1:]
    if not shutil.which("gst-inspect-1.0"):
        print("gst-inspect-1.0 is not installed")
        return 77
    with tempfile.TemporaryDirectory() as home:
        check_installed(meson, build, version, plugins, home)
        check_devenv(meson, build, home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
