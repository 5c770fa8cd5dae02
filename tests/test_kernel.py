"""The kernel's answers to bad input, whatever part of it is given code."""

import shutil
import tempfile
import unittest
from functools import partial
from pathlib import Path
from typing import ClassVar

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

# What the loader says of each image that it must refuse (tools/badelf.py).
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
        """What is needed to boot the kernel in `obj`."""
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
        """An image unfit to be loaded is refused by a panic that says why."""
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
        """A program larger than the memory there is is a panic, not a reset."""
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
