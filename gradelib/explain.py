"""What the report says about a test that did not pass.

First what went wrong, as far as the evidence goes; then expected and seen, or
where the run ended; then the rule, the exercise, where to read about it, and
how to debug it.
"""

from __future__ import annotations

import traceback
from typing import List

from gradelib.outcome import Failed
from gradelib.testcase import Test
from gradelib.watch import Ending, Stop

LONGEST = 240  # characters of a line of the console that is quoted


def explain(test: Test, failure: Failed, ending: Ending,
            exercise: str) -> List[str]:
    """The lines below the name of `test`, which met `failure` in a run that
    came to `ending`. `exercise` is most likely at fault."""
    if ending.todo is not None:
        todo = ending.todo
        return [f"reached TODO(\"{todo.text}\") at {todo.file}:{todo.line}"]
    text = _end(ending)
    if not text or failure.seen:
        text += _contradiction(failure)
    return [*text, f"rule: {test.text}", advice(test, exercise)]


def _contradiction(failure: Failed) -> List[str]:
    """What a run that came to its end shows."""
    text = [failure.reason]
    if failure.expected:
        text.append(f"expected: {_short(failure.expected)}")
    if failure.expected or failure.seen:
        text.append(f"seen:     {_short(failure.seen) or 'nothing like it'}")
    return text


def _short(text: str) -> str:
    """`text` on one line of bearable length."""
    text = " ".join(text.split("\n"))
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def _end(ending: Ending) -> List[str]:
    """How and where the run ended, if not well."""
    if ending.panic is not None:
        return [f"kernel panic at {ending.panic.file}:{ending.panic.line}: "
                f"{_short(ending.panic.text)}"]
    if ending.stop in (Stop.PROMPT, Stop.BREAKPOINT):
        return []
    what = ending.stop.value
    if ending.stop is Stop.RESET:
        what += ", most likely by a triple fault"
    where = f", at {ending.place}" if ending.place else ""
    said = ["it printed nothing"] if ending.silent else []
    return [what + where, *said]


def advice(test: Test, exercise: str) -> str:
    """The exercise to look at, its section and the way to debug it."""
    lab, _, name = exercise.partition(".")
    return (f"exercise {exercise}, labs/{lab}/README.md#{name}; "
            f"debug: make gdb-{test.name}")


def explain_crash(error: BaseException) -> List[str]:
    """What to say when the grader itself failed."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return [f"{type(error).__name__}: {error} ({where.filename}:"
            f"{where.lineno}); please report this"]
