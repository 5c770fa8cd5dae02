"""gdb on a machine that QEMU replays from a recording.

Source: QEMU documentation, "Record/replay"; GDB manual, "Events In Python",
"User-defined Command Hooks".
"""

from __future__ import annotations

import re

import gdb

FORWARD = ("continue", "step", "next", "stepi", "nexti", "finish", "until", "advance")
END = "the recording ends here; only the commands that go back work"


class Wall(gdb.Command):
    """Keep the machine from running past the end of the recording."""

    def __init__(self, count: int) -> None:
        """The recording has `count` instructions. At its end QEMU stops the
        machine permanently."""
        super().__init__("jos-not-past-the-end", gdb.COMMAND_RUNNING)
        self._count = count
        gdb.events.stop.connect(self._renew)
        for name in FORWARD:
            gdb.execute(f"define hook-{name}\njos-not-past-the-end\nend")

    def _now(self) -> int:
        """The number of instructions that the machine has run."""
        said = gdb.execute("monitor info replay", False, True)
        found = re.search(r"instruction count = (\d+)", said)
        return int(found.group(1)) if found else 0

    def _renew(self, event: "gdb.StopEvent") -> None:
        """Asks QEMU to stop at the end: it forgets this at every stop, and when
        it goes backwards."""
        if self._now() < self._count:
            gdb.execute(f"monitor replay_break {self._count}", False, True)

    def invoke(self, argument: str, from_tty: bool) -> None:
        """Refuses to run forward at the end. (The reverse commands run the
        forward ones with the direction reversed.)"""
        direction = gdb.execute("show exec-direction", False, True)
        if "Forward" in direction and self._now() >= self._count:
            raise gdb.GdbError(END)
