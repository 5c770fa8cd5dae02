#!/usr/bin/env python3
"""Runs the answer corpus: grades right and wrong answers to the exercises.

    tools/answers.py [--jobs N] [--seed N] [WORD ...]

A word chooses answers by lab (2 or lab2), exercise (page_insert), file or its
name without suffix (page_insert-frees). Without words all are run. The matrix
of answers and tests is printed, and for a whole lab also written to its
answers/MATRIX.md. tools/corpus.py says what the files look like.

A wrong answer must fail each test that it names; a right one must get full
marks. Exit status: 0, 1 when an answer does not do what it must, 2 when the
corpus could not be run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Deque, Dict, Iterable, List, Optional, Sequence, Tuple

# Python does not search this folder by itself when PYTHONSAFEPATH is set.
sys.path.insert(0, str(Path(__file__).resolve().parent))

import markers
from corpus import (RIGHT, WRONG, Answer, CorpusError, choose, read_corpus,
                    read_regions)
from fileio import run_tool

# The graders' results and the letters that the matrix shows for them. Only the
# first three mean that a test caught something.
LETTERS = {"wrong": "w", "crashed": "c", "hung": "h", "skipped": "s",
           "not_attempted": "n", "error": "e", "pass": "."}
KILLS = ("wrong", "crashed", "hung")
# The share of wrong answers that must be blamed on the right exercise.
BLAMED = 0.9
# Seconds; a grader ends long before that, whatever the kernel does.
PATIENCE = 600


class NotGraded(Exception):
    """An answer cannot be tried; the text says why."""


@dataclass
class Verdict:
    """The outcome for an answer, or for the unchanged tree."""

    name: str
    kind: str
    outcomes: Dict[str, str] = field(default_factory=dict)
    named: Sequence[str] = ()
    faults: List[str] = field(default_factory=list)
    blamed: str = ""  # the exercise that the report names first
    seconds: float = 0.0

    def cells(self, tests: Iterable[str]) -> str:
        """A letter for each test, upper case where the header names it."""
        letters = [(test, LETTERS.get(self.outcomes.get(test, ""), "?"))
                   for test in tests]
        return "".join(letter.upper() if test in self.named else letter
                       for test, letter in letters)


# --------------------------------------------------------------
# Grading one
# --------------------------------------------------------------


def environment() -> Dict[str, str]:
    """Our environment without the variables of an outer make. PYTHON is set,
    so that make does not search for it."""
    ours = {name: value for name, value in os.environ.items()
            if name not in ("OBJDIR", "LAB", "WERROR")
            and not name.startswith(("MAKE", "MFLAGS", "GNUMAKE"))}
    return {**ours, "PYTHON": sys.executable}


def end(process: "subprocess.Popen[str]") -> None:
    """Ends a command and all processes that it has started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)


class WorkTree:
    """A copy of the tree in which answers are built, one after the other."""

    def __init__(self, top: Path, place: Path) -> None:
        self.place = place
        self.stopped = False
        self._sources: Dict[str, str] = {}
        self._process: Optional["subprocess.Popen[str]"] = None
        self._graders: Optional["subprocess.Popen[str]"] = None
        for name in markers.tree_files(top):
            if "answers" not in Path(name).parts:
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(str(top / name), str(place / name))

    def _start(self, *words: str, stdin: int,
               stderr: Optional[int] = None) -> "subprocess.Popen[str]":
        """Starts a command in the tree, in its own process group."""
        if self.stopped:
            raise NotGraded("interrupted")
        return subprocess.Popen(
            words, cwd=self.place, env=environment(), stdin=stdin,
            stdout=subprocess.PIPE, stderr=stderr, universal_newlines=True,
            errors="replace", start_new_session=True)

    def _run(self, *words: str) -> Tuple[int, str]:
        """The exit status and the output of a command."""
        self._process = self._start(*words, stdin=subprocess.DEVNULL,
                                    stderr=subprocess.STDOUT)
        with self._process as process:
            try:
                said, _ = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                end(process)
                raise NotGraded(f"{words[0]} took longer than {PATIENCE} "
                                "s") from None
        return process.returncode, said

    def _ask(self, *words: str) -> str:
        """What a grader prints."""
        if self._graders is None:
            self._graders = self._start(
                sys.executable, str(Path(__file__).with_name("prefork.py")),
                stdin=subprocess.PIPE)
        graders = self._graders
        assert graders.stdin is not None and graders.stdout is not None
        graders.stdin.write(json.dumps(words) + "\n")
        graders.stdin.flush()
        ready, _, _ = select.select([graders.stdout], [], [], PATIENCE)
        answer = graders.stdout.readline() if ready else ""
        if not answer:
            self.stop(False)
            raise NotGraded(f"{words[0]} took longer than {PATIENCE} s, or "
                            "was ended")
        return str(json.loads(answer))

    def stop(self, for_good: bool = True) -> None:
        """Ends all running commands. With `for_good`, the tree cannot be used
        again."""
        self.stopped = self.stopped or for_good
        if self._process is not None:
            end(self._process)
        graders, self._graders = self._graders, None
        if graders is not None:
            end(graders)
            with graders:  # which closes its input and waits for it
                pass

    def restore(self) -> None:
        """Removes the last answer."""
        for name, text in self._sources.items():
            (self.place / name).write_text(text, encoding="utf-8")
        self._sources.clear()

    def put(self, region: markers.Region, text: List[str]) -> None:
        """Replaces the contents of `region` by `text`; all else is restored."""
        path = self.place / region.path
        if region.path not in self._sources:
            self.restore()
            self._sources[region.path] = path.read_text(encoding="utf-8")
        lines = self._sources[region.path].split("\n")
        lines[region.first:region.last - 1] = text
        path.write_text("\n".join(lines), encoding="utf-8")

    def build(self) -> List[str]:
        """make's complaints about the sources, none when it built them."""
        status, output = self._run("make", "-s", "image")
        if status == 0:
            return []
        said = [line for line in output.splitlines()
                if line.strip() and not line.startswith("+ ")]
        return ["it does not compile", *said[:12]]

    def grade(self, lab: int, seed: int, jobs: int) -> Dict[str, Any]:
        """The results of the lab's grader, run with `jobs` jobs."""
        results = self.place / "results.json"
        if results.exists():
            results.unlink()
        output = self._ask(f"./grade-lab{lab}", "--no-build", "-j", str(jobs),
                           "--seed", str(seed), "--results", str(results))
        try:
            data: Dict[str, Any] = json.loads(results.read_text())
        except (OSError, ValueError):
            said = output.strip().splitlines() or ["it said nothing"]
            raise NotGraded(f"cannot be graded: {said[-1]}") from None
        return data


def same_words(text: Iterable[str]) -> str:
    """Joins lines, so that it does not matter where a report breaks them."""
    return " ".join(" ".join(text).split())


def judge(answer: Answer, results: Dict[str, Any]) -> List[str]:
    """What is wrong with the results of an answer."""
    tests = {test["name"]: test for test in results["tests"]}
    faults = [f"{name}: grader error: {same_words(test['text'])}"
              for name, test in tests.items() if test["outcome"] == "error"]
    if answer.kind == RIGHT:
        return faults + [
            f"{name}: {test['outcome']}: {same_words(test['text'])}"
            for name, test in tests.items()
            if test["outcome"] not in ("pass", "error")]
    return faults + judge_wrong(answer, tests)


def judge_wrong(answer: Answer, tests: Dict[str, Any]) -> List[str]:
    """What is wrong with the results of a wrong answer."""
    unknown = [f"lab {answer.lab} has no test {name}"
               for name in answer.fails if name not in tests]
    if unknown:
        return unknown
    caught = [name for name, test in tests.items()
              if test["outcome"] in KILLS]
    named = [name for name in answer.fails if name in caught]
    faults = [f"survives {name}: {tests[name]['outcome']}"
              for name in answer.fails if name not in caught]
    if not named and caught:
        faults.append(f"what fails instead: {' '.join(caught)}")
    if named and not any(answer.id in tests[name]["exercises"]
                         for name in named):
        faults.append(f"no test that fails names {answer.id}")
    said = same_words(tests[answer.fails[0]]["text"])
    if answer.fails[0] in caught:
        faults += [f"the report of {answer.fails[0]} does not say {text!r}: "
                   f"{said}" for text in answer.says
                   if same_words([text]) not in said]
    return faults


def try_answer(tree: WorkTree, answer: Answer, region: markers.Region,
               seed: int, jobs: int) -> Verdict:
    """Builds and grades an answer."""
    verdict = Verdict(answer.name, answer.kind, named=answer.fails)
    started = time.monotonic()
    try:
        tree.put(region, answer.text)
        verdict.faults = tree.build()
        if not verdict.faults:
            # Its own seed, so that running this answer alone repeats this run.
            own = (zlib.crc32(answer.path.encode()) + seed) & 0xFFFFFFFF
            results = tree.grade(answer.lab, own, jobs)
            verdict.outcomes = {test["name"]: test["outcome"]
                                for test in results["tests"]}
            verdict.blamed = next((test["blamed"] for test in results["tests"]
                                   if test["outcome"] in KILLS), "")
            verdict.faults = judge(answer, results)
    except NotGraded as error:
        verdict.faults = [str(error)]
    verdict.seconds = time.monotonic() - started
    return verdict


# --------------------------------------------------------------
# Grading them all
# --------------------------------------------------------------


class Crew:
    """Workers that take answers from one queue; each has its own tree."""

    def __init__(self, top: Path, scratch: Path,
                 regions: Dict[str, markers.Region], seed: int) -> None:
        self.verdicts: Dict[str, Verdict] = {}  # by the answer's path
        self._top = top
        self._scratch = scratch
        self._regions = regions
        self._seed = seed
        self._waiting: Deque[Answer] = deque()
        self._trees: List[WorkTree] = []
        self._grader_jobs = 1
        self._lock = threading.Lock()
        self._trouble: List[Exception] = []

    def run(self, answers: Iterable[Answer], jobs: int) -> None:
        """Tries all `answers` and puts the verdicts in `self.verdicts`."""
        for answer in answers:
            if answer.faults:
                self._report(answer, Verdict(answer.name, answer.kind,
                                             faults=answer.faults))
            else:
                self._waiting.append(answer)
        jobs = min(jobs, len(self._waiting)) or 1
        # With few answers, processors are left for the graders.
        self._grader_jobs = max(processors() // jobs, 1)
        workers = [threading.Thread(target=self._work, args=(number,))
                   for number in range(jobs)]
        for worker in workers:
            worker.start()
        try:
            for worker in workers:
                worker.join()
        finally:
            with self._lock:
                self._waiting.clear()
                for tree in self._trees:
                    tree.stop()
            for worker in workers:
                worker.join()
        if self._trouble:
            raise self._trouble[0]

    def _work(self, number: int) -> None:
        """The main loop of a worker."""
        try:
            tree = WorkTree(self._top, self._scratch / f"tree{number}")
            with self._lock:
                self._trees.append(tree)
            broken = tree.build()
            if broken:
                raise CorpusError("; ".join(["the tree itself", *broken]))
            while True:
                with self._lock:
                    if not self._waiting or self._trouble:
                        return
                    answer = self._waiting.popleft()
                verdict = try_answer(tree, answer, self._regions[answer.id],
                                     self._seed, self._grader_jobs)
                if tree.stopped:
                    return
                self._report(answer, verdict)
        except Exception as error:
            with self._lock:
                self._trouble.append(error)

    def _report(self, answer: Answer, verdict: Verdict) -> None:
        """Prints the outcome of an answer as soon as it is known."""
        killed = [name for name in answer.fails
                  if verdict.outcomes.get(name) in KILLS]
        with self._lock:
            self.verdicts[answer.path] = verdict
            word = "FAIL" if verdict.faults else "ok"
            what = f": {' '.join(killed)}" if killed else ""
            print(f"   {word:5} {answer.path}{what} ({verdict.seconds:.1f}s)",
                  flush=True)
            for fault in verdict.faults:
                print(f"         {fault}", flush=True)


def matrix(verdicts: List[Verdict], tests: List[str]) -> List[str]:
    """The kill matrix as lines of text."""
    wide = max(len(verdict.name) for verdict in verdicts) + 2
    numbers = range(1, len(tests) + 1)
    lines = ["".join([" " * wide, *(str(number // 10) if number % 10 == 0
                                    else " " for number in numbers)]),
             "".join([" " * wide, *(str(number % 10) for number in numbers)])]
    for kind in (WRONG, RIGHT):
        rows = [verdict for verdict in verdicts if verdict.kind == kind]
        if rows:
            lines.append(kind)
        lines += [f"{row.name:{wide}}{row.cells(tests)}" for row in rows]
    return [line.rstrip() for line in lines if line.strip()]


def legend(verdicts: List[Verdict], tests: List[str]) -> List[str]:
    """The tests by number, and how many answers each caught."""
    lines = []
    for number, test in enumerate(tests, 1):
        caught = sum(verdict.kind == WRONG
                     and verdict.outcomes.get(test) in KILLS
                     for verdict in verdicts)
        lines.append(f"{number:3}  {caught:3}  {test}")
    return lines


def page(lab: int, verdicts: List[Verdict], tests: List[str]) -> str:
    """The text of a lab's MATRIX.md."""
    wrong = [verdict for verdict in verdicts if verdict.kind == WRONG]
    return "\n".join([
        f"# Lab {lab}: answers and the tests that catch them",
        "",
        f"Written by `make check-answers`: {len(wrong)} wrong answers and "
        f"{len(verdicts) - len(wrong)} right ones.",
        "A dot is a test that passes, another letter one that does not: "
        "wrong, crashed,",
        "hung, skipped, not attempted. A capital: the answer's header names "
        "the test.",
        "",
        "```",
        *matrix(verdicts, tests),
        "```",
        "",
        "The tests, each with the number of wrong answers that it catches:",
        "",
        "```",
        *legend(verdicts, tests),
        "```",
        ""])


def show_labs(top: Path, answers: List[Answer], verdicts: Dict[str, Verdict],
              write: bool) -> None:
    """Prints the matrix of each lab, and writes it if asked to."""
    for lab in sorted({answer.lab for answer in answers}):
        of_lab = [verdicts[answer.path] for answer in answers
                  if answer.lab == lab]
        tests: List[str] = next((list(verdict.outcomes) for verdict in of_lab
                                 if verdict.outcomes), [])
        print("\n".join(["", f"Lab {lab}", *matrix(of_lab, tests), "",
                         *legend(of_lab, tests)]))
        if write:
            (top / f"labs/lab{lab}/answers/MATRIX.md").write_text(
                page(lab, of_lab, tests), encoding="utf-8")


def total(answers: List[Answer], verdicts: Dict[str, Verdict]) -> List[str]:
    """The last lines: the answers that did not do what they must, and how
    many did."""
    lines = []
    for kind, fate in ((WRONG, "wrong answers caught"),
                       (RIGHT, "right answers with full marks")):
        found = [verdicts[answer.path] for answer in answers
                 if answer.kind == kind]
        good = sum(not verdict.faults for verdict in found)
        lines.append(f"{good} of {len(found)} {fate}")
    return [f"FAIL  {answer.path}: {verdicts[answer.path].faults[0]}"
            for answer in answers if verdicts[answer.path].faults] + lines


def blame(answers: List[Answer],
          verdicts: Dict[str, Verdict]) -> Tuple[List[str], bool]:
    """How many wrong answers the report blamed on the right exercise first,
    which it did not, and whether these are few enough."""
    wrong = [answer for answer in answers if answer.kind == WRONG]
    astray = [answer for answer in wrong
              if verdicts[answer.path].blamed != answer.id]
    lines = [f"blames {verdicts[answer.path].blamed or 'nothing'}: "
             f"{answer.path}" for answer in astray]
    right = len(wrong) - len(astray)
    return ([*lines, f"{right} of {len(wrong)} wrong answers blamed on the "
             "right exercise first"], right >= BLAMED * len(wrong))


def arguments(argv: List[str]) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser("answers.py", description="Run the "
                                     "answer corpus.", allow_abbrev=False)
    parser.add_argument("words", nargs="*", metavar="LAB|EXERCISE|ANSWER")
    parser.add_argument("-j", "--jobs", type=int, metavar="N",
                        default=processors(), help="try N at a time")
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="grade with other random numbers")
    return parser.parse_args(argv)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_corpus(top: Path, options: argparse.Namespace) -> int:
    """Runs what the options ask for; returns the exit status."""
    started = time.monotonic()
    regions = read_regions(top)
    everything = read_corpus(top, regions)
    answers = choose(everything, options.words, top)
    if not answers:
        raise CorpusError(f"no answers in {top / 'labs'}")
    with tempfile.TemporaryDirectory(prefix="jos-answers-") as scratch:
        crew = Crew(top, Path(scratch), regions, options.seed)
        crew.run(answers, max(options.jobs, 1))
    complete = all(re.fullmatch(r"(lab)?\d+", word) for word in options.words)
    show_labs(top, answers, crew.verdicts, complete)
    lines, well_blamed = blame(answers, crew.verdicts)
    took = f"{time.monotonic() - started:.0f} s"
    print("\n".join(["", *lines, *total(answers, crew.verdicts), took]))
    faults = any(verdict.faults for verdict in crew.verdicts.values())
    return int(faults or (complete and not well_blamed))


def main(argv: List[str]) -> int:
    """Runs the tool; returns the exit status."""

    def stop(number: int, frame: Optional[FrameType]) -> None:
        raise KeyboardInterrupt

    options = arguments(argv)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    top = Path(__file__).resolve().parent.parent
    try:
        return run_corpus(top, options)
    except KeyboardInterrupt:
        message = "interrupted"
    except (CorpusError, markers.MarkerError, OSError) as err:
        message = str(err)
    print(f"answers: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    run_tool(main)
