"""The graders give the complete tree full marks, with each compiler."""

import re
import unittest
from typing import List

from support import TOP, Done, Toolchain, make, tail, toolchains

POINTS = {1: 50, 2: 70, 3: 80, 4: 80}


def scores(done: Done) -> List[str]:
    """The score lines of the graders, in their order."""
    return re.findall(r"^Score: (\d+/\d+)$", done.stdout, re.M)


class Checks:
    """What holds with every toolchain; the build is that of test_build."""

    toolchain: Toolchain

    def shortDescription(self) -> str:
        return f"{self.toolchain.name}: {super().shortDescription()}"

    def grade(self, *words: str) -> Done:
        return make("grade", "WERROR=1", f"OBJDIR={self.toolchain.objdir}",
                    *self.toolchain.words, *words)

    def test_full_marks(self) -> None:
        """make grade gives every lab full marks."""
        done = self.grade()
        expected = [f"{points}/{points}" for points in POINTS.values()]
        self.assertEqual(scores(done)[:len(POINTS)], expected, tail(done.stdout, 60))
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


if __name__ == "__main__":
    unittest.main()
