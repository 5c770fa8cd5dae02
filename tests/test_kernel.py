"""The kernel's answers to bad input, whatever part of it is given code."""

import re
import shutil
import tempfile
import unittest
from functools import partial
from pathlib import Path
from typing import ClassVar, Tuple

from gradelib import calibrate
from gradelib.limits import Limits
from gradelib.options import find_qemu
from gradelib.symbols import Symbols
from gradelib.vm import Bench, Fleet, Run, Vm
from gradelib.watch import Stop
from support import TOP, copy_tree, make, tail
from tools.elf import Elf

SEED = 20260101
LAST_LAB = 3

# The loader's message for each image that it must refuse (tools/badelf.py).
REFUSALS = {
    "badmagic": "not an ELF image",
    "badclass": "not a 32-bit x86 program",
    "badmachine": "not a 32-bit x86 program",
    "badtrunc": "its program headers lie outside the image",
    "badoffset": "a segment's bytes lie outside the image",
    "badoffwrap": "a segment's bytes lie outside the image",
    "badsize": "a segment is smaller in memory than in the file",
    "badabove": "a segment reaches UTOP or beyond",
    "badcross": "a segment reaches UTOP or beyond",
    "badwrap": "a segment reaches UTOP or beyond",
    "badstack": "a segment overlaps the stack",
    "badentry": "its entry point is in no segment",
    "badempty": "its entry point is in no segment",
}


# The output of the programs of labs 3 and 4, as regular expressions for whole
# lines: other courses' graders and many write-ups look for these. Each program
# prints its lines in this order; other lines may come between.
FREED = r"\[00001000\] free env 00001000"
EXITS = (r"\[00001000\] exiting gracefully", FREED)
STARTS = r"\[00000000\] new env 00001000"
FROM_USER = r"  ss   0x----0023"
LINES_LAB3 = {
    "divzero": (STARTS, r"Incoming TRAP frame at 0xefffffbc",
                r"TRAP frame at 0xf[0-9a-f]{7}", r"  trap 0x00000000 Divide error",
                r"  eip  0x008[0-9a-f]{5}", FROM_USER, FREED),
    "softint": (r"  trap 0x0000000d General Protection",
                r"  eip  0x008[0-9a-f]{5}", FROM_USER, FREED),
    "badsegment": (r"  trap 0x0000000d General Protection", r"  err  0x00000028.*",
                   FROM_USER, FREED),
    "faultread": (r"\[00001000\] user fault va 00000000 ip 008[0-9a-f]{5}",
                  r"  trap 0x0000000e Page Fault", r"  err  0x00000004.*", FREED),
    "faultreadkernel": (r"\[00001000\] user fault va f0100000 ip 008[0-9a-f]{5}",
                        r"  trap 0x0000000e Page Fault", r"  err  0x00000005.*",
                        FREED),
    "faultwrite": (r"\[00001000\] user fault va 00000000 ip 008[0-9a-f]{5}",
                   r"  err  0x00000006.*", FREED),
    "faultwritekernel": (r"\[00001000\] user fault va f0100000 ip 008[0-9a-f]{5}",
                         r"  err  0x00000007.*", FREED),
    "breakpoint": (r"TRAP frame at 0xf[0-9a-f]{7}", r"  trap 0x00000003 Breakpoint",
                   r"  eip  0x008[0-9a-f]{5}", FROM_USER),
    "testbss": (r"Making sure bss works right\.\.\.",
                r"Yes, good\.  Now doing a wild write off the end\.\.\.",
                r"\[00001000\] user fault va 00c[0-9a-f]{5} ip 008[0-9a-f]{5}", FREED),
    "hello": (STARTS, r"hello, world", r"i am environment 00001000", *EXITS,
              r"Destroyed the only environment - nothing more to do!",
              r"Welcome to the JOS kernel monitor!",
              r"Type 'help' for a list of commands\."),
    "buggyhello": (
        r"\[00001000\] user_mem_check assertion failure for va 00000001", FREED),
    "buggyhello2": (
        r"\[00001000\] user_mem_check assertion failure for va 0[0-9a-f]{4}000",
        FREED),
    "evilhello": (
        r"\[00001000\] user_mem_check assertion failure for va f0100[0-9a-f]{3}",
        FREED),
}
CHILD = r"\[00001000\] new env 00001001"
CHILD_EXITS = (r"\[00001001\] exiting gracefully", r"\[00001001\] free env 00001001")
NOTHING_LEFT = r"No runnable environments in the system!"
LINES_LAB4 = {
    "dumbfork": (STARTS, CHILD, r"0: I am the parent!", r"9: I am the parent!", *EXITS,
                 r"19: I am the child!", *CHILD_EXITS, NOTHING_LEFT),
    "yield": (r"Hello, I am environment 00001000\.",
              r"Back in environment 00001000, iteration 0\.",
              r"Back in environment 00001000, iteration 4\.",
              r"All done in environment 00001000\.", NOTHING_LEFT),
    "faultread": (r"TRAP frame at 0xf[0-9a-f]{7} from CPU 0",
                  r"  trap 0x0000000e Page Fault", FREED),
    "faultdie": (r"i faulted at va deadbeef, err 6", *EXITS),
    "faultregs": (r"Registers in UTrapframe OK", r"Registers after page-fault OK"),
    "faultalloc": (r"fault deadbeef", r"this string was faulted in at deadbeef",
                   r"fault cafebffe", r"fault cafec000",
                   r"this string was faulted in at cafebffe", *EXITS),
    "faultallocbad": (
        r"\[00001000\] user_mem_check assertion failure for va deadbeef", FREED),
    "faultnostack": (
        r"\[00001000\] user_mem_check assertion failure for va eebfff[0-9a-f]{2}",
        FREED),
    "faultbadhandler": (r"\[00001000\] user_mem_check assertion failure for va "
                        r"(?:deadb|eebfe)[0-9a-f]{3}", FREED),
    "faultevilhandler": (r"\[00001000\] user_mem_check assertion failure for va "
                         r"(?:f0100|eebfe)[0-9a-f]{3}", FREED),
    "forktree": (r"1000: I am ''", r"[0-9a-f]{4}: I am '0'", NOTHING_LEFT),
    "spin": (r"I am the parent\.  Forking the child\.\.\.",
             r"I am the parent\.  Running the child\.\.\.",
             r"I am the child\.  Spinning\.\.\.",
             r"I am the parent\.  Killing the child\.\.\.",
             r"\[00001000\] destroying 00001001", r"\[00001000\] free env 00001001",
             *EXITS),
    "stresssched": (r"\[000010[0-9a-f]{2}\] stresssched on CPU 0", NOTHING_LEFT),
    "sendpage": (CHILD, r"1000 got message: hello child environment! how are you\?",
                 r"child received correct message",
                 r"1001 got message: hello parent environment! I'm good.*",
                 r"parent received correct message", *EXITS),
    "pingpong": (r"send 0 from 1000 to 1001", r"1001 got 0 from 1000",
                 r"1000 got 1 from 1001", r"1001 got 8 from 1000",
                 r"1000 got 9 from 1001", r"1001 got 10 from 1000", NOTHING_LEFT),
    "pingpongs": (r"send 0 from 1000 to 1001",
                  r"1001 got 0 from 1000 \(thisenv is .*\)",
                  r"1001 got 10 from 1000 \(thisenv is .*\)", NOTHING_LEFT),
    "primes": (r"CPU 0: 2 \[00001001\] new env 00001002",
               r"CPU 0: 3 \[00001002\] new env 00001003",
               r"CPU 0: 11 \[00001005\] new env 00001006", r"CPU 0: 1877 .*"),
}


class KernelTest(unittest.TestCase):
    """Each test boots the kernel that `make` has built."""

    scratch: ClassVar[Path]
    bench: ClassVar[Bench]

    @classmethod
    def setUpClass(cls) -> None:
        cls.scratch = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        cls.bench = cls.bench_of(TOP / "obj")

    @classmethod
    def bench_of(cls, obj: Path) -> Bench:
        """The bench that boots the kernel in `obj`."""
        qemu = find_qemu()
        limits = Limits(partial(calibrate.measure, qemu, cls.scratch))
        return Bench(LAST_LAB, qemu, obj, SEED, Symbols(obj), limits,
                     Fleet(cls.scratch))

    def setUp(self) -> None:
        self.vm = Vm(self.bench)
        self.vm.begin(self.id())
        self.addCleanup(self.vm.close)

    def panic_of(self, run: Run) -> str:
        """The text of the panic that ended a run."""
        self.assertIsNotNone(run.ending.panic, run.console)
        assert run.ending.panic is not None
        return run.ending.panic.text

    def test_bad_images(self) -> None:
        """An invalid image is refused by a panic that says why."""
        made = {path.stem for path in (TOP / "obj/user/bad").glob("*.img")}
        self.assertEqual(made - {"goodtiny", "goododd"}, set(REFUSALS))
        for name, reason in REFUSALS.items():
            with self.subTest(name):
                self.vm.close()
                text = self.panic_of(self.vm.boot(name))
                self.assertTrue(text.startswith(f"load_icode: {name}: "), text)
                self.assertIn(reason, text)

    def test_good_images(self) -> None:
        """The image that those differ from in one thing each is run, and so
        is one with headers as no linker makes them."""
        for name in ("goodtiny", "goododd"):
            with self.subTest(name):
                run = self.vm.boot(name)
                run.expect(f"[{run.env}] exiting gracefully")
                run.expect_monitor()

    def test_memory_sizes(self) -> None:
        """It runs a program with 4 MiB of memory, with 3 GiB, and between;
        what lies above 256 MiB is ignored, and said to be."""
        for memory in ("4M", "5M", "8M", "33M", "255M", "256M", "257M", "3G"):
            with self.subTest(memory):
                self.vm.close()
                run = self.vm.boot("hello", memory=memory)
                run.expect("hello, world")
                run.expect_monitor()
                self.assertEqual("are ignored" in run.console,
                                 memory in ("257M", "3G"))

    def test_too_little_memory(self) -> None:
        """A program larger than memory causes a panic, not a reset."""
        text = self.panic_of(self.vm.boot("testbss", memory="4M"))
        self.assertIn("region_alloc: out of memory at va", text)

    def test_long_arguments(self) -> None:
        """A Multiboot command line that is too long is refused."""
        text = self.panic_of(self.vm.boot(words=("x" * 600,)))
        self.assertRegex(text, r"the boot arguments have \d+ characters; "
                               "at most 511 fit")

    def test_many_arguments(self) -> None:
        """More arguments for a program than it can get are refused."""
        text = self.panic_of(self.vm.boot("hello", *"abcdefgh" * 5))
        self.assertIn("more than 31 arguments", text)

    def test_unknown_arguments(self) -> None:
        """An unknown boot argument, lab or program is named."""
        run = self.vm.boot(words=("colour=red",))
        run.expect('boot: unknown argument "colour=red" ignored')
        run = self.vm.boot("nosuch")
        run.expect('There is no program "nosuch". There are:')
        run.expect_monitor()
        self.assertIn("no lab 9 here",
                      self.panic_of(self.vm.boot(words=("lab=9",))))

    def test_int64(self) -> None:
        """A program may divide 64-bit numbers, and the kernel too."""
        run = self.vm.boot("testint64", self.vm.key)
        run.expect("testint64: right so far", "  trap 0x00000000 Divide error")
        run.expect_monitor()
        symbols = Elf.load(TOP / "obj/kern/kernel").symbols
        for name in ("__udivdi3", "__umoddi3", "__divdi3", "__moddi3",
                     "__udivmoddi4", "__divmoddi4"):
            self.assertIn(name, symbols)

    def test_second_stop(self) -> None:
        """When a command of the monitor comes to a TODO after a panic, the
        kernel says that it has halted."""
        tree = copy_tree(self.scratch / "second")
        monitor = tree / "kern/monitor.c"
        before = "mon_kerninfo(int argc, char **argv, struct Trapframe *tf)\n{\n"
        text = monitor.read_text()
        self.assertIn(before, text)
        monitor.write_text(text.replace(before, before + 'TODO("lab1.x");\n'))
        done = make("image", cwd=tree)
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.vm = Vm(self.bench_of(tree / "obj"))
        self.vm.begin(self.id())
        self.addCleanup(self.vm.close)
        self.panic_of(self.vm.boot(words=("lab=9",)))
        run = self.vm.command("kerninfo")
        self.assertIs(run.ending.stop, Stop.HALTED, run.console)
        self.assertIn("\nThe monitor had been called for a panic or TODO already: "
                      "the kernel has halted.\n", run.console)

    def check_lines(self, lab: int, program: str, lines: Tuple[str, ...]) -> None:
        """Fail unless the program prints these lines, in this order."""
        self.vm.close()
        run = self.vm.boot(program, words=(f"lab={lab}",), limit=300)
        left = iter(run.lines)
        for line in lines:
            if not any(re.fullmatch(line, seen) for seen in left):
                self.fail(f"{program} did not print, in its place: {line}\n"
                          f"{run.console[-2000:]}")

    def test_known_lines(self) -> None:
        """Each program prints the lines that people and tools look for."""
        for lab, programs in ((3, LINES_LAB3), (4, LINES_LAB4)):
            for program, lines in programs.items():
                with self.subTest(f"lab {lab}, {program}"):
                    self.check_lines(lab, program, lines)

    def test_fuzz(self) -> None:
        """Ten thousand rounds of every system call number with random
        arguments harm nothing and lose no page."""
        run = self.vm.boot(words=("trace=0",))
        free = len(run.state.free_pages)
        run = self.vm.command("run", "testfuzz", self.vm.key, "10000",
                              limit=2000)
        run.expect_pass()
        self.assertEqual(len(run.state.free_pages), free)

    def test_many_generations(self) -> None:
        """A slot's environments have different ids, and none loses a page."""
        run = self.vm.boot(words=("trace=0",))
        free, seen = len(run.state.free_pages), set()
        for _ in range(50):
            run = self.vm.command("run", "hello")
            run.expect_monitor()
            seen.add(run.env)
        self.assertEqual(len(seen), 50)
        self.assertEqual(len(run.state.free_pages), free)

    def test_multiboot_entry(self) -> None:
        """The entry point lies in a segment, as GRUB requires."""
        elf = Elf.load(TOP / "obj/kern/kernel")
        self.assertTrue(any(s.va <= elf.entry < s.va + s.memsz
                            for s in elf.segments))
