#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Checks the Markdown files: every relative link and every anchor exists, and every page of doc/ is
# reachable from README.md and from the index doc/README.md.
#
# Usage: links.py ROOT
import os
import re
import sys

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
INDEX = "doc/README.md"


def pages_in(root):
    found = [name for name in os.listdir(root) if name.endswith(".md")]
    for directory in ("doc", "examples"):
        for where, _, names in os.walk(os.path.join(root, directory)):
            found += [os.path.relpath(os.path.join(where, name), root) for name in names if name.endswith(".md")]
    return sorted(found)


def text_of(root, page):
    """Without code, in which a bracket is no link and # no heading."""
    with open(os.path.join(root, page), encoding="utf-8") as file:
        return re.sub(r"^```.*?^```$", "", file.read(), flags=re.DOTALL | re.MULTILINE)


def anchor_of(heading):
    """As GitHub makes it."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors_of(text):
    return {anchor_of(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


class Pages:
    def __init__(self, root):
        self.root = root
        self.texts = {page: text_of(root, page) for page in pages_in(root)}
        self.problems = []

    def target_of(self, page, link):
        """The file that the link leads to, relative to the root; None for another site."""
        if re.match(r"[a-z]+:", link):
            return None
        path, _, anchor = link.partition("#")
        target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        if not os.path.exists(os.path.join(self.root, target)):
            self.problems.append(f"{page}: {link} does not exist")
        elif anchor and target in self.texts and anchor not in anchors_of(self.texts[target]):
            self.problems.append(f"{page}: {link}: {target} has no such heading")
        return target

    def links_of(self, page):
        return {self.target_of(page, link) for link in LINK.findall(self.texts[page])}

    def check(self):
        links = {page: self.links_of(page) for page in self.texts}
        if INDEX not in links.get("README.md", ()):
            self.problems.append(f"README.md: no link to {INDEX}")
        # From the index itself, one step: a reader finds each page there.
        for page in self.texts:
            if page.startswith("doc/") and page != INDEX and page not in links.get(INDEX, ()):
                self.problems.append(f"{page}: no link in {INDEX}")
        return self.problems


def main():
    pages = Pages(sys.argv[1])
    problems = pages.check()
    print("\n".join(problems) or f"{len(pages.texts)} pages")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
