#!/usr/bin/env python3
"""Runs a build command with exclusive access to its folder.

    tools/lock.py OBJDIR NAME COMMAND...

The command runs while it holds the lock of OBJDIR. NAME, such as `make qemu`, is
shown to commands that wait. The lock is an open file that the command and its
children inherit, so it is released when all of them have ended, in whatever way.
Where the file system has no locks, the command runs without one.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import sys
from pathlib import Path
from typing import Iterator, List, Optional

USAGE = "usage: lock.py OBJDIR NAME COMMAND..."
# Names the lock that the parent process already holds.
HELD = "JOS_BUILD_LOCK"
# The errors of a file system without locks.
NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS,
            errno.EINVAL}


def lock_file(objdir: Path) -> Path:
    """The file whose lock means that a build runs in `objdir`."""
    return objdir.resolve() / "lock"


def _wait_for(fd: int) -> None:
    """Locks the open file; if it must wait, says for what."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    except OSError as err:
        if err.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise
    holder = os.pread(fd, 4096, 0).decode("utf-8", "replace").strip()
    print(f"+ waiting until {holder or 'another make'} has built",
          file=sys.stderr, flush=True)
    fcntl.flock(fd, fcntl.LOCK_EX)


def _is_still(fd: int, path: Path) -> bool:
    """Whether `path` is still the open file: `make clean` removes it."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))
    except FileNotFoundError:
        return False


def take(objdir: Path, name: str) -> Optional[int]:
    """Takes the lock of `objdir`, which is created if necessary.

    Returns: the open file that holds it, or None where there are no locks or
    the parent process holds it. Errors: OSError, if `objdir` cannot be written.
    """
    path = lock_file(objdir)
    if os.environ.get(HELD) == str(path):
        return None
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _wait_for(fd)
        except OSError as err:
            os.close(fd)
            if err.errno in NO_LOCKS:
                return None
            raise
        if _is_still(fd, path):
            break
        os.close(fd)
    os.ftruncate(fd, 0)
    os.pwrite(fd, f"'{name}' (process {os.getpid()})\n".encode(), 0)
    return fd


@contextlib.contextmanager
def locked(objdir: Path, name: str) -> Iterator[None]:
    """Holds the lock of `objdir` for this process and the makes it starts."""
    fd = take(objdir, name)
    before = os.environ.get(HELD)
    os.environ[HELD] = str(lock_file(objdir))
    try:
        yield
    finally:
        os.environ.pop(HELD)
        if before is not None:
            os.environ[HELD] = before
        if fd is not None:
            os.close(fd)


def main(argv: List[str]) -> int:
    """Executes the command; returns an exit status only if that fails."""
    if len(argv) < 3:
        print(USAGE, file=sys.stderr)
        return 2
    objdir, name, command = Path(argv[0]), argv[1], argv[2:]
    try:
        fd = take(objdir, name)
    except OSError as err:
        reason = os.strerror(err.errno or 0)
        print(f"cannot write in '{objdir}/': {reason}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    if fd is not None:
        os.set_inheritable(fd, True)
    os.environ[HELD] = str(lock_file(objdir))
    sys.stdout.flush()
    try:
        os.execvp(command[0], command)
    except OSError as err:
        print(f"{command[0]}: {os.strerror(err.errno or 0)}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
