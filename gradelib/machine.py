"""One virtual machine: starting it, its console, its registers, its end."""

from __future__ import annotations

import re
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from gradelib.breakpoint import Breakpoint
from gradelib.console import Console
from gradelib.outcome import GraderError
from gradelib.process import cpu_seconds, last_line, launch
from gradelib.qmp import QmpLink
from tools import bootargs

ANSWER_SECONDS = 60.0  # QEMU answers in milliseconds, on any host in this


@dataclass(frozen=True)
class Setup:
    """What a machine is made of."""

    qemu: Tuple[str, ...]  # the program and options that come before ours
    kernel: Path
    arguments: Tuple[str, ...] = ()  # the kernel's boot arguments
    memory: str = "128M"
    image: Optional[Path] = None  # boot from a copy of this disk instead
    stop_at: int = 0  # the address of an instruction to stop at, if not 0

    def command(self, wires: Sequence[int], disk: Path) -> List[str]:
        """QEMU's command line; `wires` are the descriptors of the console,
        of the control socket, and of the debugger's if there is one.

        A triple fault must pause the machine, not end or restart it: its
        memory and registers are evidence.
        """
        words = [*self.qemu, "-nodefaults", "-display", "none", "-no-reboot",
                 "-no-shutdown", "-m", self.memory,
                 "-chardev", f"socket,id=console,fd={wires[0]}",
                 "-serial", "chardev:console",
                 "-chardev", f"socket,id=control,fd={wires[1]}",
                 "-mon", "chardev=control,mode=control"]
        if self.stop_at:
            words += ["-S", "-chardev", f"socket,id=debugger,fd={wires[2]}",
                      "-gdb", "chardev:debugger"]
        if self.image is None:
            # Named without its directory: QEMU hands the name to the kernel,
            # which takes what follows the first blank for its arguments.
            return [*words, "-kernel", self.kernel.name,
                    "-append", " ".join(self.arguments)]
        escaped = str(disk).replace(",", ",,")
        return [*words, "-drive", f"file={escaped},format=raw,if=ide"]


class MachineGone(Exception):
    """QEMU ended without being told to; the text is what it said."""


@dataclass(frozen=True)
class Registers:
    """What QEMU's `info registers` shows, by the names it gives: EIP, CR3,
    CS, TR (the selector), IDT and GDT (base and limit), CPL, HLT."""

    values: Dict[str, int]
    idt: Tuple[int, int]
    gdt: Tuple[int, int]

    @classmethod
    def parse(cls, text: str) -> Registers:
        """Reads the text of `info registers`."""
        pairs = re.findall(r"\b([A-Z][A-Z0-9]+) *= *([0-9a-f]+)", text)
        tables = {name: (int(base, 16), int(limit, 16)) for name, base, limit
                  in re.findall(r"([GI]DT) *= *(\w+) (\w+)", text)}
        if "IDT" not in tables or "GDT" not in tables:
            raise GraderError("QEMU's `info registers` cannot be read")
        values = {name: int(value, 16) for name, value in pairs}
        return cls(values, tables["IDT"], tables["GDT"])

    def __getitem__(self, name: str) -> int:
        return self.values[name]


class Machine:
    """A running QEMU. Used by one thread, except for kill()."""

    def __init__(self, setup: Setup, scratch: Path) -> None:
        """Starts it; it keeps its files below `scratch`."""
        self.setup = setup
        self.console = Console()
        self.directory = Path(tempfile.mkdtemp(prefix="vm", dir=scratch))
        self._started = time.monotonic()
        self._selector = selectors.DefaultSelector()
        pairs = [socket.socketpair() for _ in range(3)]
        self._wire, control, debugger = [ours for ours, _ in pairs]
        self._qmp = QmpLink(control)
        self._breakpoint = Breakpoint(debugger)
        theirs = [far for _, far in pairs[:3 if setup.stop_at else 2]]
        try:
            self._process = self._launch([far.fileno() for far in theirs])
        except BaseException:
            self._drop()
            raise
        finally:
            for _, far in pairs:
                far.close()
        self._wire.setblocking(False)
        for sock in [self._wire, control, debugger][:len(theirs)]:
            self._selector.register(sock, selectors.EVENT_READ)
        self._qmp.send("qmp_capabilities", {})
        self._unanswered = 1
        self.paused = False
        if setup.stop_at:
            self._breakpoint.run_to(setup.stop_at)

    def _launch(self, wires: List[int]) -> "subprocess.Popen[bytes]":
        """Starts QEMU on the far ends of our sockets."""
        disk = self.directory / "disk.img"
        if self.setup.image is not None:
            self._make_disk(self.setup.image, disk)
        command = self.setup.command(wires, disk)
        with (self.directory / "messages").open("wb") as errors:
            return launch(command, wires, errors, self.setup.kernel.parent)

    def _make_disk(self, image: Path, disk: Path) -> None:
        """Makes a disk of this machine's own, with its boot arguments."""
        try:
            shutil.copyfile(image, disk)
            bootargs.patch(disk, list(self.setup.arguments))
        except (OSError, bootargs.BootargsError) as err:
            raise GraderError(f"{image}: {err}") from None

    def pump(self, seconds: float) -> bool:
        """Takes in output and events, waiting up to `seconds` for some.
        Returns whether any came."""
        ready = self._selector.select(seconds)
        for key, _ in ready:
            if key.fileobj is self._wire:
                self._read_console()
            elif key.fileobj is self._qmp.sock:
                self._qmp.receive()
            else:
                self._breakpoint.receive()
        if self._qmp.closed:
            raise MachineGone(last_line(self.directory / "messages"))
        return bool(ready)

    def _read_console(self) -> None:
        try:
            data = self._wire.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.console.feed(data)
        else:
            self._selector.unregister(self._wire)

    def type(self, text: str) -> None:
        """Sends `text` to the console, as if typed there."""
        try:
            self._wire.sendall(text.encode())
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
        """Why QEMU has paused the machine for good ("guest-reset" is a triple
        fault, or a reset that was asked for), or "" while it has not."""
        for event in self._qmp.events:
            if event["event"] == "SHUTDOWN":
                return str(event.get("data", {}).get("reason", "shutdown"))
            if event["event"] == "GUEST_PANICKED":
                return "guest-panic"
        return ""

    def pause(self) -> None:
        """Stops the processor, and takes in all it had written by then."""
        if not self.paused:
            self.execute("stop")
            self.paused = True
        while self.pump(0) and not self.console.flooded:
            pass

    def resume(self) -> None:
        """Lets the processor run on."""
        if self.at_breakpoint:
            self._breakpoint.go_on()
        elif self.paused:
            self.execute("cont")
        self.paused = False

    @property
    def at_breakpoint(self) -> bool:
        """Whether the processor has come to where it was to stop."""
        return self._breakpoint.hit

    def registers(self) -> Registers:
        """The registers of the first processor."""
        return Registers.parse(self.execute(
            "human-monitor-command", **{"command-line": "info registers"}))

    def read_physical(self, address: int, size: int) -> bytes:
        """Guest memory at a physical address."""
        path = self.directory / "memory"
        self.execute("pmemsave", val=address, size=size, filename=str(path))
        data = path.read_bytes()
        if len(data) != size:
            raise GraderError(f"QEMU saved {len(data)} of {size} bytes of "
                              f"memory in {path.parent}: is the disk full?")
        return data

    def wall_seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self._started

    def cpu_seconds(self) -> float:
        """The processor time it has used, or where the host does not tell,
        the time since its start."""
        used = cpu_seconds(self._process.pid)
        return self.wall_seconds() if used is None else used

    def kill(self) -> None:
        """Ends QEMU. Another thread that uses the machine gets
        MachineGone."""
        self._process.kill()

    def close(self) -> None:
        """Ends QEMU and leaves nothing behind."""
        self._process.kill()
        self._process.wait()
        self._drop()

    def _drop(self) -> None:
        self._selector.close()
        self._wire.close()
        self._qmp.sock.close()
        self._breakpoint.sock.close()
        shutil.rmtree(self.directory, ignore_errors=True)
