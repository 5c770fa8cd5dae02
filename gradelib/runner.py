"""Running tests in parallel; results come in the report's order."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from typing import Deque, Dict, Iterator, List, Optional, Sequence

from gradelib.diagnosis import blame
from gradelib.explain import advise, explain, explain_crash
from gradelib.keep import evidence
from gradelib.machine import Abandoned, MachineGone
from gradelib.outcome import (Failed, GraderError, Interrupted, Outcome,
                              Result)
from gradelib.testcase import Test
from gradelib.vm import Bench, Run, Vm
from gradelib.watch import Ending, Stop

Chain = List[Test]

# Seconds that a thread may hold Python's lock while others wait: while one
# evaluates what it has read, the machine of another must not wait.
SWITCH = 0.0005


def chains(tests: Sequence[Test]) -> List[Chain]:
    """The tests grouped by machine, the largest groups first. Grouping depends
    only on the tests, so that a second run gives the same results."""
    found: Dict[str, Chain] = {}
    for test in tests:
        found.setdefault(test.machine or f"of {test.name}", []).append(test)
    for chain in found.values():
        chain.sort(key=lambda test: test.turn)
    return sorted(found.values(), key=len, reverse=True)


def attempt(vm: Vm, test: Test) -> Result:
    """Runs one test."""
    started = time.monotonic()
    result = Result(test.name, Outcome.PASS, test.points, test.points)
    try:
        try:
            test.function(vm)
        except Failed as failure:
            _blame(result, test, failure, vm, vm.runs[-1] if vm.runs else None)
        except Abandoned as gone:
            _blame(result, test, Failed(str(gone)), vm, None)
            result.outcome = Outcome.CRASHED
    except MachineGone as gone:
        result.outcome = Outcome.ERROR
        result.text = [f"QEMU ended by itself: {gone}"]
    except (GraderError, OSError) as error:
        result.outcome = Outcome.ERROR
        result.text = [str(error)]
    except Interrupted:
        raise
    except Exception as error:
        result.outcome = Outcome.ERROR
        result.text = explain_crash(error)
    if not result.passed:
        result.points = 0
        result.console = vm.console
    result.seconds = time.monotonic() - started
    return result


def _blame(result: Result, test: Test, failure: Failed, vm: Vm,
           run: Optional[Run]) -> None:
    """Enters into `result` why `test` failed, in `run` if that is known."""
    ending = Ending(Stop.PROMPT)
    if run is not None and not run.wanted:
        ending = run.ending
    result.outcome = ending.blame()
    if ending.todo is not None:
        result.exercise = ending.todo.text
    if vm.shared:
        return  # it will be run again
    case = run.case if run is not None and not run.over else None
    result.blamed = blame(test, failure, case)
    result.text = explain(test, failure, ending, case)
    result.evidence = len(result.text)
    if ending.todo is None:
        result.text += advise(test, result.blamed, "\n".join(result.text))
    result.files = evidence(case, test, vm.bench.lab, vm.bench.seed)


class Runner:
    """Runs the tests of one lab."""

    def __init__(self, bench: Bench, tests: Sequence[Test],
                 jobs: int) -> None:
        self._bench = bench
        self._tests = {test.name: test for test in tests}
        self._waiting: Deque[Chain] = deque(chains(tests))
        self._jobs = min(jobs, len(self._waiting))
        self._results: Dict[str, Result] = {}
        self._news = threading.Condition()
        self._crash: Optional[BaseException] = None
        self._resets = False  # a machine was reset before

    def run(self) -> Iterator[Result]:
        """Yields the results in test order."""
        sys.setswitchinterval(SWITCH)
        workers = [threading.Thread(target=self._work)
                   for _ in range(self._jobs)]
        for worker in workers:
            worker.start()
        try:
            yield from self._in_order()
        finally:
            # When ended early (by ctrl-C), workers find their machines gone.
            with self._news:
                self._waiting.clear()
            if any(worker.is_alive() for worker in workers):
                self._bench.fleet.stop()
            for worker in workers:
                worker.join()

    def _in_order(self) -> Iterator[Result]:
        passed: Dict[str, bool] = {}
        for name, test in self._tests.items():
            with self._news:
                while name not in self._results and self._crash is None:
                    self._news.wait()
                if self._crash is not None:
                    raise self._crash
                result = self._results[name]
            missing = [need for need in test.needs
                       if not passed.get(need, True)]
            if missing:
                result = _skipped(test, missing[0])
            passed[name] = result.passed
            yield result

    def _work(self) -> None:
        """The loop of each thread."""
        vm = Vm(self._bench)
        try:
            while True:
                with self._news:
                    if not self._waiting or self._crash is not None:
                        return
                    chain = self._waiting.popleft()
                self._run_chain(vm, chain)
                vm.close()
        except BaseException as error:
            with self._news:
                self._crash = self._crash or error
                self._news.notify()
        finally:
            vm.close()

    def _run_chain(self, vm: Vm, chain: Chain) -> None:
        """Runs tests that share a machine. A test that fails there is run
        again in a machine of its own. So are the tests after it, unless the
        test before left its machine usable at the monitor."""
        alone = len(chain) == 1
        for test in chain:
            result = self._try(vm, test, alone, alone and self._resets, alone)
            # Where one test ends in a reset, others will: log them at once.
            self._resets = self._resets or _was_reset(vm)
            if not result.passed and vm.shared:
                alone = True
                result = self._try(vm, test, alone, self._resets)
            if _was_reset(vm) and not vm.log:
                result = self._with_log(vm, test, result)
            with self._news:
                self._results[test.name] = result
                self._news.notify()

    def _with_log(self, vm: Vm, test: Test, result: Result) -> Result:
        """Runs `test` again after a reset, with a log that shows why. The new
        result counts unless it is a different one."""
        again = self._try(vm, test, True, True)
        if not _was_reset(vm) or again.outcome is not result.outcome:
            return result
        again.seconds += result.seconds
        return again

    def _try(self, vm: Vm, test: Test, alone: bool, log: bool = False,
             again: bool = False) -> Result:
        """Runs `test`, unless it is known that it will be skipped. With
        `again`, a failed boot of the test before may count for it."""
        vm.begin(test.name, alone, log, again)
        with self._news:
            for need in test.needs:
                if need in self._results and not self._results[need].passed:
                    return _skipped(test, need)
        result = attempt(vm, test)
        if log and result.outcome is Outcome.ERROR:
            return self._try(vm, test, alone)  # this QEMU may not log so
        return result


def _was_reset(vm: Vm) -> bool:
    """Whether the test's last run ended in a reset."""
    return bool(vm.runs) and vm.runs[-1].ending.stop is Stop.RESET


def _skipped(test: Test, need: str) -> Result:
    """The result of a test that needs another test, which failed."""
    return Result(test.name, Outcome.SKIPPED, 0, test.points,
                  text=[f"needs {need}, which did not pass"])
