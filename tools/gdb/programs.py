"""Which user program is in memory.

The kernel does not record the program of an environment, and its arguments may be
overwritten. The text of each program is different, so it is compared.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

from tools.elf import PF_X, PT_LOAD, Elf, ElfError
from tools.gdb.guest import PGSIZE

# Reads the page at an address of an address space, None if it is not mapped.
PageReader = Callable[[int], Optional[bytes]]


@dataclass(frozen=True)
class Program:
    """One build of a linked program."""

    name: str
    path: Path
    made: int  # when, in nanoseconds
    elf: Elf
    start: int
    text: bytes

    @property
    def end(self) -> int:
        """The end of the text."""
        return self.start + len(self.text)

    def agrees(self, page: int, data: bytes) -> bool:
        """Whether `data` may be this program's page at `page`."""
        low = max(page, self.start)
        high = min(page + PGSIZE, self.end)
        return low < high and (data[low - page:high - page]
                               == self.text[low - self.start:high - self.start])


def place_in(elf: Elf, address: int) -> Optional[str]:
    """`address` as function, offset and line, None if it is not in code."""
    try:
        found = elf.lookup(address)
    except ElfError:
        return None
    if found is None:
        return None
    where = f" ({found.file}:{found.line})" if found.line else ""
    return f"{found.function}+{found.offset}{where}"


class Programs:
    """The linked programs of the build."""

    # The file server is linked separately.
    FOLDERS = ("user", "fs")
    # How long a list stays valid: searching takes longer than a step does.
    SECONDS = 2.0

    def __init__(self, objdir: Path) -> None:
        # gdb can remove the symbols of a file only by its absolute name.
        self._objdir = objdir.resolve()
        self._known: Dict[Path, Tuple[int, Optional[Program]]] = {}
        self._listed: List[Program] = []
        self._when = -self.SECONDS

    def _load(self, path: Path, made: int) -> Optional[Program]:
        """Reads one file; a file that is not a program is ignored."""
        try:
            elf = Elf.load(path)
        except ElfError:
            return None
        for segment in elf.segments:
            if segment.type == PT_LOAD and segment.flags & PF_X:
                text = elf.data[segment.offset:segment.offset + segment.filesz]
                return Program(path.name, path, made, elf, segment.va, text)
        return None

    def all(self) -> List[Program]:
        """All programs, perhaps from a recent list."""
        now = time.monotonic()
        if now - self._when >= self.SECONDS:
            self._when, self._listed = now, self._list()
        return self._listed

    def _list(self) -> List[Program]:
        """All programs at this moment."""
        found = []
        for folder in self.FOLDERS:
            for path in sorted((self._objdir / folder).glob("*")):
                if path.suffix or not path.is_file():
                    continue
                made = path.stat().st_mtime_ns
                if self._known.get(path, (0, None))[0] != made:
                    self._known[path] = made, self._load(path, made)
                program = self._known[path][1]
                if program:
                    found.append(program)
        return found

    def identify(self, read: PageReader) -> Optional[Program]:
        """The program whose text `read` returns. Compares page after page
        until one program is left."""
        left = self.all()
        page = min((program.start for program in left), default=0)
        page -= page % PGSIZE
        data = read(page) if left else None
        if data is None:
            return None
        left = [program for program in left if program.agrees(page, data)]
        while len(left) > 1:
            page += PGSIZE
            data = read(page)
            # Programs with equal text have the same symbols.
            if data is None or page >= max(program.end for program in left):
                break
            left = [program for program in left if program.agrees(page, data)]
        return left[0] if left else None
