"""Watching a run: races between the machine and our look at it."""

import socket
import unittest
from pathlib import Path
from typing import Callable, List, Tuple

from fakecase import FakeSymbols, Ram, kernel, registers

from gradelib.breakpoint import Breakpoint
from gradelib.console import Console
from gradelib.limits import Limits
from gradelib.memory import Memory
from gradelib.registers import Registers
from gradelib.setup import Setup
from gradelib.watch import Stop, Watch

CPU_SECONDS = 100.0  # more than any limit
BOOTS = 10.0  # what a run may take


class FakeMachine:
    """A silent machine that calls `at_pause` while it is paused."""

    def __init__(self, at_pause: "Callable[[FakeMachine], None]",
                 *processors: Registers) -> None:
        self.processors = list(processors) or [registers(HLT=1)]
        self.setup = Setup((), Path())
        self.focus = 0
        self.console = Console()
        self.at_breakpoint = False
        self.ended = ""
        self.used = 0.0
        self.calls: List[str] = []
        self._at_pause = at_pause

    def pump(self, seconds: float) -> bool:
        self.used += seconds
        return False

    def pause(self) -> None:
        self.calls.append("pause")
        self._at_pause(self)

    def resume(self) -> None:
        self.calls.append("resume")

    def end_reason(self) -> str:
        return self.ended

    def look_at(self, cpu: int) -> None:
        self.focus = cpu

    def look(self) -> Tuple[Registers, Memory]:
        return self.processors[self.focus], Ram().memory()

    def cpu_seconds(self) -> float:
        return self.used

    wall_seconds = cpu_seconds


def stop_of(machine: FakeMachine, used: float = 0.0) -> Stop:
    """What ends a run that has used `used` seconds before the first look."""
    limits = Limits(lambda: 1.0)
    watch = Watch(machine, FakeSymbols(kernel()),  # type: ignore[arg-type]
                  limits, BOOTS, "")
    machine.used = used
    return watch.until_over().stop


class WatchTest(unittest.TestCase):
    def test_halted(self) -> None:
        """A processor that sleeps with interrupts off is halted."""
        self.assertIs(stop_of(FakeMachine(lambda machine: None)), Stop.HALTED)

    def test_counted(self) -> None:
        """A machine that counts instructions is not paused before its limit:
        that would change the run."""
        looks: List[float] = []
        machine = FakeMachine(lambda machine: looks.append(machine.used))
        machine.setup = Setup((), Path(), cpus=2, counting=True)
        self.assertIs(stop_of(machine), Stop.HUNG)
        self.assertGreater(looks[0], BOOTS)

    def test_awake(self) -> None:
        """A machine is not halted while one of its processors is awake, and
        that is the one that is looked at then."""
        machine = FakeMachine(lambda machine: None, registers(HLT=1),
                              registers(HLT=0))
        watch = Watch(machine, FakeSymbols(kernel()),  # type: ignore[arg-type]
                      Limits(lambda: 1.0), BOOTS, "")
        self.assertFalse(watch._is_halted())
        self.assertEqual(machine.focus, 1)
        machine.processors[1] = registers(HLT=1)
        self.assertTrue(watch._is_halted())

    def test_breakpoint(self) -> None:
        """A stop at the breakpoint while we stop the machine counts, and the
        machine is not sent on."""

        def hit(machine: FakeMachine) -> None:
            machine.at_breakpoint = True

        machine = FakeMachine(hit)
        self.assertIs(stop_of(machine), Stop.BREAKPOINT)
        self.assertNotIn("resume", machine.calls)

    def test_reset(self) -> None:
        """So does a reset."""

        def reset(machine: FakeMachine) -> None:
            machine.ended = "guest-reset"

        machine = FakeMachine(reset)
        self.assertIs(stop_of(machine), Stop.RESET)
        self.assertNotIn("resume", machine.calls)

    def test_late(self) -> None:
        """A run that came to its end before its limit, but was not looked at
        until after, has come to its end."""

        def hit(machine: FakeMachine) -> None:
            machine.at_breakpoint = True

        machine = FakeMachine(hit)
        self.assertIs(stop_of(machine, CPU_SECONDS), Stop.BREAKPOINT)


class BreakpointTest(unittest.TestCase):
    def test_silent(self) -> None:
        """While the machine runs, nothing is sent to its gdb stub: that would
        stop the machine."""
        ours, stub = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(stub.close)
        point = Breakpoint(ours)
        for packet in (b"$T02thread:01;#07", b"$T05thread:01;#07"):
            stub.sendall(packet)
            point.receive()
        stub.setblocking(False)
        with self.assertRaises(BlockingIOError):
            stub.recv(1)
