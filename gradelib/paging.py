"""An address space as the page tables in memory define it.

Source: Intel SDM vol. 3A, "Paging", "32-Bit Paging".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Iterator, List

from gradelib.layout import (PGSIZE, PTE_P, PTE_PS, PTE_U, PTE_W, PTSIZE,
                             UVPT)
from gradelib.memory import Memory


@dataclass(frozen=True)
class Mapping:
    """A stretch of virtual addresses mapped to consecutive physical ones,
    with one set of rights (directory and page table combined)."""

    va: int
    pa: int
    size: int
    rights: int  # PTE_W, PTE_U

    @property
    def end(self) -> int:
        """The first virtual address past it."""
        return self.va + self.size

    def __str__(self) -> str:
        return (f"{self.va:08x}-{self.end - 1:08x} -> pa {self.pa:08x} "
                f"{rights_text(self.rights)}")


def rights_text(rights: int) -> str:
    """Rights in words."""
    who = "user and kernel" if rights & PTE_U else "kernel"
    return f"{who} {'read-write' if rights & PTE_W else 'read-only'}"


def _entries(memory: Memory) -> Iterator[Mapping]:
    """Every present mapping, one page or large page at a time, except the
    page tables at UVPT."""
    rights = PTE_U | PTE_W
    for index, pde in enumerate(memory.table(memory.directory)):
        va = index * PTSIZE
        if not pde & PTE_P or va == UVPT:
            continue
        if pde & PTE_PS:
            yield Mapping(va, pde & -PTSIZE, PTSIZE, pde & rights)
            continue
        for pte in memory.table(pde):
            if pte & PTE_P:
                yield Mapping(va, pte & -PGSIZE, PGSIZE, pde & pte & rights)
            va += PGSIZE


def mappings(memory: Memory) -> List[Mapping]:
    """The address space that is loaded, in as few stretches as possible."""
    found: List[Mapping] = []
    va = pa = size = rights = 0
    for page in _entries(memory):
        if (size and page.va == va + size and page.pa == pa + size
                and page.rights == rights):
            size += page.size
            continue
        if size:
            found.append(Mapping(va, pa, size, rights))
        va, pa, size, rights = page.va, page.pa, page.size, page.rights
    if size:
        found.append(Mapping(va, pa, size, rights))
    return found


def page_tables(memory: Memory, directory: int) -> Dict[int, int]:
    """The physical address of each page table of `directory`, by the virtual
    address that it starts to map. The directory's own entry at UVPT is
    none."""
    return {index * PTSIZE: pde & -PGSIZE
            for index, pde in enumerate(memory.table(directory))
            if pde & PTE_P and not pde & PTE_PS and index * PTSIZE != UVPT}
