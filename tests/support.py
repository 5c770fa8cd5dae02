"""Shared by several parts of the checks: the tree, make, the toolchains."""

import os
import re
import shutil
import subprocess
import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, Optional, Tuple

TOP = Path(__file__).resolve().parent.parent
Done = subprocess.CompletedProcess

# Folders without hand-written files.
GENERATED = {"obj", ".git", "__pycache__", ".ruff_cache"}


@dataclass(frozen=True)
class Toolchain:
    """A compiler and linker, and the arguments that make make use them."""

    name: str
    words: Tuple[str, ...]
    needs: Tuple[str, ...]

    @property
    def objdir(self) -> str:
        return f"obj/check/{self.name}"

    def missing(self) -> Optional[str]:
        """The first of its tools that this machine lacks."""
        absent = [tool for tool in self.needs if not shutil.which(tool)]
        return absent[0] if absent else None


def toolchains() -> List[Toolchain]:
    """The toolchains that every change is checked with."""
    return [
        Toolchain("gcc", ("CC=gcc", "LD=ld"), ("gcc", "ld")),
        Toolchain("clang", ("CC=clang", "LD=ld"), ("clang", "ld")),
        Toolchain("clang-lld", ("CC=clang", "LD=ld.lld"), ("clang", "ld.lld")),
        *newest(),
    ]


def versions(family: str) -> List[int]:
    """The versions of a compiler that are installed by name: 12 for gcc-12."""
    names = {path.name for folder in os.get_exec_path()
             for path in Path(folder).glob(f"{family}-*")}
    found = [re.fullmatch(rf"{family}-(\d+)", name) for name in names]
    return sorted(int(match[1]) for match in found if match)


def toolchain(compiler: str, linker: str) -> Toolchain:
    """The compiler and linker with these names."""
    return Toolchain(f"{compiler}-{linker}", (f"CC={compiler}", f"LD={linker}"),
                     (compiler, linker))


def newest() -> Iterator[Toolchain]:
    """The newest gcc, and clang with its lld, if the default is older."""
    for family, linker in ("gcc", "ld"), ("clang", "ld.lld-{}"):
        found = max(versions(family), default=0)
        if shutil.which(family) and found > default_version(family):
            yield toolchain(f"{family}-{found}", linker.format(found))


def default_version(family: str) -> int:
    """The version of the compiler with only the family's name."""
    return int(run(family, "-dumpversion").stdout.partition(".")[0])


def cases(checks: type, tools: Iterable[Toolchain]) -> unittest.TestSuite:
    """The tests of a class of checks for each toolchain."""
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    return unittest.TestSuite(
        load(type(f"{checks.__module__}-{each.name}", (checks, unittest.TestCase),
                  {"toolchain": each})) for each in tools)


def clean_environment(extra: Optional[Dict[str, str]] = None) -> Dict[str, str]:
    """The environment without the variables of the make that runs the checks."""
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
    """Run make on all cores."""
    return run("make", f"-j{os.cpu_count() or 1}", *words, cwd=cwd, limit=limit,
               extra=extra)


def sources(*patterns: str) -> Iterator[Path]:
    """The hand-written files that match one of the patterns, in order."""
    for path in sorted(TOP.rglob("*")):
        inside = path.relative_to(TOP)
        if GENERATED.isdisjoint(inside.parts) and path.is_file():
            if any(inside.match(pattern) for pattern in patterns):
                yield path


def copy_tree(destination: Path) -> Path:
    """Copy the tree without generated files."""
    shutil.copytree(TOP, destination, symlinks=True,
                    ignore=shutil.ignore_patterns(*GENERATED))
    return destination


def tail(text: str, lines: int = 25) -> str:
    """The end of some output, for a failure's message."""
    return "\n".join(text.splitlines()[-lines:])
