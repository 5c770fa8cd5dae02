"""The claims about compilers and QEMU, and the parts of make check-distros."""

import os
import shutil
import signal
import subprocess
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

import distros
import matrix
from support import TOP, Done

ROW = matrix.Row("2026-01-02", "bookworm", "gcc-12", "gcc-12.2.0", "ld", "2.40",
                 "7.2.22", "13.1", "4.3", "3.11.2", "280/280")
README = """\
* gcc 5

## What it needs

* gcc 11 to 13, or clang 14, 16 to 18 or 21 with lld or GNU ld.
* QEMU 7, 10 and 11 (`qemu-system-i386`)

## Another section about gcc 20
"""


def ended(output: str, status: int = 2) -> Done:
    return Done(["make"], status, output)


class Claims(unittest.TestCase):
    def test_readme(self) -> None:
        """README names the compilers and QEMUs that got full marks, and no others."""
        proven = matrix.proven(matrix.parse(matrix.RECORD.read_text()))
        claimed = matrix.claims((TOP / "README.md").read_text())
        for name, versions in proven.items():
            self.assertEqual(
                matrix.spoken(claimed[name]), matrix.spoken(versions),
                f"README on {name}; the second is what tests/data/distros.txt shows")

    def test_words(self) -> None:
        """Versions are read where README says what it needs."""
        self.assertEqual(matrix.claims(README), {
            "gcc": {11, 12, 13}, "clang": {14, 16, 17, 18, 21}, "QEMU": {7, 10, 11}})

    def test_proven(self) -> None:
        """A version is proven by full marks alone."""
        rows = [ROW, replace(ROW, version="gcc-11.1", qemu="5.2", result="279/280: x"),
                replace(ROW, version="clang-9.0.1", result="refused: too old")]
        self.assertEqual(matrix.proven(rows),
                         {"gcc": {12}, "clang": set(), "QEMU": {7}})

    def test_spoken(self) -> None:
        """Versions in a row are spoken of by the first and the last."""
        self.assertEqual(matrix.spoken({14, 11, 12, 13, 21, 9}), "9, 11 to 14, 21")

    def test_good(self) -> None:
        """A refusal is right for what is older than README asks for, only."""
        claimed = matrix.claims(README)
        refusal = replace(ROW, result="refused: gcc is too old")
        self.assertTrue(ROW.good(claimed))
        self.assertFalse(replace(ROW, result="279/280: x").good(claimed))
        self.assertFalse(refusal.good(claimed))
        self.assertTrue(replace(refusal, version="gcc-10.2.1").good(claimed))


class Record(unittest.TestCase):
    def test_kept(self) -> None:
        """What is recorded is read again, and replaces what was found before."""
        other = replace(ROW, suite="sid", result="270/280: FAIL [1] two words")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "new/record.txt"
            matrix.record(path, [ROW, replace(ROW, linker="ld.lld-19")])
            matrix.record(path, [other])
            matrix.record(path, [ROW])
            self.assertEqual(matrix.parse(path.read_text()), [other, ROW])

    def test_table(self) -> None:
        """The table has a line for each compiler, and a note for each failure."""
        rows = [replace(ROW, compiler=matrix.SETUP), ROW,
                replace(ROW, suite="sid", compiler="clang-9", version="clang-9.0",
                        result="failed: an error")]
        lines = matrix.matrix(rows).splitlines()
        self.assertEqual(lines[0].split(), ["bookworm", "sid"])
        self.assertEqual([line.split("  ")[0] for line in lines[-4:-1]],
                         ["make setup grade", "gcc-12 ld", "clang-9 ld"])
        self.assertEqual(lines[-2].split()[2:], ["-", "failed", "[1]"])
        self.assertEqual(lines[-1], "[1] sid, clang-9 ld: failed: an error")


class Result(unittest.TestCase):
    def test_marks(self) -> None:
        """Full marks count when make says so too."""
        self.assertEqual(distros.result(ended("Total: 280/280\n", 0)), "280/280")
        self.assertEqual(distros.result(ended("x: FAIL\nTotal: 270/280\n")),
                         "270/280: x: FAIL")
        self.assertIn("make: *** no", distros.result(
            ended("make: *** no\nTotal: 280/280\n")))

    def test_refusal(self) -> None:
        """One line of make's own, before anything is built, is a refusal."""
        line = "GNUmakefile:7: *** gcc 3 is too old.  Stop.\n"
        self.assertEqual(distros.result(ended(line)), "refused: gcc 3 is too old")
        passed_on = line + "make: *** [GNUmakefile:84: image] Error 2\n"
        self.assertEqual(distros.result(ended(passed_on)),
                         "refused: gcc 3 is too old")
        self.assertEqual(distros.result(ended("+ cc a.c\n" + line)),
                         "failed: GNUmakefile:7: *** gcc 3 is too old.  Stop.")

    def test_failure(self) -> None:
        """The first line of trouble is reported, or the last line."""
        self.assertEqual(distros.result(ended("+ cc a.c\na.c:1: error: no\nmore\n")),
                         "failed: a.c:1: error: no")
        self.assertEqual(distros.result(ended("one\ntwo\n")), "failed: two")
        self.assertEqual(distros.result(ended("")), "failed: no output")


class Machine(unittest.TestCase):
    def test_skip(self) -> None:
        """A user who is not root is told why nothing is done."""
        with mock.patch("os.geteuid", return_value=1000):
            self.assertIn("needs root", str(distros.hindrance(None)))

    def test_offline(self) -> None:
        """A mirror that does not answer is a reason too."""
        reason = distros.hindrance("http://localhost:1/debian/")
        if os.geteuid() == 0 and shutil.which("debootstrap"):
            self.assertIn("does not answer", str(reason))
        self.assertIsNotNone(reason)

    def test_killed(self) -> None:
        """Mounts and processes end with a run, even one that is killed."""
        reason = distros.hindrance(None)
        if reason:
            self.skipTest(reason)
        with tempfile.TemporaryDirectory() as folder:
            script = (f"mount -t tmpfs tmpfs {folder}; cat /proc/self/mounts;"
                      " exec sleep 99")
            process = subprocess.Popen([*distros.NAMESPACE, "sh", "-c", script],
                                       stdout=subprocess.PIPE, universal_newlines=True)
            with process, process.stdout as output:  # type: ignore[union-attr]
                while folder not in output.readline():
                    self.assertIsNone(process.poll())
                os.kill(process.pid, signal.SIGKILL)
                # Its end closes the output: nothing of it is left.
                output.read()
            self.assertNotIn(folder, Path("/proc/self/mounts").read_text())


if __name__ == "__main__":
    unittest.main()
