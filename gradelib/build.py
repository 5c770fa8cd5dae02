"""Building the tree; telling a student's mistake from a broken host."""

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


# A fault of the host, even when a compiler reports it for a source line.
HOST = re.compile(r"No space left on device|Read-only file system"
                  r"|Permission denied|Disk quota exceeded")


# Limits for untrusted sources: seconds and bytes per process, seconds for the
# whole build, and bytes of make's output that are read.
CPU_LIMIT = 120
FILE_LIMIT = 64 << 20
MEMORY_LIMIT = 2 << 30
BUILD_LIMIT = 300
OUTPUT_LIMIT = 1 << 20

# Lines that make adds to the output of its commands.
SUMMARY = re.compile(r"make(\[\d+\])?: \*\*\* (\[|Waiting|Deleting)")


class BuildFailed(Exception):
    """The sources do not compile; the text is the tools' output."""


def obj_of(tree: Path) -> Path:
    """Where make puts what it builds."""
    return tree / os.environ.get("OBJDIR", "obj")


def _environment(pristine: bool) -> Dict[str, str]:
    """Our environment, without what an outer make set for its children, and in
    a pristine build without what leads out of its tree."""
    dropped = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES",
               "GNUMAKEFLAGS"}
    if pristine:
        dropped |= {"OBJDIR", "MAKEFILES", "CPATH", "C_INCLUDE_PATH"}
    kept = {name: value for name, value in os.environ.items()
            if name not in dropped}
    # Compilers and linkers must complain in English, which we parse, but keep
    # the user's character set.
    if kept.get("LC_ALL"):
        kept["LC_CTYPE"] = kept["LC_ALL"]
    kept.pop("LC_ALL", None)
    kept["LC_MESSAGES"] = "C"
    return kept


def _variables() -> List[str]:
    """The variables set on an outer make's command line."""
    _, dashes, words = os.environ.get("MAKEFLAGS", "").partition("-- ")
    return shlex.split(words) if dashes else []


def _bound() -> None:
    """Limits the resources of each command of a build."""
    for what, most in ((resource.RLIMIT_CPU, CPU_LIMIT),
                       (resource.RLIMIT_FSIZE, FILE_LIMIT),
                       (resource.RLIMIT_AS, MEMORY_LIMIT)):
        allowed = resource.getrlimit(what)[1]
        if allowed == resource.RLIM_INFINITY or most < allowed:
            resource.setrlimit(what, (most, most))


def _run(command: List[str], tree: Path, pristine: bool,
         output: IO[bytes]) -> int:
    """Runs make; returns its status. For untrusted sources, the compiler's
    output and time are limited."""
    # A session of its own lets us kill its children too; but ctrl-C must reach
    # the make of one's own tree.
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
    """Copies what the tests need from the build in `obj` to `target`, a new
    directory: another make may replace the build while they run."""
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
    """The line of make's output that says why it failed."""
    lines = [line for line in lines if not SUMMARY.match(line)]
    told = [line for line in lines if HOST.search(line)] or lines[-1:]
    if not told:
        return "make failed"
    return re.sub(r"^\S+:\d+: \*\*\* |\.? *Stop\.$", "", told[0])
