"""Reads 32-bit little-endian ELF programs and the line tables in them.

The build, the grader and the debugger all turn addresses into functions and
lines. They do it here, without binutils, so that a machine with only clang and
lld gives the same answers:

    elf = Elf.load(Path("obj/kern/kernel"))
    elf.symbols["pages"].value
    elf.lookup(0xf0100040)    # Location("i386_init", 4, "kern/init.c", 21)

Sources: System V ABI, "Object Files" and its Intel 386 supplement; DWARF
versions 2 to 5, "Line Number Information".
"""

from __future__ import annotations

import posixpath
import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import (Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple,
                    Type, TypeVar)

EM_386 = 3
ET_REL, ET_EXEC = 1, 2
PT_LOAD = 1
PF_X, PF_W, PF_R = 1, 2, 4
SHT_SYMTAB, SHT_NOBITS = 2, 8
SHF_ALLOC, SHF_EXECINSTR, SHF_COMPRESSED = 0x2, 0x4, 0x800
SHN_RESERVED = 0xFF00
STB_LOCAL, STB_GLOBAL, STB_WEAK = 0, 1, 2
STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_SECTION, STT_FILE = 0, 1, 2, 3, 4
PADDING = 16  # the alignment of functions


class ElfError(Exception):
    """The file is not valid; the text says where and why."""


class Section(NamedTuple):
    """One section header, its name resolved."""

    name: str
    type: int
    flags: int
    addr: int
    offset: int
    size: int
    link: int
    entsize: int


class Segment(NamedTuple):
    """One program header, in the order of the file."""

    type: int
    offset: int
    va: int
    pa: int
    filesz: int
    memsz: int
    flags: int
    align: int


class Symbol(NamedTuple):
    """One symbol; `section` is its index or one of the reserved numbers."""

    name: str
    value: int
    size: int
    type: int
    bind: int
    section: int


class Function(NamedTuple):
    """A named range of code: [start, end)."""

    start: int
    end: int
    name: str


class Line(NamedTuple):
    """Code from `addr` up to the next row's belongs to `file`:`line`.

    In a hole, which the table does not cover, `file` is empty and `line` is 0.
    """

    addr: int
    file: str
    line: int


class CodeRow(NamedTuple):
    """A Line with its function: an index into Elf.functions, or None where
    there is no function."""

    addr: int
    function: Optional[int]
    file: str
    line: int


class Location(NamedTuple):
    """What is known of an address; without a line, `file` is "" and `line` 0."""

    function: str
    offset: int
    file: str
    line: int


class Reader:
    """Reads numbers and strings from a range of bytes, never past its end."""

    def __init__(self, data: bytes, pos: int, what: str) -> None:
        self.data = data
        self.pos = pos
        self.what = what

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        end = self.pos + size
        if end > len(self.data):
            raise ElfError(f"{self.what} is cut short at offset {self.pos:#x}")
        piece = self.data[self.pos:end]
        self.pos = end
        return piece

    def uint(self, size: int) -> int:
        """An unsigned number of `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def uleb(self) -> int:
        """An unsigned LEB128 number."""
        value = shift = 0
        while True:
            byte = self.uint(1)
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise ElfError(f"{self.what} has a number without an end "
                               f"before offset {self.pos:#x}")

    def sleb(self) -> int:
        """A signed LEB128 number."""
        start = self.pos
        value = self.uleb()
        bits = 7 * (self.pos - start)
        return value - (1 << bits) if value >> (bits - 1) else value

    def text(self) -> str:
        """A string up to its NUL."""
        end = self.data.find(b"\0", self.pos)
        if end < 0:
            raise ElfError(f"{self.what} has a string without an end "
                           f"at offset {self.pos:#x}")
        piece = self.data[self.pos:end]
        self.pos = end + 1
        return piece.decode("utf-8", "replace")


RawRow = Tuple[int, int, int]  # address, number of the file, line


@dataclass
class LineStrings:
    """The string sections that a version 5 line table refers to."""

    line_str: bytes
    debug_str: bytes

    def text(self, form: int, offset: int) -> str:
        """The string that DW_FORM_line_strp or DW_FORM_strp refers to."""
        name, data = ((".debug_line_str", self.line_str) if form == 0x1F
                      else (".debug_str", self.debug_str))
        if offset >= len(data):
            raise ElfError(f".debug_line: offset {offset:#x} lies outside "
                           f"{name}")
        return Reader(data, offset, name).text()


class LineUnit:
    """One unit of .debug_line: a header, its files and its line program."""

    # The size of each form of a version 5 entry that has a fixed size.
    FORM_SIZES = {0x05: 2, 0x06: 4, 0x07: 8, 0x0B: 1, 0x0E: 4, 0x1E: 16,
                  0x1F: 4}

    def __init__(self, data: bytes, pos: int, strings: LineStrings) -> None:
        """Reads the header of the unit at `pos`."""
        self.what = f".debug_line: the unit at offset {pos:#x}"
        self.strings = strings
        reader = Reader(data, pos, self.what)
        length = reader.uint(4)
        if length >= 0xFFFFFFF0:
            raise ElfError(f"{self.what} is 64-bit DWARF")
        self.end = reader.pos + length
        if self.end > len(data):
            raise ElfError(f"{self.what} runs past the end of the section")
        self.reader = Reader(data[:self.end], reader.pos, self.what)
        self.version = self.reader.uint(2)
        if not 2 <= self.version <= 5:
            raise ElfError(f"{self.what} is of DWARF version {self.version}, "
                           "which is not known")
        self.directories: List[str] = []
        self.files: List[str] = []
        self._header()

    def _header(self) -> None:
        """Reads the header up to the file names, then the names."""
        reader = self.reader
        if self.version >= 5 and reader.uint(1) != 4:
            raise ElfError(f"{self.what} is not of 32-bit code")
        if self.version >= 5:
            reader.uint(1)
        length = reader.uint(4)
        self.program = reader.pos + length
        if self.program > self.end:
            raise ElfError(f"{self.what} has a header longer than itself")
        self.min_inst = reader.uint(1)
        if self.version >= 4 and reader.uint(1) > 1:
            raise ElfError(f"{self.what} is of a VLIW machine")
        reader.uint(1)
        line_base = (reader.uint(1) ^ 0x80) - 0x80
        line_range = reader.uint(1)
        self.opcode_base = reader.uint(1)
        if line_range == 0 or self.opcode_base == 0:
            raise ElfError(f"{self.what} has a line range or opcode base of 0")
        self.lengths = b"\0" + reader.take(self.opcode_base - 1)
        # What each special opcode adds. A table is faster than dividing, and
        # most rows come from one of these.
        codes = [max(op - self.opcode_base, 0) for op in range(256)]
        self.steps = [code // line_range * self.min_inst for code in codes]
        self.lines = [line_base + code % line_range for code in codes]
        if self.version >= 5:
            self._names5()
        else:
            self._names2()

    def _names2(self) -> None:
        """Reads the directories and files as versions 2 to 4 write them."""
        self.directories = [""]
        self.files = [""]
        while True:
            name = self.reader.text()
            if not name:
                break
            self.directories.append(name)
        while True:
            name = self.reader.text()
            if not name:
                break
            self._add_file(name, self.reader.uleb())
            self.reader.uleb()  # time and length of the file, never filled in
            self.reader.uleb()

    def _add_file(self, name: str, index: int) -> None:
        """Adds one file; its name may already be absolute."""
        if index >= len(self.directories):
            raise ElfError(f"{self.what} puts {name} in directory {index} "
                           f"of {len(self.directories)}")
        self.files.append(posixpath.join(self.directories[index], name))

    def _names5(self) -> None:
        """Reads the directories and files as version 5 writes them."""
        self.directories = [path for path, _ in self._entries()]
        # The first is the compiler's working directory, the top of the tree.
        # The others are relative to it: leave it out wherever it occurs.
        top = self.directories[0] if self.directories else ""
        self.directories = [_below(path, top) for path in self.directories]
        for path, index in self._entries():
            self._add_file(_below(path, top), index)

    def _entries(self) -> Iterator[Tuple[str, int]]:
        """The (path, directory index) pairs of one version 5 list."""
        reader = self.reader
        form_count = reader.uint(1)
        forms = [(reader.uleb(), reader.uleb()) for _ in range(form_count)]
        count = reader.uleb()
        if count and not forms:
            raise ElfError(f"{self.what} has a list of {count} empty entries")
        for _ in range(count):
            path, index = "", 0
            for content, form in forms:
                value = self._form(form)
                if content == 1:
                    path = str(value)
                elif content == 2 and isinstance(value, int):
                    index = value
            yield path, index

    def _form(self, form: int) -> object:
        """One value: a str for the string forms, else an int."""
        reader = self.reader
        if form == 0x08:
            return reader.text()
        if form in (0x0E, 0x1F):
            return self.strings.text(form, reader.uint(4))
        if form in self.FORM_SIZES:
            return reader.uint(self.FORM_SIZES[form])
        if form == 0x0F:
            return reader.uleb()
        if form == 0x09:
            return len(reader.take(reader.uleb()))
        raise ElfError(f"{self.what} uses form {form:#x}, which is not known")

    def run(self) -> Iterator[List[RawRow]]:
        """Runs the line program; yields each sequence. Its last row marks its
        end."""
        rows: List[RawRow] = []
        data, pos, end = self.reader.data, self.program, self.end
        addr, file, line = 0, 1, 1
        steps, lines, base = self.steps, self.lines, self.opcode_base
        while pos < end:
            op = data[pos]
            pos += 1
            if op >= base:
                addr += steps[op]
                line += lines[op]
                rows.append((addr, file, line))
            elif op == 5 and pos < end and data[pos] < 0x80:
                pos += 1  # a column, the most common opcode: ignored
            elif op == 1:
                rows.append((addr, file, line))
            elif op == 8:
                addr += steps[255]
            elif op == 0:
                code, value, pos = self._extended(pos)
                if code == 2:
                    addr = value
                elif code == 1:
                    rows.append((addr, file, 0))
                    yield rows
                    rows = []
                    addr, file, line = 0, 1, 1
            else:
                value, pos = self._operand(op, pos)
                if op == 3:
                    line += value
                elif op == 4:
                    file = value
                elif op in (2, 9):
                    addr += value
        if rows:
            raise ElfError(f"{self.what} ends in the middle of a sequence")

    def _operand(self, op: int, pos: int) -> Tuple[int, int]:
        """The operand of a standard opcode (the last one if there are
        several) and the position after it."""
        reader = self.reader
        reader.pos = pos
        value = 0
        if op == 3:
            value = reader.sleb()
        elif op == 9:
            value = reader.uint(2)
        else:
            for _ in range(self.lengths[op]):
                value = reader.uleb()
            if op == 2:
                value *= self.min_inst
        return value, reader.pos

    def _extended(self, pos: int) -> Tuple[int, int, int]:
        """An extended opcode: its code, the address if it sets one, and the
        position after it."""
        reader = self.reader
        reader.pos = pos
        length = reader.uleb()
        end = reader.pos + length
        if length == 0 or end > self.end:
            raise ElfError(f"{self.what} has an extended opcode of "
                           f"{length} bytes at offset {pos:#x}")
        code, value = reader.uint(1), 0
        if code == 2:
            if length != 5:
                raise ElfError(f"{self.what} sets an address of "
                               f"{length - 1} bytes")
            value = reader.uint(4)
        return code, value, end


def _below(path: str, top: str) -> str:
    """`path` relative to `top` if it is below it, else unchanged."""
    if path == top:
        return ""
    if top and path.startswith(top.rstrip("/") + "/"):
        return path[len(top.rstrip("/")) + 1:]
    return path


AnyElf = TypeVar("AnyElf", bound="Elf")


class Elf:
    """A 32-bit little-endian ELF executable for the i386."""

    KIND, WHAT = ET_EXEC, "a linked program"

    def __init__(self, data: bytes, top: Optional[Path] = None) -> None:
        """Checks the headers of `data`. The prefix `top`, by default this
        tool's own tree, is removed from file names."""
        self.data = data
        self.top = str(top or Path(__file__).resolve().parent.parent)
        header = self._header()
        self.type, self.entry = header[1], header[4]
        self.segments = self._read_segments(header[5], header[9], header[10])
        self.sections = self._read_sections(header[6], header[11], header[12],
                                            header[13])

    @classmethod
    def load(cls: Type[AnyElf], path: Path, top: Optional[Path] = None) -> AnyElf:
        """Reads `path`; every ElfError names it."""
        try:
            return cls(Path(path).read_bytes(), top)
        except OSError as err:
            raise ElfError(f"{path}: {err.strerror}") from None
        except ElfError as err:
            raise ElfError(f"{path}: {err}") from None

    def _header(self) -> Tuple[int, ...]:
        """The ELF header's fields after e_ident, e_ident's size first."""
        data = self.data
        if data[:4] != b"\x7fELF":
            raise ElfError("not an ELF file")
        if len(data) < 52:
            raise ElfError("the file ends within the ELF header")
        if data[4] != 1 or data[5] != 1:
            raise ElfError("not a 32-bit little-endian ELF file")
        header = struct.unpack_from("<HHIIIIIHHHHHH", data, 16)
        if header[1] != EM_386:
            raise ElfError(f"made for machine {header[1]}, not for the i386")
        if header[0] != self.KIND:
            raise ElfError(f"an ELF file of type {header[0]}, not {self.WHAT}")
        return (16,) + header

    def _table(self, what: str, offset: int, size: int, count: int,
               least: int) -> None:
        """Refuses a table of headers that is not inside the file."""
        if count and size < least:
            raise ElfError(f"a {what} header of {size} bytes is too small")
        if offset + size * count > len(self.data):
            raise ElfError(f"the {what} headers at offset {offset:#x} run "
                           "past the end of the file")

    def _read_segments(self, offset: int, size: int,
                       count: int) -> List[Segment]:
        """All program headers; loaded segments must be inside the file."""
        self._table("program", offset, size, count, 32)
        segments = []
        for i in range(count):
            fields = struct.unpack_from("<8I", self.data, offset + i * size)
            segment = Segment(*fields)
            if (segment.type == PT_LOAD
                    and segment.offset + segment.filesz > len(self.data)):
                raise ElfError(f"segment {i} at {segment.va:#010x} runs past "
                               "the end of the file")
            if segment.type == PT_LOAD and segment.memsz < segment.filesz:
                raise ElfError(f"segment {i} at {segment.va:#010x} is smaller "
                               "in memory than in the file")
            segments.append(segment)
        return segments

    def _read_sections(self, offset: int, size: int, count: int,
                       names: int) -> List[Section]:
        """All sections; their contents must be inside the file."""
        if offset == 0:
            return []
        self._table("section", offset, size, count, 40)
        raw = [struct.unpack_from("<10I", self.data, offset + i * size)
               for i in range(count)]
        for i, head in enumerate(raw):
            if (head[1] not in (0, SHT_NOBITS)
                    and head[4] + head[5] > len(self.data)):
                raise ElfError(f"section {i} runs past the end of the file")
        if not raw:
            return []
        if names >= count or raw[names][1] == SHT_NOBITS:
            raise ElfError(f"section names are said to be in section {names} "
                           f"of {count}")
        table = self.data[raw[names][4]:raw[names][4] + raw[names][5]]
        return [Section(_string(table, head[0], "section"), head[1], head[2],
                        head[3], head[4], head[5], head[6], head[9])
                for head in raw]

    def section(self, name: str) -> Optional[Section]:
        """The first section called `name`."""
        return next((s for s in self.sections if s.name == name), None)

    def contents(self, name: str) -> bytes:
        """The bytes of section `name`, empty if there is no such section."""
        section = self.section(name)
        if section is None or section.type == SHT_NOBITS:
            return b""
        if section.flags & SHF_COMPRESSED:
            raise ElfError(f"section {name} is compressed; build without -gz")
        return self.data[section.offset:section.offset + section.size]

    def read(self, va: int, size: int) -> bytes:
        """The `size` bytes that a loader puts at virtual address `va`."""
        for seg in self.segments:
            start = va - seg.va
            if (seg.type == PT_LOAD and start >= 0
                    and start + size <= seg.memsz):
                end = min(start + size, seg.filesz)
                have = self.data[seg.offset + start:seg.offset + end]
                return have.ljust(size, b"\0")
        raise ElfError(f"{size} bytes at {va:#010x} are not in one segment")

    @cached_property
    def all_symbols(self) -> List[Symbol]:
        """Every symbol with a name, in the order of the file."""
        table = next((s for s in self.sections if s.type == SHT_SYMTAB), None)
        if table is None:
            return []
        if table.link >= len(self.sections) or table.size % 16:
            raise ElfError(f"section {table.name} is not a symbol table")
        names = self.sections[table.link]
        strings = self.data[names.offset:names.offset + names.size]
        raw = self.data[table.offset:table.offset + table.size]
        return [Symbol(_string(strings, name, "symbol"), value, size,
                       info & 15, info >> 4, section)
                for name, value, size, info, _, section
                in struct.iter_unpack("<IIIBBH", raw) if name]

    @cached_property
    def symbols(self) -> Dict[str, Symbol]:
        """Symbols by name; a global one hides local ones of the same name."""
        found: Dict[str, Symbol] = {}
        for symbol in self.all_symbols:
            old = found.get(symbol.name)
            if symbol.type not in (STT_SECTION, STT_FILE) and (
                    old is None
                    or old.bind == STB_LOCAL != symbol.bind):
                found[symbol.name] = symbol
        return found

    @cached_property
    def functions(self) -> List[Function]:
        """The functions by address, without overlaps.

        Global labels without a type count too, since assembly code has them;
        they extend to the next function. A function with a size also gets the
        padding after it, because the return address of a final call that never
        returns is there.
        """
        best: Dict[int, Tuple[int, int, int, str, int]] = {}
        for sym in self.all_symbols:
            end = self._code_end(sym)
            if sym.value < end:
                rank = (sym.type != STT_FUNC, sym.bind == STB_LOCAL,
                        -sym.size, sym.name, end)
                best[sym.value] = min(rank, best.get(sym.value, rank))
        starts = sorted(best)
        functions = []
        for start, after in zip(starts, starts[1:] + [1 << 32]):
            _, _, minus_size, name, end = best[start]
            if minus_size:
                size = -minus_size
                end = min(end, start + size + -(start + size) % PADDING)
            functions.append(Function(start, min(end, after), name))
        return functions

    def _code_end(self, sym: Symbol) -> int:
        """The end of the section of a symbol that names code, else 0."""
        if sym.type != STT_FUNC and (sym.type != STT_NOTYPE
                                     or sym.bind == STB_LOCAL):
            return 0
        if sym.section >= len(self.sections):
            return 0
        section = self.sections[sym.section]
        if not section.flags & SHF_EXECINSTR or sym.value < section.addr:
            return 0
        return section.addr + section.size

    @cached_property
    def lines(self) -> List[Line]:
        """The line table of all units, by address, one row per address."""
        data = self.contents(".debug_line")
        strings = LineStrings(self.contents(".debug_line_str"),
                              self.contents(".debug_str"))
        sequences: List[List[Line]] = []
        pos = 0
        while pos < len(data):
            unit = LineUnit(data, pos, strings)
            names = [self._file_name(name) for name in unit.files]
            for rows in unit.run():
                if self._is_linked(rows):
                    sequences.append(_resolve(rows, names, unit.what))
            pos = unit.end
        # Usually a sequence ends where the next one starts. In this order, the
        # later row at an address is the valid one.
        sequences.sort(key=_first_address)
        merged = [row for sequence in sequences for row in sequence]
        merged.sort(key=_address)
        return list({row.addr: row for row in merged}.values())

    def _file_name(self, name: str) -> str:
        """`name` as it is written in messages: relative to the top."""
        return _below(posixpath.normpath(name), self.top) if name else ""

    def _is_linked(self, rows: List[RawRow]) -> bool:
        """Whether a sequence describes code of the program. Sequences of
        sections that the linker dropped start at 0 or another odd address."""
        start, end = rows[0][0], rows[-1][0]
        return 0 < start < end and any(
            s.flags & SHF_ALLOC and s.addr <= start < s.addr + s.size
            for s in self.sections)

    @cached_property
    def code(self) -> List[CodeRow]:
        """Functions and lines merged: each row is valid up to the next, the
        last is a hole, and neighbours differ."""
        edges = {row.addr for row in self.lines}
        for each in self.functions:
            edges.update((each.start, each.end))
        table: List[CodeRow] = []
        lines, functions = iter(self.lines), iter(enumerate(self.functions))
        line, next_line = Line(0, "", 0), next(lines, None)
        function: Optional[Function]
        index, function = next(functions, (0, None))
        last: Tuple[Optional[int], str, int] = (None, "", 0)
        for addr in sorted(edges):
            while next_line is not None and next_line.addr <= addr:
                line, next_line = next_line, next(lines, None)
            while function is not None and function.end <= addr:
                index, function = next(functions, (0, None))
            here: Tuple[Optional[int], str, int] = (None, "", 0)
            if function is not None and function.start <= addr:
                here = (index, line.file, line.line)
            if here != last:
                table.append(CodeRow(addr, *here))
                last = here
        return table or [CodeRow(0, None, "", 0)]

    @cached_property
    def _code_starts(self) -> List[int]:
        return [row.addr for row in self.code]

    def lookup(self, addr: int) -> Optional[Location]:
        """The function and line that the code at `addr` belongs to."""
        index = bisect_right(self._code_starts, addr) - 1
        row = self.code[index] if index >= 0 else None
        if row is None or row.function is None:
            return None
        function = self.functions[row.function]
        return Location(function.name, addr - function.start, row.file,
                        row.line)


class Object(Elf):
    """An object file: nothing in it has an address yet."""

    KIND, WHAT = ET_REL, "an object file"


def _address(row: Line) -> int:
    return row.addr


def _first_address(sequence: List[Line]) -> int:
    return sequence[0].addr


def _string(table: bytes, offset: int, what: str) -> str:
    """The string at `offset` of a string table."""
    end = table.find(b"\0", offset)
    if end < 0:
        raise ElfError(f"a {what}'s name at offset {offset:#x} is outside "
                       "its string table")
    return table[offset:end].decode("utf-8", "replace")


def _resolve(rows: Sequence[RawRow], names: List[str],
             what: str) -> List[Line]:
    """Adds file names to a sequence, and a hole at its end.

    Compilers give line 0 to code that they generated or merged; the line
    before it in the same sequence is more useful to a reader.
    """
    lines = []
    file, line = "", 0
    for addr, number, row_line in rows[:-1]:
        if not 0 <= number < len(names):
            raise ElfError(f"{what} refers to file {number} of {len(names)}")
        if row_line > 0:
            file, line = names[number], row_line
        lines.append(Line(addr & 0xFFFFFFFF, file, line))
    lines.append(Line(rows[-1][0] & 0xFFFFFFFF, "", 0))
    return lines
