#!/usr/bin/env python3
"""Explains how the last make qemu ended: make explain.

    tools/explain.py OBJDIR QEMU

Runs the kernel again as make qemu did, headless and with a log of interrupts,
repeats what was typed at its monitor, and explains its end as the graders do.
"""

from __future__ import annotations

import contextlib
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import List, Optional

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from gradelib import calibrate  # noqa: E402
from gradelib.case import Case  # noqa: E402
from gradelib.diagnosis import blame  # noqa: E402
from gradelib.explain import explain  # noqa: E402
from gradelib.hints import hint  # noqa: E402
from gradelib.limits import Limits  # noqa: E402
from gradelib.machine import Machine, MachineGone  # noqa: E402
from gradelib.outcome import Failed, GraderError  # noqa: E402
from gradelib.setup import Setup  # noqa: E402
from gradelib.symbols import Symbols  # noqa: E402
from gradelib.testcase import Test  # noqa: E402
from gradelib.vm import Bench, Fleet, Run, Vm  # noqa: E402
from tools.boot import LastRun, console_log, digest  # noqa: E402
from tools.fileio import run_tool  # noqa: E402
from tools.gdbtest import clean_up_when_told_to_end  # noqa: E402
from tools.replay import find_program  # noqa: E402

USAGE = "usage: explain.py OBJDIR QEMU"
PROMPT = "K> "
# What ctrl-a x makes QEMU say on the console.
TERMINATED = re.compile(rb"QEMU: Terminated\s*\Z")
USER_END = re.compile(r"\[[0-9a-f]{8}\] user (fault va|panic) .*"
                      r"|\[[0-9a-f]{8}\] user_mem_check assertion failure .*")
LONGEST = 1 << 20  # bytes of a console log that are read


def as_seen(line: str) -> str:
    """A line of the console without what was erased while typing."""
    seen: List[str] = []
    at = 0
    for char in line:
        if char == "\b":
            at = max(at - 1, 0)
        elif char >= " ":
            seen[at:at + 1] = [char]
            at += 1
    return "".join(seen).rstrip()


def lines_of(console: bytes) -> List[str]:
    """The lines of a console."""
    text = TERMINATED.sub(b"", console[:LONGEST]).decode("utf-8", "replace")
    text = text.replace("\r", "")
    return [as_seen(line) for line in text.split("\n")]


def commands(lines: List[str]) -> List[str]:
    """What was typed at the monitor; a line counts when Enter ended it."""
    typed = [line[len(PROMPT):].strip() for line in lines[:-1]
             if line.startswith(PROMPT)]
    return [command for command in typed if command]


def difference(before: List[str], now: List[str]) -> Optional[str]:
    """How the run differs from the one before, which the user may have ended
    earlier; None if it does not."""
    *whole, last = before
    for number, line in enumerate(whole):
        if number >= len(now):
            return f"then it went on with: {line}"
        if line != now[number]:
            return f"then: {line}; now: {now[number]}"
    if len(whole) < len(now) and now[len(whole)].startswith(last):
        return None
    return f"then it went on with: {last}" if last.strip() else None


class Again(Vm):
    """Repeats the last run."""

    def __init__(self, bench: Bench, last: LastRun) -> None:
        super().__init__(bench)
        self._words = last
        self.begin("explain", log=True)

    def _start(self, setup: Setup) -> Machine:
        return super()._start(replace(
            setup, arguments=tuple(self._words.arguments),
            memory=self._words.memory,
            cpus=self._words.cpus))

    def repeat(self, typed: List[str]) -> Run:
        """Boots, and types until something goes wrong."""
        program = [word[len("init="):] for word in self._words.arguments
                   if word.startswith("init=")]
        run = self.boot(program[-1] if program else "", disk=True)
        for command in typed:
            if not run.ending.clean:
                break
            run = self.command(*command.split())
        return run


def report(case: Case) -> List[str]:
    """The explanation of how a run ended."""
    ending = case.ending
    # There was no test: blame only what was observed.
    test = Test("explain", "", 0, ("",), (), "", 0, lambda vm: None)
    if ending.clean:
        lines = case.console.split("\n")
        ends = [line for line in lines if USER_END.fullmatch(line)]
        said = ["the kernel waits at its monitor; nothing crashed",
                *(f"a program was ended, though: {line}" for line in ends[-1:])]
    else:
        said = explain(test, Failed(""), ending, case)
    exercise = ""
    with contextlib.suppress(Failed, GraderError):  # memory may be garbage
        exercise = (ending.todo.text if ending.todo is not None
                    else blame(test, Failed(""), case))
    return said + pointers(exercise, "\n".join(said), ending.todo is None)


def pointers(exercise: str, said: str, hinted: bool) -> List[str]:
    """Where to look next: the exercise, if one is known to be at fault."""
    if not exercise:
        return []
    lab, _, name = exercise.partition(".")
    help_ = hint(exercise, said) if hinted else ""
    return [*([f"hint: {help_}"] if help_ else []),
            f"exercise {exercise}, labs/{lab}/README.md#{name}"]


def remarks(objdir: Path, last: LastRun, before: List[str],
            now: List[str]) -> List[str]:
    """Reasons why the explanation may not apply to the run that was seen."""
    notes = []
    if digest(objdir) != last.kernel:
        notes.append("the kernel was built again since it ran; this is about "
                     "the new one")
    change = difference(before, now)
    if change is not None:
        notes.append(f"this run is not like the one before: {change}")
    return [f"note: {note}" for note in notes]


def again(objdir: Path, qemu: str, last: LastRun, scratch: Path) -> List[str]:
    """Runs it again; returns the lines to print."""
    before = lines_of(console_log(objdir).read_bytes())
    program = find_program(qemu)
    limits = Limits(lambda: calibrate.measure(program, scratch))
    vm = Again(Bench(0, program, objdir, 0, Symbols(objdir), limits,
                     Fleet(scratch)), last)
    try:
        run = vm.repeat(commands(before))
        now = lines_of(bytes(run.machine.console.data))
        if not run.ending.clean:
            before = [*before[:len(now) - 1], ""]  # ignore what came later
        said = report(run.case)
    finally:
        vm.close()
    words = " ".join(last.arguments)
    return [f"+ {words}", *said, *remarks(objdir, last, before, now)]


def main(argv: List[str]) -> int:
    """Returns the exit status."""
    if len(argv) != 2:
        print(USAGE, file=sys.stderr)
        return 2
    objdir = Path(argv[0])
    last = LastRun.load(objdir)
    if last is None or not console_log(objdir).is_file():
        print("explain: nothing was run yet: run 'make qemu' first, or another "
              "of its kind", file=sys.stderr)
        return 2
    clean_up_when_told_to_end()
    try:
        with tempfile.TemporaryDirectory(prefix="jos-explain-") as room:
            print("\n".join(again(objdir, argv[1], last, Path(room))))
    except MachineGone as gone:
        print(f"explain: QEMU ended by itself: {gone}", file=sys.stderr)
        return 2
    except (GraderError, Failed, OSError) as err:
        print(f"explain: {err}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    run_tool(main)
