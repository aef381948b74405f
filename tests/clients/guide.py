#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs the commands and programs of a page of the guide in their order, in an empty directory with a
# picture, against the emulator.
#
# Usage: guide.py PAGE BUILD PICTURE [FILE...]     FILE: what must be there at the end
# A program is saved under the name in its first line, a JSON block as shots.json. Commands after
# <!-- not run: REASON --> are left out, and those of cargo where Rust's libraries are not installed.
import contextlib
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

BLOCK = re.compile(r"(<!-- not run: .*? -->\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FIRST_LINE = re.compile(r"(?:#|//|/\*) ([\w/]+\.\w+)")
CRATES = "/usr/share/cargo/registry"
TIME_LIMIT = 600.0  # cargo compiles gstreamer-rs
# Ctrl-C in the Python program. A shell's background processes ignore SIGINT.
INTERRUPT = r"""
modelverse-emulator --port {port} --generation-time 60 >slow &
until [ -s slow ]; do sleep 0.05; done
export $(cat slow)
env --default-signal=INT python3 -u animate.py photo.jpg "it rains" none.mp4 >interrupted 2>&1 &
until grep -q "Waiting for the clip" interrupted; do kill -0 $!; sleep 0.05; done
kill -INT $!
status=0
wait $! || status=$?
cat interrupted
[ "$status" = 130 ]
if grep -E "Traceback|CRITICAL" interrupted; then exit 1; fi
"""


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def save(name, text):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def has_crates():
    return bool(shutil.which("cargo") and glob.glob(f"{CRATES}/gstreamer-[0-9]*"))


def use_crates(home):
    save(f"{home}/.cargo/config.toml",
         f'[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "{CRATES}"\n')


def commands_of(page):
    """Saves the programs and returns the commands."""
    with open(page, encoding="utf-8") as file:
        blocks = BLOCK.findall(file.read())
    commands = []
    for left_out, language, text in blocks:
        if language == "json":
            save("shots.json", text)
        elif language != "sh":
            save(FIRST_LINE.match(text)[1], text)
        elif text.startswith("cargo") and not has_crates():
            print("no crates of gstreamer: the Rust program is not run")
        elif not left_out:
            commands.append(text)
    return commands


def environment_of(build, home):
    """The one of an ordinary user in `meson devenv`, with nothing of this machine's user."""
    path = [os.path.join(build, "src", tool) for tool in ("tool", "render", "emulator")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MODELVERSE_")}
    helper = os.path.join(build, "src", "picture-helper", "modelverse-picture-helper")
    return kept | {
        "PATH": ":".join([*path, kept["PATH"]]), "HOME": home, "MODELVERSE_PICTURE_HELPER": helper,
        "MODELVERSE_BASE_URL": "http://127.0.0.1:1", "MODELVERSE_API_KEY": "test",
        "MODELVERSE_CACHE_DIR": f"{home}/cache", "G_DEBUG": ""}


def run(script, environment):
    """Whether all commands have succeeded in time. The emulator that they start ends with their
    process group."""
    shell = subprocess.Popen(["bash", "-euo", "pipefail", "-c", script], env=environment, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    timer = threading.Timer(TIME_LIMIT, os.killpg, [shell.pid, signal.SIGKILL])
    timer.start()
    try:
        with open("output", "w", encoding="utf-8") as file:
            for line in shell.stdout:
                file.write(line)
                file.flush()
                if line == "END OF THE GUIDE\n":
                    return True
        return False
    finally:
        timer.cancel()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


def try_page(page, build, picture, files):
    for name in ("photo.jpg", "bay.jpg"):
        shutil.copy(picture, name)
    use_crates(os.getcwd())
    commands = commands_of(page)
    has_emulator = any("modelverse-emulator" in command for command in commands)
    if os.path.exists("animate.py"):
        commands.append(INTERRUPT.format(port=free_port()))
    # A program that goes on would keep the output open after a failure.
    script = "\n".join(["trap 'kill $(jobs -p)' EXIT", *commands, "echo END OF THE GUIDE"])
    script = script.replace("8123", str(free_port()))
    if not has_emulator:
        script = (f"modelverse-emulator --port {free_port()} --generation-time 0.5 >address &\n"
                  "until [ -s address ]; do sleep 0.05; done; export $(cat address)\n" + script)
    has_ended = run(script, environment_of(build, os.getcwd()))
    with open("output", encoding="utf-8") as file:
        output = file.read()
    missing = [name for name in files if not os.path.exists(name) or not os.path.getsize(name)]
    if not has_ended or missing:
        sys.exit(f"{output}\n{page}: {'no ' + ', '.join(missing) if has_ended else 'a command failed'}")
    print(output)


def main():
    page, build, picture, *files = sys.argv[1:]
    page, build, picture = map(os.path.abspath, (page, build, picture))
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        try:
            try_page(page, build, picture, files)
        finally:
            os.chdir("/")


if __name__ == "__main__":
    main()
