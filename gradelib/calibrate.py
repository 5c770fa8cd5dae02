"""Measuring this host with a kernel that is known to work."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Tuple

from gradelib.limits import SLOWEST_BOOT
from gradelib.machine import Machine
from gradelib.setup import Setup
from gradelib.outcome import GraderError

LOAD_ADDRESS = 0x100000
SIGN_OF_LIFE = b"!"


def stub_kernel() -> bytes:
    """A kernel that prints one character on the serial line and halts.

    Source: "Multiboot Specification version 0.6.96", "OS image format"; the
    header carries addresses, so that the file need not be ELF.
    """
    magic, flags = 0x1BADB002, 1 << 16
    header = struct.pack("<8I", magic, flags, -(magic + flags) & 0xFFFFFFFF,
                         LOAD_ADDRESS, LOAD_ADDRESS, 0, 0, LOAD_ADDRESS + 32)
    return header + bytes([
        0x66, 0xBA, 0xF8, 0x03,     # movw $0x3f8, %dx
        0xB0, SIGN_OF_LIFE[0],      # movb $SIGN_OF_LIFE, %al
        0xEE,                       # outb %al, %dx
        0xFA,                       # cli
        0xF4,                       # hlt
        0xEB, 0xFD,                 # jmp back to hlt
    ])


def measure(qemu: Tuple[str, ...], scratch: Path) -> float:
    """The processor time in which this QEMU starts a kernel."""
    kernel = scratch / "stub"
    kernel.write_bytes(stub_kernel())
    machine = Machine(Setup(qemu, kernel), scratch)
    try:
        while SIGN_OF_LIFE not in machine.console.data:
            machine.pump(1.0)
            if machine.wall_seconds() > SLOWEST_BOOT:
                raise GraderError("this host is too slow or too busy: QEMU "
                                  f"does not boot in {SLOWEST_BOOT:.0f} s")
        return machine.cpu_seconds()
    finally:
        machine.close()
