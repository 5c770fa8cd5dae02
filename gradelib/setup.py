"""The parts of a machine, and QEMU's command line for them."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Tuple

from gradelib.options import sandbox

CHIP = 3  # processors on a chip, when there are more


@dataclass(frozen=True)
class Wires:
    """QEMU's ends of its connections to us, as descriptors; the log is a path,
    which QEMU opens itself."""

    control: int
    debugger: Optional[int] = None
    log: Optional[Path] = None  # a named pipe
    memory: Optional[int] = None  # a file to use as the machine's memory

    def all(self) -> List[int]:
        """The descriptors in use."""
        every = [self.control, self.debugger, self.memory]
        return [wire for wire in every if wire is not None]


@dataclass(frozen=True)
class Setup:
    """The parts of a machine."""

    qemu: Tuple[str, ...]  # the program and its first options
    kernel: Path
    arguments: Tuple[str, ...] = ()  # the kernel's boot arguments
    memory: str = "128M"
    image: Optional[Path] = None  # boot from a copy of this disk instead
    stop_at: int = 0  # the address of an instruction to stop at, if not 0
    log: bool = False  # log interrupts
    shared: bool = True  # share its memory, if the system can
    cpus: int = 1
    counting: bool = False  # time by instruction count: runs repeat exactly
    firmware: str = ""  # without a disk; "" is QEMU's default
    built: Optional[Path] = None  # where users find the same kernel and image

    @property
    def memory_bytes(self) -> int:
        """The size of its memory; the option is in MiB or GiB."""
        return int(self.memory[:-1]) << {"M": 20, "G": 30}[self.memory[-1]]

    @property
    def counted_turns(self) -> bool:
        """Whether processors run round-robin, in counted time slices. Stopping
        the machine ends a time slice, which changes the run."""
        return self.counting and self.cpus > 1

    def command(self, wires: Wires, disk: Path) -> List[str]:
        """QEMU's command line. The console uses stdin and stdout: a pipe holds
        many single characters, a socket few."""
        words = [*self._hardware(), *sandbox(self.qemu),
                 "-chardev", "stdio,id=console,signal=off",
                 "-serial", "chardev:console",
                 "-chardev", f"socket,id=control,fd={wires.control}",
                 "-qmp", "chardev:control"]
        if wires.debugger is not None:
            words += ["-S", "-chardev",
                      f"socket,id=debugger,fd={wires.debugger}",
                      "-gdb", "chardev:debugger"]
        if wires.memory is not None:
            words += ["-machine", "memory-backend=ram", "-object",
                      f"memory-backend-file,id=ram,size={self.memory},"
                      f"share=on,mem-path=/dev/fd/{wires.memory}"]
        if wires.log is not None:
            # A % in it would be replaced by QEMU's process id.
            words += ["-d", "int,cpu_reset", "-D", str(wires.log)]
        return words + self._source(disk)

    def _hardware(self) -> List[str]:
        """A triple fault must pause the machine, not end or restart it: its
        memory and registers are evidence."""
        words = [*self.qemu, "-nodefaults", "-display", "none", "-no-reboot",
                 "-no-shutdown", "-m", self.memory]
        if self.cpus > 1:
            words += ["-smp", self._processors()]
        if self.counting:
            words += ["-accel", "tcg", "-icount", "shift=0,sleep=off"]
        return words

    def _processors(self) -> str:
        """More than three are put on chips of three, unless the user's options
        say how. That skips an APIC id after each chip, so APIC ids differ from
        the kernel's CPU numbers."""
        if self.cpus <= CHIP or "-smp" in self.qemu:
            return str(self.cpus)
        chips = -(-self.cpus // CHIP)
        return (f"{self.cpus},maxcpus={chips * CHIP},sockets={chips},"
                f"cores={CHIP},threads=1")

    def _source(self, disk: Path) -> List[str]:
        """The boot medium."""
        if self.image is None:
            # A name without folder: QEMU passes it to the kernel, which takes
            # what follows the first blank for its arguments.
            firmware = ["-bios", self.firmware] if self.firmware else []
            return [*firmware, "-kernel", self.kernel.name,
                    "-append", " ".join(self.arguments)]
        escaped = str(disk).replace(",", ",,")
        return ["-drive", f"file={escaped},format=raw,if=ide"]

    def _seen(self, file: Path) -> str:
        """How users refer to the kernel or image `file`."""
        if self.built is not None:
            file = self.built / "kern" / file.name
        return os.path.relpath(file)

    def by_hand(self) -> List[str]:
        """The commands that run the same machine in a terminal."""
        words = [*self._hardware(), "-serial", "mon:stdio"]
        if self.image is None:
            kernel = self._seen(self.kernel)
            words += ["-kernel", kernel, "-append", " ".join(self.arguments)]
            return [_shell(words)]
        image = self._seen(self.image)
        patch = ["python3", "tools/bootargs.py", image, *self.arguments]
        return [_shell(patch), _shell(words + self._source(Path(image)))]


def _shell(words: List[str]) -> str:
    """A command as typed in a shell."""
    return " ".join(shlex.quote(word) for word in words)
