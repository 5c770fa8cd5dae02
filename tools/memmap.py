#!/usr/bin/env python3
"""Draws the memory of a machine from its real page tables: make memmap.

    tools/memmap.py OBJDIR QEMU LAB... [--init NAME | --test NAME]

Draws the machine that make qemu runs now. If there is none, boots the kernel to
the monitor, or to where it fails, in the last LAB, with a program that stays in
memory. With --init another program runs first, and with --test the machine runs
a test of the grader. The map is printed, and written to OBJDIR/memmap.html.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import List, Optional

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from gradelib import calibrate  # noqa: E402
from gradelib.case import Case  # noqa: E402
from gradelib.limits import Limits  # noqa: E402
from gradelib.live import Live  # noqa: E402
from gradelib.machine import MachineGone  # noqa: E402
from gradelib.maptext import as_text  # noqa: E402
from gradelib.memmap import spaces  # noqa: E402
from gradelib.outcome import Failed, GraderError  # noqa: E402
from gradelib.pagemap import page_map  # noqa: E402
from gradelib.picture import as_html  # noqa: E402
from gradelib.symbols import Symbols  # noqa: E402
from gradelib.testcase import Test  # noqa: E402
from gradelib.vm import Bench, Fleet, Vm  # noqa: E402
from tools.boot import LastRun, runs  # noqa: E402
from tools.fileio import run_tool  # noqa: E402
from tools.gdbtest import clean_up_when_told_to_end  # noqa: E402
from tools.replay import find, find_program  # noqa: E402

USER_LAB = 3  # the first lab with user programs
STAYS = "breakpoint"  # enters the monitor with its address space loaded


def parse(argv: List[str]) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser("memmap", allow_abbrev=False)
    parser.add_argument("objdir", type=Path)
    parser.add_argument("qemu")
    parser.add_argument("labs", nargs="+", metavar="LAB")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--init", metavar="NAME")
    what.add_argument("--test", metavar="NAME")
    return parser.parse_args(argv)


class Scene:
    """What the machine does before it is drawn."""

    def __init__(self, labs: List[str], init: Optional[str],
                 test: Optional[str]) -> None:
        self.lab = int(labs[-1])
        self.test: Optional[Test] = None
        if test:
            lab, self.test = find(test, labs)
            self.lab = lab.number
        program = STAYS if init is None and self.lab >= USER_LAB else init
        self.program = program or ""

    def run(self, vm: Vm) -> str:
        """Runs it; returns a description of the result."""
        if self.test is None:
            vm.begin("memmap")
            vm.boot(self.program)
            what = f"lab {self.lab}, {self.program}".rstrip(", ")
        else:
            what = f"test {self.test.name}, which {self._try(vm, self.test)}"
        if not vm.runs:
            raise GraderError(f"{what}, starts no machine")
        ending = vm.runs[-1].ending
        if ending.panic is not None:
            panic = ending.panic
            return f"{what}: kernel panic at {panic.file}:{panic.line}"
        if ending.todo is not None:
            return f"{what}: TODO {ending.todo.text}"
        return f"{what}: {ending.stop.value}"

    @staticmethod
    def _try(vm: Vm, test: Test) -> str:
        vm.begin(test.name)
        try:
            test.function(vm)
        except Failed as failure:
            return f"fails ({failure.reason})"
        return "passes"


def draw(title: str, case: Case, lab: int, target: Path) -> None:
    """Shows the map and writes the picture."""
    if case.code_trouble:
        title += f"; {case.code_trouble}"
    found, pages = spaces(case, lab), page_map(case)
    target.write_text(as_html(title, found, pages), encoding="utf-8")
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(as_text(title, found, pages, color))
    print(f"\nThe same as a picture: {target}", flush=True)


def draw_live(options: argparse.Namespace) -> bool:
    """Draws the machine that runs now, if one does."""
    last = LastRun.load(options.objdir)
    try:
        live = Live(Path(last.control)) if last and last.control else None
    except OSError:
        return False
    if last is None or live is None:
        if runs(options.objdir):
            print("note: a machine runs, but there is no socket to look at it "
                  "through (see TMPDIR); this is a new one", file=sys.stderr)
        return False
    words = last.arguments
    labs = [word[len("lab="):] for word in words if word.startswith("lab=")]
    with live:
        draw(f"the machine that runs now: {' '.join(words)}",
             live.case(Symbols(options.objdir)),
             int((labs or options.labs)[-1]), options.objdir / "memmap.html")
    return True


def draw_new(options: argparse.Namespace) -> None:
    """Boots a machine and draws it."""
    scene = Scene(options.labs, options.init, options.test)
    with tempfile.TemporaryDirectory(prefix="jos-memmap-") as room:
        scratch = Path(room)
        qemu = find_program(options.qemu)
        limits = Limits(lambda: calibrate.measure(qemu, scratch))
        vm = Vm(Bench(scene.lab, qemu, options.objdir,
                      random.SystemRandom().getrandbits(32),
                      Symbols(options.objdir), limits, Fleet(scratch)))
        try:
            title = scene.run(vm)
            draw(title, vm.runs[-1].case, scene.lab,
                 options.objdir / "memmap.html")
        finally:
            vm.close()


def main(argv: List[str]) -> int:
    """Returns the exit status."""
    options = parse(argv)
    clean_up_when_told_to_end()
    asked = options.init is not None or options.test is not None
    try:
        if asked or not draw_live(options):
            draw_new(options)
    except (GraderError, MachineGone, OSError) as err:
        print(f"memmap: {err}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    run_tool(main)
