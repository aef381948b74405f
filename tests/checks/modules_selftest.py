#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Breaks each rule of modules.py once, in a small tree of its own, and expects to hear of it.
import os
import tempfile
import unittest

import modules

PLAN = """
| module | what lives there | modules it sees | libraries it sees |
|---|---|---|---|
| `gst` | elements | `core` `http` | `gstreamer` |
| `src/http` | network | `core` | `libsoup` |
| `src/core` | values | | |

| library | its headers |
|---|---|
| `gstreamer` | `gst/` |
| `libsoup` | `libsoup/` |
| `posix` | every other `.h` |
"""
HEAD = "// SPDX-License-Identifier: LGPL-2.1-or-later\n// A file.\n"


class Modules(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = directory.name
        self.write("ARCHITECTURE.md", PLAN)
        self.write("src/core/a.h", HEAD + "#include <string>\n")
        self.write("src/http/b.cpp", HEAD + '#include <libsoup/soup.h>\n#include "core/a.h"\n')
        self.write("gst/c.cpp", HEAD + '#include "d.h"\n#include <gst/gst.h>\n#include "http/b.h"\n')
        self.write("gst/d.h", HEAD)

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def expect(self, *parts):
        problems = list(modules.check(self.root))
        self.assertEqual(len(problems), 1, problems)
        for part in parts:
            self.assertIn(part, problems[0])

    def test_a_good_tree_passes(self):
        self.assertEqual(list(modules.check(self.root)), [])

    def test_a_room_must_not_look_up(self):
        self.write("src/core/a.h", HEAD + '#include "http/b.h"\n')
        self.expect("src/core/a.h", 'core must not include "http/b.h"')

    def test_a_room_that_is_not_in_the_table_cannot_be_included(self):
        self.write("src/http/b.cpp", HEAD + '  #  include "emulator/b.h"\n')
        self.expect("src/http/b.cpp", "emulator/b.h")

    def test_a_library_belongs_to_its_rooms(self):
        self.write("src/core/a.h", HEAD + "#include <libsoup/soup.h>\n")
        self.expect("src/core/a.h", "libsoup")

    def test_gstreamer_belongs_to_its_rooms(self):
        self.write("src/http/b.cpp", HEAD + "#include <gst/gst.h>\n")
        self.expect("src/http/b.cpp", "gstreamer")

    def test_the_core_has_the_standard_library_only(self):
        self.write("src/core/a.h", HEAD + "#include <unistd.h>\n")
        self.expect("src/core/a.h", "posix")

    def test_a_nearby_file_must_be_there(self):
        self.write("src/http/b.cpp", HEAD + '#include "a.h"\n')
        self.expect("src/http/b.cpp", "a.h")

    def test_our_own_files_are_included_in_quotes(self):
        self.write("gst/d.h", HEAD + "#include <core/a.h>\n")
        self.expect("gst/d.h", "quotes")

    def test_a_licence_line_comes_first(self):
        self.write("src/core/a.h", "// A file.\n" + HEAD)
        self.expect("src/core/a.h", "SPDX")

    def test_a_script_may_begin_with_its_interpreter(self):
        self.write("tests/a.sh", "#!/bin/sh\n" + HEAD.replace("//", "#"))
        self.assertEqual(list(modules.check(self.root)), [])

    def test_a_file_says_what_it_is_for(self):
        self.write("src/core/a.h", HEAD.splitlines()[0] + "\n#pragma once\n")
        self.expect("src/core/a.h", "what the file is for")

    def test_a_header_says_it_for_its_source(self):
        self.write("src/core/a.h", HEAD)
        self.write("src/core/a.cpp", HEAD.splitlines()[0] + '\n#include "core/a.h"\n')
        self.assertEqual(list(modules.check(self.root)), [])

    def test_a_long_function_of_a_test_is_told(self):
        body = "  call({1, 2});\n" * modules.MAX_FUNCTION_LINES
        self.write("tests/a_test.cpp", HEAD + "TEST(A, b) {\n" + body + "}\n")
        self.expect("tests/a_test.cpp:3: TEST", "42 lines")
        self.write("tests/a_test.cpp", HEAD + ("TEST(A, b) {\n" + body[:90] + "}\n") * 10)
        self.assertEqual(list(modules.check(self.root)), [])

    def test_an_exception_for_the_linter_names_check_and_reason(self):
        self.write("src/core/a.h", HEAD + "int a;  // NO" + "LINT\n")
        self.expect("src/core/a.h:3")
        self.write("src/core/a.h", HEAD + "int a;  // NO" + "LINT(misc-x): GLib's name\n")
        self.assertEqual(list(modules.check(self.root)), [])

    def test_arrows_go_down_only(self):
        self.write("ARCHITECTURE.md", PLAN.replace("values | | |", "values | `http` | |"))
        self.expect("core sees http")

    def test_a_directory_needs_a_row(self):
        self.write("src/new/e.h", HEAD)
        self.expect("src/new")

    def test_a_row_needs_a_directory(self):
        gone = "| `src/gone` | nothing | | |\n| `src/core`"
        self.write("ARCHITECTURE.md", PLAN.replace("| `src/core`", gone))
        self.expect("src/gone")

    def test_without_a_table_nothing_passes(self):
        self.write("ARCHITECTURE.md", "")
        self.assertIn("no table", "\n".join(modules.check(self.root)))


if __name__ == "__main__":
    unittest.main()
