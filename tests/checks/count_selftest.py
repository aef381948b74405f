#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Shows tests/count.py reports of failures of every kind and expects it to count them.
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import count  # noqa: E402

PASSED = '<testcase name="a" status="run"/>'
FAILED = '<testcase name="b" status="run"><failure/></testcase>'
SKIPPED = '<testcase name="c" status="run"><skipped/></testcase>'


class Count(unittest.TestCase):
    def write(self, build, log, results, suites):
        with open(os.path.join(build, "meson-logs", f"{log}.json"), "w") as file:
            for name, result in results.items():
                file.write(json.dumps({"name": name, "result": result}) + "\n")
        with open(os.path.join(build, "meson-logs", f"{log}.junit.xml"), "w") as file:
            file.write("<testsuites>")
            for name, cases in suites:
                file.write(f'<testsuite name="{name}">{cases}</testsuite>')
            file.write("</testsuites>")

    def count(self, results, suites, again=None):
        with tempfile.TemporaryDirectory() as build:
            os.mkdir(os.path.join(build, "meson-logs"))
            self.write(build, "testlog", results, suites)
            if again:
                self.write(build, count.AGAIN, *again)
            self.said = io.StringIO()
            with contextlib.redirect_stdout(self.said):
                found = count.count(build)
            self.flaky = found.pop("flaky")
            return tuple(found.values())

    def test_each_case_counts(self):
        suites = [("p.p:unit / core.Suite", PASSED + FAILED + SKIPPED), ("p.p:unit / api.S", PASSED)]
        results = {"p:unit / core": "FAIL", "p:unit / api": "OK"}
        self.assertEqual(self.count(results, suites), (2, 1, 1))

    def test_a_program_that_failed_after_its_last_case_counts_as_one(self):
        suites = [("p.p:unit / core.Suite", PASSED), ("p.p:unit / core2.Suite", FAILED)]
        results = {"p:unit / core": "FAIL", "p:unit / core2": "FAIL"}
        self.assertEqual(self.count(results, suites), (1, 2, 0))

    def test_a_program_without_a_report_counts_as_one(self):
        self.assertEqual(self.count({"p:unit / core": "TIMEOUT"}, []), (0, 1, 0))

    def test_a_time_out_is_a_failure(self):
        suites = [("p", '<testcase name="p:unit / core"/>')]
        self.assertEqual(self.count({"p:unit / core": "TIMEOUT"}, suites), (0, 1, 0))

    def test_what_ran_again_counts_by_its_second_run(self):
        suites = [("p.p:unit / core.Suite", PASSED + FAILED), ("p.p:unit / api.S", PASSED)]
        results = {"p:unit / core": "FAIL", "p:unit / api": "OK"}
        good = ({"p:unit / core": "OK"}, [("p.p:unit / core.Suite", PASSED + PASSED)])
        self.assertEqual(self.count(results, suites, good), (3, 0, 0))
        self.assertEqual(self.flaky, 1)
        self.assertIn("flaky: p:unit / core Suite.b", self.said.getvalue())
        bad = ({"p:unit / core": "FAIL"}, suites[:1])
        self.assertEqual(self.count(results, suites, bad), (2, 1, 0))
        self.assertEqual(self.flaky, 0)
        crashed = ({"p:unit / core": "FAIL"}, [])
        self.assertEqual(self.count(results, suites, crashed), (1, 1, 0))

    def test_a_plain_test_counts_once(self):
        suites = [("p", '<testcase name="p:checks / tidy"><failure/></testcase>')]
        self.assertEqual(self.count({"p:checks / tidy": "FAIL"}, suites), (0, 1, 0))

    def test_a_test_may_print_colours(self):
        suites = [("p", '<testcase name="p:x"><system-out>\x1b[32mdone\x1b[0m</system-out></testcase>')]
        self.assertEqual(self.count({"p:x": "OK"}, suites), (1, 0, 0))

    def test_what_failed_is_named_as_meson_takes_it(self):
        for name in ("p:unit / core", "unit - p:core", "core"):
            with tempfile.TemporaryDirectory() as build, contextlib.redirect_stdout(io.StringIO()) as said:
                os.mkdir(os.path.join(build, "meson-logs"))
                self.write(build, "testlog", {name: "FAIL", "p:unit / api": "OK"}, [])
                count.print_failed(build)
            self.assertEqual(said.getvalue(), "core\n")

    def test_nothing_was_built(self):
        said = subprocess.run([sys.executable, "-B", count.__file__], check=True, stdout=subprocess.PIPE, text=True)
        self.assertEqual(said.stdout, "0 0 0 0\n")


if __name__ == "__main__":
    unittest.main()
