"""Writing: files of which nobody ever sees half, and output that nobody has to
read to its end."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any, Callable, List


def replace(path: Path, data: bytes) -> None:
    """Makes `data` the contents of `path`, or leaves the old ones.

    A build that is interrupted, or that meets a full disk, must not leave a
    short file behind that looks newer than what it was made from.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            temporary.write_bytes(data)
            os.replace(temporary, path)
        except BaseException:
            if temporary.exists():
                temporary.unlink()
            raise
    except OSError as err:
        raise OSError(err.errno, err.strerror, str(path)) from None


class _Output(io.FileIO):
    """Standard output. When its reader has gone, as in `make todo | head`, the
    rest goes nowhere: that is no fault of the tool, which does its work."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            return len(data)


def run_tool(main: Callable[[List[str]], int]) -> None:
    """Runs the main function of a tool, whose status becomes that of the
    process."""
    if sys.stdout is not None:  # it may be closed
        sys.stdout.flush()
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_Output(1, "w", closefd=False)),
            encoding=sys.stdout.encoding, errors=sys.stdout.errors,
            line_buffering=sys.stdout.isatty())
    sys.exit(main(sys.argv[1:]))
