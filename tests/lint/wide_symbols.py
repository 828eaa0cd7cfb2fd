#!/usr/bin/env python3
"""Objects built for wider instructions than the baseline share no inline function with portable ones.

A linker keeps one copy of a weak function. If that is the copy from an object with, say, -mavx512f, the portable code that
calls it dies on a machine without AVX-512. So such an object may define weak functions of its own namespace only, and
instances of accel/vector's templates over its own registers, which no other object has.
Usage: wide_symbols.py BUILD_FOLDER (a built release preset).
"""

import json
import re
import subprocess
import sys
from pathlib import Path

WIDE_FLAG = re.compile(r"\s-m(avx|bmi|adx|sha|aes|fma|vaes|gfni|lzcnt|movbe|arch=x86-64-v[34]|arch=native)")
OUTPUT = re.compile(r" -o (\S+)")
ROOM = re.compile(r"(accel/(\w+))/")
WEAK = re.compile(r"^[0-9a-f]* *[WVu] (.*)$")


def shared_symbols(room, symbols):
    """The weak symbols, as `llvm-nm --demangle` prints them, that are not of the namespace of `room` ("avx512")."""
    weak = [match[1] for match in map(WEAK.match, symbols) if match]
    own = re.compile(rf"([\w:<>, ]+ )?buri::accel::({room}::|vector::[^(]*\bburi::accel::{room}::Lanes\b)")
    return [name for name in weak if not own.match(name)]


def check(build):
    """One line per shared weak symbol of an object with wide flags."""
    problems = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        room = ROOM.search(entry["file"])
        if not room or not WIDE_FLAG.search(entry["command"]):
            continue
        output = OUTPUT.search(entry["command"])[1]
        listing = subprocess.run(
            ["llvm-nm-19", "--demangle", "--defined-only", Path(entry["directory"], output)],
            capture_output=True, text=True, check=True)
        problems += [f"{output}: weak: {name}" for name in shared_symbols(room[2], listing.stdout.splitlines())]
    return problems


if __name__ == "__main__":
    found = check(Path(sys.argv[1]))
    print("\n".join(found))
    sys.exit(1 if found else 0)
