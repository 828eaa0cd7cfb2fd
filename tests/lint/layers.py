#!/usr/bin/env python3
"""Holds every #include against .ci/layers.txt.

The file has lines `FROM -> TO` and `public FOLDER`; `#` begins a comment.
- A room is any folder that an edge names. A file belongs to the room with the longest matching folder.
- Including from the own room is free; anything else needs an edge from the file's room to the included file's room.
  FROM may also be a file or a pattern of files (`accel/engine*`): then the edge holds for these files alone.
- The folder of a room is public, the folders below it are private to the room, except `public` ones.
- Includes of our files are full paths from the root, in quotes. Tests may include everything, nothing may include tests.
"""

import fnmatch
import re
import sys
from pathlib import Path

import sources

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
EDGE = re.compile(r"^(\S+)\s*->\s*(\S+)$")


class Rules:
    """The parsed layers file."""

    def __init__(self, text):
        self.edges = set()
        self.file_edges = []  # (pattern of files, room)
        self.public = []
        for number, line in enumerate(text.splitlines(), start=1):
            line = line.split("#")[0].strip()
            edge = EDGE.match(line)
            if edge and re.search(r"[*.]", edge[1]):
                self.file_edges.append((edge[1], edge[2]))
            elif edge:
                self.edges.add((edge[1], edge[2]))
            elif line.startswith("public "):
                self.public.append(line.split()[1])
            elif line:
                raise ValueError(f"layers file, line {number}: neither an edge nor a public folder: {line}")
        self.rooms = {room for edge in self.edges for room in edge} | {room for _, room in self.file_edges}

    def room_of(self, path):
        """The room a file belongs to; None if no edge names a folder above it."""
        above = [room for room in self.rooms if path.startswith(room + "/")]
        return max(above, key=len, default=None)

    def may_include(self, source, target):
        """None if `source` may include `target`, else the sentence that says why not."""
        room, target_room = self.room_of(source), self.room_of(target)
        if target.startswith("tests/"):
            return "product code includes a test's file"
        if room is None or target_room is None:
            return f"{source if room is None else target} is in no room that the layers file names"
        if room == target_room:
            return None
        by_name = any(fnmatch.fnmatch(source, pattern) and to == target_room for pattern, to in self.file_edges)
        if not by_name and (room, target_room) not in self.edges:
            return f"there is no edge {room} -> {target_room}"
        folder = str(Path(target).parent)
        if folder != target_room and not any((folder + "/").startswith(p + "/") for p in self.public):
            return f"{folder} is private to {target_room}"
        return None


def includes(root, path):
    """(line number, '<' or '"', path) of every include directive of a file."""
    for number, line in sources.lines(root, path):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1], match[2]


def check(root, rules):
    """One line per include that breaks a rule."""
    ours = {str(path) for path in sources.files(root, sources.SOURCE_SUFFIXES)}
    problems = []
    for path in sorted(ours):
        is_test = path.startswith("tests/")
        for number, bracket, target in includes(root, path):
            reason = None
            if target in ours:
                if bracket == "<":
                    reason = "our own files are included in quotes"
                elif not is_test:
                    reason = rules.may_include(path, target)
            elif str(Path(path).parent / target) in ours or target.startswith("."):
                reason = "includes are full paths from the root"
            if reason:
                problems.append(f'{path}:{number}: "{target}": {reason}')
    return problems


if __name__ == "__main__":
    sys.exit(sources.report(lambda root: check(root, Rules((root / ".ci/layers.txt").read_text()))))
