"""Several CPUs: how they are found, and how the kernel uses them."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random
from typing import ClassVar, Tuple

from gradelib import calibrate
from gradelib.limits import Limits
from gradelib.multi import check_ended
from gradelib.options import FIRMWARE, find_qemu
from gradelib.outcome import Outcome
from gradelib.symbols import Symbols
from gradelib.vm import Bench, Fleet, Run, Vm
from support import TOP

SEED = 20260202
LIMIT = 60.0  # boots

SOCKETS = "cores=1,threads=1"  # each CPU is a chip of its own
CHIPS = "sockets=2,cores=3,threads=1"  # the APICs: 0, 1, 2, 4, 5, 6
# A machine's number of CPUs, more QEMU options, and how many CPUs the kernel must
# find.
MACHINES = (
    # By ACPI, where the MP tables list one.
    (4, (), 4),
    (2, ("-smp", "sockets=1,cores=1,threads=2"), 2),
    (3, ("-machine", "q35"), 3),
    (6, ("-smp", CHIPS), 6),
    # By the MP tables, which list chips.
    (4, ("-smp", f"sockets=4,{SOCKETS}", "-machine", "acpi=off"), 4),
    (2, ("-smp", f"sockets=2,{SOCKETS}", "-machine", "q35,acpi=off"), 2),
    (4, ("-smp", "sockets=1,cores=4,threads=1", "-machine", "acpi=off"), 1),
    # The tables of a machine with one, and no tables at all.
    (1, ("-machine", "acpi=off"), 1),
    (4, ("-machine", "acpi=off", "-bios", FIRMWARE), 1),
    # More than the kernel uses.
    (12, (), 8),
)


# Programs that pass however often and wherever the timer preempts them; and how
# many of each there must be.
INTERRUPTED = (
    ("testexofork", 2), ("teststatus", 2), ("testpagealloc", 2),
    ("testpagemap", 2), ("testpageunmap", 2), ("testsetupcall", 2),
    ("testupcall", 1), ("faultregs", 1), ("testhandler", 1), ("testcow", 1),
    ("testduppage", 1), ("testpreempt", 1), ("testipcrecv", 1),
    ("testipcsend", 1), ("testipclib", 1))


class MultiTest(unittest.TestCase):
    """Each test boots the kernel that `make` has built."""

    scratch: ClassVar[Path]

    @classmethod
    def setUpClass(cls) -> None:
        cls.scratch = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.scratch)

    def vm(self, *options: str) -> Vm:
        """Machines of QEMU with `options`."""
        qemu, obj = (*find_qemu(), *options), TOP / "obj"
        limits = Limits(partial(calibrate.measure, find_qemu(), self.scratch))
        vm = Vm(Bench(4, qemu, obj, SEED, Symbols(obj), limits,
                      Fleet(self.scratch)))
        vm.begin(self.id())
        self.addCleanup(vm.close)
        return vm

    def test_found(self) -> None:
        """CPUs are found by ACPI, by the MP tables, or there is one; each
        starts and runs programs."""
        for there, options, cpus in MACHINES:
            with self.subTest(f"{there} {' '.join(options)}"):
                run = self.vm(*options).boot(
                    "testcpus", "1234", words=(f"copies={cpus}",),
                    limit=LIMIT, cpus=there)
                run.expect(f"SMP: CPU 0 found {cpus} CPU(s)",
                           *(f"SMP: CPU {cpu} starting"
                             for cpu in range(1, cpus)), "testcpus: pass")
                run.expect_monitor()
                self.assertEqual("are not used" in run.console, there > 8)

    def test_locks(self) -> None:
        """Misuse of a lock causes a panic that names the fault, the lock and
        the place."""
        self.vm().boot(words=("check=locks",)).report("check_locks")

    def panic_of(self, run: Run) -> Tuple[str, str]:
        """The file and the text of the panic that ended a run."""
        self.assertIsNotNone(run.ending.panic, run.console)
        assert run.ending.panic is not None
        return run.ending.panic.file, run.ending.panic.text

    def test_panic(self) -> None:
        """A panic names its CPU, and stops the others."""
        vm = self.vm()
        vm.boot("hello", cpus=4, limit=LIMIT).expect_monitor()
        run = vm.command("check", "kernel_fault")
        file, text = self.panic_of(run)
        self.assertEqual(file, "kern/trap.c")
        self.assertRegex(text, "page fault in the kernel at va")
        self.assertRegex(run.console, r"kernel panic on CPU \d at ")

    def test_millions(self) -> None:
        """Millions of system calls, most of them wrong, from eight
        environments on four CPUs, do no harm."""
        vm = self.vm()
        run = vm.boot("testabuse", vm.key, "250000", "8", cpus=4,
                      limit=100 * LIMIT)
        run.expect_pass()
        self.assertGreaterEqual(run.report("calls"), 2000000)
        check_ended(run)

    def order(self, cpus: int, tick: int) -> int:
        """A number for the order of events in a run that is counted."""
        vm = self.vm()
        run = vm.boot("testschedule", vm.key, words=(f"tick={tick}",),
                      cpus=cpus, counting=True, limit=2 * LIMIT)
        run.expect_pass()
        return run.report("order")

    def test_repeated(self) -> None:
        """Where QEMU counts instructions, a run is repeated exactly, and
        another tick gives another, whatever the number of CPUs."""
        for cpus in (1, 2, 4):
            with self.subTest(cpus):
                orders = [self.order(cpus, tick) for tick in (149, 149, 150)]
                self.assertEqual(orders[0], orders[1])
                self.assertNotEqual(orders[0], orders[2])

    def test_often(self) -> None:
        """Programs pass with time slices that end as soon as they have begun."""
        random = Random(SEED)
        for program, copies in INTERRUPTED:
            for tick in (random.randint(60, 99), random.randint(100, 600)):
                with self.subTest(f"{program} {tick}"):
                    vm = self.vm()
                    vm.boot(program, vm.key,
                            words=(f"copies={copies}", f"tick={tick}"),
                            counting=True, limit=LIMIT).expect_pass()

    def test_interrupted(self) -> None:
        """The timer is found to work even if QEMU itself runs only now and then."""
        console = self.scratch / "console"
        console.touch()
        words = [*find_qemu(), "-nodefaults", "-display", "none", "-serial",
                 f"file:{console}", "-kernel", str(TOP / "obj/kern/kernel"),
                 "-append", "lab=4 key=1 init=testticks -- 1234"]
        with subprocess.Popen(words, stdin=subprocess.DEVNULL) as qemu:
            self.addCleanup(qemu.kill)
            while not re.search("testticks: .*\n", console.read_text()):
                self.assertIsNone(qemu.poll())
                time.sleep(0.012)  # one time slice
                qemu.send_signal(signal.SIGSTOP)
                time.sleep(0.3)  # its clock keeps running
                qemu.send_signal(signal.SIGCONT)
            qemu.kill()
        self.assertIn("testticks: pass\n", console.read_text())

    def test_ungraded(self) -> None:
        """What no grader runs: the challenges, and the system call that lab 5
        needs."""
        for program, words in (("testtrapframe", ()), ("testsfork", ()),
                               ("testlottery", ("sched=lottery",))):
            for cpus in (1, 4):
                with self.subTest(f"{program} {cpus}"):
                    vm = self.vm()
                    run = vm.boot(program, vm.key, words=words, cpus=cpus,
                                  limit=10 * LIMIT)
                    run.expect_pass()
                    check_ended(run)

    def test_for_ever(self) -> None:
        """Two senders to one receiver are served round robin; a program that
        only yields does just that."""
        run = self.vm().boot("fairness", limit=5)
        self.assertIs(run.ending.blame(), Outcome.HUNG)
        served = Counter(re.findall(r"^1000 recv from (\d+)\n", run.console,
                                    re.MULTILINE))
        self.assertEqual(set(served), {"1001", "1002"})
        self.assertGreater(min(served.values()), 20)
        # If the receiver is already waiting, a sender may send twice in a row.
        self.assertGreater(min(served.values()), max(served.values()) / 2)
        run = self.vm().boot("idle", cpus=2, limit=5)
        self.assertIs(run.ending.blame(), Outcome.HUNG)
        self.assertTrue(run.console.endswith("SMP: CPU 1 starting\n"))

    def test_monitor(self) -> None:
        """When nothing is left to run, the monitor waits, on whichever CPU it
        is, and runs programs again."""
        vm = self.vm()
        for _ in range(8):
            run = vm.boot("forktree", cpus=8, limit=LIMIT)
            check_ended(run)
