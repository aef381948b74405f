#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Writes a header with a name for what the plugin and its HTTP module have in common: the compiler
# and the headers that both see. Two files that agree on it can work together.
#
# Usage: interface_id.py OUTPUT VERSION COMPILER HEADER...
import hashlib
import sys


def main():
    output, version, compiler, *headers = sys.argv[1:]
    digest = hashlib.sha256(compiler.encode())
    for path in headers:
        with open(path, "rb") as header:
            digest.update(header.read())
    with open(output, "w", encoding="utf-8") as file:
        file.write("// What both files are built from.\n")
        file.write(f'#define MODELVERSE_INTERFACE_ID "{version} {digest.hexdigest()[:16]}"\n')


if __name__ == "__main__":
    main()
