"""Class grading: the student's exercise files in a clean tree.

A file that holds an exercise belongs to the student; everything else, the
build files and tests above all, comes from the clean tree.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Iterator, List

from gradelib.outcome import GraderError

# The complete tree marks its exercises, a rendered one names them.
EXERCISE = re.compile(
    rb"^\s*(?://|#|/\*)\s*(?:[@]solution|Exercise) lab\d+\.\w+\b"
    rb"|\bTODO\(\"lab\d+\.\w+\"\)", re.MULTILINE)
# Where exercise files are, and what is never part of a student's kernel.
SUFFIXES = {".c", ".h", ".S", ".ld", ".mk"}
PLACES = ("boot", "fs", "inc", "kern", "lib", "net", "user")
LEFT_OUT = ("obj", ".git", "answers", "__pycache__")


def student_files(clean: Path) -> List[Path]:
    """The files of the tree `clean` that hold exercises, relative to it."""
    found = []
    for place in PLACES:
        for path in sorted((clean / place).rglob("*")):
            if (path.suffix in SUFFIXES and path.is_file()
                    and EXERCISE.search(path.read_bytes())):
                found.append(path.relative_to(clean))
    return found


def _take(student: Path, file: Path, target: Path) -> None:
    """Copies one file of the student's; it must be a plain file inside the
    student's tree."""
    source = student / file
    step = student
    for part in file.parts:
        step = step / part
        if step.is_symlink():
            raise GraderError(f"{step} is a symbolic link: refused")
    if not source.exists():
        raise GraderError(f"{source} is missing")
    if not source.is_file():
        raise GraderError(f"{source} is not a plain file: refused")
    if b"incbin" in source.read_bytes():
        raise GraderError(f"{source} takes in another file by .incbin: "
                          "refused")
    shutil.copyfile(source, target / file)


def assemble(clean: Path, student: Path, target: Path) -> List[Path]:
    """Makes in `target`, a new directory, the tree to build: a copy of
    `clean` with the student's exercise files. Returns those files."""
    if not (clean / "GNUmakefile").is_file():
        raise GraderError(f"{clean} is not a tree of this system")
    files = student_files(clean)
    if not files:
        raise GraderError(f"{clean} has no exercises in it")
    shutil.copytree(clean, target, ignore=shutil.ignore_patterns(*LEFT_OUT),
                    symlinks=True)
    for file in files:
        _take(student, file, target)
    return files


def _dependencies(text: str) -> Iterator[str]:
    """The files named in a compiler's dependency file."""
    for word in text.replace("\\\n", " ").split():
        if not word.endswith(":"):
            yield word


def check_includes(tree: Path) -> None:
    """After the build in `tree`: refuses a file that took in something from
    outside, such as the answers in the clean tree itself."""
    top = os.path.realpath(tree)
    for path in sorted((tree / "obj").rglob("*.d")):
        for name in _dependencies(path.read_text(errors="replace")):
            if not os.path.realpath(tree / name).startswith(top + os.sep):
                source = path.relative_to(tree / "obj").with_suffix("")
                raise GraderError(f"{source}.* includes {name}, outside the "
                                  "tree: refused")
