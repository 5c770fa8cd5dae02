"""The build and the graders with every supported compiler that is installed."""

import shutil
import unittest
from typing import Iterator, Optional

import test_build
import test_grade
from matrix import claims
from support import TOP, Toolchain, cases, toolchain, versions


def installed() -> Iterator[Toolchain]:
    """Each compiler that README names, if it is here by its version, and linkers."""
    claimed = claims((TOP / "README.md").read_text())
    for family, linkers in ("gcc", ["ld"]), ("clang", ["ld", "ld.lld-{}"]):
        for version in claimed[family].intersection(versions(family)):
            for linker in linkers:
                if shutil.which(linker.format(version)):
                    yield toolchain(f"{family}-{version}", linker.format(version))


class Installed(unittest.TestCase):
    def test_some(self) -> None:
        """There is a compiler that goes by its version."""
        self.assertTrue(list(installed()))


class Levels(unittest.TestCase):
    def test_levels(self) -> None:
        """With every level of optimisation, either compiler."""
        for compiler in ("gcc", "clang"):
            for level in ("-O0", "-Og", "-O2", "-O3", "-Os"):
                with self.subTest(f"{compiler} {level}"):
                    test_grade.check_level(self, compiler, level)


def load_tests(loader: unittest.TestLoader, tests: unittest.TestSuite,
               pattern: Optional[str]) -> unittest.TestSuite:
    """The tests of test_build and test_grade for every toolchain."""
    for each in installed():
        for checks in (test_build.Checks, test_grade.Checks):
            tests.addTests(cases(checks, [each]))
    return tests


if __name__ == "__main__":
    unittest.main()
