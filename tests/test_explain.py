"""make explain, and what make qemu records for it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import List

from support import TOP, Done, clean_environment, make, run, tail

sys.path.insert(0, str(TOP))

from tools.boot import LastRun, about, console  # noqa: E402
from tools.explain import as_seen, commands, difference, lines_of  # noqa: E402

OBJ = os.environ.get("OBJDIR", "obj")
SECONDS = 60
IDT = "{ sizeof(idt) - 1, (uintptr_t)idt }"
INSERT = "\t*pte = page2pa(pp) | perm | PTE_P;\n"


class Consoles(unittest.TestCase):
    def test_commands(self) -> None:
        """Typed lines are read from the console as they were when Enter was hit."""
        log = (b"hello\r\nK> help\r\nmore\r\nK> \r\nK> runn\b \b hellp\b \bo\r\n"
               b"a K> b\r\nK> not ent")
        self.assertEqual(commands(lines_of(log)), ["help", "run hello"])
        self.assertEqual(commands(lines_of(b"K> one\nK> QEMU: Terminated\r\n")),
                         ["one"])

    def test_erased(self) -> None:
        """Erased and control characters are removed."""
        for typed, seen in (("ab\b \bc", "ac"), ("a\b \b\b \bx", "x"),
                            ("a\a\x1bb", "ab")):
            self.assertEqual(as_seen(typed), seen)

    def test_difference(self) -> None:
        """A run may continue after the end of the earlier one, but must not
        differ from it, or end before it."""
        before = ["one", "two", "K> "]
        for now, wanted in ((["one", "two", "K> "], ""),
                            (["one", "two", "K> x", "y"], ""),
                            (["one", "2", "K> "], "then: two; now: 2"),
                            (["one"], "then it went on with: two"),
                            (["one", "two", "three"], "then it went on with: K>")):
            self.assertEqual((difference(before, now) or "").strip(), wanted)


class LastRuns(unittest.TestCase):
    def setUp(self) -> None:
        self.room = Path(tempfile.mkdtemp(prefix="explain-"))
        self.addCleanup(shutil.rmtree, self.room)

    def test_kept(self) -> None:
        """A recorded run is read back unchanged; garbage is ignored."""
        last = LastRun(["lab=3", "init=hello", "--", "x"], "4711", "64M")
        self.assertIsNone(LastRun.load(self.room))
        last.save(self.room)
        self.assertEqual(LastRun.load(self.room), last)
        for text in ("", "[]", "{}", '{"arguments": 3}', "\0"):
            LastRun.file(self.room).write_text(text)
            self.assertIsNone(LastRun.load(self.room))

    def test_options(self) -> None:
        """The last -m counts; odd names are not taken apart by QEMU."""
        for options, memory in (([], "128M"), (["-m", "128M", "-m", "64"], "64"),
                                (["-m", "size=1G"], "128M")):
            self.assertEqual(about(TOP / OBJ, options).memory, memory)
        self.assertIn("logfile=a,,b/log", console(Path("a,b/log"))[1])

    def test_nothing(self) -> None:
        """Before the first run, and without a QEMU, it prints one line."""
        for words in (("tools/explain.py", str(self.room), "qemu-system-i386"),
                      ("tools/boot.py", str(self.room), "no-such-qemu")):
            done = run(sys.executable, *words)
            self.assertEqual((done.returncode, len(done.stdout.splitlines())), (2, 1))


class Crashes(unittest.TestCase):
    """One copy of the tree, whose kernel fails in several ways, one by one."""

    def setUp(self) -> None:
        room = Path(tempfile.mkdtemp(prefix="explain-"))
        self.addCleanup(shutil.rmtree, room)
        self.tree = room / "tree"
        shutil.copytree(TOP, self.tree, symlinks=True,
                        ignore=shutil.ignore_patterns(".git", "grade", "check.log"))

    def edit(self, name: str, old: str, new: str) -> None:
        """Changes a source file in one place."""
        path = self.tree / name
        text = path.read_text()
        self.assertEqual(text.count(old), 1)
        path.write_text(text.replace(old, new))

    def make(self, *words: str) -> Done:
        return make(*words, f"OBJDIR={OBJ}", cwd=self.tree, limit=SECONDS)

    def qemu(self, goal: str, *typed: str) -> str:
        """What `make GOAL` prints, with lines typed at the prompts; QEMU is
        told to end at the next one."""
        process = subprocess.Popen(
            ["make", goal, f"OBJDIR={OBJ}"], cwd=self.tree, env=clean_environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        assert process.stdin is not None and process.stdout is not None
        lines: List[bytes] = [*(line.encode() + b"\r" for line in typed), b"\x01x"]
        seen, begin = b"", time.monotonic()
        try:
            while time.monotonic() < begin + SECONDS:
                data = os.read(process.stdout.fileno(), 4096)
                if not data:
                    break
                seen += data
                if lines and seen.endswith(b"\nK> "):
                    process.stdin.write(lines.pop(0))
                    process.stdin.flush()
            return seen.decode(errors="replace").replace("\r", "")
        finally:
            with process:
                process.stdin.close()
                os.killpg(process.pid, signal.SIGKILL)

    def assert_explains(self, *parts: str) -> str:
        done = self.make("explain")
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        for part in parts:
            self.assertIn(part, done.stdout)
        return str(done.stdout)

    def test_endings(self) -> None:
        """A run that ends well, a triple fault, and a panic, each explained;
        and a kernel that was built again."""
        self.qemu("qemu-nox", "kerninfo")
        self.assertNotIn("note:", self.assert_explains("nothing crashed"))

        self.qemu("run-faultread-nox")
        self.assertNotIn("note:", self.assert_explains(
            "nothing crashed", "a program was ended, though: [00001000] user fault"))

        self.edit("kern/trapcore.c", IDT, "{ 0, (uintptr_t)idt }")
        self.assertEqual(self.make("image").returncode, 0)
        self.assert_explains("note: the kernel was built again")
        self.assertIn("the machine was reset", self.qemu("run-hello-nox"))
        self.assert_explains("triple fault", "sys_getenvid")

        self.edit("kern/trapcore.c", "{ 0, (uintptr_t)idt }", IDT)
        self.edit("kern/pmap.c", INSERT, '\tif (perm & PTE_U)\n\t\tpanic("broken");\n'
                  + INSERT)
        self.assertIn("the kernel panicked", self.qemu("qemu-nox", "help"))
        self.assertNotIn("note:", self.assert_explains(
            "kernel panic at kern/pmap.c:", "page_insert", "lab2.page_insert"))


if __name__ == "__main__":
    unittest.main()
