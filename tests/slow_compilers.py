"""The build and the graders with every supported compiler that is installed."""

import shutil
import unittest
from typing import Iterator, Optional

import test_build
import test_grade
from support import Toolchain

GCC_VERSIONS = range(11, 16)
CLANG_VERSIONS = range(14, 20)


def installed() -> Iterator[Toolchain]:
    """Each compiler that is here under its version's name, with each linker."""
    for version in GCC_VERSIONS:
        yield from toolchain(f"gcc-{version}", "ld")
    for version in CLANG_VERSIONS:
        yield from toolchain(f"clang-{version}", "ld")
        yield from toolchain(f"clang-{version}", f"ld.lld-{version}")


def toolchain(compiler: str, linker: str) -> Iterator[Toolchain]:
    if shutil.which(compiler) and shutil.which(linker):
        yield Toolchain(f"{compiler}-{linker}", (f"CC={compiler}", f"LD={linker}"),
                        (compiler, linker))


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
    for number, each in enumerate(installed()):
        for checks in (test_build.Checks, test_grade.Checks):
            case = type(f"{checks.__module__}{number}", (checks, unittest.TestCase),
                        {"toolchain": each})
            tests.addTests(loader.loadTestsFromTestCase(case))
    return tests


if __name__ == "__main__":
    unittest.main()
