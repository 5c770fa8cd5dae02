"""Grading a folder of submissions: bad ones, and malicious archives."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tarfile
import tempfile
import unittest
from pathlib import Path
from typing import List, Tuple
from unittest import mock

from support import TOP, copy_tree
from toolkit import call

import gradeall

# Works in copies of the tree, so that it may run beside other parts.
APART = True

WANTED = {"kern/pmap.c", "lib/printfmt.c"}


def entry(name: str, text: bytes = b"int a;\n",
          kind: bytes = tarfile.REGTYPE) -> Tuple[tarfile.TarInfo, bytes]:
    """One entry of an archive."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    info.size = len(text) if kind == tarfile.REGTYPE else 0
    return info, text


def archive(path: Path, *entries: Tuple[tarfile.TarInfo, bytes]) -> Path:
    """Makes an archive of these."""
    with tarfile.open(path, "w:gz") as made:
        for info, text in entries:
            made.addfile(info, io.BytesIO(text))
    return path


class Case(unittest.TestCase):
    def setUp(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="gradeall-"))
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)


class Archives(Case):
    def unpack(self, *entries: Tuple[tarfile.TarInfo, bytes]) -> Path:
        gradeall.unpack(archive(self.top / "a.tar.gz", *entries), WANTED,
                        self.top / "place")
        return self.top / "place"

    def refused(self, said: str,
                *entries: Tuple[tarfile.TarInfo, bytes]) -> None:
        """It is refused, and the folder contains nothing else."""
        with self.assertRaisesRegex(gradeall.Refused, said):
            self.unpack(*entries)
        self.assertEqual(sorted(os.listdir(self.top)), ["a.tar.gz", "place"])

    def test_files(self) -> None:
        """Only the exercise files of an archive are unpacked."""
        place = self.unpack(entry("x/kern/pmap.c"), entry("x/GNUmakefile"),
                            entry("x/grade.json"))
        self.assertEqual([str(path.relative_to(place))
                          for path in place.rglob("*") if path.is_file()],
                         ["kern/pmap.c"])

    def test_outside(self) -> None:
        """Names that lead out of the folder are refused."""
        self.refused("outside of its folder", entry("x/../../kern/pmap.c"))

    def test_absolute(self) -> None:
        """So are absolute ones."""
        self.refused("outside of its folder", entry("/kern/pmap.c"))

    def test_links(self) -> None:
        """Links are refused."""
        self.refused("no file", entry("x/kern", b"", tarfile.SYMTYPE),
                     entry("x/kern/pmap.c"))

    def test_hard_links(self) -> None:
        """And hard ones."""
        self.refused("no file", entry("x/kern/pmap.c", b"", tarfile.LNKTYPE))

    def test_devices(self) -> None:
        """And devices and pipes."""
        self.refused("no file", entry("x/kern/pmap.c", b"", tarfile.CHRTYPE))

    def test_pipe(self) -> None:
        """A pipe is not accepted as a file."""
        self.refused("no file", entry("x/kern/pmap.c", b"", tarfile.FIFOTYPE))

    def test_twice(self) -> None:
        """A file may occur only once."""
        self.refused("twice", entry("x/kern/pmap.c"), entry("y/kern/pmap.c"))

    def test_large(self) -> None:
        """An exercise file of many megabytes is refused."""
        self.refused("bytes", entry("x/kern/pmap.c", b"x" * (2 << 20)))

    def test_bomb(self) -> None:
        """An archive that unpacks without end is refused."""
        with mock.patch.object(gradeall, "UNPACKED", 1 << 20):
            self.refused("more than 1048576 bytes",
                         entry("x/big", b"\0" * (4 << 20)))

    def test_crowd(self) -> None:
        """So is an archive of thousands of entries."""
        self.refused("more than 1000 entries",
                     *(entry(f"x/{number}", b"") for number in range(1001)))

    def test_no_archive(self) -> None:
        """A file that is no archive, or a truncated one, is reported."""
        whole = archive(self.top / "whole.tar.gz",
                        entry("x/kern/pmap.c", os.urandom(5000))).read_bytes()
        for number, data in enumerate((b"", b"junk", whole[:-2000])):
            path = self.top / f"{number}.tar.gz"
            path.write_bytes(data)
            with self.assertRaisesRegex(gradeall.Refused, "cannot be read"):
                gradeall.unpack(path, WANTED, self.top / f"place{number}")


class Folder(Case):
    """A folder of submissions, most of them bad."""

    def grade(self, *words: str) -> Tuple[int, List[List[str]], str]:
        """The status, the rows of the table, and what was printed."""
        out = self.top / "grades"
        status, said, errors = call(
            gradeall.main, "1", str(self.top / "class"), "--out", str(out),
            "--seed", "3", *words)
        rows: List[List[str]] = []
        if (out / "grades.csv").is_file():
            with (out / "grades.csv").open(newline="") as file:
                rows = list(csv.reader(file))
        return status, rows, said + errors

    def spoil(self, name: str) -> Path:
        """A submission that lacks one file, whose path is returned."""
        tree = self.top / "class" / name
        for file in gradeall.student_files(TOP):
            (tree / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / file, tree / file)
        (tree / "kern/env.c").unlink()
        return tree / "kern/env.c"

    def bad_ones(self) -> List[Tuple[str, str]]:
        """Makes bad submissions; returns their names and the messages."""
        (self.top / "class").mkdir()
        self.spoil("deleted")
        self.spoil("binary").write_bytes(b"\x7fELF\0\1\2")
        self.spoil("link").symlink_to("/etc/passwd")
        os.mkfifo(self.spoil("pipe"))
        with self.spoil("giant").open("wb") as file:
            file.truncate(8 << 30)
        folder = self.spoil("linked folder").parent
        shutil.rmtree(folder)
        folder.symlink_to(TOP / "kern")
        self.spoil("new\nline")
        (self.top / "class/way out").symlink_to("/etc")
        (self.top / "class/torn.tar.gz").write_bytes(b"\x1f\x8b junk")
        os.mkfifo(self.top / "class/waiting.tar.gz")
        return [("binary", "kern/env.c holds bytes that are no text"),
                ("deleted", "kern/env.c is missing"),
                ("giant", "kern/env.c has 8589934592 bytes"),
                ("link", "kern/env.c is a symbolic link"),
                ("linked folder", "kern is a symbolic link"),
                ("new\nline", "kern/env.c is missing"),
                ("pipe", "kern/env.c is not a plain file"),
                ("torn.tar.gz", "the archive cannot be read"),
                ("waiting.tar.gz", "neither a folder nor an archive"),
                ("way out", "it is a symbolic link")]

    def test_bad_ones(self) -> None:
        """Each bad submission gets its reason, and the good one its grade."""
        wanted = self.bad_ones()
        good = copy_tree(self.top / "class/zoe")
        (good / "grade-lab1").write_text("#!/bin/sh\ntouch /tmp/ran\n")
        before = sorted(str(path) for path in good.rglob("*"))
        status, rows, said = self.grade()
        self.assertEqual(status, 1, said)
        self.assertEqual(rows[0], ["name", "points", "of", "state"])
        self.assertEqual([row[0] for row in rows[1:]],
                         [name for name, _ in wanted] + ["zoe"])
        for row, (name, reason) in zip(rows[1:], wanted):
            self.assertEqual(row[1:3], ["", ""])
            self.assertIn(reason, row[3])
        self.assertEqual(rows[-1][1:], ["50", "50", "graded"])
        self.assertEqual(sorted(str(path) for path in good.rglob("*")), before)
        self.assertIn("Score: 50/50", (self.top / "grades/zoe.txt").read_text())
        self.assertTrue((self.top / "grades/new_line.txt").is_file())
        self.assertNotIn("Traceback", said)

    def test_nothing(self) -> None:
        """Without submissions, or without the lab, it fails."""
        self.assertEqual(self.grade()[0], 2)
        self.assertIn("no such folder", self.grade()[2])
        (self.top / "class").mkdir()
        self.assertIn("no submissions in it", self.grade()[2])
        self.assertIn("has no lab 1", self.grade("--clean", str(self.top))[2])


if __name__ == "__main__":
    unittest.main()
