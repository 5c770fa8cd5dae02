"""An address space as the page tables in memory define it.

Source: Intel SDM vol. 3A, "Paging", "32-Bit Paging".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterator, List

from gradelib.layout import (PGSIZE, PTE_P, PTE_PS, PTE_U, PTE_W, PTSIZE,
                             TOP, UVPT)
from gradelib.memory import Memory, words


@dataclass(frozen=True)
class Mapping:
    """A range of virtual addresses mapped to consecutive physical ones, all
    with the same rights (directory and page table combined)."""

    va: int
    pa: int
    size: int
    rights: int  # PTE_W, PTE_U

    @property
    def end(self) -> int:
        """The first virtual address after it."""
        return self.va + self.size

    def __str__(self) -> str:
        return (f"{self.va:08x}-{self.end - 1:08x} -> pa {self.pa:08x} "
                f"{rights_text(self.rights)}")


def rights_text(rights: int) -> str:
    """Rights in words."""
    who = "user and kernel" if rights & PTE_U else "kernel"
    return f"{who} {'read-write' if rights & PTE_W else 'read-only'}"


def mapped_as(rights: int) -> str:
    """The rights of a mapping in a word or two."""
    if rights & PTE_U:
        return "user-writable" if rights & PTE_W else "user-readable"
    return "for the kernel alone" + ("" if rights & PTE_W else ", read-only")


def entry_rights(rights: int) -> str:
    """The names of the bits of page table entries with these rights."""
    both = {PTE_U | PTE_W: "PTE_U and PTE_W", PTE_U: "PTE_U without PTE_W",
            PTE_W: "PTE_W without PTE_U"}
    return both.get(rights, "neither PTE_U nor PTE_W")


RIGHTS = PTE_U | PTE_W
# To compare a page table as one number, entry 0 lowest: the relevant bits of
# each entry, and what consecutive pages add to the first.
EACH = sum(1 << 32 * i for i in range(1024))
RELEVANT = (-PGSIZE & 0xFFFFFFFF | RIGHTS | PTE_P) * EACH
STEPS = sum(i * PGSIZE << 32 * i for i in range(1024))


def _is_linear(data: bytes) -> bool:
    """Whether the page table `data` maps 1024 consecutive physical pages with
    the same rights, as most do. Far faster than checking each entry."""
    first = int.from_bytes(data[:4], "little") & RELEVANT & 0xFFFFFFFF
    if not first & PTE_P or first > 0xFFFFFFFF - PTSIZE:
        return False
    return int.from_bytes(data, "little") & RELEVANT == first * EACH + STEPS


def _entries(memory: Memory, size: int) -> Iterator[Mapping]:
    """Every present mapping, one page or page table at a time, except the page
    tables at UVPT, and page tables outside the `size` bytes of memory."""
    for index, pde in enumerate(memory.table(memory.directory)):
        va = index * PTSIZE
        if not pde & PTE_P or va == UVPT:
            continue
        if pde & PTE_PS:
            yield Mapping(va, pde & -PTSIZE, PTSIZE, pde & RIGHTS)
            continue
        if pde & -PGSIZE >= size:
            continue
        data = memory.physical(pde & -PGSIZE, PGSIZE)
        table = words(data)
        if _is_linear(data):
            yield Mapping(va, table[0] & -PGSIZE, PTSIZE,
                          pde & table[0] & RIGHTS)
            continue
        for pte in table:
            if pte & PTE_P:
                yield Mapping(va, pte & -PGSIZE, PGSIZE, pde & pte & RIGHTS)
            va += PGSIZE


def mappings(memory: Memory, size: int = TOP) -> List[Mapping]:
    """The loaded address space, in as few ranges as possible, on a machine
    with `size` bytes of memory."""
    found: List[Mapping] = []
    for page in _entries(memory, size):
        last = found[-1] if found else None
        if (last is not None and page.va == last.end
                and page.pa == last.pa + last.size
                and page.rights == last.rights):
            found[-1] = Mapping(last.va, last.pa, last.size + page.size,
                                last.rights)
        else:
            found.append(page)
    return found


def page_tables(memory: Memory, directory: int) -> Dict[int, int]:
    """The physical address of each page table of `directory`, by the first
    virtual address that it maps, without the directory's entry for itself at
    UVPT."""
    return {index * PTSIZE: pde & -PGSIZE
            for index, pde in enumerate(memory.table(directory))
            if pde & PTE_P and not pde & PTE_PS and index * PTSIZE != UVPT}
