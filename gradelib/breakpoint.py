"""Stopping the processor at an instruction.

This module only sets where to stop. QEMU's control protocol reports the stop
and resumes the machine. The debug stub is no help there: it reports one stop,
of any cause, for each time it resumed the machine itself (since QEMU 8.1), and
reports on two connections may arrive in any order.

Source: GDB manual, "Remote Protocol".
"""

from __future__ import annotations

import socket
from typing import Optional

from gradelib.outcome import GraderError

SECONDS = 60.0  # QEMU answers in milliseconds, on any host in this


class Breakpoint:
    """QEMU's debug stub, on a socket of our own. Use it only while the machine
    is stopped: at other times any input means a request to stop. So we send no
    acknowledgments; the next command acknowledges the last answer."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._address: Optional[int] = None
        self._partial = b""
        sock.settimeout(SECONDS)

    def set(self, address: int) -> None:
        """Makes the processor stop before the instruction at `address`."""
        self.clear()
        self._address = address
        self._ask(f"Z0,{address:x},1")

    def clear(self) -> None:
        """Removes the breakpoint."""
        if self._address is not None:
            self._ask(f"z0,{self._address:x},1")
        self._address = None

    @property
    def armed(self) -> bool:
        """Whether a breakpoint is set."""
        return self._address is not None

    def receive(self) -> None:
        """Reads and drops what has arrived: stop reports, which say nothing
        new."""
        self._read()
        for _ in iter(self._packet, b""):
            pass

    def _ask(self, command: str) -> None:
        """Sends a command and waits for its answer."""
        self._send(command)
        while True:
            answer = self._packet()
            if answer == b"OK":
                return
            # A stop report is not an answer: the machine was stopped already.
            if answer and not answer.startswith((b"T", b"S")):
                raise GraderError(f"QEMU refuses a breakpoint: {answer!r}")
            if not answer:
                self._read()

    def _send(self, command: str) -> None:
        total = sum(command.encode()) & 0xFF
        self.sock.sendall(f"${command}#{total:02x}".encode())

    def _read(self) -> None:
        """Waits for data."""
        data = self.sock.recv(4096)
        if not data:
            raise GraderError("QEMU closed its debugger's connection")
        self._partial += data

    def _packet(self) -> bytes:
        """The next complete packet, or nothing."""
        start = self._partial.find(b"$")
        end = self._partial.find(b"#", start)
        if not 0 <= start < end <= len(self._partial) - 3:
            return b""
        packet = self._partial[start + 1:end]
        self._partial = self._partial[end + 3:]
        return packet
