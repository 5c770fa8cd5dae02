"""What the report says about a test that failed.

First what went wrong, as far as the evidence shows; then the values expected
and seen, or where the run ended; then the rule, a hint, the exercise, where to
read about it, and how to debug it.
"""

from __future__ import annotations

import traceback
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Callable, List, Optional

from gradelib import crash, hang
from gradelib.case import Case
from gradelib.hints import hint
from gradelib.outcome import Failed
from gradelib.stack import Backtrace
from gradelib.testcase import Test
from gradelib.watch import Ending, Stop

LONGEST = 240  # characters of a console line that is quoted
ALIKE = 0.5  # of two lines must be equal for their differences to matter
CHECKS = "kern/check/"
LONGEST_TRACE = 8  # frames of a backtrace; machine.txt has them all


def explain(test: Test, failure: Failed, ending: Ending,
            case: Optional[Case] = None) -> List[str]:
    """What happened to `test`, which ended in `failure`; its run ended in
    `ending`. `case` is what is known of the run."""
    if ending.todo is not None:
        todo = ending.todo
        return [f"reached TODO(\"{todo.text}\") at {todo.file}:{todo.line}"]
    text = guarded(lambda: _end(ending, case))
    if not text or failure.seen:
        text += _contradiction(failure)
    return text


def advise(test: Test, exercise: str, report: str) -> List[str]:
    """What to do about a failed test, given the text of its `report` and the
    `exercise` that is most likely at fault."""
    lab, _, name = exercise.partition(".")
    tip = hint(exercise, report)
    return [f"rule: {test.text}", *([f"hint: {tip}"] if tip else []),
            f"exercise {exercise}, labs/{lab}/README.md#{name}; "
            f"debug: make gdb-{test.name}"]


def guarded(explanation: Callable[[], List[str]]) -> List[str]:
    """An explanation, or why there is none: a kernel can leave any garbage,
    which must not make a report fail."""
    try:
        return [_short(line) for line in explanation()]
    except Exception as error:
        return ["the machine's state cannot be explained "
                f"({type(error).__name__}: {_short(str(error))})"]


def _contradiction(failure: Failed) -> List[str]:
    """What is wrong in a run that ended normally."""
    text = [failure.reason]
    expected, seen = _short(failure.expected), _short(failure.seen)
    if expected:
        text.append(f"expected: {expected}")
    if expected or seen:
        text.append(f"seen:     {seen or 'nothing like it'}")
    marks = differences(expected, seen)
    if marks:
        text.append(f"          {marks}")
    return text


def differences(expected: str, seen: str) -> str:
    """What to print below `seen` to mark where it differs from `expected`: ^
    under what is wrong or extra, and under what follows a gap. "" when they
    differ too much for marks to help."""
    matcher = SequenceMatcher(None, expected, seen, autojunk=False)
    if not ALIKE <= matcher.ratio() < 1.0:
        return ""
    marks = [" "] * (len(seen) + 1)
    for kind, _, _, start, end in matcher.get_opcodes():
        if kind != "equal":
            marks[start:max(end, start + 1)] = "^" * max(end - start, 1)
    return "".join(marks).rstrip()


def _short(text: str) -> str:
    """`text` on one line, shortened."""
    text = text.replace("\n", " ")
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def _end(ending: Ending, case: Optional[Case]) -> List[str]:
    """How and where a failed run ended."""
    crashed = ending.panic is not None or ending.stop in (Stop.RESET, Stop.OFF)
    if not crashed and ending.stop in (Stop.PROMPT, Stop.BREAKPOINT):
        return []
    if case is None:
        return [ending.stop.value if ending.panic is None else
                f"kernel panic at {ending.panic.file}:{ending.panic.line}: "
                f"{ending.panic.text}"]
    lines = crash.describe(case) if crashed else hang.describe(
        ending.stop.value, case.samples, case.program)
    if ending.silent:
        lines.append("it printed nothing")
    if case.code_trouble:
        lines.append(f"note: {case.code_trouble}")
    return lines + (_backtrace(case) if crashed else [])


def _backtrace(case: Case) -> List[str]:
    """The calls that led to a crash."""
    trace, trapped = case.backtrace, case.trapped
    if trapped is not None:
        # Leave out how the kernel came to report it.
        start = case.frames.index(trapped)
        trace = Backtrace([replace(trapped, trap=None),
                           *case.frames[start + 1:]], trace.trouble)
    if trace.frames and trace.frames[0].file.startswith(CHECKS):
        return []  # the trace shows the check, which is not to blame
    lines = trace.lines()
    if len(case.frames) < 2 and not case.backtrace.trouble:
        return []  # shown already
    more = len(lines) - LONGEST_TRACE
    if more > 1:
        lines = lines[:LONGEST_TRACE] + [f"and {more} more (machine.txt)"]
    return ["backtrace:", *(f"  {line}" for line in lines)]


def explain_crash(error: BaseException) -> List[str]:
    """What to say when the grader itself failed."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return [f"{type(error).__name__}: {error} ({where.filename}:"
            f"{where.lineno}); please report this"]
