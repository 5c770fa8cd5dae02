"""Runs that failed, constructed without a machine."""

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from gradelib.case import Case
from gradelib.console import Notice
from gradelib.layout import KERNBASE, PGSIZE, PTE_P, PTE_PS, PTE_W, PTSIZE
from gradelib.memory import Memory
from gradelib.outcome import GraderError
from gradelib.registers import Registers
from gradelib.watch import Ending, Stop
from tools.elf import Location, Segment, Symbol

LOGS = Path(__file__).resolve().parent / "data/interrupts"
SIZE = 4 << 20  # bytes of memory
PGDIR = 0x300000  # the physical address of the directory that is loaded
CODE = KERNBASE + 0x100000
ABSENT = {name: 0 for name in (
    "EAX", "EBX", "ECX", "EDX", "ESI", "EDI", "EBP", "ESP", "EIP", "EFL",
    "CS", "SS", "DS", "ES", "CR0", "CR2", "CR3", "CPL", "HLT")}


@dataclass
class FakeElf:
    """A program with functions at [start, end), a line every four bytes."""

    functions: Dict[str, Tuple[int, int, str]] = field(default_factory=dict)
    symbols: Dict[str, Symbol] = field(default_factory=dict)
    text: bytes = b""  # its code, from CODE on

    lines: Tuple[()] = ()

    def lookup(self, address: int) -> Optional[Location]:
        for name, (start, end, file) in self.functions.items():
            if start <= address < end:
                offset = address - start
                return Location(name, offset, file, 1 + offset // 4)
        return None

    @property
    def segments(self) -> List[Segment]:
        size = len(self.text)
        return [Segment(1, 0, CODE, CODE - KERNBASE, size, size, 5, PGSIZE)]

    def read(self, va: int, size: int) -> bytes:
        return self.text[va - CODE:va - CODE + size]

    def name(self, symbol: str, address: int) -> None:
        """Gives it a symbol."""
        self.symbols[symbol] = Symbol(symbol, address, 4, 1, 1, 1)


@dataclass
class FakeSymbols:
    """Symbols of a kernel and of one program."""

    kernel: FakeElf
    user: FakeElf = field(default_factory=FakeElf)

    def program(self, name: str) -> FakeElf:
        if name != "prog":
            raise GraderError(f"no {name}")
        return self.user

    def address(self, name: str) -> int:
        if name not in self.kernel.symbols:
            raise GraderError(f"no symbol {name}")
        return self.kernel.symbols[name].value

    def place(self, address: int, program: str = "") -> str:
        found = (self.user if program else self.kernel).lookup(address)
        return f"{found.function}" if found else f"{address:#010x}"


class Ram:
    """Physical memory, with KERNBASE mapped to it."""

    def __init__(self) -> None:
        self.data = bytearray(SIZE)
        self.put(PGDIR + KERNBASE // PTSIZE * 4, PTE_P | PTE_W | PTE_PS)

    def put(self, address: int, *words: int) -> None:
        """Writes numbers, at a physical or a kernel address."""
        struct.pack_into(f"<{len(words)}I", self.data, address % KERNBASE,
                         *words)

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.data[address:address + size]).ljust(size, b"\xff")

    def memory(self, directory: int = PGDIR) -> Memory:
        return Memory(self.read, directory)


def registers(idt: Tuple[int, int] = (0, 0x3FF), **values: int) -> Registers:
    """Registers with these values, the others 0; paging is on."""
    return Registers({**ABSENT, "CR0": 0x80000011, "CR3": PGDIR, **values},
                     idt, (0, 0))


def kernel() -> FakeElf:
    """A kernel with some functions of the real one."""
    elf = FakeElf({
        "memcpy": (CODE, CODE + 0x100, "lib/string.c"),
        "load_icode": (CODE + 0x100, CODE + 0x200, "kern/env.c"),
        "i386_init": (CODE + 0x200, CODE + 0x300, "kern/init.c"),
        "trap": (CODE + 0x300, CODE + 0x400, "kern/trap.c"),
        "_alltraps": (CODE + 0x400, CODE + 0x420, "kern/trapentry.S"),
        "trap_page_fault": (CODE + 0x420, CODE + 0x430, "kern/trapentry.S"),
        "_panic": (CODE + 0x500, CODE + 0x600, "kern/panic.c"),
        "readline": (CODE + 0x600, CODE + 0x700, "lib/readline.c"),
        "spin_lock": (CODE + 0x700, CODE + 0x800, "kern/spinlock.c"),
    })
    for index, name in enumerate(("kern_pgdir", "envs", "curenv")):
        elf.name(name, CODE + 0x10000 + 16 * index)
    elf.name("idt", CODE + 0x11000)
    elf.name("entry_pgdir", CODE + 0x12000)
    return elf


def case(ram: Ram, seen: Registers, stop: Stop = Stop.RESET,
         panic: Optional[Notice] = None, log: Optional[str] = None,
         elf: Optional[FakeElf] = None, program: str = "") -> Case:
    """A run of that kernel."""
    user = FakeElf({"umain": (0x800000, 0x800100, "user/prog.c")})
    symbols = FakeSymbols(elf or kernel(), user)
    return Case(Ending(stop, panic), symbols,  # type: ignore[arg-type]
                seen, ram.memory(seen["CR3"]), program=program, log=log,
                memory_size=SIZE)


def recorded(name: str) -> str:
    """A log of QEMU's, or the end of one."""
    return (LOGS / f"{name}.log").read_text()
