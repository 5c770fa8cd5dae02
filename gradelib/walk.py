"""What the processor finds for an address or a vector, in words: the page
table walk, and the gate in the IDT.

All of it may be garbage; then the text says so.
Source: Intel SDM vol. 3A, "Paging", "32-Bit Paging"; "IDT Descriptors".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

from gradelib.layout import (GD_KT, KERNBASE, MAXPHYSMEM, PGSIZE, PTE_P,
                             PTE_PS, PTE_U, PTE_W, PTSIZE)
from gradelib.memory import Memory, NotMapped
from gradelib.state import Gate, parse_gate
from gradelib.symbols import Symbols, locate
from gradelib.vectors import FEC_U, FEC_W

INTERRUPT_GATE, TRAP_GATE, TASK_GATE = 0xE, 0xF, 0x5
GATE_SIZE = 8
HANDLER = "handler "  # in the text of a gate that leads somewhere


def entry_text(entry: int) -> str:
    """An entry of a page directory or table in words."""
    if not entry & PTE_P:
        return f"{entry:#010x}: not present"
    rights = "writable" if entry & PTE_W else "read-only"
    who = "user" if entry & PTE_U else "kernel only"
    size = ", 4 MiB page" if entry & PTE_PS else ""
    return f"{entry:#010x}: present, {rights}, {who}{size}"


@dataclass(frozen=True)
class Walk:
    """The page table walk for a virtual address."""

    va: int
    pde: int
    pte: Optional[int]  # None: there is no page table
    outside: bool = False  # the page table's address is outside memory

    @property
    def large(self) -> bool:
        """Whether the directory entry maps a large page."""
        return bool(self.pde & PTE_P and self.pde & PTE_PS)

    @property
    def rights(self) -> int:
        """PTE_P, PTE_W and PTE_U, combined from all entries."""
        entry = self.pde if self.large else self.pde & (self.pte or 0)
        rights = entry & (PTE_P | PTE_W | PTE_U)
        return rights if rights & PTE_P else 0

    def refuses(self, error: int) -> str:
        """Why an access with the error code of a page fault fails here, "" if
        it would succeed."""
        if not self.rights:
            return "is not mapped"
        if error & FEC_U and not self.rights & PTE_U:
            return "is mapped for the kernel only"
        if error & FEC_W and not self.rights & PTE_W:
            return "is mapped read-only"
        return ""

    def lines(self) -> List[str]:
        """One line per entry."""
        index = self.va // PTSIZE
        found = [f"page directory entry {index} is {entry_text(self.pde)}"]
        if self.outside:
            found.append(f"its page table would be at pa "
                         f"{self.pde & -PGSIZE:#010x}, where no memory is")
        elif self.pte is not None:
            found.append(f"page table entry {self.va // PGSIZE % 1024} is "
                         f"{entry_text(self.pte)}")
        return found


def walk(memory: Memory, directory: int, va: int,
         size: int = MAXPHYSMEM) -> Optional[Walk]:
    """Walks the page tables for `va`, from the page directory at physical
    address `directory`, in a machine with `size` bytes of memory; None when
    the directory is outside memory."""
    directory &= -PGSIZE
    if not 0 <= directory <= size - PGSIZE:
        return None
    pde = memory.table(directory)[va // PTSIZE]
    if not pde & PTE_P or pde & PTE_PS:
        return Walk(va, pde, None)
    if pde & -PGSIZE > size - PGSIZE:
        return Walk(va, pde, None, True)
    return Walk(va, pde, memory.table(pde)[va // PGSIZE % 1024])


def find_gate(memory: Memory, idt: Tuple[int, int],
              vector: int) -> Optional[Gate]:
    """The gate of `vector` in the IDT with this base and limit; None when it
    has none. May raise NotMapped."""
    base, limit = idt
    if (vector + 1) * GATE_SIZE - 1 > limit:
        return None
    data = memory.virtual(base + vector * GATE_SIZE, GATE_SIZE)
    return parse_gate(int.from_bytes(data[:4], "little"),
                      int.from_bytes(data[4:], "little"))


def foreign_idt(symbols: Symbols, idt: Tuple[int, int]) -> str:
    """Says that the IDT is not the kernel's, "" if it is."""
    ours = symbols.kernel.symbols.get("idt")
    if ours is None or idt[0] == ours.value:
        return ""
    return (f"the IDT that is loaded (base {idt[0]:#010x}, limit "
            f"{idt[1]:#x}) is not the kernel's: traps are not set up")


def gate_text(memory: Memory, symbols: Symbols, idt: Tuple[int, int],
              vector: int) -> str:
    """The gate of `vector` in the IDT, and what is wrong with it."""
    if foreign_idt(symbols, idt):
        return foreign_idt(symbols, idt)
    base, limit = idt
    try:
        gate = find_gate(memory, idt, vector)
    except NotMapped:
        return (f"the IDT, at va {base:#010x}, is not mapped where the gate "
                f"of vector {vector} should be")
    if gate is None:
        return (f"the IDT (base {base:#010x}, limit {limit:#x}) has no gate "
                f"for vector {vector}")
    if not gate.present:
        return f"gate {vector} of the IDT is not present"
    return (f"gate {vector} of the IDT: {_kind(gate)}, DPL {gate.dpl}, "
            f"selector {gate.selector:#04x}{_wrong_segment(gate)}, {HANDLER}"
            f"{_handler(symbols, gate.offset)}")


def _kind(gate: Gate) -> str:
    """The kind of a gate."""
    kinds = {INTERRUPT_GATE: "interrupt gate", TRAP_GATE: "trap gate",
             TASK_GATE: "task gate"}
    return kinds.get(gate.type, f"type {gate.type:#x}, which is no gate")


def _wrong_segment(gate: Gate) -> str:
    return "" if gate.selector == GD_KT else f" (not GD_KT, {GD_KT:#04x})"


def _handler(symbols: Symbols, address: int) -> str:
    """The handler of a gate."""
    found = locate(symbols.kernel, address)
    if found is None:
        low = ", which is below KERNBASE" if address < KERNBASE else ""
        return f"{address:#010x}{low or ', which is no code of the kernel'}"
    return found.function + (f"+{found.offset}" if found.offset else "")
