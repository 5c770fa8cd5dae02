"""Updates that move exercises to other files, and the student's answers."""

from __future__ import annotations

import json
import shutil
import sys
import unittest
from pathlib import Path
from typing import Dict

from support import TOP, make, tail
from support import run as run_any
from toolkit import Scratch, call

import carry
import exercises
import releases
import update
from carry import Carried, Carrier, Move, Moves

# Works in copies of the tree, so that it may run beside other parts.
APART = True

HEAD = "// About.\n\n#include <inc/a.h>\n"
ONE = "\n// What one does.\nint\none(int x)\n{\n%s}\n"
TODO = '\t// Exercise lab2.one: your code here.\n\tTODO("lab2.one");\n'
GIVEN = "\nint\ngiven(void)\n{\n\treturn one(1);\n}\n"


class Releases(Scratch):
    """Students' trees of every earlier release whose files were others, with
    all exercises solved, brought to this one."""

    def tree(self, commit: str, kind: str) -> Path:
        """The part of a student's tree of a release that an update reads."""
        top = self.dir.resolve() / commit
        for folder in ("tree", kind):
            for name, data in releases.load()[commit][folder].items():
                (top / name).parent.mkdir(parents=True, exist_ok=True)
                (top / name).write_bytes(data)
        return top

    def update(self, top: Path) -> str:
        """The output of this release's tool; nothing is left to be merged."""
        status, out, err = call(lambda argv: update.main(argv, top), TOP)
        self.assertEqual((status, err), (0, ""))
        self.nothing_left(top)
        return out

    def nothing_left(self, top: Path) -> None:
        """No FILE.new, no FILE.mine."""
        for kind in ("*.new", "*.mine"):
            self.assertEqual(list(top.rglob(kind)), [])

    def answers(self, top: Path) -> Dict[str, str]:
        """The files with exercises, and the older ones that had some."""
        names = set(exercises.files_of(exercises.load_exercises(top)))
        names |= {move.file for move in Moves.load(top).moves}
        return {name: (top / name).read_text() for name in sorted(names)}

    def test_full_marks(self) -> None:
        """They build, with no warning, and get full marks in their labs."""
        if not shutil.which("qemu-system-i386"):
            self.skipTest("QEMU is not installed")
        for commit in releases.load():
            with self.subTest(commit):
                top = self.tree(commit, "solved")
                listed = exercises.load_exercises(top)
                self.update(top)
                done = make("image", "WERROR=1", cwd=top)
                self.assertEqual(done.returncode, 0, tail(done.stdout))
                for lab in sorted({one.lab for one in listed}):
                    done = run_any(sys.executable, f"grade-lab{lab}", cwd=top)
                    self.assertRegex(done.stdout, r"Score: (\d+)/\1\n\Z")

    def test_old_tool(self) -> None:
        """Their own tool installs the release, and make carries the answers
        over: the resulting files are the same."""
        for commit in releases.load():
            with self.subTest(commit):
                top = self.tree(commit, "solved")
                self.update(top)
                wanted = self.answers(top)
                self.assertNotIn("TODO(\"lab2", "".join(wanted.values()))
                shutil.rmtree(top)
                top = self.tree(commit, "solved")
                done = run_any(sys.executable, "tools/update.py", str(TOP), cwd=top)
                self.assertEqual(done.returncode, 0, done.stdout)
                done = make("todo", cwd=top)
                self.assertEqual(done.returncode, 0, done.stdout)
                self.assertIn("lib/octal.c has your printfmt_octal from "
                              "lib/printfmt.c now", done.stdout)
                self.assertEqual(self.answers(top), wanted)
                self.nothing_left(top)

    def test_nothing_done(self) -> None:
        """Where nothing was solved, the release's files are there."""
        for commit in releases.load():
            with self.subTest(commit):
                top = self.tree(commit, "handed")
                self.assertNotIn(" your ", self.update(top))
                for text in self.answers(top).values():
                    self.assertNotRegex(text, r"print_octal|^trap_kernel\(")
                again = call(lambda argv, top=top: update.main(argv, top), TOP)
                self.assertIn("nothing to do", again[1])

    def test_digests(self) -> None:
        """labs/moves.json has digests of everything given in those releases."""
        self.assertEqual(sorted(Moves.load(TOP).given), releases.given_digests())


class Carrying(unittest.TestCase):
    """One exercise, lab2.one, that was in kern/old.c and is in kern/new.c."""

    def carry(self, text: str, new: str = HEAD + ONE % TODO, before: str = "",
              begun: bool = False) -> Carried:
        listed = [exercises.Exercise("lab2.one", 2, "kern/new.c", "One")]
        moves = Moves([Move("lab2.one", "kern/old.c", before=before)])
        moves.given = carry.given_of("kern/old.c", HEAD + ONE % TODO + GIVEN, moves)
        return Carrier(moves, listed, {"kern/old.c": text}, {"kern/new.c": new},
                       ["kern/new.c"] if begun else []).carry()

    def carried(self, text: str, new: str = HEAD + ONE % TODO) -> str:
        """The new file; all of the old one was carried into it."""
        result = self.carry(text, new)
        self.assertEqual((result.left, result.stuck, result.unreadable),
                         ({}, [], set()))
        return result.texts["kern/new.c"]

    def test_body(self) -> None:
        """The body is carried unchanged, including braces in quotes."""
        body = ("\t// a } here\n\tif (x == '{') {\n\t\tputs(\"}\\\"{\");\n\t}\n"
                "\t/* { */\n\treturn x;\n")
        self.assertEqual(self.carried(HEAD + ONE % body + GIVEN),
                         HEAD + ONE % body)
        self.assertEqual(list(self.carry(HEAD + ONE % body).report()),
                         ["kern/new.c has your one from kern/old.c now"])

    def test_not_done(self) -> None:
        """An exercise that is not done stays as in the release."""
        text = HEAD + ONE % TODO + GIVEN
        self.assertEqual(self.carried(text), HEAD + ONE % TODO)
        self.assertEqual(list(self.carry(text).report()), [])

    def test_helpers(self) -> None:
        """Functions, variables, macros and headers that the body uses are
        carried, and what these use; others are reported."""
        extra = ("\n#include <inc/own.h>\n\n#define TWICE(x) ((x) + base)\n\n"
                 "static int base = 1;\n\n// Mine.\nstatic int\n"
                 "helper(int x)\n{\n\treturn TWICE(x);\n}\n")
        body = "\treturn helper(x);\n"
        new = self.carried(HEAD + extra + ONE % body + GIVEN)
        self.assertEqual(new, HEAD.rstrip("\n") + "\n" + extra[1:] + ONE % body)
        more = "\nint\nunused(void)\n{\n\treturn 0;\n}\n"
        result = self.carry(HEAD + extra + more + ONE % body)
        self.assertEqual(result.left, {"kern/old.c": ["unused()"]})

    def test_own_changes(self) -> None:
        """A changed given function, and changed comments, are reported."""
        text = (HEAD + ONE.replace("does", "did") % "\treturn 2;\n"
                + GIVEN.replace("one(1)", "one(2)") + "\n// My plan.\n")
        self.assertEqual(self.carry(text).left["kern/old.c"], [
            "the comment above one()", "given()", "// My plan."])

    def test_other_arguments(self) -> None:
        """A function with other arguments gets an old body only if the release
        says how."""
        text = HEAD + ONE % "\treturn x;\n" + GIVEN
        new = (HEAD + ONE % TODO).replace("int x", "void")
        self.assertEqual(self.carry(text, new).stuck[0][:2],
                         ("lab2.one", "kern/old.c"))
        result = self.carry(text, new, before="int x = 1;")
        self.assertIn("one(void)\n{\n\tint x = 1;\n\treturn x;\n}",
                      result.texts["kern/new.c"])

    def test_begun(self) -> None:
        """The student's work in the new file stays."""
        new = HEAD + ONE % "\treturn 5;\n"
        result = self.carry(HEAD + ONE % "\treturn 2;\n", new, begun=True)
        self.assertEqual(result.texts["kern/new.c"], new)
        self.assertEqual(result.left, {"kern/old.c": ["one()"]})

    def test_unreadable(self) -> None:
        """A file that is not C is reported, and nothing is taken from it."""
        for text in ("int\none(int x)\n{\n", "}\n", HEAD + "my one\n"):
            result = self.carry(text)
            self.assertEqual(result.unreadable, {"kern/old.c"}, text)
            self.assertEqual(result.texts["kern/new.c"], HEAD + ONE % TODO)

    def test_any_text(self) -> None:
        """Splitting a file loses nothing, for every C file of this tree."""
        for path in sorted(TOP.glob("[kl]*/*.c")):
            text = path.read_text()
            parts = "".join(item.text for item in carry.items_of(text))
            self.assertEqual("".join(parts.split()), "".join(text.split()), path)


class Lists(unittest.TestCase):
    def test_refused(self) -> None:
        """An invalid list of moves is refused."""
        with self.subTest("names"):
            good = json.loads((TOP / carry.MOVES).read_text())
            self.assertTrue(good["moved"])
        top = Scratch()
        top.setUp()
        self.addCleanup(top.doCleanups)
        path = top.dir / carry.MOVES
        path.parent.mkdir()
        for text in ("", "[]", "{}", '{"moved": [{"id": "x"}], "functions": {}, '
                     '"given": ""}', '{"moved": [{"id": "x", "file": "../x"}], '
                     '"functions": {}, "given": ""}'):
            path.write_text(text)
            with self.assertRaises(exercises.TreeError):
                Moves.load(top.dir)


if __name__ == "__main__":
    unittest.main()
