#!/usr/bin/env python3
"""Writes one copy of a header for each line of a list of slips, and prints the slips' names, separated by semicolons.

Usage: mutate.py HEADER LIST FOLDER; the copy of slip NAME is FOLDER/NAME/HEADER_BELOW_THE_ROOT. A line of LIST is
NAME | WHAT STANDS THERE | WHAT THE SLIP MAKES OF IT.
"""

import sys
from pathlib import Path


def main(header, slips, folder):
    root = Path(__file__).resolve().parents[3]
    text = Path(header).read_text()
    names = []
    for line in Path(slips).read_text().splitlines():
        name, stands, becomes = (part.strip() for part in line.split(" | "))
        if stands not in text:
            sys.exit(f"{slips}: {header} has no \"{stands}\" any more")
        target = Path(folder, name, Path(header).relative_to(root))
        target.parent.mkdir(parents=True, exist_ok=True)
        mutated = text.replace(stands, becomes)
        if not target.exists() or target.read_text() != mutated:
            target.write_text(mutated)
        names.append(name)
    print(";".join(names), end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
