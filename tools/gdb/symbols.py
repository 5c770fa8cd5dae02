"""The symbols of only the running user program.

All programs are linked at the same addresses, so gdb must have only the running
one's symbols. They are updated whenever the machine stops, and when a program
starts or resumes, so that a pending breakpoint is set before the program's first
instruction.
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional

import gdb

from tools.gdb import guest
from tools.gdb.guest import PGSIZE, JosError
from tools.gdb.kernel import Kernel, Record, page_table_address
from tools.gdb.paging import PageTables
from tools.gdb.programs import Program, Programs


class Watch(gdb.Breakpoint):
    """A breakpoint that the user does not see."""

    def __init__(self, place: str, reached: Callable[[], bool]) -> None:
        super().__init__(place, internal=True)
        # When it does stop, gdb does not print its number.
        self.silent = True
        self.commands = "frame"
        self._reached = reached

    def stop(self) -> bool:
        """Called by gdb: whether to stop. Errors here must stay hidden."""
        try:
            return self._reached()
        except (gdb.error, JosError, OSError):
            return False


class UserSymbols:
    """Keeps gdb's symbols those of the running program."""

    def __init__(self, kernel: Kernel, programs: Programs) -> None:
        self._kernel = kernel
        self._programs = programs
        self.active: Optional[Program] = None
        self._entry = 0
        self._switch: Optional[Watch] = None

    def watch(self) -> None:
        """Sets the breakpoints that detect a change of program."""
        programs = self._programs.all()
        if programs:
            self._entry = programs[0].elf.entry
            Watch(f"*{self._entry:#x}", self._at_entry)
        if "env_pop_tf" in self._kernel.elf.symbols:
            # By its name, because a compiler may move its code. Each hit costs
            # a millisecond, so it is enabled only when needed.
            self._switch = Watch("env_pop_tf", self._at_switch)
            self._switch.enabled = False

    def _at_entry(self) -> bool:
        """Called before a program's first instruction."""
        before = self.active
        self.update()
        if self._switch:
            self._switch.enabled = self._several_programs()
        # The user's own breakpoint here was set too late for this stop.
        return self.active is not before and self._wanted(self._entry)

    def _at_switch(self) -> bool:
        """Called before the kernel returns to user mode."""
        self.update()
        return False

    def _wanted(self, address: int) -> bool:
        """Whether the user has a breakpoint at `address`."""
        for breakpoint in gdb.breakpoints() or ():
            place = breakpoint.location  # a watchpoint has none
            if (not place or not breakpoint.enabled
                    or isinstance(breakpoint, Watch)):
                continue
            try:
                places = gdb.decode_line(place)[1] or ()
            except gdb.error:
                continue
            if any(found.pc == address for found in places):
                return True
        return False

    def _several_programs(self) -> bool:
        """Whether the live environments run different programs."""
        names = {program.name for program in map(self.program_of,
                                                 self._kernel.live_envs())
                 if program}
        return len(names) > 1

    def program_of(self, env: Record) -> Optional[Program]:
        """The program of an environment, running or not."""
        root = page_table_address(env)
        tables = PageTables(root)
        return self._programs.identify(
            lambda page: tables.read(page, PGSIZE)) if root else None

    def update(self) -> None:
        """Loads the symbols of the program in memory now. If there is none, the
        last program's stay: nothing else is at their addresses."""
        if not guest.paging_on():
            return
        program = self._programs.identify(
            lambda page: guest.read_virtual(page, PGSIZE))
        if program is None or program is self.active:
            return
        if self.active:
            _forget(self.active.path)
        self.active = None
        gdb.execute(f'add-symbol-file "{program.path}"', to_string=True)
        self.active = program


def _forget(path: Path) -> None:
    """Removes the symbols of a program, unless the user has already done so: a
    command must not fail while gdb decides whether to stop."""
    try:
        gdb.lookup_objfile(str(path))
    except ValueError:
        return
    gdb.execute(f'remove-symbol-file "{path}"', to_string=True)
