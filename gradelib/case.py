"""Everything known of a run that failed.

Answers are read lazily from the stopped machine, so ask before it resumes. A
case can be made without a machine.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cached_property
from typing import List, Optional, Tuple

from gradelib.hang import Sample
from gradelib.interrupts import Chain, Fault, ended_in_reset
from gradelib.layout import (CR0_PG, ENV_FREE, ENV_SIZE, EXTPHYSMEM, KERNBASE,
                             MAXPHYSMEM, NENV, PGSIZE, TRAPFRAME_SIZE, T_PGFLT)
from gradelib.memory import Memory, NotMapped
from gradelib.registers import Registers
from gradelib.stack import Backtrace, Frame, Point, Unwinder
from gradelib.state import State
from gradelib.symbols import Symbols
from gradelib.vectors import LAST_EXCEPTION
from gradelib.walk import Walk, walk
from gradelib.watch import Ending, Stop

PF_X = 1
FOREIGN = 0.5  # of a kernel's code: if more differs, it is another kernel


@dataclass
class Case:
    """A run that is over; its machine is stopped."""

    ending: Ending
    symbols: Symbols
    registers: Registers
    memory: Memory
    console: str = ""
    program: str = ""  # what ran in user mode
    log: Optional[str] = None  # the end of QEMU's log of interrupts, if kept
    memory_size: int = MAXPHYSMEM
    commands: List[str] = field(default_factory=list)  # to run it again

    @cached_property
    def chain(self) -> Optional[Chain]:
        """The faults that ended in a reset. Faults in whose handlers they
        occurred are left out unless the stack confirms them."""
        if self.ending.stop is not Stop.RESET or self.log is None:
            return None
        chain = ended_in_reset(self.log)
        if chain is None:
            return None
        outer = [fault for fault in chain.outer if self._on_stack(fault)]
        return Chain(chain.faults, outer, chain.last)

    @property
    def faults(self) -> List[Fault]:
        """The faults that ended in a reset, oldest first."""
        return self.chain.outer + self.chain.faults if self.chain else []

    def _on_stack(self, fault: Fault) -> bool:
        """Whether the frame pushed for a fault is still there."""
        try:
            return self.memory.word(fault.esp - 12) == fault.eip
        except NotMapped:
            return False

    @cached_property
    def point(self) -> Point:
        """Where the trouble began, according to the registers."""
        fault = self.faults[0] if self.faults else None
        if fault is not None:
            return Point(fault.eip, fault.registers["EBP"], fault.esp,
                         fault.cpl)
        registers = self.registers
        return Point(registers["EIP"], registers["EBP"], registers["ESP"],
                     registers["CPL"], bool(registers.values.get("HLT")))

    @cached_property
    def state(self) -> State:
        """The kernel's data; bad data raise Failed when read."""
        return State(self.registers, self.memory, self.symbols)

    @cached_property
    def backtrace(self) -> Backtrace:
        """The calls that led to the trouble, innermost first."""
        unwinder = Unwinder(self.memory, self.symbols, self.program)
        found = unwinder.follow(self.point)
        names = [frame.function for frame in found.frames]
        if self.ending.panic is None or "_panic" not in names:
            return found
        # Leave out the panic itself and the monitor it enters.
        start = names.index("_panic") + 1
        return Backtrace(found.frames[start:], found.trouble)

    @property
    def frames(self) -> List[Frame]:
        """The frames of the backtrace."""
        return self.backtrace.frames

    @cached_property
    def trapped(self) -> Optional[Frame]:
        """The kernel code in which an exception led to the panic, if that is
        the reason."""
        for frame in self.frames:
            if frame.trap is not None:
                inside = not frame.user and frame.trap.trapno <= LAST_EXCEPTION
                return frame if inside else None
        return None

    @property
    def samples(self) -> Tuple[Sample, ...]:
        """What a run that hung was doing."""
        return self.ending.samples

    # --------------------------------------------------------------
    # Address spaces
    # --------------------------------------------------------------

    @property
    def directory(self) -> int:
        """The physical address of the loaded page directory."""
        registers = self.faults[0].registers if self.faults else self.registers
        return registers["CR3"] & -PGSIZE

    @property
    def paging(self) -> bool:
        """Whether paging was on."""
        registers = self.faults[0].registers if self.faults else self.registers
        return bool(registers["CR0"] & CR0_PG)

    def walk(self, va: int, directory: Optional[int] = None) -> Optional[Walk]:
        """Walks the page tables for `va`, by default the loaded ones; None
        when there are none."""
        if directory is None:
            directory = self.directory
        return walk(self.memory, directory, va, self.memory_size)

    def kernel_word(self, name: str) -> int:
        """The kernel variable `name`, read without the page tables, which may
        be wrong; 0 when there is none."""
        symbol = self.symbols.kernel.symbols.get(name)
        if symbol is None or symbol.value < KERNBASE:
            return 0
        data = self.memory.physical(symbol.value - KERNBASE, 4)
        return int.from_bytes(data, "little")

    @cached_property
    def environments(self) -> List[Tuple[int, int]]:
        """The id and the page directory's physical address of each
        environment that has one."""
        table = self.kernel_word("envs") - KERNBASE
        if not 0 < table <= self.memory_size - NENV * ENV_SIZE:
            return []
        data = self.memory.physical(table, NENV * ENV_SIZE)
        found = []
        for start in range(0, len(data), ENV_SIZE):
            fields = struct.unpack_from("<7I", data, start + TRAPFRAME_SIZE)
            pgdir = fields[6] - KERNBASE
            if (fields[4] != ENV_FREE and pgdir % PGSIZE == 0
                    and 0 < pgdir < self.memory_size):
                found.append((fields[1], pgdir))
        return found

    def directory_name(self, directory: int) -> str:
        """The name of the page directory at that physical address."""
        if self.kernel_word("kern_pgdir") == directory + KERNBASE:
            return "kern_pgdir"
        entry = self.symbols.kernel.symbols.get("entry_pgdir")
        if entry is not None and entry.value == directory + KERNBASE:
            return "entry_pgdir, with which the kernel starts"
        for number, pgdir in self.environments:
            if pgdir == directory:
                return f"that of environment {number:08x}"
        if KERNBASE <= directory:
            real = self.directory_name(directory - KERNBASE)
            return (f"at pa {directory:#x}, which is the virtual address of "
                    f"{real}" if "nobody" not in real else
                    f"at pa {directory:#x}, which is no physical address")
        return f"at pa {directory:#x}, which is nobody's"

    # --------------------------------------------------------------
    # Whether the symbols match the kernel that ran
    # --------------------------------------------------------------

    @cached_property
    def code_trouble(self) -> str:
        """How the kernel's code in memory differs from the file with the
        symbols, "" if it does not."""
        changed = total = 0
        first = None
        for segment in self.symbols.kernel.segments:
            if not segment.flags & PF_X:
                continue
            wanted = self.symbols.kernel.read(segment.va, segment.filesz)
            seen = self.memory.physical(segment.pa, segment.filesz)
            different = _differences(wanted, seen)
            if different and first is None:
                first = segment.va + different[0]
            changed += len(different)
            total += segment.filesz
        if first is None:
            return ""
        if changed > FOREIGN * total:
            if self.point.eip < EXTPHYSMEM:
                return "the boot loader has not loaded the kernel"
            return ("the kernel in memory is not obj/kern/kernel, or all of it "
                    "was overwritten: the names here may be wrong")
        return (f"the kernel's own code or constants were overwritten, first "
                f"at {first:#010x}, {self.symbols.place(first)}")

    @property
    def fault_va(self) -> Optional[int]:
        """The address of the page fault that began the trouble, if any."""
        if self.faults:
            first = self.faults[0]
            return first.cr2 if first.vector == T_PGFLT else None
        frame = self.trapped
        if (frame is not None and frame.trap is not None
                and frame.trap.trapno == T_PGFLT):
            return self.registers["CR2"]
        return None


def _differences(wanted: bytes, seen: bytes) -> List[int]:
    """Where the bytes differ."""
    if wanted == seen:
        return []
    return [index for index, pair in enumerate(zip(wanted, seen))
            if pair[0] != pair[1]]
