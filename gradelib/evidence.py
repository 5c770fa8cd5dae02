"""Reading what a run printed: lines, reports with a key, trap frames."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Dict, List

from gradelib.outcome import Failed
from tools.digest import digest

REPORT = re.compile(r"= (\S+) ([0-9a-f]{8}) ([0-9a-f]{8})")
FRAME = re.compile(r"TRAP frame at 0x([0-9a-f]{8}).*")
REGISTER = re.compile(r"  (\w+) +0x(?:----)?([0-9a-f]+) ?(.*)")


def closest(lines: List[str], wanted: str) -> str:
    """The line that is most similar to `wanted`; "" when none is similar."""
    similar = difflib.get_close_matches(wanted, lines, 1, 0.5)
    return similar[0] if similar else ""


def expect_lines(lines: List[str], wanted: List[str]) -> None:
    """Fails unless the lines `wanted` are among `lines`, in this order."""
    start = 0
    for line in wanted:
        try:
            start = lines.index(line, start) + 1
        except ValueError:
            reason = "a line is missing from the output"
            if line in lines:
                reason = "a line of the output comes too early"
            raise Failed(reason, line, closest(lines[start:], line)) from None


def reported(lines: List[str], name: str, key: int) -> int:
    """The value that check or program `name` reported with the key."""
    for line in lines:
        match = REPORT.fullmatch(line)
        if match and match.group(1) == name:
            value = int(match.group(2), 16)
            if int(match.group(3), 16) == digest(key, name, value):
                return value
            raise Failed(f"the report of {name} does not carry the key of "
                         "this run", seen=line)
    raise Failed(f"{name} did not report that it ran to its end")


def all_reported(lines: List[str], name: str, key: int) -> List[int]:
    """The values that `name` reported with the key, once or more, perhaps
    after other output on the line."""
    found = (REPORT.search(line) for line in lines)
    return [reported([match.group()], name, key) for match in found
            if match and match.group(1) == name]


@dataclass(frozen=True)
class PrintedFrame:
    """A trap frame as the console prints it."""

    address: int
    registers: Dict[str, int]  # by the names of the console: edi .. ss
    notes: Dict[str, str]  # the text after the number

    def check(self, **wanted: object) -> None:
        """Fails unless registers (numbers) and notes (strings; names with a
        trailing underscore) have these values."""
        for name, value in wanted.items():
            if isinstance(value, str):
                name = name.rstrip("_")
                seen: object = self.notes.get(name, "no such line")
            else:
                seen = self.registers.get(name, "no such line")
            if seen != value:
                raise Failed(f"the trap frame shows a wrong `{name}`",
                             _shown(value), _shown(seen))


def _shown(value: object) -> str:
    return f"0x{value:08x}" if isinstance(value, int) else str(value)


def printed_frames(lines: List[str]) -> List[PrintedFrame]:
    """The trap frames on the console, in order."""
    frames: List[PrintedFrame] = []
    inside = False
    for line in lines:
        start = FRAME.fullmatch(line)
        match = REGISTER.fullmatch(line)
        if start:
            frames.append(PrintedFrame(int(start.group(1), 16), {}, {}))
        elif match and inside:
            frames[-1].registers[match.group(1)] = int(match.group(2), 16)
            frames[-1].notes[match.group(1)] = match.group(3)
        inside = bool(start or (match and inside))
    return frames
