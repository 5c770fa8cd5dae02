"""From addresses to names, in the kernel and in user programs."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional

from gradelib.layout import PGSIZE, ULIM
from gradelib.memory import Memory, NotMapped
from gradelib.outcome import GraderError
from tools.elf import STT_NOTYPE, Elf, ElfError, Location, Symbol

MAX_FRAMES = 64


class Symbols:
    """The programs of one build, each read on first use."""

    def __init__(self, obj: Path) -> None:
        self._obj = obj
        self._elves: Dict[str, Elf] = {}

    def _load(self, path: str) -> Elf:
        if path not in self._elves:
            try:
                self._elves[path] = Elf.load(self._obj / path)
            except ElfError as err:
                raise GraderError(str(err)) from None
        return self._elves[path]

    @property
    def kernel(self) -> Elf:
        """The kernel, with its debug information."""
        return self._load("kern/kernel")

    def program(self, name: str) -> Elf:
        """User program `name`, with its debug information."""
        return self._load(f"user/{name}")

    def symbol(self, name: str) -> Symbol:
        """A kernel symbol that the grader relies on."""
        try:
            return self.kernel.symbols[name]
        except KeyError:
            raise GraderError(f"the kernel has no symbol {name}: is it a file "
                              "of the staff that was changed?") from None

    def address(self, name: str) -> int:
        """The address of a kernel symbol."""
        return self.symbol(name).value

    def place(self, address: int, program: str = "") -> str:
        """`address` in words; below ULIM it is in user program `program`, if
        there is one."""
        elf, owner = self.kernel, "the kernel"
        if address < ULIM and (self._obj / "user" / program).is_file():
            elf, owner = self.program(program), program
        found = locate(elf, address)
        if found is None:
            return f"{address:#010x}, which is no code of {owner}"
        where = f" ({found.file}:{found.line})" if found.line else ""
        return f"{found.function}+{found.offset}{where}"

    def function_of(self, file: str, line: int) -> str:
        """The kernel function that contains `file`:`line`, or "": the last
        that begins before it. (The line's code is less reliable: it may be
        inlined elsewhere.)"""
        name, start = "", 0
        for function in self.kernel.functions:
            place = self.kernel.lookup(function.start)
            if (place is not None and place.file == file
                    and start < place.line <= line):
                name, start = function.name, place.line
        return name

    def function_at(self, program: str, address: int) -> str:
        """The function of a user program that contains `address`, or "". Far
        faster than the line, which needs the line tables."""
        for function in self.program(program).functions:
            if function.start <= address < function.end:
                return function.name
        return ""

    def inside(self, address: int, name: str) -> bool:
        """Whether `address` is in kernel function `name`."""
        symbol = self.symbol(name)
        return symbol.value <= address < symbol.value + symbol.size


def locate(elf: Elf, address: int) -> Optional[Location]:
    """The function and line of an instruction. Assembly code may have only
    labels, without type and size; then the last label before it counts."""
    found = elf.lookup(address)
    if found is not None:
        return found
    line = next((row for row in reversed(elf.lines)
                 if row.addr <= address), None)
    if line is None or not line.file:
        return None
    labels = [symbol for symbol in elf.all_symbols
              if symbol.type == STT_NOTYPE and symbol.value <= address
              and symbol.section == _section(elf, address)]
    if not labels:
        return None
    label = max(labels, key=lambda symbol: symbol.value)
    return Location(label.name, address - label.value, line.file, line.line)


def _section(elf: Elf, address: int) -> int:
    """The index of the section that contains `address`, -1 if none."""
    for index, section in enumerate(elf.sections):
        if section.addr and 0 <= address - section.addr < section.size:
            return index
    return -1


def return_addresses(memory: Memory, ebp: int) -> List[int]:
    """The return addresses in the chain of stack frames that starts at `ebp`,
    innermost first."""
    found: List[int] = []
    try:
        while ebp and ebp % 4 == 0 and len(found) < MAX_FRAMES:
            found.append(memory.word(ebp + 4))
            caller = memory.word(ebp)
            if not ebp < caller < ebp + 16 * PGSIZE:
                break
            ebp = caller
    except NotMapped:
        pass
    return found
