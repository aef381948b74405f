#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Compares a manual page with what its program says of itself: every option stands in both.
#
# Usage: man.py PAGE PROGRAM
import re
import subprocess
import sys


def options(text):
    return set(re.findall(r"--([a-z][a-z-]+)", text))


def main():
    page, program = sys.argv[1:]
    with open(page, encoding="utf-8") as file:
        written = options(file.read().replace("\\-", "-"))
    said = subprocess.run([program, "--help-all"], check=True, text=True, capture_output=True).stdout
    offered = options(said)
    problems = [f"{page}: no word of --{name}" for name in sorted(offered - written)]
    problems += [f"{page}: --{name} is no option of {program}" for name in sorted(written - offered)]
    print("\n".join(problems) or f"{len(offered)} options are in both")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
