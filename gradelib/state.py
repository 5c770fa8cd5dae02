"""The data structures of a stopped kernel, and the processor's tables.

Nothing here trusts the console: all is read from memory and registers.
Source: Intel SDM vol. 3A, "System Architecture Overview", "Task Management".
"""

from __future__ import annotations

import struct
from array import array
from functools import cached_property
from typing import List, NamedTuple

from gradelib.layout import (CHECK_REPORTS_MAX, ENV_FREE, ENV_LINK, ENV_SIZE,
                             ENV_STATUS, GD_TSS0, KERNBASE, NENV,
                             PAGEINFO_SIZE, PGSIZE, TRAPFRAME_SIZE,
                             TRAPFRAME_VA)
from gradelib.registers import Registers
from gradelib.memory import Memory, NotMapped, words
from gradelib.outcome import Failed
from gradelib.paging import Mapping, mappings
from gradelib.symbols import Symbols


class TrapFrame(NamedTuple):
    """struct Trapframe of inc/trap.h; the segment registers without the
    garbage above their 16 bits."""

    edi: int
    esi: int
    ebp: int
    oesp: int
    ebx: int
    edx: int
    ecx: int
    eax: int
    es: int
    ds: int
    trapno: int
    err: int
    eip: int
    cs: int
    eflags: int
    esp: int
    ss: int

    @classmethod
    def parse(cls, data: bytes) -> TrapFrame:
        """Parses the 68 bytes of a frame."""
        return cls(*struct.unpack("<8IH2xH2xIIIH2xIIH2x", data))


class Env(NamedTuple):
    """struct Env of inc/env.h."""

    tf: TrapFrame
    link: int
    id: int
    parent_id: int
    type: int
    status: int
    runs: int
    pgdir: int
    pgfault_upcall: int


class Gate(NamedTuple):
    """One entry of the IDT."""

    offset: int
    selector: int
    type: int  # including the S bit: 0xE is a 32-bit interrupt gate
    dpl: int
    present: bool


class Segment(NamedTuple):
    """One entry of the GDT, its limit in bytes."""

    base: int
    limit: int
    type: int  # including the S bit
    dpl: int
    present: bool
    wide: bool  # 32-bit

    def __str__(self) -> str:
        there = "present" if self.present else "not present"
        return (f"base {self.base:08x}, limit {self.limit:x}, type "
                f"{self.type:x}, DPL {self.dpl}, {there}, D/B {self.wide:d}")


class State:
    """One look at a stopped machine, valid until the machine resumes."""

    def __init__(self, registers: Registers, memory: Memory,
                 symbols: Symbols) -> None:
        self.registers = registers
        self.memory = memory
        self.symbols = symbols

    def read(self, va: int, size: int, what: str) -> bytes:
        """Memory that must be mapped; it holds `what`."""
        try:
            return self.memory.virtual(va, size)
        except NotMapped as err:
            raise Failed(f"{what} cannot be read: {err}") from None

    def variable(self, name: str) -> int:
        """The 32-bit kernel variable `name`."""
        data = self.read(self.symbols.address(name), 4, name)
        return int.from_bytes(data, "little")

    @cached_property
    def reports(self) -> List[int]:
        """The digests that the kernel's checks have reported: the end of
        `check_reports` (kern/check/check_report.c), a counter and that many
        words."""
        symbol = self.symbols.symbol("check_reports")
        size = 4 * (1 + CHECK_REPORTS_MAX)
        if symbol.size < size:
            return []
        data = words(self.read(symbol.value + symbol.size - size, size,
                               "check_reports"))
        return list(data[1:1 + data[0]])

    def space(self, pgdir: int, what: str) -> Memory:
        """Memory through the page directory at kernel address `pgdir`, called
        `what`."""
        if pgdir < KERNBASE or pgdir % PGSIZE:
            raise Failed(f"{what} is not the kernel address of a page",
                         seen=f"{pgdir:08x}")
        return Memory(self.memory.physical, pgdir - KERNBASE)

    @cached_property
    def mappings(self) -> List[Mapping]:
        """The loaded address space."""
        return mappings(self.memory)

    @cached_property
    def page_info(self) -> "array[int]":
        """pages[] as numbers: pp_link and pp_ref, alternating (pp_ref with
        garbage above its 16 bits)."""
        size = self.variable("npages") * PAGEINFO_SIZE
        return words(self.read(self.variable("pages"), size, "pages[]"))

    @cached_property
    def references(self) -> "array[int]":
        """pp_ref of each page."""
        return array("I", [ref & 0xFFFF for ref in self.page_info[1::2]])

    @cached_property
    def free_pages(self) -> List[int]:
        """The numbers of the pages on page_free_list, in list order."""
        links, base = self.page_info[0::2], self.variable("pages")
        found: List[int] = []
        seen = bytearray(len(links))
        link = self.variable("page_free_list")
        while link:
            page = (link - base) // PAGEINFO_SIZE
            if (not 0 <= page < len(links)
                    or (link - base) % PAGEINFO_SIZE):
                raise Failed("page_free_list leads out of pages[]",
                             f"elements of pages[] at {base:#010x}",
                             f"a link to {link:#010x} after {len(found)}")
            if seen[page]:
                raise Failed("page_free_list contains a page twice, and so "
                             "goes round in circles",
                             seen=f"page {page * PGSIZE:#x} again after "
                                  f"{len(found)} pages")
            seen[page] = 1
            found.append(page)
            link = links[page]
        return found

    @cached_property
    def _envs(self) -> bytes:
        return self.read(self.variable("envs"), NENV * ENV_SIZE, "envs[]")

    def env(self, index: int) -> Env:
        """Element `index` of envs[]."""
        start = index * ENV_SIZE
        data = self._envs[start:start + ENV_SIZE]
        return Env(TrapFrame.parse(data[:TRAPFRAME_SIZE]),
                   *struct.unpack_from("<7I16xI", data, TRAPFRAME_SIZE))

    @cached_property
    def env_links(self) -> "array[int]":
        """env_link of each element of envs[]."""
        return words(self._envs)[ENV_LINK::ENV_SIZE // 4]

    @cached_property
    def live_envs(self) -> List[int]:
        """The indexes of the environments that are not free."""
        statuses = words(self._envs)[ENV_STATUS::ENV_SIZE // 4]
        return [index for index, status in enumerate(statuses)
                if status != ENV_FREE]

    @cached_property
    def last_trap(self) -> TrapFrame:
        """The frame of the last trap from user mode, at the top of the kernel
        stack; the processor itself wrote its upper half."""
        return TrapFrame.parse(self.read(TRAPFRAME_VA, TRAPFRAME_SIZE,
                                         "the top of the kernel stack"))

    @cached_property
    def idt(self) -> List[Gate]:
        """The loaded IDT."""
        base, limit = self.registers.idt
        data = self.read(base, (limit + 1) // 8 * 8, "the IDT")
        return [parse_gate(low, high)
                for low, high in struct.iter_unpack("<II", data)]

    @cached_property
    def gdt(self) -> List[Segment]:
        """The loaded GDT."""
        base, limit = self.registers.gdt
        data = self.read(base, (limit + 1) // 8 * 8, "the GDT")
        return [_segment(low, high)
                for low, high in struct.iter_unpack("<II", data)]

    @cached_property
    def kernel_stack(self) -> int:
        """The stack for traps in the TSS of CPU 0: ss0 << 32 | esp0."""
        segment = self.gdt[GD_TSS0 // 8]
        esp0: int
        ss0: int
        _, esp0, ss0 = struct.unpack("<III", self.read(segment.base, 12,
                                                       "the TSS"))
        return (ss0 & 0xFFFF) << 32 | esp0


def parse_gate(low: int, high: int) -> Gate:
    """Decodes one gate."""
    return Gate((high & 0xFFFF0000) | (low & 0xFFFF), low >> 16,
                high >> 8 & 0x1F, high >> 13 & 3, bool(high & 0x8000))


def _segment(low: int, high: int) -> Segment:
    """Decodes one segment descriptor."""
    limit = (high & 0xF0000) | (low & 0xFFFF)
    if high & 0x800000:
        limit = limit << 12 | 0xFFF
    base = (high & 0xFF000000) | (high & 0xFF) << 16 | low >> 16
    return Segment(base, limit, high >> 8 & 0x1F, high >> 13 & 3,
                   bool(high & 0x8000), bool(high & 0x400000))
