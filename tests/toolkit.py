"""Shared by the tests of the host tools: programs to test them with.

The ELF files are made by each installed compiler and linker, and some by hand,
if no compiler would make them.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

import programs  # noqa: E402
from elf import Elf  # noqa: E402

SOURCES = {
    "inc/x.h": """\
static inline __attribute__((always_inline)) int
twice(int x)
{
\tvolatile int y = x;
\treturn y * 2;
}
""",
    "kern/a.c": """\
#include <inc/x.h>
int b(int);
int table[3] = {1, 2, 3};
int zeroes[100];
__attribute__((noinline)) static int
sum(int n)
{
\tint s = 0;
\tfor (int i = 0; i < n; i++)
\t\ts += b(i) + table[i % 3];
\treturn s;
}
int
unused(int n)
{
\treturn sum(n) + twice(n);
}
int
start(int n)
{
\tzeroes[n] = sum(n) + twice(n);
\tfor (;;)
\t\tb(zeroes[n]);
}
""",
    "kern/b.c": """\
#include <inc/x.h>
int quick(int);
static volatile int table = 4;
__attribute__((noinline)) int
b(int n)
{
\treturn twice(n) + quick(n) + table;
}
""",
    "kern/e.S": """\
#define THREE 3
\t.text
lone:
\t.rept 40
\tnop
\t.endr
\t.globl quick
quick:
\tmovl 4(%esp), %eax
\taddl $THREE, %eax
inner:
\tdecl %ecx
\tjnz inner
\tret
\t.section .note.GNU-stack,"",@progbits
""",
    "user.ld": """\
ENTRY(start)
SECTIONS
{
\t. = 0x800020;
\t.text : { *(.text .text.*) }
\t.rodata : { *(.rodata .rodata.*) }
\t. = ALIGN(0x1000);
\t.data : { *(.data .data.*) }
\t.bss : { *(.bss .bss.* COMMON) }
\t/DISCARD/ : { *(.eh_frame .note.* .comment) }
}
""",
}
CFLAGS = ["-m32", "-I.", "-O1", "-ffreestanding", "-fno-pic",
          "-fno-stack-protector", "-ffunction-sections", "-fcommon"]


def run(command: List[str], cwd: Path, text: str = "") -> str:
    """Runs a command, which must succeed; its standard output."""
    done = subprocess.run(command, cwd=cwd, input=text, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def call(main: Callable[[List[str]], int],
         *args: object) -> Tuple[int, str, str]:
    """A tool's exit status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(arg) for arg in args])
    return status, out.getvalue(), err.getvalue()


def linkers() -> List[str]:
    """The linkers on this machine."""
    return [name for name in ("ld", "ld.lld") if shutil.which(name)]


def build(top: Path, compiler: str, version: int, linker: str) -> Path:
    """Makes the program of SOURCES, linked like user programs."""
    out = top / f"{compiler}{version}-{linker}"
    objects = [f"{name}.o" for name in ("a", "b", "e")]
    run([compiler, *CFLAGS, "-g", f"-gdwarf-{version}", "-c", "kern/a.c",
         "kern/b.c", "kern/e.S"], top)
    run([linker, "-m", "elf_i386", "--gc-sections", "-T", "user.ld", "-o",
         str(out), *objects], top)
    return out


class Scratch(unittest.TestCase):
    """A test with its own directory, self.dir."""

    def setUp(self) -> None:
        self.dir = Path(tempfile.mkdtemp(prefix="jos-tools-"))
        self.addCleanup(shutil.rmtree, str(self.dir))

    def fails(self, said: str, main: Callable[[List[str]], int],
              *args: object) -> None:
        """`main` must fail with one line that contains `said`."""
        status, _, err = call(main, *args)
        self.assertEqual(status, 1)
        self.assertIn(said, err)
        self.assertEqual(err.count("\n"), 1, err)


class Compiled(Scratch):
    """Tests with programs made by the compilers that are installed."""

    built: Dict[str, Path] = {}
    top = Path()

    @classmethod
    def setUpClass(cls) -> None:
        found = [name for name in ("gcc", "clang") if shutil.which(name)]
        if not found or not linkers():
            raise unittest.SkipTest("no compiler or no linker")
        cls.top = Path(tempfile.mkdtemp(prefix="jos-tools-")).resolve()
        cls.addClassCleanup(shutil.rmtree, str(cls.top))
        for name, text in SOURCES.items():
            (cls.top / name).parent.mkdir(exist_ok=True)
            (cls.top / name).write_text(text)
        cls.built = {}
        for compiler in found:
            versions = (2, 3, 4, 5) if compiler == "gcc" else (4, 5)
            for version in versions:
                linker = linkers()[version % len(linkers())]
                path = build(cls.top, compiler, version, linker)
                cls.built[path.name] = path

    def elves(self) -> Dict[str, Elf]:
        """Every program, by compiler, version and linker."""
        return {name: Elf.load(path, self.top)
                for name, path in self.built.items()}

    def code(self, elf: Elf) -> List[int]:
        """Every address in the functions of a program."""
        return [addr for function in elf.functions
                for addr in range(function.start, function.end)]


def unit(version: int = 4, program: bytes = b"", line_range: int = 14,
         names: Optional[bytes] = None, lengths: bytes = bytes.fromhex(
             "000101010100000001000001")) -> bytes:
    """One unit of .debug_line for a file k/f.c, like that of GNU as."""
    if names is None:
        names = (b"k\0\0f.c\0\1\0\0\0" if version < 5 else
                 b"\1\1\x08\2/top\0k\0" + b"\2\1\x08\2\x0b\2f.c\0\1f.c\0\1")
    head = bytes([1] + [1] * (version >= 4) + [1, 0xFB, line_range,
                                              len(lengths) + 1])
    head += lengths + names
    body = struct.pack("<H", version)
    if version >= 5:
        body += b"\4\0"
    body += struct.pack("<I", len(head)) + head + program
    return struct.pack("<I", len(body)) + body


def crafted(debug_line: bytes, flags: int = 0) -> bytes:
    """An ELF file with 256 KiB of .text at 0x1000 and this .debug_line."""
    names = b"\0.text\0.debug_line\0.shstrtab\0"
    sections = [(0,) * 10,
                (1, 8, 6, 0x1000, 0, 0x40000, 0, 0, 1, 0),
                (7, 1, flags, 0, 52, len(debug_line), 0, 0, 1, 0),
                (19, 3, 0, 0, 52 + len(debug_line), len(names), 0, 0, 1, 0)]
    header = programs.IDENT + struct.pack(
        "<HHIIIIIHHHHHH", 2, 3, 1, 0x1000, 0,
        52 + len(debug_line) + len(names), 0, 52, 32, 0, 40, 4, 3)
    return header + debug_line + names + b"".join(
        struct.pack("<10I", *fields) for fields in sections)
