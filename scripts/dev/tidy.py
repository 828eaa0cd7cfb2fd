#!/usr/bin/env python3
"""Runs clang-tidy over the source files named on standard input, several at a time; exit status 1 if it finds anything.

Files are read as the build compiles them: joined in groups (cmake/unity.cmake), so that the headers they share are read
once. What passed is not checked again until its text after preprocessing, its compile command or .clang-tidy changes: an
empty file named by their hash stays in BUILD/tidy/passed.
"""

import argparse
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CLANG_TIDY = "clang-tidy-19"


def plain_database(build):
    """A folder whose compile commands are those of the build without precompiled headers: a file is read as it stands."""
    entries = json.loads((build / "compile_commands.json").read_text())
    for entry in entries:
        entry["command"] = re.sub(r"-Winvalid-pch -include-pch \S+ ", "", entry["command"])
    folder = build / "tidy"
    folder.mkdir(exist_ok=True)
    (folder / "compile_commands.json").write_text(json.dumps(entries))
    return folder


def commands_by_file(database):
    """The compile commands of every file of the database, with the folder they run in."""
    commands = {}
    for entry in json.loads((database / "compile_commands.json").read_text()):
        commands.setdefault(entry["file"], []).append((entry["directory"], entry["command"]))
    return commands


def unit_by_source(commands):
    """What is compiled for each source file: itself, or the group that includes it."""
    units = {}
    for unit in commands:
        path = Path(unit)
        joined = re.findall(r'#include "(.+\.cpp)"', path.read_text()) if "unity" in path.parts else []
        for source in joined or [unit]:
            units[str(Path(source).resolve())] = unit
    return units


def preprocessed(directory, command):
    """What the compiler reads, comments included: they may switch checks off. Nothing if it cannot be made."""
    words = shlex.split(command)
    output = words.index("-o")
    run = subprocess.run(words[:output] + words[output + 2:] + ["-E", "-C"], cwd=directory, capture_output=True)
    return run.stdout if run.returncode == 0 else None


def fingerprint(commands, rules):
    """The name under which a pass is remembered; nothing where the build does not tell how the file is compiled."""
    digest = hashlib.sha256(rules)
    for directory, command in commands:
        text = preprocessed(directory, command)
        if text is None:
            return None
        digest.update(command.encode() + b"\0" + text)
    return digest.hexdigest() if commands else None


def check(unit, commands, rules, database):
    """Whether the file or group passes; prints what clang-tidy finds."""
    name = fingerprint(commands.get(unit, []), rules)
    passed = database / "passed" / name if name else None
    if passed and passed.exists():
        return True
    # A group includes source files; that is its purpose.
    run = subprocess.run([CLANG_TIDY, "-p", database, "--quiet", "--warnings-as-errors=*", "--checks=-bugprone-suspicious-include", unit],
                         capture_output=True, text=True)
    if run.returncode != 0:
        print(run.stdout or run.stderr, flush=True)
    elif passed:
        passed.touch()
    return run.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="build folder with compile_commands.json")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="files at a time")
    arguments = parser.parse_args()
    database = plain_database(arguments.build)
    (database / "passed").mkdir(exist_ok=True)
    rules = subprocess.run([CLANG_TIDY, "--version"], capture_output=True).stdout + Path(".clang-tidy").read_bytes()
    commands = commands_by_file(database)
    units = unit_by_source(commands)
    sources = [str(Path(line).resolve()) for line in sys.stdin.read().splitlines()]
    chosen = sorted({units.get(source, source) for source in sources})
    with ThreadPoolExecutor(arguments.jobs) as pool:
        verdicts = list(pool.map(lambda unit: check(unit, commands, rules, database), chosen))
    print(f"clang-tidy: {verdicts.count(True)} of {len(verdicts)} compilations of {len(sources)} files pass")
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
