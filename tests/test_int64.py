"""lib/int64.c on this machine, compared with the machine's results."""

import unittest

from hosted import FREESTANDING, HOSTED, Hosted, renamed

INT64 = ("__udivmoddi4", "__udivdi3", "__umoddi3", "__divmoddi4", "__divdi3",
         "__moddi3", "__ashldi3", "__lshrdi3", "__ashrdi3", "__muldi3")


class Int64(Hosted):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        names = renamed("jos", INT64)
        cls.link(cls.compile("lib/int64.c", "int64.o", *FREESTANDING, *names),
                 cls.compile("tests/test_int64.c", "test.o", *HOSTED))

    def test_native(self) -> None:
        """Division, shifts and products are those of the machine, at the edges
        and for many numbers in between."""
        self.passes()


if __name__ == "__main__":
    unittest.main()
