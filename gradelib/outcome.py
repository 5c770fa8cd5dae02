"""How a test can end."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Dict, List, Optional


class Outcome(Enum):
    """The word after a test's name in the report."""

    PASS = "OK"
    WRONG = "FAIL"
    CRASHED = "CRASHED"
    HUNG = "HUNG"
    NOT_ATTEMPTED = "NOT ATTEMPTED"
    SKIPPED = "SKIPPED"
    ERROR = "GRADER ERROR"


class GraderError(Exception):
    """The grader cannot work; never the student's fault."""


class Interrupted(Exception):
    """The user wants the grader to stop."""


@dataclass
class Failed(Exception):
    """Evidence is missing or contradictory.

    `reason` is one sentence in the words of the handout; `expected` and `seen`
    are shown one above the other when there is something to compare.
    `exercise` is at fault, where the test knows better than its list of
    exercises.
    """

    reason: str
    expected: str = ""
    seen: str = ""
    exercise: str = ""

    def __str__(self) -> str:
        return self.reason


@dataclass
class Result:
    """The result of one test."""

    name: str
    outcome: Outcome
    points: int
    max_points: int
    seconds: float = 0.0
    text: List[str] = field(default_factory=list)
    evidence: int = 0  # the number of lines that describe what happened
    exercise: Optional[str] = None  # the one whose TODO was reached
    blamed: str = ""  # the one most likely at fault
    console: bytes = b""
    files: Dict[str, bytes] = field(default_factory=dict)  # for obj/grade

    @property
    def passed(self) -> bool:
        """Whether the points were earned."""
        return self.outcome is Outcome.PASS
