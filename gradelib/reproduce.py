"""How to reproduce the situation of a test by hand."""

from __future__ import annotations

import sys
from pathlib import Path

from gradelib.limits import Limits
from gradelib.machine import Machine
from gradelib.setup import Setup
from gradelib.symbols import Symbols
from gradelib.testcase import Lab, Test
from gradelib.vm import Bench, Fleet, Vm


class _Started(Exception):
    """The test asks for this machine."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.setup = setup


class _Rehearsal(Vm):
    """Stops a test when it starts its first machine."""

    def _start(self, setup: Setup) -> Machine:
        raise _Started(setup)


def recipe(test: Test, lab: Lab, seed: int) -> str:
    """The boot arguments of the first machine that `test` starts."""
    nowhere = Path("obj")
    bench = Bench(lab.number, ("qemu",), nowhere, seed, Symbols(nowhere),
                  Limits(lambda: 1.0), Fleet(nowhere))
    vm = _Rehearsal(bench)
    vm.begin(test.name)
    try:
        test.function(vm)
    except _Started as started:
        if started.setup.memory != "128M":
            print(f"start it with QEMUEXTRA='-m {started.setup.memory}'",
                  file=sys.stderr)
        return " ".join(started.setup.arguments)
    return f"lab={lab.number}"
