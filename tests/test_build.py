"""The build with each compiler and linker: no warning, and what it makes."""

import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Optional

from support import (TOP, Done, Toolchain, cases, make, run, sources, tail,
                     toolchains)

SECTOR = 512
CODE_LIMIT = 510  # The boot sector's last two bytes are its signature.
IMAGE_LIMIT = 1 << 20
MULTIBOOT = (0x1BADB002).to_bytes(4, "little")
MULTIBOOT_REACH = 8192  # A loader searches only this far for the header.

# The programs that every write-up of labs 1 to 4 knows.
PROGRAMS = (
    "divzero softint badsegment faultread faultreadkernel faultwrite faultwritekernel"
    " breakpoint testbss hello buggyhello buggyhello2 evilhello"
    " idle yield dumbfork forktree spin stresssched faultdie faultregs faultalloc"
    " faultallocbad faultnostack faultbadhandler faultevilhandler sendpage pingpong"
    " pingpongs primes fairness"
).split()
PRODUCTS = (
    ["boot/boot", "boot/boot.asm"]
    + ["kern/" + name for name in ("kernel", "kernel.asm", "kernel.sym", "kernel.img")]
    + [f"user/{name}{kind}" for name in PROGRAMS for kind in ("", ".asm", ".sym")]
)


class Checks:
    """Tests of the build with every toolchain."""

    toolchain: Toolchain
    obj: Path
    build: Done

    @classmethod
    def setUpClass(cls) -> None:
        tool = cls.toolchain.missing()
        assert not tool, f"{tool} is missing: make setup check"
        cls.obj = TOP / cls.toolchain.objdir
        shutil.rmtree(cls.obj, ignore_errors=True)
        cls.build = cls.make_it()
        assert cls.build.returncode == 0, tail(cls.build.stdout)

    @classmethod
    def make_it(cls) -> Done:
        return make("WERROR=1", f"OBJDIR={cls.toolchain.objdir}", *cls.toolchain.words)

    def shortDescription(self) -> str:
        return f"{self.toolchain.name}: {super().shortDescription()}"

    def test_output(self) -> None:
        """It builds without a warning, and prints a short line per step."""
        other = [line for line in self.build.stdout.splitlines()
                 if not line.startswith("+ ") or len(line) > 80]
        self.assertEqual(other, [])

    def test_twice(self) -> None:
        """A second make does nothing."""
        again = self.make_it()
        self.assertEqual(again.returncode, 0, tail(again.stdout))
        self.assertNotIn("+ ", again.stdout)

    def test_products(self) -> None:
        """Every file that write-ups name exists."""
        absent = [name for name in PRODUCTS if not (self.obj / name).exists()]
        self.assertEqual(absent, [])

    def test_boot_sector(self) -> None:
        """The boot sector fills one sector, at most 510 bytes of it with code."""
        sector = (self.obj / "boot/boot").read_bytes()
        self.assertEqual(len(sector), SECTOR)
        self.assertEqual(sector[CODE_LIMIT:], b"\x55\xaa")

    def test_image(self) -> None:
        """The disk image is under 1 MiB: the sector, then a kernel without DWARF."""
        image = (self.obj / "kern/kernel.img").read_bytes()
        self.assertLess(len(image), IMAGE_LIMIT)
        self.assertEqual(image[:SECTOR], (self.obj / "boot/boot").read_bytes())
        self.assertEqual(image[SECTOR:SECTOR + 4], b"\x7fELF")
        self.assertNotIn(b".debug_line", image)

    def test_kernel(self) -> None:
        """The kernel has DWARF and a Multiboot header, and is complete."""
        kernel = self.obj / "kern/kernel"
        self.assertIn(MULTIBOOT, kernel.read_bytes()[:MULTIBOOT_REACH])
        headers = run("objdump", "-h", str(kernel)).stdout
        self.assertIn(".debug_line", headers)
        self.assertEqual(run("nm", "-u", str(kernel)).stdout, "", "undefined symbols")


class Gcc(Checks, unittest.TestCase):
    toolchain = toolchains()[0]


class Clang(Checks, unittest.TestCase):
    toolchain = toolchains()[1]


class ClangLld(Checks, unittest.TestCase):
    toolchain = toolchains()[2]


class Flags(unittest.TestCase):
    """Flags of a user's or of another compiler's choice."""

    # gcc 14 does this by itself for some loops, older versions when told to.
    ALIGNED = "-falign-loops=64 -falign-functions=64"
    # Sections in which compilers describe their work.
    TALKATIVE = {
        "gcc": "-frecord-gcc-switches -gdwarf-5 -g3 -gpubnames -fdebug-types-section"
               " -fasynchronous-unwind-tables -fpatchable-function-entry=2"
               " -ffat-lto-objects -flto -fdata-sections",
        "clang": "-frecord-command-line -gdwarf-5 -fdebug-macro -ggnu-pubnames"
                 " -fasynchronous-unwind-tables -faddrsig -fstack-size-section"
                 " -fpatchable-function-entry=2 -fdata-sections",
    }

    def test_flags(self) -> None:
        """Code aligned to 64 bytes moves no entry point, and sections in which
        a compiler describes its work stop no link."""
        for compiler, flags in self.TALKATIVE.items():
            with self.subTest(compiler):
                objdir = f"obj/check/{compiler}-flags"
                done = make("image", "WERROR=1", f"CC={compiler}",
                            f"CFLAGS+={self.ALIGNED} {flags}", f"OBJDIR={objdir}")
                self.assertEqual(done.returncode, 0, tail(done.stdout))
                other = [line for line in done.stdout.splitlines()
                         if line[:2] != "+ "]
                self.assertEqual(other, [])
                hello = run("nm", f"{objdir}/user/hello").stdout
                self.assertIn("00800020 T _start\n", hello)
                # Otherwise the flags had no effect, and this test shows nothing.
                sections = run("readelf", "-SW", f"{objdir}/lib/string.o").stdout
                self.assertRegex(sections, r"\.text\.strlen .* 64\n")


class Headers(unittest.TestCase):
    def test_alone(self) -> None:
        """Each header compiles alone, with either compiler."""
        flags = ("-m32 -std=gnu17 -ffreestanding -fsyntax-only -Wall -Wextra"
                 " -Wno-unused-parameter -Werror -I. -xc -").split()
        for header in sources("boot/*.h", "inc/*.h", "kern/*.h", "lib/*.h", "user/*.h",
                              "kern/check/*.h"):
            name = header.relative_to(TOP)
            for compiler in ("gcc", "clang"):
                with self.subTest(f"{compiler} {name}"):
                    done = subprocess.run(
                        [compiler, *flags], input=f"#include <{name}>\n", cwd=TOP,
                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                        universal_newlines=True)
                    self.assertEqual(done.returncode, 0, tail(done.stdout))


def load_tests(loader: unittest.TestLoader, tests: unittest.TestSuite,
               pattern: Optional[str]) -> unittest.TestSuite:
    """The tests above, and Checks for the newest compilers."""
    tests.addTests(cases(Checks, toolchains()[3:]))
    return tests


if __name__ == "__main__":
    unittest.main()
