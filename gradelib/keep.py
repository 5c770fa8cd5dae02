"""What a failed test leaves in obj/grade/TEST/.

    console.txt     what the kernel printed
    machine.txt     registers, calls, faults: more than the report shows
    interrupts.log  the end of QEMU's log, if there is one
    command         how to run the test again
"""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import Dict, List, Optional

from gradelib.case import Case
from gradelib.crash import full_text
from gradelib.explain import guarded
from gradelib.outcome import GraderError, Result
from gradelib.testcase import Test

Files = Dict[str, bytes]


def evidence(case: Optional[Case], test: Test, lab: int, seed: int) -> Files:
    """The files about a failure of `test`, except the console. `case` is None
    when it started no machine."""
    files = {"command": _text(_commands(case, test, lab, seed))}
    if case is not None:
        files["machine.txt"] = _text(guarded(partial(full_text, case)))
        if case.log is not None:
            files["interrupts.log"] = case.log.encode()
    return files


def _text(lines: List[str]) -> bytes:
    return "\n".join([*lines, ""]).encode()


def _commands(case: Optional[Case], test: Test, lab: int,
              seed: int) -> List[str]:
    """How to see the failure again, from the top folder."""
    lines = ["# The test, with the same random numbers:",
             f"./grade-lab{lab} --seed {seed} {test.name}"]
    if case is not None:
        lines += ["# Its machine in this terminal (ctrl-a x leaves it):",
                  *case.commands]
    return lines + ["# Under gdb:", f"make gdb-{test.name}"]


def write(directory: Path, result: Result) -> None:
    """Writes the files of `result` to `directory`, which then holds nothing
    else, and does not exist when the test passed."""
    files = dict(result.files)
    if result.console:
        files["console.txt"] = result.console
    try:
        shutil.rmtree(directory, ignore_errors=True)
        if result.passed or not files:
            return
        directory.mkdir(exist_ok=True)
        for name, data in files.items():
            (directory / name).write_bytes(data)
    except OSError as err:
        raise GraderError(f"cannot write in {directory}: "
                          f"{err.strerror}") from None
