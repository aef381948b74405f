#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Adds up what the tests of some build directories said, from the reports that Meson wrote.
#
# A report of cases cannot tell all: a test that crashed or leaked at its end may have written a
# clean one, or none. So each test that Meson itself counts as failed gives one failure at least.
#
# What failed may have run again alone, with a report of its own: that one counts then. A test that
# passed in it is flaky: it is named, with the cases that had failed.
#
# Usage: count.py BUILD...        prints a line for each, and last "PASSED FAILED SKIPPED FLAKY"
#        count.py --failed BUILD  prints the names of the tests that failed, one a line
import json
import os
import re
import sys
import xml.etree.ElementTree as xml

GOOD = ("OK", "EXPECTEDFAIL", "SKIP")
AGAIN = "again"
# Meson copies what a test prints, such as the escape sequences of colours, as it is.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def results(build, log="testlog"):
    """Test -> Meson's result for it, as in "gst-modelverse:unit / core" -> "OK".

    Meson 1.12 writes "unit - gst-modelverse:core", and others "core" alone where there is one suite."""
    with open(os.path.join(build, "meson-logs", f"{log}.json"), encoding="utf-8") as file:
        entries = [json.loads(line) for line in file]
    return {entry["name"]: entry["result"] for entry in entries}


def results_again(build):
    path = os.path.join(build, "meson-logs", f"{AGAIN}.json")
    return results(build, AGAIN) if os.path.exists(path) else {}


def cases(build, tests, log="testlog"):
    """(test, case, outcome) of each case."""
    path = os.path.join(build, "meson-logs", f"{log}.junit.xml")
    with open(path, encoding="utf-8", errors="replace") as file:
        text = NOT_IN_XML.sub("", file.read())
    for suite in xml.fromstring(text.encode()):
        # "project.test.suite" for a GoogleTest program; plain tests are cases of "project".
        owner = [test for test in tests if f".{test}." in suite.get("name")]
        for case in suite.iter("testcase"):
            test = max(owner, key=len, default=case.get("name"))
            name = f"{suite.get('name').split('.')[-1]}.{case.get('name')}" if owner else test
            if case.find("failure") is not None or case.find("error") is not None:
                yield test, name, "failed"
            elif not owner and tests.get(test) not in GOOD:
                yield test, name, "failed"  # a time-out leaves no mark on its case
            elif case.find("skipped") is not None or case.get("status") == "notrun":
                yield test, name, "skipped"
            else:
                yield test, name, "passed"


def count(build):
    found = {"passed": 0, "failed": 0, "skipped": 0, "flaky": 0}
    told = set()
    again = results_again(build)
    first = list(cases(build, results(build) | again))
    for test, result in again.items():
        if result in GOOD:
            names = {name for owner, name, outcome in first if owner == test and outcome == "failed"}
            print(f"  flaky: {test}", *sorted(names - {test}))
            found["flaky"] += 1
    outcomes = [case for case in first if case[0] not in again]
    if again:
        outcomes += cases(build, again, AGAIN)
    for test, _, outcome in outcomes:
        found[outcome] += 1
        if outcome == "failed":
            told.add(test)
    for test, result in (results(build) | again).items():
        if result not in GOOD and test not in told:
            found["failed"] += 1
            print(f"  {test}: {result}")
    return found


def print_failed(build):
    for test, result in results(build).items():
        if result not in GOOD:
            print(test.split(" / ")[-1].split(":")[-1])


def main():
    if sys.argv[1:2] == ["--failed"]:
        print_failed(sys.argv[2])
        return
    total = {"passed": 0, "failed": 0, "skipped": 0, "flaky": 0}
    for build in sys.argv[1:]:
        try:
            found = count(build)
        except (OSError, ValueError, xml.ParseError) as error:
            print(f"{build}: no readable report: {error}")
            found = {"passed": 0, "failed": 1, "skipped": 0, "flaky": 0}
        if not sum(found.values()):
            print(f"{build}: no test ran")
            found["failed"] = 1
        print(f"{build}: " + ", ".join(f"{number} {what}" for what, number in found.items()))
        for what, number in found.items():
            total[what] += number
    print(*total.values())


if __name__ == "__main__":
    main()
