"""The digest that authenticates evidence of a test run (inc/digest.h)."""

from __future__ import annotations

import struct

OFFSET_BASIS = 0x811C9DC5
PRIME = 0x01000193


def digest(key: int, name: str, value: int) -> int:
    """What a program that has `key` prints after `= name value`.

    FNV-1a over the key, the name and the value: a kernel cannot print the line
    without the key, and the code is short enough for any lab.
    """
    result = OFFSET_BASIS
    for byte in struct.pack("<I", key) + name.encode() + struct.pack(
            "<I", value & 0xFFFFFFFF):
        result = (result ^ byte) * PRIME & 0xFFFFFFFF
    return result
