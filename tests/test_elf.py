"""elf.py: symbols, memory and line tables of good and of damaged programs."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import struct
import time
import unittest
from typing import List, Tuple

from toolkit import Compiled, Scratch, crafted, run, unit

import badelf
import symtab
from elf import Elf, ElfError

SET = b"\0\5\2" + struct.pack("<I", 0x1000)
STOP = b"\2\4\0\1\1"


class LookupTest(Compiled):
    """elf.py against binutils."""

    def test_lines(self) -> None:
        """Files and lines are what addr2line says, at every byte."""
        if not shutil.which("addr2line"):
            self.skipTest("no addr2line")
        for name, elf in self.elves().items():
            with self.subTest(name):
                text = "\n".join(map(hex, self.code(elf)))
                told = run(["addr2line", "-e", name], self.top,
                           text).split("\n")
                for addr, line in zip(self.code(elf), told):
                    file, _, number = line.split(" ")[0].rpartition(":")
                    where = elf.lookup(addr)
                    assert where is not None
                    if number in ("?", "0"):
                        continue  # made up by the compiler; we say a line near
                    file = os.path.relpath(os.path.normpath(file), self.top)
                    self.assertEqual((where.file, str(where.line)),
                                     (file, number), f"{addr:#x}")

    def test_functions(self) -> None:
        """Functions are what nm lists as code, with offsets from there."""
        if not shutil.which("nm"):
            self.skipTest("no nm")
        for name, elf in self.elves().items():
            with self.subTest(name):
                table = [line.split() for line in
                         run(["nm", "-n", name], self.top).splitlines()]
                starts = {entry[2]: int(entry[0], 16) for entry in table
                          if entry[1] in "tT"
                          and entry[2] not in ("inner", "lone")}
                self.assertEqual(starts, {function.name: function.start
                                          for function in elf.functions})
                for label, start in starts.items():
                    where = elf.lookup(start + 3)
                    assert where is not None
                    self.assertEqual((where.function, where.offset),
                                     (label, 3))

    def test_names_relative(self) -> None:
        """File names are relative to the top, in every DWARF version."""
        for name, elf in self.elves().items():
            with self.subTest(name):
                self.assertEqual(
                    {line.file for line in elf.lines if line.file},
                    {"kern/a.c", "kern/b.c", "kern/e.S", "inc/x.h"})

    def test_discarded(self) -> None:
        """Code that the linker dropped leaves no trace in the table."""
        for name, elf in self.elves().items():
            with self.subTest(name):
                self.assertNotIn("unused", elf.symbols)
                lines = {row.line for row in elf.lines
                         if row.file == "kern/a.c"}
                self.assertFalse(lines & {14, 16})
                self.assertGreaterEqual(min(row.addr for row in elf.lines),
                                        0x800020)

    def test_holes(self) -> None:
        """No function is found before, after or far from the code."""
        for name, elf in self.elves().items():
            with self.subTest(name):
                last = max(function.end for function in elf.functions)
                for addr in (0, 0x80001F, last, last + 5, 0x900000, 0xFFFFFFFF,
                             elf.symbols["table"].value,
                             elf.symbols["lone"].value + 20):
                    self.assertIsNone(elf.lookup(addr), hex(addr))

    def test_rows(self) -> None:
        """Rows ascend, neighbours differ, and the last one is a hole."""
        for name, elf in self.elves().items():
            with self.subTest(name):
                code = elf.code
                for row, after in zip(code, code[1:]):
                    self.assertLess(row.addr, after.addr)
                    self.assertNotEqual(row[1:], after[1:])
                self.assertIsNone(code[-1].function)

    def test_read(self) -> None:
        """Memory reads as loaded; global symbols go before local ones."""
        for name, elf in self.elves().items():
            with self.subTest(name):
                table = elf.symbols["table"]
                self.assertEqual(table.size, 12)
                self.assertEqual(elf.read(table.value, 12),
                                 struct.pack("<3I", 1, 2, 3))
                zeroes = elf.symbols["zeroes"]
                self.assertEqual(elf.read(zeroes.value, 400), bytes(400))
                with self.assertRaisesRegex(ElfError, "not in one segment"):
                    elf.read(0x500000, 4)

    def test_damaged(self) -> None:
        """A damaged program gives an answer or an ElfError, no traceback."""
        dice = random.Random(1)
        for path in self.built.values():
            whole = path.read_bytes()
            table = Elf(whole).section(".debug_line")
            assert table is not None
            for _ in range(150):
                data = bytearray(whole)
                low, high = dice.choice([
                    (0, len(data)), (0, 200), (len(data) - 800, len(data)),
                    (table.offset, table.offset + table.size)])
                for _ in range(dice.randrange(1, 5)):
                    data[dice.randrange(low, high)] = dice.randrange(256)
                if dice.randrange(4) == 0:
                    del data[dice.randrange(len(data)):]
                with contextlib.suppress(ElfError):
                    elf = Elf(bytes(data))
                    elf.lookup(0x800040)
                    symtab.build(elf)

    def test_speed(self) -> None:
        """A line table of ten thousand rows is decoded in a moment."""
        program = b"\0\5\2" + struct.pack("<I", 0x1000) + (
            b"\5\3\6\1\x4b" + b"\5\7\xf3") * 6000 + b"\2\1\0\1\1"
        elf = Elf(crafted(unit(4, program)))
        start = time.process_time()
        self.assertGreater(len(elf.lines), 10000)
        self.assertLess(time.process_time() - start, 0.5)


class LineTableTest(unittest.TestCase):
    """Line tables written by hand, good and bad."""

    def lines(self, *units: bytes) -> List[Tuple[int, str, int]]:
        return [tuple(row) for row in Elf(crafted(b"".join(units))).lines]

    def refused(self, said: str, data: bytes) -> None:
        with self.subTest(said):
            with self.assertRaises(ElfError) as caught:
                self.lines(data)
            self.assertIn(said, str(caught.exception))

    def test_opcodes(self) -> None:
        """Every opcode does what the standard says."""
        program = (SET + b"\3\x7d\3\5\1"    # line 1 - 3 + 5: a row
                   + b"\x08\x4b"            # 17 on, then 4 on and 1 line
                   + b"\x09\x10\0\6\7\x0a\x0b\x0c\3"  # 16 on
                   + b"\2\x80\1\1"          # 128 on
                   + b"\0\2\4\x07\0\3\x99ab" + STOP)
        for version in (2, 3, 4, 5):
            with self.subTest(version):
                self.assertEqual(
                    self.lines(unit(version, program)),
                    [(0x1000, "k/f.c", 3), (0x1000 + 17 + 4, "k/f.c", 4),
                     (0x1000 + 21 + 16 + 128, "k/f.c", 4),
                     (0x1000 + 21 + 16 + 128 + 4, "", 0)])

    def test_line_zero(self) -> None:
        """Code without a line gets the line of the code before it."""
        program = SET + b"\x12" + b"\3\x7f\2\2\1" + STOP
        self.assertEqual([row[2] for row in self.lines(unit(4, program))],
                         [1, 1, 0])

    def test_dropped(self) -> None:
        """Sequences at 0 or outside of all sections do not count."""
        good = unit(4, SET + b"\1" + STOP)
        for place in (0, 0xFFFFFFFF, 0xFFFFFFFE, 0x80000):
            program = b"\0\5\2" + struct.pack("<I", place) + b"\1" + STOP
            self.assertEqual(self.lines(unit(4, program), good),
                             self.lines(good))

    def test_back_to_back(self) -> None:
        """Where one sequence ends and the next starts, there is no hole."""
        after = b"\0\5\2" + struct.pack("<I", 0x1004)
        for order in ((SET, after), (after, SET)):
            units = [unit(4, start + b"\1" + STOP) for start in order]
            self.assertEqual(self.lines(*units), [
                (0x1000, "k/f.c", 1), (0x1004, "k/f.c", 1), (0x1008, "", 0)])

    def test_refused(self) -> None:
        """Each malformed line table is refused with its reason."""
        good = unit(4, SET + b"\1" + STOP)
        self.refused("cut short", good[:3])
        self.refused("past the end of the section", good[:-1])
        self.refused("64-bit DWARF", b"\xff" * 4 + good)
        self.refused("version 6", good[:4] + b"\6\0" + good[6:])
        self.refused("version 0", good[:4] + b"\0\0" + good[6:])
        self.refused("cut short", struct.pack("<I", 1) + b"\4")
        self.refused("header longer than itself",
                     good[:6] + struct.pack("<I", 5000) + good[10:])
        self.refused("line range or opcode base of 0",
                     unit(4, b"", line_range=0))
        self.refused("middle of a sequence", unit(4, SET + b"\1"))
        self.refused("cut short", unit(4, b"\x09\1"))
        self.refused("cut short", unit(4, b"\2\x80"))
        self.refused("number without an end",
                     unit(4, b"\2" + b"\x80" * 20 + b"\1"))
        self.refused("extended opcode of 9 bytes", unit(4, b"\0\x09\2"))
        self.refused("extended opcode of 0 bytes", unit(4, b"\0\0\1\1"))
        self.refused("sets an address of 8 bytes",
                     unit(4, b"\0\x09\2" + bytes(8)))
        self.refused("refers to file 9 of 2",
                     unit(4, SET + b"\4\x09\1" + STOP))
        self.refused("in directory 7 of 2",
                     unit(4, names=b"k\0\0f.c\0\7\0\0\0"))
        self.refused("string without an end", unit(4, names=b"k"))

    def test_refused5(self) -> None:
        """So is each of version 5."""
        good = unit(5)
        self.refused("not of 32-bit code", good[:6] + b"\x08" + good[7:])
        self.refused("empty entries", unit(5, names=b"\0\xff\xff\x7f"))
        self.refused("form 0x99", unit(5, names=b"\1\1\x99\1\1"))
        self.refused("outside .debug_line_str",
                     unit(5, names=b"\1\1\x1f\1" + bytes(4)))
        self.refused("outside .debug_str",
                     unit(5, names=b"\1\1\x0e\1" + bytes(4)))
        self.refused("cut short", unit(5, names=b"\1\1\x09\1\x7f"))

    def test_compressed(self) -> None:
        """A compressed table is refused with what to do about it."""
        with self.assertRaisesRegex(ElfError, "without -gz"):
            Elf(crafted(unit(4), flags=0x800)).lines


class ElfTest(Scratch):
    """Invalid files."""

    def test_headers(self) -> None:
        """Each malformed header is refused with its reason."""
        good = badelf.images()["goodtiny"]
        with_sections = crafted(unit(4))

        def put(data: bytes, offset: int, *words: int) -> bytes:
            new = struct.pack(f"<{len(words)}I", *words)
            return data[:offset] + new + data[offset + len(new):]

        self.assertEqual(Elf(good).entry, 0x800020)
        for said, data in (
                ("not an ELF file", b""),
                ("not an ELF file", b"\x7fEL"),
                ("not an ELF file", badelf.images()["badmagic"]),
                ("within the ELF header", good[:51]),
                ("not a 32-bit", badelf.images()["badclass"]),
                ("not a 32-bit", good[:5] + b"\2" + good[6:]),
                ("machine 62", badelf.images()["badmachine"]),
                ("of type 1", good[:16] + b"\1" + good[17:]),
                ("program headers at", badelf.images()["badtrunc"]),
                ("header of 8 bytes", good[:42] + b"\x08" + good[43:]),
                ("segment 1 at 0x00801000 runs past",
                 badelf.images()["badoffset"]),
                ("segment 1 at 0x00801000 runs past",
                 badelf.images()["badoffwrap"]),
                ("smaller in memory", badelf.images()["badsize"]),
                ("section headers at", with_sections[:-1]),
                ("section headers at", put(with_sections, 32, 0xFFFFFFF0)),
                ("names are said to be in section 9",
                 with_sections[:50] + b"\x09" + with_sections[51:]),
                ("outside its string table",
                 put(with_sections, len(with_sections) - 40, 1000)),
                ("section 2 runs past",
                 put(with_sections, len(with_sections) - 60, 99999999))):
            with self.subTest(said):
                with self.assertRaises(ElfError) as caught:
                    Elf(data)
                self.assertIn(said, str(caught.exception))

    def test_load(self) -> None:
        """An error names the file, even if it does not exist."""
        path = self.dir / "nothing"
        with self.assertRaisesRegex(ElfError, f"{path}: No such file"):
            Elf.load(path)
        path.write_bytes(b"hello")
        with self.assertRaisesRegex(ElfError, f"{path}: not an ELF file"):
            Elf.load(path)


if __name__ == "__main__":
    unittest.main()
