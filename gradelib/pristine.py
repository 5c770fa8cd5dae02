"""Class grading: the student's exercise files in a clean tree.

A file that holds an exercise belongs to the student; everything else, the
build files and tests above all, comes from the clean tree. The student's code
runs only through the compiler and in the emulator.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
from pathlib import Path
from typing import Iterator, List

from gradelib.outcome import GraderError
from gradelib.suspect import check_text

# The full tree marks its exercises; a rendered one names them.
EXERCISE = re.compile(
    rb"^\s*(?://|#|/\*)\s*(?:[@]solution|Exercise) lab\d+\.\w+\b"
    rb"|\bTODO\(\"lab\d+\.\w+\"\)", re.MULTILINE)
# Where exercise files are, and folders never part of a student's kernel.
SUFFIXES = {".c", ".h", ".S", ".ld", ".mk"}
PLACES = ("boot", "fs", "inc", "kern", "lib", "net", "user")
LEFT_OUT = ("obj", ".git", "answers", "__pycache__")
LARGEST = 1 << 20  # bytes of a student's file
GAP = "kern/check/gap.h"
GAP_SIZE = re.compile(r"(?m)^(#define CHECK_GAP) \d+")


def student_files(clean: Path) -> List[Path]:
    """The files of the tree `clean` that hold exercises, relative to it."""
    found = []
    for place in PLACES:
        for path in sorted((clean / place).rglob("*")):
            if (path.suffix in SUFFIXES and path.is_file()
                    and EXERCISE.search(path.read_bytes())):
                found.append(path.relative_to(clean))
    return found


def refuse_links(top: Path, inside: Path) -> None:
    """Refuses a path from `top` to `inside` that leaves `top` through a
    symbolic link."""
    step = top
    for part in inside.parts:
        step = step / part
        if step.is_symlink():
            raise GraderError(f"{step} is a symbolic link: refused")


def read_file(student: Path, file: Path) -> bytes:
    """The contents of `file` in the student's tree, which must be a plain
    file. Opening never blocks and follows no link."""
    source = student / file
    refuse_links(student, file)
    try:
        handle = os.open(str(source), os.O_RDONLY | os.O_NOFOLLOW
                         | os.O_NONBLOCK)
    except OSError as err:
        if err.errno in (errno.ENOENT, errno.ENOTDIR):
            raise GraderError(f"{source} is missing") from None
        if err.errno == errno.ENXIO:
            raise GraderError(f"{source} is not a plain file: "
                              "refused") from None
        raise GraderError(f"{source} cannot be read: {err.strerror}") from None
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise GraderError(f"{source} is not a plain file: refused")
        if status.st_size > LARGEST:
            raise GraderError(f"{source} has {status.st_size} bytes, and no "
                              f"source file has more than {LARGEST}: refused")
        return stream.read(LARGEST + 1)


def _take(student: Path, file: Path, target: Path) -> None:
    """Copies one file of the student's; it must be a plain text file inside
    the student's tree, and do nothing suspicious."""
    source = student / file
    data = read_file(student, file)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        # A name in another character set, in a comment, is harmless.
        text = data.decode("latin-1")
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in data):
        raise GraderError(f"{source} holds bytes that are no text: refused")
    if "incbin" in text:
        raise GraderError(f"{source} takes in another file by .incbin: "
                          "refused")
    place = target / file
    check_text(file, text, place.read_text(errors="replace"))
    place.write_bytes(data)


def assemble(clean: Path, student: Path, target: Path,
             gap: int = 1) -> List[Path]:
    """Makes the tree to build in `target`, a new directory: a copy of `clean`
    with the student's exercise files, and a gap of `gap` bytes between the
    checks. Returns these files."""
    if not (clean / "GNUmakefile").is_file():
        raise GraderError(f"{clean} is not a tree of this system")
    files = student_files(clean)
    if not files:
        raise GraderError(f"{clean} has no exercises in it")
    shutil.copytree(clean, target, ignore=shutil.ignore_patterns(*LEFT_OUT),
                    symlinks=True)
    for file in files:
        _take(student, file, target)
    header = target / GAP
    if header.is_file():
        header.write_text(GAP_SIZE.sub(rf"\1 {gap}", header.read_text()))
    return files


def _dependencies(text: str) -> Iterator[str]:
    """The files in a compiler's dependency file."""
    for word in text.replace("\\\n", " ").split():
        if not word.endswith(":"):
            yield word


def check_includes(tree: Path) -> None:
    """After the build in `tree`: refuses files that include something from
    outside, such as the answers in the clean tree itself."""
    top = os.path.realpath(tree)
    for path in sorted((tree / "obj").rglob("*.d")):
        for name in _dependencies(path.read_text(errors="replace")):
            if not os.path.realpath(tree / name).startswith(top + os.sep):
                source = path.relative_to(tree / "obj").with_suffix("")
                raise GraderError(f"{source}.* includes {name}, outside the "
                                  "tree: refused")
