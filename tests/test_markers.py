"""The marker lint, and the regions it gives to what renders a tree."""

from __future__ import annotations

import json
import re
import shutil
import unittest
from pathlib import Path
from typing import List, Tuple

from toolkit import Scratch, call, run

import markers

TOP = Path(__file__).resolve().parent.parent
AT = "@"  # so that this file has no markers of its own
GOOD = f"""\
int
f(void)
{{
\t// {AT}solution lab2.one
\treturn 1; /* me{AT}example.org */
\t// {AT}end lab2.one
}}
// {AT}staff lab2.one
// For instructors.
// {AT}end lab2.one
"""


class MarkersTest(Scratch):
    """The marker lint, and the regions that the renderer will use."""

    def parse(self, text: str, path: str = "kern/f.c") -> Tuple[
            List[markers.Region], List[str]]:
        parser = markers.Parser(["lab2.one", "lab2.two", "lab3.three"])
        regions = parser.parse(path, text.replace("%", AT))
        return regions, [str(problem) for problem in parser.problems]

    def region(self, text: str, path: str = "kern/f.c") -> markers.Region:
        """The only region of a text that has no problems."""
        regions, problems = self.parse(text, path)
        self.assertEqual(problems, [])
        self.assertEqual(len(regions), 1)
        return regions[0]

    def test_regions(self) -> None:
        """Regions have their lines, indent and text."""
        regions, problems = self.parse(GOOD)
        self.assertEqual(problems, [])
        first, second = regions
        self.assertEqual(
            (first.word, first.id, first.first, first.last, first.indent),
            ("solution", "lab2.one", 4, 6, "\t"))
        self.assertEqual(first.body, [GOOD.split("\n")[4]])
        self.assertEqual(first.stubs, [])
        self.assertEqual((second.word, second.first, second.last),
                         ("staff", 8, 10))

    def test_stubs(self) -> None:
        """Stub lines keep their text and its blanks; a bare one is none."""
        text = ("// %solution lab2.one\nx\n// %stub return 0;\n"
                "// %stub \t// more\n// %stub\n// %end lab2.one\n")
        region = self.region(text)
        self.assertEqual(region.stubs, ["return 0;", "\t// more", None])
        self.assertEqual(region.body, ["x"])

    def test_leaders(self) -> None:
        """Each kind of file has its own comments for markers."""
        for path, start, end in (
                ("a.c", "//", ""), ("a.h", "//", ""), ("a.S", "//", ""),
                ("GNUmakefile", "#", ""), ("x/a.mk", "#", ""),
                ("a.py", "#", ""), ("a.sh", "#", ""), ("a.ld", "/*", " */")):
            with self.subTest(path):
                region = self.region(
                    f"{start} %solution lab2.one{end}\nx\n"
                    f"{start} %stub y{end}\n{start} %end lab2.one{end}\n",
                    path)
                self.assertEqual((region.id, region.stubs),
                                 ("lab2.one", ["y"]))

    def check(self, said: str, text: str, path: str = "kern/f.c") -> None:
        """A text must have exactly one problem, with this text in it."""
        with self.subTest(said):
            _, problems = self.parse(text, path)
            self.assertEqual(len(problems), 1, problems)
            self.assertIn(said.replace("%", AT), problems[0])

    def test_regions_refused(self) -> None:
        """Regions that are not well formed are refused."""
        one = "// %solution lab2.one\nx\n"
        end = "// %end lab2.one\n"
        self.check("f.c:1: %solution lab2.one is never closed", one)
        self.check("f.c:3: %solution lab2.two inside %solution lab2.one, "
                   "open since line 1",
                   one + "// %solution lab2.two\n" + end)
        self.check("f.c:3: %staff lab2.one inside",
                   one + "// %staff lab2.one\n" + end)
        self.check("f.c:4: %solution lab2.one is there already, at "
                   "kern/f.c:1", one + end + one + end)
        self.check("no such exercise", "// %solution lab2.what\nx\n"
                   "// %end lab2.what\n")
        self.check("no such exercise", "// %staff lab2.what\n"
                   "// %end lab2.what\n")
        self.check("not an id", "// %solution Lab2\nx\n// %end Lab2\n")
        self.check("f.c:1: stray %end", end)
        self.check("f.c:4: stray %end", one + end + end)
        self.check("%end lab2.two closes %solution lab2.one of line 1",
                   one + "// %end lab2.two\n")
        self.check("%end  closes", one + "// %end\n")
        self.check("is empty", "// %solution lab2.one\n\n" + end)

    def test_stubs_refused(self) -> None:
        """Stubs in the wrong place are refused."""
        one = "// %solution lab2.one\nx\n"
        end = "// %end lab2.one\n"
        self.check("f.c:1: stray %stub", "// %stub x\n")
        self.check("f.c:4: text after %stub", one + "// %stub a\nb\n" + end)
        self.check("f.c:4: text after %stub", one + "// %stub\n\n" + end)
        self.check("%stub in a %staff region",
                   "// %staff lab2.one\n// %stub x\n" + end)
        self.check("needs %stub", one + end, "kern/f.S")

    def test_words_refused(self) -> None:
        """A marker word on any other kind of line is refused."""
        for line in ("x = 1; // %solution lab2.one", "/* %end lab2.one */",
                     "// see %staff here", "\"%stub\"",
                     "// %Solution lab2.one",
                     "// - %solution lab2.one", "//// %end lab2.one"):
            with self.subTest(line):
                self.check("is not a marker here", line)
        self.check("two markers", "// %stub a // %end lab2.one")
        self.check("%soluton is not a marker word", "// %soluton lab2.one")
        self.check("can have no markers", "# %solution lab2.one", "README.md")
        self.check("can have no markers", "# %end lab2.one", "grade-lab1")
        for line in ("a@b.c", "#define X %progbits", "// %ends", "%endian"):
            with self.subTest(line):
                self.assertEqual(self.parse(line)[1], [])

    def contents(self, text: str, path: str = "kern/f.c") -> List[str]:
        """The faults of the text around exercises."""
        regions, problems = self.parse(text, path)
        self.assertEqual(problems, [])
        return [str(problem) for problem in markers.check_contents(
            path, text.replace("%", AT), regions)]

    def test_exercises_only(self) -> None:
        """A file with exercises holds nothing else but includes, comments and
        a few declarations."""
        head = ("// About.\n#include <a.h>\n\nint twice(int x);\n"
                "extern int y;\n\n")
        given = "int\ng(void)\n{\n\treturn 1;\n}\n"
        table = "static int t[] = {\n\t1,\n\t2,\n};\n"
        one = ("/* { */\nint\none(void)\n{\n\t// %solution lab2.one\n"
               "\tif (y) {\n\t\treturn '}';\n\t}\n\t// %end lab2.one\n}\n")
        self.assertEqual(self.contents(head + one), [])
        self.assertEqual(self.contents(head + given), [], "no exercise")
        for extra in (given, table + "int z;\n", "#define A 1\n" * 5,
                      "int a;\n" * 3):
            for text in (head + extra + one, head + one + extra):
                self.assertRegex("\n".join(self.contents(text)),
                                 r"\Akern/f.c:\d+: \d lines of code outside of "
                                 "the exercises, at most 4 may be\\Z")
        inside = one.replace("{\n\t// %s", "{\n" + "\ty++;\n" * 5 + "\t// %s")
        self.assertEqual(self.contents(inside)[0][:26],
                         "kern/f.c:5: 5 lines of cod")

    def test_assembly_only(self) -> None:
        """In assembly, directives and labels may stand around exercises, but
        no instructions and macros."""
        text = ("#include <a.h>\n\n\t.globl f\n\t.text // here\nf:\n"
                "// %solution lab2.one\n\tnop\n// %stub\n// %end lab2.one\n"
                "\t.size f, . - f\n")
        self.assertEqual(self.contents(text, "kern/f.S"), [])
        macro = "#define A b\n.macro b\n" + "\tnop\n" * 4 + ".endm\n"
        self.assertEqual(len(self.contents(macro + text, "kern/f.S")), 1)

    def test_one_lab(self) -> None:
        """No file holds exercises of two labs."""
        text = "".join(f"int\nf{lab[5:]}(void)\n{{\n// %solution {lab}\nx;\n"
                       f"// %end {lab}\n}}\n"
                       for lab in ("lab2.one", "lab2.two", "lab3.three"))
        self.assertEqual(self.contents(text), [
            "kern/f.c:18: lab3.three in a file with exercises of lab2"])

    def tree(self) -> Path:
        """A small tree without faults."""
        top = self.dir
        entry = {"id": "lab2.one", "lab": 2, "file": "kern/f.c",
                 "title": "One"}
        for name, text in (("kern/f.c", GOOD),
                           ("labs/lab2/README.md", "# Lab\n\n## `one`\n"),
                           ("labs/exercises.json", json.dumps([entry])),
                           (".gitignore", "obj/\n"),
                           ("obj/f.c", f"// {AT}end lab2.one\n")):
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_text(text)
        run(["git", "init", "-q"], top)
        (top / "binary").write_bytes(f"\0{AT}end".encode())
        return top

    def lint(self, top: Path) -> List[str]:
        return [str(problem) for problem in markers.lint(top)]

    def test_tree(self) -> None:
        """In a whole tree, list, sources and pages must agree."""
        if not shutil.which("git"):
            self.skipTest("no git")
        top = self.tree()
        self.assertEqual(self.lint(top), [])
        (top / "labs/lab2/README.md").write_text("## one and more\n")
        (top / "kern/g.c").write_text(GOOD)
        (top / "kern/f.c").write_text("")
        self.assertEqual(self.lint(top), [
            "kern/g.c:4: labs/exercises.json has lab2.one in kern/f.c",
            "labs/lab2/README.md: no section with the anchor #one"])
        (top / "kern/g.c").unlink()
        self.assertEqual(self.lint(top)[0],
                         "kern/f.c: no region for exercise lab2.one")

    def test_list(self) -> None:
        """An invalid list of exercises is refused."""
        path = self.dir / "labs" / "exercises.json"
        path.parent.mkdir()
        entry = '{"id": "lab2.one", "lab": %d, "file": "f.c", "title": "x"}'
        for said, text in (("No such file", None), ("Expecting", "["),
                           ("unexpected keyword", '[{"name": 1}]'),
                           ("not an id of its lab", f"[{entry % 3}]"),
                           ("twice", f"[{entry % 2}, {entry % 2}]")):
            with self.subTest(said):
                if text is not None:
                    path.write_text(text)
                with self.assertRaisesRegex(markers.MarkerError, said):
                    markers.load_exercises(self.dir)

    def test_tool(self) -> None:
        """The tool prints one line per problem, and fails."""
        path = self.dir / "f.c"
        path.write_text(f"// {AT}end lab2.page_insert\n")
        self.fails(f"markers: {path}:1: stray {AT}end", markers.main, path)
        path.write_text("")
        self.assertEqual(call(markers.main, path), (0, "", ""))
        self.fails("usage", markers.main, "--what")
        self.fails("none: No such file", markers.main, self.dir / "none")

    def test_exercises(self) -> None:
        """The list names every exercise of the first four labs once."""
        exercises = markers.load_exercises(TOP)
        counts = [sum(one.lab == lab for one in exercises)
                  for lab in (1, 2, 3, 4)]
        self.assertEqual(counts, [3, 12, 15, 23])
        self.assertEqual([one.lab for one in exercises],
                         sorted(one.lab for one in exercises))

    def test_no_words(self) -> None:
        """The lint and its test hold no marker words themselves."""
        for path in (TOP / "tools" / "markers.py", Path(__file__)):
            self.assertIsNone(re.search(markers.ANY_WORD, path.read_text()))


if __name__ == "__main__":
    unittest.main()
