"""Every page of physical memory accounted for: free, in use, or reserved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Set, Tuple

from gradelib.layout import (ENV_SIZE, EXTPHYSMEM, IOPHYSMEM, KERNBASE,
                             MAXPHYSMEM, MPENTRY_PADDR, NENV, PAGEINFO_SIZE,
                             PGSIZE, page_up)
from gradelib.outcome import Failed
from gradelib.state import State

MIB = 1 << 20


@dataclass(frozen=True)
class Physical:
    """Physical memory of a machine, divided by the rules of page_init."""

    npages: int
    kernel_end: int  # the first page after the kernel and early allocations

    def reserved(self, page: int) -> str:
        """Why page number `page` may never be free, or ""."""
        if page == 0:
            return "page 0, which the BIOS uses"
        if page == MPENTRY_PADDR // PGSIZE:
            return "MPENTRY_PADDR's, for the other CPUs' start-up code"
        if IOPHYSMEM // PGSIZE <= page < EXTPHYSMEM // PGSIZE:
            return "in the hole for devices"
        if EXTPHYSMEM // PGSIZE <= page < self.kernel_end:
            return "part of the kernel or of what boot_alloc gave out"
        return ""

    def usable(self) -> Set[int]:
        """The pages that page_alloc may hand out."""
        low = {page for page in range(min(self.kernel_end, self.npages))
               if not self.reserved(page)}
        return low.union(range(self.kernel_end, self.npages))


def expected_pages(memory: str) -> int:
    """The number of pages with QEMU's option -m `memory`, in MiB."""
    return min(int(memory.rstrip("M")) * MIB, MAXPHYSMEM) // PGSIZE


def _tables(state: State) -> List[Tuple[int, int, str]]:
    """What mem_init allocated with boot_alloc: address, size in bytes and
    name, by address."""
    sizes = {"kern_pgdir": PGSIZE,
             "pages": state.variable("npages") * PAGEINFO_SIZE,
             "envs": NENV * ENV_SIZE}
    return sorted((state.variable(name), size, name)
                  for name, size in sizes.items())


def physical(state: State, memory: str) -> Physical:
    """Physical memory, by the kernel's memory size and the place of its
    tables; both are checked."""
    npages = state.variable("npages")
    if npages != expected_pages(memory):
        raise Failed(f"npages is wrong with {memory} of memory",
                     str(expected_pages(memory)), str(npages))
    end = page_up(state.symbols.address("end"))
    for start, size, name in _tables(state):
        if start < end or start % PGSIZE:
            raise Failed(f"boot_alloc gave `{name}` memory that is in use or "
                         "no page's start", f"a page boundary from {end:08x}",
                         f"{start:08x}")
        end = page_up(start + size)
    return Physical(npages, (end - KERNBASE) // PGSIZE)


def check_accounts(state: State, memory: Physical, users: Dict[int, str],
                   event: str = "") -> None:
    """Fails unless every page is free, reserved, or one of `users` (pages and
    what they are) with exactly one reference. `event` is when all others must
    have been freed, if that is known."""
    usable = memory.usable()
    listed = set(state.free_pages)
    for page in sorted(listed - (usable - users.keys())):
        reason = memory.reserved(page) or users[page]
        raise Failed(f"page {page * PGSIZE:#x} is on page_free_list, but it "
                     f"is {reason}")
    lost = sorted(usable - listed - users.keys())
    if lost:
        raise Failed(_lost(len(lost), event),
                     seen=f"the first of them is at pa {lost[0] * PGSIZE:#x}")
    counted = {page for page, count in enumerate(state.references) if count}
    for page in sorted(counted | users.keys()):
        wanted, seen = int(page in users), state.references[page]
        if seen != wanted:
            what = users.get(page) or memory.reserved(page) or "free"
            raise Failed(f"pp_ref of page {page * PGSIZE:#x} is wrong; the "
                         f"page is {what}", str(wanted), str(seen))


def _lost(count: int, event: str) -> str:
    """Says that `count` pages are lost."""
    pages, they = ("1 page", "it is") if count == 1 else (
        f"{count} pages", "they are")
    if event:
        were = "was" if count == 1 else "were"
        return f"{pages} {were} not freed when {event}"
    lost = "is" if count == 1 else "are"
    return (f"{pages} {lost} lost: {they} neither on page_free_list nor in "
            "use")


def check_packed(state: State) -> None:
    """Fails unless the allocations of boot_alloc follow the kernel and each
    other without a gap."""
    end, before = page_up(state.symbols.address("end")), "the kernel"
    for start, size, name in _tables(state):
        if start != end:
            raise Failed(f"boot_alloc left a gap between {before} and `{name}`",
                         f"`{name}` at {end:08x}", f"{start:08x}")
        end, before = page_up(start + size), f"`{name}`"


def check_links(state: State) -> None:
    """Fails unless pp_link is NULL for every page that is not free."""
    listed = set(state.free_pages)
    for page, link in enumerate(state.page_info[0::2]):
        if link and page not in listed:
            raise Failed(f"pp_link of page {page * PGSIZE:#x} is set though "
                         "the page is not free", "00000000", f"{link:08x}")
