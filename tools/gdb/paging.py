"""Page tables, walked in physical memory.

Source: Intel SDM vol. 3A, "32-Bit Paging".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Tuple

from tools.gdb.guest import PGSIZE, read_physical
from tools.gdb.headers import constants

ENTRIES = 1024
PTSIZE = PGSIZE * ENTRIES
MMU = constants("inc/mmu.h")
P, W, U, PS = (MMU[f"PTE_{name}"] for name in ("P", "W", "U", "PS"))
# The letters of the monitor's pgtables command, in its order.
LETTERS = [(MMU[f"PTE_{name}"], letter) for name, letter in
           [("G", "G"), ("PS", "S"), ("D", "D"), ("A", "A"), ("PCD", "C"),
            ("PWT", "T"), ("U", "U"), ("W", "W"), ("P", "P")]]
# Flags that the processor sets and the kernel does not.
NOTED = MMU["PTE_A"] | MMU["PTE_D"]
FOR_SOFTWARE = [(MMU["PTE_SHARE"], "SHARE"), (MMU["PTE_COW"], "COW")]


def letters(entry: int) -> str:
    """The flags of an entry, one letter for each that is set."""
    return "".join(letter if entry & bit else "-" for bit, letter in LETTERS)


def in_words(entry: int) -> str:
    """The access that an entry permits."""
    who = "user" if entry & U else "kernel only"
    names = [name for bit, name in FOR_SOFTWARE if entry & bit]
    return ", ".join([who, "read/write" if entry & W else "read-only", *names])


@dataclass(frozen=True)
class Range:
    """Pages that map consecutive physical memory with the same flags."""

    va: int
    pa: int
    size: int
    flags: int  # U and W of both levels combined

    def like(self, other: Range) -> bool:
        """Whether `other` comes next, with the same flags."""
        return (self.va + self.size == other.va
                and (self.flags ^ other.flags) & ~NOTED == 0)

    def joins(self, other: Range) -> bool:
        """Whether `other` also continues this range in physical memory."""
        return self.like(other) and self.pa + self.size == other.pa

    def leads_to(self, pa: int) -> bool:
        """Whether it maps physical address `pa`."""
        return 0 <= pa - self.pa < self.size


class PageTables:
    """A page directory, given by its physical address, and its page tables."""

    def __init__(self, root: int) -> None:
        self.root = root & ~(PGSIZE - 1)
        self._tables: Dict[int, Optional[List[int]]] = {}

    def table(self, pa: int) -> Optional[List[int]]:
        """The entries of the table at `pa`, None if there is no memory."""
        if pa not in self._tables:
            data = read_physical(pa, PGSIZE)
            self._tables[pa] = (list(struct.unpack("<1024I", data))
                                if data else None)
        return self._tables[pa]

    def entries(self, va: int) -> Tuple[int, Optional[int]]:
        """The directory entry for `va`, and the page table entry if there is
        a page table."""
        pde = (self.table(self.root) or [0] * ENTRIES)[va // PTSIZE]
        if not pde & P or pde & PS:
            return pde, None
        table = self.table(pde & ~(PGSIZE - 1))
        return pde, table[va // PGSIZE % ENTRIES] if table else None

    def find(self, va: int) -> Optional[Range]:
        """The page that contains `va`."""
        pde, pte = self.entries(va)
        if pde & P and pde & PS:
            return Range(va & ~(PTSIZE - 1), pde & ~(PTSIZE - 1), PTSIZE,
                         pde & (PGSIZE - 1))
        if pte is None or not pte & P:
            return None
        flags = pte & (PGSIZE - 1) & (pde | ~(U | W))
        return Range(va & ~(PGSIZE - 1), pte & ~(PGSIZE - 1), PGSIZE, flags)

    def pages(self, start: int = 0, stop: int = 1 << 32) -> Iterator[Range]:
        """Every page that is mapped between two addresses."""
        va = start
        while va < stop:
            pde, _ = self.entries(va)
            page = self.find(va)
            if page:
                yield page
            whole = not pde & P or pde & PS
            va += PTSIZE - va % PTSIZE if whole else PGSIZE

    def ranges(self, start: int = 0, stop: int = 1 << 32) -> Iterator[Range]:
        """The same, with adjacent pages joined."""
        last: Optional[Range] = None
        for page in self.pages(start, stop):
            if last and last.joins(page):
                last = Range(last.va, last.pa, last.size + page.size,
                             last.flags)
                continue
            if last:
                yield last
            last = page
        if last:
            yield last

    def read(self, va: int, size: int) -> Optional[bytes]:
        """Memory of this address space; None unless all of it is mapped."""
        data = b""
        while len(data) < size:
            at = va + len(data)
            page = self.find(at)
            if page is None:
                return None
            inside = at - page.va
            part = read_physical(page.pa + inside, min(size - len(data),
                                                       page.size - inside))
            if part is None:
                return None
            data += part
        return data
