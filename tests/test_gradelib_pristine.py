"""Class grading: only the exercise files are the student's."""

import errno
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Dict
from unittest import mock

from support import TOP, copy_tree, run, tail

from gradelib.outcome import GraderError
from gradelib.pristine import assemble, check_includes, student_files

CLEAN = {
    "GNUmakefile": "all:\n",
    "kern/pmap.c": "int a;\n// \x40solution lab2.page_init\nint b;\n",
    "kern/init.c": "clean\n",
    "lib/libmain.c": "// Exercise lab3.libmain: your code here.\n",
    "labs/lab2/answers/right/x.c": "// \x40solution lab2.x\n",
    "obj/kern/kernel": "old\n",
}


def write(top: Path, files: Dict[str, str]) -> Path:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


class Assembling(unittest.TestCase):
    def setUp(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="gradelib-"))
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)
        self.clean = write(self.top / "clean", CLEAN)
        self.student = write(self.top / "student", {
            **CLEAN, "kern/pmap.c": "mine\n", "kern/init.c": "mine\n",
            "GNUmakefile": "mine\n", "kern/extra.c": "mine\n"})
        self.target = self.top / "target"

    def assemble(self) -> None:
        assemble(self.clean, self.student, self.target)

    def refused(self, pattern: str) -> None:
        with self.assertRaisesRegex(GraderError, pattern):
            self.assemble()

    def test_files(self) -> None:
        """Only the files that hold an exercise in the clean tree are taken."""
        self.assertEqual([str(path) for path in student_files(self.clean)],
                         ["kern/pmap.c", "lib/libmain.c"])
        self.assemble()
        texts = {name: (self.target / name).read_text()
                 for name in ("kern/pmap.c", "kern/init.c", "GNUmakefile")}
        self.assertEqual(texts, {"kern/pmap.c": "mine\n", "kern/init.c": "clean\n",
                                 "GNUmakefile": "all:\n"})
        for name in ("kern/extra.c", "obj", "labs/lab2/answers"):
            self.assertFalse((self.target / name).exists(), name)

    def test_missing(self) -> None:
        """A missing file is reported."""
        (self.student / "kern/pmap.c").unlink()
        self.refused("pmap.c is missing")

    def test_link(self) -> None:
        """A symbolic link is refused, to a file or on the way."""
        path = self.student / "kern/pmap.c"
        path.unlink()
        path.symlink_to(self.clean / "kern/pmap.c")
        self.refused("kern/pmap.c is a symbolic link")
        shutil.rmtree(self.target)
        shutil.rmtree(self.student / "kern")
        (self.student / "kern").symlink_to(self.clean / "kern")
        self.refused("kern is a symbolic link")

    def test_special(self) -> None:
        """A file that is not plain is refused without waiting for it."""
        path = self.student / "kern/pmap.c"
        path.unlink()
        os.mkfifo(path)
        self.refused("not a plain file")

    def write_pmap(self, data: bytes) -> None:
        (self.student / "kern/pmap.c").write_bytes(data)

    def test_binary(self) -> None:
        """A file with bytes that are no text is refused; an umlaut in another
        character set is not."""
        self.write_pmap(b"int a; // M\xfcller\n")
        self.assemble()
        shutil.rmtree(self.target)
        self.write_pmap(b"\x7fELF\0\0\1")
        self.refused("pmap.c holds bytes that are no text")

    def test_giant(self) -> None:
        """A file of gigabytes is refused, and not read."""
        with (self.student / "kern/pmap.c").open("wb") as file:
            file.truncate(64 << 30)
        self.refused(f"pmap.c has {64 << 30} bytes")

    def test_unreadable(self) -> None:
        """An unreadable file is reported, with the reason."""
        with mock.patch("os.open", side_effect=PermissionError(
                errno.EACCES, "Permission denied")):
            self.refused("pmap.c cannot be read: Permission denied")

    def test_includes_by_name(self) -> None:
        """Before the build, only headers of the tree may be named."""
        for line, said in (('#include "/etc/passwd"', "/etc/passwd, outside"),
                           ("#include <../x.h>", "outside the tree"),
                           ('#inc\\\nlude "/etc/passwd"', "outside the tree"),
                           ('/* */ # /**/ include "/x.h"', "outside the tree"),
                           ('%:include "/x.h"', "outside the tree"),
                           ("#include NAME", "NAME, which is not the name"),
                           ('#include "pmap.c"', "not the name of a header"),
                           ("#include <inc/digest.h>", "belongs to the checks"),
                           ("#include <kern/check/gap.h>", "to the checks")):
            with self.subTest(line):
                self.write_pmap(f"{line}\nint a;\n".encode())
                self.refused(said)
                shutil.rmtree(self.target)
        self.write_pmap(b'#include <inc/x.h>\n// #include "/etc/passwd"\n')
        self.assemble()

    def test_odd_words(self) -> None:
        """No file may use assembly in ways that the clean file does not."""
        for text in ('asm("nop");', '__asm__ volatile("nop");', "#define J(a, b) a##b",
                     "x = __builtin_return_address(0);"):
            with self.subTest(text):
                self.write_pmap(text.encode())
                self.refused("which the clean tree does not have there")
                shutil.rmtree(self.target)
        self.write_pmap(b'// asm("nop") and a##b in a comment\nint asm_count;\n')
        self.assemble()

    def test_gap(self) -> None:
        """The gap between the checks is as wide as asked."""
        write(self.clean, {"kern/check/gap.h": "#define CHECK_GAP 1 // bytes\n"})
        assemble(self.clean, self.student, self.target, 77)
        self.assertEqual((self.target / "kern/check/gap.h").read_text(),
                         "#define CHECK_GAP 77 // bytes\n")

    def test_incbin(self) -> None:
        """A file that includes another by .incbin is refused."""
        (self.student / "kern/pmap.c").write_text('asm(".incbin \\"/x\\"");\n')
        self.refused("incbin")

    def test_no_tree(self) -> None:
        """The clean tree must be a tree of this project."""
        shutil.rmtree(self.clean)
        self.refused("is not a tree of this system")

    def test_includes(self) -> None:
        """After the build, nothing may come from outside the tree."""
        self.assemble()
        outside = self.clean / "kern/pmap.c"
        write(self.target, {"obj/kern/pmap.d": "obj/kern/pmap.o: kern/pmap.c \\\n"
                                               " inc/x.h\n\ninc/x.h:\n"})
        check_includes(self.target)
        for name in (str(outside), "../clean/kern/pmap.c"):
            write(self.target, {"obj/kern/pmap.d": f"obj/kern/pmap.o: {name}\n"})
            with self.assertRaisesRegex(GraderError, "outside the tree"):
                check_includes(self.target)


@unittest.skipUnless(shutil.which("qemu-system-i386"), "QEMU is not installed")
class WholeTree(unittest.TestCase):
    def test_results_outside(self) -> None:
        """Nothing is written or removed through a link of the student's."""
        with tempfile.TemporaryDirectory(prefix="gradelib-") as folder:
            student = copy_tree(Path(folder) / "student")
            outside = Path(folder) / "outside"
            write(outside, {"grade/printf/precious": "x"})
            (student / "obj").symlink_to(outside)
            done = run(sys.executable, str(TOP / "grade-lab1"), "--pristine", str(TOP),
                       "printf", cwd=student)
            self.assertEqual(done.returncode, 2)
            self.assertIn("obj is a symbolic link: refused", done.stdout)
            self.assertEqual([path.name for path in outside.rglob("*")
                              if path.is_file()], ["precious"])

    def test_tampered(self) -> None:
        """Of a tree whose grader and checks were changed, only the exercise
        files are used, and graded."""
        with tempfile.TemporaryDirectory(prefix="gradelib-") as folder:
            student = copy_tree(Path(folder) / "student")
            (student / "grade-lab1").write_text("#!/bin/sh\necho Score: 50/50\n")
            (student / "kern/init.c").write_text("no C\n")
            octal = student / "lib/octal.c"
            text = octal.read_text()
            start = text.index("\x40solution lab1.printfmt_octal\n")
            end = text.index("// \x40end lab1.printfmt_octal")
            octal.write_text(text[:start] + "\n\tprint_number(p, spec, \"0\", "
                             "take_unsigned(p, spec), 8);\n\t" + text[end:])
            done = run(sys.executable, str(TOP / "grade-lab1"), "--pristine", str(TOP),
                       "printf", "conversions", "backtrace_count", cwd=student)
            self.assertEqual(done.returncode, 1, tail(done.stdout))
            self.assertRegex(done.stdout, r"(?m)^printf: FAIL")
            self.assertRegex(done.stdout, r"(?m)^backtrace_count: OK")
            self.assertRegex(done.stdout, r"Score: 5/18\n\Z")


if __name__ == "__main__":
    unittest.main()
