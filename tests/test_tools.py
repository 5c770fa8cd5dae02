"""The tools of the build: debug tables, program images, boot arguments."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from toolkit import Compiled, Scratch, call, linkers, run

import badelf
import bootargs
import programs
import symtab
from digest import digest
from elf import Elf, Location

TOP = Path(__file__).resolve().parent.parent


class SymtabTest(Compiled):
    """The debug table, read back the way the kernel does."""

    @staticmethod
    def find(table: bytes, addr: int) -> Optional[Location]:
        """Looks up an address in a table."""
        magic, nlines, nfuncs, strsize = struct.unpack_from("<4I", table)
        assert magic == 0x4D59534A
        assert len(table) == 16 + 10 * nlines + 8 * nfuncs + strsize
        functions = 16 + 10 * nlines
        strings = table[functions + 8 * nfuncs:]
        assert strings.endswith(b"\0") and strsize % 4 == 0
        found: Optional[Location] = None
        for i in range(nlines):
            start, func, file, line = struct.unpack_from(
                "<IHHH", table, 16 + 10 * i)
            if start > addr:
                break
            found = None
            if func != 0xFFFF:
                base, name = struct.unpack_from("<II", table,
                                                functions + 8 * func)
                text = [strings[at:strings.index(b"\0", at)].decode()
                        for at in (name, file)]
                found = Location(text[0], addr - base, text[1], line)
        return found

    def test_table(self) -> None:
        """The table agrees with elf.py for every address."""
        for name, elf in self.elves().items():
            with self.subTest(name):
                table = symtab.build(elf)
                addrs = self.code(elf)
                for addr in [0, 0x80001F, *addrs, addrs[-1] + 1, 0xFFFFFFFF]:
                    self.assertEqual(self.find(table, addr), elf.lookup(addr))

    def test_tool(self) -> None:
        """The tool writes the table of a program."""
        for name, path in self.built.items():
            out = self.dir / name
            self.assertEqual(call(symtab.main, path, out), (0, "", ""))
            where = self.find(out.read_bytes(), Elf.load(path).entry)
            assert where is not None
            self.assertEqual(where.function, "start")

    def test_empty(self) -> None:
        """The empty table knows nothing and is valid."""
        out = self.dir / "empty"
        self.assertEqual(call(symtab.main, "--empty", out), (0, "", ""))
        self.assertIsNone(self.find(out.read_bytes(), 0xF0100000))

    def test_errors(self) -> None:
        """Errors are reported in one line, and nothing is written."""
        out = self.dir / "out"
        plain = self.dir / "plain"
        plain.write_bytes(badelf.images()["goodtiny"])
        self.fails("usage", symtab.main)
        self.fails("plain: no line table; compile with -g", symtab.main,
                   plain, out)
        self.fails("none: No such file", symtab.main, self.dir / "none", out)
        self.fails("x/out: No such file", symtab.main, "--empty",
                   self.dir / "x" / "out")
        out.mkdir()
        self.fails("out: Is a directory", symtab.main, "--empty", out)
        self.assertEqual(sorted(os.listdir(self.dir)), ["out", "plain"])


class ProgramsTest(Compiled):
    """The images of programs and the kernel's table of them."""

    def setUp(self) -> None:
        super().setUp()
        self.out = self.dir / "programs.S"
        self.elves = []
        for name, path in list(self.built.items())[:2]:
            self.elves.append(self.dir / name)
            shutil.copy(str(path), str(self.elves[-1]))

    def make(self, *sources: object) -> None:
        """Runs the tool, which must succeed and say nothing."""
        self.assertEqual(call(programs.main, "-o", self.out,
                              *(sources or self.elves)), (0, "", ""))

    def test_image(self) -> None:
        """An image holds what its program loads, its table, no more."""
        self.make()
        for path in self.elves:
            whole, image = Elf.load(path), Elf.load(
                path.with_name(path.name + ".img"))
            self.assertEqual(image.entry, whole.entry)
            self.assertEqual(image.sections, [])
            loads = [seg for seg in whole.segments if seg.type == 1]
            self.assertEqual([seg.va for seg in image.segments],
                             [seg.va for seg in loads] + [0x200000])
            for seg in loads:
                self.assertEqual(image.read(seg.va, seg.memsz),
                                 whole.read(seg.va, seg.memsz))
            table = image.segments[-1]
            self.assertEqual((table.flags, table.filesz, table.offset % 4),
                             (4, table.memsz, 0))
            self.assertEqual(image.read(table.va, table.memsz),
                             symtab.build(whole))
            self.assertLess(len(image.data), sum(
                seg.filesz for seg in image.segments) + 200)

    def test_table(self) -> None:
        """The table is what C expects, sorted, with either assembler."""
        raw = self.dir / "aaa.img"
        raw.write_bytes(b"not ELF")
        self.make(*self.elves, raw)
        names = sorted([path.name for path in self.elves] + ["aaa"])
        for compiler in ("gcc", "clang"):
            if not shutil.which(compiler):
                continue
            with self.subTest(compiler):
                run([compiler, "-m32", "-c", "programs.S"], self.dir)
                note = run([linkers()[0], "-m", "elf_i386", "-e", "programs",
                            "-o", "all", "programs.o"], self.dir)
                self.assertEqual(note, "")
                elf = Elf.load(self.dir / "all")
                self.check_table(elf, names)

    def check_table(self, elf: Elf, names: List[str]) -> None:
        """Reads programs[] out of a linked program."""
        count = elf.read(elf.symbols["nprograms"].value, 4)
        self.assertEqual(count, struct.pack("<I", len(names)))
        for i, expected in enumerate(names):
            name, start, size = struct.unpack("<3I", elf.read(
                elf.symbols["programs"].value + 12 * i, 12))
            text = expected.encode() + b"\0"
            self.assertEqual(elf.read(name, len(text)), text)
            image = (self.dir / (expected + ".img")).read_bytes()
            self.assertEqual(elf.read(start, size), image)
            self.assertEqual(start % 4, 0)

    def times(self) -> Dict[str, int]:
        """When each file was written."""
        return {path.name: path.stat().st_mtime_ns
                for path in self.dir.iterdir()}

    def test_unchanged(self) -> None:
        """Images that are up to date, or linked again the same, are not touched."""
        self.make()
        before = self.times()
        self.make()
        self.assertEqual(self.times(), before)
        os.utime(self.elves[0])
        self.make()
        self.assertEqual(self.times()["programs.S"], before["programs.S"])

    def test_changed(self) -> None:
        """A program that changed gets a new image and changes the table."""
        self.make()
        before = self.times()
        text = self.out.read_text()
        data = bytearray(self.elves[0].read_bytes())
        data[data.index(struct.pack("<3I", 1, 2, 3))] = 9
        self.elves[0].write_bytes(data)
        self.make()
        self.assertNotEqual(self.out.read_text(), text)
        name = self.elves[0].name + ".img"
        self.assertGreater(self.times()[name], before[name])
        other = self.elves[1].name + ".img"
        self.assertEqual(self.times()[other], before[other])

    def test_errors(self) -> None:
        """Errors are reported in one line; no partial file is left."""
        bad, clash = self.dir / "bad", self.dir / "clash"
        bad.write_bytes(b"\x7fELF")
        clash.write_bytes(programs.image(0x200000, [
            programs.Load(0x200000, b"1234", 4, 5)]))
        odd = self.dir / "a b.img"
        odd.write_bytes(b"")
        main = programs.main
        self.fails("usage", main)
        self.fails("bad: the file ends within", main, "-o", self.out, bad)
        self.fails("where the debug table goes", main, "-o", self.out, clash)
        self.fails("none: No such file", main, "-o", self.out,
                   self.dir / "none")
        self.fails("not a name for a program", main, "-o", self.out, odd)
        self.fails("another program", main, "-o", self.out, self.elves[0],
                   self.elves[0])
        self.fails("x/o.S: No such file", main, "-o", self.dir / "x" / "o.S")
        self.assertFalse(self.out.exists())
        self.assertEqual([name for name in self.times() if name[0] == "."],
                         [])


class BadElfTest(Scratch):
    """The images that test the loader."""

    @staticmethod
    def refusal(data: bytes) -> str:
        """The first fault of an image, in a word."""
        if data[:4] != b"\x7fELF" or data[4] != 1:
            return "class" if data[:4] == b"\x7fELF" else "magic"
        fields = struct.unpack_from("<HHIIIIIHHH", data, 16)
        if fields[1] != 3:
            return "machine"
        if fields[4] + fields[8] * fields[9] > len(data):
            return "trunc"
        entered = loaded = False
        for i in range(fields[9]):
            kind, offset, va, _, filesz, memsz, _, _ = struct.unpack_from(
                "<8I", data, fields[4] + 32 * i)
            for what, wrong in (
                    ("offwrap", offset + filesz >= 1 << 32),
                    ("offset", offset + filesz > len(data)),
                    ("size", memsz < filesz),
                    ("above", va >= 0xEEC00000),
                    ("wrap", va + memsz >= 1 << 32),
                    ("cross", va + memsz > 0xEEC00000),
                    ("stack", va < 0xEEBFE000 and va + memsz > 0xEEBFD000)):
                if wrong and kind == 1:
                    return what
            loaded |= kind == 1
            entered |= kind == 1 and va <= fields[3] < va + memsz
        return "empty" if not loaded else "" if entered else "entry"

    def test_images(self) -> None:
        """Each image has the fault in its name; the good ones have none."""
        self.assertEqual(call(badelf.main, self.dir / "new"), (0, "", ""))
        seen = []
        for path in sorted((self.dir / "new").iterdir()):
            name = path.stem
            seen.append(name)
            expected = "" if name.startswith("good") else name[len("bad"):]
            self.assertEqual(self.refusal(path.read_bytes()), expected)
            self.assertLess(path.stat().st_size, 400)
        self.assertEqual(seen, sorted(badelf.images()))
        self.assertEqual(len(seen), 15)

    def test_one_thing(self) -> None:
        """Each image differs from the good one in one field."""
        made = badelf.images()
        good = made["goodtiny"]
        del made["goododd"]
        for name, data in made.items():
            words = [i for i in range(0, len(good), 4)
                     if good[i:i + 4] != data[i:i + 4]]
            self.assertEqual(len(words), {"goodtiny": 0, "badempty": 2}.get(
                name, 1), name)

    def test_again(self) -> None:
        """A second run writes nothing; errors are reported in one line."""
        call(badelf.main, self.dir)
        path = self.dir / "badwrap.img"
        before = path.stat().st_mtime_ns
        call(badelf.main, self.dir)
        self.assertEqual(path.stat().st_mtime_ns, before)
        self.fails("File exists", badelf.main, path)
        self.fails("usage", badelf.main)


class BootargsTest(Scratch):
    """Patching the boot arguments."""

    def setUp(self) -> None:
        super().setUp()
        self.image = self.dir / "kernel.img"
        self.block = bootargs.MAGIC + bytes(512)
        self.image.write_bytes(b"x" * 1000 + self.block + b"y" * 1000)

    def shown(self) -> str:
        status, out, err = call(bootargs.main, self.image)
        self.assertEqual((status, err), (0, ""))
        return out

    def test_set(self) -> None:
        """Arguments are set, shown and emptied, nothing else changes."""
        whole = self.image.read_bytes()
        self.assertEqual(self.shown(), "\n")
        self.assertEqual(call(bootargs.main, self.image, "lab=3",
                              "init=hello", "--", "-a", "b"), (0, "", ""))
        self.assertEqual(self.shown(), "lab=3 init=hello -- -a b\n")
        call(bootargs.main, self.image, "lab=1")
        self.assertEqual(self.shown(), "lab=1\n")
        call(bootargs.main, self.image, "--clear")
        self.assertEqual(self.image.read_bytes(), whole)

    def test_limit(self) -> None:
        """511 bytes fit, 512 are refused and change nothing."""
        call(bootargs.main, self.image, "a" * 511)
        self.assertEqual(self.shown(), "a" * 511 + "\n")
        self.fails("take 512 bytes, there is room for 511", bootargs.main,
                   self.image, "b" * 512)
        self.assertEqual(self.shown(), "a" * 511 + "\n")

    def test_refused(self) -> None:
        """Bad images and words are refused, with the reason."""
        main = bootargs.main
        for word in ("a\tb", "a\nb", "\xe9", "\x7f"):
            self.fails("only printable ASCII", main, self.image, word)
        self.assertEqual(self.shown(), "\n")
        for said, data in (("no block", b"x" * 5000),
                           ("more than one block", self.block * 2),
                           ("ends within", self.block[:-1]),
                           ("damaged", bootargs.MAGIC + b"a" * 512)):
            self.image.write_bytes(data)
            self.fails(said, main, self.image)
            if said != "damaged":
                self.fails(said, main, self.image, "lab=3")
                self.assertEqual(self.image.read_bytes(), data)
        self.fails("usage", main)
        self.fails("none: No such file", main, self.dir / "none", "lab=1")
        self.fails("Is a directory", main, self.dir, "lab=1")


def unread(*command: object) -> Tuple[int, str]:
    """Runs a command whose reader closes the pipe after one byte; returns its
    status and standard error."""
    with subprocess.Popen([sys.executable, *map(str, command)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()
    return process.returncode, said


class Unread(Scratch):
    """Tools whose reader stops early, as in make todo | head."""

    def test_status(self) -> None:
        """A tool completes its work, and returns its own status."""
        for flush in (True, False):
            for status in (0, 3):
                done = self.dir / "done"
                (self.dir / "tool.py").write_text(f"""
import pathlib, sys
sys.path.insert(0, {str(TOP / "tools")!r})
from fileio import run_tool
def main(argv):
    for number in range(100000):
        print("line", number, flush={flush})
    pathlib.Path(argv[0]).touch()
    return {status}
run_tool(main)
""")
                self.assertEqual(unread(self.dir / "tool.py", done), (status, ""))
                done.unlink()

    def test_todo(self) -> None:
        """make todo does not complain about its reader."""
        for _ in range(5):
            self.assertEqual(unread(TOP / "tools/todo.py", 1, 2, 3, 4), (0, ""))

    def test_every_tool(self) -> None:
        """Every tool that prints more than a few lines is run that way."""
        for name in ("answers bench explain gradeall handin handout memmap todo"
                     " update").split():
            text = (TOP / f"tools/{name}.py").read_text()
            self.assertRegex(text, r"\n    (fileio\.)?run_tool\(main\)\n\Z", name)


class DigestTest(Scratch):
    """The digest that authenticates evidence."""

    def test_vector(self) -> None:
        """It is FNV-1a: a published test vector, cut in three."""
        key, value = (int.from_bytes(piece, "little")
                      for piece in (b"chon", b"re!\n"))
        self.assertEqual(digest(key, "go was he", value), 0xD49930D5)

    def test_same_as_c(self) -> None:
        """inc/digest.h computes the same."""
        compiler = shutil.which("gcc") or shutil.which("clang")
        header = TOP / "inc" / "digest.h"
        if not compiler or not header.exists():
            self.skipTest("no compiler")
        # The header alone, in a program of this machine, not of our system.
        text = header.read_text().replace("#include <inc/types.h>",
                                          "#include <stdint.h>")
        (self.dir / "d.c").write_text(text + """
#include <stdio.h>
int main(void)
{
\tprintf("%x %x\\n", digest(1, "", 2), digest(0xfedcba98, "x_y", -5));
}
""")
        run([compiler, "-o", "d", "d.c"], self.dir)
        self.assertEqual(run(["./d"], self.dir),
                         f"{digest(1, '', 2):x} "
                         f"{digest(0xFEDCBA98, 'x_y', -5):x}\n")


class Imports(unittest.TestCase):
    def test_any_folder(self) -> None:
        """Each tool and grader finds its parts from any folder, also where Python
        is told not to look beside a program."""
        programs_ = [path for path in (*TOP.glob("tools/*.py"), *TOP.glob("grade-lab*"),
                                       TOP / "gradelib/__main__.py")
                     if path.read_text().startswith("#!") or path.stem == "__main__"]
        self.assertGreater(len(programs_), 20)
        code = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='program')"
        for path in programs_:
            done = run([sys.executable, "-W", "ignore", "-c", code, str(path)],
                       Path("/"))
            self.assertEqual(done, "", path)


if __name__ == "__main__":
    unittest.main()
