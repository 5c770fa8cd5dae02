"""The answer corpus: reads and checks its files.

labs/labN/answers/wrong/NAME-what.c and right/NAME-what.c (or .S) each hold one
answer to the exercise labN.NAME. Comment lines at the very top are the header:

    // What the mistake is, or why this is just as right: one to three lines.
    // fails: TEST [TEST ...]
    // says: TEXT

`fails` and `says` are for wrong answers, and may be repeated. They name the
tests of grade-labN that must fail, and what the report of the first of them
must say. At least one of these tests must name the exercise. A blank line may
end the header. The rest of the file replaces the region's text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Tuple

import markers
from exercises import load_exercises

RIGHT, WRONG = "right", "wrong"
ABOUT_LINES = 3  # what a header may say about its answer


class CorpusError(Exception):
    """The corpus cannot be run; the text says why."""


@dataclass
class Answer:
    """One file of the corpus."""

    path: str
    lab: int
    kind: str
    name: str  # the file's, without suffix
    id: str  # of the exercise
    about: List[str] = field(default_factory=list)
    fails: List[str] = field(default_factory=list)
    says: List[str] = field(default_factory=list)
    text: List[str] = field(default_factory=list)
    faults: List[str] = field(default_factory=list)  # of the file itself

    @property
    def labels(self) -> Tuple[str, ...]:
        """The words that choose this answer."""
        return (str(self.lab), f"lab{self.lab}", self.id,
                self.id.split(".", 1)[1], self.name, self.path)


def read_header(answer: Answer, lines: List[str]) -> int:
    """Enters the header into `answer`; returns the number of its lines."""
    count = 0
    while count < len(lines) and lines[count].startswith("//"):
        word, colon, rest = lines[count][2:].strip().partition(":")
        if colon and word == "fails":
            answer.fails += rest.split()
        elif colon and word == "says":
            answer.says.append(rest.strip())
        else:
            answer.about.append(lines[count][2:].strip())
        count += 1
    if count < len(lines) and not lines[count]:
        count += 1
    return count


def read_answer(top: Path, path: Path,
                regions: Dict[str, markers.Region]) -> Answer:
    """The answer in the file `path`, with all faults of the file."""
    lab = int(path.parts[-4][len("lab"):])
    answer = Answer(str(path.relative_to(top)), lab, path.parent.name,
                    path.stem, f"lab{lab}.{path.stem.partition('-')[0]}")
    lines = markers.read_text(path).rstrip("\n").split("\n")
    answer.text = lines[read_header(answer, lines):]
    faults = answer.faults
    region = regions.get(answer.id)
    if region is None:
        faults.append(f"there is no exercise {answer.id}")
    elif Path(region.path).suffix != path.suffix:
        faults.append(f"{answer.id} is in {region.path}: another suffix")
    if not path.stem.partition("-")[2]:
        faults.append("the file's name does not say what (NAME-what)")
    if not 1 <= len([line for line in answer.about if line]) <= ABOUT_LINES:
        faults.append(f"the header must have 1 to {ABOUT_LINES} lines about "
                      "the answer")
    if (answer.kind == WRONG) != bool(answer.fails):
        faults.append("a wrong answer needs `fails:`, a right one has none")
    if answer.kind == RIGHT and answer.says:
        faults.append("a right answer has no `says:`")
    return answer


def read_corpus(top: Path, regions: Dict[str, markers.Region]) -> List[Answer]:
    """All answers, grouped by the file of their regions, so that going from
    one to the next rebuilds little."""
    found = [read_answer(top, path, regions)
             for kind in (RIGHT, WRONG)
             for path in sorted(top.glob(f"labs/lab*/answers/{kind}/*.[cS]"))]
    order = list(regions)
    return sorted(found, key=lambda answer: (
        answer.lab, order.index(answer.id) if answer.id in order else -1,
        answer.kind, answer.name))


def read_regions(top: Path) -> Dict[str, markers.Region]:
    """Every exercise's region, in the order of the exercises."""
    exercises = load_exercises(top)
    parser = markers.Parser(exercise.id for exercise in exercises)
    for name in sorted({exercise.file for exercise in exercises}):
        parser.parse(name, markers.read_text(top / name))
    if parser.problems:
        raise CorpusError(str(parser.problems[0]))
    return {exercise.id: parser.solutions[exercise.id]
            for exercise in exercises if exercise.id in parser.solutions}


def choose(answers: List[Answer], words: List[str],
           top: Path) -> List[Answer]:
    """The answers that `words` choose, or all if there are no words."""
    known = {label for answer in answers for label in answer.labels}
    chosen = set()
    for word in words:
        path = Path(word).resolve()
        label = word
        if word not in known and top in path.parents:
            label = str(path.relative_to(top))
        if label not in known:
            raise CorpusError(f"no answer, exercise or lab with answers is "
                              f"called {word}")
        chosen.add(label)
    return [answer for answer in answers
            if not words or chosen.intersection(answer.labels)]
