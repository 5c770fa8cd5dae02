"""The record of a hand-out: its files and their digests.

The record is a file of the student's tree, in the format of sha256sum:
`sha256sum --check --quiet labs/release.sha256` lists what has changed since.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Dict, Iterable, List, Mapping

from exercises import TreeError, is_inside, read_plain

RECORD = "labs/release.sha256"
# Files that students may edit, too.
SETTINGS = ("conf/env.mk", "conf/lab.mk")
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
# The folders in which make finds sources by itself, and their suffixes.
PLACES = ("boot", "fs", "inc", "kern", "lib", "net", "user")
SOURCES = (".c", ".h", ".S")


def digest(data: bytes) -> str:
    """The digest in the record for a file with these contents."""
    return hashlib.sha256(data).hexdigest()


def make_record(files: Mapping[str, bytes]) -> bytes:
    """The record of a tree with these files."""
    return "".join(f"{digest(files[name])}  {name}\n" for name in sorted(files)
                   if name != RECORD).encode("utf-8", "surrogateescape")


def read_record(top: Path) -> Dict[str, str]:
    """The digest of each file that was handed out, by its name."""
    lines = read_plain(top, RECORD).decode("utf-8", "surrogateescape")
    found = {}
    for number, line in enumerate(lines.split("\n")[:-1], 1):
        match = LINE.fullmatch(line)
        if match is None or not is_inside(match[2]):
            raise TreeError(f"{RECORD}:{number}: not a line of a record")
        found[match[2]] = match[1]
    return found


def edited(top: Path, record: Mapping[str, str],
           students: Iterable[str]) -> List[str]:
    """The staff's files that have changed since they were handed out."""
    names = []
    for name in sorted(set(record) - {*students, *SETTINGS}):
        try:
            if digest(read_plain(top, name)) != record[name]:
                names.append(name)
        except TreeError:
            names.append(name)
    return names


def additions(top: Path, record: Mapping[str, str]) -> List[str]:
    """The source files that the student has added."""
    found = [path.relative_to(top).as_posix() for place in PLACES
             for path in (top / place).rglob("*") if path.suffix in SOURCES]
    return sorted(name for name in found if name not in record)
