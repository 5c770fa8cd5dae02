#!/usr/bin/env python3
"""Sets or shows the boot arguments in a disk image or kernel.

    tools/bootargs.py IMAGE WORD...    sets them, e.g. lab=3 init=hello -- a b
    tools/bootargs.py IMAGE            prints those in force
    tools/bootargs.py IMAGE --clear    empties them

They are in one block of the image (struct Bootargs, kern/bootargs.h), so that
another program or lab can be booted without building anything.
"""

from __future__ import annotations

import errno
import fcntl
import sys
from pathlib import Path
from typing import BinaryIO, List

MAGIC = b"JOS-BOOTARGS-01\0"
SIZE = 512  # of the text, including its NUL
USAGE = "usage: bootargs.py IMAGE [WORD... | --clear]"


class BootargsError(Exception):
    """The image or the arguments are not acceptable; the text says why."""


def find(image: bytes) -> int:
    """The offset of the text in `image`, which holds exactly one block."""
    start = image.find(MAGIC)
    if start < 0:
        raise BootargsError("no block for boot arguments; is it a kernel?")
    if image.find(MAGIC, start + 1) >= 0:
        raise BootargsError("more than one block for boot arguments")
    text = start + len(MAGIC)
    if text + SIZE > len(image):
        raise BootargsError("the file ends within the boot arguments")
    return text


def text_of(image: bytes) -> str:
    """The arguments in force in `image`."""
    start = find(image)
    text, nul, _ = image[start:start + SIZE].partition(b"\0")
    if not nul or any(not 0x20 <= byte < 0x7F for byte in text):
        raise BootargsError("the boot arguments in it are damaged")
    return text.decode("ascii")


def encode(words: List[str]) -> bytes:
    """The block's text for `words`, padded to its full size."""
    text = " ".join(words)
    for char in text:
        if not " " <= char <= "~":
            raise BootargsError(f"{char!a} cannot stand in a boot argument, "
                                "only printable ASCII can")
    if len(text) >= SIZE:
        raise BootargsError(f"the boot arguments take {len(text)} bytes, "
                            f"there is room for {SIZE - 1}")
    return text.encode("ascii").ljust(SIZE, b"\0")


def _runs_from(file: BinaryIO) -> bool:
    """Whether a QEMU has the image open: it locks the file where it can."""
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as err:
        return err.errno in (errno.EAGAIN, errno.EACCES)
    return False


def patch(path: Path, words: List[str]) -> None:
    """Writes `words` into the image at `path`, or nothing if they do not fit.

    In place, because the image is large and other programs may have it open.
    """
    text = encode(words)
    with path.open("r+b") as file:
        if _runs_from(file):
            raise BootargsError("a machine runs from it: end that first")
        start = find(file.read())
        file.seek(start)
        file.write(text)


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""
    if not argv or argv[0].startswith("-"):
        print(USAGE, file=sys.stderr)
        return 1
    path, words = Path(argv[0]), argv[1:]
    try:
        if words:
            patch(path, [] if words == ["--clear"] else words)
        else:
            print(text_of(path.read_bytes()))
    except BootargsError as err:
        print(f"bootargs: {path}: {err}", file=sys.stderr)
        return 1
    except OSError as err:
        print(f"bootargs: {path}: {err.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
