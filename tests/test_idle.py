"""A machine that waits at the monitor's prompt leaves the host alone."""

import os
import select
import subprocess
import time
import unittest
from pathlib import Path
from typing import Optional

from gradelib.options import find_qemu
from support import TOP

PROMPT = b"K> "
PATIENCE = 60.0  # seconds; only a bound
WATCHED = 1.5  # seconds of sleep that are measured
SHARE = 0.2  # of a processor that it may take; polling takes all of one
QUICK = 0.5  # seconds until a command is answered, on a busy host


class Waiting:
    """A QEMU at the prompt, as `make qemu-nox` has it: no grader's key."""

    def __init__(self, words: str, cpus: int) -> None:
        self.text = b""
        self.qemu = subprocess.Popen(
            [*find_qemu(), "-m", "128M", "-smp", str(cpus), "-display", "none",
             "-monitor", "none", "-serial", "stdio", "-no-reboot",
             "-kernel", str(TOP / "obj/kern/kernel"), "-append", words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert self.qemu.stdin is not None and self.qemu.stdout is not None
        self.keys, self.screen = self.qemu.stdin, self.qemu.stdout
        self.until_prompt()

    def until_prompt(self) -> str:
        """Its output up to the next prompt."""
        begun = time.monotonic()
        while not self.text.endswith(PROMPT):
            left = begun + PATIENCE - time.monotonic()
            ready, _, _ = select.select([self.screen], [], [], max(left, 0))
            data = os.read(self.screen.fileno(), 1 << 16) if ready else b""
            if not data:
                raise AssertionError(f"no prompt: {self.text.decode()}")
            self.text += data
        text, self.text = self.text.decode(), b""
        return text

    def type(self, text: str) -> str:
        """The answer to a line."""
        self.keys.write(text.encode() + b"\n")
        self.keys.flush()
        return self.until_prompt()

    def cpu_seconds(self) -> Optional[float]:
        """The processor time that it has used; None if the host does not say."""
        try:
            stat = Path(f"/proc/{self.qemu.pid}/stat").read_text()
        except OSError:
            return None
        user, system = stat.rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        self.qemu.kill()
        self.qemu.wait()
        self.keys.close()
        self.screen.close()


class Idle(unittest.TestCase):
    def waiting(self, words: str, cpus: int = 1) -> Waiting:
        machine = Waiting(words, cpus)
        self.addCleanup(machine.close)
        return machine

    def check_idle(self, machine: Waiting) -> None:
        """Fails unless it sleeps, and still answers at once, each character."""
        before = machine.cpu_seconds()
        if before is None:
            self.skipTest("this host does not tell processor times")
        time.sleep(WATCHED)
        used = (machine.cpu_seconds() or 0) - before
        self.assertLess(used, SHARE * WATCHED)
        for length in (1, 20, 900):
            word = "abcdefghi"[:length] * (length // 9 or 1)
            self.assertIn(f"there is no command '{word}'", machine.type(word))

    def test_labs(self) -> None:
        """At the prompt it takes a small part of a processor in each lab, and
        no character that is typed or pasted is lost."""
        for words in ("lab=1", "lab=2", "lab=3", "lab=4", "lab=3 init=hello",
                      "lab=4 init=hello"):
            with self.subTest(words):
                self.check_idle(self.waiting(words))

    def test_several_cpus(self) -> None:
        """So it does with several CPUs, whichever one is in the monitor."""
        for number in range(3):
            with self.subTest(number):
                self.check_idle(self.waiting("lab=4 copies=4 init=yield", 4))

    def test_panic(self) -> None:
        """A kernel that has panicked sleeps too."""
        self.check_idle(self.waiting("lab=9"))

    def test_breakpoint(self) -> None:
        """A program that stopped at a breakpoint resumes after the sleep."""
        for lab in (3, 4):
            with self.subTest(lab):
                machine = self.waiting(f"lab={lab} init=breakpoint")
                self.check_idle(machine)
                self.assertIn("exiting gracefully", machine.type("continue"))
                self.assertIn("hello, world", machine.type("run hello"))
                self.check_idle(machine)

    def test_latency(self) -> None:
        """A command is answered at once: in less than the tenth of a second
        that people notice, unless the host is busy."""
        machine = self.waiting("lab=3")
        took = []
        for _ in range(5):
            time.sleep(0.2)
            begun = time.monotonic()
            machine.type("kerninfo")
            took.append(time.monotonic() - begun)
        self.assertLess(min(took), QUICK)


if __name__ == "__main__":
    unittest.main()
