"""The graders' output, as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, IO, List, Tuple

from gradelib.outcome import Outcome, Result
from gradelib.testcase import Lab, Part

GREEN, RED, YELLOW, PLAIN = "\033[32m", "\033[31m", "\033[33m", "\033[0m"
SHORT = 3  # lines of evidence that may be repeated
COLORS = {Outcome.PASS: GREEN, Outcome.NOT_ATTEMPTED: YELLOW,
          Outcome.SKIPPED: YELLOW}


@dataclass
class Report:
    """Prints results as they arrive."""

    out: IO[str]
    color: bool
    verbose: bool
    # The first test with each evidence; long ones are not repeated.
    _shown: Dict[Tuple[str, ...], str] = field(default_factory=dict)

    def line(self, text: str = "", color: str = "") -> None:
        """Prints one line and flushes."""
        if color and self.color:
            text = f"{color}{text}{PLAIN}"
        print(text, file=self.out, flush=True)

    def result(self, result: Result, text: str) -> None:
        """Prints the result of a test; `text` is what the test establishes."""
        outcome = result.outcome.value
        if self.color:
            color = COLORS.get(result.outcome, RED)
            outcome = f"{color}{outcome}{PLAIN}"
        self.line(f"{result.name}: {outcome} ({result.seconds:.1f}s)")
        lines = self._once(result)
        if result.passed and self.verbose:
            lines = [text]
        for line in lines:
            self.line(f"    {line}")

    def _once(self, result: Result) -> List[str]:
        """The text for a failed test, shortened if another had the same long
        evidence."""
        evidence = result.text[:result.evidence]
        first = self._shown.setdefault(tuple(evidence), result.name)
        if first == result.name or len(evidence) <= SHORT or self.verbose:
            return result.text
        return [evidence[0], f"the same as in {first}",
                *result.text[result.evidence:]]

    def part(self, part: Part, results: List[Result]) -> None:
        """Prints the score of a complete part."""
        self.line(f"{part.title} score: {score(results)}/{part.points}")
        self.line()

    def score(self, results: List[Result]) -> None:
        """Prints the last line, the total score."""
        full = sum(result.max_points for result in results)
        got = score(results)
        self.line(f"Score: {got}/{full}", GREEN if got == full else RED)


def score(results: List[Result]) -> int:
    """The sum of some tests' points."""
    return sum(result.points for result in results)


def as_json(lab: Lab, seed: int, results: List[Result]) -> Dict[str, Any]:
    """The results of a lab for other programs."""
    tests = {test.name: test for test in lab.tests}
    parts = {test.name: part.title
             for part in lab.parts for test in part.tests}
    return {
        "lab": lab.number,
        "seed": seed,
        "score": score(results),
        "max": sum(result.max_points for result in results),
        "tests": [{
            "name": result.name,
            "part": parts[result.name],
            "outcome": result.outcome.name.lower(),
            "points": result.points,
            "max": result.max_points,
            "seconds": round(result.seconds, 3),
            "exercises": list(tests[result.name].exercises),
            "blamed": result.blamed,
            "text": result.text,
        } for result in results],
    }


def write_json(path: Path, labs: List[Dict[str, Any]]) -> None:
    """Writes the results of one lab, or of several as a list."""
    data = labs[0] if len(labs) == 1 else labs
    path.write_text(json.dumps(data, indent=2) + "\n")
