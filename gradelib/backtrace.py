"""Stack backtraces: as printed on the console, and as found in memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Optional, Tuple

from gradelib.memory import words
from gradelib.outcome import Failed
from gradelib.state import State
from tools.elf import Elf

HEADING = "Stack backtrace:"
FORM = "  ebp %08x  eip %08x  args %08x %08x %08x %08x %08x"
PLACE_FORM = "         FILE:LINE: FUNCTION+OFFSET"
FRAME = re.compile(r"  ebp ([0-9a-f]{8})  eip ([0-9a-f]{8})"
                   r"  args((?: [0-9a-f]{8}){5})")
PLACE = re.compile(r" {9}(\S+):(\d+): (\S+)\+(\d+)")
MAX_FRAMES = 100


@dataclass(frozen=True)
class Place:
    """Where an instruction is in the source."""

    file: str
    line: int
    function: str
    offset: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.function}+{self.offset}"


@dataclass(frozen=True)
class Frame:
    """One stack frame: address, return address, the words after it."""

    ebp: int
    eip: int
    args: Tuple[int, ...]
    place: Optional[Place] = None

    def __str__(self) -> str:
        args = " ".join(f"{arg:08x}" for arg in self.args)
        return f"ebp {self.ebp:08x}  eip {self.eip:08x}  args {args}"


def printed_backtrace(lines: List[str]) -> List[Frame]:
    """The frames of the first backtrace in `lines`."""
    if HEADING not in lines:
        raise Failed("there is no backtrace", HEADING)
    found: List[Frame] = []
    for line in lines[lines.index(HEADING) + 1:]:
        frame, place = FRAME.fullmatch(line), PLACE.fullmatch(line)
        if frame:
            args = tuple(int(arg, 16) for arg in frame.group(3).split())
            found.append(Frame(int(frame.group(1), 16),
                               int(frame.group(2), 16), args))
        elif place and found and found[-1].place is None:
            found[-1] = Frame(found[-1].ebp, found[-1].eip, found[-1].args,
                              Place(place.group(1), int(place.group(2)),
                                    place.group(3), int(place.group(4))))
        elif re.match(r"\s*ebp\b", line):
            raise Failed("a line of the backtrace does not have the form that "
                         "it should have", FORM, line)
        elif line.startswith(" ") and found:
            raise Failed("a line of the backtrace does not have the form that "
                         "it should have", PLACE_FORM, line)
        else:
            break
    return found


def _place(elf: Elf, eip: int) -> Optional[Place]:
    """Where `eip` is in the source, from its program's debug information."""
    where = elf.lookup(eip)
    if where is None:
        return None
    return Place(where.file, where.line, where.function, where.offset)


def live_frames(state: State, ebp: int, elf: Elf) -> List[Frame]:
    """The stack frames of the program `elf`, from the one at `ebp` outwards.
    The last frame has a saved ebp of 0."""
    found: List[Frame] = []
    while ebp and len(found) < MAX_FRAMES:
        caller, eip, *args = words(state.read(ebp, 28, "a stack frame"))
        found.append(Frame(ebp, eip, tuple(args), _place(elf, eip)))
        ebp = caller
    return found


def entered_frames(state: State) -> List[Frame]:
    """The same at the entry of a kernel function. Its own frame comes first:
    the function will save ebp just below the return address."""
    registers, kernel = state.registers, state.symbols.kernel
    eip, *args = words(state.read(registers["ESP"], 24, "the stack"))
    own = Frame(registers["ESP"] - 4, eip, tuple(args), _place(kernel, eip))
    return [own, *live_frames(state, registers["EBP"], kernel)]
