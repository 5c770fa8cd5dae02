#!/usr/bin/env python3
"""Reads the exercise markers, and reports what is wrong with them.

    tools/markers.py            all files of the tree; also checks that the list
                                of exercises, the sources and the pages agree
    tools/markers.py FILE...    only these files

A marker is a comment line of its own: an at sign and one of WORDS, then the
exercise's id or, for a stub, its text. Only the kinds of files with a leader
below can hold markers.

A file with exercises is the student's, and no update replaces it. So it holds
exercises of one lab and nothing else that may have to change: includes, the
functions around the exercises, comments, and at most LOOSE other lines of code.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import (Dict, FrozenSet, Iterable, Iterator, List, NamedTuple,
                    Optional, Tuple)

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from exercises import ID, LIST, Exercise, TreeError, load_exercises

# The words are put together here, so that this file contains no marker.
SOLUTION, STUB, END, STAFF = "solution", "stub", "end", "staff"
WORDS = (SOLUTION, STUB, END, STAFF)
ANY_WORD = re.compile(r"@(?:" + "|".join(WORDS) + r")\b", re.IGNORECASE)
# A mistyped word: this is written only to open or close a region.
LIKE_MARKER = re.compile(r"@\w*\s+lab\d+\.\w")
LEADERS = {".c": ("//", ""), ".h": ("//", ""), ".S": ("//", ""),
           ".py": ("#", ""), ".sh": ("#", ""), ".mk": ("#", ""),
           ".ld": ("/*", "*/")}
MAKEFILES = ("GNUmakefile", "Makefile")
# The most lines of code outside the exercises of a file: room for declarations,
# but not for a function.
LOOSE = 4
EXERCISES = LIST
MarkerError = TreeError


class Problem(NamedTuple):
    """Something wrong, at a line of a file (0: with the whole file)."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.what}"


class Marker(NamedTuple):
    """A parsed marker line."""

    line: int
    indent: str
    word: str
    text: str


@dataclass
class Region:
    """The lines from an opening marker to its end marker, inclusive.

    Lines are numbered from 1. `stubs` has the text of each stub line, None
    for bare ones; without any stub line, the stub is TODO().
    """

    path: str
    word: str
    id: str
    first: int
    indent: str
    last: int = 0
    body: List[str] = field(default_factory=list)
    stubs: List[Optional[str]] = field(default_factory=list)


def leader_of(path: str) -> Optional[Tuple[str, str]]:
    """How a comment line of this kind of file starts and ends, if known."""
    name = path.rsplit("/", 1)[-1]
    if name in MAKEFILES:
        return ("#", "")
    return LEADERS.get(name[name.rfind("."):]) if "." in name else None


class Parser:
    """Reads the regions of files, one file after the other.

    Problems are collected, not raised, so that one run reports all of them.
    The regions of a file with problems must not be used.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)
        self.problems: List[Problem] = []
        self.solutions: Dict[str, Region] = {}
        self._path = ""
        self._open: Optional[Region] = None

    def parse(self, path: str, text: str) -> List[Region]:
        """The regions of the file `path`, in order."""
        self._path = path
        self._open = None
        regions: List[Region] = []
        # Only "\n" ends a line: splitlines() would also split at form feeds,
        # and the line numbers would differ from an editor's.
        for number, line in enumerate(text.split("\n"), 1):
            marker = self._marker(number, line)
            if marker is not None:
                self._take(marker, regions)
            elif self._open is not None:
                self._text(number, line)
        if self._open is not None:
            self._bad(self._open.first,
                      f"@{self._open.word} {self._open.id} is never closed")
        return regions

    def _bad(self, line: int, what: str) -> None:
        self.problems.append(Problem(self._path, line, what))

    def _marker(self, number: int, line: str) -> Optional[Marker]:
        """The marker on this line, or None. A marker word on a line that is
        not a marker is a problem."""
        if "@" not in line:
            return None
        leader = leader_of(self._path)
        if leader is not None:
            match = re.fullmatch(
                r"(\s*)" + re.escape(leader[0]) + r"[ \t]*@(\w+)"
                r"(?:[ \t](.*?))??[ \t]*" + re.escape(leader[1]) + r"\s*",
                line)
            if match and match[2] in WORDS:
                text = match[3] or ""
                if not ANY_WORD.search(text):
                    return Marker(number, match[1], match[2], text)
                self._bad(number, "two markers on one line")
                return None
        found = ANY_WORD.search(line)
        if found:
            self._bad(number, f"{found[0]} is not a marker here; a marker "
                      "is a comment line of its own" if leader else
                      f"{found[0]} in a file that can have no markers")
        elif leader is not None and LIKE_MARKER.search(line):
            word = LIKE_MARKER.findall(line)[0].split()[0]
            self._bad(number, f"{word} is not a marker word")
        return None

    def _take(self, marker: Marker, regions: List[Region]) -> None:
        """Handles a marker."""
        if marker.word in (SOLUTION, STAFF):
            self._start(marker)
        elif self._open is None:
            self._bad(marker.line, f"stray @{marker.word}: nothing is open")
        elif marker.word == STUB:
            self._stub(marker, self._open)
        else:
            self._finish(marker, self._open)
            regions.append(self._open)
            self._open = None

    def _start(self, marker: Marker) -> None:
        """Opens a region."""
        region = Region(self._path, marker.word, marker.text.strip(),
                        marker.line, marker.indent)
        if self._open is not None:
            self._bad(marker.line, f"@{marker.word} {region.id} inside "
                      f"@{self._open.word} {self._open.id}, open since line "
                      f"{self._open.first}")
            return
        self._open = region
        if not ID.fullmatch(region.id):
            self._bad(marker.line, f"@{marker.word} {region.id!r}: not an id "
                      "of the form labN.name")
        elif region.id not in self.known:
            self._bad(marker.line, f"@{marker.word} {region.id}: no such "
                      f"exercise in {EXERCISES}")
        elif marker.word == SOLUTION:
            first = self.solutions.setdefault(region.id, region)
            if first is not region:
                self._bad(marker.line, f"@{SOLUTION} {region.id} is there "
                          f"already, at {first.path}:{first.first}")

    def _stub(self, marker: Marker, region: Region) -> None:
        """Adds a stub line to the open region."""
        if region.word != SOLUTION:
            self._bad(marker.line, f"@{STUB} in a @{region.word} region")
        region.stubs.append(marker.text.rstrip() or None)

    def _text(self, number: int, line: str) -> None:
        """Adds a line that is not a marker to the open region."""
        region = self._open
        assert region is not None
        if region.stubs:
            self._bad(number, f"text after @{STUB} in {region.id}; stub "
                      "lines come last")
        region.body.append(line)

    def _finish(self, marker: Marker, region: Region) -> None:
        """Closes the open region."""
        region.last = marker.line
        ident = marker.text.strip()
        if ident != region.id:
            self._bad(marker.line, f"@{END} {ident} closes @{region.word} "
                      f"{region.id} of line {region.first}")
        if region.word != SOLUTION:
            return
        if not any(line.strip() for line in region.body):
            self._bad(region.first, f"@{SOLUTION} {region.id} is empty")
        if not region.stubs and not region.path.endswith(".c"):
            self._bad(region.first, f"@{SOLUTION} {region.id} needs @{STUB}: "
                      "TODO() is for .c files only")


# --------------------------------------------------------------
# What else a file with exercises holds
# --------------------------------------------------------------


COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
                     r"|(?P<note>//[^\n]*|/\*.*?(?:\*/|\Z))", re.DOTALL)


def without_comments(text: str) -> List[str]:
    """The lines of C or assembly without comments and quoted text."""
    return COMMENT.sub(
        lambda found: "\n" * found[0].count("\n") if found["note"] else "0",
        text).split("\n")


def loose_assembly(lines: List[str]) -> Iterator[int]:
    """The lines, counted from 0, that are instructions."""
    for number, line in enumerate(lines):
        if line.strip() and not re.match(r"#include\b|\s*\.|\w+:\s*$", line):
            yield number


def loose_code(lines: List[str], exercises: FrozenSet[int]) -> Iterator[int]:
    """The lines, counted from 0, of code that is neither in an exercise nor in
    the function around one. `exercises` are the lines inside exercises."""
    item: List[int] = []  # the lines of a declaration or function so far
    depth = inside = 0
    for number, line in enumerate(lines):
        if line.strip() and not line.startswith("#include"):
            item.append(number)
        inside += number in exercises
        depth += line.count("{") - line.count("}")
        ends = line.startswith("#") or line.rstrip().endswith((";", "}"))
        if depth or not ends:
            continue
        body = next((at for at, one in enumerate(item) if "{" in lines[one]),
                    len(item))
        yield from item[body + 1:-1] if inside else item
        item, inside = [], 0
    yield from item


def check_contents(path: str, text: str,
                   regions: List[Region]) -> Iterator[Problem]:
    """Checks that a student's file holds only exercises of one lab."""
    regions = [region for region in regions if region.word == SOLUTION]
    labs = [region.id.partition(".")[0] for region in regions]
    for region, lab in zip(regions, labs):
        if lab != labs[0]:
            yield Problem(path, region.first, f"{region.id} in a file with "
                          f"exercises of {labs[0]}")
    lines = without_comments(text)
    for region in regions:
        lines[region.first:region.last - 1] = [""] * (
            region.last - 1 - region.first)
    loose: List[int] = []
    if regions and path.endswith(".S"):
        loose = list(loose_assembly(lines))
    elif regions and path.endswith((".c", ".h")):
        loose = list(loose_code(lines, frozenset(
            region.first - 1 for region in regions)))
    if len(loose) > LOOSE:
        yield Problem(path, loose[0] + 1, f"{len(loose)} lines of code outside "
                      f"of the exercises, at most {LOOSE} may be")


def tree_files(top: Path) -> List[str]:
    """The files of the tree that git tracks or would track."""
    try:
        run = subprocess.run(
            ["git", "-C", str(top), "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, check=False)
    except OSError as err:
        raise MarkerError(f"git: {err.strerror}") from None
    if run.returncode:
        message = run.stderr.decode(errors="replace").strip().split("\n")[0]
        raise MarkerError(f"{top}: {message}")
    names = {name for name in run.stdout.decode().split("\0") if name}
    return sorted(name for name in names if (top / name).is_file())


def read_text(path: Path) -> str:
    """A file's text; empty for binary files, which have no markers."""
    try:
        data = path.read_bytes()
    except OSError as err:
        raise MarkerError(f"{path}: {err.strerror}") from None
    return "" if b"\0" in data else data.decode("utf-8", "replace")


def anchors(page: str) -> List[str]:
    """The section anchors that a page's headings create."""
    headings = re.findall(r"^#+[ \t]+(.*?)[ \t#]*$", page, re.MULTILINE)
    slugs = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
             for heading in headings]
    return slugs + re.findall(r'<a (?:id|name)="([^"]+)"', page)


def check_places(top: Path, exercises: List[Exercise],
                 solutions: Dict[str, Region]) -> List[Problem]:
    """Checks that each exercise has a region, and a section on its page."""
    problems = []
    pages: Dict[str, List[str]] = {}
    for exercise in exercises:
        region = solutions.get(exercise.id)
        if region is None:
            problems.append(Problem(exercise.file, 0, "no region for "
                                    f"exercise {exercise.id}"))
        elif region.path != exercise.file:
            problems.append(Problem(
                region.path, region.first, f"{EXERCISES} has {exercise.id} "
                f"in {exercise.file}"))
        page = f"labs/lab{exercise.lab}/README.md"
        if page not in pages:
            path = top / page
            pages[page] = anchors(read_text(path)) if path.is_file() else []
        if exercise.name not in pages[page]:
            problems.append(Problem(page, 0, "no section with the anchor "
                                    f"#{exercise.name}"))
    return problems


def lint(top: Path, files: Optional[List[str]] = None) -> List[Problem]:
    """All problems of `files`, or of the whole tree at `top`."""
    exercises = load_exercises(top)
    parser = Parser(exercise.id for exercise in exercises)
    contents: List[Problem] = []
    for name in files if files is not None else tree_files(top):
        text = read_text(top / name)
        contents += check_contents(name, text, parser.parse(name, text))
    problems = parser.problems or contents
    if files is None:
        problems += check_places(top, exercises, parser.solutions)
    return problems


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""
    if any(arg.startswith("-") for arg in argv):
        print("usage: markers.py [FILE...]", file=sys.stderr)
        return 1
    top = Path(__file__).resolve().parent.parent
    try:
        # Names on the command line are relative to the current folder. Joining
        # an absolute path to `top` gives that path.
        files = [str(Path(arg).resolve()) for arg in argv]
        problems = lint(top, [_shorten(name, top) for name in files] or None)
    except MarkerError as err:
        print(f"markers: {err}", file=sys.stderr)
        return 1
    for problem in problems:
        print(f"markers: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _shorten(name: str, top: Path) -> str:
    """`name` relative to `top` if it is below it."""
    prefix = f"{top}/"
    return name[len(prefix):] if name.startswith(prefix) else name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
