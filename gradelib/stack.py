"""The calls that led to an instruction, innermost first, read from the stack
of a stopped machine: through the kernel and, where a trap frame is on its
stack, through the interrupted code.

A stack may hold garbage: reading ends where it makes no sense, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

from gradelib.layout import (GD_KT, GD_UT, KERNBASE, MAXPHYSMEM,
                             TRAPFRAME_SIZE, ULIM)
from gradelib.memory import Memory, NotMapped
from gradelib.outcome import GraderError
from gradelib.state import TrapFrame
from gradelib.symbols import Symbols, locate
from gradelib.vectors import described
from tools.elf import Elf, ElfError, Location

MAX_FRAMES = 64
TRAP_SOURCE = "kern/trapentry.S"  # returns there lead to a trap frame
KERNEL_FRAME = TRAPFRAME_SIZE - 8  # a trap in the kernel pushes no esp, ss


@dataclass(frozen=True)
class Point:
    """The position of a processor."""

    eip: int
    ebp: int
    esp: int
    cpl: int
    halted: bool = False  # then eip is after the hlt instruction


@dataclass(frozen=True)
class Frame:
    """A function that was called and has not returned."""

    eip: int  # the current instruction, or the return address
    ebp: int
    place: Optional[Location]  # of the call, or of the instruction
    user: bool
    trap: Optional[TrapFrame] = None  # what interrupted it, if anything

    @property
    def function(self) -> str:
        """Its name, "" if not known."""
        return self.place.function if self.place else ""

    @property
    def file(self) -> str:
        """Its source file, "" if not known."""
        return self.place.file if self.place else ""

    def __str__(self) -> str:
        if self.place is None:
            owner = "user code" if self.user else "kernel code"
            return f"{self.eip:#010x} (no {owner} that is known)"
        if not self.place.line:
            return f"{self.place.function}+{self.place.offset}"
        return f"{self.place.function} ({self.place.file}:{self.place.line})"


@dataclass(frozen=True)
class Backtrace:
    """The frames, and why the list ends."""

    frames: List[Frame]
    trouble: str = ""  # "" when it is complete

    def lines(self) -> List[str]:
        """One line per frame, and one for each trap between them."""
        found = []
        for frame in self.frames:
            if frame.trap is not None:
                found.append(trap_line(frame.trap))
            found.append(str(frame))
        return found + ([self.trouble] if self.trouble else [])


def trap_line(trap: TrapFrame) -> str:
    """What interrupted the frame below this line."""
    origin = "user mode" if trap.cs & 3 else "the kernel"
    return f"-- {described(trap.trapno, trap.err)} in {origin}, in:"


class Unwinder:
    """Follows the frames of a stack."""

    def __init__(self, memory: Memory, symbols: Symbols,
                 program: str) -> None:
        """User code is that of `program`."""
        self._memory = memory
        self._symbols = symbols
        self._program = program
        self._frames: List[Frame] = []

    def follow(self, point: Point) -> Backtrace:
        """The calls that led to `point`."""
        trouble = ""
        try:
            self._run(point, None)
        except NotMapped as err:
            trouble = f"(the stack cannot be read further: {err})"
        except _Nonsense as err:
            trouble = f"(the stack makes no sense further out: {err})"
        return Backtrace(self._frames, trouble)

    def _run(self, point: Point, trap: Optional[TrapFrame]) -> None:
        """Adds the frames from `point`, which `trap` interrupted, outwards."""
        user = point.cpl == 3
        self._add(point.eip, point.ebp, user, point.halted, trap)
        caller = self._unfinished(point)
        if caller is not None:
            self._add(caller, point.ebp, user, True)
        if (not user and self._frames[-1].file == TRAP_SOURCE
                and point.ebp < ULIM):
            raise _Nonsense("a trap from user mode is being entered or left")
        ebp = point.ebp
        while True:
            if ebp == 0:
                return
            following, eip = self._frame_at(ebp)
            if not user and self._place(eip, False, True)[1] == TRAP_SOURCE:
                self._through_trap(ebp)
                return
            if eip == 0:
                return
            self._add(eip, following, user, True)
            if following and following <= ebp:
                raise _Nonsense(f"the frame at {ebp:#010x} leads to one at "
                                f"{following:#010x}")
            ebp = following

    def _frame_at(self, ebp: int) -> Tuple[int, int]:
        """The caller's frame pointer and the return address."""
        if ebp % 4:
            raise _Nonsense(f"a frame pointer is {ebp:#010x}")
        return self._word(ebp), self._word(ebp + 4)

    def _word(self, va: int) -> int:
        return int.from_bytes(self._read(va, 4), "little")

    def _read(self, va: int, size: int) -> bytes:
        """Memory at `va`; the kernel's even if the loaded page tables do not
        map it."""
        try:
            return self._memory.virtual(va, size)
        except NotMapped:
            if not KERNBASE <= va < KERNBASE + MAXPHYSMEM - size:
                raise
            return self._memory.physical(va - KERNBASE, size)

    def _unfinished(self, point: Point) -> Optional[int]:
        """The return address where a function has no frame yet: at its first
        instruction, which saves ebp, or its second; or where there is no
        function, if it was called."""
        place = self._frames[-1].place
        if place is None and point.cpl == 0:
            caller = self._word(point.esp)
            return caller if self._place(caller, False, True)[0] else None
        if place is None or not self._frames[-1].file.endswith(".c"):
            return None
        if place.offset == 0:
            return self._word(point.esp)
        if place.offset == 1:
            return self._word(point.esp + 4)
        return None

    def _through_trap(self, ebp: int) -> None:
        """Continues in the interrupted code; `ebp` is the frame of trap(),
        whose argument is the trap frame."""
        address = self._word(ebp + 8)
        trap = TrapFrame.parse(self._read(address, KERNEL_FRAME)
                               + bytes(TRAPFRAME_SIZE - KERNEL_FRAME))
        if trap.cs not in (GD_KT, GD_UT | 3) or trap.trapno > 255:
            raise _Nonsense(f"no trap frame is at {address:#010x}: its cs is "
                            f"{trap.cs:#06x}, its tf_trapno {trap.trapno:#x}")
        esp = address + KERNEL_FRAME
        if trap.cs & 3:
            trap = TrapFrame.parse(self._read(address, TRAPFRAME_SIZE))
            esp = trap.esp
        self._run(Point(trap.eip, trap.ebp, esp, trap.cs & 3), trap)

    def _add(self, eip: int, ebp: int, user: bool, returns: bool,
             trap: Optional[TrapFrame] = None) -> None:
        if len(self._frames) >= MAX_FRAMES:
            raise _Nonsense(f"{MAX_FRAMES} frames and more")
        place, _ = self._place(eip, user, returns)
        self._frames.append(Frame(eip, ebp, place, user, trap))

    def _place(self, eip: int, user: bool,
               returns: bool) -> Tuple[Optional[Location], str]:
        """Where `eip` is, and the file. A return address counts for the call
        just before it."""
        elf = self._elf(user or eip < ULIM and bool(self._program))
        found = locate(elf, eip - returns) if elf is not None else None
        return found, found.file if found else ""

    def _elf(self, user: bool) -> Optional[Elf]:
        """The program to which code belongs."""
        try:
            if not user:
                return self._symbols.kernel
            if self._program:
                return self._symbols.program(self._program)
        except (GraderError, ElfError):
            pass
        return None


class _Nonsense(Exception):
    """The stack contents cannot be right."""
