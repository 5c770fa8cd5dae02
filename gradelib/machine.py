"""One virtual machine: start, console, registers, end."""

from __future__ import annotations

import contextlib
import mmap
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, List, Optional, Tuple

from gradelib.breakpoint import Breakpoint
from gradelib.console import Console
from gradelib.layout import CR0_PG
from gradelib.logpipe import LogPipe
from gradelib.memory import Memory
from gradelib.outcome import GraderError
from gradelib.process import cpu_seconds, last_line, launch, widen
from gradelib.qmp import QmpLink
from gradelib.registers import Registers
from gradelib.setup import Setup, Wires
from tools import bootargs

ANSWER_SECONDS = 60.0  # QEMU answers in milliseconds, on any host in this


class MachineGone(Exception):
    """QEMU ended unexpectedly; the text is its message."""


class Abandoned(MachineGone):
    """QEMU ended because of the kernel; the text says why."""


class Ram:
    """The memory of a machine, shared with QEMU where the system has files
    without a name that can be opened through their descriptor. Elsewhere QEMU
    saves parts of it to a file."""

    def __init__(self, size: int, shared: bool, directory: Path) -> None:
        self.saved = directory / "memory"
        self.fd: Optional[int] = None
        self._view: Optional[mmap.mmap] = None
        if shared:
            # In a sandbox or an old system the function may exist but fail.
            with contextlib.suppress(AttributeError, OSError):
                self._share(os.memfd_create("memory"), size)

    def _share(self, fd: int, size: int) -> None:
        """Maps the file `fd`, if QEMU will be able to open it by a name."""
        try:
            os.close(os.open(f"/dev/fd/{fd}", os.O_RDWR))
            os.ftruncate(fd, size)
            self._view = mmap.mmap(fd, size, prot=mmap.PROT_READ)
        except BaseException:
            os.close(fd)
            raise
        self.fd = fd

    def read(self, address: int, size: int) -> Optional[bytes]:
        """Shared memory, or None when there is none at `address`."""
        if self._view is None or address + size > len(self._view):
            return None
        return self._view[address:address + size]

    def take(self, size: int) -> bytes:
        """What QEMU saved, which must be `size` bytes."""
        data = self.saved.read_bytes()
        if len(data) != size:
            raise GraderError(f"QEMU saved {len(data)} of {size} bytes of "
                              "memory: is the disk full?")
        return data

    def close(self) -> None:
        """Frees its resources."""
        if self._view is not None:
            self._view.close()
        if self.fd is not None:
            os.close(self.fd)


class Machine:
    """A running QEMU. Used by one thread, except for kill()."""

    def __init__(self, setup: Setup, scratch: Path) -> None:
        """Starts QEMU, which keeps its files below `scratch`."""
        self.setup = setup
        self.console = Console()
        self.paused = False
        self.focus = 0  # the processor whose registers say most
        self.directory = Path(tempfile.mkdtemp(prefix="vm", dir=scratch))
        self._memory: Optional[Tuple[Registers, Memory]] = None
        self._started = time.monotonic()
        self._ram = Ram(setup.memory_bytes, setup.shared, self.directory)
        ours, control = socket.socketpair()
        self._qmp = QmpLink(ours)
        self._breakpoint: Optional[Breakpoint] = None
        self._hit = False  # the processor is at the breakpoint
        self._stops = 0  # number of stops seen
        self._log: Optional[LogPipe] = None
        if setup.log:
            self._log = LogPipe(self.directory / "log")
        far = [control]
        if setup.stop_at:
            ours, debugger = socket.socketpair()
            self._breakpoint = Breakpoint(ours)
            far.append(debugger)
        try:
            self._process = self._launch(Wires(
                control.fileno(), far[1].fileno() if far[1:] else None,
                self._log.path if self._log is not None else None,
                self._ram.fd))
        except BaseException:
            self._drop()
            raise
        finally:
            for sock in far:
                sock.close()
        try:
            self._listen()
        except BaseException:
            self.close()
            raise

    def _launch(self, wires: Wires) -> "subprocess.Popen[bytes]":
        """Starts QEMU with its ends of the connections."""
        disk = self.directory / "disk.img"
        if self.setup.image is not None:
            self._make_disk(self.setup.image, disk)
        command = self.setup.command(wires, disk)
        with (self.directory / "messages").open("wb") as errors:
            return launch(command, wires.all(), errors,
                          self.setup.kernel.parent)

    def _listen(self) -> None:
        """Connects to QEMU's sockets and pipes, and starts the machine."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._keyboard = self._process.stdin.fileno()
        self._screen = self._process.stdout.fileno()
        widen(self._screen)
        os.set_blocking(self._screen, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._screen, selectors.EVENT_READ,
                                self._read_console)
        self._selector.register(self._qmp.sock, selectors.EVENT_READ,
                                self._qmp.receive)
        if self._log is not None:
            self._selector.register(self._log.near, selectors.EVENT_READ,
                                    self._log.receive)
        self._qmp.send("qmp_capabilities", {})
        self._unanswered = 1
        if self._breakpoint is not None:
            self._selector.register(self._breakpoint.sock,
                                    selectors.EVENT_READ,
                                    self._breakpoint.receive)
            self._breakpoint.set(self.setup.stop_at)
            self.execute("cont")

    def _make_disk(self, image: Path, disk: Path) -> None:
        """Copies the disk, and adds this machine's boot arguments."""
        try:
            shutil.copyfile(image, disk)
            bootargs.patch(disk, list(self.setup.arguments))
        except (OSError, bootargs.BootargsError) as err:
            raise GraderError(f"{image}: {err}") from None

    def pump(self, seconds: float) -> bool:
        """Reads output and events, waiting up to `seconds`. Returns whether any
        came; the log, which may never pause, does not count."""
        deadline = time.monotonic() + seconds
        while True:
            ready = self._selector.select(seconds)
            for key, _ in ready:
                key.data()
            if self._qmp.closed:
                raise self._why_gone()
            news = [key for key, _ in ready
                    if self._log is None or key.fd != self._log.near]
            seconds = deadline - time.monotonic()
            if news or not ready or seconds <= 0:
                return bool(news)

    def _read_console(self) -> None:
        data = os.read(self._screen, 1 << 16)
        if data:
            self.console.feed(data)
        else:
            self._selector.unregister(self._screen)

    def _why_gone(self) -> MachineGone:
        """Why QEMU ended by itself. It does not emulate everything that a
        badly configured processor does."""
        said = self.directory / "messages"
        fatal = re.search(r"^qemu: fatal: (.*)", said.read_text(
            errors="replace"), re.MULTILINE)
        if fatal is None:
            return MachineGone(last_line(said))
        return Abandoned("the processor came to where QEMU cannot go on: "
                         + fatal.group(1))

    def type(self, text: str) -> None:
        """Sends `text` to the console, as if typed there."""
        try:
            os.write(self._keyboard, text.encode())
        except OSError:
            raise MachineGone("it closed its console") from None

    def execute(self, command: str, **arguments: Any) -> Any:
        """Runs one QMP command and returns its answer."""
        self._qmp.send(command, arguments)
        self._unanswered += 1
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            while self._qmp.answers:
                self._unanswered -= 1
                answer = self._qmp.take_answer()
                if self._unanswered == 0:
                    return answer
            left = deadline - time.monotonic()
            if left < 0:
                raise GraderError(f"QEMU does not answer `{command}`")
            self.pump(left)

    def end_reason(self) -> str:
        """Why QEMU paused the machine for good ("guest-reset" is a triple
        fault, or a requested reset), or "" if it has not."""
        for event in self._qmp.events:
            if event["event"] == "SHUTDOWN":
                return str(event.get("data", {}).get("reason", "shutdown"))
            if event["event"] == "GUEST_PANICKED":
                return "guest-panic"
        return ""

    def pause(self) -> None:
        """Stops the processor, and reads all output up to then."""
        if not self.paused:
            self.execute("stop")
            self.paused = True
        while self.pump(0) and not self.console.flooded:
            pass

    def resume(self) -> None:
        """Resumes the processor, unless the machine was switched off."""
        self._memory = None
        if self._breakpoint is not None and self._hit:
            self._breakpoint.clear()
        if (self.paused or self._hit) and not self.end_reason():
            self.execute("cont")
        self.paused = self._hit = False

    @property
    def at_breakpoint(self) -> bool:
        """Whether the processor stopped at its breakpoint. QEMU reports the
        stop but not the reason, so ask."""
        if self._breakpoint is None or not self._breakpoint.armed:
            return False
        if self._stops != self._qmp.stops:
            self._stops = self._qmp.stops
            self._hit = self.execute("query-status")["status"] == "debug"
        return self._hit

    def registers(self, cpu: Optional[int] = None) -> Registers:
        """The registers of processor `cpu`, by default the one in focus."""
        index = self.focus if cpu is None else cpu
        return Registers.parse(self.execute(
            "human-monitor-command", **{"command-line": "info registers",
                                        "cpu-index": index}))

    @property
    def processors(self) -> List[Registers]:
        """The registers of all processors of the stopped machine."""
        return [self.registers(cpu) for cpu in range(self.setup.cpus)]

    def look_at(self, cpu: int) -> None:
        """Selects processor `cpu` for looks at the machine."""
        if cpu != self.focus:
            self.focus = cpu
            self._memory = None

    def stop_at(self, address: int) -> None:
        """Sets the breakpoint of the stopped machine at `address`, or removes
        it if that is 0."""
        if self._breakpoint is not None:
            self._hit = False
            if address:
                self._breakpoint.set(address)
            else:
                self._breakpoint.clear()

    def look(self) -> Tuple[Registers, Memory]:
        """The registers and the memory of the stopped machine."""
        if self._memory is None:
            registers = self.registers()
            memory = Memory(self.read_physical, registers["CR3"],
                            bool(registers["CR0"] & CR0_PG))
            self._memory = (registers, memory)
        return self._memory

    def read_physical(self, address: int, size: int) -> bytes:
        """Guest memory at a physical address."""
        data = self._ram.read(address, size)
        if data is None:
            self.execute("pmemsave", val=address, size=size,
                         filename=str(self._ram.saved))
            data = self._ram.take(size)
        return data

    @property
    def log(self) -> Optional[str]:
        """The end of its log of interrupts, if there is one. The machine is
        stopped and writes no more."""
        if self._log is None:
            return None
        while self._log.receive():
            pass
        return self._log.tail.text()

    def wall_seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self._started

    def cpu_seconds(self) -> float:
        """The processor time it has used, or the time since its start where
        the host does not say."""
        used = cpu_seconds(self._process.pid)
        return self.wall_seconds() if used is None else used

    def kill(self) -> None:
        """Kills QEMU, and a wrapper that may have started it. Another thread
        that uses the machine gets MachineGone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def quit(self) -> None:
        """Lets QEMU exit by itself, which completes the files it writes."""
        with contextlib.suppress(MachineGone, GraderError):
            self.execute("quit")  # some of its sockets close at once
        try:
            self._process.wait(ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            raise GraderError("QEMU does not end") from None

    def close(self) -> None:
        """Ends QEMU and removes everything."""
        self.kill()
        self._process.wait()
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._drop()

    def _drop(self) -> None:
        self._ram.close()
        self._qmp.sock.close()
        if self._log is not None:
            self._log.close()
        if self._breakpoint is not None:
            self._breakpoint.sock.close()
        shutil.rmtree(self.directory, ignore_errors=True)
