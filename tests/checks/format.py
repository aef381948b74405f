#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Is every source file as clang-format 14 would write it? (Other versions write otherwise.)
#
# Usage: format.py ROOT [--fix]
import shutil
import subprocess
import sys

import sources


def main():
    root = sys.argv[1]
    tool = shutil.which("clang-format-14")
    if not tool:
        print("clang-format-14 is not installed")
        return 77
    how = ["-i"] if "--fix" in sys.argv else ["--dry-run", "-Werror"]
    return subprocess.run([tool, *how, *sources.cxx_sources(root)], cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
