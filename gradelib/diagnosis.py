"""Which exercise is most likely at fault for a test that failed.

The rules, in order: what the test itself says; which check the kernel was
running when it crashed or hung; the innermost function on its stack that is
an exercise of the test's lab, or of another lab; the first exercise that the
test lists.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Dict, Optional

from gradelib.case import Case
from gradelib.layout import ENV_SIZE, NENV, UENVS, UPAGES
from gradelib.memory import NotMapped
from gradelib.outcome import Failed, Outcome
from gradelib.stack import Frame
from gradelib.testcase import Test
from gradelib.vm import USER_FAULT

TOP = Path(__file__).resolve().parent.parent
EXERCISES = "labs/exercises.json"
MOVES = "labs/moves.json"
ASSEMBLY = ".S"  # code in such a file is its exercise's, whatever its name


@lru_cache(maxsize=None)
def exercise_files(top: Path = TOP) -> Dict[str, str]:
    """The file of each exercise of the labs."""
    return {entry["id"]: entry["file"]
            for entry in json.loads((top / EXERCISES).read_text())}


@lru_cache(maxsize=None)
def function_names(top: Path = TOP) -> Dict[str, str]:
    """The function of each exercise, mostly of the same name."""
    names = {exercise: exercise.partition(".")[2]
             for exercise in exercise_files(top)}
    names.update(json.loads((top / MOVES).read_text())["functions"])
    return names


def blame(test: Test, failure: Failed, case: Optional[Case]) -> str:
    """The exercise that is most likely at fault when `test` ends in `failure`
    in the run of `case`."""
    if failure.exercise:
        return failure.exercise
    if case is None:
        return test.exercises[0]
    if case.ending.blame() not in (Outcome.CRASHED, Outcome.HUNG):
        return _program(case) or test.exercises[0]
    lab = test.exercises[0].partition(".")[0]
    return _checked(case) or _running(case, lab) or test.exercises[0]


def _checked(case: Case) -> str:
    """What the kernel's own check was testing when the run ended, or ""."""
    address = case.kernel_word("check_exercise")
    try:
        said = case.memory.text(address) if address else ""
    except NotMapped:
        return ""
    return said if said in exercise_files() else ""


def _running(case: Case, lab: str) -> str:
    """The exercise whose code is innermost on the stack, or "". Exercises of
    the test's lab come first: those of other labs passed their own tests, and
    crashed on what they were called with. The handler of a kernel exception is
    not to blame for it."""
    frames, trapped = case.frames, case.trapped
    if trapped is not None:
        frames = frames[frames.index(trapped):]
    found = [exercise_of(frame) for frame in frames if not frame.user]
    found.sort(key=lambda exercise: not exercise.startswith(f"{lab}."))
    return next(filter(None, found), "")


def _program(case: Case) -> str:
    """The exercise to which a program's fault points, or "". An access near
    NULL, or past envs[] at UENVS, is one through `thisenv`."""
    for match in USER_FAULT.finditer(case.console):
        va = int(match.group(1), 16)
        if 0 < va < ENV_SIZE or UENVS + NENV * ENV_SIZE <= va < UPAGES:
            return "lab3.libmain"
    return ""


def exercise_of(frame: Frame) -> str:
    """The exercise to which the function of `frame` belongs, or ""."""
    for exercise, file in exercise_files().items():
        if file == frame.file and (file.endswith(ASSEMBLY) or
                                   function_names()[exercise] == frame.function):
            return exercise
    return ""
