"""A tree that forges results earns nothing."""

import dataclasses
import os
import shutil
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar, Dict, List

from fakekernel import build, build_image, compiler
from forged import Forgery, collection, make_tree
from support import TOP, Done, run, tail

from gradelib.calibrate import measure
from gradelib.limits import Limits
from gradelib.main import load_lab
from gradelib.outcome import Result
from gradelib.runner import Runner
from gradelib.symbols import Symbols
from gradelib.testcase import Lab, Test
from gradelib.vm import Bench, Fleet, Vm

QEMU = shutil.which("qemu-system-i386") or ""
KERNEL = TOP / "obj/kern/kernel"


def setUpModule() -> None:
    for what, there in (("QEMU", QEMU), ("a compiler", compiler())):
        if not there:
            raise unittest.SkipTest(f"{what} is not installed")
    if not KERNEL.exists():
        raise unittest.SkipTest("nothing is built: run make")


def recording(test: Test, consoles: Dict[str, List[str]]) -> Test:
    """`test`, in a machine of its own and with its runs' output kept."""

    def function(vm: Vm) -> None:
        test.function(vm)
        consoles[test.name] = [run.console for run in vm.runs]

    return dataclasses.replace(test, function=function, machine="")


class Replay(unittest.TestCase):
    def setUp(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="gradelib-"))
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)

    def bench(self, lab: Lab, obj: Path, seed: int) -> Bench:
        return Bench(lab.number, (QEMU,), obj, seed, Symbols(obj),
                     Limits(lambda: measure((QEMU,), self.top)), Fleet(self.top))

    def forge(self, lab: Lab, test: Test, runs: List[str], seed: int) -> Result:
        """What `test` says of a kernel that prints all this."""
        obj = self.top / test.name
        (obj / "kern").mkdir(parents=True)
        (obj / "user").symlink_to(TOP / "obj/user")
        build("replay", "\0".join(runs), obj / "kern/kernel")
        build_image(obj / "kern/kernel.img")
        alone = dataclasses.replace(test, machine="")
        return next(Runner(self.bench(lab, obj, seed), [alone], 1).run())

    def passed(self, number: int, seed: int) -> List[str]:
        """The tests of a lab that a replay of a run with seed 1 passes."""
        lab = load_lab(str(number))
        consoles: Dict[str, List[str]] = {}
        tests = [recording(test, consoles) for test in lab.tests]
        true = list(Runner(self.bench(lab, TOP / "obj", 1), tests, 2).run())
        self.assertEqual([(r.name, r.text) for r in true if not r.passed], [])
        results = [self.forge(lab, test, consoles[test.name], seed)
                   for test in lab.tests]
        return [result.name for result in results if result.passed]

    def test_lab1(self) -> None:
        """Lab 1: the output of an earlier run."""
        self.assertEqual(self.passed(1, 2), [])

    def test_lab2(self) -> None:
        """Lab 2: the output of an earlier run."""
        self.assertEqual(self.passed(2, 2), [])

    def test_lab3(self) -> None:
        """Lab 3: the output of an earlier run."""
        self.assertEqual(self.passed(3, 2), [])

    def test_lab4(self) -> None:
        """Lab 4: the output of an earlier run."""
        self.assertEqual(self.passed(4, 2), [])


class Collection(unittest.TestCase):
    """Forgeries, graded as a class is. Each takes a build of the whole tree,
    so that make check tries every third; check-all tries all."""

    whole: ClassVar[bool] = False

    def setUp(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="forged-"))
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)

    def grade(self, forgery: Forgery, tree: Path, *options: str) -> Done:
        """The results of the tests from the grader, started in the tree."""
        grader = f"grade-lab{forgery.lab}"
        if "--pristine" in options:
            grader = str(TOP / grader)
        return run(sys.executable, grader, *options, "--seed", "7",
                   *forgery.forges, cwd=tree)

    def check_scored(self, forgery: Forgery, tree: Path, said: str) -> None:
        """Every test it is after was run, and none gave a point."""
        self.assertRegex(said, r"\nScore: 0/\d+\n")
        if "The kernel does not compile." not in said:
            for name in forgery.forges:
                self.assertRegex(said, rf"(?m)^{name}: (?!OK)")
        self.assertIn(forgery.header["says"], " ".join(said.split()))
        prints = forgery.header.get("prints", "")
        console = tree / "obj/grade" / forgery.forges[0] / "console.txt"
        self.assertTrue(not prints or prints in console.read_text(), said)

    def check(self, forgery: Forgery) -> None:
        """The forgery earns nothing, for the reason that its file states."""
        tree = make_tree(forgery, self.top / forgery.path.stem)
        if "fools" in forgery.header:
            self.assertEqual(self.grade(forgery, tree).returncode, 0)
        done = self.grade(forgery, tree, "--pristine", str(TOP))
        refused = forgery.header.get("refused")
        if refused is None:
            self.assertEqual(done.returncode, 1, tail(done.stdout))
            self.check_scored(forgery, tree, done.stdout)
        else:
            self.assertEqual(done.returncode, 2, tail(done.stdout))
            self.assertIn(refused, " ".join(done.stdout.split()))
            self.assertNotIn("OK (", done.stdout)

    def test_earn_nothing(self) -> None:
        """No forgery earns a point for a test that it is after."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            tried = [(forgery.path.stem, pool.submit(self.check, forgery))
                     for forgery in collection()[::1 if self.whole else 3]]
        for name, outcome in tried:
            with self.subTest(name):
                outcome.result()

    def test_headers(self) -> None:
        """Each says what it does, what it is after, and how it is caught."""
        forgeries = collection()
        self.assertGreaterEqual(len(forgeries), 12)
        for forgery in forgeries:
            with self.subTest(forgery.path.stem):
                lab = load_lab(str(forgery.lab))
                names = {test.name for test in lab.tests}
                self.assertTrue(1 <= len(forgery.about) <= 3)
                self.assertTrue(forgery.undone and forgery.parts)
                self.assertTrue(forgery.forges)
                self.assertLessEqual(set(forgery.forges), names)
                self.assertEqual(len({"says", "refused"} & set(forgery.header)), 1)


if __name__ == "__main__":
    unittest.main()
