#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Checks that every file that names the release names the same one.
#
# Usage: release.py ROOT VERSION DATE
import email.utils
import os
import re
import sys


def first(root, name, pattern):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        found = re.search(pattern, file.read(), re.MULTILINE)
    return found.groups() if found else ("", "")


def main():
    root, version, date = sys.argv[1:]
    changes = first(root, "CHANGELOG.md", r"^## \[(\d[^\]]*)\] - (\S+)$")
    (debian,) = first(root, "debian/changelog", r"^gst-modelverse \(([^)]+)\)")[:1]
    when = email.utils.parsedate_to_datetime(first(root, "debian/changelog", r"^ -- .*>  (.*)$")[0])
    (status,) = first(root, "README.md", r"^\*\*Status:\*\* (\S+) ")[:1]
    said = {"CHANGELOG.md": changes, "debian/changelog": (debian, f"{when:%Y-%m-%d}"), "README.md": (status, date)}
    problems = [f"{name}: {release}, not {(version, date)}" for name, release in said.items()
                if release != (version, date)]
    print("\n".join(problems) or f"{version} of {date}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
