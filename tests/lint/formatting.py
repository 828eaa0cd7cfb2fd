#!/usr/bin/env python3
"""Checks that clang-format would change nothing; `./dev fmt` makes it so."""

import os
import subprocess
import sys

import sources


def check(root):
    """One line per place that clang-format would lay out otherwise."""
    paths = [str(path) for path in sources.files(root, sources.SOURCE_SUFFIXES)]
    share = len(paths) // (os.cpu_count() or 1) + 1
    runs = [
        subprocess.Popen(["clang-format-19", "--dry-run", "--Werror", *paths[first:first + share]],
                         cwd=root, stderr=subprocess.PIPE, text=True)
        for first in range(0, len(paths), share)
    ]
    return [line for run in runs for line in run.communicate()[1].splitlines() if ": error:" in line]


if __name__ == "__main__":
    sys.exit(sources.report(check))
