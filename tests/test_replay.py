"""Recordings: tests replayed in gdb, forwards and backwards."""

import os
import shlex
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from typing import List

from support import TOP, Done, make, tail

sys.path.insert(0, str(TOP))

from gradelib.console import Notice  # noqa: E402
from gradelib.record import Recording, Tape, empty_disk, point_of  # noqa: E402
from gradelib.setup import Setup  # noqa: E402
from gradelib.symbols import Symbols  # noqa: E402
from gradelib.watch import Ending, Stop  # noqa: E402

OBJ = os.environ.get("OBJDIR", "obj")
SECONDS = 60
GOOD = "\t*pte = page2pa(pp) | perm | PTE_P;\n"
# Fails for a program's code, in any page directory.
BAD = '\tif ((uintptr_t)va == UTEXT)\n\t\tpanic("a broken page_insert");\n'


def recording(stop: Stop, lines: List[str], panic: bool = False,
              todo: bool = False) -> Recording:
    """A recording with this end."""
    notice = Notice("lab3.load_icode", "kern/env.c", 1)
    ending = Ending(stop, notice if panic else None, notice if todo else None)
    return Recording(Tape(Path("obj"), 1), Setup((), Path("kernel")), "", False,
                     4711, ending, lines)


class Points(unittest.TestCase):
    """Where a recording is opened."""

    def commands(self, stop: Stop, lines: List[str], panic: bool = False,
                 todo: bool = False) -> List[str]:
        point = point_of(recording(stop, lines, panic, todo), Symbols(TOP / OBJ))
        return list(point.commands)

    def test_end(self) -> None:
        """Without a place that the kernel names, at the end."""
        for stop in (Stop.PROMPT, Stop.RESET, Stop.HUNG):
            self.assertEqual(self.commands(stop, []),
                             ["monitor replay_break 4711", "continue"])

    def test_calls(self) -> None:
        """At the call of a panic or TODO."""
        for name in ("panic", "todo"):
            said = self.commands(Stop.PROMPT, [], **{name: True})
            self.assertEqual(said[1:], [
                "continue", f"tbreak *_{name} if *(int *)($esp + 8) == 1",
                "reverse-continue", "reverse-stepi"])

    def test_trap(self) -> None:
        """At the instruction of the kernel that trapped, if there is one."""
        frame = ["TRAP frame at 0xefffff00", "  eip  0x{:08x}", "  cs   0x----{}"]
        start = Symbols(TOP / OBJ).address("env_run")
        for eip, selector, wanted in ((start, "0008", f"tbreak *{start:#x}"),
                                      (0, "0008", ""), (start, "001b", "")):
            said = self.commands(Stop.PROMPT, [line.format(
                eip if "eip" in line else selector) for line in frame], panic=True)
            if wanted:
                self.assertEqual(said[-2:], [wanted, "reverse-continue"])
            else:
                self.assertEqual(said[-1], "reverse-stepi")

    def test_disk(self) -> None:
        """The disk for snapshots has its parts where its header says."""
        disk = empty_disk()
        self.assertEqual((disk[:8], len(disk)), (b"QFI\xfb\0\0\0\2", 4 << 16))


class Replay(unittest.TestCase):
    def setUp(self) -> None:
        self.room = Path(tempfile.mkdtemp(prefix="replay-"))
        self.addCleanup(shutil.rmtree, self.room)

    def script(self, name: str, text: str) -> str:
        """A program that make runs instead of another."""
        path = self.room / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)

    def gdb(self, *commands: str) -> str:
        """The word that makes make run gdb with these commands typed."""
        words = " ".join(f"-ex {shlex.quote(command)}" for command in commands)
        return "GDB=" + self.script("gdb", f'exec gdb "$@" -batch {words}')

    def replay(self, test: str, *words: str, tree: Path = TOP) -> Done:
        return make(f"replay-{test}", f"OBJDIR={OBJ}", *words, cwd=tree,
                    limit=SECONDS)

    def assert_in_order(self, text: str, *parts: str) -> None:
        """All parts are in the text, one after the other."""
        at = 0
        for part in parts:
            self.assertIn(part, text[at:], tail(text, 60))
            at = text.index(part, at) + len(part)

    def broken_tree(self) -> Path:
        """A tree whose page_insert fails."""
        tree = self.room / "tree"
        shutil.copytree(TOP, tree, symlinks=True,
                        ignore=shutil.ignore_patterns(".git", "check", "grade"))
        shutil.copytree(TOP / "kern/check", tree / "kern/check")
        source = tree / "kern/pmap.c"
        text = source.read_text()
        self.assertEqual(text.count(GOOD), 1)
        source.write_text(text.replace(GOOD, BAD + GOOD))
        return tree

    def test_panic(self) -> None:
        """gdb opens at the call of a panic, goes back, and to the end."""
        tree = self.broken_tree()
        done = self.replay("hello", self.gdb(
            "echo OPEN\\n", "reverse-stepi", "reverse-finish", "break i386_init",
            "reverse-continue", "delete", "continue", "continue", "reverse-stepi",
            "bt"), tree=tree)
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.assert_in_order(
            done.stdout, "hello fails: ", "gdb opens at the kernel panic",
            "in page_insert", "a broken page_insert", "OPEN", "<page_insert+",
            "push", "<page_insert>", "Breakpoint 2, i386_init", "SIGINT",
            "the recording ends here", "readline")
        left = sorted(path.name for path in (tree / OBJ / "grade/hello").rglob("*"))
        self.assertEqual(left, ["1.log", "1.qcow2", "replay"])

    def test_passing(self) -> None:
        """A test that passes is opened at its end, and what was typed at the
        monitor is on the tape."""
        done = self.replay("backtrace_monitor", self.gdb(
            "bt", "break mon_backtrace", "reverse-continue", "bt 2"))
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.assert_in_order(
            done.stdout, "backtrace_monitor passes; gdb opens at the end",
            "readline", "Breakpoint 1, mon_backtrace", "in run_line")

    def test_from_disk(self) -> None:
        """A test that boots from the disk is recorded without it."""
        done = self.replay("boot_disk", self.gdb("x/i $pc"))
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.assert_in_order(done.stdout, "boot_disk passes", "booted from the kernel")

    def test_trouble(self) -> None:
        """An unknown test, and a QEMU that cannot record, are reported in one
        line."""
        self.assertIn("no lab has a test nosuch",
                      self.replay("nosuch", self.gdb()).stdout)
        old = self.script("qemu", 'echo "Invalid parameter rr" >&2; exit 1')
        done = self.replay("hello", f"QEMU={old}", self.gdb())
        self.assertIn("this QEMU cannot record the test: Invalid parameter rr",
                      done.stdout)
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
