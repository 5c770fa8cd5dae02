"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import os
from pathlib import Path


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
