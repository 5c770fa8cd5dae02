"""What a test works with: machines to boot, and runs in them."""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Dict, List, Optional, Set, Tuple

from gradelib.case import Case
from gradelib.evidence import (PrintedFrame, all_reported, expect_lines,
                               printed_frames, reported)
from gradelib.limits import Limits
from gradelib.machine import Machine
from gradelib.registers import Registers
from gradelib.setup import Setup
from gradelib.outcome import Failed, Interrupted, Outcome
from gradelib.state import State
from gradelib.symbols import Symbols
from gradelib.watch import Ending, Stop, Watch
from tools.digest import digest

USER_FAULT = re.compile(r"user fault va ([0-9a-f]{8}) ip")
USER_END = re.compile(r"user panic in |user_mem_check assertion failure for ")
RUN_BOOTS = 15.0  # how many boots a run may take, unless a test sets more
PROBE = 2  # failed boots before one without a program is tried


class Fleet:
    """All running machines, so that all can be stopped."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._lock = threading.Lock()
        self._machines: Set[Machine] = set()
        self._stopped = False

    def start(self, setup: Setup) -> Machine:
        """Starts a machine."""
        if self._stopped:
            raise Interrupted
        machine = Machine(setup, self._scratch)
        with self._lock:
            self._machines.add(machine)
        if self._stopped:  # since the check above
            machine.kill()
        return machine

    def close(self, machine: Machine) -> None:
        """Ends one machine."""
        with self._lock:
            self._machines.discard(machine)
        machine.close()

    def stop(self) -> None:
        """Kills all machines; no more can be started."""
        self._stopped = True
        with self._lock:
            for machine in self._machines:
                machine.kill()


@dataclass(frozen=True)
class Bench:
    """The data shared by all tests of a grader run."""

    lab: int
    qemu: Tuple[str, ...]
    obj: Path
    seed: int
    symbols: Symbols
    limits: Limits
    fleet: Fleet
    firmware: str = ""  # without a disk; "" is QEMU's default
    built: Optional[Path] = None  # the folder of which `obj` is a copy, if so

    def setup(self, arguments: Tuple[str, ...], memory: str, disk: bool,
              stop_at: str, log: bool, cpus: int, counting: bool) -> Setup:
        """A machine with this build's kernel."""
        image = self.obj / "kern/kernel.img" if disk else None
        address = self.symbols.address(stop_at) if stop_at else 0
        return Setup(self.qemu, self.obj / "kern/kernel", arguments, memory,
                     image, address, log, cpus=cpus, counting=counting,
                     firmware=self.firmware, built=self.built)


def bare(memory: str) -> Tuple[object, ...]:
    """The parameters of a plain boot to the monitor."""
    return ("", (), memory, (), False, "", 1, False)


@dataclass
class Run:
    """One run: a boot up to the monitor, or a command typed there."""

    machine: Machine
    symbols: Symbols
    key: int
    program: str
    console: str
    ending: Ending
    boot_key: int  # of the machine, for the kernel's own reports
    typed: Tuple[str, ...] = ()  # at the monitor, since the machine's start
    over: bool = field(default=False)  # the machine started another run
    wanted: bool = field(default=False)  # it ended in the expected panic

    @cached_property
    def lines(self) -> List[str]:
        """The console's lines."""
        return self.console.split("\n")

    @property
    def state(self) -> State:
        """The kernel's data and the processor's tables at the end of the
        run."""
        if self.over:
            raise ValueError("the machine of this run has run on")
        return self._state

    @cached_property
    def _state(self) -> State:
        return State(*self.machine.look(), self.symbols)

    @cached_property
    def processors(self) -> List[Registers]:
        """The registers of all processors at the end of the run."""
        if self.over:
            raise ValueError("the machine of this run has run on")
        return self.machine.processors

    @cached_property
    def case(self) -> Case:
        """All that is known of this run; its machine must not have started
        another run."""
        state, setup = self.state, self.machine.setup
        hand = setup.by_hand()
        if self.typed:
            hand += ["# then type:", *(f"#   {line}" for line in self.typed)]
        return Case(self.ending, self.symbols, state.registers, state.memory,
                    self.console, self.program, self.machine.log,
                    setup.memory_bytes, hand)

    @property
    def multitasking(self) -> bool:
        """Whether the kernel got so far that its CPUs run the scheduler."""
        return bool(self.case.kernel_word("multitasking") & 0xFF)

    @cached_property
    def env(self) -> str:
        """The id of the environment that the run created."""
        return self.find(r"\[[0-9a-f]{8}\] new env ([0-9a-f]{8})",
                         "no environment was created").group(1)

    @cached_property
    def frames(self) -> List[PrintedFrame]:
        """The printed trap frames."""
        return printed_frames(self.lines)

    def expect(self, *lines: str) -> None:
        """Fails unless these lines were printed, in this order."""
        expect_lines(self.lines, list(lines))

    def find(self, pattern: str, otherwise: str) -> "re.Match[str]":
        """The first line that `pattern` matches entirely; fails with the
        reason `otherwise` if there is none."""
        for line in self.lines:
            match = re.fullmatch(pattern, line)
            if match:
                return match
        raise Failed(otherwise)

    def refuse(self, text: str, otherwise: str) -> None:
        """Fails with the reason `otherwise` if a line contains `text`."""
        for line in self.lines:
            if text in line:
                raise Failed(otherwise, seen=line)

    def report(self, name: str) -> int:
        """The value that `name` reported with its key. A report of a kernel
        check must also be in the checks' memory: any code can print."""
        kernel = name.startswith("check_")
        key = self.boot_key if kernel else self.key
        value = reported(self.lines, name, key)
        proof = digest(key, name, value)
        if kernel and proof not in self.state.reports:
            raise Failed(f"the report of {name} was printed, but {name} did "
                         "not make it", seen=f"= {name} {value:08x} "
                                             f"{proof:08x}")
        return value

    def expect_reports(self, *values: int) -> None:
        """Fails unless the program's environments have reported these values,
        in any order: output alone could come from any code."""
        seen = all_reported(self.lines, self.program, self.key)
        if sorted(seen) != sorted(values):
            raise Failed(f"what {self.program} reports is wrong",
                         " ".join(f"{value:08x}" for value in sorted(values)),
                         " ".join(f"{value:08x}" for value in sorted(seen)))

    def expect_pass(self) -> None:
        """Fails unless the test program reported that it passed."""
        for line in self.lines:
            if line.startswith(f"{self.program}: fail: "):
                raise Failed(line.split(": ", 2)[2])
        try:
            self.report(self.program)
        except Failed:
            for line in self.lines:
                if USER_FAULT.search(line):
                    raise Failed(f"a fault ended {self.program}",
                                 seen=line) from None
            for line in self.lines:
                if USER_END.search(line):
                    raise Failed(f"{self.program} did not come to its end",
                                 seen=line) from None
            raise
        self.expect_monitor()

    def expect_monitor(self) -> None:
        """Fails unless the run reached the monitor without a fault."""
        if not self.ending.clean:
            raise Failed("the run did not come to its end")

    def expect_panic(self, file: str, pattern: str, otherwise: str) -> None:
        """Fails with the reason `otherwise` unless the kernel panicked in
        `file` with a text that `pattern` matches. Later failures are not
        attributed to the panic."""
        panic = self.ending.panic
        if panic is None:
            raise Failed(otherwise, f"a kernel panic in {file}")
        if panic.file != file or not re.search(pattern, panic.text):
            raise Failed(otherwise, f"a kernel panic in {file}: {pattern}",
                         f"kernel panic at {panic.file}:{panic.line}: "
                         f"{panic.text}")
        self.wanted = True


class Vm:
    """The machines of one test, or of several tests that share them."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.runs: List[Run] = []
        self.alone = True  # this test boots in its own way, not for others
        self.shared = False  # other tests in its machine may have spoiled it
        self.log = False  # its machines log interrupts
        self.random = random.Random()
        self._machine: Optional[Machine] = None
        self._last: Optional[Run] = None  # in that machine
        # Idle machines, by number of processors; each with its last run and
        # the key that its kernel was given.
        self._parked: Dict[int, Tuple[Machine, Run, int]] = {}
        self._booted: Optional[Tuple[object, ...]] = None  # how it was booted
        self._failures = 0  # tests in a row whose boot failed
        self._dead: Optional[Run] = None  # a boot that failed before programs
        self._probed = False  # whether there is one is known
        self._key = 0
        self._boot_key = 0  # the key of the machine's kernel
        self._consoles: List[bytes] = []

    def begin(self, test: str, alone: bool = True, log: bool = False,
              again: bool = False) -> None:
        """The next runs belong to `test`, whose random numbers depend only on
        the seed and its name. If `alone`, it must not reuse the machine of the
        test before, unless that may be used `again`. With `log`, its machines
        log interrupts."""
        failed = self._failed_boot()
        self._failures = self._failures + 1 if failed else 0
        if alone and not (again and log == self.log
                          and (failed or self._at_monitor())):
            self._give_up()
            self._unpark()
        self.alone = alone
        self.shared = not alone
        self.log = log
        self.random = random.Random(f"{self.bench.seed}/{test}")
        self._key = self.random.getrandbits(32)
        self.runs = []
        self._consoles = []

    def _failed_boot(self) -> bool:
        """Whether the last test was a single boot, which failed."""
        last = self._last
        return (last is not None and len(self.runs) == 1
                and self._booted is not None
                and last.ending.blame() in (Outcome.CRASHED, Outcome.HUNG))

    def _at_monitor(self) -> bool:
        """Whether the machine waits at its monitor, as after a passed test."""
        return self._last is not None and self._last.ending.clean

    @property
    def key(self) -> str:
        """This test's key, as passed to programs."""
        return f"{self._key:08x}"

    @property
    def console(self) -> bytes:
        """The output of all runs of this test."""
        return b"".join(self._consoles)

    def boot(self, program: str = "", *args: str, memory: str = "128M",
             words: Tuple[str, ...] = (), disk: bool = False,
             stop_at: str = "", limit: float = RUN_BOOTS, cpus: int = 1,
             counting: bool = False, early: bool = False) -> Run:
        """Runs `program`, typed at the monitor of the current machine if that
        is suitable, else as the first program of a new one. With more boot
        arguments `words`, or `counting` of instructions, it is always a new
        one.

        Without `program`, just boots. If the test before did nothing but the
        same boot, that boot is used again. With `program`, so is a boot whose
        kernel failed before it could run any, except with `early`, for tests
        of what happens while a program is loaded.

        `disk` boots through the boot sector. The run stops at the kernel
        function `stop_at`; go_on() continues it.
        """
        if program and not (words or disk or counting):
            self._change_to(cpus)
            if self._can_run(memory, stop_at, cpus):
                return self.command("run", program, *args, limit=limit,
                                    stop_at=stop_at)
        # Each test has its own key, but a boot with another's is as good.
        own = tuple("" if word == self.key else word for word in args)
        wanted = (program, own, memory, words, disk, stop_at, cpus, counting)
        last = self._last
        if last is not None and self._booted == wanted and not self.runs:
            return self._again(last)
        usual = not (words or disk or stop_at or counting or cpus > 1)
        if program and self.alone and usual and not (early or self.runs):
            dead = self._without_program(memory)
            if dead is not None:
                return dead
        arguments = (f"lab={self.bench.lab}", f"key={self.key}", *words,
                     *([f"init={program}"] if program else []),
                     *(["--", *args] if args else []))
        setup = self.bench.setup(arguments, memory, disk, stop_at, self.log,
                                 cpus, counting)
        return self._boot_new(setup, wanted, program, limit)

    def _boot_new(self, setup: Setup, wanted: Tuple[object, ...],
                  program: str, limit: float) -> Run:
        """Boots a new machine with the parameters `wanted`."""
        self._give_up()
        self._machine = self._start(setup)
        self._booted = wanted
        self._boot_key = self._key
        run = self._follow(self._machine, program, limit)
        if run.ending.clean and not program and setup.cpus == 1:
            self.bench.limits.record(self._machine.cpu_seconds())
        if (self.alone and wanted == bare(setup.memory)
                and self._failed_boot() and not run.multitasking):
            self._bury()
            self._dead = run
        return run

    def _without_program(self, memory: str) -> Optional[Run]:
        """The boot without a program whose kernel failed before it could run
        any, if there is one: with a program it would fail the same way. After
        several failed boots, one is tried."""
        dead = self._dead
        if dead is None and self._failures >= PROBE and not self._probed:
            self._probed = True
            run = self.boot(memory=memory)
            if run is self._dead:
                return run
            self.runs.clear()
            self._consoles.clear()
        if (dead is None or dead.machine.setup.memory != memory
                or dead.machine.setup.log != self.log):
            return None
        if self._last is not dead:
            self._give_up()
            self._machine, self._last = dead.machine, dead
            self._booted = bare(memory)
        return self._again(dead)

    def _again(self, run: Run) -> Run:
        """Reuses the boot of another test for this one."""
        self.shared = self.shared or run.ending.clean
        self.runs.append(run)
        self._key = run.key
        self._consoles.append(run.machine.console.slice())
        return run

    def _start(self, setup: Setup) -> Machine:
        """Starts a new machine."""
        return self.bench.fleet.start(setup)

    def _change_to(self, cpus: int) -> None:
        """Switches to the idle machine with `cpus` processors, if there is
        one; a current machine with another number becomes idle."""
        machine, last = self._machine, self._last
        if machine is None or last is None or machine.setup.cpus == cpus:
            return
        self._parked[machine.setup.cpus] = (machine, last, self._boot_key)
        self._machine = self._last = self._booted = None
        if cpus in self._parked:
            self._machine, self._last, self._boot_key = self._parked.pop(cpus)

    def _can_run(self, memory: str, stop_at: str, cpus: int) -> bool:
        """Whether the current machine waits at its monitor, with `memory`,
        `cpus` processors and no live program, and can be stopped if needed."""
        if (self._machine is None or self._last is None
                or not self._last.ending.clean
                or self._machine.setup.memory != memory
                or self._machine.setup.cpus != cpus
                or (stop_at and not self._machine.setup.stop_at)):
            return False
        return self._last.state.variable("curenv") == 0

    def command(self, *words: str, limit: float = RUN_BOOTS,
                stop_at: str = "") -> Run:
        """Types a line at the monitor, and returns what comes of it."""
        last = self._last
        if self._machine is None or last is None or last.over:
            raise ValueError("there is no machine to type at")
        if last.ending.stop is not Stop.PROMPT:
            raise Failed("the monitor does not take commands any more")
        machine = self._machine
        last.over = True
        self.shared = self.shared or not self.runs
        self._booted = None  # no longer just booted
        machine.console.begin()
        machine.stop_at(self.bench.symbols.address(stop_at) if stop_at else 0)
        machine.resume()
        machine.type(" ".join(words) + "\n")
        program = words[1] if words[0] == "run" else last.program
        return self._follow(machine, program, limit,
                            (*last.typed, " ".join(words)))

    def go_on(self) -> Run:
        """Continues a run that stopped at a function. The returned run has the
        whole console."""
        last = self._last
        if (self._machine is None or last is None
                or last.ending.stop is not Stop.BREAKPOINT):
            raise Failed("the run did not come so far")
        last.over = True
        self._booted = None
        self._consoles.pop()
        self._machine.resume()
        return self._follow(self._machine, last.program, RUN_BOOTS,
                            last.typed)

    def _follow(self, machine: Machine, program: str, limit: float,
                typed: Tuple[str, ...] = ()) -> Run:
        """Follows the run that was just started."""
        bench = self.bench
        watch = Watch(machine, bench.symbols, bench.limits, limit, program)
        try:
            ending = watch.until_over()
        finally:
            self._consoles.append(machine.console.slice())
        run = Run(machine, bench.symbols, self._key, program,
                  machine.console.text(), ending, self._boot_key, typed)
        self._last = run
        self.runs.append(run)
        return run

    def _give_up(self) -> None:
        """Ends the current machine, unless its boot is to be used again."""
        if self._last is not None and self._last is self._dead:
            self._machine = None
        if self._machine is not None:
            self.bench.fleet.close(self._machine)
            self._machine = None
        if self._last is not None:
            self._last.over = self._last is not self._dead
            self._last = None

    def _bury(self) -> None:
        """Ends the machine of the failed boot without a program."""
        if self._dead is not None:
            self.bench.fleet.close(self._dead.machine)
            self._dead.over = True
            self._dead = None

    def _unpark(self) -> None:
        """Ends the idle machines."""
        for machine, last, _ in self._parked.values():
            self.bench.fleet.close(machine)
            last.over = True
        self._parked.clear()

    def close(self) -> None:
        """Ends all machines."""
        self._give_up()
        self._bury()
        self._unpark()
        self._probed = False
        self._failures = 0
