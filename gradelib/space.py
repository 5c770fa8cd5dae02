"""The kernel's address space, compared with inc/memlayout.h."""

from __future__ import annotations

from typing import Dict, List

from gradelib.layout import (ENV_SIZE, KERNBASE, KSTACKTOP, KSTKGAP, KSTKSIZE,
                             NCPU, NENV, PAGEINFO_SIZE, PGSIZE, PTE_P, PTE_PS,
                             PTE_U, PTE_W, PTSIZE, TOP, UENVS, UPAGES, UVPT,
                             page_up)
from gradelib.outcome import Failed
from gradelib.paging import (Mapping, entry_rights, mapped_as, mappings,
                             page_tables)
from gradelib.state import State


class Space:
    """What kern_pgdir maps, whether or not it is loaded."""

    def __init__(self, state: State) -> None:
        self.state = state
        memory = state.space(state.variable("kern_pgdir"), "kern_pgdir")
        self.directory = memory.directory
        if state.registers["CR3"] == self.directory:
            self.mappings = state.mappings
        else:
            self.mappings = mappings(memory)

    def page_tables(self) -> Dict[int, str]:
        """The pages of its page tables, for the page accounts."""
        tables = page_tables(self.state.memory, self.directory)
        return {pa // PGSIZE: f"the page table of va {va:08x}"
                for va, pa in tables.items()}

    def check_region(self, name: str, wanted: Mapping) -> None:
        """Fails unless `wanted`, called `name`, is mapped exactly so."""
        va = wanted.va
        for seen in self.mappings:
            if seen.end <= va or seen.va >= wanted.end:
                continue
            if seen.va > va:
                break
            pa = seen.pa + va - seen.va
            if pa != wanted.pa + va - wanted.va:
                raise Failed(f"{name}: va {va:08x} is mapped to the wrong "
                             "physical page",
                             f"{wanted.pa + va - wanted.va:08x}",
                             f"{pa:08x}")
            if seen.rights != wanted.rights:
                raise Failed(f"{name} ({va:#010x}) is mapped "
                             f"{mapped_as(seen.rights)}; its entries must be "
                             f"{entry_rights(wanted.rights)}",
                             seen=str(seen))
            va = min(seen.end, wanted.end)
        if va < wanted.end:
            raise Failed(f"{name}: va {va:08x} is not mapped", str(wanted))

    def check_nothing_else(self, regions: List[Mapping]) -> None:
        """Fails if anything outside `regions` is mapped."""
        for seen in self.mappings:
            va = seen.va
            for region in sorted(regions, key=lambda r: r.va):
                if region.va <= va < region.end:
                    va = region.end
            if va < seen.end:
                raise Failed(f"va {va:08x} is mapped, where nothing should be",
                             seen=str(seen))

    def check_uvpt(self) -> None:
        """Fails unless the directory's entry for UVPT is the directory itself,
        readable by user code."""
        entry = self.state.memory.table(self.directory)[UVPT // PTSIZE]
        flags = PTE_P | PTE_U
        if entry & (-PGSIZE | flags | PTE_W | PTE_PS) != (self.directory
                                                          | flags):
            raise Failed("the directory's entry for UVPT "
                         f"({UVPT // PTSIZE}) must lead to the directory "
                         "itself, with PTE_U without PTE_W",
                         f"{self.directory | flags:08x}", f"{entry:08x}")

    def check_loaded(self) -> None:
        """Fails unless this is the page directory in use."""
        if self.state.registers["CR3"] != self.directory:
            raise Failed("kern_pgdir is not the page directory in use",
                         f"CR3 {self.directory:08x}",
                         f"CR3 {self.state.registers['CR3']:08x}")


def pages_region(state: State) -> Mapping:
    """pages[] at UPAGES."""
    size = page_up(state.variable("npages") * PAGEINFO_SIZE)
    return Mapping(UPAGES, state.variable("pages") - KERNBASE, size, PTE_U)


def envs_region(state: State) -> Mapping:
    """envs[] at UENVS."""
    return Mapping(UENVS, state.variable("envs") - KERNBASE,
                   page_up(NENV * ENV_SIZE), PTE_U)


def kstack_region(state: State) -> Mapping:
    """The kernel stack of CPU 0."""
    stack = state.symbols.address("bootstack") - KERNBASE
    return Mapping(KSTACKTOP - KSTKSIZE, stack, KSTKSIZE, PTE_W)


def kstack_regions(state: State) -> List[Mapping]:
    """The kernel stacks of all possible CPUs."""
    stacks = state.symbols.address("percpu_kstacks") - KERNBASE
    others = [Mapping(KSTACKTOP - cpu * (KSTKSIZE + KSTKGAP) - KSTKSIZE,
                      stacks + cpu * KSTKSIZE, KSTKSIZE, PTE_W)
              for cpu in range(1, NCPU)]
    return [kstack_region(state), *others]


def kernbase_region() -> Mapping:
    """The window to physical memory at KERNBASE."""
    return Mapping(KERNBASE, 0, TOP - KERNBASE, PTE_W)
