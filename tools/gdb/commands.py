"""The commands that gdb learns."""

from __future__ import annotations

from typing import Callable

import gdb

from tools.gdb import guest
from tools.gdb.environments import Environments
from tools.gdb.guest import JosError
from tools.gdb.kernel import Kernel
from tools.gdb.memory import Memory
from tools.gdb.symbols import UserSymbols

# A command's action on its argument.
Action = Callable[[str], None]

PREFIX = """Look at the system: environments, traps, page tables, pages."""
ENVS = """List the environments that are not free.
The current one has a star. The program is told by its text in memory."""
ENV = """Show an environment's registers and stack: jos env [ID].
ID is as the console shows it (00001000), a slot of envs[] in hexadecimal, or an
expression such as e or &envs[1]. Without it: the current environment."""
TF = """Explain a trap frame: jos tf [ADDRESS].
Without an address: the argument tf of the innermost function that has one, else
the current environment's env_tf, else what the last trap left on the stack."""
PGDIR = """Show the page tables that are loaded: jos pgdir [ADDRESS].
With an address: the entries that lead to its page. Without: all mappings, with
consecutive pages on one line. Flags: G global, S 4 MiB page, D dirty, A accessed,
C not cached, T write-through, U user, W writable, P present."""
PAGES = """Count the pages by use, or show one: jos pages [PAGE].
PAGE is a page's number, an address in it, physical or the kernel's, or its struct
PageInfo. Shown are its references and every mapping of it."""
SYMBOLS = """Load the symbols of the user program that is running.
This happens by itself whenever the machine stops."""
CONNECT = """Connect to the QEMU that `make qemu-gdb` has started.
After QEMU was started anew: connect again, with the breakpoints there are."""


class Command(gdb.Command):
    """A command; any error in it is reported in one line."""

    def __init__(self, name: str, text: str, kind: int,
                 run: Action) -> None:
        # gdb takes the help from here when the command is added.
        self.__doc__ = text
        self._run = run
        super().__init__(name, kind)

    def invoke(self, argument: str, from_tty: bool) -> None:
        """Called by gdb."""
        try:
            self._run(argument.strip())
        except (JosError, gdb.error) as err:
            raise gdb.GdbError(str(err)) from None
        except Exception as err:  # a traceback would not help students
            raise gdb.GdbError(f"{type(err).__name__}: {err}; this is a fault of "
                               "tools/gdb, please report it") from None


class Prefix(gdb.Command):
    """The prefix of the other commands' names."""

    def __init__(self) -> None:
        self.__doc__ = PREFIX
        super().__init__("jos", gdb.COMMAND_DATA, prefix=True)

    def invoke(self, argument: str, from_tty: bool) -> None:
        """Called by gdb without a subcommand, or with an unknown one."""
        if argument:
            raise gdb.GdbError(f"there is no command jos {argument}; "
                               "`help jos` lists them")
        gdb.execute("help jos")


def connect(_: str) -> None:
    """Connects, or explains why it cannot."""
    try:
        gdb.execute("jos-attach")
    except gdb.error as err:
        if gdb.selected_thread() is not None:
            raise  # it did connect, so something else is wrong
        if "reply is too long" in str(err):
            raise JosError("This QEMU shows a 64-bit processor to gdb, which cannot "
                           "follow a 32-bit kernel there: end it, and start "
                           "'make QEMU=qemu-system-i386 qemu-gdb'.") from None
        port = int(gdb.parse_and_eval("$jos_port"))
        raise JosError(f"No QEMU waits on port {port}: run 'make qemu-gdb' in "
                       "another terminal, then type jos-connect here.") from None


def looking(run: Action) -> Action:
    """`run` as a command that requires a stopped machine."""
    def checked(argument: str) -> None:
        guest.check_stopped()
        run(argument)

    return checked


def register(kernel: Kernel, symbols: UserSymbols) -> None:
    """Adds them."""
    environments = Environments(kernel, symbols)
    memory = Memory(kernel, symbols)
    Prefix()
    for name, text, run in (("envs", ENVS, environments.envs),
                            ("env", ENV, environments.env),
                            ("tf", TF, environments.trap_frame),
                            ("pgdir", PGDIR, memory.pgdir),
                            ("pages", PAGES, memory.pages)):
        Command(f"jos {name}", text, gdb.COMMAND_DATA, looking(run))
    # These replace the versions for a gdb without Python.
    Command("jos-symbols", SYMBOLS, gdb.COMMAND_FILES,
            lambda _: symbols.update())
    Command("jos-connect", CONNECT, gdb.COMMAND_RUNNING, connect)
