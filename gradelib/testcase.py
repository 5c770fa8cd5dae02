"""How a grader declares its tests.

    @exercise("lab4.sys_page_unmap", points=5)
    def unmap_twice(vm: Vm) -> None:
        '''Unmapping a page that is already gone succeeds.'''
        vm.boot("unmaptwice").expect_pass()
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Tuple

if TYPE_CHECKING:
    from gradelib.vm import Vm


@dataclass(frozen=True)
class Test:
    """One test of a lab."""

    name: str
    text: str  # what it establishes, in one sentence
    points: int
    exercises: Tuple[str, ...]  # labN.name, the most likely culprit first
    needs: Tuple[str, ...]  # tests without which it is pointless
    machine: str  # the name of its machine, "" if it has its own
    turn: int  # its position there: lowest first, equal ones as reported
    function: "Callable[[Vm], None]"


def exercise(*ids: str, points: int, needs: Tuple[str, ...] = (),
             machine: str = "", turn: int = 0
             ) -> "Callable[[Callable[[Vm], None]], Test]":
    """Makes a test of the function below, which tests the exercises `ids`. Its
    docstring is what the report shows.

    Tests that name the same `machine` run in it one after the other, since a
    boot takes longer than most tests. A test that boots it in a special way has
    a `turn` below 0, a test that leaves it stopped has one above. A test that
    fails there is run again in a machine of its own.
    """

    def declare(function: "Callable[[Vm], None]") -> Test:
        text = " ".join((inspect.getdoc(function) or "").split())
        name = function.__name__
        if name.startswith("test_"):
            name = name[len("test_"):]
        return Test(name, text, points, ids, needs, machine,
                    turn, function)

    return declare


@dataclass(frozen=True)
class Part:
    """Tests that share a line of the score."""

    title: str
    points: int
    tests: Tuple[Test, ...]

    def __post_init__(self) -> None:
        total = sum(test.points for test in self.tests)
        if total != self.points:
            raise ValueError(f"{self.title}: the tests give {total} points, "
                             f"not {self.points}")


@dataclass(frozen=True)
class Lab:
    """All tests of a lab, in the order of the report."""

    number: int
    parts: Tuple[Part, ...]

    @property
    def tests(self) -> Tuple[Test, ...]:
        """All tests of all parts."""
        return tuple(test for part in self.parts for test in part.tests)

    @property
    def points(self) -> int:
        """The full score."""
        return sum(part.points for part in self.parts)
