"""Entry points: one lab (grade-labN), or several and their sum."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Callable, List, Optional, Sequence, Tuple

from gradelib.options import Options, parse
from gradelib.outcome import GraderError, Result
from gradelib.report import score
from gradelib.reproduce import recipe
from gradelib.session import Session, exit_status, select
from gradelib.testcase import Lab

TREE = Path(__file__).resolve().parent.parent


def main(lab: Lab, argv: Sequence[str]) -> int:
    """Runs the grader of one lab; returns the exit status."""
    program = f"grade-lab{lab.number}"
    options = parse(program, "TEST", argv)

    def work() -> int:
        if options.gdb is not None:
            print(recipe(select(lab, [options.gdb])[0], lab, options.seed))
            return 0
        with Session(options, _student_tree(options, program, argv)) as run:
            return exit_status(run.grade(lab, options.words))

    return _guarded(program, work)


def main_sum(argv: Sequence[str]) -> int:
    """Runs the graders of the labs in `argv`, or only the tests named there;
    returns the exit status."""
    options = parse("gradelib", "LAB|TEST", argv)

    def work() -> int:
        labs = [load_lab(word) for word in options.words if word.isdigit()]
        names = [word for word in options.words if not word.isdigit()]
        if options.gdb is not None:
            print(_find_recipe(labs, options))
            return 0
        tree = _student_tree(options, "gradelib", argv)
        with Session(options, tree) as run:
            return _grade_all(run, labs, names)

    return _guarded("grade", work)


def _grade_all(run: Session, labs: List[Lab], names: List[str]) -> int:
    """Grades `labs` one after the other; with `names`, only those of each
    lab's tests."""
    chosen = _with_tests(labs, names)
    results: List[Result] = []
    for lab, wanted in chosen:
        if len(chosen) > 1:
            run.report.line(f"Lab {lab.number}")
        results += run.grade(lab, wanted)
        if len(chosen) > 1:
            run.report.line()
    if len(chosen) > 1 and not names:
        full = sum(lab.points for lab in labs)
        run.report.line(f"Total: {score(results)}/{full}")
    return exit_status(results)


def _with_tests(labs: List[Lab], names: List[str]
                ) -> List[Tuple[Lab, List[str]]]:
    """The labs that have tests in `names`, each with these tests; without
    names, all labs, with no names."""
    known = {lab.number: [test.name for test in lab.tests] for lab in labs}
    for name in names:
        if len(labs) == 1:
            select(labs[0], [name])
        elif not any(name in tests for tests in known.values()):
            raise GraderError(f"no lab has a test {name}")
    found = [(lab, [name for name in names if name in known[lab.number]])
             for lab in labs]
    return [(lab, wanted) for lab, wanted in found if wanted or not names]


def _find_recipe(labs: List[Lab], options: Options) -> str:
    """The boot arguments of a test in one of `labs`, the last first."""
    assert options.gdb is not None
    for lab in reversed(labs):
        if options.gdb in [test.name for test in lab.tests]:
            return recipe(select(lab, [options.gdb])[0], lab, options.seed)
    raise GraderError(f"no lab has a test {options.gdb}")


def load_lab(number: str) -> Lab:
    """The tests of a lab, from the grader of that number."""
    path = TREE / f"grade-lab{number}"
    if not number.isdigit() or not path.is_file():
        raise GraderError(f"there is no lab {number}")
    loader = importlib.machinery.SourceFileLoader(f"grade_lab{number}",
                                                  str(path))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    lab: Lab = module.LAB
    return lab


def _student_tree(options: Options, program: str,
                  argv: Sequence[str]) -> Path:
    """The tree to grade: this one, or in class grading the current folder.
    Then the grader must come from the clean tree; if it does not, the clean
    tree's takes over."""
    if options.pristine is None:
        return TREE
    clean = options.pristine.resolve()
    if clean == TREE:
        return Path.cwd()
    other = clean / program
    if not other.exists():
        raise GraderError(f"{options.pristine} has no {program}")
    os.execv(sys.executable, [sys.executable, str(other), *argv])


def _guarded(program: str, work: "Callable[[], int]") -> int:
    """Does `work`; turns expected errors into one line and status 2."""

    def stop(number: int, frame: Optional[FrameType]) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        return work()
    except KeyboardInterrupt:
        message = "interrupted"
    except BrokenPipeError:
        # The reader is gone; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except (GraderError, OSError) as err:
        message = str(err)
    sys.stdout.flush()
    print(f"{program}: {message}", file=sys.stderr)
    return 2
