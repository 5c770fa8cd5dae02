"""jos pgdir, jos pages."""

from __future__ import annotations

from collections import Counter
from typing import Iterator, List, Set, Tuple

from tools.gdb import guest, paging
from tools.gdb.guest import KERNBASE, PGSIZE, JosError
from tools.gdb.headers import constants
from tools.gdb.kernel import Record, page_table_address
from tools.gdb.paging import PTSIZE, PageTables, Range
from tools.gdb.view import View, evaluate, print_lines

MOST_PAGES = constants("inc/memlayout.h")["MAXPHYSMEM"] // PGSIZE
# Up to this many ranges that differ only in physical addresses get a line each.
MAX_PIECES = 4


class Memory(View):
    """The commands about memory."""

    def pgdir(self, argument: str) -> None:
        """The current page tables."""
        if not guest.paging_on():
            raise JosError("paging is off: every address is a physical one")
        tables = PageTables(guest.register("cr3"))
        print(f"Page directory at {tables.root:08x} (phys)")
        if argument:
            self._walk(tables, evaluate(argument))
            return
        # Scattered pieces, mostly the page tables at UVPT.
        for alike in _together(tables.ranges()):
            if len(alike) <= MAX_PIECES:
                for found in alike:
                    _print_range(found, found, f"phys {found.pa:08x}-"
                                 f"{found.pa + found.size - 1:08x}")
            else:
                _print_range(alike[0], alike[-1],
                             f"in {len(alike)} pieces".ljust(22))

    def _walk(self, tables: PageTables, va: int) -> None:
        """Translates one address, level by level."""
        pde, pte = tables.entries(va)
        print(f"  entry 0x{va // PTSIZE:03x}: {pde:08x}  {paging.letters(pde)}")
        if pte is not None:
            print(f"Page table at {pde & ~(PGSIZE - 1):08x} (phys)")
            print(f"  entry 0x{va // PGSIZE % paging.ENTRIES:03x}: {pte:08x}  "
                  f"{paging.letters(pte)}")
        page = tables.find(va)
        if page is None:
            print(f"{va:08x} is not mapped.")
            return
        size = "4 MiB page" if page.size > PGSIZE else "page"
        print(f"{va:08x} is phys {page.pa + va - page.va:08x}; its {size}: "
              f"{paging.in_words(page.flags)}.")

    def pages(self, argument: str) -> None:
        """The use of physical memory, or of one page."""
        self.kernel.check_loaded()
        count = self.kernel.word("npages")
        if not 0 < count <= MOST_PAGES:
            raise JosError(f"npages is {count}: the kernel has not looked for "
                           "memory yet")
        infos = self.kernel.array("pages", count)
        free, fault = self._free_pages(infos)
        if argument:
            self._one_page(_page_number(argument, infos), infos, free)
            return
        print(f"{count} pages, {count * PGSIZE >> 20} MiB; "
              f"pages[] is at 0x{infos[0].address:08x}")
        print(f"{len(free):8} on page_free_list{fault}")
        counts = Counter(info["pp_ref"] for number, info in enumerate(infos)
                         if number not in free)
        for ref in sorted(counts):
            note = " and not on it: set aside at boot, or lost" if not ref else ""
            print(f"{counts[ref]:8} with pp_ref {ref}{note}")
        wrong = [number for number in free if infos[number]["pp_ref"]]
        if wrong:
            print(f"{len(wrong):8} on page_free_list though pp_ref is not 0, "
                  f"such as page 0x{min(wrong):x}")

    def _free_pages(self, infos: List[Record]) -> Tuple[Set[int], str]:
        """The pages on the free list, and any fault of the list."""
        base, size = infos[0].address, infos[0].layout.size
        free: Set[int] = set()
        link = self.kernel.word("page_free_list")
        while link:
            number, odd = divmod(link - base, size)
            if odd or not 0 <= number < len(infos):
                return free, f", which then leads out of pages[], to 0x{link:08x}"
            if number in free:
                return free, f", which then returns to page 0x{number:x}"
            free.add(number)
            link = infos[number]["pp_link"]
        return free, ""

    def _one_page(self, number: int, infos: List[Record],
                  free: Set[int]) -> None:
        """One page and its users."""
        pa, info = number * PGSIZE, infos[number]
        print(f"Page 0x{number:x} ({number}): phys {pa:08x}, PageInfo at "
              f"0x{info.address:08x}, pp_ref {info['pp_ref']}"
              f"{', on page_free_list' if number in free else ''}")
        print_lines(list(self._users(pa)) or ["nothing maps it"])

    def _owners(self) -> Iterator[Tuple[str, PageTables]]:
        """All page directories, the kernel's first."""
        roots = []
        if self.kernel.word("kern_pgdir"):
            roots.append(("kern_pgdir",
                          self.kernel.pointer("kern_pgdir") - KERNBASE))
        if self.kernel.word("envs"):
            roots += [(f"environment {env['env_id']:08x}",
                       page_table_address(env))
                      for env in self.kernel.live_envs()]
        loaded = guest.register("cr3") & ~(PGSIZE - 1)
        if guest.paging_on() and loaded not in [root for _, root in roots]:
            roots.append(("the directory in cr3", loaded))
        for name, root in roots:
            yield name, PageTables(root)

    def _users(self, pa: int) -> Iterator[str]:
        """How page directories use the page at `pa`."""
        common: List[int] = []
        for name, tables in self._owners():
            directory = tables.table(tables.root) or []
            if tables.root == pa:
                yield f"page directory of {name}"
            for index, entry in enumerate(directory):
                # The kernel's part is the same in all: list it once.
                if not entry & paging.P or entry in common[index:index + 1]:
                    continue
                start = index * PTSIZE
                if entry & ~(PGSIZE - 1) == pa and not entry & paging.PS:
                    yield f"page table of {name} for {start:08x}"
                for page in tables.pages(start, start + PTSIZE):
                    if page.leads_to(pa):
                        yield (f"{page.va + pa - page.pa:08x} in {name}: "
                               f"{paging.in_words(page.flags)}")
            common = common or directory


def _together(ranges: Iterator[Range]) -> Iterator[List[Range]]:
    """Groups adjacent ranges with equal flags."""
    alike: List[Range] = []
    for found in ranges:
        if alike and not alike[-1].like(found):
            yield alike
            alike = []
        alike.append(found)
    if alike:
        yield alike


def _print_range(first: Range, last: Range, where: str) -> None:
    """Prints a line for the addresses from one range to another."""
    print(f"  {first.va:08x}-{last.va + last.size - 1:08x}  {where}  "
          f"{paging.letters(first.flags)}")


def _page_number(argument: str, infos: List[Record]) -> int:
    """The page that the user names by its number, an address in it, or its
    struct PageInfo."""
    value = evaluate(argument)
    size: int = infos[0].layout.size
    inside = value - infos[0].address
    if 0 <= inside < len(infos) * size:
        return inside // size
    if value < len(infos):
        return value
    number = (value - KERNBASE if value >= KERNBASE else value) // PGSIZE
    if number >= len(infos):
        raise JosError(f"0x{value:08x} is beyond this machine's memory, which "
                       f"has {len(infos)} pages")
    return number
