"""The graders' command line."""

from __future__ import annotations

import argparse
import os
import random
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

from gradelib.outcome import GraderError

DEFAULT_QEMU = "qemu-system-i386"
# QEMU's small firmware for machines whose kernel it loads itself. The default
# one probes disks and screens first, for longer than most tests take.
FIRMWARE = "qboot.rom"
# QEMU drops its privileges, so that a kernel which escapes from it cannot
# start programs. Not every system supports that.
SANDBOX = ("-sandbox", "on,spawn=deny")


@dataclass(frozen=True)
class Options:
    """The user's choices."""

    verbose: bool
    jobs: int
    color: bool
    build: bool
    seed: int
    results: Optional[Path]
    pristine: Optional[Path]
    gdb: Optional[str]
    words: Tuple[str, ...]  # tests, or for several labs also labs


def _parser(program: str, words: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(program, allow_abbrev=False)
    parser.add_argument("words", nargs="*", metavar=words)
    parser.add_argument("-v", "--verbose", action="store_true",
                        help="say what each test is about, and the seed")
    parser.add_argument("-j", "--jobs", type=int, default=processors(),
                        metavar="N", help="run N machines at a time")
    parser.add_argument("--color", choices=["always", "never", "auto"],
                        default="auto")
    parser.add_argument("--results", type=Path, metavar="F.json",
                        help="write the results there too")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="repeat the run whose seed was N")
    parser.add_argument("--pristine", type=Path, metavar="DIR",
                        help="grade the exercise files of this tree with "
                             "everything else from the clean tree DIR")
    parser.add_argument("--gdb", metavar="TEST",
                        help="print the boot arguments of TEST and stop")
    parser.add_argument("--no-build", dest="build", action="store_false",
                        help="test what is in obj/ as it is")
    return parser


def parse(program: str, words: str, argv: Sequence[str]) -> Options:
    """Parses the command line; on a bad one, argparse exits."""
    given = _parser(program, words).parse_args(argv)
    seed = given.seed
    if seed is None:
        seed = random.SystemRandom().getrandbits(32)
    color = given.color == "always" or (
        given.color == "auto" and sys.stdout.isatty()
        and "NO_COLOR" not in os.environ)
    return Options(given.verbose, max(given.jobs, 1), color, given.build,
                   seed, given.results, given.pristine, given.gdb,
                   tuple(given.words))


def processors() -> int:
    """How many CPUs this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def find_qemu() -> Tuple[str, ...]:
    """The path of QEMU, and the options that the user set for it."""
    words: List[str] = shlex.split(os.environ.get("QEMU") or DEFAULT_QEMU)
    found = shutil.which(words[0])
    if found is None:
        raise GraderError(f"{words[0]} was not found: install QEMU (make "
                          "setup), or say where it is with QEMU=...")
    return (str(Path(found).absolute()), *words[1:])


@dataclass(frozen=True)
class Abilities:
    """What a QEMU reports about itself."""

    sandbox: bool  # it accepts SANDBOX, and the system allows it
    places: Tuple[str, ...]  # where its firmware is


@lru_cache(maxsize=None)
def _ask(program: str) -> Abilities:
    """Asks QEMU. It parses options in order, and stops at -L help."""
    for words in (SANDBOX, ()):
        try:
            asked = subprocess.run([program, *words, "-L", "help"],
                                   stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, check=False)
        except OSError:
            break  # starting it will report the error
        if asked.returncode == 0:
            return Abilities(bool(words), tuple(
                os.fsdecode(asked.stdout).splitlines()))
    return Abilities(False, ())


def find_firmware(qemu: Sequence[str]) -> str:
    """The firmware for machines without a disk: FIRMWARE, or "" (the default)
    if this QEMU lacks it or the user chose one."""
    if "-bios" in qemu:
        return ""
    return FIRMWARE if any((Path(place) / FIRMWARE).is_file()
                           for place in _ask(qemu[0]).places) else ""


def sandbox(qemu: Sequence[str]) -> Sequence[str]:
    """The options that keep this QEMU from starting programs, if it has them
    and the user set none."""
    chosen = "-sandbox" in qemu or not _ask(qemu[0]).sandbox
    return () if chosen else SANDBOX
