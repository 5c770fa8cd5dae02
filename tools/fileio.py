"""Writing: files that are replaced atomically, and output whose reader may
close it early."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any, Callable, List


def replace(path: Path, data: bytes) -> None:
    """Replaces the contents of `path` by `data` atomically.

    A build that is interrupted, or finds the disk full, must not leave a
    truncated file that is newer than its sources.
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
    """Standard output. When its reader has closed it, as in `make todo | head`,
    the rest is discarded: the tool still does its work."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            return len(data)


def run_tool(main: Callable[[List[str]], int]) -> None:
    """Runs the main function of a tool; its status becomes that of the
    process."""
    if sys.stdout is not None:  # it may be closed
        sys.stdout.flush()
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_Output(1, "w", closefd=False)),
            encoding=sys.stdout.encoding, errors=sys.stdout.errors,
            line_buffering=sys.stdout.isatty())
    sys.exit(main(sys.argv[1:]))
