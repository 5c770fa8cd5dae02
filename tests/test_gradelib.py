"""The parts of the graders that need no machine."""

import io
import random
import struct
import tempfile
import unittest
from pathlib import Path
from typing import Dict, List

from support import TOP

from gradelib.backtrace import printed_backtrace
from gradelib.console import Console
from gradelib.evidence import expect_lines, printed_frames, reported
from gradelib.layout import PGSIZE, PTE_P, PTE_U, PTE_W, PTSIZE, UVPT
from gradelib.limits import FIRST_LOOK, PATIENCE, SLOWEST_BOOT, Limits
from gradelib.registers import Registers
from gradelib.main import load_lab
from gradelib.memory import Memory, NotMapped
from gradelib.outcome import Failed, GraderError, Outcome, Result
from gradelib.paging import Mapping, mappings
from gradelib.pristine import EXERCISE
from gradelib.report import Report
from gradelib.runner import chains
from gradelib.testcase import Lab, Part, exercise
from gradelib.vm import Vm
from tools.digest import digest


def console_of(*pieces: bytes) -> Console:
    console = Console()
    for piece in pieces:
        console.feed(piece)
    return console


class ConsoleTest(unittest.TestCase):
    def test_prompt(self) -> None:
        """A prompt counts at the start of a line, with nothing after it."""
        for data, wanted in ((b"K> ", True), (b"hi\nK> ", True), (b"hi K> ", False),
                             (b"hi\nK> x", False), (b"K>", False), (b"\rK> ", True)):
            self.assertEqual(console_of(data).at_prompt(), wanted, data)

    def test_slice(self) -> None:
        """A typed command's output starts after its echo."""
        console = console_of(b"boot\nK> ")
        console.begin()
        self.assertFalse(console.at_prompt())
        console.feed(b"run he")
        self.assertFalse(console.at_prompt())
        console.feed(b"llo\nhello\nK> ")
        self.assertEqual(console.text(), "hello\n")
        self.assertTrue(console.at_prompt())

    def test_no_output(self) -> None:
        """A command without output still comes to its prompt."""
        console = console_of(b"K> ")
        console.begin()
        console.feed(b"x\nK> ")
        self.assertTrue(console.at_prompt())
        self.assertEqual(console.text(), "")

    def test_flood(self) -> None:
        """Output past the limit is dropped and noted."""
        console = console_of(b"x" * Console.LIMIT)
        self.assertFalse(console.flooded)
        console.feed(b"xy")
        self.assertTrue(console.flooded)
        self.assertEqual(len(console.data), Console.LIMIT)

    def test_panic(self) -> None:
        """A panic is recognised once its line is complete; the first counts."""
        console = console_of(b"x kernel panic at kern/a.c:7: a b")
        self.assertIsNone(console.panic())
        console.feed(b"c\nkernel panic at kern/b.c:8: d\n")
        panic = console.panic()
        assert panic is not None
        self.assertEqual((panic.file, panic.line, panic.text), ("kern/a.c", 7, "a bc"))

    def test_todo(self) -> None:
        """An exercise that is not done is named with its place."""
        todo = console_of(b"TODO lab2.page_init at kern/pmap.c:12\n").todo()
        assert todo is not None
        self.assertEqual((todo.text, todo.file, todo.line),
                         ("lab2.page_init", "kern/pmap.c", 12))

    def test_garbage(self) -> None:
        """Bytes that are not text do no harm."""
        self.assertIn("\ufffd", console_of(bytes(range(256))).text())


class EvidenceTest(unittest.TestCase):
    def test_order(self) -> None:
        """Lines must come in the order asked for."""
        lines = ["a", "b", "c"]
        expect_lines(lines, ["a", "c"])
        with self.assertRaisesRegex(Failed, "too early"):
            expect_lines(lines, ["c", "a"])
        with self.assertRaisesRegex(Failed, "missing"):
            expect_lines(lines, ["d"])

    def test_report(self) -> None:
        """A report counts only with the digest of its key, name and value."""
        key = 0x1234
        good = f"= test 0000002a {digest(key, 'test', 42):08x}"
        self.assertEqual(reported(["x", good], "test", key), 42)
        for bad in (good[:-1] + "g", good.replace("2a", "2b"), "= test 0000002a"):
            with self.assertRaises(Failed):
                reported([bad], "test", key)
        with self.assertRaisesRegex(Failed, "key of this run"):
            reported([good], "test", key + 1)

    def test_frames(self) -> None:
        """Trap frames are read from the console, notes included."""
        lines = ["TRAP frame at 0xf018b000", "  edi  0x00000001",
                 "  es   0x----0023", "  trap 0x0000000e Page Fault",
                 "  err  0x00000004 [user, read, not-present]", "other",
                 "  eip  0x00000009"]
        frame, = printed_frames(lines)
        frame.check(edi=1, es=0x23, trap=14, trap_="Page Fault",
                    err_="[user, read, not-present]")
        for wrong in ({"edi": 2}, {"trap_": "Debug"}, {"eip": 9}):
            with self.assertRaises(Failed):
                frame.check(**wrong)

    def test_backtrace(self) -> None:
        """A backtrace is read with its places, and a bad line is reported."""
        frame = "  ebp f0147f08  eip f010134e  args 00000000 1 2 3 4"
        with self.assertRaisesRegex(Failed, "form"):
            printed_backtrace(["Stack backtrace:", frame])
        frame = ("  ebp f0147f08  eip f010134e  args 00000000 00000001 00000002 "
                 "00000003 00000004")
        found = printed_backtrace(["Stack backtrace:", frame,
                                   "         kern/init.c:18: main+68", frame, "end"])
        self.assertEqual(len(found), 2)
        self.assertEqual(found[0].args, (0, 1, 2, 3, 4))
        assert found[0].place is not None
        self.assertEqual(found[0].place.offset, 68)
        self.assertIsNone(found[1].place)


REGISTERS = """
CPU#0
EAX=2badb000 EBX=00009500 ECX=0010000c EDX=000103f8
EIP=0010001f EFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1
CS =0008 00000000 ffffffff 00cf9a00 DPL=0 CS32 [-R-]
TR =0028 00000000 0000ffff 00008b00 DPL=0 TSS32-busy
GDT=     000c02b8 00000027
IDT=     00000000 000003ff
CR0=00000011 CR2=00000000 CR3=00123000 CR4=00000000
"""


class MachineTextTest(unittest.TestCase):
    def test_registers(self) -> None:
        """QEMU's output is parsed."""
        registers = Registers.parse(REGISTERS)
        self.assertEqual(registers["EIP"], 0x10001F)
        self.assertEqual(registers["CR3"], 0x123000)
        self.assertEqual((registers["TR"], registers["HLT"]), (0x28, 1))
        self.assertEqual(registers.gdt, (0xC02B8, 0x27))

    def test_unknown(self) -> None:
        """Other text is an error of the grader."""
        with self.assertRaises(GraderError):
            Registers.parse("CPU#0\nX0=0\n")


class FakeMemory:
    """Physical memory, as a dictionary of words."""

    def __init__(self) -> None:
        self.words: Dict[int, int] = {}

    def read(self, address: int, size: int) -> bytes:
        data = bytearray(size)
        for at, word in self.words.items():
            if address <= at < address + size:
                struct.pack_into("<I", data, at - address, word)
        return bytes(data)

    def memory(self) -> Memory:
        return Memory(self.read, 0x1000)


class PagingTest(unittest.TestCase):
    def test_mappings(self) -> None:
        """Adjacent pages with the same rights make one range."""
        fake = FakeMemory()
        fake.words[0x1000] = 0x2000 | PTE_P | PTE_W | PTE_U
        for index, (page, rights) in enumerate(
                [(5, PTE_W), (6, PTE_W), (8, PTE_W), (9, PTE_U)]):
            fake.words[0x2000 + 4 * index] = page * PGSIZE | rights | PTE_P | 0x60
        self.assertEqual(mappings(fake.memory()), [
            Mapping(0, 5 * PGSIZE, 2 * PGSIZE, PTE_W),
            Mapping(2 * PGSIZE, 8 * PGSIZE, PGSIZE, PTE_W),
            Mapping(3 * PGSIZE, 9 * PGSIZE, PGSIZE, PTE_U)])

    def test_whole_tables(self) -> None:
        """Full tables are the same, seen entry by entry or at once."""
        fake = FakeMemory()
        fake.words[0x1000] = 0x2000 | PTE_P | PTE_W
        fake.words[0x1004] = 0x3000 | PTE_P | PTE_W
        for index in range(2048):
            fake.words[0x2000 + 4 * index] = (index * PGSIZE | PTE_P | PTE_W
                                              | random.choice((0, 0x20, 0x60)))
        whole = [Mapping(0, 0, 2 * PTSIZE, PTE_W)]
        self.assertEqual(mappings(fake.memory()), whole)
        fake.words[0x3000 + 4 * 7] ^= PTE_U  # the directory forbids it anyway
        self.assertEqual(mappings(fake.memory()), whole)
        fake.words[0x3000 + 4 * 7] ^= PTE_W
        self.assertEqual(len(mappings(fake.memory())), 3)

    def test_uvpt(self) -> None:
        """The page tables at UVPT are left out."""
        fake = FakeMemory()
        fake.words[0x1000 + UVPT // PTSIZE * 4] = 0x1000 | PTE_P
        self.assertEqual(mappings(fake.memory()), [])

    def test_virtual(self) -> None:
        """Virtual memory is read through the tables, across pages."""
        fake = FakeMemory()
        fake.words.update({0x1000: 0x2000 | PTE_P, 0x2000: 0x8000 | PTE_P,
                           0x2004: 0x5000 | PTE_P, 0x8FFC: 0x11111111,
                           0x5000: 0x22222222})
        memory = fake.memory()
        self.assertEqual(memory.virtual(0xFFE, 4), bytes.fromhex("11112222"))
        with self.assertRaises(NotMapped):
            memory.virtual(0x1FFE, 4)


class LimitsTest(unittest.TestCase):
    def test_early(self) -> None:
        """Nothing is measured or stopped before the first look."""
        limits = Limits(self.fail)
        self.assertFalse(limits.exceeded(1, FIRST_LOOK / 2, 1))

    def test_measured(self) -> None:
        """The limit is a multiple of what a boot takes here."""
        limits = Limits(lambda: 1.0)
        self.assertFalse(limits.exceeded(10, 9, 9))
        self.assertTrue(limits.exceeded(10, 11, 11))
        limits.record(5.0)
        self.assertFalse(limits.exceeded(10, 11, 11))

    def test_slow_host(self) -> None:
        """A host that gives no processor time is not the kernel's fault."""
        limits = Limits(lambda: 0.1)
        with self.assertRaisesRegex(GraderError, "too slow or too busy"):
            limits.exceeded(10, 0.1, max(SLOWEST_BOOT, 10 * PATIENCE) + 1)


@exercise("lab9.b", "lab9.a", points=3, machine="m", turn=1)
def test_one(vm: Vm) -> None:
    """One
    rule."""


@exercise("lab9.a", points=2)
def two(vm: Vm) -> None:
    """Another."""


@exercise("lab9.a", points=1, machine="m")
def three(vm: Vm) -> None:
    """A third."""


class DeclarationTest(unittest.TestCase):
    def test_test(self) -> None:
        """A test is called after its function, its text is the docstring."""
        self.assertEqual((test_one.name, test_one.text), ("one", "One rule."))
        self.assertEqual(test_one.exercises[0], "lab9.b")

    def test_points(self) -> None:
        """The points of a part must add up."""
        Part("Part", 6, (test_one, two, three))
        with self.assertRaises(ValueError):
            Part("Part", 5, (test_one, two, three))

    def test_chains(self) -> None:
        """Tests that share a machine run there in order."""
        names = [[test.name for test in chain]
                 for chain in chains((test_one, two, three))]
        self.assertEqual(names, [["three", "one"], ["two"]])

    def test_totals(self) -> None:
        """The labs' totals are the classic ones; names and rules are there."""
        for number, points in ((1, 50), (2, 70), (3, 80)):
            lab = load_lab(str(number))
            self.assertEqual((lab.number, lab.points), (number, points))
            names = [test.name for test in lab.tests]
            self.assertEqual(len(set(names)), len(names))
            for test in lab.tests:
                self.assertTrue(test.text.endswith("."), test.name)
                for word in test.exercises:
                    self.assertRegex(word, rf"^lab{number}\.\w+$")
                self.assertLessEqual(set(test.needs), set(names))


class ReportTest(unittest.TestCase):
    def report(self, color: bool, results: List[Result]) -> str:
        out = io.StringIO()
        report = Report(out, color, False)
        part = Part("Part", 5, (test_one, two))
        for result in results:
            report.result(result, "rule")
        report.part(part, results)
        report.score(results)
        return out.getvalue()

    def test_classic(self) -> None:
        """The lines have the classic form of the course."""
        results = [Result("one", Outcome.PASS, 3, 3, 0.31),
                   Result("two", Outcome.HUNG, 0, 2, 1.0, ["it hung", "rule"])]
        self.assertEqual(self.report(False, results), (
            "one: OK (0.3s)\ntwo: HUNG (1.0s)\n    it hung\n    rule\n"
            "Part score: 3/5\n\nScore: 3/5\n"))

    def test_color(self) -> None:
        """Colour changes only the colour."""
        results = [Result("one", Outcome.PASS, 3, 3),
                   Result("two", Outcome.SKIPPED, 0, 2)]
        plain = self.report(False, results)
        colored = self.report(True, results)
        self.assertIn("\033[32mOK\033[0m", colored)
        for code in ("\033[32m", "\033[31m", "\033[33m", "\033[0m"):
            colored = colored.replace(code, "")
        self.assertEqual(colored, plain)


class MarkersTest(unittest.TestCase):
    def test_exercise_files(self) -> None:
        """An exercise file is known, rendered or not."""
        for line in (b"\t// \x40solution lab2.page_init", b"# \x40solution lab3.x",
                     b"\t// Exercise lab2.page_init: your code here.",
                     b'\tTODO("lab2.page_init");'):
            self.assertTrue(EXERCISE.search(b"x\n" + line + b"\n"), line)
        for line in (b"// the marker \x40solution is", b"TODO(id)"):
            self.assertFalse(EXERCISE.search(line), line)

    def test_this_tree(self) -> None:
        """This tree's exercise files are found, and no check is one."""
        from gradelib.pristine import student_files
        files = {str(path) for path in student_files(TOP)}
        self.assertLessEqual({"kern/pmap.c", "kern/trapentry.S", "lib/libmain.c"},
                             files)
        self.assertFalse([name for name in files if "check" in name])


class LabTest(unittest.TestCase):
    def test_unknown(self) -> None:
        """A lab that does not exist has no grader."""
        for word in ("9", "x", "../1"):
            with self.assertRaises(GraderError):
                load_lab(word)

    def test_lab(self) -> None:
        """A lab's tests are those of its parts."""
        lab = Lab(9, (Part("A", 3, (test_one,)), Part("B", 2, (two,))))
        self.assertEqual([test.name for test in lab.tests], ["one", "two"])


class ScratchTest(unittest.TestCase):
    def test_nothing_left(self) -> None:
        """A broken kernel file is reported, with its name and the reason."""
        from gradelib.symbols import Symbols
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "kern").mkdir()
            (Path(folder) / "kern/kernel").write_bytes(b"no ELF")
            with self.assertRaisesRegex(GraderError, "kern/kernel"):
                Symbols(Path(folder)).address("pages")


if __name__ == "__main__":
    unittest.main()
