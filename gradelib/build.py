"""Building the tree, and telling a student's mistake from a broken host."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Dict, List

from gradelib.outcome import GraderError

COMPLAINT = re.compile(
    r"^[\w./-]+\.\w+:(\d+:)?(\d+:)? .*[Ee]rror|undefined (reference|symbol)"
    r"|multiple definition|duplicate symbol", re.MULTILINE)


# The host's fault, even when a compiler says it about a line of the sources.
HOST = re.compile(r"No space left on device|Read-only file system"
                  r"|Permission denied|Disk quota exceeded")


# For the sources of others, a process: seconds, bytes; and for all of the build
# seconds. What make prints is read up to so many bytes.
CPU_LIMIT = 120
FILE_LIMIT = 64 << 20
MEMORY_LIMIT = 2 << 30
BUILD_LIMIT = 300
OUTPUT_LIMIT = 1 << 20

# What make adds to what its commands have said.
SUMMARY = re.compile(r"make(\[\d+\])?: \*\*\* (\[|Waiting|Deleting)")


class BuildFailed(Exception):
    """The sources do not compile; the text is what the tools said."""


def obj_of(tree: Path) -> Path:
    """Where make puts what it builds."""
    return tree / os.environ.get("OBJDIR", "obj")


def _environment(pristine: bool) -> Dict[str, str]:
    """Ours, without what an outer make left there for its own children, and
    for a pristine build without what leads out of its tree."""
    dropped = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES",
               "GNUMAKEFLAGS"}
    if pristine:
        dropped |= {"OBJDIR", "MAKEFILES", "CPATH", "C_INCLUDE_PATH"}
    kept = {name: value for name, value in os.environ.items()
            if name not in dropped}
    # Compilers and linkers are to complain in English, which is read here, but
    # to keep the user's characters.
    if kept.get("LC_ALL"):
        kept["LC_CTYPE"] = kept["LC_ALL"]
    kept.pop("LC_ALL", None)
    kept["LC_MESSAGES"] = "C"
    return kept


def _variables() -> List[str]:
    """The variables that were set on an outer make's command line."""
    _, dashes, words = os.environ.get("MAKEFLAGS", "").partition("-- ")
    return shlex.split(words) if dashes else []


def _bound() -> None:
    """Keeps each command of a build from taking the machine over."""
    for what, most in ((resource.RLIMIT_CPU, CPU_LIMIT),
                       (resource.RLIMIT_FSIZE, FILE_LIMIT),
                       (resource.RLIMIT_AS, MEMORY_LIMIT)):
        allowed = resource.getrlimit(what)[1]
        if allowed == resource.RLIM_INFINITY or most < allowed:
            resource.setrlimit(what, (most, most))


def _run(command: List[str], tree: Path, pristine: bool,
         output: IO[bytes]) -> int:
    """Runs make; returns its status. Of a stranger's sources, the compiler
    may make only so much, and take only so long."""
    # In a session of its own, so that its children can be ended too; but
    # ctrl-C must reach the make of one's own tree.
    with subprocess.Popen(
            command, cwd=tree, env=_environment(pristine),
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=pristine,
            preexec_fn=_bound if pristine else None) as process:
        try:
            return process.wait(BUILD_LIMIT if pristine else None)
        except subprocess.TimeoutExpired:
            raise GraderError("cannot build: it takes longer than "
                              f"{BUILD_LIMIT} s") from None
        finally:
            if pristine:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def build(tree: Path, pristine: bool) -> None:
    """Brings the kernel and its disk image up to date."""
    make = shutil.which("make")
    if make is None:
        raise GraderError("make was not found: install it (see README.md)")
    command = [make, "--no-print-directory", "-s",
               *([] if pristine else _variables()), "image"]
    with tempfile.TemporaryFile() as output:
        status = _run(command, tree, pristine, output)
        output.seek(0)
        said = output.read(OUTPUT_LIMIT).decode("utf-8", "replace").strip()
    if status == 0:
        return
    lines = [line for line in said.splitlines()
             if not line.startswith("+ ")]
    if COMPLAINT.search(said) and not HOST.search(said):
        raise BuildFailed("\n".join(lines))
    raise GraderError(f"cannot build: {_trouble(lines)}")


def take_images(obj: Path, target: Path) -> None:
    """Copies to `target`, a new directory, what the tests need of the build in
    `obj`: another make may replace that while they run."""
    (target / "kern").mkdir(parents=True)
    (target / "user").mkdir()
    programs = [path for path in sorted((obj / "user").glob("*"))
                if path.is_file() and not path.suffix]
    for path in (obj / "kern/kernel", obj / "kern/kernel.img", *programs):
        try:
            shutil.copyfile(path, target / path.relative_to(obj))
        except FileNotFoundError:
            raise GraderError(f"there is no {os.path.relpath(path)}: run "
                              "'make' first") from None


def _trouble(lines: List[str]) -> str:
    """The line of make's that says why it failed."""
    lines = [line for line in lines if not SUMMARY.match(line)]
    told = [line for line in lines if HOST.search(line)] or lines[-1:]
    if not told:
        return "make failed"
    return re.sub(r"^\S+:\d+: \*\*\* |\.? *Stop\.$", "", told[0])
