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

F_SETPIPE_SZ = 1031  # in Python's fcntl only since 3.10

# Runs a command that is killed when its parent dies, however that happens; the
# shell checks whether the parent died too early. (A child could set this up
# between fork and exec, but copying our process takes longer.)
LEASH = ("setpriv", "--pdeathsig", "KILL", "--", "sh", "-c",
         '[ "$PPID" = "$0" ] && exec "$@"')


@lru_cache(maxsize=None)
def _leash(parent: int) -> Tuple[str, ...]:
    """The prefix for a command that must not outlive us, `parent`; empty where
    the system has no such mechanism."""
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

    It gets its own session: ctrl-C reaches only the grader, which then ends its
    children in order. The calling thread must live as long as the child: for
    Linux, the death of the thread is the death of the parent.
    """
    try:
        return subprocess.Popen(
            [*_leash(os.getpid()), *command], cwd=directory, bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            pass_fds=keep, start_new_session=True)
    except OSError as err:
        raise GraderError(f"{command[0]}: {err.strerror}") from None


def widen(pipe: int) -> None:
    """Enlarges a pipe's buffer, where the system allows it: on a busy host, a
    machine must not block because its output is read late."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, F_SETPIPE_SZ, 1 << 20)


def cpu_seconds(pid: int) -> Optional[float]:
    """The processor time that process `pid` has used so far, None where the
    system does not say."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        # clock_getcpuclockid(3): bitwise complement of the process id above
        # the three bits for "CPU time of the whole process".
        return time.clock_gettime(~pid << 3 | 2)
    except OSError:
        return None


def last_line(path: Path) -> str:
    """The last message of a program, from its file of messages."""
    lines = path.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
