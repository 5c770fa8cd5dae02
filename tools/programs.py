#!/usr/bin/env python3
"""Makes the images of the user programs and the kernel's table of them.

    tools/programs.py -o obj/user/programs.S FILE...

Each FILE is a linked program. The tool writes FILE.img, which the kernel
embeds: the loaded segments without symbols and sections, and one more segment
at USTABDATA with the program's debug table. A FILE whose name ends in .img is
embedded unchanged, whatever it contains.

The table has checksums of the images, so programs.S changes exactly when an
image does.
"""

from __future__ import annotations

import re
import struct
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, NamedTuple

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import symtab
from elf import EM_386, ET_EXEC, PF_R, PT_LOAD, Elf, ElfError
from fileio import replace

USTABDATA = 0x200000
EHSIZE, PHSIZE = 52, 32
IDENT = b"\x7fELF\x01\x01\x01".ljust(16, b"\0")
USAGE = "usage: programs.py -o OUT.S FILE..."


class Load(NamedTuple):
    """A segment to load; the rest after `data` is zero."""

    va: int
    data: bytes
    memsz: int
    flags: int


@dataclass
class Program:
    """One entry of the kernel's table."""

    name: str
    path: Path
    size: int
    crc: int


def image(entry: int, loads: List[Load]) -> bytes:
    """An ELF program of only these segments.

    Each starts at the next offset that equals its address modulo 4: the file
    stays small, and the debug table can be read in place.
    """
    offset = EHSIZE + PHSIZE * len(loads)
    headers, contents = [], []
    for load in loads:
        gap = (load.va - offset) % 4
        offset += gap
        headers.append(struct.pack("<8I", PT_LOAD, offset, load.va, load.va,
                                   len(load.data), load.memsz, load.flags, 4))
        contents.append(bytes(gap) + load.data)
        offset += len(load.data)
    ehdr = IDENT + struct.pack("<HHIIIIIHHHHHH", ET_EXEC, EM_386, 1, entry,
                               EHSIZE, 0, 0, EHSIZE, PHSIZE, len(loads), 0, 0,
                               0)
    return b"".join([ehdr, *headers, *contents])


def strip(elf: Elf) -> bytes:
    """The image of a linked program."""
    table = symtab.build(elf)
    loads = [Load(seg.va, elf.data[seg.offset:seg.offset + seg.filesz],
                  seg.memsz, seg.flags)
             for seg in elf.segments if seg.type == PT_LOAD and seg.memsz]
    for load in loads:
        if (load.va < USTABDATA + len(table)
                and USTABDATA < load.va + load.memsz):
            raise ElfError(f"the segment at {load.va:#010x} is where the "
                           "debug table goes")
    loads.append(Load(USTABDATA, table, len(table), PF_R))
    return image(elf.entry, loads)


def tools_time() -> int:
    """When the newest of the tools that determine an image was changed."""
    here = Path(__file__).resolve()
    return max(here.with_name(name).stat().st_mtime_ns
               for name in (here.name, "elf.py", "symtab.py"))


def make_image(source: Path, newest_tool: int) -> Path:
    """Brings the image of the program `source` up to date."""
    path = source.with_name(source.name + ".img")
    changed = max(source.stat().st_mtime_ns, newest_tool)
    if not path.exists() or path.stat().st_mtime_ns <= changed:
        try:
            replace(path, strip(Elf.load(source)))
        except ElfError as err:
            # A table of an earlier link must not be taken for this one's.
            if path.exists():
                path.unlink()
            text = str(err)
            raise ElfError(text if text.startswith(str(source))
                           else f"{source}: {text}") from None
    return path


def collect(sources: List[Path]) -> List[Program]:
    """Makes all images; the programs by name."""
    found: Dict[str, Program] = {}
    newest_tool = tools_time()
    for source in sources:
        path = (source if source.suffix == ".img"
                else make_image(source, newest_tool))
        name = path.name[:-len(".img")]
        if not re.fullmatch(r"[A-Za-z0-9_.+-]+", name):
            raise ElfError(f"{source}: not a name for a program")
        if re.search(r'["\\\n]', str(path)):
            raise ElfError(f"{path}: the assembler cannot include that path")
        if name in found:
            raise ElfError(f"{source}: there is another program {name}, "
                           f"{found[name].path}")
        data = path.read_bytes()
        found[name] = Program(name, path, len(data), zlib.crc32(data))
    return [found[name] for name in sorted(found)]


def assembly(programs: List[Program]) -> str:
    """The source of the table, in GNU assembler syntax."""
    out = ["/* Made by tools/programs.py from the programs it names. */", "",
           '\t.section .rodata,"a",@progbits',
           "\t.globl programs, nprograms",
           "\t.p2align 2",
           "\t.type programs, @object",
           "programs:"]
    for i, prog in enumerate(programs):
        out.append(f"\t.long .Lname{i}, .Lstart{i}, {prog.size}")
    out += ["\t.size programs, . - programs",
            "\t.type nprograms, @object",
            "nprograms:",
            f"\t.long {len(programs)}",
            "\t.size nprograms, 4"]
    for i, prog in enumerate(programs):
        out += ["", f"/* {prog.name}: crc {prog.crc:08x} */",
                f'.Lname{i}:\t.asciz "{prog.name}"',
                "\t.p2align 2",
                f'.Lstart{i}:\t.incbin "{prog.path}"']
    out += ["", '\t.section .note.GNU-stack,"",@progbits', ""]
    return "\n".join(out)


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""
    if len(argv) < 2 or argv[0] != "-o":
        print(USAGE, file=sys.stderr)
        return 1
    out = Path(argv[1])
    try:
        text = assembly(collect([Path(arg) for arg in argv[2:]])).encode()
        if not out.exists() or out.read_bytes() != text:
            replace(out, text)
    except ElfError as err:
        print(f"programs: {err}", file=sys.stderr)
        return 1
    except OSError as err:
        print(f"programs: {err.filename}: {err.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
