#!/usr/bin/env python3
"""Renders the student's tree from the complete one.

    tools/handout.py DEST [--lab N] [--solved K] [--keep ID ...] [--from TREE]

DEST is a new folder, which becomes a git repository with one commit. Lab N is
in progress there. The exercises of labs up to K and the named exercises keep
their solutions; the others are replaced by what their markers ask for.

Everything is rendered and checked in memory before DEST is made. If DEST cannot
be finished, it is removed again. The same tree gives the same commit.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from types import FrameType
from typing import Dict, FrozenSet, List, NamedTuple, Optional, Tuple

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import markers
import release
from exercises import Exercise, load_exercises
from fileio import run_tool

# What students do not get. They get everything else that git has.
LEFT_OUT = ("labs/*/answers/*", "labs/INSTRUCTORS.md", ".ci/*", "tests/*",
            "HACKING.md", "pyproject.toml", "tools/answers.py", "tools/bench.py",
            "tools/corpus.py", "tools/gradeall.py", "tools/handout.py",
            "tools/markers.py", "tools/prefork.py")
# What a page says about the complete tree, and what it says to students instead,
# if anything. The students' text is in a comment, which the page does not show.
VARIANT = re.compile(r"""^<!--\ complete\ tree\ -->\n
                         (?:(?!^(?:<!--|-->)).*\n)*
                         (?:^<!--\ student's\ tree\n
                            (?P<students>(?:(?!^(?:<!--|-->)).*\n)*)^-->\n)?
                         ^<!--\ end\ -->\n""", re.MULTILINE | re.VERBOSE)
COMMENT = re.compile(r"^(?:<!--|-->).*", re.MULTILINE)
LAB_FILE = "conf/lab.mk"
LAB_TEXT = """\
# The lab in progress: how far the kernel boots, and what `make grade` runs.
LAB ?= {lab}
"""
# Given code may share a line with a solution, but a page must not. A line with
# fewer characters, not counting blanks, gives nothing away.
CODE = (".c", ".h", ".S")
DISTINCTIVE = 16
# The commit does not depend on the user or on any settings of git: the same tree
# gives the same commit.
AUTHOR = {"NAME": "JOS lab", "EMAIL": "lab@localhost",
          "DATE": "2000-01-01T00:00:00Z"}
NO_SETTINGS = {"HOME": os.devnull, "XDG_CONFIG_HOME": os.devnull,
               "GIT_CONFIG_NOSYSTEM": "1"}
MESSAGE = "lab: start here"


class HandoutError(Exception):
    """The tree cannot be rendered; the text has a line for each reason."""


class File(NamedTuple):
    """A file of the tree, as it is or rendered."""

    data: bytes
    executable: bool

    @property
    def text(self) -> str:
        """The contents; decoding and encoding preserves every byte."""
        return self.data.decode("utf-8", "surrogateescape")

    def with_text(self, text: str) -> "File":
        """The same file with other contents."""
        return self._replace(data=text.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True)
class Choice:
    """The options for the student's tree."""

    lab: int
    solved: int = 0
    keep: FrozenSet[str] = frozenset()

    def solves(self, ident: str) -> bool:
        """Whether the exercise keeps its solution."""
        lab = int(ident.partition(".")[0][len("lab"):])
        return lab <= self.solved or ident in self.keep


# --------------------------------------------------------------
# Reading the complete tree
# --------------------------------------------------------------


def git(top: Path, *words: str, **variables: str) -> str:
    """What git prints in `top`, whichever repository we are called from."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("GIT_")}
    try:
        run = subprocess.run(
            ["git", *words], cwd=str(top),
            env={**kept, "LC_ALL": "C", **variables},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, check=False)
    except OSError as err:
        raise HandoutError(f"git: {err.strerror}") from None
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip().split("\n")[0]
        raise HandoutError(f"git {words[0]}: {said}")
    return run.stdout.decode("utf-8", "surrogateescape")


def left_out(name: str) -> bool:
    """Whether a file is for instructors only."""
    return any(fnmatchcase(name, pattern) for pattern in LEFT_OUT)


def read_tree(top: Path) -> Dict[str, File]:
    """The files that students get, as they are in the complete tree `top`,
    from all files that git tracks or would track."""
    if not top.is_dir():
        raise HandoutError(f"{top}: no such folder")
    listed = git(top, "ls-files", "-z", "--cached", "--others",
                 "--exclude-standard").split("\0")
    files = {}
    for name in sorted(set(listed) - {""}):
        path = top / name
        if left_out(name):
            continue
        for place in (path, *path.parents):
            if place == top:
                break
            if place.is_symlink():
                raise HandoutError(f"{place}: symbolic links are refused")
        if path.is_file():
            files[name] = File(path.read_bytes(), os.access(path, os.X_OK))
    return files


@dataclass
class Source:
    """The complete tree: its files and exercises."""

    files: Dict[str, File]
    exercises: List[Exercise]
    regions: Dict[str, List[markers.Region]] = field(default_factory=dict)

    @classmethod
    def read(cls, top: Path) -> "Source":
        """Reads the tree at `top`; refuses a tree with bad markers."""
        source = cls(read_tree(top), load_exercises(top))
        parser = markers.Parser(exercise.id for exercise in source.exercises)
        for name, file in source.files.items():
            if b"\0" not in file.data and b"@" in file.data:
                source.regions[name] = parser.parse(name, file.text)
        problems = [str(problem) for problem in parser.problems]
        problems += [f"{exercise.file}: no region for exercise {exercise.id}"
                     for exercise in source.exercises
                     if exercise.id not in parser.solutions]
        if problems:
            raise HandoutError("\n".join(problems))
        return source

    @property
    def labs(self) -> List[int]:
        """The labs that there are."""
        return sorted({exercise.lab for exercise in self.exercises})


# --------------------------------------------------------------
# Rendering
# --------------------------------------------------------------


def stand_in(region: markers.Region, choice: Choice) -> List[str]:
    """The lines that students get in place of a region."""
    if region.word == markers.STAFF:
        return []
    if choice.solves(region.id):
        return region.body
    if region.stubs:
        return [region.indent + text for text in region.stubs
                if text is not None]
    return [f"{region.indent}// Exercise {region.id}: your code here.",
            f'{region.indent}TODO("{region.id}");']


def render_regions(text: str, regions: List[markers.Region],
                   choice: Choice) -> str:
    """A file's text with its regions replaced by their stand-ins."""
    lines = text.split("\n")
    for region in reversed(regions):
        first, last = region.first - 1, region.last
        new = stand_in(region, choice)
        # If nothing is left, there would be two blank lines in a row.
        if not new and first and not lines[first - 1] + lines[last]:
            last += 1
        lines[first:last] = new
    return "\n".join(lines)


def students_page(name: str, text: str) -> str:
    """A page's text for students."""
    text = VARIANT.sub(lambda found: found["students"] or "", text)
    left = COMMENT.search(text)
    if left:
        raise HandoutError(f"{name}: a comment that is not whole: {left[0]}")
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def render(source: Source, choice: Choice) -> Dict[str, File]:
    """The files of the student's tree."""
    files = dict(source.files)
    for name, regions in source.regions.items():
        if regions:
            text = render_regions(files[name].text, regions, choice)
            files[name] = files[name].with_text(text)
    for name, file in files.items():
        if name.endswith(".md") and COMMENT.search(file.text):
            files[name] = file.with_text(students_page(name, file.text))
    files[LAB_FILE] = File(LAB_TEXT.format(lab=choice.lab).encode(), False)
    files[release.RECORD] = File(release.make_record(
        {name: file.data for name, file in files.items()}), False)
    return files


# --------------------------------------------------------------
# Checking what was rendered
# --------------------------------------------------------------


def squeezed(text: str) -> str:
    """A text without blanks, so that line breaks hide nothing."""
    return "".join(text.split())


def code_and_prose(name: str, text: str) -> Tuple[str, str]:
    """The parts of a file that the compiler sees, and those only people see."""
    if not name.endswith(CODE):
        return "", text
    lines = text.split("\n")
    prose = [line.strip().startswith(("//", "/*", "*")) for line in lines]
    return ("\n".join(line for line, is_prose in zip(lines, prose)
                      if not is_prose),
            "\n".join(line for line, is_prose in zip(lines, prose)
                      if is_prose))


def check_words(files: Dict[str, File]) -> List[str]:
    """The places where a marker word is left."""
    return [f"{name}:{number}: the marker word {found[0]} is left"
            for name, file in files.items() if b"@" in file.data
            for number, line in enumerate(file.text.split("\n"), 1)
            for found in [markers.ANY_WORD.search(line)] if found]


def check_leaks(files: Dict[str, File], source: Source,
                choice: Choice) -> List[str]:
    """Where the solution of an unsolved exercise is visible.

    A line that given code also has gives nothing away, unless the solution has
    no other lines.
    """
    parts = {name: code_and_prose(name, file.text)
             for name, file in files.items()}
    code = squeezed("\n".join(part for part, _ in parts.values()))
    prose = {name: squeezed(part) for name, (_, part) in parts.items()}
    all_prose = "\n".join(prose.values())
    leaks = []
    for region in [region for regions in source.regions.values()
                   for region in regions]:
        if region.word == markers.SOLUTION and choice.solves(region.id):
            continue
        # A page may show a comment's text without the comment characters.
        lines = {squeezed(line).lstrip("/#*"): line.strip()
                 for line in region.body}
        told = [line for line in lines if len(line) >= DISTINCTIVE]
        if region.word == markers.STAFF:
            secret = told
        else:
            secret = [line for line in told if line not in code]
            if told and not secret:
                leaks.append(f"{region.path}:{region.first}: every line of "
                             f"{region.id} is elsewhere in given code")
        leaks += [f"{name}: a line of {region.id} shows: {lines[line]}"
                  for line in secret if line in all_prose
                  for name, text in prose.items() if line in text]
    return leaks


def checked(source: Source, choice: Choice) -> Dict[str, File]:
    """The files of the student's tree, checked to give nothing away."""
    files = render(source, choice)
    faults = check_words(files) + check_leaks(files, source, choice)
    if faults:
        raise HandoutError("\n".join(faults))
    return files


# --------------------------------------------------------------
# Writing it
# --------------------------------------------------------------


def check_dest(dest: Path, top: Path) -> None:
    """Refuses a folder that must not be filled."""
    if dest.is_symlink():
        raise HandoutError(f"{dest} is a symbolic link: refused")
    if dest.exists() and not dest.is_dir():
        raise HandoutError(f"{dest} is there already, and no folder")
    if dest.is_dir() and any(dest.iterdir()):
        raise HandoutError(f"{dest} is there already, and not empty")
    if not dest.parent.is_dir():
        raise HandoutError(f"{dest.parent}: no such folder")
    if top in (dest, *dest.parents):
        raise HandoutError(f"{dest} is inside the tree that it is made from")


def write_files(files: Dict[str, File], dest: Path) -> None:
    """Writes files into the folder `dest`."""
    for name, file in files.items():
        path = dest / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        path.chmod(0o755 if file.executable else 0o644)


def commit(dest: Path) -> None:
    """Makes the folder `dest` a git repository with one commit."""
    variables = {f"GIT_{role}_{what}": value for what, value in AUTHOR.items()
                 for role in ("AUTHOR", "COMMITTER")}
    variables.update(NO_SETTINGS)
    git(dest, "-c", "init.defaultBranch=main", "init", "--quiet",
        "--template=", **variables)
    # Also files that .gitignore names, if the complete tree tracks them.
    git(dest, "add", "--all", "--force", **variables)
    git(dest, "commit", "--quiet", "--message", MESSAGE, **variables)


def make(files: Dict[str, File], dest: Path) -> None:
    """Writes the student's tree, or nothing if that fails."""
    was_there = dest.is_dir()
    try:
        dest.mkdir(exist_ok=True)
        write_files(files, dest)
        commit(dest)
    except BaseException:
        shutil.rmtree(dest, ignore_errors=True)
        if was_there:
            dest.mkdir()
        raise


def choose(source: Source, options: argparse.Namespace) -> Choice:
    """The choice that the command line asks for; its exercises must exist."""
    labs = source.labs
    lab = options.lab
    if lab is None:
        lab = min(options.solved + 1, labs[-1])
    for number, allowed in ((options.solved, (0, *labs)), (lab, labs)):
        if number not in allowed:
            raise HandoutError(f"there is no lab {number}; there are: "
                               f"{' '.join(map(str, labs))}")
    known = {exercise.id for exercise in source.exercises}
    for ident in options.keep:
        if ident not in known:
            raise HandoutError(f"there is no exercise {ident}")
    return Choice(lab, options.solved, frozenset(options.keep))


def hand_out(options: argparse.Namespace) -> str:
    """Does the work; returns the message to print."""
    top = options.tree.resolve()
    dest = options.dest.absolute()
    if ".." in dest.parts:  # ../lab1 is not inside this folder
        dest = dest.parent.resolve() / dest.name
    check_dest(dest, top)
    check_dest(dest.parent.resolve() / dest.name, top)
    source = Source.read(top)
    choice = choose(source, options)
    files = checked(source, choice)
    make(files, dest)
    to_do = sum(not choice.solves(exercise.id)
                for exercise in source.exercises)
    return (f"{dest}: {len(files)} files, lab {choice.lab} in progress, "
            f"{to_do} of {len(source.exercises)} exercises to do")


def arguments(argv: List[str]) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser("handout.py", description="Render the "
                                     "student's tree.", allow_abbrev=False)
    parser.add_argument("dest", type=Path, metavar="DEST",
                        help="the folder to make")
    parser.add_argument("--lab", type=int, metavar="N",
                        help="the lab in progress (default: the first that "
                        "is not solved)")
    parser.add_argument("--solved", type=int, default=0, metavar="K",
                        help="keep the solutions of labs up to K")
    parser.add_argument("--keep", nargs="+", default=[], metavar="ID",
                        help="keep the solutions of these exercises too")
    parser.add_argument("--from", dest="tree", type=Path, metavar="TREE",
                        default=Path(__file__).resolve().parent.parent,
                        help="the complete tree (default: this one)")
    return parser.parse_args(argv)


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""

    def stop(number: int, frame: Optional[FrameType]) -> None:
        raise KeyboardInterrupt

    options = arguments(argv)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        print(f"handout: {hand_out(options)}")
        return 0
    except KeyboardInterrupt:
        faults = "interrupted"
    except (HandoutError, markers.MarkerError, OSError) as err:
        faults = str(err)
    for fault in faults.split("\n"):
        print(f"handout: {fault}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    run_tool(main)
