"""The debugger's support: gdb on real machines, as a student would use it."""

import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from typing import Iterable, Iterator, List

from support import TOP, Done, clean_environment, make, tail

sys.path.insert(0, str(TOP))

from tools.gdbtest import listen  # noqa: E402

OBJ = os.environ.get("OBJDIR", "obj")
KERNEL = f"{OBJ}/kern/kernel"
IMAGE = f"{OBJ}/kern/kernel.img"
SECONDS = 30
PROMPT = "--------"
NO_PYTHON = "--data-directory=/nonexistent"
# Give env_run, at its entry, another environment.
SWITCH = "set *(void **)($esp + 4) = &envs[{}]"


def from_kernel(arguments: str) -> List[str]:
    """QEMU's options to boot with these boot arguments."""
    return ["-kernel", KERNEL, "-append", arguments]


def from_disk() -> List[str]:
    """QEMU's options to boot as a PC does; the image stays as it is."""
    return ["-snapshot", "-drive", f"file={IMAGE},index=0,media=disk,format=raw"]


def attend(console: socket.socket, typed: List[str]) -> None:
    """Read a machine's output (otherwise it gets slow), and type a line at each
    prompt."""
    seen = b""
    with contextlib.suppress(OSError):
        while True:
            data = console.recv(4096)
            if not data:
                return
            seen += data
            if typed and seen.endswith(b"K> "):
                console.sendall(typed.pop(0).encode() + b"\r")
                seen = b""


@contextlib.contextmanager
def machine(options: List[str], typed: List[str],
            qemu_name: str = "qemu-system-i386") -> Iterator[int]:
    """A QEMU that waits for gdb on a port of its own; lines for its console."""
    wire, port = listen()
    ours, console = socket.socketpair()
    command = [
        qemu_name, "-nodefaults", "-display", "none", "-m", "128M", "-S",
        "-chardev", f"socket,id=gdb,fd={wire.fileno()},server=on,wait=off",
        "-gdb", "chardev:gdb", "-chardev", f"socket,id=com,fd={console.fileno()}",
        "-serial", "chardev:com", *options]
    qemu = subprocess.Popen(command, cwd=TOP, stdin=subprocess.DEVNULL,
                            pass_fds=[wire.fileno(), console.fileno()])
    try:
        wire.close()
        console.close()
        threading.Thread(target=attend, args=(ours, typed), daemon=True).start()
        yield port
    finally:
        qemu.kill()
        qemu.wait()
        ours.close()


def gdb(port: int, commands: str, *options: str) -> str:
    """gdb's output for some lines of commands, each echoed first."""
    words = ["gdb", *options, "-q", "-n", "-batch",
             "-iex", f"set $jos_port = {port}", "-x", f"{OBJ}/gdbinit"]
    for line in commands.strip().splitlines():
        words += ["-ex", f"echo {PROMPT} {line.strip()}\\n", "-ex", line.strip()]
    done = subprocess.run(
        words, cwd=TOP, env=clean_environment(), timeout=SECONDS,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True, errors="replace")
    return done.stdout


def answers(output: str) -> List[str]:
    """What gdb printed for each command; before the first, at its start."""
    parts = re.split(rf"^{PROMPT} .*\n", output, flags=re.M)
    return [part.strip() for part in parts]


class GdbTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        assert shutil.which("gdb"), "gdb is not installed"
        done = make("image", f"{OBJ}/gdbinit")
        assert done.returncode == 0, tail(done.stdout)

    def debug(self, options: List[str], commands: str, *gdb_options: str,
              typed: Iterable[str] = ()) -> List[str]:
        """What gdb answers to each command on a fresh machine."""
        with machine(options, list(typed)) as port:
            said = answers(gdb(port, commands.strip() + "\ndetach", *gdb_options))[:-1]
        self.assertEqual(len(said), len(commands.strip().splitlines()) + 1, said)
        for answer in said[1:]:
            self.assertNotIn("Traceback", answer)
        return said

    def assert_in_order(self, text: str, *parts: str) -> None:
        """All parts are in the text, one after the other."""
        at = 0
        for part in parts:
            self.assertIn(part, text[at:])
            at = text.index(part, at) + len(part)


class Boot(GdbTest):
    COMMANDS = """
        break *0x7c36
        continue
        x/2i start
        stepi
        break i386_init
        continue
    """

    def check_boot(self, said: List[str]) -> None:
        self.assertIn("[f000:fff0]    0xffff0:\tljmp   $0xf000,$0xe05b", said[0])
        self.assert_in_order(said[2], "[0000:7c36]", "<start+54>:\tljmp   $0x8,$0x7c",
                             "boot/boot.S:")
        self.assert_in_order(said[3], "<start>:\txor    %ax,%ax",
                             "<start+2>:\tmov    %ax,%ds")
        self.assert_in_order(said[4], "<protected>:\tmov    $0x10,%ax", "$GD_KD, %ax")
        self.assert_in_order(said[6], "=> 0xf01", "i386_init () at kern/init.c:")

    def test_modes(self) -> None:
        """16-bit code of the boot sector shows as such, then 32-bit code."""
        said = self.debug(from_disk(), self.COMMANDS)
        self.check_boot(said)
        self.assertNotIn("warning", "".join(said).lower())

    def test_without_python(self) -> None:
        """A gdb without Python says what it lacks and does the rest."""
        said = self.debug(from_disk(), self.COMMANDS + "jos envs", NO_PYTHON)
        self.assertIn("This gdb has no Python", said[0])
        self.check_boot(said)
        self.assertIn("no Python", said[-1])


class Symbols(GdbTest):
    def test_early_breakpoints(self) -> None:
        """Breakpoints in a program that are set at reset stop in it."""
        said = self.debug(from_kernel("lab=3 init=hello"), """
            break umain
            tbreak user/hello.c:9
            continue
            backtrace
            continue
        """)
        self.assertIn("pending", said[1])
        self.assertIn("umain (argc=1, argv=0xeebfd", said[3])
        self.assertIn("at user/hello.c:", said[3])
        self.assert_in_order(said[4], "#0", "umain", "libmain", "_start")
        self.assertIn("at user/hello.c:9", said[5])

    def test_first_instruction(self) -> None:
        """A breakpoint at a program's first instruction is not too late."""
        said = self.debug(from_kernel("lab=3 init=hello"), """
            break lib/entry.S:_start
            continue
            info registers eip
        """)
        self.assertIn("0x800020 <_start>", said[2] + said[3])

    def test_late_breakpoint(self) -> None:
        """A breakpoint set after the program has run for a while works, too."""
        said = self.debug(from_kernel("lab=3 init=hello"), """
            break syscall if syscallno == 0
            continue
            delete
            break user/hello.c:9
            continue
        """)
        self.assertIn("kern/syscall.c", said[2])
        self.assertNotIn("pending", said[4])
        self.assertIn("at user/hello.c:9", said[5])

    def test_next_program(self) -> None:
        """Another program that the monitor runs has its own symbols."""
        said = self.debug(from_kernel("lab=3"), """
            break umain
            continue
            continue
            info breakpoints
        """, typed=["run hello", "run testbss"])
        self.assertIn("at user/hello.c:", said[2])
        self.assertIn("at user/testbss.c:", said[3])
        self.assertNotIn("hello.c", said[4])

    def test_two_programs(self) -> None:
        """With two live programs, gdb has the running one's symbols."""
        said = self.debug(from_kernel("lab=3 init=hello -- testbss"), f"""
            break *env_run
            continue
            call program_create(1, (void *)&bootparams.argv[1])
            break umain
            break user/hello.c:9
            continue
            continue
            continue
            {SWITCH.format(1)}
            disable 1
            continue
            info breakpoints
            enable 1
            continue
            {SWITCH.format(0)}
            disable 1
            continue
            jos envs
        """)
        self.assertIn("at user/testbss.c:", said[11])
        self.assertRegex(said[12], r"PENDING> +user/hello.c:9")
        self.assertIn("at user/hello.c:9", said[17])
        self.assertRegex(said[18], r"\* 00001000 .* hello .* hello: umain\+")
        self.assertRegex(said[18], r"  00001001 .* testbss .* testbss: ")


class Commands(GdbTest):
    LOOKS = ["jos envs", "jos env", "jos tf", "jos pgdir", "jos pgdir 0x100000",
             "jos pages", "jos pages 7"]

    def test_fault(self) -> None:
        """At a page fault, each command shows the state."""
        said = self.debug(from_kernel("lab=3 init=faultwrite"), """
            break page_fault_handler
            continue
            jos envs
            jos env
            jos tf
            jos tf 0xefffffbc
            jos pgdir
            jos pgdir 0x800020
            jos pgdir 0
            jos pages
            jos pages curenv->env_pgdir
            jos env 4711
            jos tf nonsense
        """)
        at = "faultwrite: umain+"
        self.assert_in_order(said[3], "* 00001000", "ENV_RUNNING", "ENV_TYPE_USER", at)
        self.assert_in_order(said[4], "Program faultwrite", "eip  0x0080", at,
                             "#0 0x0080", at, "#1 0x0080", "faultwrite: libmain+")
        for answer in said[5:7]:
            self.assert_in_order(answer, "trap 14 Page Fault",
                                 "[user, write, not-present]", "cr2  0x00000000", at)
        self.assertRegex(said[7], r"f0000000-ffffffff  phys 00000000-0fffffff  .{7}WP")
        self.assert_in_order(said[8], "Page table at", "00800020 is phys",
                             "user, read/write")
        self.assertIn("00000000 is not mapped", said[9])
        self.assertRegex(said[10], r"32768 pages, 128 MiB(.*\n)+ +\d+ with pp_ref 1")
        self.assertIn("page directory of environment 00001000", said[11])
        self.assertIn("there is no environment 00004711", said[12])
        self.assertIn("No symbol", said[13])

    def test_error_code(self) -> None:
        """An error code that names a gate is explained."""
        said = self.debug(from_kernel("lab=3 init=softint"), """
            break unexpected_trap
            continue
            jos tf
        """)
        self.assertIn("[IDT entry 14]", said[3])

    def looks(self, options: List[str], *before: str) -> List[str]:
        """What the commands answer at some early moment."""
        said = self.debug(options, "\n".join([*before, *self.LOOKS]))
        return said[-len(self.LOOKS):]

    def test_at_reset(self) -> None:
        """Before the kernel is loaded, each command says so in one line."""
        for answer in self.looks(from_disk()):
            self.assertEqual(len(answer.splitlines()), 1, answer)
            self.assertRegex(answer, "not in memory yet|paging is off")

    def test_before_setup(self) -> None:
        """Before there are pages and environments, so they do."""
        early = self.looks(from_kernel("lab=3"), "break i386_init", "continue")
        for index in (0, 1, 2, 5, 6):
            self.assertEqual(len(early[index].splitlines()), 1, early[index])
        self.assertIn("envs is NULL", early[0])
        self.assertIn("npages is 0", early[5])
        self.assertIn("4 MiB page", early[4])

    def test_nonsense(self) -> None:
        """Data corrupted by a wrong kernel are reported in one line."""
        said = self.debug(from_kernel("lab=3 init=hello"), """
            break env_run
            continue
            set var page_free_list = (void *)7
            jos pages
            set var curenv = (void *)0x1234
            jos env
            set var envs = (void *)0x34
            jos envs
            set var npages = -1
            jos pages
        """)
        self.assertIn("leads out of pages[]", said[4])
        self.assertIn("there is no environment", said[6])
        self.assertIn("envs is 0x00000034", said[8])
        self.assertIn("npages is", said[10])


class Late(GdbTest):
    def test_late_cpu(self) -> None:
        """The kernel does without a CPU that starts too late, and that CPU then
        halts."""
        source = (TOP / "kern/mpentry.S").read_text().splitlines()
        halts = [number for number, line in enumerate(source, 1)
                 if line.split()[-1:] == ["hlt"]]
        self.assertEqual(len(halts), 1)
        # Which of the last two stops comes first is up to the host.
        said = self.debug(["-smp", "2", *from_kernel("lab=4")], f"""
            tbreak lapic_startap
            continue
            set scheduler-locking on
            tbreak monitor
            continue
            print ncpu
            set scheduler-locking off
            tbreak env_free
            tbreak kern/mpentry.S:{halts[0]}
            continue
            continue
        """, typed=["run hello"])
        self.assertIn("lapic_startap (apicid=1", said[2])
        self.assertIn("monitor (tf=0x0)", said[5])
        self.assertIn("= 1", said[6])
        stops = said[10] + said[11]
        self.assertRegex(stops, r"Thread 1 hit Temporary breakpoint \d+, env_free")
        self.assertRegex(stops, r"Thread 2 hit Temporary breakpoint \d+, protected"
                         r"[^\n]*\n\d+\t.*hlt")


class Wide(GdbTest):
    @unittest.skipUnless(shutil.which("qemu-system-x86_64"), "needs its QEMU")
    def test_wide(self) -> None:
        """A QEMU for 64-bit code is recognised."""
        with machine(from_kernel("lab=3"), [], "qemu-system-x86_64") as port:
            said = gdb(port, "jos envs")
        self.assertIn("start 'make QEMU=qemu-system-i386 qemu-gdb'", said)
        self.assertNotIn("No QEMU waits", said)


class Make(GdbTest):
    def setUp(self) -> None:
        self.room = Path(tempfile.mkdtemp(prefix="gdb-"))
        self.addCleanup(shutil.rmtree, self.room)

    def script(self, name: str, text: str) -> str:
        """A program that make runs instead of another."""
        path = self.room / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)

    def batch_gdb(self, *commands: str) -> str:
        """A gdb that gets these commands typed."""
        words = " ".join(f"-ex {shlex.quote(command)}" for command in commands)
        return self.script("gdb", f'exec gdb "$@" -batch {words}')

    def make(self, goal: str, *words: str) -> Done:
        return make(goal, f"OBJDIR={OBJ}", *words, limit=SECONDS)

    def test_no_qemu(self) -> None:
        """`make gdb` without QEMU says what to do."""
        sock, port = listen()
        sock.close()
        done = self.make("gdb", f"GDBPORT={port}", f"GDB={self.batch_gdb('jos envs')}")
        self.assertIn(f"No QEMU waits on port {port}: run 'make qemu-gdb'", done.stdout)
        self.assertIn("there is no machine", done.stdout)

    def test_grader_test(self) -> None:
        """`make gdb-TEST` boots a test's machine, and ends it with gdb."""
        note = self.room / "pid"
        qemu = self.script("qemu", f'echo $$ >{note}\nexec qemu-system-i386 "$@"')
        done = self.make("gdb-faultread", f"QEMU={qemu}", "GDB=" + self.batch_gdb(
            "break page_fault_handler", "continue", "jos envs"))
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.assert_in_order(done.stdout, "6828 decimal is", "* 00001000", "faultread")
        with self.assertRaises(ProcessLookupError):
            os.kill(int(note.read_text()), 0)

    def test_grader_trouble(self) -> None:
        """An unknown test, and a QEMU that refuses, are reported in one line."""
        mute = f"GDB={self.batch_gdb()}"
        self.assertIn("no lab has a test nosuch", self.make("gdb-nosuch", mute).stdout)
        done = self.make("gdb-hello", "QEMUEXTRA=-nosuch", mute)
        self.assertIn("QEMU did not start: ", done.stdout)
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
