"""What several parts of the checks share: the tree, make, the toolchains."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

TOP = Path(__file__).resolve().parent.parent
Done = subprocess.CompletedProcess

# Folders of no interest to a check of what people wrote.
GENERATED = {"obj", ".git", "__pycache__", ".ruff_cache"}


@dataclass(frozen=True)
class Toolchain:
    """A compiler and linker, and the words that tell make to use them."""

    name: str
    words: Tuple[str, ...]
    needs: Tuple[str, ...]

    @property
    def objdir(self) -> str:
        return f"obj/check/{self.name}"

    def missing(self) -> Optional[str]:
        """The first tool of it that this machine lacks."""
        absent = [tool for tool in self.needs if not shutil.which(tool)]
        return absent[0] if absent else None


def toolchains() -> List[Toolchain]:
    """The ones every change is checked with."""
    return [
        Toolchain("gcc", ("CC=gcc", "LD=ld"), ("gcc", "ld")),
        Toolchain("clang", ("CC=clang", "LD=ld"), ("clang", "ld")),
        Toolchain("clang-lld", ("CC=clang", "LD=ld.lld"), ("clang", "ld.lld")),
    ]


def clean_environment(extra: Optional[Dict[str, str]] = None) -> Dict[str, str]:
    """The environment without what the make that runs the checks put there."""
    variables = {name: value for name, value in os.environ.items()
                 if not name.startswith(("MAKE", "MFLAGS"))}
    variables.update({"LC_ALL": "C", **(extra or {})})
    return variables


def run(*words: str, cwd: Path = TOP, limit: float = 300,
        extra: Optional[Dict[str, str]] = None) -> Done:
    """Run a command; its standard error is part of its output."""
    return subprocess.run(
        words, cwd=cwd, env=clean_environment(extra), timeout=limit,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True, errors="replace")


def make(*words: str, cwd: Path = TOP, limit: float = 300,
         extra: Optional[Dict[str, str]] = None) -> Done:
    """Run make on as many cores as there are."""
    return run("make", f"-j{os.cpu_count() or 1}", *words, cwd=cwd, limit=limit,
               extra=extra)


def sources(*patterns: str) -> Iterator[Path]:
    """The files people wrote that match one of the patterns, in order."""
    for path in sorted(TOP.rglob("*")):
        inside = path.relative_to(TOP)
        if GENERATED.isdisjoint(inside.parts) and path.is_file():
            if any(inside.match(pattern) for pattern in patterns):
                yield path


def copy_tree(destination: Path) -> Path:
    """Copy the tree without what was generated."""
    shutil.copytree(TOP, destination, symlinks=True,
                    ignore=shutil.ignore_patterns(*GENERATED))
    return destination


def tail(text: str, lines: int = 25) -> str:
    """The end of some output, for a failure's message."""
    return "\n".join(text.splitlines()[-lines:])
