#!/usr/bin/env python3
"""Which files of the repository are ours to check. As a program: prints the source files, one a line."""

import os
import sys
from pathlib import Path

SOURCE_SUFFIXES = (".cpp", ".hpp", ".cu", ".cuh", ".h")
NOT_OURS = {"build", "__pycache__"}


def files(root, suffixes=None):
    """Paths relative to `root`, sorted, of the files with one of the suffixes (all files if none is given).

    Build output and hidden folders other than .ci are left out.
    """
    found = []
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [
            name for name in subfolders
            if name not in NOT_OURS and (not name.startswith(".") or name == ".ci")]
        for name in names:
            path = Path(folder, name).relative_to(root)
            if suffixes is None or path.suffix in suffixes:
                found.append(path)
    return sorted(found)


def lines(root, path):
    """The numbered lines of a text file, from 1."""
    text = Path(root, path).read_text(encoding="utf-8", errors="replace")
    return list(enumerate(text.splitlines(), start=1))


def report(check):
    """Runs `check` on the repository that holds this file, prints its problems; the exit status of a checker."""
    problems = check(Path(__file__).resolve().parents[2])
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    for source in files(Path(__file__).resolve().parents[2], tuple(sys.argv[1:]) or SOURCE_SUFFIXES):
        print(source)
