"""Receiving QEMU's log of interrupts, which can grow by gigabytes."""

from __future__ import annotations

import os
from pathlib import Path

from gradelib.process import widen


class Tail:
    """Keeps the last `size` bytes of its input, of any length."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._data = bytearray()
        self.dropped = 0  # bytes at the beginning

    def feed(self, data: bytes) -> None:
        """Adds data."""
        self._data += data
        # Not each time: moving the rest to the front is expensive.
        if len(self._data) > 2 * self._size:
            self._trim()

    def _trim(self) -> None:
        excess = len(self._data) - self._size
        if excess > 0:
            del self._data[:excess]
            self.dropped += excess

    def text(self) -> str:
        """The data kept, as ASCII."""
        self._trim()
        return self._data.decode("ascii", "replace")


class LogPipe:
    """The pipe to which QEMU writes its log of interrupts; a named one: not
    every system can open descriptors by name. Only the end is kept."""

    SIZE = 4 << 20  # bytes

    def __init__(self, path: Path) -> None:
        """Creates it at `path`."""
        self.path = path
        os.mkfifo(path)
        self.near = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        # Our writing end: otherwise we would read EOF before QEMU opens it.
        self._far = os.open(path, os.O_WRONLY)
        self.tail = Tail(self.SIZE)
        widen(self.near)

    def receive(self) -> bool:
        """Reads what has arrived; returns whether there was any."""
        try:
            data = os.read(self.near, 1 << 16)
        except BlockingIOError:
            return False
        self.tail.feed(data)
        return bool(data)

    def close(self) -> None:
        """Closes it."""
        os.close(self.near)
        os.close(self._far)
