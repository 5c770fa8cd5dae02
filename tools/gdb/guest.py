"""Registers and memory of the stopped machine under the debugger."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator, Optional

import gdb

from tools.gdb.headers import constants

PGSIZE = 4096
KERNBASE = constants("inc/memlayout.h")["KERNBASE"]
CR0_PG = constants("inc/mmu.h")["CR0_PG"]


class JosError(Exception):
    """A command cannot do its work; the text is for the user."""


def check_stopped() -> None:
    """Fails unless there is a stopped machine to look at."""
    thread = gdb.selected_thread()
    if thread is None or not thread.is_valid():
        raise JosError("there is no machine: run 'make qemu-gdb' in another "
                       "terminal, then type jos-connect here")
    if thread.is_running():
        raise JosError("the machine is running: stop it with ctrl-C first")


def register(name: str) -> int:
    """A register's current value, whichever frame the user has selected."""
    value = gdb.newest_frame().read_register(name)
    return int(value) & 0xFFFFFFFF


def paging_on() -> bool:
    """Whether paging is enabled."""
    return bool(register("cr0") & CR0_PG)


@contextmanager
def _physical() -> Iterator[None]:
    """Makes addresses physical within the block.

    Source: QEMU documentation, "GDB usage", "Examining physical memory".
    """
    answer = gdb.execute("maint packet Qqemu.PhyMemMode:1", to_string=True)
    if '"OK"' not in answer:
        raise JosError("this QEMU does not show physical memory: "
                       "4.1 or later is needed")
    try:
        yield
    finally:
        gdb.execute("maint packet Qqemu.PhyMemMode:0", to_string=True)


def _read(address: int, size: int) -> Optional[bytes]:
    """Memory, or None where there is none."""
    try:
        return bytes(gdb.selected_inferior().read_memory(address, size))
    except gdb.MemoryError:
        return None


def read_physical(pa: int, size: int) -> Optional[bytes]:
    """Physical memory."""
    with _physical():
        return _read(pa, size)


def read_virtual(va: int, size: int) -> Optional[bytes]:
    """Virtual memory of the running code; None unless all of it is mapped."""
    return _read(va, size)


def read_kernel(va: int, size: int) -> Optional[bytes]:
    """Memory of the kernel.

    Read as physical memory, so that it works before paging is on, and with
    broken page tables.
    """
    if va >= KERNBASE:
        return read_physical(va - KERNBASE, size)
    return read_virtual(va, size)
