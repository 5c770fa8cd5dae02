"""The answer corpus, and the tool that runs it, tested on a small tree."""

from __future__ import annotations

import json
import os
import stat
import unittest
from collections import Counter
from pathlib import Path
from typing import ClassVar, Dict, List, Tuple

from toolkit import Scratch, call, run

import answers
import corpus
import markers

# Works in copies of the tree, so that it may run beside other parts.
APART = True

TOP = Path(__file__).resolve().parent.parent
AT = "@"  # so that this file has no markers of its own
SOURCE = f"""\
int
one(void)
{{
\t// {AT}solution lab1.one
\treturn 1;
\t// {AT}end lab1.one
}}

int
two(void)
{{
\t// {AT}solution lab1.two
\treturn 2;
\t// {AT}end lab1.two
}}
"""
OTHER = f"// {AT}solution lab1.three\nnop 3\n// {AT}stub // your code\n" \
        f"// {AT}end lab1.three\n"
# It "compiles" every file that does not contain SYNTAX.
MAKEFILE = """\
image:
\t@! grep -h -n SYNTAX kern/f.c
"""
# It reads the result of each of its tests from the sources.
GRADER = """\
#!/usr/bin/env python3
import json, re, sys
source = open("kern/f.c").read() + open("kern/g.S").read()
right = {"one": "return 1;", "two": "return 2;", "three": "nop 3"}
tests = []
for name, line in right.items():
    said = re.search(r"%s: (\\w+) ?(.*)" % name, source)
    blamed = re.search(r"%s: .* blames (\\w+)" % name, source)
    outcome = said[1] if said else "pass" if line in source else "wrong"
    tests.append({"name": "t_" + name, "outcome": outcome,
                  "exercises": ["lab1." + name],
                  "blamed": "lab1." + (blamed[1] if blamed else name),
                  "text": ["what is", "seen: " + (said[2] if said else "")]})
if "silent" not in source:
    with open(sys.argv[sys.argv.index("--results") + 1], "w") as file:
        json.dump({"tests": tests}, file)
print("the last line")
"""
NAMES = ("one", "two", "three")


class Tree(Scratch):
    """A tree with three exercises, and a make and a grader that take no time."""

    def setUp(self) -> None:
        super().setUp()
        self.top = self.dir / "tree"
        self.write("kern/f.c", SOURCE)
        self.write("kern/g.S", OTHER)
        self.write("GNUmakefile", MAKEFILE)
        self.write("grade-lab1", GRADER)
        (self.top / "grade-lab1").chmod(0o755)
        files = ("kern/f.c", "kern/f.c", "kern/g.S")
        self.write("labs/exercises.json", json.dumps(
            [{"id": f"lab1.{name}", "lab": 1, "file": file, "title": name}
             for name, file in zip(NAMES, files)]))
        run(["git", "init", "-q"], self.top)

    def write(self, name: str, text: str) -> None:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def wrong(self, name: str, text: str, fails: str,
              about: str = "A mistake.") -> None:
        self.write(f"labs/lab1/answers/wrong/{name}",
                   f"// {about}\n// fails: {fails}\n\n{text}\n")

    def right(self, name: str, text: str) -> None:
        self.write(f"labs/lab1/answers/right/{name}", f"// Also.\n{text}\n")

    def tried(self, *words: str) -> Tuple[int, str]:
        """The exit status of a run, and its output."""

        def main(argv: List[str]) -> int:
            return answers.run_corpus(self.top, answers.arguments(argv))

        status, out, _ = call(main, "--jobs", "2", *words)
        return status, out

    def assert_fault(self, said: str) -> None:
        """The only answer there is does not do what it must."""
        status, out = self.tried()
        self.assertIn(said, out)
        self.assertEqual(status, 1)


class Running(Tree):
    def test_all_good(self) -> None:
        """Wrong answers that are caught and right ones with full marks."""
        self.wrong("one-zero.c", "\treturn 0;", "t_one")
        self.wrong("two-crash.c", "\t// two: crashed", "t_two")
        self.wrong("three-hang.S", "// three: hung", "t_three")
        self.right("one-same.c", "\treturn 1; // or 2")
        status, out = self.tried()
        self.assertEqual(status, 0, out)
        self.assertIn("3 of 3 wrong answers caught\n1 of 1 right answers", out)

    def test_matrix(self) -> None:
        """A lab's matrix is written, and does not depend on the order."""
        self.wrong("one-zero.c", "\treturn 0;\t// two: hung", "t_one")
        self.wrong("three-x.S", "x", "t_three")
        self.right("two-same.c", "\treturn 2; ")
        for words in ((), ("--jobs", "1"), ("lab1",), ("1",)):
            self.assertEqual(self.tried(*words)[0], 0)
            page = self.top / "labs/lab1/answers/MATRIX.md"
            text = page.read_text()
            page.unlink()
            self.assertIn(
                "```\n          123\nwrong\none-zero  Wh.\nthree-x   ..W\n"
                "right\ntwo-same  ...\n```\n", text)
            self.assertIn("  1    1  t_one\n  2    1  t_two\n", text)
            self.assertIn("2 wrong answers and 1 right ones", text)

    def test_some(self) -> None:
        """Words choose answers; no matrix is written for some of a lab."""
        self.wrong("one-zero.c", "\treturn 0;", "t_one")
        self.wrong("one-two.c", "\treturn 2;", "t_one")
        self.wrong("two-zero.c", "\treturn 0;", "t_two")
        one = "labs/lab1/answers/wrong/one-zero.c"
        for words, number in ((("one",), 2), (("lab1.one",), 2),
                              (("one-zero", "two"), 2), ((one,), 1),
                              ((str(self.top / one),), 1)):
            status, out = self.tried(*words)
            self.assertEqual(status, 0)
            self.assertIn(f"{number} of {number} wrong", out)
        self.assertFalse((self.top / "labs/lab1/answers/MATRIX.md").exists())
        with self.assertRaisesRegex(corpus.CorpusError, "called three"):
            self.tried("three")

    def test_blamed(self) -> None:
        """For 9 of 10 wrong answers the report must name the right exercise
        first; the others are listed."""
        for number in range(9):
            self.wrong(f"one-{number}.c", f"\treturn {number + 10};", "t_one")
        self.wrong("two-x.c", "\t// two: wrong it blames one", "t_two")
        status, out = self.tried()
        self.assertEqual(status, 0, out)
        self.assertIn("blames lab1.one: labs/lab1/answers/wrong/two-x.c\n"
                      "9 of 10 wrong answers blamed on the right", out)
        self.wrong("two-y.c", "\t// two: hung it blames one", "t_two")
        self.assertEqual(self.tried()[0], 1)
        self.assertEqual(self.tried("two")[0], 0)

    def test_apart(self) -> None:
        """No answer affects the next one, or the tree itself."""
        for name in NAMES:
            suffix = "S" if name == "three" else "c"
            for number in range(3):
                self.wrong(f"{name}-{number}.{suffix}", f"x{number}",
                           f"t_{name}")
        for jobs in ("1", "3"):
            status, out = self.tried("--jobs", jobs)
            self.assertEqual(status, 0)
            self.assertRegex(out, r"one-2 +W\.\.\n")
            self.assertRegex(out, r"two-1 +\.W\.\n")
            self.assertRegex(out, r"three-0 +\.\.W\n")
        self.assertEqual((self.top / "kern/f.c").read_text(), SOURCE)
        self.assertEqual((self.top / "kern/g.S").read_text(), OTHER)
        self.assertFalse((self.top / "results.json").exists())

    def test_text(self) -> None:
        """An answer is put in its region exactly as it is in the file."""
        self.wrong("one-x.c", "\n\t// a\n\tx\n\n\ty", "t_one")
        regions = corpus.read_regions(self.top)
        answer = corpus.read_corpus(self.top, regions)[0]
        tree = answers.WorkTree(self.top, self.dir / "work")
        tree.put(regions["lab1.one"], answer.text)
        self.assertEqual(
            (self.dir / "work/kern/f.c").read_text(),
            SOURCE.replace("\treturn 1;", "\n\t// a\n\tx\n\n\ty"))
        self.assertTrue((self.dir / "work/grade-lab1").stat().st_mode
                        & stat.S_IXUSR)


class Faults(Tree):
    def test_survivor(self) -> None:
        """A wrong answer that passes a test that it names is reported."""
        self.wrong("one-two.c", "\treturn 1; // two: wrong", "t_two t_one")
        self.assert_fault("survives t_one: pass")
        self.assertIn("FAIL  labs/lab1/answers/wrong/one-two.c", self.tried()[1])

    def test_elsewhere(self) -> None:
        """The report names what catches a wrong answer that its tests miss."""
        self.wrong("one-two.c", "\treturn 1; // two: wrong", "t_one")
        self.assert_fault("what fails instead: t_two")

    def test_not_named(self) -> None:
        """At least one failing test must name the exercise."""
        self.wrong("one-two.c", "\treturn 1; // two: wrong", "t_two")
        self.assert_fault("no test that fails names lab1.one")

    def test_no_verdict(self) -> None:
        """A test that did not run to a verdict has not caught anything."""
        for outcome in ("skipped", "not_attempted", "error"):
            self.wrong("one-x.c", f"// one: {outcome}", "t_one")
            self.assert_fault(f"survives t_one: {outcome}")

    def test_says(self) -> None:
        """The first test's report must say what the header wants."""
        self.wrong("one-x.c", "// one: wrong too large", "t_one\n// says: is"
                   " seen: too large")
        self.assertEqual(self.tried()[0], 0)
        self.wrong("one-x.c", "// one: wrong too large", "t_one\n"
                   "// says: too small")
        self.assert_fault("the report of t_one does not say 'too small'")

    def test_right(self) -> None:
        """A right answer must pass everything."""
        self.right("one-x.c", "\treturn 1; // two: wrong short")
        self.assert_fault("t_two: wrong: what is seen: short")
        self.right("one-x.c", "\treturn 1; // two: error odd")
        self.assert_fault("t_two: grader error: what is seen: odd")

    def test_not_compiling(self) -> None:
        """No test catches an answer that does not compile."""
        self.wrong("one-x.c", "\tSYNTAX", "t_one")
        self.assert_fault("it does not compile\n         5:\tSYNTAX")

    def test_no_results(self) -> None:
        """A grader that gives no results is quoted."""
        self.wrong("one-x.c", "silent", "t_one")
        self.assert_fault("cannot be graded: the last line")

    def test_unknown_test(self) -> None:
        """A header may only name existing tests."""
        self.wrong("one-x.c", "x", "t_four")
        self.assert_fault("lab 1 has no test t_four")

    def test_headers(self) -> None:
        """Faults of a file are reported, and it is not run."""
        place = "labs/lab1/answers/"
        for name, text, said in (
                ("wrong/one-x.c", "x\n", "1 to 3 lines about"),
                ("wrong/one-x.c", "// a\n" * 4, "1 to 3 lines about"),
                ("wrong/one-x.c", "// a\nx\n", "needs `fails:`"),
                ("right/one-x.c", "// a\n// fails: t_one\n", "has none"),
                ("right/one-x.c", "// a\n// says: b\n", "has no `says:`"),
                ("wrong/four-x.c", "// a\n", "no exercise lab1.four"),
                ("wrong/three-x.c", "// a\n", "kern/g.S: another suffix"),
                ("wrong/one.c", "// a\n", "does not say what")):
            with self.subTest(said):
                self.write(place + name, text)
                self.assert_fault(said)
                (self.top / place / name).unlink()

    def test_cannot_run(self) -> None:
        """Without answers, or with a tree that does not build, none runs."""
        with self.assertRaisesRegex(corpus.CorpusError, "no answers in"):
            self.tried()
        self.wrong("one-x.c", "x", "t_one")
        self.write("kern/f.c", SOURCE + "SYNTAX\n")
        with self.assertRaisesRegex(corpus.CorpusError, "the tree itself"):
            self.tried()
        self.write("kern/f.c", SOURCE.replace(f"{AT}end lab1.two", ""))
        with self.assertRaisesRegex(corpus.CorpusError, "never closed"):
            self.tried()

    def test_nothing_left(self) -> None:
        """No temporary file is left, whatever happens."""
        self.wrong("one-x.c", "x", "t_one")
        here = self.dir / "tmp"
        here.mkdir()
        old = answers.tempfile.tempdir
        self.addCleanup(setattr, answers.tempfile, "tempdir", old)
        answers.tempfile.tempdir = str(here)
        self.tried()
        self.write("kern/f.c", SOURCE + "SYNTAX\n")
        with self.assertRaises(corpus.CorpusError):
            self.tried()
        self.assertEqual(os.listdir(here), [])


class Corpus(unittest.TestCase):
    """The answers of this tree; `make check-answers` tries them."""

    regions: ClassVar[Dict[str, markers.Region]]
    answers: ClassVar[List[corpus.Answer]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.regions = corpus.read_regions(TOP)
        cls.answers = corpus.read_corpus(TOP, cls.regions)

    def test_files(self) -> None:
        """Every file of the corpus is valid."""
        for answer in self.answers:
            self.assertEqual(answer.faults, [], answer.path)

    def test_numbers(self) -> None:
        """There are at least 70 wrong answers and 12 right ones to labs 1 to
        3, and 50 and 8 to lab 4."""
        kinds = Counter((answer.lab > 3, answer.kind)
                        for answer in self.answers)
        for late, wrong, right in ((False, 70, 12), (True, 50, 8)):
            self.assertGreaterEqual(kinds[late, corpus.WRONG], wrong)
            self.assertGreaterEqual(kinds[late, corpus.RIGHT], right)

    def test_spread(self) -> None:
        """Every exercise has at least 3 wrong answers."""
        counts = Counter(answer.id for answer in self.answers
                         if answer.kind == corpus.WRONG)
        few = [ident for ident in self.regions if counts[ident] < 3]
        self.assertEqual(few, [])

    def test_own(self) -> None:
        """No answer is the solution itself, or the same as another."""
        texts = Counter((answer.id, "".join("".join(answer.text).split()))
                        for answer in self.answers)
        texts.update((ident, "".join("".join(region.body).split()))
                     for ident, region in self.regions.items())
        self.assertEqual([key[0] for key, number in texts.items()
                          if number > 1], [])

    def test_sample(self) -> None:
        """For each exercise a wrong answer fails, and for each lab a right one
        gets full marks; in lab 4, whose tests take longest, for every sixth
        exercise. (All of them take some minutes: make check-answers.)"""
        chosen: Dict[str, str] = {}
        sample = [ident for number, ident in enumerate(self.regions)
                  if not ident.startswith("lab4.") or number % 6 == 0]
        for answer in self.answers:
            wrong = answer.kind == corpus.WRONG
            if wrong and answer.id not in sample:
                continue
            chosen.setdefault(answer.id if wrong else str(answer.lab),
                              answer.path)
        status, out, err = call(answers.main, *chosen.values())
        self.assertEqual(status, 0, out[-2000:] + err)

    def test_matrix(self) -> None:
        """Each lab's matrix has all its answers."""
        for lab in sorted({answer.lab for answer in self.answers}):
            page = TOP / f"labs/lab{lab}/answers/MATRIX.md"
            self.assertTrue(page.is_file(), f"{page}: make check-answers")
            text = markers.read_text(page)
            rows = [row.split(" ")[0] for row in text.split("\n")]
            names = [answer.name for answer in self.answers
                     if answer.lab == lab]
            self.assertEqual([name for name in names if name not in rows], [])


if __name__ == "__main__":
    unittest.main()
