#!/usr/bin/env python3
"""Brings a later release of the staff's files into a student's tree.

    tools/update.py FROM        or: make update FROM=dir-or-git-url

FROM is a rendered tree or, for staff, the complete one, which is rendered
first. The staff's files are replaced, added and removed. A file that holds an
exercise, or that the student made, stays unchanged. If a release has different
text around an exercise, or has the exercise in another file, the student's
answer is put there (tools/carry.py). What would be lost is kept:

    FILE.mine   a staff file that the student had edited, or a student's file
                from which something could not be carried over
    FILE.new    the release's version of a student's file that cannot be split
                into functions

    tools/update.py --carry

does the last step of an update to this release that was made by an earlier
release's tool, which left FILE.new for each file with answers to carry over.

Nothing is committed. Everything is fetched and checked before the first file is
replaced; to finish an interrupted update, run it again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Dict, Iterator, List, NamedTuple, Optional, Set

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from carry import Carried, Carrier, Moves
from exercises import (Exercise, TreeError, files_of, is_inside, load_exercises,
                       plain_status, read_plain)
from fileio import run_tool
from release import RECORD, SETTINGS, digest, make_record, read_record

ROOM = ".update"  # the folder where everything is prepared
LOCK = "lock"  # a file in it
RENDERER = "tools/handout.py"  # only the complete tree has it
LAB_FILE = "conf/lab.mk"
LAB = re.compile(rb"^[ \t]*LAB[ \t]*[:?]?=[ \t]*(\d+)", re.MULTILINE)
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MINE, NEW = ".mine", ".new"
# Folders and files that are never part of a release.
SKIPPED = {".git", "obj", "__pycache__", ".ruff_cache", ROOM}
SKIPPED_ENDS = ("~", ".swp", MINE, NEW, "-handin.tar.gz")
MARKER = re.compile(rb"[@](?:solution|stub|end|staff)\b", re.IGNORECASE)
ANSWERS = re.compile(r"labs/[^/]*/answers/")
ADDRESS = re.compile(r"\w[\w+.-]*://|[\w.-]+@[\w.-]+:|[\w.-]+:[^\\]")


class File(NamedTuple):
    """A file's contents, and whether it is executable."""

    data: bytes
    executable: bool

    @classmethod
    def read(cls, top: Path, name: str) -> Optional["File"]:
        """The file `name` of a tree; if it exists, it must be a plain file."""
        status = plain_status(top, name)
        if status is None:
            return None
        return cls(read_plain(top, name), bool(status.st_mode & stat.S_IXUSR))


def as_text(data: bytes) -> str:
    """A file's text; decoding and encoding preserves every byte."""
    return data.decode("utf-8", "surrogateescape")


def as_file(text: str, like: Optional[File]) -> File:
    """A file with this text, executable if `like` is."""
    return File(text.encode("utf-8", "surrogateescape"),
                like.executable if like else False)


@dataclass
class Plan:
    """The actions of an update, and its messages."""

    writes: Dict[str, File] = field(default_factory=dict)
    copies: Dict[str, File] = field(default_factory=dict)  # .mine and .new
    removes: List[str] = field(default_factory=list)
    said: List[str] = field(default_factory=list)


# --------------------------------------------------------------
# The release
# --------------------------------------------------------------


def run(words: List[str], cwd: Path) -> str:
    """A command's output; if it fails, the error is the reason in one line."""
    variables = {name: value for name, value in os.environ.items()
                 if not name.startswith("GIT_") or name.startswith("GIT_SSH")}
    variables.update(LC_ALL="C", PYTHONDONTWRITEBYTECODE="1")
    try:
        done = subprocess.run(words, cwd=str(cwd), env=variables, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    except OSError as err:
        raise TreeError(f"{words[0]}: {err.strerror}") from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().split("\n")
        told = [line for line in lines if not line.startswith("warning:")]
        raise TreeError(told[0] if told else f"{words[0]} failed")
    return done.stdout.decode("utf-8", "surrogateescape")


def git(cwd: Path, *words: str) -> str:
    """What git prints, even in a repository of another user."""
    return run(["git", "-c", "safe.directory=*", "-c", "core.autocrlf=false",
                *words], cwd)


def fetch(source: str, top: Path, room: Path) -> Path:
    """The folder of the tree that FROM names, cloned if necessary."""
    place = Path(os.path.expanduser(source)).resolve()
    if place.is_dir():
        bare = not (place / ".git").exists() and (place / "objects").is_dir()
        if not bare:
            return place
        source = str(place)
    elif not place.is_file() and not ADDRESS.match(source):
        raise TreeError(f"{source}: no such folder")
    try:
        git(top, "clone", "--quiet", "--template=", "--", source,
            str(room / "clone"))
    except TreeError as err:
        raise TreeError(f"cannot fetch {source}: {err}") from None
    return room / "clone"


def rendered(tree: Path, source: str, lab: int, room: Path) -> Path:
    """The student's tree: `tree` itself, or rendered from the complete one
    without any solutions."""
    if not (tree / RENDERER).is_file():
        return tree
    made = room / "rendered"
    try:
        run([sys.executable, str(tree / RENDERER), str(made), "--lab",
             str(lab), "--from", str(tree)], room)
    except TreeError as err:
        raise TreeError(f"cannot render {source}: {err}") from None
    return made


def names_of(tree: Path) -> List[str]:
    """The files of a tree without build products."""
    if (tree / ".git").exists():
        listed = git(tree, "ls-files", "-z", "--cached", "--others",
                     "--exclude-standard").split("\0")
    else:
        listed = [path.relative_to(tree).as_posix()
                  for path in tree.rglob("*")
                  if path.is_symlink() or not path.is_dir()]
    return sorted({name for name in listed if name and name != RECORD
                   and not SKIPPED & set(name.split("/"))
                   and not name.endswith(SKIPPED_ENDS)})


def read_release(tree: Path, source: str) -> Dict[str, File]:
    """The files of a release; anything else is refused."""
    for name in ("GNUmakefile", LAB_FILE, "labs/exercises.json"):
        if not (tree / name).is_file():
            raise TreeError(f"{source} is no tree of this lab: it has no {name}")
    files = {}
    for name in names_of(tree):
        if not is_inside(name):
            raise TreeError(f"{source}: a file's name is {name!r}: refused")
        try:
            file = File.read(tree, name)
        except TreeError as err:
            raise TreeError(f"{source}: {err}") from None
        if file is not None:
            files[name] = file
    for name, file in files.items():
        if ANSWERS.match(name) or MARKER.search(file.data):
            raise TreeError(f"{source} is not for students: {name} has "
                            "solutions in it")
    for name in files_of(load_exercises(tree)):
        if name not in files:
            raise TreeError(f"{source} is not whole: {name} is missing")
    return files


# --------------------------------------------------------------
# The plan
# --------------------------------------------------------------


class Planner:
    """Compares the student's tree with a release."""

    def __init__(self, top: Path, files: Dict[str, File],
                 theirs: List[str]) -> None:
        """`theirs` are the release's files that hold exercises."""
        self.top = top
        self.files = files
        self.plan = Plan()
        self.record: Dict[str, str] = {}
        try:
            self.record = read_record(top)
        except TreeError as err:
            self.say(f"{err}: every file that differs counts as edited")
        self.kept = self.students(theirs)
        self.done: Set[str] = set()  # files that are already planned

    def say(self, text: str) -> None:
        self.plan.said.append(text)

    def students(self, theirs: List[str]) -> Set[str]:
        """The files to keep: those with exercises in the student's tree, and
        new ones if the student already made a file of that name."""
        try:
            before = files_of(load_exercises(self.top))
        except TreeError:
            before = theirs
        return {*before, *(name for name in theirs if name not in self.record),
                LAB_FILE}

    def carry(self, moves: Moves, exercises: List[Exercise]) -> None:
        """Plans to carry answers over from the student's files of which the
        release has another version."""
        theirs = files_of(exercises)
        old: Dict[str, str] = {}
        new: Dict[str, str] = {}
        for name in sorted({*theirs, *(move.file for move in moves.moves)}):
            mine, file = File.read(self.top, name), self.files.get(name)
            was = self.record.get(name)
            changed = file is None or digest(file.data) != was
            if mine and was and changed and mine != file:
                old[name] = as_text(mine.data)
            if file and name in theirs and (name in old or mine is None):
                new[name] = as_text(file.data)
        self.enter_carried(old, Carrier(moves, exercises, old, new).carry())

    def enter_carried(self, old: Dict[str, str], carried: Carried) -> None:
        """Plans the results of carrying over from the files `old`."""
        for name in set(old) - carried.unreadable:
            file = self.files.get(name)
            if file is not None:
                text = carried.texts.get(name, as_text(file.data))
                self.plan.writes[name] = as_file(text, file)
                self.done.add(name)
        for name, text in carried.texts.items():
            if name not in old and text != as_text(self.files[name].data):
                self.plan.writes[name] = as_file(text, self.files[name])
                self.done.add(name)
        for line in carried.report():
            self.say(line)
        for name, left in carried.left.items():
            copy = self.copy(name + MINE, as_file(old[name], None))
            self.say(f"{name} had more of yours, which is in {copy}: "
                     + ", ".join(left))

    def make(self) -> Plan:
        """The plan."""
        for name, file in self.files.items():
            if name not in self.done:
                self.enter(name, file, File.read(self.top, name))
        for name in sorted(set(self.record) - set(self.files) - {RECORD}):
            mine = File.read(self.top, name)
            if mine is not None:
                self.leave(name, mine)
        record = make_record({name: file.data
                              for name, file in self.files.items()})
        if File.read(self.top, RECORD) != File(record, False):
            self.plan.writes[RECORD] = File(record, False)
        return self.plan

    def enter(self, name: str, file: File, mine: Optional[File]) -> None:
        """Plans the action for a file that the release has."""
        was = self.record.get(name)
        if mine == file:
            return
        if mine is None:
            self.plan.writes[name] = file
            self.say(f"{name} was missing: it is there again" if was else
                     f"{name} is new")
        elif name in self.kept:
            if name != LAB_FILE and digest(file.data) not in (
                    was, digest(mine.data)):
                self.offer(name, file, digest(mine.data) == was)
        elif digest(mine.data) in (was, digest(file.data)):
            self.plan.writes[name] = file
        elif name in SETTINGS:
            if digest(file.data) != was:
                self.offer(name, file, False)
        else:
            self.plan.writes[name] = file
            self.set_aside(name, mine)

    def leave(self, name: str, mine: File) -> None:
        """Plans the action for a file that the release no longer has."""
        if name in self.kept or name in SETTINGS:
            self.say(f"{name} is no longer handed out; yours is kept")
            return
        self.plan.removes.append(name)
        if digest(mine.data) != self.record[name]:
            self.set_aside(name, mine)

    def set_aside(self, name: str, mine: File) -> None:
        """Keeps a copy of a staff file that the student had edited."""
        copy = self.copy(name + MINE, mine)
        self.say(f"{name} is the staff's and had been edited: your version "
                 f"is now {copy}")

    def offer(self, name: str, file: File, untouched: bool) -> None:
        """Puts the release's version beside the student's file."""
        copy = self.copy(name + NEW, file)
        self.say(f"{name} is yours and stays; the release has another: {copy}"
                 + (f" (you have changed nothing in yours: mv {copy} {name})"
                    if untouched else ""))

    def copy(self, name: str, file: File) -> str:
        """Plans a copy under an unused name."""
        number = 1
        while True:
            free = name if number == 1 else f"{name}.{number}"
            there = File.read(self.top, free)
            if there is None:
                self.plan.copies[free] = file
            if there is None or there.data == file.data:
                return free
            number += 1


# --------------------------------------------------------------
# Doing it
# --------------------------------------------------------------


def check_writable(top: Path, plan: Plan) -> None:
    """Refuses a plan that would fail halfway."""
    for name in [*plan.writes, *plan.copies, *plan.removes]:
        folder = (top / name).parent
        while not folder.exists():
            folder = folder.parent
        if not os.access(folder, os.W_OK | os.X_OK):
            raise TreeError(f"cannot write in {folder}")


def prepare(room: Path, files: Dict[str, File]) -> Dict[str, Path]:
    """Writes files to the hidden folder `room`; returns their paths."""
    paths = {}
    for name, file in files.items():
        path = room / str(len(list(room.iterdir())))
        path.write_bytes(file.data)
        path.chmod(0o755 if file.executable else 0o644)
        paths[name] = path
    return paths


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Ignores ctrl-c and similar signals."""
    before = {number: signal.signal(number, signal.SIG_IGN)
              for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def carry_out(top: Path, room: Path, plan: Plan) -> None:
    """Executes the plan: copies first, so that nothing can be lost, and the
    record last, so that an interrupted run can be repeated."""
    check_writable(top, plan)
    ready = room / "ready"
    ready.mkdir()
    paths = prepare(ready, {**plan.copies, **plan.writes})
    record = paths.pop(RECORD, None)
    with undisturbed():
        try:
            for name, path in paths.items():
                (top / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, top / name)
            remove(top, plan.removes)
            if record is not None:
                os.replace(record, top / RECORD)
        except OSError as err:
            raise TreeError(f"{err.filename}: {err.strerror}; not all files "
                            "are replaced: run it again") from None


def remove(top: Path, names: List[str]) -> None:
    """Removes files, and folders that become empty."""
    for name in names:
        (top / name).unlink()
        folder = (top / name).parent
        while folder != top and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def lab_of(top: Path) -> int:
    """The lab in progress, or the first."""
    try:
        found = LAB.findall(read_plain(top, LAB_FILE))
    except TreeError:
        found = []
    return int(found[-1]) if found else 1


def summary(top: Path, plan: Plan) -> List[str]:
    """The messages at the end of an update."""
    staff = [name for name in plan.writes if name != RECORD]
    if not staff and not plan.removes and not plan.copies:
        return [*plan.said, "nothing to do: this tree is up to date"]
    lines = [*plan.said, f"{len(staff)} files replaced or added, "
             f"{len(plan.removes)} removed"]
    if (top / ".git").exists():
        lines.append("nothing is committed: see 'git status'")
    return lines


def lock(room: Path) -> int:
    """Makes the folder for one update at a time. Returns an open file in it,
    locked until it is closed. NFS wants the file open for writing; on a file
    system without locks, it is not locked."""
    while True:
        room.mkdir(exist_ok=True)
        try:
            handle = os.open(room / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            continue  # another update has just ended and removed the folder
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise TreeError("another update is at work here") from None
        except OSError:
            return handle
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(room / LOCK)):
                return handle
        os.close(handle)  # another update has removed the file


@contextlib.contextmanager
def workroom(top: Path) -> Iterator[Path]:
    """A folder in the tree for one update at a time. It is removed at the end,
    together with what an interrupted update has left."""
    room = top / ROOM
    if room.is_symlink() or room.is_file():
        raise TreeError(f"{ROOM} is not a folder: refused")
    handle = lock(room)
    try:
        for path in room.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != LOCK:
                path.unlink()
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        os.close(handle)


def update(top: Path, source: str) -> List[str]:
    """Does the work; returns the messages to print."""
    if (top / RENDERER).exists():
        raise TreeError("this is the complete tree, not a student's: use git")
    if not source:
        raise TreeError("say where from: make update FROM=dir-or-git-url")
    with workroom(top) as room:
        tree = fetch(source, top, room)
        if tree == top:
            raise TreeError(f"{source} is this tree itself")
        tree = rendered(tree, source, lab_of(top), room)
        files = read_release(tree, source)
        listed = load_exercises(tree)
        planner = Planner(top, files, files_of(listed))
        planner.carry(Moves.load(tree), listed)
        plan = planner.make()
        carry_out(top, room, plan)
        return summary(top, plan)


def finish(top: Path) -> List[str]:
    """Carries answers over after an earlier release's tool has put this
    release's files beside the student's; returns the messages to print."""
    record, listed, moves = read_record(top), load_exercises(top), Moves.load(top)
    old, new, begun = {}, {}, []
    for name in sorted({*files_of(listed), *(one.file for one in moves.moves)}):
        mine, beside = File.read(top, name), File.read(top, name + NEW)
        if mine and beside and digest(beside.data) == record.get(name):
            old[name] = mine
            new[name] = beside
        elif mine and name in files_of(listed):
            new[name] = mine
            begun.append(name)
    if not old:
        return []
    planner = Planner(top, new, files_of(listed))
    texts = {name: as_text(file.data) for name, file in old.items()}
    planner.enter_carried(texts, Carrier(
        moves, listed, texts,
        {name: as_text(file.data) for name, file in new.items()
         if name in files_of(listed)}, begun).carry())
    planner.plan.removes += [name + NEW for name in old if name in planner.done]
    with workroom(top) as room:
        carry_out(top, room, planner.plan)
    return planner.plan.said


def main(argv: List[str], top: Path = Path(__file__).resolve().parent.parent
         ) -> int:
    """Runs the tool; returns the exit status."""

    def stop(number: int, frame: Optional[FrameType]) -> None:
        raise KeyboardInterrupt

    if len(argv) != 1 or (argv[0].startswith("-") and argv[0] != "--carry"):
        print("usage: update.py FROM | --carry", file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        work = finish(top) if argv[0] == "--carry" else update(top, argv[0])
        for line in work:
            print(f"update: {line}")
        return 0
    except KeyboardInterrupt:
        reason = "interrupted, and nothing was changed"
    except TreeError as err:
        reason = str(err)
    except OSError as err:
        reason = f"{err.filename or top}: {err.strerror}"
    print(f"update: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    run_tool(main)
