#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Checks that each text for people is marked for translation, and that each translation is complete:
# no text missing or fuzzy, and the same values in it.
#
# Usage: translations.py ROOT
import os
import re
import subprocess
import sys
import tempfile

# Those of Meson's preset "glib" that occur here.
KEYWORDS = ["-k_", "-kN_", "-kC_:1c,2", "-kg_dngettext:2,3"]
MARK = re.compile(r"(?<![\w])(N?_|C_|g_dngettext)\(")
# An error's text that is not: a literal where one is expected. src/core sees no library, and makes
# one error, which is never posted.
UNMARKED = re.compile(r"""(settings_error\(\s*(std::string\()?|\.text\s*=\s*(std::string\()?)"[^"]""")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line for line in done.stderr.splitlines() if line] if done.returncode else []


def sources(root):
    # The emulator stands in for the service, whose texts are the service's.
    listed = subprocess.run(["git", "-C", root, "ls-files", "gst", "src"], capture_output=True, text=True, check=False)
    return [name for name in listed.stdout.split()
            if name.endswith((".cpp", ".h")) and not name.startswith("src/emulator/")]


def check(root):
    with open(os.path.join(root, "po/POTFILES"), encoding="utf-8") as file:
        listed = {line for line in file.read().split("\n") if line and line[0] != "#"}
    for name in sources(root):
        with open(os.path.join(root, name), encoding="utf-8") as file:
            text = file.read()
        has_marks = MARK.search(text) is not None and name != "src/glib/text.h"
        if has_marks != (name in listed):
            yield f"{name}: {'missing in' if has_marks else 'has no text for'} po/POTFILES"
        for found in UNMARKED.finditer(text) if not name.startswith("src/core/") else ():
            yield f"{name}:{text.count(chr(10), 0, found.start()) + 1}: a text without _()"
    with tempfile.TemporaryDirectory() as work:
        template = os.path.join(work, "template.pot")
        yield from run("xgettext", "-D", root, "-f", os.path.join(root, "po/POTFILES"), "-o", template,
                       "--from-code=UTF-8", "--add-comments", *KEYWORDS)
        with open(os.path.join(root, "po/LINGUAS"), encoding="utf-8") as file:
            languages = [line for line in file.read().split("\n") if line and line[0] != "#"]
        for language in languages:
            catalog = os.path.join(root, "po", language + ".po")
            yield from run("msgfmt", "--check", "-o", os.devnull, catalog)
            yield from run("msgcmp", catalog, template)


def main():
    problems = list(check(sys.argv[1]))
    print("\n".join(problems) or "All texts are marked and translated.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
