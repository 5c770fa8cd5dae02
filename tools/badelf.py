#!/usr/bin/env python3
"""Writes tiny programs for testing the kernel's loader.

    tools/badelf.py OUTDIR

`goodtiny` is valid and only exits. `goododd` does the same; it is also valid,
but unlike a linker's output. Each of the others is goodtiny with one fault, so
a loader that accepts it lacks exactly that check. They are named
OUTDIR/NAME.img, as tools/programs.py expects.
"""

from __future__ import annotations

import dataclasses
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from elf import EM_386, ET_EXEC, PF_R, PF_W, PF_X, PT_LOAD
from fileio import replace

UTOP = 0xEEC00000
USTACKTOP = 0xEEBFE000
PGSIZE = 0x1000
PT_NOTE = 4
TEXT_VA, DATA_VA = 0x800020, 0x801000
EHSIZE, PHSIZE = 52, 32

# The system call env_destroy for itself. Its one argument is 0 in %edx. The
# values in the other four argument registers show the grader whether the kernel
# takes each argument from its register.
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


def _file_header(phoff: int, entry: int, phnum: int, machine: int = EM_386,
                 ident: bytes = b"\x7fELF\x01") -> bytes:
    """The header at the start of an ELF file."""
    return ((ident + b"\x01\x01").ljust(16, b"\0")
            + struct.pack("<HHIIIIIHHHHHH", ET_EXEC, machine, 1, entry, phoff,
                          0, 0, EHSIZE, PHSIZE, phnum, 0, 0, 0))


@dataclass(frozen=True)
class Tiny:
    """The fields of the program's headers; the defaults are valid."""

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
        header = _file_header(self.phoff, self.entry, 2, self.machine,
                              self.magic + bytes([self.elf_class]))
        text = struct.pack("<8I", self.type, TEXT_OFFSET, TEXT_VA, 0,
                           len(TEXT), len(TEXT), PF_R | PF_X, 4)
        data = struct.pack("<8I", self.type, self.data_offset, self.data_va,
                           0, self.data_filesz, self.data_memsz, PF_R | PF_W,
                           4)
        return header + text + data + TEXT + DATA


def odd() -> bytes:
    """A program with every unusual feature that a loader must handle.

    Its program headers are at the end of the file, and the bytes after them look
    like one more. One header is not of type PT_LOAD. The segments are in order of
    falling addresses; two share a page, one has no bytes in the file, one is
    empty. The entry point is not at the start, and the physical addresses are
    meaningless."""
    entry = 4  # bytes into the text
    text = bytes.fromhex("0f0b0f0b") + TEXT  # ud2, ud2
    data_offset = EHSIZE + len(text)
    phoff = (data_offset + len(DATA) + 3) & ~3
    data_va = TEXT_VA + 0x7F0

    def header(kind: int, offset: int, va: int, filesz: int,
               memsz: int) -> bytes:
        return struct.pack("<8I", kind, offset, va, ~va & 0xFFFFFFFF, filesz,
                           memsz, PF_R | PF_W | PF_X, 1)

    headers = [
        header(PT_LOAD, 0, 0xB00010, 0, 0),
        header(PT_NOTE, 0, 0xA00000, 16, 16),
        header(PT_LOAD, 0, TEXT_VA + 2 * PGSIZE - 0x30, 0, 0x60),
        header(PT_LOAD, data_offset, data_va, len(DATA), PGSIZE),
        header(PT_LOAD, EHSIZE, TEXT_VA, len(text), len(text)),
    ]
    bait = header(PT_LOAD, 0, 0x900000, 16, 16)
    start = _file_header(phoff=phoff, entry=TEXT_VA + entry,
                         phnum=len(headers))
    return b"".join([(start + text + DATA).ljust(phoff, b"\0"), *headers,
                     bait])


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
        # Bad file offsets of a segment; in the second, the sum wraps.
        "badoffset": {"data_offset": SIZE - len(DATA) + 1},
        "badoffwrap": {"data_offset": 0xFFFFFFFE},
        "badsize": {"data_memsz": len(DATA) - 1},
        # Bad addresses: at UTOP, across it, wrapping around the end of the
        # address space to an end that looks harmless, and inside the stack.
        "badabove": {"data_va": UTOP},
        "badcross": {"data_va": UTOP - 8},
        "badwrap": {"data_memsz": 0xFFFFF000},
        "badstack": {"data_va": USTACKTOP - PGSIZE - 8},
    }
    tiny = {name: dataclasses.replace(Tiny(), **change).image()
            for name, change in changes.items()}
    return {"goododd": odd(), **tiny}


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
