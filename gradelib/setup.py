"""What a machine is made of, and QEMU's command line for that."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Tuple

from gradelib.options import sandbox

CHIP = 3  # processors on a chip, of machines that have more


@dataclass(frozen=True)
class Wires:
    """QEMU's ends of what connects it with us, as descriptors but for the log's,
    which it opens itself."""

    control: int
    debugger: Optional[int] = None
    log: Optional[Path] = None  # a pipe with a name
    memory: Optional[int] = None  # a file that is to be the machine's memory

    def all(self) -> List[int]:
        """Those that there are."""
        every = [self.control, self.debugger, self.memory]
        return [wire for wire in every if wire is not None]


@dataclass(frozen=True)
class Setup:
    """What a machine is made of."""

    qemu: Tuple[str, ...]  # the program and options that come before ours
    kernel: Path
    arguments: Tuple[str, ...] = ()  # the kernel's boot arguments
    memory: str = "128M"
    image: Optional[Path] = None  # boot from a copy of this disk instead
    stop_at: int = 0  # the address of an instruction to stop at, if not 0
    log: bool = False  # interrupts are logged
    shared: bool = True  # we share its memory, if the system can do that
    cpus: int = 1
    counting: bool = False  # instructions are its clock: it repeats exactly
    firmware: str = ""  # when it has no disk; "" is QEMU's usual one
    built: Optional[Path] = None  # where people find the same kernel and image

    @property
    def memory_bytes(self) -> int:
        """How much memory it has; sizes are given in MiB or GiB."""
        return int(self.memory[:-1]) << {"M": 20, "G": 30}[self.memory[-1]]

    @property
    def counted_turns(self) -> bool:
        """Whether several processors take turns that are counted. A look at
        the machine ends one, and the run is not the same then."""
        return self.counting and self.cpus > 1

    def command(self, wires: Wires, disk: Path) -> List[str]:
        """QEMU's command line. The console is on its standard input and
        output: a pipe takes many single characters, and a socket few."""
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
            # A % in it would stand for QEMU's process.
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
        say how: their APICs' numbers, which leave out one after each chip, are
        not the kernel's numbers."""
        if self.cpus <= CHIP or "-smp" in self.qemu:
            return str(self.cpus)
        chips = -(-self.cpus // CHIP)
        return (f"{self.cpus},maxcpus={chips * CHIP},sockets={chips},"
                f"cores={CHIP},threads=1")

    def _source(self, disk: Path) -> List[str]:
        """What it boots from."""
        if self.image is None:
            # Named without its directory: QEMU hands the name to the kernel,
            # which takes what follows the first blank for its arguments.
            firmware = ["-bios", self.firmware] if self.firmware else []
            return [*firmware, "-kernel", self.kernel.name,
                    "-append", " ".join(self.arguments)]
        escaped = str(disk).replace(",", ",,")
        return ["-drive", f"file={escaped},format=raw,if=ide"]

    def _seen(self, file: Path) -> str:
        """How people name the kernel or image `file`."""
        if self.built is not None:
            file = self.built / "kern" / file.name
        return os.path.relpath(file)

    def by_hand(self) -> List[str]:
        """The commands that run the same in a terminal."""
        words = [*self._hardware(), "-serial", "mon:stdio"]
        if self.image is None:
            kernel = self._seen(self.kernel)
            words += ["-kernel", kernel, "-append", " ".join(self.arguments)]
            return [_shell(words)]
        image = self._seen(self.image)
        patch = ["python3", "tools/bootargs.py", image, *self.arguments]
        return [_shell(patch), _shell(words + self._source(Path(image)))]


def _shell(words: List[str]) -> str:
    """A command as it is typed."""
    return " ".join(shlex.quote(word) for word in words)
