"""A kernel that prints what a correct one prints earns nothing."""

import dataclasses
import shutil
import tempfile
import unittest
from pathlib import Path
from typing import Dict, List

from fakekernel import build, build_image, compiler
from support import TOP

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


class Forgery(unittest.TestCase):
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
        self.assertEqual([r.name for r in true if not r.passed], [])
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


if __name__ == "__main__":
    unittest.main()
