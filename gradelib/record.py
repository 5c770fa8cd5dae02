"""Recording a test for playback in QEMU, forwards and backwards.

Source: QEMU documentation, "Record/replay".
"""

from __future__ import annotations

import shutil
import struct
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import List, Optional, Tuple

from gradelib import calibrate
from gradelib.console import Notice
from gradelib.evidence import printed_frames
from gradelib.layout import GD_KT
from gradelib.limits import Limits
from gradelib.machine import Machine, MachineGone
from gradelib.outcome import Failed, GraderError
from gradelib.setup import Setup
from gradelib.symbols import Symbols
from gradelib.testcase import Lab, Test
from gradelib.vm import Bench, Fleet, Vm
from gradelib.watch import Ending, Stop

SLOWER = 4.0  # how much longer a recorded boot takes
CLUSTER = 1 << 16  # bytes; the allocation unit of a qcow2 file
ROOM = 8  # characters; the serial port buffers 16
PATIENCE = 1.0  # seconds to wait for their echo, if the kernel echoes
WORK = "replay"  # the folder of a test's recordings, in obj/grade/TEST/


def empty_disk(size: int = 1 << 20) -> bytes:
    """A disk in QEMU's own format, which can hold snapshots of machines:
    header, refcount table, refcounts, L1 table.

    Source: QEMU documentation, docs/interop/qcow2.txt, "Header".
    """
    header = struct.pack(">4s I QI I Q I I Q QI I Q", b"QFI\xfb", 2, 0, 0,
                         CLUSTER.bit_length() - 1, size, 0, 1, 3 * CLUSTER,
                         CLUSTER, 1, 0, 0)
    parts = (header, struct.pack(">Q", 2 * CLUSTER),
             struct.pack(">4H", 1, 1, 1, 1), b"")
    return b"".join(part.ljust(CLUSTER, b"\0") for part in parts)


@dataclass(frozen=True)
class Tape:
    """The files of one recorded machine."""

    directory: Path
    number: int

    @property
    def log(self) -> Path:
        """The input from outside, and its times."""
        return self.directory / f"{self.number}.log"

    @property
    def snapshot(self) -> Path:
        """The snapshot of the machine at its start, to go back to."""
        return self.directory / f"{self.number}.qcow2"

    def options(self, mode: str) -> Tuple[str, ...]:
        """The options that make QEMU "record" or "replay" it.

        Without the vapic, which is for old Windows: reverse execution resets
        it, and then QEMU deadlocks.
        """
        log, disk = (str(path.absolute()).replace(",", ",,")
                     for path in (self.log, self.snapshot))
        return ("-icount", f"shift=5,rr={mode},rrfile={log},rrsnapshot=start",
                "-drive", f"file={disk},format=qcow2,if=none,id=start",
                "-global", "apic-common.vapic=off")

    def create(self) -> None:
        """Creates the disk for the snapshot."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.snapshot.write_bytes(empty_disk())

    def remove(self) -> None:
        """Removes the files."""
        for path in (self.log, self.snapshot):
            if path.exists():
                path.unlink()


@dataclass(frozen=True)
class Recording:
    """A machine that was recorded up to the end of its test."""

    tape: Tape
    setup: Setup  # the machine that the test asks for
    reason: str  # why the test failed, "" if it passed
    from_disk: bool  # the test would boot from the disk
    count: int  # instructions on the tape
    ending: Ending  # of its last run
    lines: List[str]  # printed by the last run


class _Typist(Machine):
    """A machine that gets its input slowly: while recording, QEMU loses input
    that does not fit into the serial port's buffer."""

    def type(self, text: str) -> None:
        for start in range(0, len(text), ROOM):
            part = text[start:start + ROOM]
            echoed = len(self.console.data) + len(part)
            super().type(part)
            deadline = self.wall_seconds() + PATIENCE
            while (len(self.console.data) < echoed
                   and self.wall_seconds() < deadline):
                self.pump(PATIENCE)


class _Recorder(Vm):
    """Records each machine; keeps the tape of the last."""

    def __init__(self, bench: Bench, directory: Path, scratch: Path) -> None:
        super().__init__(bench)
        self._scratch = scratch
        self._tape = Tape(directory, 0)
        self._recorded: Optional[Tuple[Setup, Machine]] = None

    def _start(self, setup: Setup) -> Machine:
        self._tape.remove()
        self._tape = Tape(self._tape.directory, self._tape.number + 1)
        self._tape.create()
        options = self._tape.options("record")
        # A recording with the disk controller never gets past the boot; and
        # the replay has memory of its own.
        machine = _Typist(replace(setup, image=None, shared=False,
                                  qemu=(*setup.qemu, *options)), self._scratch)
        self._recorded = (setup, machine)
        return machine

    def finish(self, reason: str) -> Recording:
        """Ends the machine so that the tape is complete."""
        if self._recorded is None:
            raise GraderError(f"it starts no machine: {reason}")
        setup, machine = self._recorded
        machine.pause()
        count = int(machine.execute("query-replay")["icount"])
        machine.quit()
        last = self.runs[-1] if self.runs else None
        return Recording(self._tape, setup, reason, setup.image is not None,
                         count, last.ending if last else Ending(Stop.PROMPT),
                         last.lines if last else [])


def record(test: Test, lab: Lab, qemu: Tuple[str, ...], obj: Path,
           seed: int) -> Recording:
    """Runs `test` with what is built in `obj`, and records the last machine
    that it starts."""
    directory = obj / "grade" / test.name / WORK
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="jos-replay-") as room:
        scratch = Path(room)
        limits = Limits(lambda: SLOWER * calibrate.measure(qemu, scratch))
        vm = _Recorder(Bench(lab.number, qemu, obj, seed, Symbols(obj), limits,
                             Fleet(scratch)), directory, scratch)
        vm.begin(test.name)
        try:
            reason = ""
            try:
                test.function(vm)
            except Failed as failure:
                reason = failure.reason
            return vm.finish(reason)
        except MachineGone as gone:
            raise GraderError("this QEMU cannot record the test: "
                              f"{gone}") from None
        finally:
            vm.close()


# --------------------------------------------------------------
# Where to open a recording
# --------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """The moment at which a recording is opened."""

    what: str  # in words
    commands: Tuple[str, ...]  # that bring gdb there from the start


def point_of(recording: Recording, symbols: Symbols) -> Point:
    """The point of failure: where the kernel gave up, or the end of the
    tape."""
    ending = recording.ending
    end = (f"monitor replay_break {recording.count}", "continue")
    if ending.todo is not None:
        return Point(f"TODO(\"{ending.todo.text}\")",
                     (*end, *_back_to("_todo", ending.todo)))
    if ending.panic is not None:
        back = (*end, *_back_to("_panic", ending.panic))
        trapped = _trapped(recording, symbols)
        if trapped:
            return Point("the instruction of the kernel that trapped",
                         (*back, f"tbreak *{trapped:#x}", "reverse-continue"))
        return Point("the kernel panic", back)
    if ending.stop in (Stop.RESET, Stop.OFF):
        return Point("the instruction that reset the machine", end)
    if ending.stop in (Stop.PROMPT, Stop.BREAKPOINT):
        return Point("the end of the recording", end)
    return Point(f"the end of the recording: {ending.stop.value}", end)


def _back_to(function: str, notice: Notice) -> Tuple[str, ...]:
    """Goes back to the last call of a function with a file name and a `line`.
    Earlier calls may be from checks, after which the kernel continued."""
    return (f"tbreak *{function} if *(int *)($esp + 8) == {notice.line}",
            "reverse-continue", "reverse-stepi")


def _trapped(recording: Recording, symbols: Symbols) -> int:
    """The kernel instruction whose trap caused the panic, or 0."""
    frames = printed_frames(recording.lines)
    if not frames or frames[-1].registers.get("cs") != GD_KT:
        return 0
    eip = frames[-1].registers.get("eip", 0)
    return eip if symbols.kernel.lookup(eip) is not None else 0
