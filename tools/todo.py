#!/usr/bin/env python3
"""Lists the exercises of labs: which are done, and which is next.

    tools/todo.py LAB...        or: make todo

An exercise counts as done when its TODO() is gone, with or without an answer;
make grade says whether the answer is right. Some assembly, and functions that do
nothing before their lab, have no TODO(). There the exercise is to do while no
code follows the line `Exercise labN.name: your code here.`, up to the end of the
function, or in assembly up to the next exercise.

The points of an exercise are those of the tests that need no later one: if the
exercises are done in order, the score rises by that much. The points of a lab add
up to its full score. An exercise without points is tested with later ones.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from exercises import Exercise, TreeError, load_exercises, read_plain
from fileio import run_tool

COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
HOLE = re.compile(r"^\s*(?://|#|/\*)\s*Exercise (lab\d+\.\w+): your code here\.",
                  re.MULTILINE)


@dataclass
class Item:
    """An exercise and its state."""

    exercise: Exercise
    points: Optional[int]  # None: the grader does not say
    line: int = 0  # of the hole, 0 when it is done
    trouble: str = ""  # why that is unknown

    @property
    def done(self) -> bool:
        return not self.line and not self.trouble

    @property
    def place(self) -> str:
        return f"{self.exercise.file}:{self.line}"


def without_comments(text: str) -> str:
    """A source's text without comments; line numbers stay the same."""
    return COMMENT.sub(lambda found: " " + "\n" * found[0].count("\n"), text)


def line_to_do(text: str, exercise: Exercise) -> int:
    """The line of a source where the exercise is to be done, or 0."""
    code = without_comments(text)
    found = re.search(rf'\bTODO\s*\(\s*"{re.escape(exercise.id)}"', code)
    if found:
        return code.count("\n", 0, found.start()) + 1
    holes = [*HOLE.finditer(text), None]
    for hole, following in zip(holes, holes[1:]):
        if hole is not None and hole[1] == exercise.id:
            line = text.count("\n", 0, hole.start(1))
            last = text.count("\n", 0, following.start(1)) if following else None
            rest = code if exercise.file.endswith(".S") else text
            if is_hole(rest.split("\n")[line:last], exercise.file):
                return line + 1
    return 0


def is_hole(lines: List[str], file: str) -> bool:
    """Whether nothing follows the first of `lines` before the function's end;
    in assembly, whether none of them has code."""
    if file.endswith(".S"):
        return not "".join(lines).strip()
    return len(lines) > 1 and lines[1].startswith("}")


def look(top: Path, exercise: Exercise, points: Optional[int]) -> Item:
    """The state of an exercise."""
    item = Item(exercise, points)
    try:
        data = read_plain(top, exercise.file)
        if b"\0" in data:
            raise TreeError(f"{exercise.file} has bytes in it that are no text")
        item.line = line_to_do(data.decode("utf-8", "replace"), exercise)
    except TreeError as err:
        item.trouble = str(err)
    return item


def points_of(top: Path, lab: int, order: List[str]) -> Dict[str, int]:
    """The points of each exercise of a lab, whose ids are in `order`."""
    if str(top) not in sys.path:
        sys.path.insert(0, str(top))
    points: Dict[str, int] = Counter()
    try:
        tests = importlib.import_module("gradelib.main").load_lab(str(lab)).tests
        for test in tests:
            points[max(test.exercises, key=order.index)] += test.points
    except Exception as err:  # the grader's files may have any fault
        raise TreeError(f"the grader of lab {lab} cannot be read: {err}"
                        ) from None
    return points


def table(items: List[Item]) -> List[str]:
    """A line for each exercise."""
    width = max(len(item.exercise.name) for item in items)
    lines = []
    for item in items:
        state = "done" if item.done else "?" if item.trouble else "TODO"
        points = "?" if item.points is None else str(item.points or "-")
        lines.append(f"  {state:4}  {points:>2}  "
                     f"{item.exercise.name:{width}}  {item.exercise.title}")
    return lines


def heading(lab: int, items: List[Item]) -> str:
    """How much of a lab is done."""
    done = [item for item in items if item.done]
    text = f"Lab {lab}: {len(done)} of {len(items)} exercises done"
    if None in [item.points for item in items]:
        return text
    return (f"{text}, with {sum(item.points or 0 for item in done)} of "
            f"{sum(item.points or 0 for item in items)} points")


def advice(items: List[Item]) -> List[str]:
    """What to do next."""
    troubled = sorted({item.trouble for item in items if item.trouble})
    if troubled:
        return troubled
    left = [item for item in items if not item.done]
    if not left:
        return ["Nothing is left to do: 'make grade' tells whether it works"]
    return [f"Next: {left[0].exercise.id} at {left[0].place}",
            f"      read {left[0].exercise.section}"]


def todo(top: Path, labs: List[int]) -> int:
    """Prints the lists; returns the exit status."""
    exercises = load_exercises(top)
    troubled = False
    items: List[Item] = []
    for lab in sorted({one.lab for one in exercises if one.lab <= max(labs)}):
        here = [one for one in exercises if one.lab == lab]
        points: Optional[Dict[str, int]] = None
        try:
            points = (points_of(top, lab, [one.id for one in exercises])
                      if lab in labs else None)
        except TreeError as err:
            print(f"todo: {err}", file=sys.stderr)
            troubled = True
        new = [look(top, one, None if points is None else points.get(one.id, 0))
               for one in here]
        items += new
        if lab in labs:
            print("\n".join([heading(lab, new), *table(new), ""]))
        elif not all(item.done for item in new):
            print(heading(lab, new))
    print("\n".join(advice(items)))
    return int(troubled or any(item.trouble for item in items))


def main(argv: List[str], top: Path = Path(__file__).resolve().parent.parent
         ) -> int:
    """Runs the tool; returns the exit status."""
    if not argv or not all(word.isdigit() for word in argv):
        print("usage: todo.py LAB...", file=sys.stderr)
        return 1
    try:
        return todo(top, [int(word) for word in argv])
    except TreeError as err:
        print(f"todo: {err}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    run_tool(main)
