#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs clang-tidy over our own files of a build directory. Most of its time goes into the headers, so
# it gets files that are compiled in the same way together, as one that includes them. The tests are
# left out, for the time that it takes, unless asked for; modules.py looks at the length of their functions.
#
# Usage: tidy.py ROOT BUILD [PART-OF-A-PATH...]     such as tests/
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import sources

AT_ONCE = 2
TOGETHER = 6  # files; of more a change would have too many looked at again


def members_of(path):
    """The sources that are compiled by way of this one: itself, or those that Meson includes in it."""
    if not re.search(r"-unity\d+\.\w+$", path):
        return [path]
    with open(path, encoding="utf-8") as file:
        return re.findall(r'^#include\s*[<"](.+)[>"]', file.read(), re.MULTILINE)


def compile_commands(root, build, parts):
    """Path -> command for ours; the largest first, so that none of them comes last alone."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    commands = {os.path.realpath(os.path.join(one["directory"], path)): one["command"]
                for one in entries
                for path in members_of(os.path.join(one["directory"], one["file"]))}
    # The emulator serves the tests: it takes a third of the time and is left to `tidy.py ROOT BUILD
    # src/emulator` by hand.
    ours = {os.path.realpath(os.path.join(root, path)) for path in sources.cxx_sources(root)
            if path.endswith(".cpp") and (parts or "emulator" not in path.split(os.sep))}
    return {path: commands[path]
            for path in sorted(commands.keys() & ours, key=os.path.getsize, reverse=True)}


def in_groups(commands, root, build):
    """(path of a file that includes some, those, command), written where clang-tidy finds them."""
    alike = {}
    for path, command in commands.items():
        # A file has only what it includes itself: no precompiled header, and no output.
        words = command.replace(" -fpch-preprocess -include common.h", "")
        words = re.sub(r" -M[DQF]( \S+\.o(\.d)?)?| -o \S+| -c \S+", "", words)
        alike.setdefault(words, []).append(path)
    directory = os.path.join(build, "tidy-commands")
    # clang-tidy looks for its settings beside the file that it is given, then further up.
    for part in ("", "tests"):
        os.makedirs(os.path.join(directory, part), exist_ok=True)
        shutil.copy(os.path.join(root, part, ".clang-tidy"), os.path.join(directory, part))
    groups = []
    for words, paths in alike.items():
        for start in range(0, len(paths), TOGETHER):
            members = paths[start:start + TOGETHER]
            name = hashlib.sha256(" ".join(members).encode()).hexdigest()[:16] + ".cpp"
            is_test = os.path.relpath(members[0], root).startswith("tests" + os.sep)
            group = os.path.join(directory, "tests" if is_test else "", name)
            with open(group, "w", encoding="utf-8") as file:
                file.writelines(f'#include "{path}"\n' for path in members)
            groups.append((group, members, f"{words} -c {group}"))
    with open(os.path.join(directory, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump([{"directory": os.path.abspath(build), "file": group, "command": command}
                   for group, _, command in groups], file)
    return groups


def dependencies(root, build):
    """Path -> our own headers that it includes, as the last build found them."""
    listing = subprocess.run(["ninja", "-C", build, "-t", "deps"], stdout=subprocess.PIPE,
                             text=True, check=False).stdout
    ours = os.path.realpath(root) + os.sep
    found = {}
    for block in listing.split("\n\n"):
        paths = [os.path.realpath(os.path.join(build, line.strip()))
                 for line in block.splitlines()[1:]]
        needed = sorted(path for path in paths if path.startswith(ours))
        found.update((path, needed) for path in needed if path.endswith(".cpp"))
    return found


class Stamps:
    """Remembers what was clean, so that a second run looks only at what changed."""

    def __init__(self, root, build):
        self.directory = os.path.join(build, "tidy-stamps")
        self.dependencies = dependencies(root, build)
        self.common = [os.path.join(root, path) for path in (
            ".clang-tidy", "tests/.clang-tidy", "tests/checks/tidy.py")]
        os.makedirs(self.directory, exist_ok=True)

    def name(self, members, command):
        if any(path not in self.dependencies for path in members):
            return None  # not built yet: nothing is known of it
        digest = hashlib.sha256(command.encode())
        needed = {one for path in members for one in self.dependencies[path]}
        for one in self.common + sorted(needed):
            with open(one, "rb") as file:
                digest.update(hashlib.sha256(file.read()).digest())
        return os.path.join(self.directory, digest.hexdigest())


def own_headers(root, build):
    """A pattern for our headers as the compiler names them: from the build directory, or in full."""
    places = (os.path.relpath(root, build), os.path.abspath(root), os.path.realpath(root))
    return f"^({'|'.join(map(re.escape, places))})/({'|'.join(sources.DIRECTORIES)})/"


def run(tool, root, build, group, stamps):
    path, members, command = group
    stamp = stamps.name(members, command)
    if stamp and os.path.exists(stamp):
        return members, 0, "", 0
    start = time.monotonic()
    done = subprocess.run(
        [tool, "-p", os.path.join(build, "tidy-commands"), "--quiet",
         f"--header-filter={own_headers(root, build)}", "--extra-arg=-Wno-unknown-warning-option",
         "--extra-arg=-Wno-shadow", path],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    # On its error output it counts the warnings of foreign headers: worth showing on failure only.
    said = done.stdout + (done.stderr if done.returncode else "")
    if stamp and not done.returncode:
        open(stamp, "w", encoding="utf-8").close()
    return members, done.returncode, said, time.monotonic() - start


def main():
    root, build, parts = sys.argv[1], sys.argv[2], sys.argv[3:]
    tool = shutil.which("clang-tidy-14")
    if not tool:
        print("clang-tidy-14 is not installed")
        return 77
    commands = {path: command for path, command in compile_commands(root, build, parts).items()
                if any(part in os.path.relpath(path, root) for part in parts)
                or not (parts or os.path.relpath(path, root).startswith("tests"))}
    if not commands:
        print("no file to look at: is this a build directory of these sources?")
        return 1
    stamps, failed = Stamps(root, build), 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for members, code, said, took in pool.map(
                lambda group: run(tool, root, build, group, stamps), in_groups(commands, root, build)):
            names = " ".join(os.path.relpath(path, root) for path in members)
            print(f"{'FAIL' if code else 'ok  '} {took:5.1f} s  {names}")
            if code:
                failed += 1
                print(said)
    print(f"{len(commands)} files, {failed} groups with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
