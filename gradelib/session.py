"""One call of a grader: what it sets up, the labs it grades, what it leaves
behind."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Dict, List, Optional, Sequence, Type

from gradelib import calibrate
from gradelib.build import BuildFailed, build, obj_of, take_images
from gradelib.keep import write
from gradelib.limits import Limits
from gradelib.options import Options, find_firmware, find_qemu
from gradelib.outcome import GraderError, Outcome, Result
from gradelib.pristine import assemble, check_includes, refuse_links
from gradelib.report import Report, as_json, score, write_json
from gradelib.runner import Runner
from gradelib.suspect import check_objects
from gradelib.symbols import Symbols
from gradelib.testcase import Lab, Test
from gradelib.vm import Bench, Fleet
from tools.lock import locked

# The range of the gaps between the checks in class grading.
GAPS = (2, 1024)


class Session:
    """For a `with` statement, which removes all temporary files at its end."""

    def __init__(self, options: Options, tree: Path) -> None:
        """Grades the tree `tree`."""
        self.options = options
        self.report = Report(sys.stdout, options.color, options.verbose)
        self.labs: List[Dict[str, Any]] = []
        self._tree = tree
        self._kept = obj_of(tree) / "grade"
        self._qemu = find_qemu()
        self._prepare()
        self._scratch = Path(tempfile.mkdtemp(prefix="jos-grade-"))
        self._symbols: Optional[Symbols] = None
        self._failed_build: Optional[BuildFailed] = None

    def _prepare(self) -> None:
        """Finds out early whether results can be stored, and that no link of
        the student's redirects them."""
        if self.options.pristine is not None:
            self._kept = self._tree / "obj/grade"
            refuse_links(self._tree, Path("obj/grade"))
        try:
            self._kept.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._kept) as probe:
                probe.write(b"grader\n")
        except OSError as err:
            raise GraderError(f"cannot write in {self._kept}: "
                              f"{err.strerror}") from None

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]],
                 error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        shutil.rmtree(self._scratch, ignore_errors=True)

    def build(self) -> None:
        """Builds, on the first call."""
        if self._symbols is not None:
            return
        if self.options.pristine is not None:
            self._build_pristine(self.options.pristine)
        else:
            self._build_own()
        self._symbols = Symbols(self._images)

    def _build_own(self) -> None:
        """Builds the tree and copies the images, while no other make changes
        them."""
        self._obj = obj_of(self._tree)
        self._images = self._scratch / "images"
        with locked(self._obj, "make grade"):
            try:
                if self.options.build:
                    build(self._tree, False)
                take_images(self._obj, self._images)
            except BuildFailed as failed:
                self._failed_build = failed

    def _build_pristine(self, pristine: Path) -> None:
        """Builds in a copy of `pristine` with the student's files."""
        tree = self._scratch / "tree"
        gap = Random(f"{self.options.seed}/gap").randrange(*GAPS)
        files = assemble(pristine, self._tree, tree, gap)
        self._obj = self._images = tree / "obj"
        try:
            build(tree, True)
        except BuildFailed as failed:
            self._failed_build = failed
        finally:
            # First: it may be the reason why the build failed.
            check_includes(tree)
            check_objects(tree, pristine, files)

    def grade(self, lab: Lab, names: Sequence[str]) -> List[Result]:
        """Runs the tests `names` of a lab, or all, and reports."""
        tests = select(lab, names)
        if self.options.verbose:
            self.report.line(f"seed {self.options.seed}")
        self.build()
        if self._failed_build is not None:
            results = self._no_build(tests, self._failed_build)
        else:
            results = self._run(lab, tests)
        self._advise(results)
        self.report.score(results)
        self.labs.append(as_json(lab, self.options.seed, results))
        if self.options.results is not None:
            write_json(self.options.results, self.labs)
        return results

    def _no_build(self, tests: Sequence[Test],
                  failed: BuildFailed) -> List[Result]:
        """The results when there is no build to run."""
        self.report.line(f"{failed}\n\nThe kernel does not compile.")
        return [Result(test.name, Outcome.WRONG, 0, test.points,
                       text=["the kernel does not compile"])
                for test in tests]

    def _bench(self, lab: Lab) -> Bench:
        assert self._symbols is not None
        limits = Limits(partial(calibrate.measure, self._qemu,
                                self._scratch))
        return Bench(lab.number, self._qemu, self._images, self.options.seed,
                     self._symbols, limits, Fleet(self._scratch),
                     find_firmware(self._qemu), self._obj)

    def _run(self, lab: Lab, tests: Sequence[Test]) -> List[Result]:
        """Runs and reports."""
        texts = {test.name: test.text for test in tests}
        results: Dict[str, Result] = {}
        runner = Runner(self._bench(lab), tests, self.options.jobs)
        for result in runner.run():
            results[result.name] = result
            self._keep(result)
            self.report.result(result, texts[result.name])
            for part in lab.parts:
                names = [test.name for test in part.tests]
                if names[-1] == result.name and results.keys() >= set(names):
                    self.report.part(part, [results[name] for name in names])
        return list(results.values())

    def _keep(self, result: Result) -> None:
        """Stores what a failed test leaves."""
        if self.options.pristine is not None:
            refuse_links(self._kept, Path(result.name))
        write(self._kept / result.name, result)

    def _advise(self, results: Sequence[Result]) -> None:
        """Prints what to do next."""
        if score(list(results)) == sum(r.max_points for r in results):
            return
        waiting = [r.exercise for r in results if r.exercise is not None]
        if waiting:
            where, _, name = waiting[0].partition(".")
            self.report.line(f"Next exercise: {waiting[0]}, "
                             f"labs/{where}/README.md#{name}")
        if any(result.console for result in results):
            self.report.line("What each test left is in "
                             f"{os.path.relpath(self._kept)}/TEST/: "
                             "console.txt, machine.txt, command; "
                             f"--seed {self.options.seed} repeats this run.")


def select(lab: Lab, names: Sequence[str]) -> List[Test]:
    """The tests of `lab` called `names`, in the lab's order; by default
    all."""
    known = [test.name for test in lab.tests]
    for name in names:
        if name not in known:
            raise GraderError(f"lab {lab.number} has no test {name}; it has: "
                              + " ".join(known))
    return [test for test in lab.tests if not names or test.name in names]


def exit_status(results: Sequence[Result]) -> int:
    """0 for full marks, 1 for less, 2 when the grader itself failed."""
    if any(result.outcome is Outcome.ERROR for result in results):
        return 2
    return 0 if all(result.passed for result in results) else 1
