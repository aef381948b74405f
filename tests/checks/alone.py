#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Compiles each file of gst/ and src/ by itself: our own builds join several files in a unit, where one
# file sees what another has included; a user's build does not.
#
# Usage: alone.py ROOT BUILD
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import tidy

AT_ONCE = 2


def check(path, command, build):
    words = re.sub(r" -M[DQF]( \S+\.o(\.d)?)?| -o \S+| -c \S+| -fpch-preprocess -include common.h", "", command)
    return path, subprocess.run(f"{words} -fsyntax-only {path}", shell=True, cwd=build, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def main():
    root, build = sys.argv[1:3]
    commands = {path: command for path, command in tidy.compile_commands(root, build, []).items()
                if os.path.relpath(path, root).startswith(("src" + os.sep, "gst" + os.sep))}
    failed = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path, done in pool.map(lambda one: check(*one, build), commands.items()):
            if done.returncode:
                failed += 1
                print(f"FAIL {os.path.relpath(path, root)}\n{done.stdout}")
    print(f"{len(commands)} files, {failed} do not compile by themselves")
    return 1 if failed or not commands else 0


if __name__ == "__main__":
    sys.exit(main())
