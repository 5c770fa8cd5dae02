"""Physical memory of a stopped machine: the owner of each page.

Everything is read without the kernel's help, and may be garbage.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Set, Tuple

from gradelib.case import Case
from gradelib.layout import (ENV_SIZE, EXTPHYSMEM, IOPHYSMEM, KERNBASE,
                             MPENTRY_PADDR, NENV, PAGEINFO_SIZE, PGSIZE, UTOP,
                             page_up)
from gradelib.memory import Memory, words
from gradelib.paging import mappings, page_tables

FREE = "free"
RESERVED = "set aside for BIOS, devices, other CPUs"
KERNEL = "kernel: code, data, tables"
TABLES = "page tables of the kernel"
LEAKED = "leaked: neither free nor in use"
UNKNOWN = "not managed yet"


@dataclass(frozen=True)
class Run:
    """Consecutive pages with the same owner and marks."""

    first: int
    count: int
    owner: str
    shared: bool
    trouble: str


@dataclass
class PageMap:
    """The owner of each page, and what is wrong with some."""

    owners: List[str]
    shared: Set[int] = field(default_factory=set)
    troubles: Dict[int, str] = field(default_factory=dict)
    notes: List[str] = field(default_factory=list)

    def counts(self) -> "Counter[str]":
        """The number of pages of each owner."""
        return Counter(self.owners)

    def runs(self) -> Iterator[Run]:
        """All pages, in as few runs as possible."""
        first = 0
        for page in range(1, len(self.owners) + 1):
            if (page == len(self.owners)
                    or self._marks(page) != self._marks(first)):
                yield Run(first, page - first, *self._marks(first))
                first = page

    def _marks(self, page: int) -> Tuple[str, bool, str]:
        return (self.owners[page], page in self.shared,
                self.troubles.get(page, ""))


def page_map(case: Case) -> PageMap:
    """Finds the owner of every page."""
    npages = case.kernel_word("npages")
    total = case.memory_size // PGSIZE
    managed = 0 < npages <= total and case.kernel_word("pages") > KERNBASE
    result = PageMap([LEAKED if managed else UNKNOWN] * total)
    end = _kernel_end(case, npages if managed else 0)
    for page in range(min(total, max(end, EXTPHYSMEM // PGSIZE))):
        if page in (0, MPENTRY_PADDR // PGSIZE) or (
                IOPHYSMEM // PGSIZE <= page < EXTPHYSMEM // PGSIZE):
            result.owners[page] = RESERVED
        elif EXTPHYSMEM // PGSIZE <= page < end:
            result.owners[page] = KERNEL
    if managed:
        for page in range(npages, total):
            result.owners[page] = UNKNOWN
        _enter_free(case, result, npages)
        _enter_spaces(case, result)
        _sum_up(result)
    else:
        result.notes.append("the kernel has not set up pages[] yet")
    return result


def _kernel_end(case: Case, npages: int) -> int:
    """The first page after the kernel and the memory from boot_alloc."""
    ends = []
    symbol = case.symbols.kernel.symbols.get("end")
    if symbol is not None and symbol.value > KERNBASE:
        ends.append(symbol.value)
    for name, size in (("kern_pgdir", PGSIZE), ("pages", npages * PAGEINFO_SIZE),
                       ("envs", NENV * ENV_SIZE)):
        start = case.kernel_word(name)
        if KERNBASE < start < KERNBASE + case.memory_size:
            ends.append(start + size)
    total = case.memory_size // PGSIZE
    return min((page_up(max(ends, default=0)) - KERNBASE) // PGSIZE, total)


def _enter_free(case: Case, result: PageMap, npages: int) -> None:
    """Follows page_free_list as long as its links are valid."""
    base = case.kernel_word("pages")
    link = case.kernel_word("page_free_list")
    data = case.memory.physical(base - KERNBASE, npages * PAGEINFO_SIZE)
    links = words(data)[0::2]
    seen: Set[int] = set()
    while link:
        page, odd = divmod(link - base, PAGEINFO_SIZE)
        if odd or not 0 <= page < npages:
            result.notes.append(f"page_free_list leads out of pages[] after "
                                f"{len(seen)} pages, to {link:08x}")
            return
        if page in seen:
            result.notes.append(f"page_free_list goes round in circles after "
                                f"{len(seen)} pages")
            return
        seen.add(page)
        _claim(result, page, FREE)
        link = links[page]


def _claim(result: PageMap, page: int, owner: str) -> None:
    """Gives a page an owner; it may have another already."""
    if not 0 <= page < len(result.owners):
        return
    before = result.owners[page]
    if before in (LEAKED, UNKNOWN):
        result.owners[page] = owner
    elif before == FREE:
        result.troubles[page] = f"free, and yet in use: {owner}"
        result.owners[page] = owner
    elif owner == FREE:
        result.troubles[page] = f"on page_free_list, though it is {before}"
    elif before != owner:
        result.shared.add(page)


def _enter_spaces(case: Case, result: PageMap) -> None:
    """Enters the pages of the kernel's page tables and of each environment."""
    size = case.memory_size
    kernel = case.kernel_word("kern_pgdir") - KERNBASE
    tables: Set[int] = set()
    if 0 < kernel <= size - PGSIZE:
        tables = set(page_tables(case.memory, kernel).values())
        for table in tables:
            _claim(result, table // PGSIZE, TABLES)
    # A directory that several (garbage) environments share is the first's.
    owners = {directory: number
              for number, directory in reversed(case.environments)}
    for directory, number in owners.items():
        owner = f"environment {number:08x}"
        memory = Memory(case.memory.physical, directory)
        _claim(result, directory // PGSIZE, owner)
        for table in page_tables(case.memory, directory).values():
            if table not in tables:
                _claim(result, table // PGSIZE, owner)
        for seen in mappings(memory, size):
            if seen.va < UTOP:
                for pa in range(seen.pa, seen.pa + seen.size, PGSIZE):
                    _claim(result, pa // PGSIZE, owner)


def _sum_up(result: PageMap) -> None:
    """Marks lost pages, and counts what is wrong."""
    for page, owner in enumerate(result.owners):
        if owner == LEAKED:
            result.troubles[page] = LEAKED
    lost = result.counts()[LEAKED]
    if lost:
        first = result.owners.index(LEAKED) * PGSIZE
        result.notes.append(f"{lost} pages are neither free nor in use, the "
                            f"first at pa {first:08x}")
    odd = [page for page, why in result.troubles.items() if why != LEAKED]
    if odd:
        result.notes.append(f"page {min(odd) * PGSIZE:08x} is "
                            f"{result.troubles[min(odd)]}"
                            + (f", and {len(odd) - 1} more are like that"
                               if odd[1:] else ""))
