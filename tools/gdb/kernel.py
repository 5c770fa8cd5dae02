"""The kernel's variables and structures, read from memory."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional, Tuple

import gdb

from tools.elf import Elf, ElfError
from tools.gdb.guest import KERNBASE, PGSIZE, JosError, read_kernel
from tools.gdb.headers import constants


class Layout:
    """A structure's fields, from the kernel's debug information."""

    def __init__(self, kind: gdb.Type) -> None:
        self.kind = kind.strip_typedefs()
        self.size = self.kind.sizeof
        self.fields: Dict[str, Tuple[int, gdb.Type]] = {
            field.name: (field.bitpos // 8, field.type.strip_typedefs())
            for field in self.kind.fields()}
        self._names: Dict[str, Dict[int, str]] = {}

    def field(self, name: str) -> Tuple[int, gdb.Type]:
        """The offset and type of a field."""
        if name not in self.fields:
            raise JosError(f"{self.kind} has no field {name}")
        return self.fields[name]

    def inner(self, name: str) -> Layout:
        """The layout of a field that is a structure."""
        return Layout(self.field(name)[1])

    def names(self, name: str) -> Dict[int, str]:
        """The names of the values of an enumerated field."""
        if name not in self._names:
            _, kind = self.field(name)
            self._names[name] = {
                field.enumval: str(field.name) for field in kind.fields()
            } if kind.code == gdb.TYPE_CODE_ENUM else {}
        return self._names[name]


class Record:
    """One structure in memory."""

    def __init__(self, layout: Layout, address: int, data: bytes) -> None:
        self.layout = layout
        self.address = address
        self.data = data

    def __getitem__(self, name: str) -> int:
        """A field as an unsigned number."""
        at, kind = self.layout.field(name)
        return int.from_bytes(self.data[at:at + kind.sizeof], "little")

    def name_of(self, name: str) -> str:
        """The name of an enumerated field's value."""
        value = self[name]
        return self.layout.names(name).get(value, str(value))

    def inner(self, name: str) -> Record:
        """A field that is a structure."""
        at, kind = self.layout.field(name)
        return Record(self.layout.inner(name), self.address + at,
                      self.data[at:at + kind.sizeof])


class Kernel:
    """The running kernel, accessed through its ELF file."""

    def __init__(self, objdir: Path) -> None:
        self.path = objdir / "kern/kernel"
        self._elf: Optional[Elf] = None
        self._made = 0

    @property
    def elf(self) -> Elf:
        """The ELF file, read again after a new build."""
        try:
            made = self.path.stat().st_mtime_ns
            if self._elf is None or made != self._made:
                self._elf, self._made = Elf.load(self.path), made
        except (OSError, ElfError) as err:
            raise JosError(str(err)) from None
        return self._elf

    def address(self, name: str) -> int:
        """The address of a symbol of the kernel."""
        try:
            return self.elf.symbols[name].value
        except KeyError:
            raise JosError(f"the kernel has no symbol {name}") from None

    def check_loaded(self) -> None:
        """Fails until the boot loader has loaded the kernel."""
        entry = self.address("entry")
        if read_kernel(entry, 16) != self.elf.read(entry, 16):
            raise JosError("the kernel is not in memory yet: try again after "
                           "'break i386_init' and 'continue'")

    def word(self, name: str) -> int:
        """A 32-bit variable."""
        data = read_kernel(self.address(name), 4)
        if data is None:
            raise JosError(f"{name} cannot be read")
        return int.from_bytes(data, "little")

    def pointer(self, name: str) -> int:
        """A variable that holds a kernel address."""
        value = self.word(name)
        if value == 0:
            raise JosError(f"{name} is NULL: the kernel has not set it up yet")
        if value < KERNBASE:
            raise JosError(f"{name} is {value:#010x}, which is no address of "
                           "the kernel")
        return value

    def target(self, name: str) -> Layout:
        """The layout of what the variable `name` points to."""
        objfile = gdb.lookup_objfile(str(self.path))
        symbol = objfile.lookup_global_symbol(name)
        if symbol is None or symbol.type.code != gdb.TYPE_CODE_PTR:
            raise JosError(f"the kernel's debug information has no pointer {name}")
        return Layout(symbol.type.target())

    def array(self, name: str, count: int) -> List[Record]:
        """The `count` structures that the variable `name` points to."""
        base, layout = self.pointer(name), self.target(name)
        data = read_kernel(base, count * layout.size)
        if data is None:
            raise JosError(f"{name} is {base:#010x}, where {count} structures "
                           "cannot be read")
        return [Record(layout, base + at, data[at:at + layout.size])
                for at in range(0, len(data), layout.size)]

    def envs(self) -> List[Record]:
        """All of envs[]."""
        return self.array("envs", 1 << constants("inc/env.h")["LOG2NENV"])

    def live_envs(self) -> List[Record]:
        """The environments that are not free."""
        return [env for env in self.envs()
                if env.name_of("env_status") != "ENV_FREE"]

    def current(self) -> Optional[Record]:
        """The environment that runs, or that trapped last."""
        address = self.word("curenv")
        return next((env for env in self.envs() if env.address == address),
                    None)

    def frame_at(self, address: int) -> Record:
        """The struct Trapframe at `address`."""
        layout = self.target("envs").inner("env_tf")
        data = read_kernel(address, layout.size)
        if data is None:
            raise JosError(f"there is no memory at {address:#010x}")
        return Record(layout, address, data)


def page_table_address(env: Record) -> int:
    """The physical address of an environment's page directory, 0 if none."""
    pgdir = env["env_pgdir"]
    return pgdir - KERNBASE if pgdir >= KERNBASE and pgdir % PGSIZE == 0 else 0
