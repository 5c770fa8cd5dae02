"""Constants, read from the system's headers that define them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Dict

TOP = Path(__file__).resolve().parent.parent.parent
DEFINE = re.compile(r"#define\s+(\w+)\s+(0[xX][0-9a-fA-F]+|[0-9]+)\b")
TRAP = re.compile(r'TRAP\(\w+, *([0-9]+), *"([^"]*)"\)')


@lru_cache(maxsize=None)
def constants(header: str) -> Dict[str, int]:
    """The plain numbers that `header` (inc/mmu.h) defines, by name."""
    text = (TOP / header).read_text(errors="replace")
    return {name: int(value, 0) for name, value in DEFINE.findall(text)}


@lru_cache(maxsize=None)
def trap_names() -> Dict[int, str]:
    """The names of the processor's exception vectors."""
    text = (TOP / "inc/trap.def").read_text(errors="replace")
    return {int(number): name for number, name in TRAP.findall(text)}
