"""How a test can end."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Dict, List, Optional


class Outcome(Enum):
    """The word that stands behind a test's name in the report."""

    PASS = "OK"
    WRONG = "FAIL"
    CRASHED = "CRASHED"
    HUNG = "HUNG"
    NOT_ATTEMPTED = "NOT ATTEMPTED"
    SKIPPED = "SKIPPED"
    ERROR = "GRADER ERROR"


class GraderError(Exception):
    """The grader cannot do its work; never the student's fault."""


class Interrupted(Exception):
    """Somebody wants the grader to stop."""


@dataclass
class Failed(Exception):
    """Evidence is missing or contradicts.

    `reason` is one sentence in the words of the hand-out; `expected` and
    `seen` are shown side by side when there is something to compare.
    `exercise` is the one at fault, where the test knows better than its list
    of exercises does.
    """

    reason: str
    expected: str = ""
    seen: str = ""
    exercise: str = ""

    def __str__(self) -> str:
        return self.reason


@dataclass
class Result:
    """What became of one test."""

    name: str
    outcome: Outcome
    points: int
    max_points: int
    seconds: float = 0.0
    text: List[str] = field(default_factory=list)
    evidence: int = 0  # how many lines of it tell what happened
    exercise: Optional[str] = None  # the one that a TODO stopped at
    blamed: str = ""  # the one that is most likely at fault
    console: bytes = b""
    files: Dict[str, bytes] = field(default_factory=dict)  # for obj/grade

    @property
    def passed(self) -> bool:
        """Whether the points were earned."""
        return self.outcome is Outcome.PASS
