"""Starting QEMU so that it never outlives the grader."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import IO, List, Optional, Sequence, Tuple

from gradelib.outcome import GraderError

F_SETPIPE_SZ = 1031  # in Python's fcntl only from 3.10 on

# Runs a command that is killed when its parent dies, however that dies; the
# shell sees whether it died before that was arranged. (A child could arrange
# it between fork and exec, but to copy our process takes longer than this.)
LEASH = ("setpriv", "--pdeathsig", "KILL", "--", "sh", "-c",
         '[ "$PPID" = "$0" ] && exec "$@"')


@lru_cache(maxsize=None)
def _leash(parent: int) -> Tuple[str, ...]:
    """What stands before a command that is not to outlive us, `parent`;
    nothing where the system has no such thing."""
    words = (*LEASH, str(parent))
    try:
        done = subprocess.run([*words, "true"], stderr=subprocess.DEVNULL,
                              check=False)
    except OSError:
        return ()
    return () if done.returncode else words


def launch(command: Sequence[str], keep: List[int],
           errors: IO[bytes], directory: Path) -> "subprocess.Popen[bytes]":
    """Starts `command` in `directory` with the descriptors `keep`, pipes for
    its input and output, and its messages going to `errors`.

    In a session of its own, so that ctrl-C reaches the grader alone, which
    then ends its children in order. The calling thread must live as long as
    the child: Linux takes the end of the thread for the parent's death.
    """
    try:
        return subprocess.Popen(
            [*_leash(os.getpid()), *command], cwd=directory, bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            pass_fds=keep, start_new_session=True)
    except OSError as err:
        raise GraderError(f"{command[0]}: {err.strerror}") from None


def widen(pipe: int) -> None:
    """Makes room in a pipe, where the system lets us: a machine whose output
    nobody reads in time, on a busy host, must not have to wait."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, F_SETPIPE_SZ, 1 << 20)


def cpu_seconds(pid: int) -> Optional[float]:
    """The processor time that process `pid` has used so far, None where the
    system does not tell."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        # clock_getcpuclockid(3): bit-wise complement of the process id above
        # the three bits for "scheduler's time of the whole process".
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return None


def last_line(path: Path) -> str:
    """What a program said last in its file of messages."""
    lines = path.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
