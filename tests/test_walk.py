"""The walk through the labs: one exercise after the other is solved.

Each test starts to pass with the last of the exercises that it names, and
keeps passing: so the score never drops, and it rises where an exercise carries
points.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any, ClassVar, Dict, List, Optional, Set, Tuple

from support import clean_environment, make, tail
import toolkit  # noqa: F401

import handout
import markers
from gradelib.main import load_lab

# Works in copies of the tree, so that it may run beside other parts.
APART = True

TOP = Path(__file__).resolve().parent.parent
Key = Tuple[int, str]  # a test: its lab and its name


class Student:
    """A tree under work; build products are kept."""

    def __init__(self, place: Path, source: handout.Source) -> None:
        self.place = place
        self._source = source
        self._files: Dict[str, handout.File] = {}

    def solve(self, idents: List[str]) -> None:
        """Solves these exercises and no others, and builds."""
        choice = handout.Choice(1, 0, frozenset(idents))
        files = handout.checked(self._source, choice)
        changed = {name: file for name, file in files.items()
                   if self._files.get(name) != file}
        handout.write_files(changed, self.place)
        self._files = files
        done = make("image", "WERROR=1", cwd=self.place)
        if done.returncode != 0 or "warning" in done.stdout:
            raise AssertionError(tail(done.stdout))

    def grade(self, lab: int, *names: str) -> Dict[Key, Dict[str, Any]]:
        """The results of these tests of a lab, or of all."""
        results = self.place / "results.json"
        done = subprocess.run(
            [f"./grade-lab{lab}", "--no-build", "--results", str(results),
             *names],
            cwd=self.place, env=clean_environment(), check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        if done.returncode == 2:
            raise AssertionError(done.stdout.decode())
        tests = json.loads(results.read_text())["tests"]
        return {(lab, test["name"]): test for test in tests}


def naming(exercise: markers.Exercise) -> List[str]:
    """The tests that name an exercise."""
    return [test.name for test in load_lab(str(exercise.lab)).tests
            if exercise.id in test.exercises]


class Walk(unittest.TestCase):
    # Whether each step runs all tests of its lab. Lab 4's tests take so long that
    # make check runs only the tests that name the exercise, and all of them at
    # the start and the end of the lab.
    whole: ClassVar[bool] = False
    source: ClassVar[handout.Source]
    steps: ClassVar[List[Tuple[str, Dict[Key, Dict[str, Any]]]]]

    @classmethod
    def setUpClass(cls) -> None:
        """Walks; `steps` has each exercise with the results so far, the first
        without an exercise."""
        cls.source = handout.Source.read(TOP)
        cls.steps = []
        room = Path(tempfile.mkdtemp(prefix="jos-walk-"))
        cls.addClassCleanup(shutil.rmtree, room)
        student = Student(room, cls.source)
        solved: List[str] = []
        results: Dict[Key, Dict[str, Any]] = {}
        now: Optional[markers.Exercise]
        for now, after in zip([None, *cls.source.exercises],
                              [*cls.source.exercises, None]):
            solved += [now.id] if now else []
            student.solve(solved)
            # Other labs are graded only where a lab begins or ends.
            same = now and after and now.lab == after.lab
            if now and same:
                names = [] if cls.whole or now.lab < 4 else naming(now)
                results = {**results, **student.grade(now.lab, *names)}
            else:
                for lab in cls.source.labs:
                    results = {**results, **student.grade(lab)}
            cls.steps.append((now.id if now else "nothing", results))

    def passed(self, number: int) -> Set[Key]:
        """The tests that pass after this many exercises."""
        return {key for key, test in self.steps[number][1].items()
                if test["outcome"] == "pass"}

    def test_start(self) -> None:
        """At the start no test passes, at the end all do."""
        self.assertEqual(self.passed(0), set())
        self.assertEqual(self.passed(-1), set(self.steps[-1][1]))

    def test_outcomes(self) -> None:
        """On the way a test passes, or it has come to an exercise that is not
        done. One that is silent until then (its region has a stub of its own)
        may make the tests that name it fail otherwise."""
        silent = {region.id for regions in self.source.regions.values()
                  for region in regions
                  if region.stubs and not any("TODO(" in (stub or "")
                                              for stub in region.stubs)}
        solved: Set[str] = set()
        others = set()
        for ident, results in self.steps:
            solved.add(ident)
            for (_, name), test in results.items():
                excused = (silent - solved).intersection(test["exercises"])
                if not (test["outcome"] in ("pass", "not_attempted")
                        or (test["outcome"] == "wrong" and excused)):
                    others.add(f"{name} after {ident}: {test['outcome']}")
        self.assertEqual(sorted(others), [])

    def score(self, number: int) -> int:
        """All points after this many exercises."""
        return sum(test["points"]
                   for test in self.steps[number][1].values())

    def last_named(self, test: Dict[str, Any]) -> str:
        """The last exercise that a test names, in the order of the labs."""
        order = [exercise.id for exercise in self.source.exercises]
        last: str = max(test["exercises"], key=order.index)
        return last

    def test_never_drops(self) -> None:
        """A test that passes keeps passing."""
        lost = [f"{name}, by {self.steps[number][0]}"
                for number in range(1, len(self.steps))
                for _, name in sorted(self.passed(number - 1)
                                      - self.passed(number))]
        self.assertEqual(lost, [])

    def test_named(self) -> None:
        """A test starts to pass with the last of the exercises that it
        names."""
        others = []
        for number in range(1, len(self.steps)):
            ident, results = self.steps[number]
            for key in sorted(self.passed(number) - self.passed(number - 1)):
                last = self.last_named(results[key])
                if ident != last:
                    others.append(f"{key[1]} starts to pass with {ident}; the "
                                  f"last exercise that it names is {last}")
        self.assertEqual(others, [], "\n".join(others))

    def test_rises(self) -> None:
        """Each exercise brings the points of the tests that name it last."""
        brings = {exercise.id: 0 for exercise in self.source.exercises}
        for test in self.steps[-1][1].values():
            brings[self.last_named(test)] += test["max"]
        brought = {self.steps[number][0]:
                   self.score(number) - self.score(number - 1)
                   for number in range(1, len(self.steps))}
        self.assertEqual(brought, brings)


if __name__ == "__main__":
    unittest.main()
