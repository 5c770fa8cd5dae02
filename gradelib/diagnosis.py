"""Which exercise is most likely at fault for a test that did not pass.

The rules, in their order: what the test itself says; what the kernel's own
checks were trying when it crashed or hung; the innermost function on its stack
that is an exercise; what the test exercises in the first place.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Dict, Optional

from gradelib.memory import NotMapped
from gradelib.outcome import Failed, GraderError
from gradelib.testcase import Test
from gradelib.vm import Run

TOP = Path(__file__).resolve().parent.parent
EXERCISES = "labs/exercises.json"
ASSEMBLY = ".S"  # code of such a file is its exercise's, whatever its name


@lru_cache(maxsize=None)
def exercise_files(top: Path = TOP) -> Dict[str, str]:
    """The file of each exercise of the labs."""
    return {entry["id"]: entry["file"]
            for entry in json.loads((top / EXERCISES).read_text())}


def blame(test: Test, failure: Failed, run: Optional[Run]) -> str:
    """The exercise that `test`, which met `failure` in `run`, has most likely
    found wrong."""
    if failure.exercise:
        return failure.exercise
    if run is None or run.ending.clean:
        return test.exercises[0]
    return _checked(run) or _running(run) or test.exercises[0]


def _checked(run: Run) -> str:
    """What the kernel's own checks were trying when the run ended, or ""."""
    try:
        memory = run.state.memory
        address = memory.word(run.symbols.address("check_exercise"))
        said = memory.text(address) if address else ""
    except (NotMapped, GraderError):
        return ""
    return said if said in exercise_files() else ""


def _running(run: Run) -> str:
    """The exercise whose code is innermost on the stack where the trouble
    began, or ""."""
    for frame in run.case.frames:
        exercise = _exercise_of(frame.function, frame.file)
        if exercise and not frame.user:
            return exercise
    return ""


def _exercise_of(function: str, file: str) -> str:
    """The exercise that `function` of `file` is the body of, or ""."""
    for exercise, home in exercise_files().items():
        if home == file and (exercise.partition(".")[2] == function
                             or file.endswith(ASSEMBLY)):
            return exercise
    return ""
