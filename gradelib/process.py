"""Starting QEMU so that it never outlives the grader."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Callable, List, Optional, Sequence

from gradelib.outcome import GraderError

PR_SET_PDEATHSIG = 1
F_SETPIPE_SZ = 1031  # in Python's fcntl only from 3.10 on


def _dying_with_parent() -> Optional[Callable[[], None]]:
    """What a child must do first to be killed when its parent dies, however
    that dies; None where the system has no such thing."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the arrangement
            os._exit(1)

    return arrange


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
            command, cwd=directory, bufsize=0, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=errors, pass_fds=keep,
            start_new_session=True, preexec_fn=_dying_with_parent())
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
