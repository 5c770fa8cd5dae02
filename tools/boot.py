#!/usr/bin/env python3
"""Starts QEMU for make qemu and similar goals, and reports a kernel crash.

    tools/boot.py OBJDIR [--gdb PORT] QEMU OPTION... [-- WORD...]

The words are put into the disk image as the kernel's boot arguments, while no
other machine of this tree runs. With --gdb the machine waits for a debugger, which
connects to the port from this computer; without --gdb no such port is open.

The serial console is the terminal; its output also goes to OBJDIR/console.log.
OBJDIR/lastrun.json records what was run, for make explain, and where make memmap
finds the machine. Piped input waits until the kernel reads; after its end the
machine ends at the monitor's next prompt, unless there is a window or a debugger
to continue with.
A machine that is reset, for example by a triple fault, ends instead of booting
again; with a debugger, it stops.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Iterator, List, Optional, Tuple, Union

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from gradelib.options import sandbox  # noqa: E402
from gradelib.qmp import QmpLink  # noqa: E402
from tools import bootargs  # noqa: E402
from tools.gdbtest import clean_up_when_told_to_end, listen  # noqa: E402
from tools.lock import NO_LOCKS  # noqa: E402

USAGE = "usage: boot.py OBJDIR [--gdb PORT] QEMU OPTION... [-- WORD...]"
OLDEST = (3, 0)  # the oldest QEMU that accepts the options below
RESET = ("+ the machine was reset, most likely by a triple fault: 'make explain' "
         "says why")
PANIC = "+ the kernel panicked: 'make explain' says more"
NO_WINDOW = re.compile(rb"gtk initialization failed|could not initialize sdl"
                       rb"|(open|connect).* display", re.IGNORECASE)
PROMPT = b"K> "


class BootError(Exception):
    """The machine cannot be started; the text is for the user."""


@dataclass(frozen=True)
class Order:
    """What to run."""

    objdir: Path
    port: int  # for the debugger, 0 without one
    qemu: List[str]  # its program and options
    words: Optional[List[str]]  # the boot arguments; None: leave them unchanged

    @classmethod
    def parse(cls, argv: List[str]) -> "Optional[Order]":
        """Reads the command line; None if it is wrong."""
        rest, port = argv[1:], 0
        if rest[:1] == ["--gdb"]:
            if len(rest) < 2 or not re.fullmatch(r"\d{1,5}", rest[1]):
                return None
            rest, port = rest[2:], int(rest[1])
        end = rest.index("--") if "--" in rest else len(rest)
        if end == 0:
            return None
        words = rest[end + 1:] if end < len(rest) else None
        return cls(Path(argv[0]), port, rest[:end], words)

    @property
    def window(self) -> bool:
        """Whether QEMU opens a window."""
        return not {"-display", "-nographic"} & set(self.qemu)


@dataclass(frozen=True)
class LastRun:
    """What was run, so that it can be run again."""

    arguments: List[str]  # the kernel's
    kernel: str  # a digest of its file
    memory: str
    cpus: int = 1
    control: str = ""  # the socket where the machine can be talked to

    @staticmethod
    def file(objdir: Path) -> Path:
        """The file that records it."""
        return objdir / "lastrun.json"

    def save(self, objdir: Path) -> None:
        """Saves it for load()."""
        self.file(objdir).write_text(json.dumps(asdict(self)) + "\n")

    @classmethod
    def load(cls, objdir: Path) -> "Optional[LastRun]":
        """The saved run; None if there is none, or it is unusable."""
        try:
            found = json.loads(cls.file(objdir).read_text())
            return cls([str(word) for word in found["arguments"]],
                       str(found["kernel"]), str(found["memory"]),
                       int(found.get("cpus", 1)),
                       str(found.get("control", "")))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def console_log(objdir: Path) -> Path:
    """The file that holds the console's output."""
    return objdir / "console.log"


def digest(objdir: Path) -> str:
    """Identifies a build of the kernel."""
    kernel = objdir / "kern/kernel"
    return hashlib.sha256(kernel.read_bytes()).hexdigest()


def about(objdir: Path, options: List[str], control: str = "") -> LastRun:
    """The run that is about to begin."""
    image = objdir / "kern/kernel.img"
    words = bootargs.text_of(image.read_bytes()).split()
    sizes = [size for option, size in zip(options, options[1:]) if option == "-m"]
    memory = sizes[-1] if sizes and re.fullmatch(r"\d+M?", sizes[-1]) else "128M"
    counts = [count for option, count in zip(options, options[1:])
              if option == "-smp" and re.fullmatch(r"\d+", count)]
    return LastRun(words, digest(objdir), memory,
                   int(counts[-1]) if counts else 1, control)


def version(qemu: str) -> Tuple[int, ...]:
    """QEMU's version."""
    said = subprocess.run([qemu, "--version"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          universal_newlines=True, check=False).stdout
    found = re.search(r"version (\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else OLDEST


# --------------------------------------------------------------
# What a machine needs exclusively
# --------------------------------------------------------------


def claim(objdir: Path) -> Optional[int]:
    """Locks this tree's machine.

    Returns: the open file that holds the lock, for QEMU to inherit; None where
    the file system has no locks. Errors: BootError, if a machine runs already.
    """
    file = os.open(objdir / "qemu.lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as err:
        os.close(file)
        if err.errno in NO_LOCKS:
            return None
        raise BootError("another machine of this tree runs: end it first (ctrl-a x "
                        "in its terminal), or build and run a second one with "
                        "'make OBJDIR=obj2 qemu'") from None
    return file


def runs(objdir: Path) -> bool:
    """Whether a machine of this tree is known to run."""
    try:
        file = claim(objdir)
    except BootError:
        return True
    except OSError:
        return False
    if file is not None:
        os.close(file)
    return False


def gdb_socket(port: int) -> socket.socket:
    """A socket to which only a debugger on this computer can connect."""
    try:
        return listen(port)[0]
    except (OSError, OverflowError):
        other = port + 1 if port < 65535 else port - 1
        raise BootError(f"port {port} for gdb is taken, perhaps by another machine: "
                        f"choose another for both, as in 'make GDBPORT={other} "
                        f"qemu-gdb' and 'make GDBPORT={other} gdb'") from None


@contextlib.contextmanager
def control_socket() -> Iterator[Optional[socket.socket]]:
    """A socket on which other tools control the machine; None where the file
    system for temporary files has no sockets. It is not in the tree: shared
    folders have no sockets, and their paths may be too long."""
    with tempfile.TemporaryDirectory(prefix="jos-qemu-") as room, \
            socket.socket(socket.AF_UNIX) as sock:
        try:
            sock.bind(str(Path(room, "control")))
            sock.listen(1)
        except OSError:
            yield None
        else:
            yield sock


@contextlib.contextmanager
def terminal_kept() -> Iterator[None]:
    """Restores the terminal's settings. QEMU does so too, unless it is killed."""
    modes = {}
    blocking = {}
    for fd in (0, 1, 2):
        with contextlib.suppress(OSError, termios.error):
            blocking[fd] = os.get_blocking(fd)
            modes[fd] = termios.tcgetattr(fd)
    try:
        yield
    finally:
        # A background process that sets the terminal gets SIGTTOU and stops.
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        for fd, block in blocking.items():
            os.set_blocking(fd, block)
        for fd, mode in modes.items():
            with contextlib.suppress(termios.error):
                termios.tcsetattr(fd, termios.TCSANOW, mode)


# --------------------------------------------------------------
# QEMU's options
# --------------------------------------------------------------


def console(log: Path) -> List[str]:
    """The options that make the terminal the serial console, put QEMU's own
    monitor on ctrl-a c, and log the output."""
    name = str(log).replace(",", ",,")
    return ["-chardev", f"stdio,id=console,mux=on,signal=off,logfile={name}",
            "-serial", "chardev:console", "-monitor", "chardev:console"]


def server(name: str, sock: Optional[socket.socket], option: str) -> List[str]:
    """The options that make QEMU listen on a socket; none if there is no
    socket."""
    if sock is None:
        return []
    return ["-chardev", f"socket,id={name},fd={sock.fileno()},server=on,wait=off",
            option, f"chardev:{name}"]


# --------------------------------------------------------------
# The machine
# --------------------------------------------------------------


class Watched:
    """A QEMU whose events we read."""

    def __init__(self, command: List[str], keep: List[int], typed: bool,
                 window: bool) -> None:
        """Starts it with the open files `keep`. Its input and output are pipes
        unless input is `typed`; its standard error is one with a `window`."""
        ours, control = socket.socketpair()
        self._link = QmpLink(ours)
        wires = ["-chardev", f"socket,id=events,fd={control.fileno()}",
                 "-qmp", "chardev:events", "-no-reboot"]
        if "-S" in command:
            wires.append("-no-shutdown")
        pipe = None if typed else subprocess.PIPE
        self.process = subprocess.Popen(
            [*command, *wires], pass_fds=[control.fileno(), *keep], stdin=pipe,
            stdout=pipe, stderr=subprocess.PIPE if window else None, bufsize=0)
        control.close()
        ours.setblocking(True)
        self._link.send("qmp_capabilities", {})

    def until_over(self) -> bool:
        """Waits for QEMU's end; returns whether the machine was reset. A reset
        is reported at once: with a debugger, QEMU may run for long after."""
        reset = told = False
        while not self._link.closed:
            self._link.receive()
            reset = any(event["event"] == "SHUTDOWN"
                        and event.get("data", {}).get("reason") == "guest-reset"
                        for event in self._link.events)
            if reset and not told:
                print(f"\n{RESET}", flush=True)
                told = True
        self.process.wait()
        return reset

    def quit(self) -> None:
        """Tells QEMU to end."""
        self._link.send("quit", {})

    def end(self) -> int:
        """Ends QEMU if it still runs; returns its status."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait()


class Feeder:
    """Passes piped input to a machine, and shows its console.

    Input that arrives before the kernel has set up its serial line is lost, and
    QEMU stops reading for good at the end of its input. So QEMU reads from our
    pipe, which gets the input once the kernel has printed something.
    """

    def __init__(self, machine: Watched, ends: bool) -> None:
        """With `ends`, the machine ends after the input, when the monitor has
        read each line of it."""
        self._machine = machine
        self._ends = ends
        self._awake = threading.Event()  # the kernel has printed something
        self._lines: Optional[int] = None  # of the input, once it has ended
        self._prompts = 0
        self._tail = b"\n"
        self._threads = [threading.Thread(target=work, daemon=True)
                         for work in (self._show, self._feed)]
        for thread in self._threads:
            thread.start()

    def _show(self) -> None:
        assert self._machine.process.stdout is not None
        try:
            while True:
                data = self._machine.process.stdout.read(4096)
                if not data:
                    break
                write_all(1, data)
                self._note(data)
        except OSError:  # the reader has closed its end
            self._machine.quit()

    def _note(self, data: bytes) -> None:
        """Counts the monitor's prompts: one before each line, and one more."""
        text = self._tail + data
        self._prompts += text.count(b"\n" + PROMPT)
        self._tail = text[-len(PROMPT):]
        self._awake.set()
        self._end_if_done()

    def _end_if_done(self) -> None:
        if (self._ends and self._lines is not None and self._prompts > self._lines
                and self._tail == PROMPT):
            self._machine.quit()

    def _feed(self) -> None:
        assert self._machine.process.stdin is not None
        sink = self._machine.process.stdin.fileno()
        self._awake.wait()
        lines, last = 0, b"\n"
        with contextlib.suppress(OSError):  # QEMU has ended, or there is no input
            while True:
                data = os.read(0, 4096)
                if not data:
                    break
                lines += data.count(b"\n") + data.count(b"\r")
                last = data[-1:]
                write_all(sink, data)
        if last not in b"\r\n":
            with contextlib.suppress(OSError):
                write_all(sink, b"\n")
            lines += 1
        self._lines = lines
        self._end_if_done()

    def finish(self) -> None:
        """Shows the remaining output after QEMU's end, and ends the line."""
        self._threads[0].join()
        if self._tail[-1:] != b"\n":
            with contextlib.suppress(OSError):
                write_all(1, b"\n")


def write_all(fd: int, data: bytes) -> None:
    """Writes all of it, in parts if another process made the file
    non-blocking."""
    while data:
        try:
            data = data[os.write(fd, data):]
        except BlockingIOError:
            select.select([], [fd], [])


class Complaints:
    """QEMU's standard error, which is also shown."""

    def __init__(self, source: IO[bytes]) -> None:
        self.text = b""  # the beginning
        self._source = source
        self._thread = threading.Thread(target=self._show, daemon=True)
        self._thread.start()

    def _show(self) -> None:
        with contextlib.suppress(OSError):
            for line in self._source:
                self.text = (self.text + line)[:4096]
                write_all(2, line)

    def finish(self) -> None:
        """Explains when QEMU could not open its window."""
        self._thread.join(1)  # a child of QEMU may still have the pipe open
        if NO_WINDOW.search(self.text):
            print("boot: QEMU cannot open a window here: 'make qemu-nox' runs in the "
                  "terminal (DISPLAY is "
                  f"'{os.environ.get('DISPLAY', '')}')", file=sys.stderr)


def run(order: Order, control: Optional[socket.socket], keep: List[int],
        debugger: Optional[socket.socket]) -> Tuple[bool, int]:
    """Runs QEMU; returns whether the machine was reset, and QEMU's status."""
    command = [*order.qemu, *sandbox(order.qemu), *console(console_log(order.objdir)),
               *server("control", control, "-qmp"), *server("gdb", debugger, "-gdb"),
               *(["-S"] if debugger is not None else [])]
    typed = os.isatty(0)
    socks = [sock for sock in (control, debugger) if sock is not None]
    machine = Watched(command, [*keep, *(sock.fileno() for sock in socks)], typed,
                      order.window)
    try:
        # ctrl-C is for the kernel; QEMU takes it from the terminal.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for sock in socks:
            sock.close()
        helpers: List[Union[Feeder, Complaints]] = []
        if not typed:
            helpers.append(Feeder(machine, not order.window and debugger is None))
        if machine.process.stderr is not None:
            helpers.append(Complaints(machine.process.stderr))
        reset = machine.until_over()
        for helper in helpers:
            helper.finish()
    finally:
        status = machine.end()
    return reset, status


def run_old(order: Order) -> int:
    """Runs a QEMU that does not accept our options; returns its status."""
    for path in (console_log(order.objdir), LastRun.file(order.objdir)):
        if path.exists():
            path.unlink()
    wait = ["-gdb", f"tcp:127.0.0.1:{order.port}", "-S"] if order.port else []
    return subprocess.call([*order.qemu, *wait, "-serial", "mon:stdio"])


def boot(order: Order) -> int:
    """Runs QEMU; returns its status."""
    log = console_log(order.objdir)
    with contextlib.ExitStack() as stack:
        lock = claim(order.objdir)
        if lock is not None:
            stack.callback(os.close, lock)
        if order.words is not None:
            bootargs.patch(order.objdir / "kern/kernel.img", order.words)
        stack.enter_context(terminal_kept())
        if version(order.qemu[0]) < OLDEST:
            return run_old(order)
        debugger = gdb_socket(order.port) if order.port else None
        control = stack.enter_context(control_socket())
        about(order.objdir, order.qemu,
              control.getsockname() if control else "").save(order.objdir)
        log.write_bytes(b"")
        reset, status = run(order, control, [] if lock is None else [lock], debugger)
    if not reset and b"\nkernel panic " in b"\n" + log.read_bytes():
        print(f"\n{PANIC}")
    return status


def main(argv: List[str]) -> int:
    """Returns the exit status."""
    order = Order.parse(argv) if len(argv) > 1 else None
    if order is None:
        print(USAGE, file=sys.stderr)
        return 2
    clean_up_when_told_to_end()
    if shutil.which(order.qemu[0]) is None:
        print(f"boot: {order.qemu[0]} was not found: run 'make setup'",
              file=sys.stderr)
        return 2
    try:
        return boot(order)
    except (OSError, bootargs.BootargsError, BootError) as err:
        print(f"boot: {err}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
