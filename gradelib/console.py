"""What the kernel writes on its serial line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

PROMPT = b"K> "
PANIC = re.compile(rb"kernel panic (?:on CPU \d+ )?at ([^\s:]+):(\d+): ?(.*)")
TODO = re.compile(rb"TODO (lab\d+\.\w+) at ([^\s:]+):(\d+)")


@dataclass(frozen=True)
class Notice:
    """A line in which the kernel says where it stops: the text of a panic, or
    the exercise that is not done yet."""

    text: str
    file: str
    line: int


def _notice(match: "Optional[re.Match[bytes]]", text: int, file: int,
            line: int) -> Optional[Notice]:
    """The Notice in `match`; the numbers are those of its groups."""
    if match is None:
        return None
    return Notice(_decode(match.group(text)).strip(),
                  _decode(match.group(file)), int(match.group(line)))


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r", "")


class Console:
    """All output so far, up to a limit for each run."""

    LIMIT = 1 << 18  # bytes; more is of no use

    def __init__(self) -> None:
        self.data = bytearray()
        self.flooded = False
        self._start = 0  # where the current run begins
        self._echoing = False  # it begins after the echo of the typed line

    def feed(self, data: bytes) -> None:
        """Adds output that has arrived."""
        room = self.LIMIT - (len(self.data) - self._start)
        self.data += data[:max(room, 0)]
        self.flooded = self.flooded or len(data) > room
        if self._echoing:
            newline = self.data.find(b"\n", self._start)
            if newline >= 0:
                self._start = newline + 1
                self._echoing = False

    def begin(self) -> None:
        """Starts another run: its output begins after the echo of the line
        that is about to be typed."""
        self._start = len(self.data)
        self._echoing = True

    def slice(self) -> bytes:
        """The output of this run, unchanged."""
        return bytes(self.data[self._start:])

    def text(self) -> str:
        """The output of this run without the prompt that ended it."""
        data = self.slice()
        if self.at_prompt():
            data = data[:-len(PROMPT)]
        return _decode(data)

    def at_prompt(self) -> bool:
        """Whether the output ends in a prompt at the start of a line."""
        if self._echoing or not self.data.endswith(PROMPT, self._start):
            return False
        before = len(self.data) - len(PROMPT) - 1
        return before < self._start or self.data[before] in b"\r\n"

    def panic(self) -> Optional[Notice]:
        """The first kernel panic, once its line is complete."""
        return _notice(PANIC.search(self._complete()), 3, 1, 2)

    def todo(self) -> Optional[Notice]:
        """The first unfinished exercise that was reached."""
        return _notice(TODO.search(self._complete()), 1, 2, 3)

    def _complete(self) -> bytes:
        """This run's whole lines."""
        return bytes(self.data[self._start:self.data.rfind(b"\n") + 1])
