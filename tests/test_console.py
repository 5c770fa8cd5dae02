"""The console's drivers with good, missing and broken devices."""

import unittest

from hosted import FORMAT, FREESTANDING, HOSTED, STRING, TESTS, Hosted, renamed

CONSOLE = ("cons_init", "cons_putc", "cons_getc", "serial_intr", "kbd_intr",
           "kbd_read", "cputchar", "getchar", "iscons", "cprintf", "vcprintf",
           "readline")
KERNEL = ("kern/console.c", "kern/kbd.c", "kern/printf.c", "lib/readline.c",
          "lib/printfmt.c", "lib/octal.c", "lib/string.c")
USER = ("lib/console.c", "lib/printf.c", "lib/readline.c")


class Console(Hosted):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        options = [*FREESTANDING, "-include", str(TESTS / "fakes.h"),
                   *renamed("jos_", STRING + FORMAT)]
        objects = [cls.compile("tests/test_console.c", "test.o", *HOSTED)]
        for prefix, sources in (("jos_", KERNEL), ("user_", USER)):
            names = renamed(prefix, CONSOLE)
            objects += [
                cls.compile(source, prefix + source.replace("/", "_") + ".o",
                            *options, *names) for source in sources]
        cls.link(*objects)

    def test_nothing(self) -> None:
        """Without any device it does nothing, and quickly."""
        self.passes("nothing")

    def test_zeros(self) -> None:
        """Devices that are never ready stop nothing."""
        self.passes("zeros")

    def test_chatter(self) -> None:
        """Devices that never run out of input stop nothing."""
        self.passes("chatter")

    def test_stuck(self) -> None:
        """A serial line that stops is waited for only once; it may recover."""
        self.passes("stuck")

    def test_serial_output(self) -> None:
        """The serial line gets every character, at 5/4 port accesses each."""
        self.passes("serial_output")

    def test_serial_no_fifo(self) -> None:
        """A line without FIFO gets one character at a time."""
        self.passes("serial_no_fifo")

    def test_serial_input(self) -> None:
        """Input arrives in order, and what does not fit waits."""
        self.passes("serial_input")

    def test_screen(self) -> None:
        """Characters, control characters and colours reach the screen."""
        self.passes("screen")

    def test_screen_scroll(self) -> None:
        """The screen scrolls at its end and stays within its memory."""
        self.passes("screen_scroll")

    def test_screen_start(self) -> None:
        """A cursor outside the screen starts on the last line."""
        self.passes("screen_start")

    def test_screen_mono(self) -> None:
        """A monochrome screen is found at its own address."""
        self.passes("screen_mono")

    def test_screen_backspace(self) -> None:
        """Backspace stops at the screen's first cell."""
        self.passes("screen_backspace")

    def test_keyboard(self) -> None:
        """Keys give their characters, with Shift, Ctrl and Caps Lock."""
        self.passes("keyboard")

    def test_keyboard_special(self) -> None:
        """Special keys have their codes; Ctrl-Alt-Del resets the machine."""
        self.passes("keyboard_special")

    def test_readline(self) -> None:
        """Lines are edited with backspace and ctrl-U, and shown."""
        self.passes("readline")

    def test_readline_escapes(self) -> None:
        """Arrows and other special keys leave nothing in the line; Esc alone
        takes nothing out of it."""
        self.passes("readline_escapes")

    def test_readline_long(self) -> None:
        """A line that is too long rings the bell and overflows nothing."""
        self.passes("readline_long")

    def test_user_printf(self) -> None:
        """A program's cprintf passes its text on in few system calls."""
        self.passes("user_printf")

    def test_user_readline(self) -> None:
        """A program's readline gives the last line, then the end."""
        self.passes("user_readline")


if __name__ == "__main__":
    unittest.main()
