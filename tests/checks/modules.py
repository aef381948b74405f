#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Checks the sources against ARCHITECTURE.md: who includes whom, first lines, lengths of functions.
#
# Usage: modules.py ROOT
import os
import re
import sys

import functions
import sources

MAX_FUNCTION_LINES = 40
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
SPDX = "SPDX-License-Identifier: LGPL-2.1-or-later"
NOLINT = re.compile(r"\bNOLINT\w*")
GOOD_NOLINT = re.compile(r"\bNOLINT\w*\([\w\-*.,]+\): \S|\bNOLINTEND\([\w\-*.,]+\)")


def table(text, first_header):
    """The rows of the Markdown table whose first column has this header."""
    rows, inside = [], False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == first_header:
            inside = True
        elif inside and not set(cells[0]) <= set("-: "):
            rows.append(cells)
    return rows


def words(cell):
    return re.findall(r"`([^`]+)`", cell)


class Plan:
    """What ARCHITECTURE.md says."""

    def __init__(self, text):
        self.modules = {}  # name -> (directory, modules it sees, libraries it sees), from the top down
        for row in table(text, "module"):
            directory = words(row[0])[0].rstrip("/")
            self.modules[os.path.basename(directory)] = (directory, words(row[2]), words(row[3]))
        self.libraries = [(words(row[0])[0], words(row[1])) for row in table(text, "library")]

    def library_of(self, header):
        for name, prefixes in self.libraries:
            for prefix in prefixes:
                if header == prefix or (prefix.endswith("/") and header.startswith(prefix)):
                    return name
        return "posix" if header.endswith(".h") else None  # None: the C++ standard library

    def module_of(self, path):
        for name, (directory, _, _) in self.modules.items():
            if path.startswith(directory + "/"):
                return name
        return None

    def problems(self, root):
        if not self.modules or not self.libraries:
            yield "ARCHITECTURE.md: has no table of modules or of libraries"
        order = list(self.modules)
        known = {name for name, _ in self.libraries}
        for index, (name, (directory, sees, libraries)) in enumerate(self.modules.items()):
            if not os.path.isdir(os.path.join(root, directory)):
                yield f"ARCHITECTURE.md: there is no {directory}"
            for other in sees:
                if other not in order[index + 1:]:
                    yield f"ARCHITECTURE.md: {name} sees {other}, which does not stand below it"
            for library in set(libraries) - known:
                yield f"ARCHITECTURE.md: {name} sees {library}, which is no library of the table"
        src = os.path.join(root, "src")
        for directory in sorted(os.listdir(src) if os.path.isdir(src) else []):
            if os.path.isdir(os.path.join(src, directory)) and directory not in self.modules:
                yield f"src/{directory}: has no row in ARCHITECTURE.md"


def include_problems(plan, root, path, text):
    module = plan.module_of(path)
    if module is None:  # tests may include everything
        return
    _, sees, libraries = plan.modules[module]
    for ours, foreign in INCLUDE.findall(text):
        if ours:
            beside = os.path.join(root, os.path.dirname(path), ours)
            first = ours.split("/")[0]
            if "/" in ours and first != module and first not in sees:
                yield f'{path}: {module} must not include "{ours}"'
            elif "/" not in ours and not os.path.isfile(beside):
                yield f'{path}: "{ours}" does not stand beside it: say which module it is from'
        elif foreign.split("/")[0] in plan.modules and os.path.isfile(
                os.path.join(root, "src", foreign)):
            yield f"{path}: <{foreign}> is ours and belongs in quotes"
        else:
            library = plan.library_of(foreign)
            if library and library not in libraries:
                yield f"{path}: {module} must not include <{foreign}> ({library})"


def first_line_problems(path, text, files):
    lines = text.splitlines() + ["", ""]
    if lines[0].startswith("#!"):
        lines = lines[1:]
    mark = "//" if path.endswith(sources.CXX) else "#"
    if lines[0] != f"{mark} {SPDX}":
        yield f"{path}: the first line is not '{mark} {SPDX}'"
    elif path.endswith(("meson.build", "_test.cpp")):
        return  # their names say what they are for
    elif path.endswith(".cpp") and path[:-4] + ".h" in files:
        return  # its header does
    elif not lines[1].startswith(mark + " "):
        yield f"{path}: the second line does not say what the file is for"


def function_problems(path, text):
    """For the tests, which clang-tidy does not look at."""
    if path.startswith("tests/") and path.endswith(sources.CXX):
        for name, line, length in functions.functions(text):
            if length > MAX_FUNCTION_LINES:
                yield f"{path}:{line}: {name} has {length} lines, the limit is {MAX_FUNCTION_LINES}"


def nolint_problems(path, text):
    if path.endswith(sources.CXX):
        for number, line in enumerate(text.splitlines(), 1):
            if NOLINT.search(line) and not GOOD_NOLINT.search(line):
                yield f"{path}:{number}: write NOLINT(check): reason"


def check(root):
    """All problems of the tree, each a line fit to be read."""
    plan = Plan(sources.read(root, "ARCHITECTURE.md"))
    yield from plan.problems(root)
    files = {path: sources.read(root, path) for path in sources.all_sources(root)}
    for path, text in files.items():
        yield from first_line_problems(path, text, files)
        if path.endswith(sources.CXX):
            yield from include_problems(plan, root, path, text)
        yield from nolint_problems(path, text)
        yield from function_problems(path, text)


def main():
    problems = list(check(sys.argv[1]))
    print("\n".join(problems) or "every file is in its module")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
