#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Checks the Markdown files: every relative link and every anchor exists, every page of doc/ is
# reachable from README.md and from the index of its language, and a translated page has the
# headings, commands, names and figures of the English one.
#
# Usage: links.py ROOT
import itertools
import os
import re
import sys

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# In other languages a comment begins with #.
COMMENTS = {"c": r"/\*.*?\*/", "cpp": r"//.*", "rust": r"//.*"}
WORD = re.compile(r'`[^`]+`|"[^"]+"')
# 12, CephFS, URI (of URIs).
FIGURE = re.compile(r"\d+(?:\.\d+)*|\b\w*[A-Z]\w*[A-Z]\w*?(?=s?\b)", re.ASCII)
INDEX = "doc/README.md"
CHINESE_INDEX = "doc/zh-CN/README.md"


def pages_in(root):
    found = [name for name in os.listdir(root) if name.endswith(".md")]
    for directory in ("doc", "examples"):
        for where, _, names in os.walk(os.path.join(root, directory)):
            found += [os.path.relpath(os.path.join(where, name), root) for name in names if name.endswith(".md")]
    return sorted(found)


def text_of(root, page):
    with open(os.path.join(root, page), encoding="utf-8") as file:
        return file.read()


def anchor_of(heading):
    """As GitHub makes it."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors_of(text):
    return {anchor_of(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def is_chinese(page):
    return page == "README.zh-CN.md" or page.startswith("doc/zh-CN/")


def english_of(page):
    return page.replace(".zh-CN", "").replace("/zh-CN", "")


def commands_of(text):
    """The code without comments."""
    return [re.sub(rf"[ \t]*(?<!\S)(?:{COMMENTS.get(language, '# .*')})$", "", code, flags=re.MULTILINE)
            for language, code in BLOCK.findall(text)]


def prose_of(text):
    """Without code, in which a bracket is no link and # no heading."""
    return BLOCK.sub("", text)


def facts_of(text):
    """The names and texts of the program, and what every language writes alike."""
    shown = re.sub(r"\]\([^)]*\)", "]", prose_of(text))
    return set(WORD.findall(shown)), set(FIGURE.findall(WORD.sub("", shown)))


def differences(english, chinese):
    def levels(text):
        return re.findall(r"^#+ ", prose_of(text), re.MULTILINE)

    if levels(english) != levels(chinese):
        yield "has other headings than the English page"
    for number, blocks in enumerate(itertools.zip_longest(commands_of(english), commands_of(chinese)), 1):
        if blocks[0] != blocks[1]:
            yield f"has other code in block {number} than the English page"
    (words, figures), (chinese_words, chinese_figures) = facts_of(english), facts_of(chinese)
    missing = sorted(words - chinese_words) + sorted(figures - chinese_figures)
    yield from (f"lacks {word} of the English page" for word in missing)
    # Chinese writes small numbers with figures too: more of these are no mistake.
    yield from (f"has {word}, unlike the English page" for word in sorted(chinese_words - words))


class Pages:
    def __init__(self, root):
        self.root = root
        self.texts = {page: text_of(root, page) for page in pages_in(root)}
        self.translations = {english_of(page): page for page in self.texts if is_chinese(page)}
        self.problems = []
        self.links = {page: self.links_of(page) for page in self.texts}

    def target_of(self, page, link):
        """The file that the link leads to, relative to the root; None for another site."""
        if re.match(r"[a-z]+:", link):
            return None
        path, _, anchor = link.partition("#")
        target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        if not os.path.exists(os.path.join(self.root, target)):
            self.problems.append(f"{page}: {link} does not exist")
        elif anchor and target in self.texts and anchor not in anchors_of(prose_of(self.texts[target])):
            self.problems.append(f"{page}: {link}: {target} has no such heading")
        return target

    def links_of(self, page):
        return {self.target_of(page, link) for link in LINK.findall(prose_of(self.texts[page]))}

    def require_link(self, page, target):
        if target not in self.links.get(page, ()):
            self.problems.append(f"{page}: no link to {target}")

    def check_translation(self, chinese, english):
        if english not in self.texts:
            self.problems.append(f"{chinese}: no English page")
            return
        found = list(differences(self.texts[english], self.texts[chinese]))
        found += [f"leads to {page}, which has a translation" for page in self.links[chinese] & set(self.translations)
                  if page != english]
        self.problems += [f"{chinese}: {problem}" for problem in found]
        if english in ("README.md", INDEX):
            self.require_link(english, chinese)
            self.require_link(chinese, english)

    def check(self):
        self.require_link("README.md", INDEX)
        self.require_link("README.zh-CN.md", CHINESE_INDEX)
        # From the index itself, one step: a reader finds each page there.
        for page in self.texts:
            if page.startswith("doc/") and page not in (INDEX, CHINESE_INDEX):
                self.require_link(CHINESE_INDEX if is_chinese(page) else INDEX, page)
            if page.startswith("doc/guide/") and page not in self.translations:
                self.problems.append(f"{page}: no Chinese page")
        for english, chinese in self.translations.items():
            self.check_translation(chinese, english)
        return self.problems


def main():
    pages = Pages(sys.argv[1])
    problems = pages.check()
    print("\n".join(problems) or f"{len(pages.texts)} pages")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
