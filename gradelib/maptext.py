"""A memory map for the terminal."""

from __future__ import annotations

from typing import Iterator, List

from gradelib.layout import PGSIZE, PTE_U, PTE_W
from gradelib.memmap import Row, Space
from gradelib.pagemap import PageMap

RED, PLAIN = "\033[31m", "\033[0m"
MANY_RUNS = 40  # physical pages: the most runs that are listed one by one


def size_text(pages: int) -> str:
    """The size of `pages` pages, in the unit that fits."""
    size = pages * PGSIZE
    if size % (1 << 20) == 0:
        return f"{size >> 20} MiB"
    if size >= 10 << 20:
        return f"{size / (1 << 20):.1f} MiB"
    return f"{size >> 10} KiB"


def short_rights(row: Row) -> str:
    """Rights in three columns: for whom, and read or write."""
    if not row.mapped:
        return "-"
    who = "user" if row.rights & PTE_U else "kern"
    return f"{who} {'rw' if row.rights & PTE_W else 'r-'}"


def _row(row: Row) -> str:
    """One range of an address space, on a line."""
    pa = "-" if not row.mapped else (
        "anywhere" if row.pa is None else f"{row.pa:08x}")
    line = (f"  {row.va:08x}-{row.end - 1:08x}  {size_text(row.pages):>10}  "
            f"{short_rights(row):<7}  {pa:<8}  {row.area.name}")
    return line.rstrip() + (f"\n      ^ {row.trouble}" if row.trouble else "")


def space_text(space: Space, color: bool) -> Iterator[str]:
    """One address space, highest address first."""
    loaded = ", loaded" if space.loaded else ""
    yield f"{space.name}: page directory at pa {space.directory:08x}{loaded}"
    for trouble in space.trouble:
        yield _red(f"  {trouble}", color)
    yield "  virtual address          size  rights   physical"
    for row in space.rows:
        yield _red(_row(row), color and bool(row.trouble))


def _red(text: str, color: bool) -> str:
    return f"{RED}{text}{PLAIN}" if color else text


def pages_text(pages: PageMap, color: bool) -> Iterator[str]:
    """Physical memory, lowest address first."""
    yield "Physical memory"
    runs = list(pages.runs())
    for run in runs[:MANY_RUNS]:
        start = run.first * PGSIZE
        marks = " (shared)" if run.shared else ""
        line = (f"  {start:08x}-{start + run.count * PGSIZE - 1:08x}  "
                f"{size_text(run.count):>10}  {run.owner}{marks}")
        if run.trouble and run.trouble != run.owner:
            line += f"\n      ^ {run.trouble}"
        yield _red(line, color and bool(run.trouble))
    if len(runs) > MANY_RUNS:
        yield (f"  ... and {len(runs) - MANY_RUNS} more stretches: the "
               "picture has them")
    yield "  in all:"
    for owner, count in pages.counts().most_common():
        yield f"  {count:>7} pages  {size_text(count):>10}  {owner}"
    if pages.shared:
        yield f"  {len(pages.shared):>7} pages are shared"
    for note in pages.notes:
        yield _red(f"  {note}", color)


def as_text(title: str, spaces: List[Space], pages: PageMap,
            color: bool) -> str:
    """The whole map."""
    lines = [title]
    for space in spaces:
        lines += ["", *space_text(space, color)]
    return "\n".join([*lines, "", *pages_text(pages, color)])
