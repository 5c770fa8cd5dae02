#!/usr/bin/env python3
"""Measures the size and speed that this system promises: make bench.

Prints each figure beside its limit and beside the figure of classic trees of
the course. Exits with 1 when a limit is missed and with 2 when something could
not be measured. QEMU counts instructions, so these figures are the same on
every host. A boot is counted from the boot sector's first instruction, because
the firmware differs between versions of QEMU. The times are this machine's.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Sequence

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from fileio import run_tool

TOP = Path(__file__).resolve().parent.parent
LABS = (1, 2, 3, 4)
BOOT_LIMIT = 60.0  # seconds until a QEMU is given up
ROUNDS = 7  # the median counts
MACHINE = ("-display", "none", "-serial", "stdio", "-m", "128M", "-no-reboot")
# With these options, rdtsc counts the guest's instructions, one tick each. The
# machine is that of make qemu without the network card and its BIOS.
COUNTING = ("-nic", "none", "-accel", "tcg", "-icount", "shift=0,sleep=off")

Words = Sequence[str]

# What user/benchmulti.c measures on one CPU: its name there, its name here, the
# limit in instructions, and the figure of classic trees.
MULTI = (
    ("null", "lab 4: null system call", 200, "423-463"),
    ("page_alloc", "lab 4: page_alloc", 1400, "1613-1662"),
    ("page_map", "lab 4: page_map", 350, "627-682"),
    ("page_unmap", "lab 4: page_unmap", 330, "587-653"),
    ("fault", "lab 4: page fault to a handler and back", 350, "544-584"),
    ("yield", "lab 4: yield round trip, two environments", 700, "8036-10017"),
    ("ipc", "lab 4: IPC round trip, one word", 1500, "9218-11144"),
    ("fork", "lab 4: fork, exit and reap", 45_000, "7,900,000"),
    ("cow", "lab 4: copy-on-write fault", 4600, "4612-5769"),
)
PRIME = "1877"
PRIMES_LIMIT = 1.2  # seconds; a classic tree took twice as long


# A boot sector that prints the lower half of the time stamp counter in binary:
# the instructions of the firmware, which differ between versions.
PROBE = bytes.fromhex(
    "0f31"      # rdtsc
    "6689c3"    # mov %eax, %ebx
    "baf803"    # mov $0x3f8, %dx    COM1
    "b92000"    # mov $32, %cx
    "66d1e3"    # 1: shl $1, %ebx
    "b018"      # mov $'0'/2, %al
    "10c0"      # adc %al, %al
    "ee"        # out %al, %dx
    "e2f6"      # loop 1b
    "b00aee"    # mov $'\\n', %al; out %al, %dx
    "faf4"      # cli; hlt
).ljust(510, b"\0") + b"\x55\xaa"


class BenchError(Exception):
    """Something could not be measured; the text says what and why."""


@dataclass(frozen=True)
class Figure:
    """One line of the table; without a limit it is for information only."""

    name: str
    value: float
    unit: str
    limit: Optional[float] = None
    classic: str = ""

    @property
    def missed(self) -> bool:
        return self.limit is not None and self.value > self.limit

    def shown(self, number: Optional[float]) -> str:
        if number is None:
            return ""
        return f"{number:,.2f}" if self.unit in ("s", "x") else f"{number:,.0f}"

    def line(self) -> str:
        verdict = "" if self.limit is None else "MISSED" if self.missed else "ok"
        return (f"{self.name:<48}{self.shown(self.value):>12} {self.unit:<6}"
                f"{self.shown(self.limit):>12} {self.classic:>12}  {verdict}").rstrip()


def run_to_prompt(qemu: Words, arguments: Words, end: bytes = b"K> ") -> str:
    """Boot until `end` is printed, by default the monitor's prompt. Returns
    the console's output."""
    machine = subprocess.Popen(
        [*qemu, *MACHINE, *arguments], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    watchdog = threading.Timer(BOOT_LIMIT, machine.kill)
    watchdog.start()
    shown = b""
    try:
        assert machine.stdout is not None
        while end not in shown[-8192:]:
            some = os.read(machine.stdout.fileno(), 4096)
            if not some:
                raise BenchError(f"{end!r} was not reached; the console showed:\n"
                                 + shown.decode("ascii", "replace"))
            shown += some
    finally:
        watchdog.cancel()
        machine.kill()
        machine.communicate()
    return shown.decode("ascii", "replace")


def number_in(console: str, pattern: str) -> float:
    """The number at the end of a line of the console."""
    found = re.search(pattern + r" (\d+)", console)
    if not found:
        raise BenchError(f"no line '{pattern} N' on the console:\n{console}")
    return float(found[1])


def environment() -> Dict[str, str]:
    """Our environment without the variables of the make that runs this, and
    with Python's default of caching compiled modules."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("MAKE", "MFLAGS"))
            and name != "PYTHONDONTWRITEBYTECODE"}


def succeed(command: Words) -> str:
    """Run a command that must succeed; returns its output."""
    done = subprocess.run(
        command, cwd=TOP, env=environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if done.returncode:
        raise BenchError(f"{' '.join(command)} failed:\n{done.stdout}")
    return done.stdout


def timed(*command: str) -> float:
    """The seconds a command that must succeed takes."""
    began = time.monotonic()
    succeed(command)
    return time.monotonic() - began


def firmware_count(qemu: Words, disk: Words, image: Path) -> int:
    """The instructions from reset to the first of the boot sector. The disk's
    own boot sector is restored afterwards."""
    with image.open("r+b") as file:
        sector = file.read(len(PROBE))
        file.seek(0)
        file.write(PROBE)
        file.flush()
        console = run_to_prompt(qemu, [*COUNTING, *disk], b"\n")
        file.seek(0)
        file.write(sector)
    found = re.search(r"[01]{32}", console)
    if not found:
        raise BenchError(f"the firmware did not reach the boot sector:\n{console}")
    return int(found[0], 2)


def instruction_figures(qemu: Words) -> List[Figure]:
    """Boot through the disk, as make qemu does, and count instructions."""
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "kernel.img"
        shutil.copyfile(TOP / "obj/kern/kernel.img", image)
        succeed([sys.executable, "tools/bootargs.py", str(image), "lab=3",
                 "trace=0", "init=bench"])
        disk = ["-drive", f"file={image},index=0,media=disk,format=raw"]
        firmware = firmware_count(qemu, disk, image)
        console = run_to_prompt(qemu, [*COUNTING, *disk])
    return [
        Figure("reset to the boot sector: QEMU's firmware", firmware, "instr"),
        Figure("boot sector to the first user instruction",
               number_in(console, "bench: first") - firmware, "instr",
               4_000_000, "15,000,000"),
        Figure("getenvid there and back",
               number_in(console, "bench: getenvid"), "instr", 200, "423-463"),
    ]


def multi_figures(qemu: Words) -> List[Figure]:
    """The cost of the multitasking system calls."""
    console = run_to_prompt(qemu, [
        *COUNTING, "-kernel", "obj/kern/kernel", "-append", "lab=4 init=benchmulti"])
    return [Figure(name, number_in(console, f"bench: {key}"), "instr", limit,
                   classic) for key, name, limit, classic in MULTI]


def primes(qemu: Words) -> float:
    """The seconds from QEMU's start until the sieve has found PRIME."""
    began = time.monotonic()
    run_to_prompt(qemu, ["-nodefaults", "-kernel", str(TOP / "obj/kern/kernel"),
                         "-append", "lab=4 init=primes"], f": {PRIME} ".encode())
    return time.monotonic() - began


def size_figures() -> List[Figure]:
    image = (TOP / "obj/kern/kernel.img").stat().st_size
    sector = (TOP / "obj/boot/boot").read_bytes()
    code = len(sector[:510].rstrip(b"\0"))
    return [
        Figure("disk image, every program included", image, "bytes", 1 << 20,
               "5,120,000"),
        Figure("boot sector", code, "bytes", 510),
    ]


def boot(qemu: Words) -> float:
    """The seconds from QEMU's start to the monitor's prompt."""
    kernel = str(TOP / "obj/kern/kernel")
    began = time.monotonic()
    run_to_prompt(qemu, ["-nodefaults", "-kernel", kernel, "-append", "lab=3"])
    return time.monotonic() - began


def medians(measures: Mapping[str, Callable[[], float]]) -> Dict[str, float]:
    """The median of each; the rounds alternate, so that all see the same host."""
    seen: Dict[str, List[float]] = {name: [] for name in measures}
    for _ in range(ROUNDS):
        for name, measure in measures.items():
            seen[name].append(measure())
    return {name: statistics.median(values) for name, values in seen.items()}


def time_figures(qemu: Words) -> List[Figure]:
    """Times in seconds, and the time of grading in boots to the monitor."""
    measures = {"one boot to the monitor": partial(boot, qemu),
                f"lab 4: primes reaches {PRIME}": partial(primes, qemu)}
    for lab in LABS:
        grader = f"grade-lab{lab}"
        # Run by our Python: the command python3 may be a wrapper that searches.
        measures[f"{grader}, nothing to build"] = partial(
            timed, sys.executable, grader)
    seconds = medians(measures)
    succeed(["make", "clean"])
    clean = timed("make", "grade", "LAB=3")
    one_boot, sieve, *graders = seconds.items()
    return [
        Figure(*one_boot, "s"), Figure(*sieve, "s", PRIMES_LIMIT, "2.4"),
        *(Figure(name, value, "s") for name, value in graders),
        Figure("the same for lab 3, in boots to the monitor",
               graders[2][1] / one_boot[1], "x", 8),
        Figure("make grade LAB=3 after make clean", clean, "s", 5, "15"),
    ]


def report(figures: Sequence[Figure]) -> bool:
    """Print the table; returns whether every limit holds."""
    print(f"{'':<48}{'measured':>12} {'':<6}{'limit':>12} {'classic':>12}")
    for figure in figures:
        print(figure.line())
    missed = sum(figure.missed for figure in figures)
    print(f"{missed} missed" if missed else "every limit holds")
    return not missed


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""
    argparse.ArgumentParser(description="Measure size and speed.").parse_args(argv)
    try:
        succeed(["make"])
        qemu = shlex.split(succeed(["make", "print-qemu"]))
        figures = (size_figures() + instruction_figures(qemu)
                   + multi_figures(qemu) + time_figures(qemu))
    except (BenchError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    return 0 if report(figures) else 1


if __name__ == "__main__":
    run_tool(main)
