#!/usr/bin/env python3
"""Keeps unfinished work and CUDA types out of places where they do not belong.

No file outside tests/lint says TODO, FIXME, XXX or HACK. CUDA's own types and functions (cudaError_t, CUdevice, its headers)
stand only in .cu and .cuh files, except in tests/ptx, which plays the CUDA runtime.
"""

import re
import sys

import sources

TEXT_SUFFIXES = sources.SOURCE_SUFFIXES + (".py", ".sh", ".cmake", ".txt", ".md", ".json", "")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
CUDA_NAME = re.compile(r"\b(cuda[A-Z]\w*|CU[a-z]\w+|CUDA_\w+)\b|<cuda\w*\.h>")
COMMENT_OR_TEXT = re.compile(r'//.*|"(?:\\.|[^"\\])*"')


def unfinished_words(root):
    for path in sources.files(root, TEXT_SUFFIXES):
        if str(path).startswith(("tests/lint/", "tests/golden/")) or path.name == "LICENSE":
            continue
        for number, line in sources.lines(root, path):
            word = UNFINISHED.search(line)
            if word:
                yield f"{path}:{number}: {word[0]}: finish it or write it down as an issue"


def cuda_names(root):
    for path in sources.files(root, (".cpp", ".hpp", ".h")):
        if str(path).startswith("tests/ptx/"):
            continue
        for number, line in sources.lines(root, path):
            name = CUDA_NAME.search(COMMENT_OR_TEXT.sub("", line))
            if name:
                yield f"{path}:{number}: {name[0]}: CUDA's names stay in .cu and .cuh files"


def check(root):
    """One line per word in the wrong place."""
    return [*unfinished_words(root), *cuda_names(root)]


if __name__ == "__main__":
    sys.exit(sources.report(check))
