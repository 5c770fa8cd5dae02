"""The memory of a stopped machine, physical and virtual."""

from __future__ import annotations

import sys
from array import array
from typing import Callable, Dict

from gradelib.layout import PGSIZE, PTE_P, PTE_PS, PTSIZE, TOP

LOW = 4 << 20  # the kernel and its tables are below; read them together
LOW_CHUNK = 1 << 18  # read at a time: a request costs more than the data
CHUNK = 1 << 16


class NotMapped(Exception):
    """Nothing is mapped at this virtual address."""

    def __init__(self, va: int) -> None:
        super().__init__(f"va {va:#010x} is not mapped")
        self.va = va


def words(data: bytes) -> "array[int]":
    """`data` as little-endian 32-bit words."""
    numbers = array("I", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class Memory:
    """Guest memory, each part read once and cached. Discard it when the
    machine resumes.

    `read` reads physical memory; `directory` is the page directory's physical
    address (CR3). While paging is off, virtual addresses are physical.
    """

    def __init__(self, read: Callable[[int, int], bytes], directory: int,
                 paging: bool = True) -> None:
        self.directory = directory
        self._paging = paging
        self._read = read
        self._chunks: Dict[int, bytes] = {}
        self._tables: Dict[int, "array[int]"] = {}

    def physical(self, address: int, size: int) -> bytes:
        """`size` bytes at physical `address`."""
        if address < LOW and address % LOW_CHUNK + size <= LOW_CHUNK:
            start = address % LOW_CHUNK
            return self._chunk(address - start, LOW_CHUNK)[start:start + size]
        parts = []
        while size > 0:
            room = LOW_CHUNK if address < LOW else CHUNK
            base, offset = address & -room, address % room
            part = self._chunk(base, room)[offset:offset + size]
            parts.append(part)
            address += len(part)
            size -= len(part)
        return b"".join(parts)

    def _chunk(self, base: int, size: int) -> bytes:
        """The memory at `base`, the start of a chunk of that size."""
        chunk = self._chunks.get(base)
        if chunk is None:
            chunk = self._chunks[base] = self._read(base, size)
        return chunk

    def table(self, address: int) -> "array[int]":
        """The 1024 entries of the page directory or table at `address`."""
        base = address & -PGSIZE
        table = self._tables.get(base)
        if table is None:
            table = self._tables[base] = words(self.physical(base, PGSIZE))
        return table

    def translate(self, va: int) -> int:
        """The physical address to which `va` is mapped."""
        if va >= TOP:
            raise NotMapped(va)
        if not self._paging:
            return va
        pde = self.table(self.directory)[va // PTSIZE]
        if pde & PTE_P and pde & PTE_PS:
            return (pde & -PTSIZE) | va % PTSIZE
        pte = self.table(pde)[va // PGSIZE % 1024] if pde & PTE_P else 0
        if not pte & PTE_P:
            raise NotMapped(va)
        return (pte & -PGSIZE) | va % PGSIZE

    def virtual(self, va: int, size: int) -> bytes:
        """`size` bytes at `va`, through the page tables."""
        parts = []
        while size > 0:
            part = min(size, PGSIZE - va % PGSIZE)
            parts.append(self.physical(self.translate(va), part))
            va += part
            size -= part
        return b"".join(parts)

    def word(self, va: int) -> int:
        """The 32-bit word at `va`."""
        return int.from_bytes(self.virtual(va, 4), "little")

    def text(self, va: int, limit: int = 256) -> str:
        """The string at `va`, up to its NUL or `limit` bytes."""
        data = self.virtual(va, min(limit, PGSIZE - va % PGSIZE))
        return data.partition(b"\0")[0].decode("utf-8", "replace")
