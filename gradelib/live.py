"""A machine that another process started, stopped for a look at it."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Optional, Type

from gradelib.case import Case
from gradelib.layout import CR0_PG
from gradelib.memory import Memory
from gradelib.outcome import GraderError
from gradelib.qmp import QmpError, QmpLink
from gradelib.registers import Registers
from gradelib.symbols import Symbols
from gradelib.watch import Ending, Stop

SECONDS = 10.0  # QEMU answers in milliseconds, if no other client is there


class Live:
    """The QEMU whose control socket is at a path. A `with` statement stops it,
    and resumes it at the end if it was running."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when there is no such socket."""
        sock = socket.socket(socket.AF_UNIX)
        try:
            # The length of a socket's name is limited.
            sock.connect(min(str(path), os.path.relpath(path), key=len))
        except OSError:
            sock.close()
            raise
        self._link = QmpLink(sock)
        sock.settimeout(SECONDS)
        self._ran = False

    def __enter__(self) -> "Live":
        self.execute("qmp_capabilities")
        self._ran = bool(self.execute("query-status")["running"])
        self.execute("stop")
        return self

    def __exit__(self, kind: Optional[Type[BaseException]],
                 error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        if self._ran and not self._link.closed:
            self.execute("cont")
        self._link.sock.close()

    def execute(self, command: str, **arguments: Any) -> Any:
        """Runs one QMP command and returns its answer."""
        self._link.send(command, arguments)
        while not self._link.answers:
            if self._link.closed:
                raise GraderError("QEMU does not answer, or has ended")
            self._link.receive()
        try:
            return self._link.take_answer()
        except QmpError as err:
            raise GraderError(f"QEMU refuses `{command}`: {err}") from None

    def read_physical(self, address: int, size: int) -> bytes:
        """Guest memory at a physical address."""
        with tempfile.NamedTemporaryFile(prefix="jos-memory-") as parcel:
            self.execute("pmemsave", val=address, size=size,
                         filename=parcel.name)
            data = parcel.read()
        if len(data) != size:
            raise GraderError(f"QEMU saved {len(data)} of {size} bytes of "
                              "memory: is the disk full?")
        return data

    def case(self, symbols: Symbols) -> Case:
        """The machine as it is now."""
        registers = Registers.parse(self.execute(
            "human-monitor-command", **{"command-line": "info registers"}))
        size = self.execute("query-memory-size-summary")["base-memory"]
        memory = Memory(self.read_physical, registers["CR3"],
                        bool(registers["CR0"] & CR0_PG))
        return Case(Ending(Stop.BREAKPOINT), symbols, registers, memory,
                    memory_size=int(size))
