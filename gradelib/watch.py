"""Following one run of a machine to its end, and how it ended."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from typing import Optional, Tuple

from gradelib.console import Notice
from gradelib.hang import Sample, take_samples
from gradelib.layout import FL_IF
from gradelib.limits import Limits
from gradelib.machine import Machine
from gradelib.outcome import Outcome
from gradelib.symbols import Symbols, return_addresses

GATHER = 0.001  # seconds to gather output, which comes a byte at a time
SHORTEST_WAIT = 0.002  # seconds; it limits how late silence is noticed
LONGEST_WAIT = 0.1
AFTERMATH = 2.0  # boots: how long the monitor may take after a panic
IDLE = 20.0  # boots: how long a halted processor may wait for an interrupt


class Stop(Enum):
    """What ended a run."""

    PROMPT = "the monitor waits for a command"
    BREAKPOINT = "the processor came to where it was to stop"
    RESET = "the machine was reset"
    OFF = "the machine was switched off"
    HALTED = "the processor was halted for good"
    HUNG = "it made no progress"
    FLOOD = "it printed without end"


@dataclass(frozen=True)
class Ending:
    """How a run ended, and the kernel's messages about that."""

    stop: Stop
    panic: Optional[Notice] = None
    todo: Optional[Notice] = None
    samples: Tuple[Sample, ...] = ()  # taken when it hung
    silent: bool = False  # it printed nothing at all

    @property
    def clean(self) -> bool:
        """Whether the monitor waits and nothing went wrong before."""
        return (self.stop is Stop.PROMPT and self.panic is None
                and self.todo is None)

    def blame(self) -> Outcome:
        """The outcome of a test that lacks evidence after this run."""
        if self.todo is not None:
            return Outcome.NOT_ATTEMPTED
        if self.panic is not None or self.stop in (Stop.RESET, Stop.OFF):
            return Outcome.CRASHED
        waits = self.stop in (Stop.PROMPT, Stop.BREAKPOINT)
        return Outcome.WRONG if waits else Outcome.HUNG


class Watch:
    """Follows the run that starts now."""

    def __init__(self, machine: Machine, symbols: Symbols, limits: Limits,
                 boots: float, program: str) -> None:
        """`boots` is its limit; `program` is what runs in user mode."""
        self.machine = machine
        self.symbols = symbols
        self.limits = limits
        self.boots = boots
        self.program = program
        self._cpu = machine.cpu_seconds()
        self._wall = machine.wall_seconds()
        self._wait = SHORTEST_WAIT
        self._idle_since: Optional[float] = None

    def until_over(self) -> Ending:
        """Waits for the end; leaves the machine stopped."""
        while True:
            if self.machine.pump(self._wait):
                self._wait = SHORTEST_WAIT
                self._idle_since = None
                self._gather()
            else:
                self._wait = min(2 * self._wait, LONGEST_WAIT)
            stop = self._stop()
            if stop is not None:
                return self._ending(stop)

    def _gather(self) -> None:
        """Waits for more output before looking at it."""
        if not self.machine.console.at_prompt():
            time.sleep(GATHER)
            self.machine.pump(0)

    def _stop(self) -> Optional[Stop]:
        """What has ended the run, None while it continues."""
        if self.machine.at_breakpoint:
            return Stop.BREAKPOINT
        reason = self.machine.end_reason()
        if reason:
            return Stop.OFF if reason == "guest-shutdown" else Stop.RESET
        if self.machine.console.flooded:
            return Stop.FLOOD
        if self.machine.console.at_prompt() and self._waits_for_input():
            return Stop.PROMPT
        if (self._wait == LONGEST_WAIT
                and not self.machine.setup.counted_turns
                and self._is_halted()):
            return Stop.HALTED
        boots = self.boots
        if self.machine.console.panic() or self.machine.console.todo():
            boots = min(boots, AFTERMATH)
        if self.limits.exceeded(boots, self.machine.cpu_seconds() - self._cpu,
                                self.machine.wall_seconds() - self._wall):
            return self._overdue()
        return None

    def _overdue(self) -> Optional[Stop]:
        """What ends a run past its limit. On a busy host it may have ended in
        time, before this check."""
        if not self._interrupt():
            return None
        if self.machine.console.at_prompt() and self._waits_for_input():
            return Stop.PROMPT
        return Stop.FLOOD if self._wait == SHORTEST_WAIT else Stop.HUNG

    def _interrupt(self) -> bool:
        """Stops the machine to look at it, unless it has just stopped by
        itself, which must not be mistaken for our stop and undone."""
        self.machine.pause()
        return not (self.machine.at_breakpoint or self.machine.end_reason())

    def _waits_for_input(self) -> bool:
        """Whether the output still ends in the prompt, printed by readline:
        other code can print `K> ` too. If so, the machine stays stopped."""
        if not self._interrupt():
            return False
        if self.machine.console.at_prompt():
            for cpu in range(self.machine.setup.cpus):
                self.machine.look_at(cpu)
                if self._is_reading():
                    return True
        self.machine.resume()
        return False

    def _is_reading(self) -> bool:
        """Whether the selected processor waits for input in readline."""
        registers, memory = self.machine.look()
        calls = [registers["EIP"], *return_addresses(memory, registers["EBP"])]
        return registers["CPL"] == 0 and any(
            self.symbols.inside(call, "readline") for call in calls)

    def _is_halted(self) -> bool:
        """Whether all processors are halted, and nothing will wake them.
        Selects one that is not halted."""
        if not self._interrupt():
            return False
        everyone = self.machine.processors
        awake = [cpu for cpu, registers in enumerate(everyone)
                 if not registers["HLT"]]
        self.machine.look_at(awake[0] if awake else 0)
        if not awake and not any(registers["EFL"] & FL_IF
                                 for registers in everyone):
            return True
        now = self.machine.wall_seconds()
        if awake:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = now
        elif now - self._idle_since > IDLE * self.limits.boot():
            return True
        self.machine.resume()
        return False

    def _ending(self, stop: Stop) -> Ending:
        console = self.machine.console
        samples: Tuple[Sample, ...] = ()
        if stop in (Stop.HUNG, Stop.HALTED, Stop.FLOOD):
            samples = take_samples(self.machine, self.symbols, self.program)
        self.machine.pause()
        return Ending(stop, console.panic(), console.todo(), samples,
                      not console.slice())
