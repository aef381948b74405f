#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Installs into an empty directory and asks GStreamer for the plugin there; then asks in Meson's
# development shell. Each with a registry and a home of its own, so that no other plugin answers.
#
# Usage: install.py BUILD VERSION PLUGINS-DIRECTORY MESON...
#   PLUGINS-DIRECTORY: where GStreamer looks, empty where another prefix was chosen
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


def check_network_module(root, plugin):
    """libsoup 3 aborts a process that holds libsoup 2: only the module may bring it in."""
    module = one(f"{root}/**/gst-modelverse/modelverse-http.so")
    expect(["libsoup-3.0.so"], run(["ldd", module], os.environ), "the network module")
    libraries = run(["ldd", plugin], os.environ)
    if "libsoup" in libraries:
        raise SystemExit(f"the plugin brings in libsoup:\n{libraries}")
    for path, shown in ((plugin, "gst_plugin_"), (module, "modelverse_http_module")):
        symbols = run(["nm", "-D", "--defined-only", "--format=just-symbols", path], os.environ)
        others = [name for name in symbols.split() if not name.startswith(shown)]
        if others or not symbols:
            raise SystemExit(f"{path} shows {others or 'nothing'}")


def make_a_clip(environment, emulator):
    """By the installed plugin, which has to find the installed module."""
    home = environment["HOME"]
    served = subprocess.Popen([emulator, "--generation-time", "0.1"], stdout=subprocess.PIPE,
                              text=True, env=environment)
    try:
        address = served.stdout.readline().strip().split("=", 1)[1]
        picture = os.path.join(home, "picture.jpg")
        run(["gst-launch-1.0", "-q", "videotestsrc", "num-buffers=1", "!",
             "video/x-raw,width=1280,height=720", "!", "jpegenc", "!", "filesink",
             f"location={picture}"], environment)
        run(["gst-launch-1.0", "modelversesrc", f"image-path={picture}", "prompt=a test",
             "api-key=any", f"base-url={address}", "poll-interval=100", f"cache-dir={home}/cache",
             "!", "filesink", f"location={home}/clip.mp4"], environment)
    finally:
        served.kill()
        served.wait()


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
    check_network_module(target, plugin)
    emulator = one(f"{target}/**/bin/modelverse-emulator")
    make_a_clip(environment, emulator)
    expect(["--generation-time"], run([emulator, "--help"], environment), "the installed emulator")
    tasks = one(f"{target}/**/bin/modelverse-tasks")
    expect(["prune"], run([tasks, "--help"], environment), "the installed modelverse-tasks")
    render = one(f"{target}/**/bin/modelverse-render")
    expect(["--film"], run([render, "--help"], environment), "the installed modelverse-render")
    helper = one(f"{target}/**/gst-modelverse/modelverse-picture-helper")
    if not os.access(helper, os.X_OK):
        raise SystemExit(f"{helper} cannot be run")
    for program in ("emulator", "render", "tasks"):
        one(f"{target}/**/man/man1/modelverse-{program}.1*")
        one(f"{target}/**/bash-completion/completions/modelverse-{program}")
    if shutil.which("msgfmt"):
        one(f"{target}/**/share/locale/zh_CN/LC_MESSAGES/gst-modelverse.mo")


def check_devenv(meson, build, home):
    inside = ["sh", "-c", "gst-inspect-1.0 modelversesrc && modelverse-emulator --help && "
              "test -x \"$MODELVERSE_PICTURE_HELPER\""]
    text = run([*meson, "devenv", "-C", build, *inside], clean_environment(home))
    expect([os.path.join(build, "gst"), "--generation-time"], text, "meson devenv")
    if shutil.which("man"):
        inside = ["sh", "-c", "man -w modelverse-tasks && man -w"]
        pages = run([*meson, "devenv", "-C", build, *inside], clean_environment(home))
        expect(["modelverse-tasks.1", "/usr/share/man"], pages, "the manual pages in meson devenv")


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
