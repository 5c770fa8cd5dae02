#!/usr/bin/env python3
"""Grades the lab in progress and packs what is to be handed in.

    tools/handin.py LAB         or: make handin

lab<N>-handin.tar.gz gets the files with exercises, of every lab, and the grade
report: grade.txt as it is shown, grade.json for programs. The same files and
report give the same archive.

Exit status: 0 packed, whatever the score; 1 nothing was packed; 2 packed, but
the kernel does not compile or the grader could not do its work.
"""

from __future__ import annotations

import gzip
import io
import json
import signal
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from types import FrameType
from typing import IO, Dict, List, NamedTuple, Optional, Tuple, cast

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import fileio
from exercises import TreeError, files_of, load_exercises, read_plain
from release import additions, edited, read_record

NO_BUILD = "the kernel does not compile"  # says each test, then
PACKED, NOT_PACKED, NOT_GRADED = 0, 1, 2


class Grade(NamedTuple):
    """The grader's result for the tree."""

    console: bytes
    results: Optional[bytes]  # as JSON, if the grader got that far
    trouble: str  # why there is no true score, or empty


def read_files(top: Path) -> Dict[str, bytes]:
    """The student's files; all must be there, as plain files."""
    names = files_of(load_exercises(top))
    files, faults = {}, []
    for name in names:
        try:
            files[name] = read_plain(top, name)
        except TreeError as err:
            faults.append(str(err))
    if faults:
        raise TreeError("\n".join(faults))
    return files


def run_grader(top: Path, lab: int, results: Path) -> Tuple[int, bytes]:
    """Runs the grader and shows its output at once. Returns its exit status
    and the output."""
    grader = top / f"grade-lab{lab}"
    if not grader.is_file():
        raise TreeError(f"{grader.name} is missing")
    process = subprocess.Popen(
        [sys.executable, str(grader), "--results", str(results)],
        cwd=str(top), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    assert process.stdout is not None
    printed = []
    try:
        for line in process.stdout:
            printed.append(line)
            sys.stdout.write(line.decode("utf-8", "replace"))
            sys.stdout.flush()
        return process.wait(), b"".join(printed)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        process.stdout.close()


def grade(top: Path, lab: int) -> Grade:
    """Grades the tree."""
    with tempfile.TemporaryDirectory(prefix=".handin-", dir=str(top)) as room:
        results = Path(room) / "grade.json"
        status, console = run_grader(top, lab, results)
        data = results.read_bytes() if results.is_file() else None
    if data is None or status not in (0, 1):
        return Grade(console, data, "the grader could not do its work")
    tests = json.loads(data)["tests"]
    if tests and all(NO_BUILD in test["text"] for test in tests):
        return Grade(console, data, NO_BUILD)
    return Grade(console, data, "")


def pack(folder: str, files: Dict[str, bytes]) -> bytes:
    """An archive of these files; it depends on nothing else."""
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, packed, mtime=0) as zipped, tarfile.open(
            fileobj=cast(IO[bytes], zipped), mode="w",
            format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size = len(files[name])
            archive.addfile(entry, io.BytesIO(files[name]))
    return packed.getvalue()


def warnings(top: Path, files: Dict[str, bytes]) -> List[str]:
    """Names what a student may expect to be handed in, but is not."""
    try:
        record = read_record(top)
    except TreeError:
        return []
    changed = [f"{name} was changed, but is not packed: a class is graded "
               "with the original" for name in edited(top, record, files)]
    added = [f"{name} is not packed: a class is graded without it"
             for name in additions(top, record)]
    return changed + added


def hand_in(top: Path, lab: int) -> int:
    """Does the work; returns the exit status."""
    files = read_files(top)
    graded = grade(top, lab)
    if read_files(top) != files:
        raise TreeError("files were changed while they were graded: run it "
                        "again")
    contents = {**files, "grade.txt": graded.console}
    if graded.results is not None:
        contents["grade.json"] = graded.results
    folder = f"lab{lab}-handin"
    target = top / f"{folder}.tar.gz"
    fileio.replace(target, pack(folder, contents))
    for text in warnings(top, files):
        print(f"handin: note: {text}")
    print(f"handin: {target.name} has your {len(files)} files and the report")
    sys.stdout.flush()
    if graded.trouble:
        print(f"handin: warning: packed, but {graded.trouble}",
              file=sys.stderr)
    return NOT_GRADED if graded.trouble else PACKED


def main(argv: List[str], top: Path = Path(__file__).resolve().parent.parent
         ) -> int:
    """Runs the tool; returns the exit status."""

    def stop(number: int, frame: Optional[FrameType]) -> None:
        raise KeyboardInterrupt

    if len(argv) != 1 or not argv[0].isdigit():
        print("usage: handin.py LAB", file=sys.stderr)
        return NOT_PACKED
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        return hand_in(top, int(argv[0]))
    except KeyboardInterrupt:
        faults = "interrupted"
    except TreeError as err:
        faults = str(err)
    except OSError as err:
        faults = f"{err.filename or top}: {err.strerror}"
    sys.stdout.flush()
    for fault in [*faults.split("\n"), "nothing was packed"]:
        print(f"handin: {fault}", file=sys.stderr)
    return NOT_PACKED


if __name__ == "__main__":
    fileio.run_tool(main)
