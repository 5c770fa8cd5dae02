"""QEMU's log of interrupts (-d int,cpu_reset): the faults in it, and the faults
that ended in a reset.

An entry says what was raised and where, then lists all registers; the processor
is about to enter the vector's handler. If that fails, a check_exception line
names the fault being delivered (old) and the fault raised then (new).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, NamedTuple, Optional

from gradelib.layout import KSTKSIZE, T_PGFLT
from gradelib.registers import Registers
from gradelib.outcome import GraderError
from gradelib.vectors import LAST_EXCEPTION, described

ENTRY = re.compile(
    r"^ *\d+: v=([0-9a-f]+) e=([0-9a-f]+) i=(\d) cpl=(\d) "
    r"IP=([0-9a-f]+):([0-9a-f]+) pc=[0-9a-f]+ SP=([0-9a-f]+):([0-9a-f]+)",
    re.MULTILINE)
NESTED = re.compile(r"check_exception old: 0x([0-9a-f]+) new 0x([0-9a-f]+)")
HARDWARE = re.compile(r"Servicing hardware INT=0x([0-9a-f]+)\s*\Z")
NOTHING = 0xFFFFFFFF  # old, when no fault was being delivered
TRIPLE = "Triple fault"
CR0_PE = 1
TRAPS = (1, 2, 3, 4)  # not faults: their handlers return


@dataclass(frozen=True)
class Fault:
    """An exception or interrupt that the processor was about to deliver."""

    vector: int
    error: int
    software: bool  # raised by an `int` instruction
    cpl: int
    cs: int
    eip: int
    ss: int
    esp: int
    registers: Registers
    during: Optional[int] = None  # the vector that was being delivered
    instead: Optional[int] = None  # raised then; a double fault hides it
    hardware: bool = False  # raised by a device

    @property
    def cr2(self) -> int:
        """The address of the last page fault."""
        return self.registers["CR2"]

    @property
    def protected(self) -> bool:
        """Whether it was in protected mode; the BIOS usually is not."""
        return bool(self.registers["CR0"] & CR0_PE)

    def __str__(self) -> str:
        where = f" at va {self.cr2:#010x}" if self.vector == T_PGFLT else ""
        if self.software and self.vector not in TRAPS:
            return f"int {self.vector:#x}"
        if self.hardware:
            return f"hardware interrupt at vector {self.vector}"
        return described(self.vector, self.error) + where


def parse(log: str) -> List[Fault]:
    """The entries of a log, oldest first, without truncated or garbled
    ones."""
    found: List[Fault] = []
    entries = list(ENTRY.finditer(log))
    ends = [entry.start() for entry in entries[1:]] + [len(log)]
    clash = _clash(log[:entries[0].start()] if entries else "")
    for entry, end in zip(entries, ends):
        body = log[entry.end():end]
        fault = _fault(entry, body, clash)
        if fault is not None:
            found.append(fault)
        clash = _clash(body)
    return found


class Clash(NamedTuple):
    """A fault was raised (new) while another was being delivered (old); or a
    device raised an interrupt."""

    old: Optional[int]
    new: Optional[int]
    interrupt: Optional[int] = None


def _clash(text: str) -> Clash:
    """The last one in `text`."""
    lines = NESTED.findall(text)
    if lines and int(lines[-1][0], 16) != NOTHING:
        return Clash(int(lines[-1][0], 16), int(lines[-1][1], 16))
    hardware = HARDWARE.search(text)
    return Clash(None, None, int(hardware.group(1), 16) if hardware else None)


def _fault(entry: "re.Match[str]", body: str,
           clash: Clash) -> Optional[Fault]:
    """One entry with the registers after it; None when they cannot be read."""
    vector, error, software, cpl, cs, eip, ss, esp = [
        int(word, 16) for word in entry.groups()]
    try:
        registers = Registers.parse(body)
        for name in ("EIP", "EBP", "ESP", "CR0", "CR2", "CR3"):
            registers[name]
    except (GraderError, KeyError):
        return None
    return Fault(vector, error, bool(software), cpl, cs, eip, ss, esp,
                 registers, clash.old, clash.new, vector == clash.interrupt)


@dataclass(frozen=True)
class Chain:
    """The faults that ended in a reset."""

    faults: List[Fault]  # each was raised while the one before was delivered
    outer: List[Fault]  # whose handlers seem not to have returned; oldest first
    last: Optional[int] = None  # the vector raised while delivering the last

def ended_in_reset(log: str) -> Optional[Chain]:
    """The faults that led to the reset of the machine that wrote `log`; None
    when the log does not end in a triple fault."""
    if TRIPLE not in log[log.rfind(" v="):]:
        return None
    faults = parse(log[:log.rfind(TRIPLE)])
    start = max(len(faults) - 1, 0)
    while start > 0 and _leads_to(faults[start - 1], faults[start]):
        start -= 1
    chain = faults[start:]
    if not chain:
        return None
    return Chain(chain, _outer(faults[:start], chain[0]),
                 _clash(log[log.rfind(" v="):]).new)


def _leads_to(first: Fault, second: Fault) -> bool:
    """Whether `second` was raised while the processor delivered `first`."""
    if second.during is not None:
        return second.during == first.vector
    # The log does not show these in delivery; but eip and esp are unchanged.
    return ((first.software or first.hardware)
            and (first.cs, first.eip, first.ss, first.esp)
            == (second.cs, second.eip, second.ss, second.esp))


def _outer(before: List[Fault], first: Fault) -> List[Fault]:
    """The faults of the kernel in whose handlers `first` was raised: each
    handler uses the stack below the one before. (Only the stack can tell
    whether a handler has returned.)"""
    found: List[Fault] = []
    inner = first
    for fault in reversed(before):
        if not (fault.protected and fault.cpl == inner.cpl == 0
                and fault.vector <= LAST_EXCEPTION
                and fault.vector not in TRAPS and not fault.hardware
                and inner.esp < fault.esp < inner.esp + KSTKSIZE):
            break
        found.insert(0, fault)
        inner = fault
    return found
