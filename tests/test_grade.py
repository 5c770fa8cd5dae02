"""The graders give the complete tree full marks, with each compiler."""

import re
import unittest
from typing import List, Optional

from support import TOP, Done, Toolchain, cases, make, tail, toolchains

POINTS = {1: 50, 2: 70, 3: 80, 4: 80}


def scores(done: Done) -> List[str]:
    """The score lines of the graders, in their order."""
    return re.findall(r"^Score: (\d+/\d+)$", done.stdout, re.M)


def check_level(test: unittest.TestCase, compiler: str, level: str) -> None:
    """Fail unless a build at this level of optimisation has no warnings and gets
    full marks."""
    words = (f"CC={compiler}", f"OPT={level}", "WERROR=1",
             f"OBJDIR=obj/check/{compiler}{level}")
    done = make("image", *words)
    test.assertEqual(done.returncode, 0, tail(done.stdout))
    test.assertEqual([line for line in done.stdout.splitlines()
                      if not line.startswith("+ ")], [])
    done = make("grade", *words)
    test.assertEqual(scores(done)[:len(POINTS)], full_marks(), tail(done.stdout, 60))
    test.assertEqual(done.returncode, 0, tail(done.stdout))


def full_marks() -> List[str]:
    return [f"{points}/{points}" for points in POINTS.values()]


class Checks:
    """Tests with every toolchain; the build is that of test_build."""

    toolchain: Toolchain

    def shortDescription(self) -> str:
        return f"{self.toolchain.name}: {super().shortDescription()}"

    def grade(self, *words: str) -> Done:
        return make("grade", "WERROR=1", f"OBJDIR={self.toolchain.objdir}",
                    *self.toolchain.words, *words)

    def test_full_marks(self) -> None:
        """make grade gives every lab full marks."""
        done = self.grade()
        self.assertEqual(scores(done)[:len(POINTS)], full_marks(),
                         tail(done.stdout, 60))
        self.assertEqual(done.returncode, 0, tail(done.stdout))


class Gcc(Checks, unittest.TestCase):
    toolchain = toolchains()[0]

    def test_one_lab(self) -> None:
        """With LAB set, make grade grades that lab alone."""
        done = self.grade("LAB=2")
        self.assertEqual(scores(done), ["70/70"], tail(done.stdout, 60))
        self.assertEqual(done.returncode, 0)

    def test_every_lab(self) -> None:
        """There is a grader for each lab, and no other."""
        graders = sorted(path.name for path in TOP.glob("grade-lab*"))
        self.assertEqual(graders, [f"grade-lab{lab}" for lab in POINTS])


class Clang(Checks, unittest.TestCase):
    toolchain = toolchains()[1]


class ClangLld(Checks, unittest.TestCase):
    toolchain = toolchains()[2]


class Levels(unittest.TestCase):
    def test_levels(self) -> None:
        """Built for a debugger (-O0) or for speed (-O2), the complete tree gets
        full marks too, without a warning."""
        for level in ("-O0", "-O2"):
            with self.subTest(level):
                check_level(self, "gcc", level)


def load_tests(loader: unittest.TestLoader, tests: unittest.TestSuite,
               pattern: Optional[str]) -> unittest.TestSuite:
    """The tests above, and Checks for the newest compilers."""
    tests.addTests(cases(Checks, toolchains()[3:]))
    return tests


if __name__ == "__main__":
    unittest.main()
