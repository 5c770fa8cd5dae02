#!/usr/bin/env python3
"""Starts QEMU for make qemu and its kin, and says when the kernel crashed.

    tools/boot.py OBJDIR QEMU OPTION...

The serial console is the terminal; what appears there also goes to
OBJDIR/console.log, and OBJDIR/lastrun.json says what was run, for make explain;
at OBJDIR/qemu.sock make memmap finds the machine.
A machine that is reset, as by a triple fault, ends instead of booting again,
or with -S among the options, when a debugger looks on, stands still.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import List, Optional, Tuple

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from gradelib.qmp import QmpLink  # noqa: E402
from tools import bootargs  # noqa: E402
from tools.gdbtest import clean_up_when_told_to_end  # noqa: E402

USAGE = "usage: boot.py OBJDIR QEMU OPTION..."
OLDEST = (3, 0)  # QEMU that takes the options below
SOCKET_NAME = 100  # bytes of a socket's name that any system takes
RESET = ("+ the machine was reset, most likely by a triple fault: 'make explain' "
         "says why")
PANIC = "+ the kernel panicked: 'make explain' says more"


@dataclass(frozen=True)
class LastRun:
    """What was run, so that it can be run again."""

    arguments: List[str]  # the kernel's
    kernel: str  # a digest of its file
    memory: str
    cpus: int = 1

    @staticmethod
    def file(objdir: Path) -> Path:
        """Where it is kept."""
        return objdir / "lastrun.json"

    def save(self, objdir: Path) -> None:
        """Keeps it for load()."""
        self.file(objdir).write_text(json.dumps(asdict(self)) + "\n")

    @classmethod
    def load(cls, objdir: Path) -> "Optional[LastRun]":
        """What was kept; None if there is nothing, or nothing of use."""
        try:
            found = json.loads(cls.file(objdir).read_text())
            return cls([str(word) for word in found["arguments"]],
                       str(found["kernel"]), str(found["memory"]),
                       int(found.get("cpus", 1)))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def console_log(objdir: Path) -> Path:
    """Where what appeared on the console is kept."""
    return objdir / "console.log"


def control_socket(objdir: Path) -> Path:
    """Where the machine that runs can be talked to."""
    return objdir / "qemu.sock"


def digest(objdir: Path) -> str:
    """Tells one build of the kernel from another."""
    kernel = objdir / "kern/kernel"
    return hashlib.sha256(kernel.read_bytes()).hexdigest()


def about(objdir: Path, options: List[str]) -> LastRun:
    """The run that is about to begin."""
    image = objdir / "kern/kernel.img"
    words = bootargs.text_of(image.read_bytes()).split()
    sizes = [size for option, size in zip(options, options[1:]) if option == "-m"]
    memory = sizes[-1] if sizes and re.fullmatch(r"\d+M?", sizes[-1]) else "128M"
    counts = [count for option, count in zip(options, options[1:])
              if option == "-smp" and re.fullmatch(r"\d+", count)]
    return LastRun(words, digest(objdir), memory,
                   int(counts[-1]) if counts else 1)


def version(qemu: str) -> Tuple[int, ...]:
    """QEMU's version."""
    said = subprocess.run([qemu, "--version"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          universal_newlines=True, check=False).stdout
    found = re.search(r"version (\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else OLDEST


def console(log: Path) -> List[str]:
    """The options that make the terminal the serial console, with QEMU's own
    monitor behind ctrl-a c, and keep a copy."""
    name = str(log).replace(",", ",,")
    return ["-chardev", f"stdio,id=console,mux=on,signal=off,logfile={name}",
            "-serial", "chardev:console", "-mon", "chardev=console"]


def control(objdir: Path) -> List[str]:
    """The options that let other tools look at the machine."""
    name = str(control_socket(objdir))
    if "," in name or len(name) > SOCKET_NAME:
        return []
    return ["-qmp", f"unix:{name},server=on,wait=off"]


class Watched:
    """A QEMU whose events we read."""

    def __init__(self, command: List[str]) -> None:
        ours, control = socket.socketpair()
        self._link = QmpLink(ours)
        wires = ["-chardev", f"socket,id=events,fd={control.fileno()}",
                 "-mon", "chardev=events,mode=control", "-no-reboot"]
        if "-S" in command:
            wires.append("-no-shutdown")
        self._process = subprocess.Popen([*command, *wires],
                                         pass_fds=[control.fileno()])
        control.close()
        ours.setblocking(True)
        self._link.send("qmp_capabilities", {})

    def until_over(self) -> bool:
        """Waits for QEMU's end; whether the machine was reset. Says so at
        once: with a debugger, QEMU's end may be far."""
        reset = told = False
        while not self._link.closed:
            self._link.receive()
            reset = any(event["event"] == "SHUTDOWN"
                        and event.get("data", {}).get("reason") == "guest-reset"
                        for event in self._link.events)
            if reset and not told:
                print(f"\n{RESET}", flush=True)
                told = True
        self._process.wait()
        return reset

    def end(self) -> int:
        """Makes sure that QEMU has ended; returns its status."""
        if self._process.poll() is None:
            self._process.terminate()
        return self._process.wait()


def boot(objdir: Path, qemu: List[str]) -> int:
    """Runs QEMU; returns its status."""
    log = console_log(objdir)
    if version(qemu[0]) < OLDEST:
        for path in (log, LastRun.file(objdir)):
            if path.exists():
                path.unlink()
        return subprocess.call([*qemu, "-serial", "mon:stdio"])
    about(objdir, qemu).save(objdir)
    log.write_bytes(b"")
    machine = Watched([*qemu, *console(log), *control(objdir)])
    try:
        # ctrl-C is for the kernel; QEMU takes it from the terminal.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        reset = machine.until_over()
    finally:
        status = machine.end()
    if not reset and b"\nkernel panic " in b"\n" + log.read_bytes():
        print(f"\n{PANIC}")
    return status


def main(argv: List[str]) -> int:
    """Returns the exit status."""
    if len(argv) < 2:
        print(USAGE, file=sys.stderr)
        return 2
    clean_up_when_told_to_end()
    if shutil.which(argv[1]) is None:
        print(f"boot: {argv[1]} was not found: run 'make setup'", file=sys.stderr)
        return 2
    try:
        return boot(Path(argv[0]), argv[1:])
    except (OSError, bootargs.BootargsError) as err:
        print(f"boot: {err}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
