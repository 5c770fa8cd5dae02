#!/usr/bin/env python3
"""Writes the debug table that a program carries for its own backtraces.

    tools/symtab.py ELF OUT       the table of ELF
    tools/symtab.py --empty OUT   an empty table, to link with the first time

The layout is that of inc/symtab.h: a header, the line rows, the functions
and the strings. File names come first in the strings, because the rows have
only 16 bits for their offsets.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Dict, List

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from elf import CodeRow, Elf, ElfError, Function
from fileio import replace

MAGIC = 0x4D59534A
SYM_NONE = 0xFFFF
USAGE = "usage: symtab.py ELF OUT | --empty OUT"


class Strings:
    """Consecutive NUL-terminated strings, each stored once.

    Offset 0 is the empty string, for rows without a file.
    """

    def __init__(self) -> None:
        self.data = bytearray(1)
        self.offsets: Dict[str, int] = {"": 0}

    def add(self, text: str) -> int:
        """The offset of `text`."""
        if text not in self.offsets:
            self.offsets[text] = len(self.data)
            self.data += text.encode() + b"\0"
        return self.offsets[text]


def table(code: List[CodeRow], functions: List[Function]) -> bytes:
    """The table of `code`; its function numbers index `functions`."""
    if len(functions) >= SYM_NONE:
        raise ElfError(f"{len(functions)} functions are too many")
    strings = Strings()
    rows = []
    for row in code:
        function = SYM_NONE if row.function is None else row.function
        file = strings.add(row.file)
        if file > 0xFFFF:
            raise ElfError("the names of the source files take over 64 KiB")
        if row.line > 0xFFFF:
            raise ElfError(f"{row.file} has more than 65535 lines")
        rows.append(struct.pack("<IHHH", row.addr, function, file, row.line))
    names = [struct.pack("<II", function.start, strings.add(function.name))
             for function in functions]
    strings.data += bytes(-len(strings.data) % 4)
    header = struct.pack("<IIII", MAGIC, len(rows), len(names),
                         len(strings.data))
    return b"".join([header, *rows, *names, strings.data])


def build(elf: Elf) -> bytes:
    """The table of a linked program."""
    return table(elf.code, elf.functions)


def empty() -> bytes:
    """A table whose only row is a hole."""
    return table([CodeRow(0, None, "", 0)], [])


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""
    if len(argv) != 2:
        print(USAGE, file=sys.stderr)
        return 1
    try:
        if argv[0] == "--empty":
            data = empty()
        else:
            elf = Elf.load(Path(argv[0]))
            if not elf.lines:
                raise ElfError(f"{argv[0]}: no line table; compile with -g")
            data = build(elf)
        replace(Path(argv[1]), data)
    except ElfError as err:
        print(f"symtab: {err}", file=sys.stderr)
        return 1
    except OSError as err:
        print(f"symtab: {err.filename}: {err.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
