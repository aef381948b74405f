# SPDX-License-Identifier: LGPL-2.1-or-later
# Finds the functions of a C++ file by their braces, without a compiler.
import re

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
