#!/usr/bin/env python3
"""Runs a test of the grader under gdb: make gdb-TEST.

    tools/gdbtest.py OBJDIR QEMU GDB TEST LAB...

QEMU gets the boot arguments that the grader of one of the labs uses for TEST,
and waits for gdb. gdb runs in the foreground; the kernel's output appears there
too. When gdb ends, so does QEMU.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import List, Optional, Sequence, Tuple

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from gradelib.options import sandbox  # noqa: E402
from gradelib.outcome import GraderError  # noqa: E402
from gradelib.process import launch  # noqa: E402

USAGE = "usage: gdbtest.py OBJDIR QEMU GDB TEST LAB..."
REFUSAL_SECONDS = 0.3
EXTRA = re.compile(r"QEMUEXTRA='([^']*)'")


@dataclass(frozen=True)
class Recipe:
    """How QEMU runs a test."""

    arguments: str  # the kernel's
    extra: List[str]  # QEMU's options


def ask_grader(test: str, labs: List[str]) -> Recipe:
    """The recipe for `test`; the grader itself reports errors."""
    done = subprocess.run(
        [sys.executable, str(TOP / "gradelib"), *labs, "--gdb", test], cwd=TOP,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, universal_newlines=True, check=False)
    if done.returncode != 0:
        raise GraderError(done.stderr.strip() or "the grader failed")
    extra = EXTRA.search(done.stderr)
    user = os.environ.get("QEMUEXTRA", "")
    return Recipe(done.stdout.strip(), [
        *shlex.split(extra.group(1) if extra else ""), *shlex.split(user)])


def listen(port: int = 0) -> Tuple[socket.socket, int]:
    """A socket on which QEMU waits for gdb, and its port, by default any. gdb
    can connect from now on, although QEMU answers later."""
    sock = socket.socket()
    # Accepted sockets inherit this; QEMU has no option for it before 6.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # A connection that has just ended does not block the port.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
        sock.listen(1)
    except BaseException:
        sock.close()
        raise
    return sock, sock.getsockname()[1]


def command(qemu: str, kernel: Path, recipe: Recipe, wire: int) -> List[str]:
    """QEMU's command line: that of the graders except for the connections."""
    words = shlex.split(qemu)
    return [*words, *sandbox([*words, *recipe.extra]), "-nodefaults",
            "-display", "none", "-no-reboot", "-no-shutdown",
            "-m", "128M", *recipe.extra, "-serial", "stdio",
            "-chardev", f"socket,id=debugger,fd={wire},server=on,wait=off",
            "-gdb", "chardev:debugger", "-S",
            "-kernel", kernel.name, "-append", recipe.arguments]


def check_started(machine: "subprocess.Popen[bytes]", source: int) -> None:
    """Fails if QEMU has already ended because it refused its options."""
    try:
        machine.wait(REFUSAL_SECONDS)
    except subprocess.TimeoutExpired:
        return
    said = os.read(source, 4096).decode(errors="replace").strip()
    raise GraderError(f"QEMU did not start: {said or 'it said nothing'}")


def relay(source: int, shown: bool = True) -> None:
    """Reads what QEMU and the kernel print, and copies it to the terminal if
    `shown`. QEMU must not have the terminal: it would change settings that gdb
    relies on."""
    with contextlib.suppress(OSError):  # the output was closed
        while True:
            data = os.read(source, 4096)
            if not data:
                return
            if shown:
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()


def debug(qemu: str, gdb: str, objdir: Path, recipe: Recipe,
          commands: Sequence[str] = (), console: bool = True) -> int:
    """Runs both, gdb with these commands first; returns gdb's status. The
    kernel's output is shown if `console`."""
    source, sink = os.pipe()
    sock, port = listen()
    kernel = objdir / "kern/kernel"
    with os.fdopen(sink, "wb") as errors, sock:
        machine = launch(command(qemu, kernel, recipe, sock.fileno()),
                         [sock.fileno()], errors, kernel.parent)
    check_started(machine, source)
    assert machine.stdout is not None
    readers = [threading.Thread(target=relay, args=args, daemon=True)
               for args in ((source,), (machine.stdout.fileno(), console))]
    for reader in readers:
        reader.start()
    # ctrl-C is for gdb, which stops the machine.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.call(
            [*shlex.split(gdb), "-q", "-n", "-iex", f"set $jos_port = {port}",
             "-x", str(objdir / "gdbinit"),
             *(word for line in commands for word in ("-ex", line))],
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    except OSError as err:
        raise GraderError(f"{gdb}: {err.strerror}") from None
    finally:
        machine.kill()
        machine.wait()
        for reader in readers:
            reader.join(1)


def stop(number: int, frame: Optional[FrameType]) -> None:
    """Exits in a way that runs the cleanup."""
    raise SystemExit(128 + number)


def clean_up_when_told_to_end() -> None:
    """Makes signals that end the program run its cleanup."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def main(argv: List[str]) -> int:
    """Returns the exit status."""
    if len(argv) < 4:
        print(USAGE, file=sys.stderr)
        return 2
    objdir, qemu, gdb, test = Path(argv[0]), *argv[1:4]
    clean_up_when_told_to_end()
    try:
        recipe = ask_grader(test, argv[4:])
        words = " ".join(["qemu", *recipe.extra, "-kernel",
                          str(objdir / "kern/kernel"), "-append"])
        print(f"+ {words} '{recipe.arguments}' (`continue` boots it)", flush=True)
        return debug(qemu, gdb, objdir, recipe)
    except GraderError as err:
        print(f"gdbtest: {err}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
