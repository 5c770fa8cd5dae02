"""A memory map as a self-contained HTML page."""

from __future__ import annotations

import textwrap
from html import escape
from typing import Dict, Iterator, List, Tuple

from gradelib.layout import PGSIZE, PTE_U, PTE_W
from gradelib.maptext import size_text
from gradelib.memmap import Row, Space
from gradelib.pagemap import (FREE, KERNEL, LEAKED, RESERVED, TABLES, UNKNOWN,
                              PageMap)
from gradelib.paging import rights_text

RED = "#d1242f"
RIGHTS_COLORS = {0: "#fbe3c4", PTE_W: "#f2b35e", PTE_U: "#a9d0f5",
                 PTE_U | PTE_W: "#8fd3a6"}
OWNER_COLORS = {FREE: "#eef1f4", RESERVED: "#aeb6bf", KERNEL: "#f2b35e",
                TABLES: "#c7a6e0", LEAKED: RED, UNKNOWN: "#ffffff"}
ENV_COLORS = ("#3fa26a", "#3b82c4", "#17959b", "#7d8f1f", "#b0578d")

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #1f2328; margin: 2em;
       background: #fff; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin: 0 0 .4em; }
.spaces { display: flex; flex-wrap: wrap; gap: 2em 3em; }
.bad { color: #d1242f; font-weight: 600; } .good { color: #1a7f37; }
svg { display: block; } svg text { font: 13px system-ui, sans-serif; }
svg .address { font: 12px ui-monospace, monospace; fill: #57606a; }
svg .detail { font-size: 12px; fill: #57606a; }
svg .fault { font-size: 12px; fill: #d1242f; font-weight: 600; }
ul.legend { list-style: none; padding: 0; margin: .6em 0 1.2em;
            display: flex; flex-wrap: wrap; gap: .3em 1.6em; }
ul.legend i { display: inline-block; width: 1em; height: 1em;
              margin-right: .5em; vertical-align: -2px;
              border: 1px solid #8c959f; }
"""

# An address space: one box for each row, addresses left, details right.
BOX_LEFT, BOX_WIDTH, SPACE_WIDTH = 86, 226, 650
LINE = 17  # the height of one line of text
DETAIL_CHARS = 50  # characters that fit on a line right of a box
FAULT_CHARS = 42  # the same, in bold type

# Physical memory: a cell per page, a line of cells per 256 KiB.
COLUMNS = 64
CELL, CELL_GAP, GRID_LEFT = 10, 2, 86


def _detail(row: Row) -> List[Tuple[str, str]]:
    """The lines to the right of a box, each with its class."""
    text = size_text(row.pages)
    if row.mapped:
        where = ("pages anywhere" if row.pa is None
                 else f"pa {row.pa:08x}")
        text += f", {rights_text(row.rights)}, {where}"
    else:
        text += ", not mapped"
    lines = [("detail", line) for line in textwrap.wrap(text, DETAIL_CHARS)]
    return lines + [("fault", line) for line in
                    textwrap.wrap(row.trouble, FAULT_CHARS)]


def _box(row: Row, top: int, height: int) -> Iterator[str]:
    """The box of a row, and the text in it."""
    color = RIGHTS_COLORS[row.rights] if row.mapped else "url(#gap)"
    edge = f'stroke="{RED}" stroke-width="3"' if row.trouble else (
        'stroke="#8c959f"')
    yield (f'<rect x="{BOX_LEFT}" y="{top}" width="{BOX_WIDTH}" '
           f'height="{height}" fill="{color}" {edge}/>')
    if row.area.name:
        yield (f'<text x="{BOX_LEFT + 10}" y="{top + height // 2 + 5}">'
               f"{escape(row.area.name)}</text>")


def space_svg(space: Space) -> str:
    """The drawing of one address space, highest address at the top."""
    parts: List[str] = []
    top = 14
    for row in space.rows:
        detail = _detail(row)
        height = LINE * len(detail) + 9
        parts += _box(row, top, height)
        parts += [f'<text class="{kind}" x="{BOX_LEFT + BOX_WIDTH + 14}" '
                  f'y="{top + 16 + LINE * number}">{escape(line)}</text>'
                  for number, (kind, line) in enumerate(detail)]
        top += height
        parts.append(f'<text class="address" x="{BOX_LEFT - 8}" y="{top - 3}" '
                     f'text-anchor="end">{row.va:08x}</text>')
    return (f'<svg width="{SPACE_WIDTH}" height="{top + 8}" role="img">'
            '<defs><pattern id="gap" width="7" height="7" '
            'patternUnits="userSpaceOnUse"><rect width="7" height="7" '
            'fill="#fff"/><path d="M0 7L7 0" stroke="#dde2e7"/></pattern>'
            f'</defs>{"".join(parts)}</svg>')


def _space(space: Space) -> Iterator[str]:
    loaded = ", loaded" if space.loaded else ""
    yield (f"<section><h2>{escape(space.name)}</h2><p>page directory at pa "
           f"{space.directory:08x}{loaded}; {_verdict(space.faults)}</p>")
    for trouble in space.trouble:
        yield f'<p class="bad">{escape(trouble)}</p>'
    if space.rows:
        yield space_svg(space)
    yield "</section>"


def _verdict(faults: int) -> str:
    if not faults:
        return '<span class="good">as inc/memlayout.h has it</span>'
    many = "s" if faults > 1 else ""
    return f'<span class="bad">{faults} difference{many}</span>'


# --------------------------------------------------------------
# Physical memory
# --------------------------------------------------------------


def owner_colors(pages: PageMap) -> Dict[str, str]:
    """A color for each owner."""
    colors = dict(OWNER_COLORS)
    others = sorted(set(pages.owners) - colors.keys())
    for number, owner in enumerate(others):
        colors[owner] = ENV_COLORS[number % len(ENV_COLORS)]
    return colors


def _cell(page: int, column: int, top: int, pages: PageMap,
          color: str) -> str:
    """One page."""
    trouble = pages.troubles.get(page, "")
    shared = page in pages.shared
    edge = RED if trouble else "#1f2328" if shared else "#c5cbd1"
    width = 2 if trouble or shared else 0.5
    about = trouble or pages.owners[page] + (", shared" if shared else "")
    left = GRID_LEFT + column * (CELL + CELL_GAP)
    return (f'<rect x="{left}" y="{top}" width="{CELL}" height="{CELL}" '
            f'fill="{color}" stroke="{edge}" stroke-width="{width}">'
            f"<title>pa {page * PGSIZE:08x}: {escape(about)}</title></rect>")


def _lines(pages: PageMap) -> Iterator[Tuple[int, int, bool]]:
    """The lines of the grid: first page, number of pages, and whether they are
    drawn. Uniform lines are merged, and not drawn."""
    quiet = 0
    total = len(pages.owners)
    for first in range(0, total, COLUMNS):
        row = range(first, min(first + COLUMNS, total))
        plain = len({pages.owners[page] for page in row}) == 1 and not any(
            page in pages.troubles or page in pages.shared for page in row)
        if plain and (not quiet
                      or pages.owners[first - 1] == pages.owners[first]):
            quiet += len(row)
            continue
        if quiet:
            yield first - quiet, quiet, False
        quiet = len(row) if plain else 0
        if not plain:
            yield first, len(row), True
    if quiet:
        yield total - quiet, quiet, False


def pages_svg(pages: PageMap) -> str:
    """The drawing of physical memory, address 0 at the top."""
    colors = owner_colors(pages)
    parts: List[str] = []
    top = 6
    width = COLUMNS * (CELL + CELL_GAP)
    for first, count, drawn in _lines(pages):
        parts.append(f'<text class="address" x="{GRID_LEFT - 8}" '
                     f'y="{top + (10 if drawn else 15)}" text-anchor="end">'
                     f"{first * PGSIZE:08x}</text>")
        if drawn:
            parts += [_cell(page, column, top, pages,
                            colors[pages.owners[page]])
                      for column, page in enumerate(range(first,
                                                          first + count))]
            top += CELL + CELL_GAP
            continue
        owner = pages.owners[first]
        parts.append(f'<rect x="{GRID_LEFT}" y="{top + 1}" width="{width}" '
                     f'height="19" fill="{colors[owner]}" stroke="#c5cbd1"/>'
                     f'<text class="detail" x="{GRID_LEFT + 10}" '
                     f'y="{top + 15}">{size_text(count)} {escape(owner)}'
                     "</text>")
        top += 24
    return (f'<svg width="{GRID_LEFT + width + 4}" height="{top + 6}" '
            f'role="img">{"".join(parts)}</svg>')


def _legend(entries: List[Tuple[str, str]]) -> str:
    """Colors and their meanings."""
    items = (f'<li><i style="background:{color}"></i>{escape(text)}</li>'
             for color, text in entries)
    return f'<ul class="legend">{"".join(items)}</ul>'


def _pages(pages: PageMap) -> Iterator[str]:
    colors = owner_colors(pages)
    entries = [(colors[owner], f"{owner}: {size_text(count)}")
               for owner, count in pages.counts().most_common()]
    yield "<h2>Physical memory</h2>"
    yield ("<p>Each cell is a page; black edges: shared; red: leaked, or "
           "wrong. Point at a cell to read whose it is.</p>")
    yield _legend(entries)
    for note in pages.notes:
        yield f'<p class="bad">{escape(note)}</p>'
    yield pages_svg(pages)


def as_html(title: str, spaces: List[Space], pages: PageMap) -> str:
    """The whole page."""
    rights = [(RIGHTS_COLORS[value], rights_text(value))
              for value in (PTE_W, 0, PTE_U | PTE_W, PTE_U)]
    body = [f"<h1>{escape(title)}</h1>", _legend([*rights, (RED, "differs from "
            "inc/memlayout.h")]), '<div class="spaces">']
    for space in spaces:
        body += _space(space)
    body += ["</div>", *_pages(pages)]
    return ('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
            "<body>\n" + "\n".join(body) + "\n</body></html>\n")
