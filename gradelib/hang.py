"""What a run that does not end is doing: looping or blocked, and where.

The machine is stopped a few times to read the call stack. The innermost frame
that all samples have in common, from one call, is the function that does not
return.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from gradelib.layout import ENV_RUNS, FL_IF, KERNBASE
from gradelib.machine import Machine
from gradelib.memory import Memory, NotMapped
from gradelib.stack import Backtrace, Frame, Point, Unwinder
from gradelib.symbols import Symbols
from gradelib.vectors import LAST_EXCEPTION, described

SAMPLES = 16
APART = 0.002  # seconds of running between two samples, then a bit more each
LOCKS = ("spin_lock", "spinlock_acquire", "lock_kernel", "acquire")
LONGEST_TRACE = 6  # callers that are listed


@dataclass(frozen=True)
class Sample:
    """What one stop found the processor doing."""

    point: Point
    halted: bool
    interrupts: bool  # interrupts were enabled
    backtrace: Backtrace
    runs: int = 0  # env_runs of the current environment

    @property
    def calls(self) -> List[Frame]:
        """The frames, outermost first."""
        return self.backtrace.frames[::-1]


def take_samples(machine: Machine, symbols: Symbols,
                 program: str) -> Tuple[Sample, ...]:
    """Looks at a machine several times; it is stopped afterwards. User code
    is that of `program`."""
    found: List[Sample] = []
    for number in range(SAMPLES):
        if number:
            machine.resume()
            _let_run(machine, APART + APART * number / SAMPLES)
        machine.pause()
        found.append(_sample(machine, symbols, program))
        if machine.end_reason():
            break
    return tuple(found)


def _let_run(machine: Machine, seconds: float) -> None:
    """Resumes it for a while, and reads what it prints in that time."""
    until = time.monotonic() + seconds
    left = seconds
    while left > 0:
        machine.pump(left)
        left = until - time.monotonic()


def _sample(machine: Machine, symbols: Symbols, program: str) -> Sample:
    registers, memory = machine.look()
    halted = bool(registers["HLT"])
    point = Point(registers["EIP"], registers["EBP"], registers["ESP"],
                  registers["CPL"], halted)
    return Sample(point, halted, bool(registers["EFL"] & FL_IF),
                  Unwinder(memory, symbols, program).follow(point),
                  _runs(memory, symbols))


def _runs(memory: Memory, symbols: Symbols) -> int:
    """The run count of the current environment, 0 if not known."""
    curenv = symbols.kernel.symbols.get("curenv")
    try:
        env = memory.word(curenv.value) if curenv is not None else 0
        return memory.word(env + ENV_RUNS) if env >= KERNBASE else 0
    except NotMapped:
        return 0


def describe(what: str, samples: Sequence[Sample],
             program: str) -> List[str]:
    """What the run was doing, and the calls that led there; `what` says
    briefly why it was ended."""
    if not samples:
        return [what]
    last = samples[-1]
    if all(sample.halted for sample in samples):
        wakes = ("interrupts on, but none comes" if last.interrupts else
                 "interrupts off: nothing can wake it")
        frames = last.backtrace.frames
        return [f"the processor is halted (hlt) with {wakes},",
                f"in {frames[0]}", *callers(frames)]
    storm = _storm(samples)
    if storm is not None and storm.trap is not None:
        trap = described(storm.trap.trapno, storm.trap.err)
        return [f"{what}: the same {trap} comes again and again, in {storm}: "
                "its handler goes back without a remedy",
                *callers(_from(samples, storm))]
    lock = _lock(samples)
    if lock is not None:
        return [f"{what}: it waits for a spin lock that is never released, in "
                f"{lock[0]}", *callers(lock)]
    where, *more = _loop(samples, program)
    return [f"{what}: {where}", *more]


def callers(frames: Sequence[Frame]) -> List[str]:
    """One line with the callers of the first of `frames`."""
    outer = [str(frame) if frame.trap is None else
             f"{described(frame.trap.trapno, frame.trap.err)} in {frame}"
             for frame in frames[1:LONGEST_TRACE + 1]]
    return ["called from " + ", from ".join(outer)] if outer else []


def _common(samples: Sequence[Sample]) -> List[Frame]:
    """The frames that all samples have, innermost first."""
    found: List[Frame] = []
    for frames in zip(*(sample.calls for sample in samples)):
        first = frames[0]
        if any((frame.function, frame.ebp, frame.user)
               != (first.function, first.ebp, first.user)
               for frame in frames):
            break
        found.insert(0, frames[-1])
    return found


def _loop(samples: Sequence[Sample], program: str) -> List[str]:
    """Where the program or kernel loops."""
    common = _common(samples)
    if common and common[0].place is not None:
        depth = len(common) - 1
        where = _lines([sample.calls[depth] for sample in samples])
    else:
        common = samples[-1].backtrace.frames
        places = Counter(str(sample.backtrace.frames[0])
                         for sample in samples)
        where = places.most_common(1)[0][0]
    last = samples[-1]
    who = f"the program {program}" if common[0].user and program else (
        "it" if common[0].user else "the kernel")
    state = "" if common[0].user else (
        f", with interrupts {'on' if last.interrupts else 'off'}")
    return [f"{who} loops in {where}{state}", *callers(common)]


def _lines(frames: Sequence[Frame]) -> str:
    """A function, and its lines in which samples were taken."""
    places = [frame.place for frame in frames if frame.place is not None]
    file = Counter(place.file for place in places).most_common(1)[0][0]
    lines = sorted({place.line for place in places if place.file == file})
    if not file or not lines[-1]:
        return str(frames[-1])
    some = (f"{lines[0]}-{lines[-1]}" if lines[0] != lines[-1]
            else str(lines[0]))
    return f"{places[0].function} ({file}:{some})"


def _lock(samples: Sequence[Sample]) -> Optional[List[Frame]]:
    """The frames from the function that waits for a lock outwards, if most
    samples show one."""
    waiting = []
    for sample in samples:
        frames = sample.backtrace.frames
        for index, frame in enumerate(frames):
            if frame.function in LOCKS:
                waiting.append(frames[index:])
                break
    return waiting[-1] if 2 * len(waiting) > len(samples) else None


def _from(samples: Sequence[Sample], frame: Frame) -> List[Frame]:
    """The calls that led to `frame`, which is in one of the samples."""
    for sample in samples:
        frames = sample.backtrace.frames
        if frame in frames:
            return frames[frames.index(frame):]
    return []


def _storm(samples: Sequence[Sample]) -> Optional[Frame]:
    """The code that raises the same exception again and again, if any."""
    traps = [_trapped(sample) for sample in samples]
    seen = Counter(frame for frame in traps if frame is not None)
    if len(seen) != 1:
        return None
    (frame, count), = seen.items()
    strays = any(other is None and sample.point.eip != frame.eip
                 for other, sample in zip(traps, samples))
    # Is it one handler that does not return, or many entries?
    again = (None in traps or samples[-1].runs > samples[0].runs + 1)
    if 2 * count < len(samples) or strays or not again:
        return None
    return frame


def _trapped(sample: Sample) -> Optional[Frame]:
    """The code that an exception interrupted, if the processor is in its
    handler."""
    for frame in sample.backtrace.frames:
        if frame.trap is not None:
            return frame if frame.trap.trapno <= LAST_EXCEPTION else None
    return None
