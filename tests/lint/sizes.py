#!/usr/bin/env python3
"""Keeps files under 400 lines and functions under 60.

What is longer stands in tests/lint/size_exceptions.txt with its own limit, at most 800 lines and 70, and a reason:
`PATH LIMIT REASON` or `PATH:FUNCTION LIMIT REASON`, the function as its definition spells it without spaces. An exception that is no longer needed is a problem, too.
Function lengths rely on clang-format's layout: a body ends where a brace stands at its first line's indentation.
"""

import re
import sys

import sources

FILE_SOFT, FILE_HARD = 400, 800
FUNCTION_SOFT, FUNCTION_HARD = 60, 70
NAME = re.compile(r"(TEST\w*\([^)]*\)|[A-Za-z_~][\w:~]*|operator\S+)\s*(?:\(|\{$)")
NO_FUNCTION = re.compile(r"(namespace|struct|class|enum|union|extern|if|for|while|switch|else|do|return|case)\b")
# A line after which no function's header goes on.
HEADER_ENDS = re.compile(r"^\s*(#|//|template <|$)|[;}:\\]$")


def functions(numbered_lines):
    """(name, first line, length) of every function with a body of several lines."""
    found = []
    header = []  # the lines since the last one that ended a header
    body_end = None
    for number, line in numbered_lines:
        if body_end:
            if line.startswith(body_end):
                found.append((name, first, number - first + 1))
                body_end, header = None, []
            continue
        header.append((number, line))
        text = " ".join(part.strip() for _, part in header)
        match = NAME.search(text)
        if line.endswith("{") and match and not NO_FUNCTION.match(text):
            first, first_line = header[0]
            body_end = re.match(r"\s*", first_line)[0] + "}"
            name = match[1]
        elif line.endswith("{") or HEADER_ENDS.search(line):
            header = []
    return found


def parse_exceptions(text):
    """{name: limit} of the exceptions file."""
    limits = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, limit, reason = line.split(None, 2)
            assert reason
            limits[name] = int(limit)
    return limits


def measure(root):
    """(name, place, lines, soft limit, hard limit) of every file and function."""
    for path in sources.files(root, sources.SOURCE_SUFFIXES + (".py", ".sh")):
        numbered = sources.lines(root, path)
        yield str(path), str(path), len(numbered), FILE_SOFT, FILE_HARD
        if path.suffix in sources.SOURCE_SUFFIXES:
            for name, line, length in functions(numbered):
                yield f"{path}:{name.replace(' ', '')}", f"{path}:{line}: {name}", length, FUNCTION_SOFT, FUNCTION_HARD


def check(root, exceptions):
    """One line per file or function that is too long, and per exception that nothing needs."""
    problems = []
    needed = set()
    for name, place, length, soft, hard in measure(root):
        if length <= soft:
            continue
        needed.add(name)
        limit = min(exceptions.get(name, soft), hard)
        if length > limit:
            problems.append(f"{place}: {length} lines, at most {limit} are allowed")
    for name in sorted(set(exceptions) - needed):
        problems.append(f"tests/lint/size_exceptions.txt: {name} needs no exception")
    return problems


if __name__ == "__main__":
    sys.exit(sources.report(
        lambda root: check(root, parse_exceptions((root / "tests/lint/size_exceptions.txt").read_text()))))
