#!/usr/bin/env python3
"""Run the project's own checks: make check, make check-all.

    tests/run.py [--all] [--list] [PART ...]

A part is a unittest module of this folder: test_NAME.py is part of every check,
slow_NAME.py only with --all.  Each part runs in its own process with a time
limit, so that it cannot stop the others.  Parts with APART = True use neither
this tree's objects nor its machine; they run one after the other beside the rest,
and the output of each is shown when it has ended.  The last line is always
`N passed, N failed`.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time
import traceback
import unittest
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, List, Optional

TESTS = Path(__file__).resolve().parent
PART_LIMIT = 900.0  # Seconds that a part may take.
LONG_PARTS = {"slow_distros": 6 * 3600.0}  # It makes several systems.
TOTAL = re.compile(r"(\d+) passed, (\d+) failed\n?")
FAILED = "   FAIL  "
APART = re.compile(r"^APART = True$", re.M)


def announce(text: str) -> None:
    """Print a line at once, so that a waiting user sees the progress."""
    print(text, flush=True)


def title_of(test: unittest.TestCase) -> str:
    """The test's docstring, which says what must hold, or its name."""
    return (test.shortDescription() or test.id().split(".", 1)[-1]).rstrip(".")


def place_of(trace: Optional[TracebackType]) -> str:
    """The line of these tests where an assertion failed."""
    ours = [frame for frame in traceback.extract_tb(trace)
            if Path(frame.filename).parent == TESTS]
    return f"\n(tests/{Path(ours[-1].filename).name}:{ours[-1].lineno})" if ours else ""


class PartResult(unittest.TestResult):
    """Counts the tests of one part and prints a line for each."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0
        self.failed = 0
        self.began = 0.0
        self.troubles: List[str] = []
        self.running = False
        self.skip_reason: Optional[str] = None

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self.began = time.monotonic()
        self.troubles = []
        self.skip_reason = None
        self.running = True

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self.running = False
        self.report(title_of(test))

    def report(self, title: str) -> None:
        took = f"({time.monotonic() - self.began:.1f}s)"
        if self.troubles:
            self.failed += 1
            announce(f"{FAILED}{title} {took}")
            for trouble in self.troubles:
                announce(re.sub(r"^", " " * 9, trouble.rstrip(), flags=re.M))
        elif self.skip_reason is not None:
            announce(f"   skip  {title}: {self.skip_reason}")
        else:
            self.passed += 1
            announce(f"   ok    {title} {took}")

    def trouble(self, test: Any, err: Any, about: str = "") -> None:
        """Record a failure; one outside any test is reported separately."""
        kind, value, trace = err
        if not self.running:
            self.troubles = []
        if issubclass(kind, AssertionError):
            text = f"{value or 'assertion failed'}{place_of(trace)}"
        else:
            text = "".join(traceback.format_exception(kind, value, trace))
        self.troubles.append(about + text)
        if not self.running:
            self.began = time.monotonic()
            self.report(str(test))

    def addError(self, test: Any, err: Any) -> None:
        self.trouble(test, err)

    def addFailure(self, test: Any, err: Any) -> None:
        self.trouble(test, err)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            self.trouble(test, err, f"{subtest._subDescription()}: ")

    def addSkip(self, test: Any, reason: str) -> None:
        self.skip_reason = reason
        if not self.running:
            self.report(str(test))


def run_part(module: str) -> bool:
    """Run one part in this process; the last line printed is its total."""
    sys.path[:0] = [str(TESTS), str(TESTS.parent)]
    suite = unittest.defaultTestLoader.loadTestsFromName(module)
    result = PartResult()
    suite.run(result)
    announce(f"{result.passed} passed, {result.failed} failed")
    return result.failed == 0


@dataclass
class Totals:
    """The totals of all parts."""

    passed: int = 0
    failed: int = 0
    failures: List[str] = field(default_factory=list)

    def fail(self, what: str) -> None:
        self.failed += 1
        self.failures.append(what)

    def add(self, other: "Totals") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.failures += other.failures


def stop_group(process: "subprocess.Popen[str]") -> None:
    """End a part and its children: first with SIGTERM, then with SIGKILL."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=3)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def watch_part(module: str, totals: Totals, say: Callable[[str], None]) -> None:
    """Run one part in its own process and add up the totals that it prints."""
    name = module.split("_", 1)[1]
    say(f"== {name}")
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, __file__, "--part", module],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        universal_newlines=True, errors="replace", start_new_session=True)
    limit = threading.Timer(LONG_PARTS.get(module, PART_LIMIT), stop_group, [process])
    limit.start()
    total = None
    try:
        assert process.stdout is not None
        for line in process.stdout:
            total = TOTAL.fullmatch(line) or total
            if TOTAL.fullmatch(line):
                break
            if line.startswith(FAILED):
                totals.failures.append(f"{name}: {line[len(FAILED):].rstrip()}")
            say(line.rstrip("\n"))
        process.wait()
    finally:
        limit.cancel()
        stop_group(process)
    took = time.monotonic() - began
    if total:
        totals.passed += int(total[1])
        totals.failed += int(total[2])
        say(f"== {name}: {total[1]} passed, {total[2]} failed ({took:.1f}s)")
    else:
        totals.fail(f"{name}: ended without a total after {took:.1f}s")
        say(f"== {name}: ended without a total (status {process.returncode})")


def modules(everything: bool) -> List[str]:
    """All parts, quick ones first."""
    found = sorted(path.stem for path in TESTS.glob("test_*.py"))
    if everything:
        found += sorted(path.stem for path in TESTS.glob("slow_*.py"))
    return found


def choose(names: List[str], everything: bool) -> List[str]:
    """The modules of the parts called `names`, or all of them."""
    if not names:
        return modules(everything)
    by_name = {module.split("_", 1)[1]: module for module in modules(True)}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise SystemExit(f"check: no part {unknown[0]}; there are: {' '.join(by_name)}")
    return [by_name[name] for name in names]


def is_apart(module: str) -> bool:
    return APART.search((TESTS / f"{module}.py").read_text()) is not None


def run_apart(chosen: List[str], totals: Totals) -> None:
    """Run parts beside others: what each prints stays together."""
    for module in chosen:
        lines: List[str] = []
        watch_part(module, totals, lines.append)
        announce("\n".join(lines))


def run_parts(chosen: List[str]) -> Totals:
    totals, beside = Totals(), Totals()
    began = time.monotonic()
    apart = [module for module in chosen if is_apart(module)]
    lane = threading.Thread(target=run_apart, args=(apart, beside), daemon=True)
    try:
        lane.start()
        for module in chosen:
            if module not in apart:
                watch_part(module, totals, announce)
        lane.join()
    except KeyboardInterrupt:
        totals.fail("interrupted")
    totals.add(beside)
    announce(f"== all parts: {time.monotonic() - began:.0f}s")
    for failure in totals.failures:
        announce(f"failed: {failure}")
    announce(f"{totals.passed} passed, {totals.failed} failed")
    return totals


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the project's own checks.")
    parser.add_argument("--all", action="store_true", help="the slow parts too")
    parser.add_argument("--list", action="store_true", help="name the parts and stop")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="PART")
    options = parser.parse_args()
    if options.part:
        return 0 if run_part(options.part) else 1
    chosen = choose(options.names, options.all)
    if options.list:
        print("\n".join(module.split("_", 1)[1] for module in chosen))
        return 0
    return 0 if run_parts(chosen).failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
