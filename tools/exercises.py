"""The exercises of the labs, and the students' files that hold them."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path, PurePosixPath
from typing import Dict, List, NamedTuple, Optional

LIST = "labs/exercises.json"
ID = re.compile(r"lab\d+\.[a-z]\w*")


class TreeError(Exception):
    """The tree cannot be read; the text says why."""


class Exercise(NamedTuple):
    """One entry of labs/exercises.json, which is in the order of the labs."""

    id: str
    lab: int
    file: str
    title: str

    @property
    def name(self) -> str:
        """The id without its lab: the anchor on the lab's page."""
        return self.id.split(".", 1)[1]

    @property
    def section(self) -> str:
        """Where to read about it."""
        return f"labs/lab{self.lab}/README.md#{self.name}"


def is_inside(name: str) -> bool:
    """Whether a file's name leads to a place inside the tree."""
    path = PurePosixPath(name)
    return (name == str(path) and not path.is_absolute() and name != "."
            and not {"..", ".git"} & set(path.parts)
            and not re.search(r"[\0-\x1f\x7f\\]", name))


def load_exercises(top: Path) -> List[Exercise]:
    """The exercises of the tree at `top`, in order."""
    path = top / LIST
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        exercises = [Exercise(**entry) for entry in entries]
        fits = [ID.fullmatch(one.id) and one.id.startswith(f"lab{one.lab}.")
                and is_inside(one.file) for one in exercises]
    except OSError as err:
        raise TreeError(f"{path}: {err.strerror}") from None
    except (ValueError, TypeError) as err:
        raise TreeError(f"{path}: {err}") from None
    seen: Dict[str, Exercise] = {}
    for exercise, good in zip(exercises, fits):
        if not good or seen.setdefault(exercise.id, exercise) is not exercise:
            raise TreeError(f"{path}: {exercise.id} is there twice or not "
                            "an id of its lab")
    return exercises


def files_of(exercises: List[Exercise]) -> List[str]:
    """The files that hold the exercises: the student's files."""
    return sorted({exercise.file for exercise in exercises})


def plain_status(top: Path, name: str) -> Optional[os.stat_result]:
    """The status of the plain file `name`, None if there is no such file.

    Anything but a plain file is refused. So is a symbolic link anywhere in the
    path, because it may lead out of the tree.
    """
    path = top
    for part in PurePosixPath(name).parts:
        if path != top and not path.is_dir():
            raise TreeError(f"{path.relative_to(top)} is not a folder: refused")
        path = path / part
        try:
            status = os.lstat(path)
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(status.st_mode):
            raise TreeError(f"{path.relative_to(top)} is a symbolic link: "
                            "refused")
    if not stat.S_ISREG(status.st_mode):
        raise TreeError(f"{name} is not a plain file: refused")
    return status


def read_plain(top: Path, name: str) -> bytes:
    """The contents of a file, which must be a plain one inside the tree."""
    if plain_status(top, name) is None:
        raise TreeError(f"{name} is missing")
    try:
        return (top / name).read_bytes()
    except OSError as err:
        raise TreeError(f"{name}: {err.strerror}") from None
