"""tools/boot.py: how make qemu runs a machine."""

import contextlib
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time
import unittest
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence

from support import TOP, Done, clean_environment

sys.path.insert(0, str(TOP))

from gradelib.live import Live  # noqa: E402
from tools import bootargs  # noqa: E402
from tools.boot import LastRun, Order, runs  # noqa: E402
from tools.gdbtest import listen  # noqa: E402

OBJ = TOP / os.environ.get("OBJDIR", "obj")
SECONDS = 60
QEMU = "qemu-system-i386"


class Case(unittest.TestCase):
    """Has a folder with an image to boot."""

    def setUp(self) -> None:
        self.room = Path(tempfile.mkdtemp(prefix="boot-"))
        self.addCleanup(shutil.rmtree, self.room)
        self.image = self.room / "kern/kernel.img"
        self.image.parent.mkdir()
        for path in (OBJ / "kern/kernel", OBJ / "kern/kernel.img"):
            shutil.copy(path, self.image.parent)
        bootargs.patch(self.image, ["lab=4"])

    def command(self, *before: str, qemu: str = QEMU) -> List[str]:
        """boot.py's command line, without boot arguments."""
        return [sys.executable, str(TOP / "tools/boot.py"), str(self.room), *before,
                qemu, "-display", "none", "-m", "128M", "-drive",
                f"file={self.image},index=0,media=disk,format=raw"]

    def run_it(self, text: str, *words: str, before: Sequence[str] = (),
               extra: Optional[Dict[str, str]] = None) -> Done:
        """A run with `text` piped in."""
        return subprocess.run(
            [*self.command(*before), *words], input=text, universal_newlines=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS,
            env=clean_environment(extra), check=False)

    @contextlib.contextmanager
    def machine(self, *before: str, extra: Optional[Dict[str, str]] = None
                ) -> "Iterator[subprocess.Popen[bytes]]":
        """A running machine whose input does not end."""
        process = subprocess.Popen(
            self.command(*before), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=clean_environment(extra))
        try:
            if not before:
                self.read_to_prompt(process.stdout.fileno())
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=SECONDS)

    def read_to_prompt(self, fd: int) -> None:
        seen = b""
        while not seen.endswith(b"K> "):
            data = os.read(fd, 4096)
            self.assertTrue(data, seen)
            seen += data


class Input(Case):
    def test_piped(self) -> None:
        """Piped input reaches the monitor line by line; then the machine ends."""
        for text in ("help\nkerninfo\n", "help\nkerninfo"):
            done = self.run_it(text)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertRegex(done.stdout, r"K> help\nhelp +list the commands\n")
            self.assertRegex(done.stdout, r"K> kerninfo\nsymbol(.*\n)+K> \n\Z")

    def test_program(self) -> None:
        """Boot arguments are set, and may have two dashes of their own."""
        done = self.run_it("", "--", "lab=4", "init=hello", "--", "x")
        self.assertIn("hello, world\n", done.stdout)
        self.assertEqual(bootargs.text_of(self.image.read_bytes()),
                         "lab=4 init=hello -- x")

    def test_order(self) -> None:
        """A wrong command line is refused."""
        for words in (["obj", "--gdb"], ["obj", "--gdb", "x", "qemu"],
                      ["obj", "--", "lab=1"], ["obj"]):
            self.assertIsNone(Order.parse(words))


class Terminal(Case):
    def test_killed(self) -> None:
        """The terminal is restored, even if QEMU was killed."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        before = termios.tcgetattr(theirs)
        note = self.room / "pid"
        fake = self.room / "qemu"
        fake.write_text(f'#!/bin/sh\necho $$ >{note}\nexec {QEMU} "$@"\n')
        fake.chmod(0o755)
        process = subprocess.Popen(self.command(qemu=str(fake)), stdin=theirs,
                                   stdout=theirs, stderr=theirs,
                                   start_new_session=True)
        self.read_to_prompt(ours)
        self.assertNotEqual(termios.tcgetattr(theirs), before)
        os.kill(int(note.read_text()), signal.SIGKILL)
        self.assertNotEqual(process.wait(SECONDS), 0)
        self.assertEqual(termios.tcgetattr(theirs), before)
        self.assertTrue(os.get_blocking(theirs))

    def test_no_display(self) -> None:
        """A display that cannot be opened is reported, with an alternative."""
        fake = self.room / "qemu"
        fake.write_text("#!/bin/sh\n[ $# -gt 3 ] || exit 0\n"
                        "echo 'gtk initialization failed' >&2\nexit 1\n")
        fake.chmod(0o755)
        done = subprocess.run(
            [sys.executable, str(TOP / "tools/boot.py"), str(self.room), str(fake)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=SECONDS, universal_newlines=True,
            env=clean_environment({"DISPLAY": ":99"}), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"gtk init.*\n.*'make qemu-nox' runs in the "
                                      r"terminal \(DISPLAY is ':99'\)")


class Neighbours(Case):
    def test_two(self) -> None:
        """A second machine of a tree is refused in one sentence, and does not
        change the first one's image."""
        self.assertFalse(runs(self.room))
        with self.machine():
            self.assertTrue(runs(self.room))
            done = self.run_it("", "--", "lab=1")
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stdout, r"\Aboot: another machine of this tree runs: "
                             r".*'make OBJDIR=obj2 qemu'\n\Z")
            with self.assertRaisesRegex(bootargs.BootargsError, "a machine runs"):
                bootargs.patch(self.image, ["lab=1"])
            self.assertEqual(bootargs.text_of(self.image.read_bytes()), "lab=4")
        self.assertFalse(runs(self.room))

    def test_port(self) -> None:
        """A port in use is reported, with another one to use."""
        sock, port = listen()
        self.addCleanup(sock.close)
        done = self.run_it("", before=["--gdb", str(port)])
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stdout, rf"\Aboot: port {port} for gdb is taken.*"
                         rf"'make GDBPORT={port + 1} qemu-gdb'.*\n\Z")

    def test_debugger(self) -> None:
        """A debugger on this computer, and none elsewhere, can connect."""
        sock, port = listen()
        sock.close()
        with self.machine("--gdb", str(port)):
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.2", port), 1)
            deadline = time.monotonic() + SECONDS
            while True:
                with contextlib.suppress(ConnectionRefusedError), \
                        socket.create_connection(("127.0.0.1", port)) as stub:
                    stub.settimeout(SECONDS)
                    stub.sendall(b"$?#3f")
                    self.assertRegex(stub.recv(100), rb"\+?\$?")
                    break
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)

    def test_closed(self) -> None:
        """Without a debugger, QEMU has no listening socket."""
        with self.machine() as process:
            pids = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
            inodes = set()
            for pid in pids.split():
                for link in Path(f"/proc/{pid}/fd").iterdir():
                    with contextlib.suppress(OSError):
                        inodes.update(re.findall(r"socket:\[(\d+)\]",
                                                 os.readlink(link)))
            for table in ("tcp", "tcp6"):
                lines = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
                self.assertFalse(inodes & {line.split()[9] for line in lines})


class Looks(Case):
    def test_live(self) -> None:
        """Other tools find the machine even if its folder has a long name."""
        with self.machine():
            last = LastRun.load(self.room)
            assert last is not None
            with Live(Path(last.control)) as live:
                self.assertTrue(live.execute("query-version"))

    def test_no_sockets(self) -> None:
        """Without a socket, the machine still runs."""
        deep = self.room / ("x" * 100)
        deep.mkdir()
        done = self.run_it("kerninfo", extra={"TMPDIR": str(deep)})
        self.assertIn("K> kerninfo\nsymbol", done.stdout)
        last = LastRun.load(self.room)
        assert last is not None
        self.assertEqual(last.control, "")
        self.assertEqual(list(deep.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
