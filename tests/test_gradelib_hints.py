"""The exercise that is blamed, and the hint that is given."""

import io
import json
import unittest
from typing import List

from fakecase import CODE, Ram, case, kernel, registers
from support import TOP

from gradelib.console import Notice
from gradelib.diagnosis import blame, exercise_files, function_names
from gradelib.explain import differences
from gradelib.hints import RULES, hint
from gradelib.layout import KERNBASE
from gradelib.outcome import Failed, Outcome, Result
from gradelib.report import Report
from gradelib.testcase import exercise
from gradelib.vm import Vm
from gradelib.watch import Stop

EVIDENCE = TOP / "tests/data/evidence.json"
STACK = KERNBASE + 0x200000
CHECKED = KERNBASE + 0x210000  # where check_exercise points


@exercise("lab3.env_run", "lab3.env_create", points=1)
def one_test(vm: Vm) -> None:
    """Something."""


class BlameTest(unittest.TestCase):
    def test_test(self) -> None:
        """A run that ended normally: the test's first exercise, unless the test
        names another."""
        ended = case(Ram(), registers(), Stop.PROMPT)
        self.assertEqual(blame(one_test, Failed("x"), ended), "lab3.env_run")
        self.assertEqual(blame(one_test, Failed("x"), None), "lab3.env_run")
        said = Failed("x", exercise="lab2.page_init")
        self.assertEqual(blame(one_test, said, ended), "lab2.page_init")

    def crash(self, checking: bytes = b"", innermost: str = "memcpy",
              file: str = "lib/string.c") -> str:
        """The exercise blamed for a crash in memcpy or another function,
        called by load_icode, while the kernel was checking something."""
        ram, elf = Ram(), kernel()
        start, end, _ = elf.functions.pop("memcpy")
        elf.functions[innermost] = start, end, file
        elf.name("check_exercise", CODE + 0x13000)
        ram.put(STACK, STACK + 0x20, CODE + 0x150)
        ram.put(STACK + 0x20, 0, CODE + 0x250)
        if checking:
            ram.put(CODE + 0x13000, CHECKED)
            at = CHECKED % KERNBASE
            ram.data[at:at + len(checking) + 1] = checking + b"\0"
        seen = registers(EIP=CODE + 0x10, EBP=STACK, ESP=STACK - 8)
        return blame(one_test, Failed("x"), case(ram, seen, elf=elf))

    def test_stack(self) -> None:
        """A crash: the innermost function that is an exercise."""
        self.assertEqual(self.crash(), "lab3.load_icode")

    def test_lab(self) -> None:
        """A crash in an earlier lab's exercise that passed its tests: the
        caller with bad arguments."""
        self.assertEqual(self.crash(b"", "page_insert", "kern/pmap.c"),
                         "lab3.load_icode")

    def test_checking(self) -> None:
        """A crash while the kernel checked an exercise: that one. Garbage in
        its place is nothing."""
        self.assertEqual(self.crash(b"lab2.page_alloc"), "lab2.page_alloc")
        self.assertEqual(self.crash(b"lab2.nonsense"), "lab3.load_icode")
        self.assertEqual(self.crash(b"\xff\xfe"), "lab3.load_icode")

    def test_panic(self) -> None:
        """A panic of the kernel without other evidence: the test's exercise."""
        ended = case(Ram(), registers(), Stop.PROMPT, Notice("no", "kern/x.c", 1))
        self.assertEqual(blame(one_test, Failed("x"), ended), "lab3.env_run")

    def test_files(self) -> None:
        """Every exercise has its file."""
        for name, file in exercise_files().items():
            self.assertTrue((TOP / file).is_file(), name)

    def test_functions(self) -> None:
        """Every exercise in C is the function that a crash there names."""
        for name, file in exercise_files().items():
            if file.endswith(".c"):
                self.assertRegex((TOP / file).read_text(),
                                 rf"(?m)^{function_names()[name]}\(")


class HintTest(unittest.TestCase):
    def test_each_exercise(self) -> None:
        """Every exercise has rules; its last, and only that, is for any
        evidence; no rule is for anything else."""
        known = list(exercise_files())
        self.assertEqual(sorted({rule.exercise for rule in RULES}), sorted(known))
        for name in known:
            patterns = [rule.pattern for rule in RULES if rule.exercise == name]
            self.assertEqual([bool(pattern) for pattern in patterns],
                             [True] * (len(patterns) - 1) + [False], name)

    def test_no_code(self) -> None:
        """A hint is a short sentence with no code in it."""
        for rule in RULES:
            self.assertNotRegex(rule.hint, r"[{}]|;\S|->|==|\|\||&&|\+\+|\w\(", rule)
            self.assertLess(len(rule.hint), 200, rule)

    def test_evidence(self) -> None:
        """Each rule gives its hint for a report that was recorded when a wrong
        answer was graded."""
        recorded = json.loads(EVIDENCE.read_text())
        for rule in filter(lambda rule: rule.pattern, RULES):
            reports = recorded.get(rule.hint, [])
            self.assertTrue(reports, f"no report for {rule}")
            for report in reports:
                self.assertEqual(hint(rule.exercise, report), rule.hint, report)

    def test_none(self) -> None:
        """Only exercises have hints."""
        self.assertEqual(hint("lab9.nothing", "anything"), "")


class MarkTest(unittest.TestCase):
    def test_marks(self) -> None:
        """Wrong, extra and missing lines are marked."""
        for expected, seen, marks in (
                ("is 15254 octal", "is 015254 octal", "   ^"),
                ("trap 14, err 6", "trap 14, err 7", "             ^"),
                ("eax 00000001", "eax 0000000", "           ^"),
                ("same", "same", ""), ("", "seen", ""), ("wanted", "", ""),
                ("hello, world", "K> panic 12", "")):
            self.assertEqual(differences(expected, seen), marks, seen)


class OnceTest(unittest.TestCase):
    def shown(self, *tests: List[str], verbose: bool = False) -> str:
        out = io.StringIO()
        report = Report(out, False, verbose)
        for number, evidence in enumerate(tests):
            report.result(Result(f"t{number}", Outcome.CRASHED, 0, 1,
                                 text=[*evidence, "rule: r"],
                                 evidence=len(evidence)), "")
        return out.getvalue()

    def test_long(self) -> None:
        """A long explanation is printed once; what to do about it, each time."""
        story = ["boom", "here", "there", "everywhere"]
        said = self.shown(story, story)
        self.assertEqual(said.count("everywhere"), 1)
        self.assertIn("    boom\n    the same as in t0\n    rule: r\n", said)
        self.assertEqual(self.shown(story, story, verbose=True)
                         .count("everywhere"), 2)

    def test_short(self) -> None:
        """A short explanation, or a different one, is printed in full."""
        self.assertNotIn("same", self.shown(["boom"], ["boom"]))
        long = ["boom", "here", "there", "everywhere"]
        self.assertNotIn("same", self.shown(long, [*long, "again"]))


if __name__ == "__main__":
    unittest.main()
