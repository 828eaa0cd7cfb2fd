#!/usr/bin/env python3
"""Counts test cases over the result folders that `./dev test` filled, lists failures and skips, prints the verdict.

A folder holds ctest.junit and, per GoogleTest program, NAME.xml. A program counts by its cases, any other test as one;
a program that failed without a failed case (it crashed, or a sanitizer spoke at its end) counts as one failure more.
"""

import argparse
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


class Tally:
    """Passed, failed and skipped cases; the latter two with a line each."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add_cases(self, results, where):
        """Adds the cases of one GoogleTest result file; returns whether one of them failed."""
        before = len(self.failed)
        for case in ElementTree.parse(results).getroot().iter("testcase"):
            name = f"{where}: {case.get('classname')}.{case.get('name')}"
            skip = case.find("skipped")
            if case.find("failure") is not None:
                self.failed.append(name)
            elif skip is not None:
                self.skipped.append(f"{name}: {reason_of(skip)}")
            elif case.get("status") == "run":
                self.passed += 1
        return len(self.failed) > before

    def add_test(self, test, folder):
        """Adds one test of ctest's list."""
        where = f"{folder.parent.name}: {test.get('name')}"
        cases = folder / f"{test.get('name')}.xml"
        failed = test.get("status") == "fail"
        try:
            if cases.exists():
                if not self.add_cases(cases, where) and failed:
                    self.failed.append(f"{where}: failed outside its cases")
                return
        except ElementTree.ParseError:  # it died while writing
            failed = True
        if failed:
            self.failed.append(where)
        elif test.get("status") == "run":
            self.passed += 1
        else:
            self.skipped.append(f"{where}: {reason_of(test.find('skipped'))}")


def reason_of(skip):
    """The reason that a <skipped> element gives: GoogleTest's message is `file:line` and text."""
    if skip is None:
        return "not run"
    lines = (skip.get("message") or skip.text or "no reason given").strip().splitlines()
    return " ".join(line for line in lines[1:] if line.strip()) or lines[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broken", nargs="*", default=[], help="steps that failed as a whole")
    parser.add_argument("--results", nargs="*", default=[], type=Path, help="folders with results")
    arguments = parser.parse_args()
    tally = Tally()
    tally.failed.extend(arguments.broken)
    for folder in arguments.results:
        junit = folder / "ctest.junit"
        if not junit.exists():
            tally.failed.append(f"{folder.parent.name}: ctest left no results")
            continue
        for test in ElementTree.parse(junit).getroot().iter("testcase"):
            tally.add_test(test, folder)
    for line in tally.skipped:
        print(f"skipped  {line}")
    for line in tally.failed:
        print(f"FAILED   {line}")
    print(f"{tally.passed} passed, {len(tally.failed)} failed, {len(tally.skipped)} skipped")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
