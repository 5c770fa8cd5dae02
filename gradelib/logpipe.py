"""QEMU's log of interrupts on its way to us. It can grow by gigabytes."""

from __future__ import annotations

import os
from pathlib import Path

from gradelib.process import widen


class Tail:
    """Keeps the last `size` bytes of what it is fed, however much that is."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._data = bytearray()
        self.dropped = 0  # bytes of the beginning

    def feed(self, data: bytes) -> None:
        """Takes in what comes next."""
        self._data += data
        # Not each time: moving the rest to the front costs.
        if len(self._data) > 2 * self._size:
            self._trim()

    def _trim(self) -> None:
        excess = len(self._data) - self._size
        if excess > 0:
            del self._data[:excess]
            self.dropped += excess

    def text(self) -> str:
        """What is kept, as ASCII."""
        self._trim()
        return self._data.decode("ascii", "replace")


class LogPipe:
    """The pipe that QEMU writes its log of interrupts to; it has a name, since
    not every system names open files. Of what comes, only the end is kept."""

    SIZE = 4 << 20  # bytes

    def __init__(self, path: Path) -> None:
        """Makes it at `path`."""
        self.path = path
        os.mkfifo(path)
        self.near = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        # Ours, so that there is no end to be read before QEMU has come.
        self._far = os.open(path, os.O_WRONLY)
        self.tail = Tail(self.SIZE)
        widen(self.near)

    def receive(self) -> bool:
        """Takes in what has arrived; returns whether anything had."""
        try:
            data = os.read(self.near, 1 << 16)
        except BlockingIOError:
            return False
        self.tail.feed(data)
        return bool(data)

    def close(self) -> None:
        """Lets go of it."""
        os.close(self.near)
        os.close(self._far)
