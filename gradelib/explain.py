"""What the report says about a test that did not pass.

First what is wrong, in the words of the test; then expected and seen; then
where the run ended; then the exercise, where to read about it, and how to
debug it.
"""

from __future__ import annotations

import traceback
from typing import List

from gradelib.outcome import Failed, Outcome
from gradelib.testcase import Test
from gradelib.watch import Ending, Stop

WIDTH = 90  # of a line of the console that is quoted


def explain(test: Test, failure: Failed, ending: Ending) -> List[str]:
    """The lines below the name of `test`, which met `failure` in a run that
    came to `ending`."""
    text = [test.text]
    if failure.reason:
        text.append(f"{failure.reason}.".replace("..", "."))
    if failure.expected:
        text.append(f"expected: {_short(failure.expected)}")
    if failure.seen:
        text.append(f"seen:     {_short(failure.seen)}")
    return text + _where(ending) + [advice(test, ending)]


def _short(text: str) -> str:
    """`text` on one line of bearable length."""
    text = " ".join(text.split("\n"))
    return text if len(text) <= WIDTH else text[:WIDTH] + "..."


def _where(ending: Ending) -> List[str]:
    """How and where the run ended, if not in the monitor."""
    if ending.todo is not None:
        return [f"reached TODO(\"{ending.todo.text}\") at {ending.todo.file}:"
                f"{ending.todo.line}"]
    text = []
    if ending.panic is not None:
        text.append(f"kernel panic at {ending.panic.file}:"
                    f"{ending.panic.line}: {_short(ending.panic.text)}")
    elif ending.stop is Stop.RESET:
        text.append("the machine was reset, most likely by a triple fault, "
                    f"at {ending.place}")
    elif ending.stop is not Stop.PROMPT:
        where = f", at {ending.place}" if ending.place else ""
        text.append(f"{ending.stop.value}{where}")
    return text


def advice(test: Test, ending: Ending) -> str:
    """The exercise to look at, its section and the way to debug it."""
    exercise = test.exercises[0]
    if ending.todo is not None:
        exercise = ending.todo.text
    lab, _, name = exercise.partition(".")
    return (f"exercise {exercise}, labs/{lab}/README.md#{name}; "
            f"debug: make gdb-{test.name}")


def explain_crash(error: BaseException) -> List[str]:
    """What to say when the grader itself failed."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return [f"{type(error).__name__}: {error} ({where.filename}:"
            f"{where.lineno}); please report this"]


def outcome_of(ending: Ending) -> Outcome:
    """What a test came to that failed after such a run."""
    return ending.blame()
