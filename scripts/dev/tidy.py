#!/usr/bin/env python3
"""Runs clang-tidy over the source files named on standard input, several groups at a time; exit status 1 unless all pass.

Files are read joined in groups (tidy_groups.py), so that the headers they share are read once. What passed is not read
again until the file, a header of the repository that it includes, its compile command or .clang-tidy changed: an empty file
named by the hash of all of that stays in BUILD/tidy/passed. A file that does not compile behind others is read again with
fewer, and at last alone.

Where the headers of clang are (the Debian package libclang-19-dev), clang-tidy loads tidy_scope.cc and walks through our own
declarations only: a group then takes a seventh of the time.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tidy_groups

CLANG_TIDY = "clang-tidy-19"
CLANG_HEADERS = Path("/usr/lib/llvm-19/include")
# A clang-tidy that reads so many lines of ours, behind the headers of all libraries, stays below 3 GB.
LINE_LIMIT = 12000
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.M)
FINDING = re.compile(r"^(/[^:\n]+):\d+:\d+: (?:error|warning): .*\[([\w.,=*-]+)\]$", re.M)


class Texts:
    """The files of the repository, generated ones too, and what they include; nothing outside it is followed."""

    def __init__(self, root):
        self.root, self.digests, self.included, self.resolved = root, {}, {}, {}

    def digest(self, path):
        """The hash of a file's text; reads it once."""
        if path not in self.digests:
            text = path.read_bytes()
            self.digests[path] = hashlib.sha256(text).digest()
            self.included[path] = [name.decode() for name in INCLUDE.findall(text)]
        return self.digests[path]

    def find(self, name, folders):
        """The file of the repository that an include names, or none."""
        key = (name, folders)
        if key not in self.resolved:
            places = (os.path.join(folder, name) for folder in folders)
            self.resolved[key] = next((Path(place) for place in places if os.path.isfile(place)), None)
        return self.resolved[key]

    def closure(self, path, folders):
        """The file and every file of the repository that it includes, directly or not."""
        seen, waiting = {path}, [path]
        while waiting:
            file = waiting.pop()
            self.digest(file)
            for name in self.included[file]:
                found = self.find(name, (str(file.parent), *folders)) if name.startswith(".") else self.find(name, folders)
                if found and found not in seen:
                    seen.add(found)
                    waiting.append(found)
        return seen


def scope_library(folder):
    """The library that tidy_scope.cc makes, built where it is older than its source; none without clang's headers."""
    source, library = Path(__file__).with_name("tidy_scope.cc"), folder / "tidy_scope.so"
    if not all((CLANG_HEADERS / header).exists() for header in ("clang/Frontend/FrontendPluginRegistry.h", "llvm/ADT/StringRef.h")):
        print("clang-tidy: reads the headers of libraries too, which takes seven times as long; install libclang-19-dev")
        return None
    if not library.exists() or library.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["clang++-19", "-std=c++17", "-O1", "-fno-rtti", "-fPIC", "-shared", "-isystem", str(CLANG_HEADERS),
                        str(source), "-o", str(library)], check=True)
    return library


class Reader:
    """Reads groups, remembers which files passed and says what was found, each finding once."""

    def __init__(self, folder, root, rules):
        self.folder, self.root, self.rules = folder, root, rules
        self.texts, self.closures, self.printed = Texts(root), {}, set()
        self.lock, self.groups_read = threading.Lock(), 0
        (folder / "passed").mkdir(parents=True, exist_ok=True)
        library = scope_library(folder)
        self.program = [CLANG_TIDY] + ([f"-load={library}"] if library else [])

    def closure(self, source):
        if source.path not in self.closures:
            folders = (word[8:] if word.startswith("-isystem") else word[2:] for word in source.command.folders)
            own = tuple(folder for folder in folders if Path(folder).is_relative_to(self.root))
            self.closures[source.path] = self.texts.closure(source.path, own)
        return self.closures[source.path]

    def mark(self, source):
        """The file that says that this source passed as it stands."""
        command = "\0".join(source.command.words()).replace(str(self.root), "")
        digest = hashlib.sha256(self.rules + command.encode())
        for path in sorted(self.closure(source)):
            digest.update(str(path.relative_to(self.root)).encode() + b"\0" + self.texts.digest(path))
        return self.folder / "passed" / digest.hexdigest()

    def read(self, name, group):
        """Reads one group. Returns the sources with findings and those that did not compile behind the others."""
        started = time.monotonic()
        joined = self.folder / f"{name}.cpp"
        joined.write_text(group.text())
        # A group includes source files; that is its purpose. Its last line breaks the rule on names (Group.text).
        run = subprocess.run(
            [*self.program, "--quiet", "--warnings-as-errors=*", f"--config-file={self.root / '.clang-tidy'}",
             "--checks=-bugprone-suspicious-include,readability-identifier-naming", str(joined), "--", *group.command.words(), "-w",
             "-ferror-limit=0"], capture_output=True, text=True, cwd=self.root)
        findings = list(FINDING.finditer(run.stdout))
        came_to_the_end = any(finding[1] == str(joined) for finding in findings)
        findings = [finding for finding in findings if finding[1] != str(joined)]
        broken = {os.path.realpath(finding[1]) for finding in findings if finding[2].startswith("clang-diagnostic")}
        found = {os.path.realpath(finding[1]) for finding in findings} - broken
        unread = [source for source in group.sources if self.touches(source, broken)]
        failed = [source for source in group.sources if source not in unread and self.touches(source, found)]
        if not came_to_the_end:
            unread, failed = group.sources, []
            print(run.stderr[-2000:], flush=True)
        for source in group.sources:
            if source not in unread and source not in failed:
                self.mark(source).touch()
        with self.lock:
            self.say(run.stdout, findings, len(group.sources) == 1)
            print(f"{name}: {len(group.sources)} files, {group.lines} lines in {time.monotonic() - started:.0f} s: {len(failed)} with findings, "
                  f"{len(unread)} to be read again", flush=True)
            self.groups_read += 1
        return failed, unread

    def touches(self, source, paths):
        """Whether the source is, or includes, one of these files."""
        return any(str(path) in paths for path in self.closure(source))

    def say(self, output, findings, is_alone):
        """Prints the findings that were not printed before; what does not compile only where a file is read alone."""
        ends = [finding.start() for finding in findings[1:]] + [len(output)]
        for finding, end in zip(findings, ends):
            does_not_compile = finding[2].startswith("clang-diagnostic")
            if finding[0] not in self.printed and (is_alone or not does_not_compile):
                self.printed.add(finding[0])
                print(output[finding.start():end].rstrip(), flush=True)


def read_all(reader, sources, jobs):
    """Reads the sources in rounds, each with smaller groups. Returns those with findings and those that do not compile."""
    failed, round_number, line_limit = [], 0, LINE_LIMIT
    while sources:
        groups = tidy_groups.deal(sources, line_limit)
        named = [(f"group{round_number}_{index}", group) for index, group in enumerate(groups)]
        # The longest first: no process then works alone at the end.
        named.sort(key=lambda item: -item[1].lines)
        print(f"clang-tidy: {len(sources)} files in {len(groups)} groups", flush=True)
        with ThreadPoolExecutor(jobs) as pool:
            results = list(pool.map(lambda item: reader.read(*item), named))
        failed += [source for result in results for source in result[0]]
        unread = [source for result in results for source in result[1]]
        if line_limit == 0:
            return failed, unread
        # A round that left many unread parts them; one that gained nothing reads each file alone.
        line_limit = line_limit // 4 if len(unread) < len(sources) and line_limit > 1000 else 0
        round_number += 1
        sources = unread
    return failed, []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="build folder with compile_commands.json")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="groups at a time")
    arguments = parser.parse_args()
    root, build = Path.cwd().resolve(), arguments.build.resolve()
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, check=True).stdout
    reader = Reader(build / "tidy", root, version + Path(".clang-tidy").read_bytes())
    commands = tidy_groups.commands_by_source(build, root)
    paths = [(root / line).resolve() for line in sys.stdin.read().splitlines()]
    strangers = [path for path in paths if path not in commands]
    sources = [tidy_groups.Source(path, commands[path]) for path in paths if path in commands]
    waiting = [source for source in sources if not reader.mark(source).exists()]
    failed, unread = read_all(reader, waiting, arguments.jobs)
    for path in strangers:
        print(f"{path}: the build does not compile this file; name it in a CMakeLists.txt or remove it")
    for source in unread:
        print(f"{source.path}: does not compile, so that clang-tidy could not read it")
    bad = len(failed) + len(unread) + len(strangers)
    print(f"clang-tidy: {len(paths) - bad} of {len(paths)} files pass, {len(sources) - len(waiting)} of them had passed before; "
          f"{reader.groups_read} groups read, {len(failed)} files with findings, {len(unread) + len(strangers)} unread")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
