"""The memory map: made-up machines, garbage, and a real one."""

import os
import random
import re
import signal
import struct
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace
from typing import Dict, List

from support import TOP, clean_environment, make, tail

sys.path.insert(0, str(TOP))

from gradelib.case import Case  # noqa: E402
from gradelib.layout import (ENV_SIZE, ENV_STATUS, KERNBASE, KSTACKTOP,  # noqa: E402
                             KSTKSIZE, NENV, PGSIZE, PTE_P, PTE_PS, PTE_U, PTE_W,
                             PTSIZE, TRAPFRAME_SIZE, UPAGES, UTEXT, UVPT)
from gradelib.maptext import as_text, size_text  # noqa: E402
from gradelib.memmap import Row, Space, spaces  # noqa: E402
from gradelib.memory import Memory  # noqa: E402
from gradelib.pagemap import FREE, LEAKED, PageMap, page_map  # noqa: E402
from gradelib.picture import as_html  # noqa: E402
from gradelib.registers import Registers  # noqa: E402
from gradelib.watch import Ending, Stop  # noqa: E402

OBJ = os.environ.get("OBJDIR", "obj")
SIZE = 4 << 20
NPAGES = SIZE // PGSIZE
# The page numbers of the parts of the made-up kernel.
DATA, STACK, PAGES, ENVS = 256, 260, 268, 270
ENVS_PAGES = -(-NENV * ENV_SIZE // PGSIZE)
PGDIR = ENVS + ENVS_PAGES
TABLES, LAST = PGDIR + 1, PGDIR + 4
PGDIR_AT = TRAPFRAME_SIZE + 24  # env_pgdir in struct Env
ENV_PGDIR, ENV_TABLE, ENV_PAGE = 400, 401, 402
NAMES = ["npages", "pages", "envs", "kern_pgdir", "page_free_list"]


class MadeUp:
    """A machine of 4 MiB with one environment, without faults."""

    def __init__(self) -> None:
        self.data = bytearray(SIZE)
        self.tables = TABLES
        values = [NPAGES, *(KERNBASE + page * PGSIZE for page in (PAGES, ENVS, PGDIR)),
                  0]
        for index, value in enumerate(values):
            self.word(DATA * PGSIZE + 4 * index, value)
        self.word(PGDIR * PGSIZE + UVPT // PTSIZE * 4,
                  PGDIR * PGSIZE | PTE_P | PTE_U)
        self.map(PGDIR, UPAGES, PAGES, 2, PTE_U)
        self.map(PGDIR, 0xEEC00000, ENVS, ENVS_PAGES, PTE_U)
        self.map(PGDIR, KSTACKTOP - KSTKSIZE, STACK, 8, PTE_W)
        for va in range(KERNBASE, 1 << 32, PTSIZE):
            self.word(PGDIR * PGSIZE + va // PTSIZE * 4,
                      (va - KERNBASE) | PTE_P | PTE_W | PTE_PS)
        self.data[ENV_PGDIR * PGSIZE:(ENV_PGDIR + 1) * PGSIZE] = self.data[
            PGDIR * PGSIZE:(PGDIR + 1) * PGSIZE]
        self.word(ENV_PGDIR * PGSIZE + UVPT // PTSIZE * 4,
                  ENV_PGDIR * PGSIZE | PTE_P | PTE_U)
        self.tables = ENV_TABLE
        self.map(ENV_PGDIR, UTEXT, ENV_PAGE, 1, PTE_U | PTE_W)
        env = ENVS * PGSIZE
        self.word(env + ENV_STATUS * 4 - 12, 0x1000)  # env_id
        self.word(env + ENV_STATUS * 4, 2)
        self.word(env + PGDIR_AT, KERNBASE + ENV_PGDIR * PGSIZE)
        self.free([*range(1, 7), *range(8, 160), *range(LAST, ENV_PGDIR),
                   *range(ENV_PAGE + 1, NPAGES)])

    def word(self, pa: int, value: int) -> None:
        struct.pack_into("<I", self.data, pa, value)

    def read_word(self, pa: int) -> int:
        return int(struct.unpack_from("<I", self.data, pa)[0])

    def map(self, directory: int, va: int, page: int, count: int,
            rights: int) -> None:
        """Maps pages, in a page table that is made if there is none."""
        pde = directory * PGSIZE + va // PTSIZE * 4
        if not self.read_word(pde) & PTE_P:
            self.word(pde, self.tables * PGSIZE | PTE_P | PTE_W | PTE_U)
            self.tables += 1
        table = self.read_word(pde) & -PGSIZE
        for index in range(count):
            self.word(table + (va // PGSIZE % 1024 + index) * 4,
                      (page + index) * PGSIZE | PTE_P | rights)

    def free(self, pages: List[int]) -> None:
        """Makes the free list of these."""
        base = KERNBASE + PAGES * PGSIZE
        self.word(DATA * PGSIZE + 16, base + 8 * pages[0])
        for page, after in zip(pages, [*pages[1:], 0]):
            self.word(PAGES * PGSIZE + 8 * page, base + 8 * after if after else 0)

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.data[address:address + size]).ljust(size, b"\0")

    def case(self, directory: int = ENV_PGDIR) -> Case:
        addresses = {name: DATA * PGSIZE + 4 * index
                     for index, name in enumerate(NAMES)}
        addresses.update(bootstack=STACK * PGSIZE, end=PAGES * PGSIZE)
        symbols = {name: SimpleNamespace(value=KERNBASE + address)
                   for name, address in addresses.items()}
        registers = Registers({"CR3": directory * PGSIZE, "CR0": 0x80000000,
                               "EIP": 0}, (0, 0), (0, 0))
        kernel = SimpleNamespace(kernel=SimpleNamespace(symbols=symbols))
        return Case(Ending(Stop.PROMPT), kernel,  # type: ignore[arg-type]
                    registers, Memory(self.read, directory * PGSIZE),
                    memory_size=SIZE)


def by_name(case: Case) -> Dict[str, Space]:
    return {space.name: space for space in spaces(case, 3)}


def troubles(space: Space) -> List[str]:
    return [f"{row.area.name}: {row.trouble}" for row in space.rows if row.trouble]


class Model(unittest.TestCase):
    def setUp(self) -> None:
        self.machine = MadeUp()

    def row(self, space: Space, va: int) -> Row:
        return next(row for row in space.rows if row.va <= va < row.end)

    def pages(self) -> PageMap:
        return page_map(self.machine.case())

    def test_right(self) -> None:
        """A correct machine has no differences."""
        found = by_name(self.machine.case())
        self.assertEqual(list(found), ["kern_pgdir", "environment 00001000"])
        for space in found.values():
            self.assertEqual((troubles(space), space.trouble), ([], ()))
            self.assertEqual(space.rows[0].end, 1 << 32)
            for above, below in zip(space.rows, space.rows[1:]):
                self.assertEqual(above.va, below.end)
            self.assertEqual(space.rows[-1].va, 0)
        env = found["environment 00001000"]
        self.assertEqual(self.row(env, UTEXT).pa, ENV_PAGE * PGSIZE)
        self.assertTrue(env.loaded)

    def test_rights(self) -> None:
        """Wrong rights, wrong pages and holes are distinguished."""
        machine = self.machine
        machine.map(PGDIR, UPAGES, PAGES, 2, PTE_U | PTE_W)
        machine.map(PGDIR, KSTACKTOP - KSTKSIZE, STACK + 1, 1, PTE_W)
        machine.map(PGDIR, KSTACKTOP - KSTKSIZE - PGSIZE, STACK, 1, PTE_W)
        machine.word(TABLES * PGSIZE + 2 * PGSIZE + 4 * 1023, 0)
        machine.map(PGDIR, UTEXT, ENV_PAGE, 1, PTE_W)
        found = "\n".join(troubles(by_name(machine.case())["kern_pgdir"]))
        for line in (r"pages\[\]: expected user and kernel read-only",
                     r"kernel stack: expected pa 00104000, seen 00105000",
                     r"kernel stack: not mapped: expected kernel read-write",
                     r"guard below the kernel stack: nothing is to be mapped",
                     r": nothing is to be mapped"):
            self.assertRegex(found, rf"(?m)^{line}")

    def test_too_short(self) -> None:
        """Pages missing at the end of an area are expected at the end of its
        memory, not at its start."""
        for va in range(KERNBASE + (128 << 20), 1 << 32, PTSIZE):
            self.machine.word(PGDIR * PGSIZE + va // PTSIZE * 4, 0)
        found = "\n".join(troubles(by_name(self.machine.case())["kern_pgdir"]))
        self.assertRegex(found, r"(?m)^all physical memory: not mapped: expected "
                                "kernel read-write, to pa 08000000$")

    def test_self_map(self) -> None:
        """UVPT must show the directory itself."""
        self.machine.word(ENV_PGDIR * PGSIZE + UVPT // PTSIZE * 4,
                          PGDIR * PGSIZE | PTE_P | PTE_U)
        found = troubles(by_name(self.machine.case())["environment 00001000"])
        self.assertEqual(len(found), 1)
        self.assertIn("expected the directory itself, pa 00190000, "
                      f"seen {PGDIR * PGSIZE:08x}",
                      found[0])

    def test_owners(self) -> None:
        """Each page has an owner."""
        pages = self.pages()
        self.assertEqual((pages.troubles, pages.notes, pages.shared), ({}, [], set()))
        counts = pages.counts()
        self.assertEqual(counts["environment 00001000"], 3)
        self.assertEqual(counts["page tables of the kernel"], LAST - TABLES)
        self.assertEqual(sum(counts.values()), NPAGES)
        self.assertNotIn(LEAKED, counts)

    def test_odd_pages(self) -> None:
        """Leaked pages, shared ones, and free ones in use are marked."""
        self.machine.map(ENV_PGDIR, UTEXT + PGSIZE, PAGES, 1, PTE_U)
        self.machine.free([*range(1, 7), *range(8, 160), *range(LAST, ENV_PGDIR),
                           ENV_PAGE, *range(ENV_PAGE + 3, NPAGES)])
        pages = self.pages()
        self.assertEqual(pages.shared, {PAGES})
        self.assertEqual(pages.troubles[ENV_PAGE],
                         "free, and yet in use: environment 00001000")
        self.assertEqual([page for page, why in pages.troubles.items()
                          if why == LEAKED], [ENV_PAGE + 1, ENV_PAGE + 2])
        self.assertIn("2 pages are neither free nor in use", pages.notes[0])

    def test_many(self) -> None:
        """Of many environments some are drawn, the loaded one among them; two
        with one directory do not share its pages."""
        env = ENVS * PGSIZE
        for index in range(1, 40):
            start = env + ENV_SIZE * index
            self.machine.word(start + ENV_STATUS * 4 - 12, 0x1000 + index)
            self.machine.word(start + ENV_STATUS * 4, 2)
            self.machine.word(start + PGDIR_AT,
                              KERNBASE + (500 + index) * PGSIZE)
        self.machine.word(env + ENV_SIZE + PGDIR_AT, KERNBASE + ENV_PGDIR * PGSIZE)
        found = spaces(self.machine.case(539), 3)
        self.assertLess(len(found), 10)
        self.assertTrue(any(space.loaded and space.name == "environment 00001027"
                            for space in found))
        self.assertEqual(self.pages().shared, set())

    def test_free_list(self) -> None:
        """A free list that leads nowhere or in circles is followed that far."""
        base = PAGES * PGSIZE
        for link, note in ((KERNBASE + base + 8 * 3, "circles after 4 pages"),
                           (0x1234, "leads out of pages[] after 4 pages")):
            self.machine.free([3, 4, 5, 6])
            self.machine.word(base + 8 * 6, link)
            pages = self.pages()
            self.assertIn(note, pages.notes[0])
            self.assertEqual(pages.counts()[FREE], 4)

    def test_garbage(self) -> None:
        """Whatever is in memory, the map has a reasonable length."""
        numbers = random.Random(1)
        for directory in (ENV_PGDIR, PGDIR, 0xFFFFF, 0):
            data = self.machine.data
            start = PGDIR * PGSIZE
            data[start:] = numbers.getrandbits(8 * (SIZE - start)).to_bytes(
                SIZE - start, "little")
            self.machine.word(ENVS * PGSIZE + PGDIR_AT,
                              KERNBASE + ENV_PGDIR * PGSIZE)
            case = self.machine.case(directory)
            found, pages = spaces(case, 3), page_map(case)
            text = as_text("garbage", found, pages, False)
            self.assertLess(len(text.splitlines()), 3000)
            as_html("garbage", found, pages)
        self.assertIn("lead to page tables outside of memory", text)


class Picture(unittest.TestCase):
    def svgs(self, html: str) -> List[ElementTree.Element]:
        return [ElementTree.fromstring(svg)
                for svg in re.findall(r"<svg.*?</svg>", html, re.S)]

    def test_svg(self) -> None:
        """The picture is well formed, its labels do not overlap, and it asks
        for no other file."""
        case = MadeUp().case()
        html = as_html("a <title>", spaces(case, 3), page_map(case))
        self.assertNotRegex(html, r"(src|href)=|@import|http")
        self.assertIn("a &lt;title&gt;", html)
        found = self.svgs(html)
        self.assertEqual(len(found), 3)
        for svg in found:
            lines: Dict[str, List[float]] = {}
            for text in svg.iter("text"):
                lines.setdefault(text.attrib["x"], []).append(float(text.attrib["y"]))
                self.assertLess(float(text.attrib["y"]), float(svg.attrib["height"]))
            for heights in lines.values():
                heights.sort()
                for one, other in zip(heights, heights[1:]):
                    self.assertGreaterEqual(other - one, 12)

    def test_difference(self) -> None:
        """A difference is red, in the picture and in the terminal."""
        machine = MadeUp()
        case = machine.case()
        self.assertEqual(as_html("", spaces(case, 3), page_map(case)).count(
            'class="fault"'), 0)
        machine.map(PGDIR, UPAGES, PAGES, 2, PTE_U | PTE_W)
        case = machine.case()
        self.assertIn('class="fault"', as_html("", spaces(case, 3), page_map(case)))
        self.assertIn("\033[31m  ef000000-ef001fff", as_text(
            "", spaces(case, 3), page_map(case), True))

    def test_sizes(self) -> None:
        """Sizes are shown in the unit that fits."""
        self.assertEqual([size_text(pages) for pages in (1, 256, 300, 32428)],
                         ["4 KiB", "1 MiB", "1200 KiB", "126.7 MiB"])


class Real(unittest.TestCase):
    def test_make(self) -> None:
        """`make memmap` draws the kernel's and a program's address space."""
        done = make("memmap", f"OBJDIR={OBJ}")
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.assertNotIn("^", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^environment 00001000: .*, loaded$")
        self.assertRegex(done.stdout,
                         r"eebfd000-eebfdfff +4 KiB +user rw +\w+  user stack")
        self.assertIn("as inc/memlayout.h has it",
                      (TOP / OBJ / "memmap.html").read_text())

    def test_running(self) -> None:
        """The machine that make qemu runs is drawn, and continues."""
        process = subprocess.Popen(
            ["make", "run-breakpoint-nox", f"OBJDIR={OBJ}", "GDBPORT=0"], cwd=TOP,
            env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        assert process.stdin is not None and process.stdout is not None
        seen = b""
        try:
            while not seen.endswith(b"\nK> "):
                data = os.read(process.stdout.fileno(), 4096)
                self.assertTrue(data, seen)
                seen += data
            done = make("memmap", f"OBJDIR={OBJ}")
            self.assertIn("the machine that runs now: lab=4 init=breakpoint",
                          done.stdout)
            self.assertRegex(done.stdout, r"(?m)^environment 00001000: .*, loaded$")
            process.stdin.write(b"continue\r")
            process.stdin.flush()
            while b"exiting gracefully" not in seen:
                data = os.read(process.stdout.fileno(), 4096)
                self.assertTrue(data, seen)
                seen += data
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            with process:
                pass

    def test_refusals(self) -> None:
        """A test or program that does not exist is reported in one line."""
        for word in ("TEST=nosuch", "INIT=nosuch"):
            done = make("memmap", f"OBJDIR={OBJ}", word)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("nosuch", done.stdout)
            self.assertNotIn("Traceback", done.stdout)


if __name__ == "__main__":
    unittest.main()
