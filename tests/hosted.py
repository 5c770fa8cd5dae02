"""Compiles parts of the system for this machine, to test them without QEMU."""

import shutil
import tempfile
import unittest
from pathlib import Path
from typing import Iterable, List, Optional, Sequence

from support import TOP, run

TESTS = TOP / "tests"
WARNINGS = ("-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror")
FREESTANDING = ("-std=gnu17", "-O1", "-g", "-ffreestanding", "-fno-builtin",
                f"-I{TOP}", *WARNINGS)
HOSTED = ("-std=gnu17", "-O1", "-g", "-fno-builtin", f"-I{TOP}", *WARNINGS,
          "-Wno-format", "-Wno-format-security", "-Wno-format-truncation",
          "-Wno-unknown-warning-option")
SANITIZE = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
STRING = ("strlen", "strnlen", "strcpy", "strncpy", "strlcpy", "strcat", "strcmp",
          "strncmp", "strchr", "strfind", "memset", "memcpy", "memmove", "memcmp",
          "memfind", "strtol")
FORMAT = ("printfmt", "vprintfmt", "snprintf", "vsnprintf")


def renamed(prefix: str, names: Iterable[str]) -> List[str]:
    """Options that give functions a prefix, so that they do not meet libc's."""
    return [f"-D{name}={prefix}{name}" for name in names]


class Hosted(unittest.TestCase):
    """Tests of one program, which setUpClass() of the subclass builds."""

    directory = Path()
    compiler = ""
    sanitize: Sequence[str] = ()
    program: Optional[Path] = None

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = Path(tempfile.mkdtemp(prefix="jos-hosted-"))
        cls.addClassCleanup(shutil.rmtree, str(cls.directory))
        trial = cls.directory / "trial.c"
        trial.write_text("#include <stdio.h>\nint main(void) { return 0; }\n")
        for compiler in filter(shutil.which, ("gcc", "clang")):
            for sanitize in (SANITIZE, ()):
                done = run(compiler, *sanitize, "-o", str(trial) + ".out", str(trial))
                if done.returncode == 0:
                    cls.compiler, cls.sanitize = compiler, sanitize
                    return
        raise unittest.SkipTest("no C library to compile programs for this machine")

    @classmethod
    def build(cls, *words: str) -> None:
        """Run the compiler; it must have nothing to say."""
        done = run(cls.compiler, *words, cwd=cls.directory)
        if done.returncode != 0 or done.stdout:
            raise AssertionError(f"{' '.join(words)}:\n{done.stdout}")

    @classmethod
    def compile(cls, source: str, name: str, *options: str) -> str:
        """Compile a file of the tree into the object file `name`."""
        cls.build(*options, *cls.sanitize, "-c", "-o", name, str(TOP / source))
        return name

    @classmethod
    def link(cls, *objects: str) -> None:
        cls.program = cls.directory / "program"
        cls.build(*cls.sanitize, "-o", str(cls.program), *objects)

    def passes(self, *arguments: str) -> None:
        """The program must end well; what it prints says why it does not."""
        done = run(str(self.program), *arguments, limit=120)
        if done.returncode != 0 or done.stdout:
            self.fail(f"status {done.returncode}: {done.stdout[-2000:]}")
