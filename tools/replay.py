#!/usr/bin/env python3
"""Records a test of the grader and opens it in gdb where it fails: make
replay-TEST.

    tools/replay.py OBJDIR QEMU GDB TEST LAB...

The test runs as in the grader, but QEMU records all external events. Then QEMU
replays the recording for gdb, which can step backwards in it.
"""

from __future__ import annotations

import random
import shlex
import shutil
import sys
from pathlib import Path
from typing import List, Tuple

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from gradelib.main import load_lab  # noqa: E402
from gradelib.outcome import GraderError  # noqa: E402
from gradelib.record import Point, Recording, point_of, record  # noqa: E402
from gradelib.symbols import Symbols  # noqa: E402
from gradelib.testcase import Lab, Test  # noqa: E402
from tools.gdbtest import Recipe, clean_up_when_told_to_end, debug  # noqa: E402

USAGE = "usage: replay.py OBJDIR QEMU GDB TEST LAB..."
CONSOLE_LINES = 8
HELP = ("Back: reverse-stepi, reverse-step, reverse-next, reverse-finish, and "
        "reverse-continue to a breakpoint.",
        "Forward as usual, up to the end of the recording.")


def find(name: str, labs: List[str]) -> Tuple[Lab, Test]:
    """The test called `name`, of the last lab that has it."""
    for number in reversed(labs):
        lab = load_lab(number)
        for test in lab.tests:
            if test.name == name:
                return lab, test
    raise GraderError(f"no lab has a test {name}")


def find_program(qemu: str) -> Tuple[str, ...]:
    """The full path of QEMU's program, and the options given with it."""
    words = shlex.split(qemu)
    found = shutil.which(words[0])
    if found is None:
        raise GraderError(f"{words[0]} was not found: run 'make setup'")
    return (str(Path(found).absolute()), *words[1:])


def announce(test: Test, recording: Recording, point: Point) -> None:
    """Prints what was recorded."""
    what = f"fails: {recording.reason}" if recording.reason else "passes"
    for line in recording.lines[-CONSOLE_LINES:]:
        print(f"    {line}")
    print(f"+ {test.name} {what}; gdb opens at {point.what}", flush=True)
    if recording.from_disk:
        print("  (booted from the kernel's file: from the disk, QEMU's "
              "recordings do not work)", flush=True)


def replay(qemu: str, gdb: str, objdir: Path, recording: Recording,
           point: Point) -> int:
    """Opens the recording in gdb; returns gdb's status."""
    setup = recording.setup
    recipe = Recipe(" ".join(setup.arguments), [
        "-m", setup.memory, *recording.tape.options("replay")])
    wall = ("python import tools.gdb.tape; "
            f"tools.gdb.tape.Wall({recording.count})")
    return debug(qemu, gdb, objdir, recipe, [
        wall, *point.commands, *(f"echo {line}\\n" for line in HELP)], False)


def main(argv: List[str]) -> int:
    """Returns the exit status."""
    if len(argv) < 5:
        print(USAGE, file=sys.stderr)
        return 2
    objdir, qemu, gdb, name = Path(argv[0]), *argv[1:4]
    clean_up_when_told_to_end()
    try:
        lab, test = find(name, argv[4:])
        program = find_program(qemu)
        print(f"+ record {name}", flush=True)
        recording = record(test, lab, program, objdir,
                           random.SystemRandom().getrandbits(32))
        point = point_of(recording, Symbols(objdir))
        announce(test, recording, point)
        return replay(qemu, gdb, objdir, recording, point)
    except GraderError as err:
        print(f"replay: {err}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
