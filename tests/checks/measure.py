#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Lines per file and per function, for a person who wonders where the code grows.
#
# Functions are found by their braces, without a compiler: near enough for a look. The rule itself
# (40 lines) is checked by clang-tidy.
#
# Usage: measure.py [ROOT] [DIRECTORY...]
import re
import sys

import sources

COMMENT_OR_TEXT = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\d)\'(?:\\.|[^\'\\\n])*\'', re.S)
NOT_A_BODY = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b(?!.*\))|=\s*$|\breturn\b",
                        re.S)


def without_comments(text):
    """The same lines, with comments and texts emptied. 10'000 is no text."""
    def empty(match):
        found = match.group(0)
        return found if re.match(r"'\d{3}", found) else "\n" * found.count("\n")
    lines = [line for line in COMMENT_OR_TEXT.sub(empty, text).split("\n")]
    return "\n".join("" if line.lstrip().startswith("#") else line for line in lines)


def functions(text):
    """(name, first line, lines) of each outermost body that follows a parameter list."""
    text = without_comments(text)
    depths, head, body, found = [], 0, None, []
    for match in re.finditer(r"[{};]", text):
        sign, at = match.group(0), match.start()
        before = text[head:at]
        if sign == "{":
            is_body = body is None and "(" in before and not NOT_A_BODY.search(before)
            depths.append((before, at))
            if is_body:
                body = len(depths)
        elif sign == "}" and depths:
            declaration, opened = depths.pop()
            if body == len(depths) + 1:
                name = re.findall(r"([\w:~]+)\s*\(", declaration)[:1] or ["?"]
                start = opened - len(declaration.lstrip())
                first = text.count("\n", 0, start) + 1
                found.append((name[0], first, text.count("\n", 0, at) + 2 - first))
                body = None
        head = at + 1
    return found


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    directories = tuple(sys.argv[2:]) or sources.DIRECTORYS
    every = []
    print("lines  functions  median  90th  longest  file")
    for path in sources.cxx_sources(root):
        if not path.startswith(directories):
            continue
        text = sources.read(root, path)
        mine = [(lines, f"{path}:{first} {name}") for name, first, lines in functions(text)]
        every += mine
        row = spread([lines for lines, _ in mine])
        print(f"{text.count(chr(10)):5}  {len(mine):9}  {row}  {path}")
    print(f"       {len(every):9}  {spread([lines for lines, _ in every])}  all")
    for lines, where in sorted(every, reverse=True)[:10]:
        print(f"{lines:5}  {where}")


def spread(lengths):
    if not lengths:
        return f"{'-':>6}  {'-':>4}  {'-':>7}"
    lengths = sorted(lengths)
    at = lambda part: lengths[min(len(lengths) - 1, int(part * len(lengths)))]
    return f"{at(0.5):6}  {at(0.9):4}  {lengths[-1]:7}"


if __name__ == "__main__":
    main()
