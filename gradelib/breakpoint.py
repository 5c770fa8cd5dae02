"""Stopping the processor when it comes to an instruction.

Only where to stop is said here. That the processor has stopped, QEMU tells by
its control protocol, which also makes it run on: the stub for debuggers tells
of one stop, whatever its cause, for each time that it was itself asked to let
the machine run (since QEMU 8.1), and what is said in two places may arrive in
any order.

Source: GDB manual, "Remote Protocol".
"""

from __future__ import annotations

import socket
from typing import Optional

from gradelib.outcome import GraderError

SECONDS = 60.0  # QEMU answers in milliseconds, on any host in this


class Breakpoint:
    """QEMU's stub for debuggers, on a socket of our own. Use it only while
    the machine stands: the stub takes what it gets at other times for a wish
    to stop. That is why no packet is acknowledged, which need not be: our
    next command tells as well that the last answer has come."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._address: Optional[int] = None
        self._partial = b""
        sock.settimeout(SECONDS)

    def set(self, address: int) -> None:
        """The processor will stop before the instruction at `address`."""
        self.clear()
        self._address = address
        self._ask(f"Z0,{address:x},1")

    def clear(self) -> None:
        """It will stop nowhere."""
        if self._address is not None:
            self._ask(f"z0,{self._address:x},1")
        self._address = None

    @property
    def armed(self) -> bool:
        """Whether there is an address to stop at."""
        return self._address is not None

    def receive(self) -> None:
        """Takes in what has arrived: reports of stops, which tell us nothing
        new."""
        self._read()
        for _ in iter(self._packet, b""):
            pass

    def _ask(self, command: str) -> None:
        """Sends a command and waits until it is carried out."""
        self._send(command)
        while True:
            answer = self._packet()
            if answer == b"OK":
                return
            # A report of a stop is not an answer: the machine stood already.
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
        """The next packet that is complete, or nothing."""
        start = self._partial.find(b"$")
        end = self._partial.find(b"#", start)
        if not 0 <= start < end <= len(self._partial) - 3:
            return b""
        packet = self._partial[start + 1:end]
        self._partial = self._partial[end + 3:]
        return packet
