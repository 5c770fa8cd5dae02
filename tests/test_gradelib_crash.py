"""The graders' reports of crashes, from recorded logs and made-up memory."""

import random
import shutil
import tempfile
import unittest
from pathlib import Path
from typing import List, Tuple

from fakecase import (CODE, PGDIR, SIZE, FakeElf, FakeSymbols, Ram, case, kernel,
                      recorded, registers)

from gradelib import crash, explain, keep
from gradelib.case import Case
from gradelib.console import Notice
from gradelib.hang import Sample, describe
from gradelib.interrupts import Chain, ended_in_reset, parse
from gradelib.layout import (ENV_SIZE, GD_KT, GD_UT, KERNBASE, KSTACKTOP, NENV,
                             PTE_P, PTE_PS, PTE_U, PTE_W, TRAPFRAME_SIZE)
from gradelib.logpipe import LogPipe, Tail
from gradelib.outcome import Failed, Outcome, Result
from gradelib.stack import Backtrace, Frame, Point, Unwinder
from gradelib.state import TrapFrame
from gradelib.testcase import exercise
from gradelib.vectors import described, error_text, name
from gradelib.vm import Vm
from gradelib.walk import entry_text, gate_text, walk
from gradelib.watch import Ending, Stop
from tools.elf import Location

STACK = KERNBASE + 0x200000


@exercise("lab9.some", points=1)
def sample_test(vm: Vm) -> None:
    """Something is so."""


class Vectors(unittest.TestCase):
    def test_errors(self) -> None:
        """Error codes are described."""
        for vector, error, text in (
                (14, 0, "not present, read, kernel"),
                (14, 7, "protection, write, user"),
                (14, 8, "reserved bit set, read, kernel"),
                (13, 0, ""), (13, 0x2B, "gate 5 of the IDT"),
                (13, 0x28, "selector 0x28 of the GDT"),
                (10, 0x14, "selector 0x14 of the LDT"), (0, 5, "")):
            self.assertEqual(error_text(vector, error), text, (vector, error))

    def test_names(self) -> None:
        """Every vector has a name."""
        self.assertEqual(described(14, 2), "page fault (not present, write, kernel)")
        self.assertEqual([name(48), name(33), name(99)],
                         ["system call", "hardware interrupt 1", "vector 99"])
        self.assertTrue(all(name(vector) for vector in range(256)))


class Log(unittest.TestCase):
    def chain(self, log: str) -> Chain:
        found = ended_in_reset(log)
        assert found is not None
        return found

    def test_parse(self) -> None:
        """An entry has a vector, error code, place and registers."""
        first, second = parse(recorded("load_icode"))
        self.assertEqual((first.vector, first.error, first.cpl, first.eip, first.esp),
                         (14, 2, 0, 0xF0107982, 0xF0149F20))
        self.assertEqual((first.cr2, first.registers["EBP"]), (0x800020, 0xF0149F28))
        self.assertEqual(first.registers.idt, (0, 0x3FF))
        self.assertEqual((second.vector, second.during, second.instead), (8, 14, 14))
        self.assertEqual(str(first), "page fault (not present, write, kernel) "
                                     "at va 0x00800020")

    def test_chain(self) -> None:
        """The chain begins with the fault that could not be handled."""
        chain = self.chain(recorded("load_icode"))
        self.assertEqual([fault.vector for fault in chain.faults], [14, 8])
        self.assertEqual((chain.outer, chain.last), ([], 14))

    def test_software(self) -> None:
        """A system call that could not be delivered begins its chain."""
        chain = self.chain(recorded("task_stack"))
        self.assertEqual([str(fault) for fault in chain.faults],
                         ["int 0x30", "page fault (not present, write, kernel) at va "
                          "0xefff7ffc", "double fault"])

    def test_hardware(self) -> None:
        """So does an interrupt of a device."""
        chain = self.chain(recorded("hardware"))
        self.assertEqual(str(chain.faults[0]), "hardware interrupt at vector 8")
        self.assertEqual(len(chain.faults), 3)

    def test_nested(self) -> None:
        """Faults in fault handlers are distinguished from the end of their
        chain."""
        chain = self.chain(recorded("stack_overflow"))
        self.assertEqual([fault.vector for fault in chain.faults], [14, 8])
        self.assertEqual([fault.cr2 for fault in chain.outer], [0xDEADBEE0] * 3)

    def test_no_triple_fault(self) -> None:
        """A log with another end has no chain."""
        log = recorded("load_icode")
        self.assertIsNone(ended_in_reset(log.replace("Triple fault", "")))
        self.assertIsNone(ended_in_reset(""))
        # Nor does one of an earlier boot.
        self.assertIsNone(ended_in_reset(log + recorded("hardware").replace(
            "Triple fault", "")))

    def test_cut(self) -> None:
        """A log can be read however much of its beginning is missing."""
        log = recorded("task_stack")
        for start in range(0, len(log), 7):
            chain = ended_in_reset(log[start:])
            self.assertLessEqual(len(chain.faults) if chain else 0, 3)

    def test_garbled(self) -> None:
        """Other text in a log does no harm."""
        rng = random.Random(1)
        for _ in range(300):
            log = list(recorded("task_stack"))
            for _ in range(40):
                log[rng.randrange(len(log))] = rng.choice("\n 0fv=:x")
            ended_in_reset("".join(log))

    def test_gigabytes(self) -> None:
        """Only the end of a log of any length is kept."""
        tail, piece = Tail(1 << 16), b"0123456789abcdef" * (1 << 16)
        for _ in range(1 << 10):
            tail.feed(piece)
        tail.feed(recorded("load_icode").encode())
        self.assertEqual(len(tail.text()), 1 << 16)
        self.assertEqual(tail.dropped + (1 << 16),
                         (1 << 30) + len(recorded("load_icode")))
        self.assertEqual(len(self.chain(tail.text()).faults), 2)

    def test_pipe(self) -> None:
        """The pipe gives what QEMU has written, and never blocks."""
        room = Path(tempfile.mkdtemp(prefix="gradelib-"))
        self.addCleanup(shutil.rmtree, room)
        pipe = LogPipe(room / "log")
        self.addCleanup(pipe.close)
        self.assertFalse(pipe.receive())
        with pipe.path.open("w", encoding="ascii") as qemu:
            qemu.write("x = 1\n")
        self.assertTrue(pipe.receive())
        self.assertEqual(pipe.tail.text(), "x = 1\n")


class Walks(unittest.TestCase):
    def setUp(self) -> None:
        self.ram = Ram()
        self.ram.put(PGDIR + 8, 0x301000 | PTE_P | PTE_W | PTE_U)

    def refuses(self, pte: int, error: int) -> str:
        self.ram.put(0x301000, pte)
        found = walk(self.ram.memory(), PGDIR, 0x800000, SIZE)
        assert found is not None
        return found.refuses(error)

    def test_refusals(self) -> None:
        """The report says what the entries forbid, and no more."""
        for pte, error, why in ((0, 0, "is not mapped"), (6, 2, "is not mapped"),
                                (PTE_P, 4, "is mapped for the kernel only"),
                                (PTE_P | PTE_U, 6, "is mapped read-only"),
                                (PTE_P | PTE_U, 4, ""), (PTE_P | PTE_W, 2, "")):
            self.assertEqual(self.refuses(pte, error), why, (pte, error))

    def test_lines(self) -> None:
        """Each entry is reported."""
        self.ram.put(0x301000, 0x5005)
        found = walk(self.ram.memory(), PGDIR, 0x800123, SIZE)
        assert found is not None
        self.assertEqual(found.lines(), [
            "page directory entry 2 is 0x00301007: present, writable, user",
            "page table entry 0 is 0x00005005: present, read-only, user"])

    def test_garbage(self) -> None:
        """Page tables outside memory are reported."""
        self.ram.put(PGDIR, 0xDEADB007)
        found = walk(self.ram.memory(), PGDIR, 4, SIZE)
        assert found is not None
        self.assertEqual(found.refuses(0), "is not mapped")
        self.assertIn("would be at pa 0xdeadb000, where no memory is", found.lines()[1])
        self.assertIsNone(walk(self.ram.memory(), 0xF0300000, 4, SIZE))
        self.assertIn("4 MiB page", entry_text(PTE_P | PTE_PS))


class Gates(unittest.TestCase):
    def text(self, low: int = 0, high: int = 0, limit: int = 0x7FF,
             base: int = CODE + 0x11000) -> str:
        ram = Ram()
        ram.put(CODE + 0x11000 + 14 * 8, low, high)
        symbols = FakeSymbols(kernel())
        return gate_text(ram.memory(), symbols, (base, limit),  # type: ignore
                         14)

    def test_gates(self) -> None:
        """A gate and its faults are reported."""
        handler = CODE + 0x420
        low, high = GD_KT << 16 | handler & 0xFFFF, handler & 0xFFFF0000 | 0x8E00
        self.assertEqual(self.text(low, high), "gate 14 of the IDT: interrupt gate, "
                         "DPL 0, selector 0x08, handler trap_page_fault")
        self.assertIn("DPL 3", self.text(low, high | 0x6000))
        self.assertIn("selector 0x10 (not GD_KT, 0x08)",
                      self.text(low ^ 0x180000, high))
        self.assertIn("type 0x2, which is no gate", self.text(low, high ^ 0xC00))
        self.assertIn("0x00000420, which is below KERNBASE",
                      self.text(GD_KT << 16 | 0x420, 0x8E00))
        self.assertEqual(self.text(), "gate 14 of the IDT is not present")

    def test_tables(self) -> None:
        """So is an IDT that is too short, not the kernel's, or not mapped."""
        self.assertIn("has no gate for vector 14", self.text(limit=14 * 8))
        self.assertIn("is not the kernel's: traps are not set up", self.text(base=0))
        elf = kernel()
        elf.name("idt", 0x400000)
        self.assertIn("is not mapped where the gate", gate_text(
            Ram().memory(), FakeSymbols(elf), (0x400000, 0x7FF), 14))  # type: ignore


class Stacks(unittest.TestCase):
    def setUp(self) -> None:
        self.ram = Ram()
        self.ram.put(PGDIR + 8, 0x301000 | PTE_P | PTE_W | PTE_U)
        self.ram.put(0x301000, 0x302000 | PTE_P | PTE_W | PTE_U)

    def follow(self, eip: int, ebp: int, esp: int = STACK, cpl: int = 0) -> Backtrace:
        unwinder = Unwinder(self.ram.memory(),
                            FakeSymbols(kernel(), FakeElf(  # type: ignore[arg-type]
                                {"umain": (0x800000, 0x800100, "user/prog.c")})),
                            "prog")
        return unwinder.follow(Point(eip, ebp, esp, cpl))

    def names(self, trace: Backtrace) -> List[str]:
        return [frame.function for frame in trace.frames]

    def test_kernel(self) -> None:
        """Frames are followed to the outermost one, whose caller has none."""
        self.ram.put(STACK, STACK + 32, CODE + 0x144)
        self.ram.put(STACK + 32, 0, CODE + 0x210)
        trace = self.follow(CODE + 8, STACK)
        self.assertEqual(trace.lines(), [
            "memcpy (lib/string.c:3)", "load_icode (kern/env.c:17)",
            "i386_init (kern/init.c:4)"])
        self.assertEqual(trace.trouble, "")

    def test_prologue(self) -> None:
        """A function that has not made its frame is not lost, nor its caller."""
        for offset, where in ((0, STACK), (1, STACK + 4)):
            self.ram.put(where, CODE + 0x144)
            self.ram.put(STACK + 32, 0, CODE + 0x210)
            trace = self.follow(CODE + offset, STACK + 32)
            self.assertEqual(self.names(trace), ["memcpy", "load_icode", "i386_init"])

    def test_nowhere(self) -> None:
        """A call to a bad address shows its caller."""
        self.ram.put(STACK, CODE + 0x144)
        trace = self.follow(0x40000000, 0)
        self.assertEqual(self.names(trace), ["", "load_icode"])

    def through_trap(self, **values: int) -> Backtrace:
        """A trap from user mode, as trap() got it."""
        fields = dict(cs=GD_UT | 3, trapno=14, err=4, eip=0x800010, ebp=0x800800,
                      esp=0x8007F0)
        fields.update(values)
        words = [fields.get(field, 0) for field in TrapFrame._fields]
        self.ram.put(STACK + 64, *words)
        self.ram.put(STACK, 0x800800, CODE + 0x414, STACK + 64)
        self.ram.put(0x302800, 0, 0)
        return self.follow(CODE + 0x310, STACK)

    def test_trap(self) -> None:
        """A trap frame leads on to the program that trapped."""
        self.assertEqual(self.through_trap().lines(), [
            "trap (kern/trap.c:5)",
            "-- page fault (not present, read, user) in user mode, in:",
            "umain (user/prog.c:5)"])

    def test_kernel_trap(self) -> None:
        """So does one of the kernel's own, which has no esp."""
        self.ram.put(STACK + 256, 0, CODE + 0x210)
        trace = self.through_trap(cs=GD_KT, eip=CODE + 8, ebp=STACK + 256)
        self.assertEqual(self.names(trace), ["trap", "memcpy", "i386_init"])

    def test_no_trap_frame(self) -> None:
        """An invalid trap frame ends the trace, and is reported."""
        trace = self.through_trap(cs=0x77)
        self.assertEqual(self.names(trace), ["trap"])
        self.assertIn("no trap frame is at 0xf0200040: its cs is 0x0077", trace.trouble)

    def test_bad_stacks(self) -> None:
        """A frame pointer that is bad, loops or leaves the stack ends the trace."""
        self.assertIn("0x40000000 is not mapped",
                      self.follow(CODE + 8, 0x40000000).trouble)
        self.assertIn("frame pointer is 0xf0200001",
                      self.follow(CODE, STACK + 1).trouble)
        self.ram.put(STACK, STACK, CODE + 0x144)
        self.assertIn("leads to one at 0xf0200000",
                      self.follow(CODE + 8, STACK).trouble)
        for number in range(200):
            self.ram.put(STACK + 8 * number, STACK + 8 * number + 8, CODE + 0x144)
        trace = self.follow(CODE + 8, STACK)
        self.assertEqual(len(trace.frames), 64)
        self.assertIn("64 frames and more", trace.trouble)


class Crashes(unittest.TestCase):
    def load_icode(self, elf: FakeElf) -> Case:
        """The recorded crash of a load_icode that copied to where nothing is
        mapped, in a made-up kernel."""
        elf.functions["memset"] = (0xF0107960, 0xF01079A0, "lib/string.c")
        ram = Ram()
        ram.put(0xF0149F28, 0xF0149F48, CODE + 0x144)
        ram.put(0xF0149F48, 0, CODE + 0x210)
        ram.put(elf.symbols["kern_pgdir"].value, KERNBASE + 0x14C000)
        log = recorded("load_icode").replace("CR3=0014c000", f"CR3={PGDIR:08x}")
        ram.put(elf.symbols["kern_pgdir"].value, KERNBASE + PGDIR)
        # Environment 00001000 has the page.
        envs = 0x320000
        ram.put(elf.symbols["envs"].value, KERNBASE + envs)
        ram.put(envs + TRAPFRAME_SIZE, 0, 0x1000, 0, 0, 2, 0, KERNBASE + 0x310000)
        self.assertLess(envs + NENV * ENV_SIZE, SIZE)
        ram.put(0x310000 + 8, 0x311007)
        ram.put(0x311000, 0x312007)
        return case(ram, registers(CR2=0x800020), log=log, elf=elf)

    def test_triple(self) -> None:
        """A triple fault is explained from its first fault to the page tables."""
        self.assertEqual(crash.describe(self.load_icode(kernel())), [
            "triple fault: page fault (not present, write, kernel) at va 0x00800020,",
            "in memset (lib/string.c:9) called from load_icode (kern/env.c:17)",
            "va 0x00800020 is not mapped in the page directory that was loaded "
            "(kern_pgdir):",
            "page directory entry 2 is 0x00000000: not present",
            "environment 00001000 has it mapped, in its own page directory",
            "no handler could begin: the IDT that is loaded (base 0x00000000, limit "
            "0x3ff) is not the kernel's: traps are not set up"])

    def test_everything(self) -> None:
        """machine.txt has registers, calls, each fault and its gate."""
        text = "\n".join(crash.full_text(self.load_icode(kernel())))
        for part in ("CR2 00800020", "i386_init (kern/init.c:4)",
                     "double fault: vector 8", "page directory: kern_pgdir"):
            self.assertIn(part, text)

    def test_task_stack(self) -> None:
        """The stack for traps from user mode is named if it is the cause."""
        elf = kernel()
        log = recorded("task_stack")
        base = parse(log)[0].registers.idt[0]
        log = log.replace(f"CR3={parse(log)[0].registers['CR3']:08x}",
                          f"CR3={PGDIR:08x}")
        elf.name("idt", base)
        ram = Ram()
        handler = GD_KT << 16 | CODE & 0xFFFF, CODE & 0xFFFF0000 | 0xEE00
        for vector in (8, 14, 48):
            ram.put(base + vector * 8, *handler)
        lines = crash.describe(case(ram, registers(CR2=0xEFFF7FFC), log=log, elf=elf))
        self.assertEqual(lines[0], "triple fault: int 0x30,")
        self.assertIn("its trap frame was to be pushed at va 0xefff7ffc, which is not "
                      "mapped", lines[2])
        self.assertEqual(lines[3], "nor could what came of that: the page fault "
                                   "and the double fault")

    def test_overflow(self) -> None:
        """Handlers that fault in turn are counted, and the stack's end named."""
        log = recorded("stack_overflow")
        elf = kernel()
        elf.name("idt", parse(log)[0].registers.idt[0])
        ram = Ram()
        faults = parse(log)
        # The kernel stack still has what the processor pushed for each.
        ram.put(PGDIR + KSTACKTOP // (1 << 22) * 4 - 4, 0x301007)
        ram.put(0x301000 + 0x3F8 * 4, *(0x302000 + n * 0x1000 + 3 for n in range(8)))
        for fault in faults[:3]:
            ram.put(0x302000 + fault.esp - 12 - 0xEFFF8000, fault.eip)
        lines = crash.describe(case(ram, registers(CR2=faults[-1].cr2), log=log.replace(
            f"CR3={faults[0].registers['CR3']:08x}", f"CR3={PGDIR:08x}"), elf=elf))
        text = "\n".join(lines)
        self.assertIn("at va 0xdeadbee0", lines[0])
        self.assertIn("its handler faulted 3 times, one inside the other", text)
        self.assertIn("the stack has overflowed", text)

    def test_reset(self) -> None:
        """A reset without a fault was caused by the kernel; without a log, the
        cause is unknown."""
        seen = registers(EIP=CODE + 0x108)
        self.assertIn("not by a fault", crash.describe(case(Ram(), seen, log=""))[0])
        self.assertIn("most likely by a triple fault",
                      crash.describe(case(Ram(), seen))[0])

    def panicked(self, trapno: int) -> Case:
        ram = Ram()
        frame = STACK + 0x100
        ram.put(STACK, STACK + 16, CODE + 0x504)  # readline from _panic
        ram.put(STACK + 16, STACK + 32, CODE + 0x310)  # from trap
        ram.put(STACK + 32, 0, CODE + 0x414, frame)  # from _alltraps
        fields = dict(cs=GD_KT, trapno=trapno, err=2, eip=CODE + 8, ebp=STACK + 0x200)
        ram.put(frame, *[fields.get(field, 0) for field in TrapFrame._fields])
        ram.put(STACK + 0x200, STACK + 0x240, CODE + 0x144)
        ram.put(STACK + 0x240, 0, CODE + 0x210)
        seen = registers(EIP=CODE + 0x610, EBP=STACK, CR2=0x802000)
        return case(ram, seen, Stop.PROMPT, Notice("oh", "kern/trap.c", 9))

    def test_panic(self) -> None:
        """A panic for a trap of the kernel shows what trapped."""
        found = self.panicked(14)
        lines = crash.describe(found)
        self.assertEqual(lines[:4], [
            "kernel panic at kern/trap.c:9: oh",
            "page fault (not present, write, kernel) at va 0x00802000,",
            "in memcpy (lib/string.c:3) called from load_icode (kern/env.c:17)",
            "va 0x00802000 is not mapped in the page directory that was loaded (at pa "
            "0x300000, which is nobody's):"])
        self.assertEqual([frame.function for frame in found.frames],
                         ["trap", "memcpy", "load_icode", "i386_init"])

    def test_plain_panic(self) -> None:
        """Any other panic shows its caller."""
        lines = crash.describe(self.panicked(48))
        self.assertEqual(lines[1:], ["in trap (kern/trap.c:4)"])


class Hangs(unittest.TestCase):
    def sample(self, *calls: Tuple[str, int, int], halted: bool = False,
               on: bool = False, trap: int = -1, runs: int = 0) -> Sample:
        """`calls` are function, line and ebp, innermost first."""
        frame = TrapFrame(*[0] * 10, trap, *[0] * 6) if trap >= 0 else None
        frames = [Frame(line, ebp, Location(function, 0, "kern/x.c", line), False,
                        frame if function == "user" else None)
                  for function, line, ebp in calls]
        return Sample(Point(frames[0].eip, 0, 0, 0), halted, on, Backtrace(frames),
                      runs)

    def test_loop(self) -> None:
        """The function that does not end is the innermost that all have."""
        main = ("main", 9, 100)
        samples = [self.sample(("env_init", 5, 80), main),
                   self.sample(("memset", 1, 60), ("env_init", 7, 80), main),
                   self.sample(("memcpy", 2, 60), ("env_init", 6, 80), main)]
        self.assertEqual(describe("slow", samples, ""), [
            "slow: the kernel loops in env_init (kern/x.c:5-7), with interrupts off",
            "called from main (kern/x.c:9)"])

    def test_halted(self) -> None:
        """A halted processor is distinguished from a loop, and what it waits
        for is named."""
        for on, text in ((False, "interrupts off: nothing can wake it,"),
                         (True, "interrupts on, but none comes,")):
            lines = describe("slow", [self.sample(("f", 1, 2), halted=True, on=on)], "")
            self.assertEqual(lines, ["the processor is halted (hlt) with " + text,
                                     "in f (kern/x.c:1)"])

    def test_lock(self) -> None:
        """Waiting for a lock is distinguished from other loops."""
        samples = [self.sample(("spin_lock", 5, 80), ("f", 7, 90))] * 4
        self.assertEqual(describe("slow", samples, "")[0],
                         "slow: it waits for a spin lock that is never released, in "
                         "spin_lock (kern/x.c:5)")

    def test_storm(self) -> None:
        """A repeated trap is distinguished from a loop in a handler."""
        user = ("user", 3, 10)
        samples = [self.sample(("trap", line, 80), user, trap=14, runs=line)
                   for line in (4, 9, 20)]
        self.assertIn("the same page fault (not present, read, kernel) comes again and "
                      "again, in user (kern/x.c:3)", describe("slow", samples, "")[0])
        samples = [self.sample(("trap", line, 80), user, trap=14, runs=1)
                   for line in (4, 9, 20)]
        self.assertIn("loops in trap (kern/x.c:4-20)", describe("slow", samples, "")[0])

    def test_nothing(self) -> None:
        """Without samples, the report says only what is known."""
        self.assertEqual(describe("slow", [], ""), ["slow"])


class BadInput(unittest.TestCase):
    def test_other_kernel(self) -> None:
        """Symbols of another kernel, and overwritten code, are reported."""
        elf = kernel()
        elf.text = bytes(range(1, 201))
        ram = Ram()
        found = case(ram, registers(EIP=CODE), elf=elf)
        self.assertIn("the names here may be wrong", found.code_trouble)
        found = case(ram, registers(EIP=0x7C02), elf=elf)
        self.assertEqual(found.code_trouble,
                         "the boot loader has not loaded the kernel")
        start = CODE - KERNBASE
        ram.data[start:start + 200] = elf.text
        self.assertEqual(case(ram, registers(), elf=elf).code_trouble, "")
        ram.data[start + 8:start + 12] = bytes(4)
        self.assertEqual(case(ram, registers(), elf=elf).code_trouble,
                         "the kernel's own code or constants were overwritten, first "
                         "at 0xf0100008, memcpy")

    def everything(self, found: Case) -> None:
        """Asks for all there is."""
        crash.describe(found)
        crash.full_text(found)
        describe("slow", found.samples, "")
        self.assertTrue(keep.evidence(found, sample_test, 9, 1)["machine.txt"])

    def test_garbage(self) -> None:
        """Even absurd states can be described."""
        rng = random.Random(7)
        logs = [recorded(name) for name in ("load_icode", "task_stack", "hardware",
                                            "stack_overflow")]
        for _ in range(60):
            ram = Ram()
            for _ in range(3000):
                ram.put(rng.randrange(PGDIR // 4) * 4, rng.getrandbits(32))
            noise = [rng.choice([0, 7, 0x1007, rng.getrandbits(32)])
                     for _ in range(4096)]
            ram.put(PGDIR, *noise)
            seen = registers(
                (rng.getrandbits(32), rng.getrandbits(16)),
                **{name: rng.getrandbits(32) for name in ("EIP", "EBP", "ESP", "CR2")},
                CR3=rng.choice([PGDIR, 0, rng.getrandbits(32)]), CPL=rng.choice([0, 3]))
            log = rng.choice(logs).replace("CR3=0014c000", f"CR3={PGDIR:08x}")
            self.everything(case(ram, seen, log=log, program="prog"))
            self.everything(case(ram, seen, Stop.PROMPT, Notice("x", "y", 1)))

    def test_guard(self) -> None:
        """Even a mistake in the explanation only costs the explanation."""

        def broken() -> List[str]:
            raise KeyError("oops")

        self.assertEqual(explain.guarded(broken),
                         ["the machine's state cannot be explained (KeyError: 'oops')"])


class Kept(unittest.TestCase):
    def test_files(self) -> None:
        """A test that failed leaves its files, one that passed does not."""
        result = Result("some", Outcome.CRASHED, 0, 1, console=b"hi\n")
        found = case(Ram(), registers(), log="the log")
        found.commands.append("qemu -x")
        result.files = keep.evidence(found, sample_test, 9, 5)
        with tempfile.TemporaryDirectory() as top:
            place = Path(top) / "some"
            keep.write(place, result)
            self.assertEqual(sorted(path.name for path in place.iterdir()),
                             ["command", "console.txt", "interrupts.log",
                              "machine.txt"])
            self.assertEqual((place / "interrupts.log").read_text(), "the log")
            command = (place / "command").read_text()
            for line in ("./grade-lab9 --seed 5 sample_test", "qemu -x",
                         "make gdb-sample_test"):
                self.assertIn(line + "\n", command)
            keep.write(place, Result("some", Outcome.PASS, 1, 1))
            self.assertFalse(place.exists())


class Explained(unittest.TestCase):
    def lines(self, ending: Ending, failure: Failed, found: Case) -> List[str]:
        return explain.explain(sample_test, failure, ending, found)

    def test_crash(self) -> None:
        """The crash is explained first, then what the test missed."""
        found = case(Ram(), registers(EIP=CODE + 0x108), log="")
        lines = self.lines(found.ending, Failed("no x"), found)
        self.assertIn("the machine was reset", lines[0])
        self.assertNotIn("no x", lines)

    def test_advice(self) -> None:
        """Then the rule, the hint, the exercise and its section follow."""
        self.assertEqual(
            explain.advise(sample_test, "lab9.some", ""),
            ["rule: Something is so.", "exercise lab9.some, "
             "labs/lab9/README.md#some; debug: make gdb-sample_test"])
        hinted = explain.advise(sample_test, "lab2.page_lookup",
                                "page_lookup made a page table")
        self.assertEqual(hinted[1], "hint: looking up makes nothing")

    def test_wrong(self) -> None:
        """A run that ended normally shows only what is missing."""
        ending = Ending(Stop.PROMPT)
        found = case(Ram(), registers(), Stop.PROMPT)
        lines = self.lines(ending, Failed("no x", "x", "y"), found)
        self.assertEqual(lines[:3], ["no x", "expected: x", "seen:     y"])


if __name__ == "__main__":
    unittest.main()
