#!/usr/bin/env python3
"""Deals the source files of one target to groups that are compiled as one file each (cmake/unity.cmake).

usage: unity.py ROOT SIZE FILE...

Prints one line a group: its files, relative to ROOT, joined by '|'. A file joins a group only if it neither declares nor
looks up a name that an earlier file keeps to itself (anonymous namespace, static, macro): joined, they mean what they mean
apart. What a rule on text misses fails to compile, with a name declared twice or ambiguous: rename one of the two.
"""

import os
import re
import sys

TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^()\\ ]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
# A name that is looked up, not a member's or one that says its namespace.
WORD = re.compile(r"(?<![\w.:])(?<!->)[A-Za-z_]\w*")
MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.M)
TYPE = re.compile(r"\b(?:struct|class|union|enum(?:\s+class)?|concept|using)\s+(?:\[\[.*?\]\]\s*|alignas\(\w+\)\s*)?(\w+)")
FUNCTION = re.compile(r"(~?\w+|operator\S+)\s*\(")
VARIABLE = re.compile(r"(\w+)\s*(?:\[[^\]]*\]\s*)*(?:=|;|\{|$)")
STATIC = re.compile(r"\s*(?:\[\[\w+\]\]\s*)?static\b")
OPENING = re.compile(r"\b(inline\s+)?namespace\b\s*([\w:]*)\s*$")
# A using-declaration or the alias of a namespace may stand twice.
REPEATABLE = re.compile(r"\s*(?:using\s+(?:typename\s+)?[\w:]+\s*$|namespace\b|using\s+namespace\b)")
# What may never be joined: a file that speaks of itself or of what was included before it.
ALONE = re.compile(r"\b__FILE__\b|\bint\s+main\s*\(|^\s*#\s*pragma\s+clang\s+attribute|^\s*#\s*undef", re.M)
SKIPPED = {"template", "if", "static_assert", "requires", "decltype", "alignas", "noexcept", "constexpr", "TEST", "TEST_F",
           "TEST_P", "TYPED_TEST", "INSTANTIATE_TEST_SUITE_P", "TYPED_TEST_SUITE"}


def without_text(source):
    """The source without comments and literals."""
    return TOKENS.sub(lambda match: " " if match.group().startswith("/") else '""', source)


def declared_name(statement):
    """The name that a declaration at namespace scope introduces, or none."""
    statement = re.sub(r"^\s*template\s*<", "<", statement.strip())
    if statement.startswith("<"):
        depth = 0
        for index, letter in enumerate(statement):
            depth += (letter == "<") - (letter == ">")
            if depth == 0:
                statement = statement[index + 1:]
                break
    kind = TYPE.match(statement.strip())
    if kind:
        return kind.group(1)
    head = statement.split("=")[0]
    for function in FUNCTION.finditer(head):
        if function.group(1) not in SKIPPED:
            return function.group(1)
    variable = VARIABLE.search(statement)
    return variable.group(1) if variable else None


def own_names(code):
    """Names of a file that other files cannot see: its macros, and what its anonymous namespaces and statics declare."""
    names = set(MACRO.findall(code))
    code = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", "", code, flags=re.M)
    scopes, start, depth = [], 0, 0
    for mark in re.finditer(r"[{};]", code):
        sign, end = mark.group(), mark.end()
        if depth:
            depth += (sign == "{") - (sign == "}")
        elif sign == "}":
            scopes.pop()
        else:
            statement = code[start:end - 1]
            opening = OPENING.search(statement) if sign == "{" else None
            if opening:
                scopes.append(opening.group(2))
            else:
                note(names, scopes, statement)
                depth = sign == "{"
        if not depth or sign == "{":
            start = end
    return names


def note(names, scopes, statement):
    """Adds what `statement` declares, if other files cannot see it."""
    is_private = "" in scopes or STATIC.match(statement)
    if not is_private or not statement.strip() or REPEATABLE.match(statement):
        return
    declared = declared_name(statement)
    if declared:
        names.add(declared)


class SourceFile:
    """A file and its names."""

    def __init__(self, root, path):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            code = without_text(file.read())
        self.path, self.is_alone = path, bool(ALONE.search(code))
        self.own, self.words = own_names(code), set(WORD.findall(code))

    def may_follow(self, earlier):
        """Whether this file keeps its meaning after `earlier` in one compilation."""
        return not any(name in self.own or name in self.words for name in earlier.own)


def deal(root, size, paths):
    """The groups, as lists of source files, in the order of their first files."""
    groups = []
    for file in (SourceFile(root, path) for path in paths):
        for group in groups:
            if (len(group) < size and not group[0].is_alone and not file.is_alone
                    and all(file.may_follow(earlier) for earlier in group)):
                group.append(file)
                break
        else:
            groups.append([file])
    return groups


def main():
    root, size, paths = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    for group in deal(root, size, paths):
        print("|".join(file.path for file in group))


if __name__ == "__main__":
    main()
