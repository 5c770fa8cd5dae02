"""The graders with trouble on the host, or caused by the user."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from gradelib.options import FIRMWARE, SANDBOX, find_firmware, sandbox
from gradelib.setup import Setup, Wires
from tools.lock import take
from fakekernel import compiler, make_tree
from support import clean_environment

LONGEST = 60.0
QEMU = shutil.which("qemu-system-i386") or ""


def setUpModule() -> None:
    if not compiler():
        raise unittest.SkipTest("a compiler is not installed")


def workers_in(tree: Path) -> List[int]:
    """The processes that work in `tree` or below."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "cwd").startswith(str(tree)):
                found.append(int(process.name))
        except OSError:
            continue
    return found


class Case(unittest.TestCase):
    """Has a tree with a fake kernel."""

    kind = "silent"

    def setUp(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="gradelib-"))
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)
        self.tree = make_tree(self.top, self.kind)

    def start(self, *words: str, extra: Optional[Dict[str, str]] = None
              ) -> "subprocess.Popen[str]":
        """Starts grade-lab1 with its messages apart."""
        return subprocess.Popen(
            [sys.executable, "grade-lab1", *words], cwd=self.tree,
            # Its temporary files are in the tree, too, so workers_in sees them.
            env=clean_environment({"TMPDIR": str(self.tree / "obj"), **(extra or {})}),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, universal_newlines=True, start_new_session=True)

    def finish(self, process: "subprocess.Popen[str]") -> Tuple[str, str]:
        out, err = process.communicate(timeout=LONGEST)
        self.assertEqual(workers_in(self.tree), [], "left behind")
        return out, err

    def refused(self, *words: str, extra: Optional[Dict[str, str]] = None) -> str:
        """The grader gives up with one line and status 2; the line."""
        process = self.start(*words, extra=extra)
        _, err = self.finish(process)
        self.assertEqual(process.returncode, 2, err)
        self.assertRegex(err, r"\Agrade-lab1: [^\n]+\n\Z")
        return err


class Refusals(Case):
    def test_no_qemu(self) -> None:
        """Without QEMU, the grader says so."""
        self.assertIn("no-such-qemu was not found: install QEMU",
                      self.refused("--no-build", extra={"QEMU": "no-such-qemu"}))

    def test_firmware(self) -> None:
        """The quick firmware is used if QEMU has it and the user chose none."""
        fake = self.top / "qemu"
        fake.write_text(f"#!/bin/sh\necho '{self.top}'\n")
        fake.chmod(0o755)
        self.assertEqual(find_firmware((str(fake),)), "")
        (self.top / FIRMWARE).write_bytes(b"")
        other = shutil.copy(fake, self.top / "other")
        self.assertEqual(find_firmware((str(other),)), FIRMWARE)
        self.assertEqual(find_firmware((str(other), "-bios", "mine")), "")

    def test_sandbox(self) -> None:
        """QEMU is kept from starting programs, if it can be and the user has not
        said otherwise."""
        for name, text in (("able", "true"), ("unable", '[ "$1" = -L ]')):
            (self.top / name).write_text(f"#!/bin/sh\n{text}\n")
            (self.top / name).chmod(0o755)
        for words, wanted in ((("able",), SANDBOX), (("unable",), ()),
                              (("able", "-sandbox", "off"), ())):
            setup = Setup((str(self.top / words[0]), *words[1:]), Path("kernel"))
            self.assertEqual(tuple(sandbox(setup.qemu)), wanted)
            command = setup.command(Wires(3), Path("disk"))
            self.assertEqual(SANDBOX[1] in command, bool(wanted))
        self.assertEqual(sandbox((str(self.top / "missing"),)), ())

    def test_unknown_test(self) -> None:
        """An unknown test is refused, and the existing ones are listed."""
        self.assertIn("lab 1 has no test nosuch; it has: printf ",
                      self.refused("--no-build", "nosuch"))

    def test_no_kernel(self) -> None:
        """Without a kernel there is nothing to test."""
        (self.tree / "obj/kern/kernel").unlink()
        self.assertIn("there is no obj/kern/kernel: run 'make' first",
                      self.refused("--no-build", "printf"))

    def test_bad_option(self) -> None:
        """A bad option is refused."""
        process = self.start("--nonsense")
        self.finish(process)
        self.assertEqual(process.returncode, 2)

    def test_dying_qemu(self) -> None:
        """A QEMU that ends at once is the host's fault, and quoted."""
        fake = self.top / "qemu"
        fake.write_text("#!/bin/sh\necho qemu: no such machine >&2\nexit 1\n")
        fake.chmod(0o755)
        process = self.start("--no-build", "printf", extra={"QEMU": str(fake)})
        out, _ = self.finish(process)
        self.assertEqual(process.returncode, 2)
        self.assertIn("QEMU ended by itself: qemu: no such machine", out)
        self.assertTrue(out.endswith("Score: 0/10\n"))

    def test_abandoned(self) -> None:
        """A QEMU that ends because of the kernel is the kernel's fault."""
        fake = self.top / "qemu"
        fake.write_text("#!/bin/sh\necho qemu: fatal: invalid tss type >&2\n"
                        "echo EAX=00000000 >&2\nexit 134\n")
        fake.chmod(0o755)
        process = self.start("--no-build", "printf", extra={"QEMU": str(fake)})
        out, _ = self.finish(process)
        self.assertEqual(process.returncode, 1)
        self.assertRegex(out, "^printf: CRASHED ")
        self.assertIn("where QEMU cannot go on: invalid tss type", out)

    def test_obj_unwritable(self) -> None:
        """Where results cannot be kept, the grader says so at once."""
        obj = self.tree / "obj"
        if os.geteuid() == 0:
            mount(self, "-o", "ro,size=64k", obj)
        else:
            obj.chmod(0o555)
            self.addCleanup(obj.chmod, 0o755)
        self.assertIn("cannot write in", self.refused("--no-build"))

    def test_disk_full(self) -> None:
        """A full disk is reported as such."""
        obj = self.tree / "obj"
        if os.geteuid() != 0:
            self.skipTest("only root can make a small disk")
        mount(self, "-o", "size=64k", obj)
        with contextlib.suppress(OSError), (obj / "filler").open("wb") as file:
            while file.write(bytes(4096)):
                file.flush()
        self.assertIn("No space left on device", self.refused("--no-build"))


def mount(case: unittest.TestCase, *words: object) -> None:
    """Mounts a small file system in memory, until the test is over."""
    *options, where = [str(word) for word in words]
    done = subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", where],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    if done.returncode:
        case.skipTest("mount is not allowed here")
    case.addCleanup(subprocess.run, ["umount", "-l", where], check=False)


class Makefile(Case):
    """Building, with a makefile that does what a real one might."""

    def build(self, recipe: str) -> Tuple["subprocess.Popen[str]", str, str]:
        (self.tree / "GNUmakefile").write_text(f"image:\n\t@{recipe}\n")
        process = self.start("printf")
        return (process, *self.finish(process))

    def test_student_error(self) -> None:
        """A mistake in the sources scores nothing, and is quoted."""
        said = "kern/pmap.c:12:3: error: expected ;"
        process, out, _ = self.build(f"echo '{said}'; exit 1")
        self.assertEqual(process.returncode, 1)
        self.assertIn(said, out)
        self.assertTrue(out.endswith("Score: 0/10\n"))

    def test_foreign_words(self) -> None:
        """So it is where compilers speak another language, and characters stay
        the user's."""
        fake = self.tree / "cc"
        fake.write_text(
            "#!/bin/sh\n"
            'case "${LC_ALL:-${LC_MESSAGES:-$LANG}}" in\n'
            "C|POSIX) echo 'kern/pmap.c:12:3: error: expected ;' ;;\n"
            "*) echo 'kern/pmap.c:12:3: Fehler: ; erwartet' ;;\nesac\n"
            'echo "characters ${LC_ALL:-${LC_CTYPE:-$LANG}}"\nexit 1\n')
        fake.chmod(0o755)
        (self.tree / "GNUmakefile").write_text("image:\n\t@./cc\n")
        for extra in ({"LC_ALL": "de_DE.UTF-8"}, {"LC_ALL": "", "LANG": "de_DE.UTF-8"}):
            process = self.start("printf", extra={"LANGUAGE": "de", **extra})
            out, err = self.finish(process)
            self.assertEqual(process.returncode, 1, err)
            self.assertIn("kern/pmap.c:12:3: error: expected ;", out)
            self.assertRegex(out, r"characters \S+\.UTF-8")

    def test_undefined(self) -> None:
        """So does a function that is missing."""
        process, out, _ = self.build(
            "echo \"kern/x.o: undefined reference to 'page_init'\"; exit 1")
        self.assertEqual(process.returncode, 1, out)

    def test_no_compiler(self) -> None:
        """A missing compiler is not the student's fault."""
        process, _, err = self.build(
            "echo 'GNUmakefile:12: *** no compiler: run make setup.  Stop.'; exit 1")
        self.assertEqual(process.returncode, 2)
        self.assertIn("no compiler: run make setup", err)

    def test_full_disk(self) -> None:
        """Neither is a full disk, though a compiler reports it as an error."""
        process, _, err = self.build(
            "echo 'kern/a.c:1:1: fatal error: cannot write: No space left on "
            "device'; exit 1")
        self.assertEqual(process.returncode, 2, err)


class Images(Case):
    """The kernel under test is the one that was built, whatever else happens in
    the tree."""

    def setUp(self) -> None:
        super().setUp()
        if not QEMU:
            self.skipTest("QEMU is not installed")

    def test_replaced(self) -> None:
        """A kernel that is replaced during the tests changes nothing."""
        process = self.start("--no-build", "-j", "1")
        assert process.stdout is not None
        process.stdout.readline()  # the first test has ended
        for path in (self.tree / "obj/kern").glob("kernel*"):
            path.unlink()
        out, err = self.finish(process)
        self.assertEqual((process.returncode, err), (1, ""))
        self.assertNotIn("GRADER ERROR", out)

    def test_building(self) -> None:
        """While another make builds, the grader waits for it."""
        image = self.tree / "obj/kern/kernel.img"
        whole = image.read_bytes()
        lock = take(self.tree / "obj", "make other")
        assert lock is not None
        image.unlink()
        process = self.start("--no-build", "printf")
        assert process.stderr is not None
        self.assertIn("waiting until 'make other'", process.stderr.readline())
        image.write_bytes(whole)
        os.close(lock)
        self.finish(process)
        self.assertEqual(process.returncode, 1)


class Interrupted(Case):
    kind = "hang"

    def setUp(self) -> None:
        super().setUp()
        if not QEMU:
            self.skipTest("QEMU is not installed")

    def begin(self) -> "subprocess.Popen[str]":
        """Starts the grader and waits until its machines run."""
        process = self.start("--no-build")
        deadline = time.monotonic() + LONGEST
        while len(workers_in(self.tree / "obj")) < 1:
            self.assertLess(time.monotonic(), deadline, "no machine was started")
            time.sleep(0.01)
        return process

    def test_signals(self) -> None:
        """Ctrl-C and the like end the grader and its machines at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.begin()
            process.send_signal(number)
            _, err = self.finish(process)
            self.assertEqual((process.returncode, err),
                             (2, "grade-lab1: interrupted\n"))

    @unittest.skipUnless(shutil.which("setpriv"), "needs setpriv")
    def test_killed(self) -> None:
        """Even if it is killed, the grader leaves no machine running."""
        process = self.begin()
        process.kill()
        process.communicate(timeout=LONGEST)
        deadline = time.monotonic() + 10
        while workers_in(self.tree):
            self.assertLess(time.monotonic(), deadline, "a machine was left behind")
            time.sleep(0.01)

    def test_closed_pipe(self) -> None:
        """A closed pipe ends it too, without a message."""
        process = self.begin()
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        process.wait(timeout=LONGEST)
        process.stderr.close()
        self.assertEqual((process.returncode, err), (2, ""))
        self.assertEqual(workers_in(self.tree), [])


if __name__ == "__main__":
    unittest.main()
