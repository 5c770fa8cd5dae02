"""Building the tree, and telling a student's mistake from a broken host."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Dict, List

from gradelib.outcome import GraderError

COMPLAINT = re.compile(
    r"^[\w./-]+\.\w+:(\d+:)?(\d+:)? .*[Ee]rror|undefined (reference|symbol)"
    r"|multiple definition|duplicate symbol", re.MULTILINE)


# The host's fault, even when a compiler says it about a line of the sources.
HOST = re.compile(r"No space left on device|Read-only file system"
                  r"|Permission denied|Disk quota exceeded")


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
    return {name: value for name, value in os.environ.items()
            if name not in dropped}


def _variables() -> List[str]:
    """The variables that were set on an outer make's command line."""
    _, dashes, words = os.environ.get("MAKEFLAGS", "").partition("-- ")
    return shlex.split(words) if dashes else []


def build(tree: Path, pristine: bool) -> None:
    """Brings the kernel and its disk image up to date."""
    make = shutil.which("make")
    if make is None:
        raise GraderError("make was not found: install it (see README.md)")
    done = subprocess.run(
        [make, "--no-print-directory", "-s",
         *([] if pristine else _variables()), "image"],
        cwd=tree, env=_environment(pristine), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode == 0:
        return
    said = done.stdout.decode("utf-8", "replace").strip()
    lines = [line for line in said.splitlines()
             if not line.startswith("+ ")]
    if COMPLAINT.search(said) and not HOST.search(said):
        raise BuildFailed("\n".join(lines))
    raise GraderError(f"cannot build: {_trouble(lines)}")


def _trouble(lines: List[str]) -> str:
    """The line of make's that says why it failed."""
    lines = [line for line in lines if not SUMMARY.match(line)]
    told = [line for line in lines if HOST.search(line)] or lines[-1:]
    if not told:
        return "make failed"
    return re.sub(r"^\S+:\d+: \*\*\* |\.? *Stop\.$", "", told[0])
