# SPDX-License-Identifier: LGPL-2.1-or-later
# Which files are ours: the one list that every check walks.
import os

DIRECTORIES = ("src", "gst", "tests", "examples", ".ci")
CXX = (".h", ".hpp", ".c", ".cpp")
SCRIPTS = (".py", ".sh")


def all_sources(root):
    """Paths relative to `root`: C and C++, scripts, and Meson's files."""
    found = ["meson.build"]
    for directory in DIRECTORIES:
        for where, subdirectories, names in os.walk(os.path.join(root, directory)):
            subdirectories[:] = sorted(name for name in subdirectories if name != "__pycache__")
            for name in sorted(names):
                path = os.path.relpath(os.path.join(where, name), root)
                if name.endswith(CXX + SCRIPTS) or name == "meson.build" or path == ".ci/run":
                    found.append(path)
    return [path for path in found if os.path.isfile(os.path.join(root, path))]


def cxx_sources(root):
    return [path for path in all_sources(root) if path.endswith(CXX)]


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()
