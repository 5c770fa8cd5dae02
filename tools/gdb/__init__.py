"""The jos commands of gdb, and user programs' symbols. For gdb's own Python.

    guest     the machine's registers and memory
    headers   constants from inc/
    kernel    the kernel's variables and structures
    paging    page tables
    programs  which user program is which
    symbols   the running program's symbols, for breakpoints
    frames    trap frames, registers and stacks in words
    view, environments, memory, commands   what the user types
"""

from __future__ import annotations

from pathlib import Path

import gdb

from tools.gdb.commands import register
from tools.gdb.guest import JosError
from tools.gdb.kernel import Kernel
from tools.gdb.programs import Programs
from tools.gdb.symbols import UserSymbols


def start(objdir: str) -> None:
    """Adds the commands and connects. Called by gdb's start-up file."""
    kernel = Kernel(Path(objdir))
    symbols = UserSymbols(kernel, Programs(Path(objdir)))
    register(kernel, symbols)
    try:
        symbols.watch()
        gdb.execute("jos-connect")
    except (gdb.error, JosError) as err:
        print(err)
