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
    """A line by which the kernel says that it stops, and where: a panic's
    text or the exercise that is not done yet."""

    text: str
    file: str
    line: int


def _notice(match: "Optional[re.Match[bytes]]", text: int, file: int,
            line: int) -> Optional[Notice]:
    """The Notice in `match`, whose parts are the groups of these numbers."""
    if match is None:
        return None
    return Notice(_decode(match.group(text)).strip(),
                  _decode(match.group(file)), int(match.group(line)))


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r", "")


class Console:
    """Everything that has come so far, up to a limit a run."""

    LIMIT = 1 << 18  # bytes; nobody reads more

    def __init__(self) -> None:
        self.data = bytearray()
        self.flooded = False
        self._start = 0  # where the run that is watched begins
        self._echoing = False  # it begins behind the line that was typed

    def feed(self, data: bytes) -> None:
        """Takes in what has arrived."""
        room = self.LIMIT - (len(self.data) - self._start)
        self.data += data[:max(room, 0)]
        self.flooded = self.flooded or len(data) > room
        if self._echoing:
            newline = self.data.find(b"\n", self._start)
            if newline >= 0:
                self._start = newline + 1
                self._echoing = False

    def begin(self) -> None:
        """What comes from here on, behind the echo of a line that is about to
        be typed, belongs to another run."""
        self._start = len(self.data)
        self._echoing = True

    def slice(self) -> bytes:
        """The output of this run, as it came."""
        return bytes(self.data[self._start:])

    def text(self) -> str:
        """The output of this run without the prompt that ended it."""
        data = self.slice()
        if self.at_prompt():
            data = data[:-len(PROMPT)]
        return _decode(data)

    def at_prompt(self) -> bool:
        """Whether a prompt at the start of a line is all that came last."""
        if self._echoing or not self.data.endswith(PROMPT, self._start):
            return False
        before = len(self.data) - len(PROMPT) - 1
        return before < self._start or self.data[before] in b"\r\n"

    def panic(self) -> Optional[Notice]:
        """The first kernel panic, once its line is complete."""
        return _notice(PANIC.search(self._complete()), 3, 1, 2)

    def todo(self) -> Optional[Notice]:
        """The first exercise that was reached and is not done."""
        return _notice(TODO.search(self._complete()), 1, 2, 3)

    def _complete(self) -> bytes:
        """This run's whole lines."""
        return bytes(self.data[self._start:self.data.rfind(b"\n") + 1])
