#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Writes a header with an id of the interface between the plugin and its HTTP module: the compiler and
# the common headers. Two files with the same id are compatible.
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
        file.write("// Identifies the headers and the compiler of both files.\n")
        file.write(f'#define MODELVERSE_INTERFACE_ID "{version} {digest.hexdigest()[:16]}"\n')


if __name__ == "__main__":
    main()
