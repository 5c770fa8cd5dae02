#!/usr/bin/env python3
"""Writes tiny programs that the kernel's loader must refuse.

    tools/badelf.py OUTDIR

`goodtiny` is valid and only exits. Each of the others is the same program
with one thing wrong, so that a loader that takes it lacks just that check.
They are named OUTDIR/NAME.img, as tools/programs.py takes them.
"""

from __future__ import annotations

import dataclasses
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

from elf import EM_386, ET_EXEC, PF_R, PF_W, PF_X, PT_LOAD
from fileio import replace

UTOP = 0xEEC00000
USTACKTOP = 0xEEBFE000
PGSIZE = 0x1000
TEXT_VA, DATA_VA = 0x800020, 0x801000
EHSIZE, PHSIZE = 52, 32

# The system call env_destroy of itself. It has one argument, 0 in %edx; what
# the registers of the other four hold tells the grader whether the kernel takes
# each argument from its register.
TEXT = bytes.fromhex("b803000000"   # movl $3, %eax
                     "31d2"         # xorl %edx, %edx
                     "b922222222"   # movl $0x22222222, %ecx
                     "bb33333333"   # movl $0x33333333, %ebx
                     "bf44444444"   # movl $0x44444444, %edi
                     "be55555555"   # movl $0x55555555, %esi
                     "cd30"         # int $0x30
                     "ebfe")        # jmp .
DATA = b"data"
TEXT_OFFSET = EHSIZE + 2 * PHSIZE
DATA_OFFSET = TEXT_OFFSET + len(TEXT)
SIZE = DATA_OFFSET + len(DATA)


@dataclass(frozen=True)
class Tiny:
    """What is in the program's headers; valid as it stands."""

    magic: bytes = b"\x7fELF"
    elf_class: int = 1
    machine: int = EM_386
    entry: int = TEXT_VA
    phoff: int = EHSIZE
    type: int = PT_LOAD
    data_offset: int = DATA_OFFSET
    data_va: int = DATA_VA
    data_filesz: int = len(DATA)
    data_memsz: int = 16

    def image(self) -> bytes:
        """The program as a file."""
        ident = (self.magic + bytes([self.elf_class, 1, 1])).ljust(16, b"\0")
        header = struct.pack("<HHIIIIIHHHHHH", ET_EXEC, self.machine, 1,
                             self.entry, self.phoff, 0, 0, EHSIZE, PHSIZE, 2,
                             0, 0, 0)
        text = struct.pack("<8I", self.type, TEXT_OFFSET, TEXT_VA, 0,
                           len(TEXT), len(TEXT), PF_R | PF_X, 4)
        data = struct.pack("<8I", self.type, self.data_offset, self.data_va,
                           0, self.data_filesz, self.data_memsz, PF_R | PF_W,
                           4)
        return ident + header + text + data + TEXT + DATA


def images() -> Dict[str, bytes]:
    """All images by name."""
    changes: Dict[str, Dict[str, object]] = {
        "goodtiny": {},
        # The headers.
        "badmagic": {"magic": b"\x7eELF"},
        "badclass": {"elf_class": 2},
        "badmachine": {"machine": 62},
        "badtrunc": {"phoff": SIZE - PHSIZE},
        "badentry": {"entry": 0x900000},
        "badempty": {"type": 0},
        # Where a segment's bytes come from; the sum wraps in the second.
        "badoffset": {"data_offset": SIZE - len(DATA) + 1},
        "badoffwrap": {"data_offset": 0xFFFFFFFE},
        "badsize": {"data_memsz": len(DATA) - 1},
        # Where they go: at UTOP, across it, around the end of the address
        # space to a harmless looking end, and into the stack.
        "badabove": {"data_va": UTOP},
        "badcross": {"data_va": UTOP - 8},
        "badwrap": {"data_memsz": 0xFFFFF000},
        "badstack": {"data_va": USTACKTOP - PGSIZE - 8},
    }
    return {name: dataclasses.replace(Tiny(), **change).image()
            for name, change in changes.items()}


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""
    if len(argv) != 1 or argv[0].startswith("-"):
        print("usage: badelf.py OUTDIR", file=sys.stderr)
        return 1
    try:
        out = Path(argv[0])
        out.mkdir(parents=True, exist_ok=True)
        for name, data in images().items():
            path = out / f"{name}.img"
            if not path.exists() or path.read_bytes() != data:
                replace(path, data)
    except OSError as err:
        print(f"badelf: {err.filename}: {err.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
