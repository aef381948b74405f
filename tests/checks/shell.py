#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs shellcheck over our shell scripts.
#
# Usage: shell.py ROOT
import shutil
import subprocess
import sys

import sources


def main():
    root = sys.argv[1]
    tool = shutil.which("shellcheck")
    if not tool:
        print("shellcheck is not installed")
        return 77
    scripts = [path for path in sources.all_sources(root) if path.endswith((".sh", ".ci/run"))]
    return subprocess.run([tool, "-x", *scripts], cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
