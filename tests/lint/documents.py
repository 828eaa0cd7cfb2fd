#!/usr/bin/env python3
"""Keeps the documents true: what they name exists.

- Links to files, and `code` that reads as a path into the repository, lead to something (`*` is a pattern), if only to a
  room that .ci/layers.txt has laid out for later.
- `code` that reads as a C++ or script name (`Engine::recover`, `from_hex()`, `BURI_CUDA`) occurs in a file of ours.
- Every `./dev VERB` is a verb, and every `--option` behind it stands in that verb's help or in a program of ours.
- Notes on where golden data came from (tests/golden) speak of other repositories and are left out.
- docs/dependencies.md explains exactly the packages that scripts/packages.txt installs.
"""

import re
import sys
from pathlib import Path

import sources

CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"\./dev ([a-z]+)([^`\n#|<>]*)")
OPTION = re.compile(r"--[a-z][a-z-]*")
NAME = re.compile(r"[A-Za-z_]\w*(?:::\w+)*(?:\(\))?")
MARKS_A_NAME = re.compile(r"::|\(\)|_|[a-z][A-Z]")
FILE_SUFFIX = re.compile(r"\.(cpp|hpp|cu|cuh|h|md|txt|sh|py|json|cmake)$")
# Paths that exist only after a build or beside a checkout.
ELSEWHERE = ("build/", ".cache/", "/", "../", "~")
PACKAGE_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def names_a_path(code, root):
    """Whether the code reads as a path of the repository."""
    if " " in code or code.startswith(ELSEWHERE) or not re.fullmatch(r"[\w./*+-]+", code):
        return False
    if code.startswith(".") and "/" not in code:  # a bare suffix
        return False
    top = code.split("/")[0]
    return bool(FILE_SUFFIX.search(code)) or ("/" in code and (root / top).exists())


def name_in(code):
    """The last part of a qualified name if the code reads as one, else None; a lone lower-case word is no name."""
    if not NAME.fullmatch(code) or not MARKS_A_NAME.search(code):
        return None
    return code.removesuffix("()").split("::")[-1]


def path_exists(code, root, beside):
    """Whether the path leads to something from the root or the document's own folder, or is a room of the layers."""
    pattern = code.rstrip("/")
    rooms = root / ".ci/layers.txt"
    if rooms.exists() and re.search(rf"(^| ){re.escape(pattern)}( |$)", rooms.read_text(), re.MULTILINE):
        return True
    return any(any(folder.glob(pattern)) for folder in (root, beside))


def words_of(root):
    """Every word of our sources, scripts and build files."""
    words = set()
    for path in sources.files(root):
        if path.suffix in sources.SOURCE_SUFFIXES + (".sh", ".py", ".txt", ".cmake") or path.name == "dev":
            words.update(re.findall(r"\w+", (root / path).read_text(encoding="utf-8", errors="replace")))
    return words


def options_of(root, verb):
    """The options that a verb, or a program it hands its arguments to, knows."""
    texts = [(root / "scripts/dev" / f"{verb}.sh").read_text()]
    if verb in ("run", "bench"):
        texts += [(root / path).read_text() for path in sources.files(root, (".cpp",))]
    return set(OPTION.findall("\n".join(texts)))


def check_document(root, path, words):
    for number, line in sources.lines(root, path):
        where = f"{path}:{number}"
        for link in LINK.findall(line):
            if "://" not in link and not (root / path.parent / link).exists():
                yield f"{where}: the link {link} leads nowhere"
        for code in CODE.findall(line):
            name = name_in(code)
            if names_a_path(code, root):
                if not path_exists(code, root, root / path.parent):
                    yield f"{where}: there is no file or folder {code}"
            elif name and name not in words:
                yield f"{where}: no file of ours says {name}"
        for verb, rest in COMMAND.findall(line):
            if not (root / "scripts/dev" / f"{verb}.sh").exists():
                yield f"{where}: ./dev has no verb {verb}"
                continue
            for option in sorted(set(OPTION.findall(rest)) - options_of(root, verb) - {"--help"}):
                yield f"{where}: ./dev {verb} knows no {option}"


def check_packages(root):
    installed = {line for _, line in sources.lines(root, "scripts/packages.txt") if line and not line.startswith("#")}
    explained = set(PACKAGE_ROW.findall((root / "docs/dependencies.md").read_text()))
    for package in sorted(installed - explained):
        yield f"docs/dependencies.md: says nothing of {package}, which scripts/packages.txt installs"
    for package in sorted(explained - installed):
        yield f"docs/dependencies.md: explains {package}, which scripts/packages.txt does not install"


def check(root):
    """One line per thing that a document names and nothing is."""
    words = words_of(root)
    problems = list(check_packages(root))
    for path in sources.files(root, (".md",)):
        if not str(path).startswith("tests/golden/"):
            problems.extend(check_document(root, Path(path), words))
    return problems


if __name__ == "__main__":
    sys.exit(sources.report(check))
