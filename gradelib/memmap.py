"""The address spaces of a stopped machine, compared with the layout in
inc/memlayout.h.

Everything is read without the kernel's help, and may be garbage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, Iterator, List, Optional, Tuple

from gradelib.case import Case
from gradelib.layout import (ENV_SIZE, KERNBASE, KSTACKTOP, KSTKGAP, KSTKSIZE,
                             NCPU, NENV, PAGEINFO_SIZE, PGSIZE, PTE_P, PTE_PS,
                             PTE_U, PTE_W, PTSIZE, TOP, UENVS, ULIM, UPAGES,
                             USTABDATA, USTACKTOP, UTEXT, UTOP, UVPT,
                             page_up)
from gradelib.memory import Memory
from gradelib.paging import Mapping, mappings, rights_text

MMIOLIM = KSTACKTOP - PTSIZE
UTEMP = PTSIZE
STACK = 16 * PGSIZE  # size of a user stack on the map
RIGHTS = PTE_U | PTE_W
ANY = -1  # rights: any
ENVS_LAB = 3  # from this lab on envs[] is mapped
STACKS_LAB = 4  # from this lab on every CPU has a stack
ENVS_DRAWN = 6  # at most, plus the loaded one
MANY = 40  # rows of one area that are listed separately


@dataclass(frozen=True)
class Area:
    """A part of the address space, and what should be mapped there."""

    name: str
    va: int
    end: int
    rights: Optional[int] = None  # None: nothing may be mapped; or ANY
    pa: Optional[int] = None  # the physical address it must map to, if fixed
    whole: bool = False  # all of it must be mapped
    needs: int = 0  # rights that every mapping in it must have

    def wanted(self, va: int) -> str:
        """What should be mapped from address `va` on, in words."""
        if self.rights is None:
            return "nothing is to be mapped here"
        text = "" if self.rights == ANY else rights_text(self.rights)
        if self.pa is not None:
            text += f", to pa {self.pa + va - self.va:08x}"
        return f"expected {text}"


@dataclass(frozen=True)
class Row:
    """One range of an area, mapped or not."""

    area: Area
    va: int
    end: int
    mapped: bool
    rights: int = 0
    pa: Optional[int] = None  # None: the pages are anywhere
    trouble: str = ""

    @property
    def pages(self) -> int:
        """Its size in pages."""
        return (self.end - self.va) // PGSIZE


@dataclass(frozen=True)
class Space:
    """One page directory and what it maps, highest address first."""

    name: str
    directory: int
    loaded: bool
    rows: Tuple[Row, ...]
    trouble: Tuple[str, ...]  # what is wrong with the tables themselves

    @property
    def faults(self) -> int:
        """How many differences from the layout there are."""
        return len(self.trouble) + sum(bool(row.trouble) for row in self.rows)


# --------------------------------------------------------------
# The layout
# --------------------------------------------------------------


def early_areas() -> List[Area]:
    """The mappings of entry_pgdir, with which the kernel starts."""
    window = min(TOP, KERNBASE + (256 << 20))
    return [Area("for the first instructions", 0, PTSIZE, PTE_W, 0, True),
            Area("", PTSIZE, KERNBASE),
            Area("all physical memory", KERNBASE, window, PTE_W, 0, True)]


def _other_stacks(case: Case, lab: int, end: int) -> List[Area]:
    """The kernel stacks of CPU 1 and up, each above its guard, between the
    device window and `end`."""
    symbol = case.symbols.kernel.symbols.get("percpu_kstacks")
    if lab < STACKS_LAB or symbol is None:
        return [Area("", MMIOLIM, end)]
    stacks = symbol.value - KERNBASE
    areas: List[Area] = []
    for cpu in range(1, NCPU):
        top = KSTACKTOP - cpu * (KSTKSIZE + KSTKGAP)
        bottom = top - KSTKSIZE
        areas = [Area(f"guard below CPU {cpu}'s", bottom - KSTKGAP, bottom),
                 Area(f"kernel stack of CPU {cpu}", bottom, top, PTE_W,
                      stacks + cpu * KSTKSIZE, True), *areas]
    return [Area("", MMIOLIM, areas[0].va), *areas]


def kernel_areas(case: Case, lab: int) -> List[Area]:
    """What every address space maps above UTOP, from lab 2 on."""
    stack = KSTACKTOP - KSTKSIZE
    symbol = case.symbols.kernel.symbols.get("bootstack")
    bootstack = None if symbol is None else symbol.value - KERNBASE
    envs = _table(case, "envs[]", "envs", UENVS, NENV * ENV_SIZE)
    if lab < ENVS_LAB:
        envs = [Area("envs[], in a later lab", UENVS, UPAGES, ANY)]
    return [*envs,
            *_table(case, "pages[]", "pages", UPAGES,
                    case.kernel_word("npages") * PAGEINFO_SIZE),
            Area("page tables (UVPT)", UVPT, ULIM, PTE_U),
            Area("device registers", ULIM, MMIOLIM, ANY),
            *_other_stacks(case, lab, stack - KSTKGAP),
            Area("guard below the kernel stack", stack - KSTKGAP, stack),
            Area("kernel stack", stack, KSTACKTOP, PTE_W, bootstack, True),
            Area("all physical memory", KERNBASE, TOP, PTE_W, 0, True)]


def _table(case: Case, name: str, variable: str, va: int,
           size: int) -> List[Area]:
    """A kernel table that user code may read at `va`, in a region of one page
    table."""
    start = case.kernel_word(variable)
    end = va + min(page_up(size), PTSIZE)
    if start < KERNBASE or end == va:
        return [Area(name, va, va + PTSIZE)]
    areas = [Area(name, va, end, PTE_U, start - KERNBASE, True)]
    return areas + ([Area("", end, va + PTSIZE)] if end < va + PTSIZE else [])


def user_areas(private: bool) -> List[Area]:
    """The areas below UTOP: an environment's own memory; in the kernel's
    directory, nothing."""
    mine = ANY if private else None

    def own(name: str, va: int, end: int) -> Area:
        return Area(name if private else "", va, end, mine, needs=PTE_U)

    return [Area("null pointers lead here", 0, PGSIZE),
            own("", PGSIZE, USTABDATA),
            own("debug table", USTABDATA, UTEMP),
            own("scratch mappings", UTEMP, UTEXT),
            own("program", UTEXT, USTACKTOP - STACK),
            own("user stack", USTACKTOP - STACK, USTACKTOP),
            Area("guard above the user stack", USTACKTOP, UTOP - PGSIZE),
            own("exception stack", UTOP - PGSIZE, UTOP)]


# --------------------------------------------------------------
# What is mapped
# --------------------------------------------------------------


def _pieces(found: List[Mapping], area: Area) -> Iterator[Mapping]:
    """The parts of mappings that are in `area`."""
    for seen in found:
        va, end = max(seen.va, area.va), min(seen.end, area.end)
        if va < end:
            yield Mapping(va, seen.pa + va - seen.va, end - va, seen.rights)


def _trouble(area: Area, piece: Mapping) -> str:
    """What is wrong with a mapping in `area`, "" if nothing."""
    if area.rights is None:
        return area.wanted(piece.va)
    if area.rights != ANY and piece.rights != area.rights:
        return area.wanted(piece.va)
    if piece.rights & area.needs != area.needs:
        return "user code cannot use it"
    if area.pa is not None and piece.pa != area.pa + piece.va - area.va:
        return (f"expected pa {area.pa + piece.va - area.va:08x}, seen "
                f"{piece.pa:08x}")
    return ""


def _rows_of(area: Area, found: List[Mapping]) -> Iterator[Row]:
    """The rows of an area, upwards."""
    va = area.va
    for piece in _pieces(found, area):
        if va < piece.va:
            yield _gap(area, va, piece.va)
        va = piece.end
        yield Row(area, piece.va, va, True, piece.rights, piece.pa,
                  _trouble(area, piece))
    if va < area.end:
        yield _gap(area, va, area.end)


def _gap(area: Area, va: int, end: int) -> Row:
    """A row where nothing is mapped. It has no name if the area is named after
    what is, or could be, mapped beside it."""
    if area.rights == ANY:
        area = replace(area, name="")
    trouble = f"not mapped: {area.wanted(va)}" if area.whole else ""
    return Row(area, va, end, False, trouble=trouble)


def _joined(rows: List[Row], same: Callable[[Row, Row], bool]) -> List[Row]:
    """The rows, with neighbors merged that are the `same`."""
    found: List[Row] = []
    for row in rows:
        last = found[-1] if found else None
        if last is not None and same(last, row):
            linear = (last.pa is not None and row.pa is not None
                      and row.pa == last.pa + row.va - last.va)
            found[-1] = Row(row.area, last.va, row.end, row.mapped,
                            row.rights, last.pa if linear else None,
                            last.trouble)
        else:
            found.append(row)
    return found


def _alike(one: Row, other: Row) -> bool:
    """Whether rows differ only in where their pages are."""
    return (one.mapped == other.mapped and one.rights == other.rights
            and bool(one.trouble) == bool(other.trouble))


def area_rows(area: Area, found: List[Mapping]) -> List[Row]:
    """The rows of an area. Of very many (garbage tables), only some, and one
    row that represents the rest."""
    rows = _joined(list(_rows_of(area, found)), _alike)
    if len(rows) <= MANY:
        return rows
    rest = rows[MANY - 1:]
    return [*rows[:MANY - 1], Row(
        area, rest[0].va, rest[-1].end, True, 0, None,
        f"{len(rest)} more stretches: the page tables look like garbage")]


def uvpt_row(area: Area, memory: Memory) -> Row:
    """The directory's entry for itself, which maps the page tables at UVPT."""
    entry = memory.table(memory.directory)[UVPT // PTSIZE]
    if not entry & PTE_P:
        return Row(area, area.va, area.end, False,
                   trouble="not mapped: expected the directory itself, "
                           f"{rights_text(PTE_U)}")
    trouble = ""
    if entry & -PGSIZE != memory.directory:
        trouble = (f"expected the directory itself, pa {memory.directory:08x}, "
                   f"seen {entry & -PGSIZE:08x}")
    elif entry & (RIGHTS | PTE_PS) != PTE_U:
        trouble = area.wanted(area.va)
    return Row(area, area.va, area.end, True, entry & RIGHTS,
               entry & -PGSIZE, trouble)


def _bad_tables(memory: Memory, size: int) -> List[str]:
    """The entries of a directory that point outside memory."""
    bad = [index for index, pde in enumerate(memory.table(memory.directory))
           if pde & PTE_P and not pde & PTE_PS and pde & -PGSIZE >= size]
    if not bad:
        return []
    return [f"{len(bad)} of its entries lead to page tables outside of "
            f"memory, the first for va {bad[0] * PTSIZE:08x}"]


def space(case: Case, name: str, directory: int, areas: List[Area]) -> Space:
    """The address space of the directory at a physical address."""
    loaded = directory == case.directory
    size = case.memory_size
    if not 0 < directory <= size - PGSIZE:
        return Space(name, directory, loaded, (),
                     ("there is no memory at this address",))
    memory = Memory(case.memory.physical, directory)
    found = mappings(memory, size)
    rows: List[Row] = []
    for area in areas:
        rows += ([uvpt_row(area, memory)] if area.va == UVPT and area.name
                 else area_rows(area, found))
    rows = _joined(rows, _both_empty)
    return Space(name, directory, loaded, tuple(reversed(rows)),
                 tuple(_bad_tables(memory, size)))


def _both_empty(one: Row, other: Row) -> bool:
    """Whether rows are both empty, so that they can be merged."""
    return not any(row.mapped or row.trouble or row.area.name
                   for row in (one, other))


def spaces(case: Case, lab: int) -> List[Space]:
    """The address spaces of the kernel and of all environments, and the loaded
    one if it is none of these, compared with the layout in `lab`."""
    known = {}
    kernel = case.kernel_word("kern_pgdir") - KERNBASE
    if kernel > 0:
        known[kernel] = ("kern_pgdir", False)
    for number, directory in case.environments:
        if len(known) <= ENVS_DRAWN or directory == case.directory:
            known[directory] = (f"environment {number:08x}", True)
    found = []
    if case.paging and case.directory not in known:
        name = case.directory_name(case.directory)
        early = name.startswith("entry_pgdir")
        found.append(space(case, name, case.directory, early_areas() if early
                           else user_areas(True) + kernel_areas(case, lab)))
    for directory, (name, private) in known.items():
        found.append(space(case, name, directory,
                           user_areas(private) + kernel_areas(case, lab)))
    return found
