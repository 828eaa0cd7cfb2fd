"""Which source files clang-tidy reads together: most of its time goes into the headers they share.

The build joins the files of one target (cmake/unity.cmake). This joins files of all targets whose compile commands agree
in what decides the meaning of a text, up to a number of lines, by the same rule on names (cmake/unity.py).
"""

import json
import re
import shlex
import sys
from functools import cached_property
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cmake"))
import unity  # noqa: E402

# Words of a compile command that say how code is generated, what is warned about or where output goes; with the number of
# words that follow them.
IRRELEVANT = {"-o": 1, "-c": 1, "-include-pch": 1, "-MF": 1, "-MT": 1, "-MD": 0, "-g": 0, "-fPIC": 0, "-fPIE": 0,
              "-fpch-instantiate-templates": 0, "-w": 0, "-pthread": 0, "-mllvm": 1}
IRRELEVANT_STEMS = re.compile(r"-W|-O|-fsanitize|-fno-sanitize|-mtune=|-fprofile|-fcoverage|-gline|-flto")
# Every program has one of these, and each means the same.
ENTRIES = ("main", "LLVMFuzzerTestOneInput")
TEST_CASE = re.compile(r"\b(?:TYPED_)?TEST(?:_[FP])?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)")
NAMESPACE = re.compile(r"\bnamespace\s+([\w:]+)\s*\{")


class Command:
    """How a file is compiled, as far as it decides what the text means."""

    def __init__(self, words):
        self.folders, self.macros, self.flags = [], {}, []
        words = iter(words[1:])
        for word in words:
            if word in ("-isystem", "-I", "-D"):
                word += next(words)
            if word in IRRELEVANT:
                for _ in range(IRRELEVANT[word]):
                    next(words)
            elif word.startswith(("-isystem", "-I")):
                self.folders.append(word)
            elif word.startswith("-D"):
                name, _, value = word[2:].partition("=")
                self.macros[name] = value
            elif not IRRELEVANT_STEMS.match(word):
                self.flags.append(word)

    @cached_property
    def key(self):
        """What commands of one group share: the flags, folders of changed headers, macros of ours that switch code."""
        own_folders = tuple(folder for folder in self.folders if folder.startswith("-I"))
        switches = tuple(sorted(name for name, value in self.macros.items() if name.startswith("BURI_") and not value))
        return tuple(self.flags), own_folders, switches

    def agrees(self, other):
        """Whether both may stand in one command: no macro has two values."""
        return self.key == other.key and all(other.macros.get(name, value) == value for name, value in self.macros.items())

    def joined(self, other):
        """The command with the folders and macros of both."""
        both = Command([""])
        both.flags = self.flags
        both.folders = list(dict.fromkeys(self.folders + other.folders))
        both.macros = {**self.macros, **other.macros}
        return both

    def words(self):
        """The command's words, without the compiler and the file."""
        folders = [word for folder in self.folders
                   for word in (["-isystem", folder[8:]] if folder.startswith("-isystem") else [folder])]
        macros = [f"-D{name}={value}" if value else f"-D{name}" for name, value in self.macros.items()]
        return self.flags + folders + macros


def commands_by_source(build, root):
    """The command of every source file that the build compiles, alone or in a group; the shortest where there are several."""
    commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = Path(entry["file"])
        joined = []
        if "unity" in file.parts and file.exists():
            joined = re.findall(r'#include "(.+\.cpp)"', file.read_text())
        text = entry["command"]
        command = Command(shlex.split(text) if re.search(r"[\"'\\]", text) else text.split())
        for source in joined or [file]:
            source = (root / source).resolve()
            if source not in commands or len(command.words()) < len(commands[source].words()):
                commands[source] = command
    return commands


class Source:
    """A source file and how it is compiled; its names are looked up when they are needed."""

    def __init__(self, path, command):
        self.path, self.command = path, command

    @cached_property
    def text(self):
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def code(self):
        """The text without comments and literals."""
        return unity.without_text(self.text)

    @cached_property
    def lines(self):
        return self.text.count("\n")

    @cached_property
    def is_alone(self):
        """Whether the file speaks of itself."""
        return bool(re.search(r"\b__FILE__\b|^\s*#\s*pragma\s+clang\s+attribute", self.code, re.M))

    @cached_property
    def entries(self):
        return [entry for entry in ENTRIES if re.search(rf"\b{entry}\s*\(", self.code)]

    @cached_property
    def cases(self):
        """The classes that the file's test cases become."""
        return {f"{suite}_{name}_Test" for suite, name in TEST_CASE.findall(self.code)}

    @cached_property
    def macros(self):
        return set(unity.MACRO.findall(self.code))

    @cached_property
    def own(self):
        """Names that a file of the same namespace cannot have too."""
        return (unity.own_names(self.code) - set(ENTRIES)) | self.cases

    @cached_property
    def words(self):
        """What the file looks up or declares."""
        return set(unity.WORD.findall(self.code)) | self.cases

    @cached_property
    def scopes(self):
        """The namespaces it opens."""
        return {scope for scope in NAMESPACE.findall(self.code) if scope} or {""}

    def sees(self, other):
        """Whether a lookup in this file can reach what the other declares: a namespace of one lies in one of the other."""
        return any(mine == its or mine.startswith(its + "::") or its.startswith(mine + "::") or not its or not mine
                   for mine in self.scopes for its in other.scopes)

    def collides(self, earlier):
        """Whether this file may change its meaning after `earlier` in one compilation."""
        return (not earlier.macros.isdisjoint(self.words)
                or (not earlier.own.isdisjoint(self.words) and self.sees(earlier)))


class Group:
    """Sources that are read together."""

    def __init__(self, source):
        self.sources, self.lines, self.command = [source], source.lines, source.command

    def takes(self, source, line_limit):
        """Whether the source may be read behind those of the group."""
        return (self.lines + source.lines <= line_limit and not source.is_alone and not self.sources[0].is_alone
                and source.command.agrees(self.command) and not any(source.collides(earlier) for earlier in self.sources))

    def add(self, source):
        """Takes the source in."""
        self.sources.append(source)
        self.lines += source.lines
        self.command = self.command.joined(source.command)

    def text(self):
        """The file that includes every source; entries of programs get names of their own.

        Its last line breaks the rule on names on purpose: a reader that does not say so did not come to the end.
        """
        lines = []
        for index, source in enumerate(self.sources):
            lines += [f"#define {entry} {entry}_{index}" for entry in source.entries]
            lines += [f'#include "{source.path}"']
            lines += [f"#undef {entry}" for entry in source.entries]
        return "\n".join(lines) + "\nvoid ReadToTheEnd();\n"


def deal(sources, line_limit):
    """Groups of the sources, none of more lines than `line_limit` unless it is one file; each joins the first that takes it."""
    groups = []
    for source in sources:
        for group in groups:
            if group.takes(source, line_limit):
                group.add(source)
                break
        else:
            groups.append(Group(source))
    return groups
