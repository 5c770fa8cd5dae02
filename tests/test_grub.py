"""GRUB boots the kernel."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import TOP, run

MENU = """\
set timeout=0
menuentry jos { multiboot /kernel lab=3 init=testargs -- c0ffee one two }
"""


class Grub(unittest.TestCase):
    def test_arguments(self) -> None:
        """GRUB loads the kernel and hands it its arguments."""
        tool = shutil.which("grub-mkrescue") or shutil.which("grub2-mkrescue")
        assert tool, "grub-mkrescue is missing: ./setup.sh --check"
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        (folder / "cd/boot/grub").mkdir(parents=True)
        (folder / "cd/boot/grub/grub.cfg").write_text(MENU)
        shutil.copy(TOP / "obj/kern/kernel", folder / "cd/kernel")
        made = run(tool, "-o", str(folder / "cd.iso"), str(folder / "cd"))
        self.assertEqual(made.returncode, 0, made.stdout)
        qemu = subprocess.Popen(
            ["qemu-system-i386", "-cdrom", str(folder / "cd.iso"), "-no-reboot",
             "-display", "none", "-serial", "stdio"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.addCleanup(qemu.wait)
        self.addCleanup(qemu.kill)
        assert qemu.stdout is not None
        self.addCleanup(qemu.stdout.close)
        seen = b""
        while b"exiting gracefully" not in seen:
            piece = qemu.stdout.read1(4096)
            self.assertTrue(piece, seen)
            seen += piece
        self.assertIn(b"argument 3: two", seen)
