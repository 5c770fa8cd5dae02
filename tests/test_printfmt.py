"""lib/printfmt.c against the printf of this machine."""

import random
import unittest

from hosted import FORMAT, FREESTANDING, HOSTED, STRING, Hosted, renamed


class Printfmt(Hosted):
    """The message of a failed run has its seed."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        names = renamed("jos_", STRING + FORMAT)
        cls.link(
            *(cls.compile(f"lib/{name}.c", f"{name}.o", *FREESTANDING, *names)
              for name in ("printfmt", "octal", "string")),
            cls.compile("tests/test_printfmt.c", "test.o", *HOSTED))

    def compare(self, test: str) -> None:
        seed = str(random.randrange(1 << 64))
        with self.subTest(f"test_printfmt {test} {seed}"):
            self.passes(test, seed)

    def test_numbers(self) -> None:
        """%d %i %u %x %X print as C says, with any flags, width and length."""
        self.compare("numbers")

    def test_octal(self) -> None:
        """%o prints as C says, with any flags, width, precision and length."""
        self.compare("octal")

    def test_text(self) -> None:
        """%s and %c print as C says, with any width and precision."""
        self.compare("text")

    def test_pointers(self) -> None:
        """%p prints as the host does."""
        self.compare("pointers")

    def test_mixtures(self) -> None:
        """Several conversions in one format take the right arguments."""
        self.compare("mixtures")

    def test_own(self) -> None:
        """%e, NULL, unknown and broken conversions print as promised."""
        self.passes("own")

    def test_sizes(self) -> None:
        """snprintf keeps within its buffer; huge widths overflow nothing."""
        self.passes("sizes")

    def test_page_end(self) -> None:
        """%.*s reads nothing past its precision, %s nothing past its NUL."""
        self.passes("page_end")

    def test_putch(self) -> None:
        """putch gets characters from 0 to 255; the caller's list stays."""
        self.passes("putch")


if __name__ == "__main__":
    unittest.main()
