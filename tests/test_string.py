"""lib/string.c on this machine: as portable C and as the system has it."""

import unittest
from pathlib import Path

from hosted import FORMAT, FREESTANDING, STRING, Hosted, renamed
from support import TOP, run

SOURCES = ("lib/string.c", "lib/printfmt.c", "lib/octal.c", "tests/test_string.c")
# Compiled like the system, but into a program of the host.
I386 = ("-m32", "-static", "-nostdlib", "-fno-pic", "-fno-stack-protector",
        "-mgeneral-regs-only", "-fno-asynchronous-unwind-tables")


class String(Hosted):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        names = renamed("jos_", STRING + FORMAT)
        cls.link(*(cls.compile(source, f"{Path(source).stem}.o", *FREESTANDING, *names)
                   for source in SOURCES))

    def test_portable(self) -> None:
        """The functions do what their contracts say (portable C)."""
        done = run(str(self.program))
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_i386(self) -> None:
        """So do they with string instructions; numbers print the same."""
        program = str(self.directory / "program32")
        self.build(*FREESTANDING, *I386, "-o", program,
                   *(str(TOP / source) for source in SOURCES))
        try:
            done = run(program)
        except OSError:
            self.skipTest("this machine does not run 32-bit programs")
        self.assertEqual(done.returncode, 0, done.stdout[-200:])
        self.assertEqual(done.stdout, run(str(self.program)).stdout)


if __name__ == "__main__":
    unittest.main()
