"""A processor's registers, as QEMU shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, Tuple

from gradelib.outcome import GraderError


@dataclass(frozen=True)
class Registers:
    """The output of QEMU's `info registers`, by QEMU's names: EIP, CR3, CS, TR
    (the selector), IDT and GDT (base and limit), CPL, HLT."""

    values: Dict[str, int]
    idt: Tuple[int, int]
    gdt: Tuple[int, int]

    @classmethod
    def parse(cls, text: str) -> Registers:
        """Parses the output of `info registers`."""
        pairs = re.findall(r"\b([A-Z][A-Z0-9]+) *= *([0-9a-f]+)", text)
        tables = {name: (int(base, 16), int(limit, 16)) for name, base, limit
                  in re.findall(r"([GI]DT) *= *([0-9a-f]+) ([0-9a-f]+)\b", text)}
        if "IDT" not in tables or "GDT" not in tables:
            raise GraderError("QEMU's `info registers` cannot be read")
        values = {name: int(value, 16) for name, value in pairs}
        return cls(values, tables["IDT"], tables["GDT"])

    def __getitem__(self, name: str) -> int:
        return self.values[name]
