#!/usr/bin/env python3
"""Grades a folder of submissions one by one, each in the clean tree.

    tools/gradeall.py LAB SUBMISSIONS [--clean TREE] [--out DIR] [--seed N]

A submission is a folder with a student's tree, or an archive made by `make
handin`. Its name is that of its entry in SUBMISSIONS. DIR (default: grades) gets
its report, NAME.txt, and a line in grades.csv: name, score, maximum, state
(graded, or refused with the reason). Only the exercise files are used. They are
compiled and run in the emulator; nothing of a submission runs on this machine
directly. A bad submission does not stop the others.

Exit status: 0 when all were graded, 1 when some were refused, 2 when none could
be graded.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, List, Optional, Set, cast

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from gradelib.outcome import GraderError  # noqa: E402
from gradelib.pristine import LARGEST, read_file, student_files  # noqa: E402
from tools.fileio import run_tool  # noqa: E402

MEMBERS = 1000  # entries of an archive
UNPACKED = 64 << 20  # bytes of an archive's contents
PATIENCE = 1800  # seconds; a grader ends long before
SUFFIXES = (".tar.gz", ".tgz")


class Refused(Exception):
    """A submission cannot be graded; the text says why."""


@dataclass
class Grade:
    """The result of a submission."""

    name: str
    points: Optional[int]
    full: Optional[int]
    state: str


# --------------------------------------------------------------
# Archives
# --------------------------------------------------------------


class Bounded:
    """A stream that fails when an archive unpacks to too much."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream
        self._left = UNPACKED

    def read(self, size: int = -1) -> bytes:
        """The next bytes, like read() of a file."""
        data = self._stream.read(min(size, self._left + 1)
                                 if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise Refused(f"the archive has more than {UNPACKED} bytes in it")
        return data


def inner_name(member: tarfile.TarInfo) -> str:
    """An entry's path in the tree, "" for the archive's top folder."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts:
        raise Refused(f"the archive has an entry outside of its folder: "
                      f"{member.name!r}")
    if not (member.isfile() or member.isdir()):
        raise Refused(f"the archive has an entry that is no file: "
                      f"{member.name!r}")
    return str(PurePosixPath(*path.parts[1:])) if path.parts[1:] else ""


def unpack(archive: Path, wanted: Set[str], place: Path) -> None:
    """Unpacks the files `wanted` of an archive into the new folder `place`.
    Their names are taken from `wanted`, never from the archive."""
    place.mkdir()
    try:
        with gzip.open(archive) as zipped, tarfile.open(
                fileobj=cast(IO[bytes], Bounded(zipped)), mode="r|") as entries:
            for number, member in enumerate(entries):
                if number >= MEMBERS:
                    raise Refused(f"the archive has more than {MEMBERS} "
                                  "entries")
                name = inner_name(member)
                if name in wanted and member.isfile():
                    put(entries, member, place / name)
    except (tarfile.TarError, OSError, EOFError, ValueError,
            zlib.error) as error:
        raise Refused(f"the archive cannot be read: {error}") from None


def put(entries: tarfile.TarFile, member: tarfile.TarInfo,
        target: Path) -> None:
    """Writes one file of an archive, which must not occur twice."""
    if member.size > LARGEST:
        raise Refused(f"{member.name!r} has {member.size} bytes")
    if target.exists():
        raise Refused(f"the archive has {member.name!r} twice")
    stream = entries.extractfile(member)
    assert stream is not None
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(stream.read())


# --------------------------------------------------------------
# Grading
# --------------------------------------------------------------


def grade_tree(lab: int, clean: Path, tree: Path, results: Path,
               seed: Optional[int]) -> str:
    """Runs the clean tree's grader in `tree`; returns its output."""
    command = [sys.executable, str(clean / f"grade-lab{lab}"), "--pristine",
               str(clean), "--results", str(results)]
    if seed is not None:
        command += ["--seed", str(seed)]
    try:
        done = subprocess.run(
            command, cwd=str(tree), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            timeout=PATIENCE, errors="replace", universal_newlines=True)
    except subprocess.TimeoutExpired:
        raise Refused(f"grading took longer than {PATIENCE} s") from None
    if done.returncode not in (0, 1) or not results.is_file():
        said = done.stdout.strip().splitlines() or ["the grader said nothing"]
        errors = [line for line in said if "GRADER ERROR" in line]
        raise Refused((errors or said[-1:])[0].replace(str(tree) + "/", ""))
    return done.stdout


def copy_files(tree: Path, wanted: Set[str], place: Path) -> None:
    """Copies the files `wanted` of a submitted tree to the new folder `place`:
    nothing is ever written in a submission."""
    place.mkdir()
    for name in sorted(wanted):
        try:
            data = read_file(tree, Path(name))
        except GraderError as error:
            raise Refused(str(error).replace(f"{tree}/", "")) from None
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)


def grade_one(path: Path, options: argparse.Namespace, wanted: Set[str],
              report: Path) -> Grade:
    """Grades one submission and writes its report."""
    with tempfile.TemporaryDirectory(prefix="jos-class-") as scratch:
        tree, results = Path(scratch) / "tree", Path(scratch) / "results.json"
        try:
            if path.is_symlink():
                raise Refused("it is a symbolic link")
            if path.is_dir():
                copy_files(path, wanted, tree)
            elif path.is_file():
                unpack(path, wanted, tree)
            else:
                raise Refused("it is neither a folder nor an archive")
            text = grade_tree(options.lab, options.clean, tree, results,
                              options.seed)
            tests = json.loads(results.read_text())["tests"]
        except (Refused, OSError) as error:
            reason = " ".join(str(error).split())
            report.write_text(f"refused: {reason}\n")
            return Grade(path.name, None, None, f"refused: {reason}")
    report.write_text(text.replace(f"{scratch}/", ""))
    return Grade(path.name, sum(test["points"] for test in tests),
                 sum(test["max"] for test in tests), "graded")


def submissions(folder: Path) -> List[Path]:
    """The submissions in a folder, by name, without hidden files."""
    if not folder.is_dir():
        raise Refused(f"{folder}: no such folder")
    found = [path for path in sorted(folder.iterdir())
             if not path.name.startswith(".")
             and (path.is_dir() or path.is_symlink()
                  or not path.is_file() or path.name.endswith(SUFFIXES))]
    if not found:
        raise Refused(f"{folder}: no submissions in it")
    return found


def report_name(name: str, taken: Set[str]) -> str:
    """A valid name for a report, whatever the submission is called."""
    plain = re.sub(r"[^\w.+-]", "_", name)
    number, chosen = 1, plain
    while chosen in taken:
        number += 1
        chosen = f"{plain}-{number}"
    taken.add(chosen)
    return f"{chosen}.txt"


def grade_all(options: argparse.Namespace) -> int:
    """Grades them all; returns the exit status."""
    if not (options.clean / f"grade-lab{options.lab}").is_file():
        raise Refused(f"{options.clean} has no lab {options.lab}")
    found = submissions(options.submissions)
    wanted = {str(file) for file in student_files(options.clean)}
    options.out.mkdir(parents=True, exist_ok=True)
    refused = 0
    taken: Set[str] = set()
    with (options.out / "grades.csv").open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["name", "points", "of", "state"])
        for path in found:
            report = options.out / report_name(path.name, taken)
            grade = grade_one(path, options, wanted, report)
            refused += grade.points is None
            table.writerow([grade.name, grade.points, grade.full,
                            grade.state])
            file.flush()
            score = ("" if grade.points is None
                     else f"{grade.points}/{grade.full} ")
            print(f"{grade.name!r}: {score}{grade.state}", flush=True)
    print(f"{len(found) - refused} graded, {refused} refused: "
          f"{options.out / 'grades.csv'}")
    return 1 if refused else 0


def arguments(argv: List[str]) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        "gradeall.py", description="Grade a folder of submissions.",
        allow_abbrev=False)
    parser.add_argument("lab", type=int, metavar="LAB")
    parser.add_argument("submissions", type=Path, metavar="SUBMISSIONS")
    parser.add_argument("--clean", type=Path, metavar="TREE", default=TOP,
                        help="the clean tree (default: this one)")
    parser.add_argument("--out", type=Path, metavar="DIR",
                        default=Path("grades"))
    parser.add_argument("--seed", type=int, metavar="N",
                        help="the same for all: repeats a run")
    options = parser.parse_args(argv)
    options.clean = options.clean.resolve()
    return options


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""
    try:
        return grade_all(arguments(argv))
    except KeyboardInterrupt:
        fault = "interrupted"
    except (Refused, OSError) as error:
        fault = str(error)
    print(f"gradeall: {fault}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    run_tool(main)
