"""Common to the commands: evaluating arguments, and describing addresses."""

from __future__ import annotations

from typing import List, Optional

import gdb

from tools.gdb import guest
from tools.gdb.frames import Registers
from tools.gdb.guest import KERNBASE, PGSIZE, JosError
from tools.gdb.kernel import Kernel, Record, page_table_address
from tools.gdb.programs import Program, place_in
from tools.gdb.symbols import UserSymbols

WITH_ADDRESS = (gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_FUNC)


def evaluate(text: str) -> int:
    """The value of an expression that is a number or an address; for an array,
    a structure or a function, its address."""
    value = gdb.parse_and_eval(text)
    if value.type.strip_typedefs().code in WITH_ADDRESS:
        value = value.address
    if value is None:
        raise JosError(f"{text} has no address")
    return int(value) & 0xFFFFFFFF


def print_lines(lines: List[str]) -> None:
    """Prints details below a heading."""
    for line in lines:
        print(f"  {line}")


class View:
    """The commands' view of the system."""

    def __init__(self, kernel: Kernel, symbols: UserSymbols) -> None:
        self.kernel = kernel
        self.symbols = symbols

    def place(self, address: int, program: Optional[Program]) -> str:
        """Describes `address`; below the kernel, it belongs to `program`."""
        if address >= KERNBASE:
            return (place_in(self.kernel.elf, address)
                    or "no code of the kernel")
        if program is None:
            return "no known program"
        found = place_in(program.elf, address)
        return f"{program.name}: {found or 'no code of it'}"

    def find_env(self, text: str) -> Record:
        """The environment that the user names by its id as on the console, its
        slot in hexadecimal, or an expression; "" is the current one."""
        envs = self.kernel.envs()
        if not text:
            number = self.kernel.word("curenv")
            if not number:
                raise JosError("no environment is current (curenv is NULL): "
                               "name one, as in: jos env 00001000")
        else:
            named = _hexadecimal(text)
            number = evaluate(text) if named is None else named
        if number < len(envs):
            return envs[number]
        for env in envs:
            if number in (env["env_id"], env.address):
                return env
        raise JosError(f"there is no environment {number:08x}: "
                       "`jos envs` lists them")

    def runs_in(self, env: Record) -> bool:
        """Whether the processor runs this environment's own code."""
        return (bool(guest.register("cs") & 3) and guest.paging_on()
                and guest.register("cr3") & ~(PGSIZE - 1)
                == page_table_address(env))

    def registers_of(self, env: Record) -> Registers:
        """An environment's registers: those of the processor while it runs."""
        if self.runs_in(env):
            return Registers.live()
        return Registers.saved(env.inner("env_tf"))


def _hexadecimal(text: str) -> Optional[int]:
    """The hexadecimal number `text`, if it starts with a digit."""
    try:
        return int(text, 16) if text[0].isdigit() else None
    except ValueError:
        return None
