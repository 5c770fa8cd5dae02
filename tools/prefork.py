#!/usr/bin/env python3
"""Runs the graders of a tree repeatedly without starting Python each time.

    tools/prefork.py < REQUESTS

Run it in the tree. Each line of input is a JSON list: a grader and its
arguments. A fork of this process, which has already imported the graders'
modules, runs it. Its output is the reply, as a JSON string.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import signal
import sys
import tempfile
import traceback
from typing import List

COMMON = "gradelib.main"  # what all graders import


def grade(words: List[str]) -> int:
    """Runs a grader in this process; returns its exit status."""
    sys.argv = words
    try:
        runpy.run_path(words[0], run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
        return 2
    return 0


def apart(words: List[str]) -> str:
    """Runs a grader in a process of its own; returns its output."""
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            nothing = os.open(os.devnull, os.O_RDONLY)
            for ours, its in enumerate((nothing, output.fileno(),
                                        output.fileno())):
                os.dup2(its, ours)
            status = grade(words)
            sys.stdout.flush()
            os._exit(status)
        os.waitpid(child, 0)
        output.seek(0)
        return output.read().decode("utf-8", "replace")


def main() -> int:
    """Serves requests until end of file. A signal to end is handled by the
    running grader, which has to clean up."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.path[0] = os.getcwd()
    if os.path.isdir("gradelib"):
        importlib.import_module(COMMON)
    for line in sys.stdin:
        print(json.dumps(apart(json.loads(line))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
