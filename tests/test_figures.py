"""The figures of style, counted in small files."""

import shutil
import tempfile
import textwrap
import unittest
from pathlib import Path

import figures
from support import run

C = """\
// A file, with asserts: assert(this) is none.
#ifndef JOS_SMALL_H
#define JOS_SMALL_H

#if 1
#define check(x) assert(x)
#endif

/* Two lines
 * of comment. */
static int
helper(int a)
{
\tassert(a > 0); // no comment-only line
\treturn a;
}

int
shown(void)
{
\t/* a comment */ helper(1);
\tpanic("no");

}

// Says what it does.
//
// Returns:  nothing.
void documented(int a,
\t\tint b)
{
}

int after_code;
void
undocumented(void)
{
}
#endif
"""

PYTHON = '''\
"""A module."""

import os


# A comment.
def documented(a: int) -> int:
    """Says what it does."""

    def inner(b):
        return b
    return inner(a)


class Thing:
    @property
    def _private(self) -> str:
        return "x"
'''


class Figures(unittest.TestCase):
    def setUp(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="figures-"))
        self.addCleanup(shutil.rmtree, self.top)

    def put(self, name: str, text: str) -> Path:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def test_comments(self) -> None:
        """A line is a comment when it holds one and no code."""
        lines = ["// yes", "\t/* yes */", "int a; // no", "/* yes", "", "*/", "*/ no",
                 "/* no */ int b;", "/* yes", "still */", "/* half */ /* x", "no */ c"]
        found = figures.comment_lines(lines)
        self.assertEqual([line for line, is_one in zip(lines, found) if is_one],
                         ["// yes", "\t/* yes */", "/* yes", "*/", "/* yes",
                          "still */"])

    def test_c(self) -> None:
        """Lines, functions, contracts, asserts and conditions of a C file."""
        counts = figures.count_c_row([self.put("inc/small.h", C)])
        self.assertEqual(counts.files, [len(C.splitlines())])
        self.assertEqual([(one.lines, one.documented) for one in counts.functions],
                         [(5, True), (6, False), (4, True), (3, False)])
        self.assertEqual((counts.asserts, counts.panics, counts.ifs), (1, 1, 1))
        self.assertEqual((counts.comments, counts.filled), (6, 33))

    def test_public(self) -> None:
        """A static function is not public."""
        counts = figures.count_c_row([self.put("kern/small.c", C)])
        self.assertEqual([one.public for one in counts.functions],
                         [False, True, True, True])

    def test_wide(self) -> None:
        """A tab is as wide as what it leads to: 80 columns are not too many."""
        text = "\t" + "x" * 72 + "\n" + "\t" + "x" * 73 + "\n"
        self.assertEqual(figures.count_c(text, []).wide, 1)

    def test_python(self) -> None:
        """Functions of a Python file, those inside others too."""
        counts = figures.count_python(PYTHON)
        self.assertEqual(
            sorted((one.lines, one.documented, one.annotated, one.public)
                   for one in counts.functions),
            [(2, False, False, True), (2, False, True, False), (6, True, True, True)])
        self.assertEqual((counts.described, counts.comments, counts.wide), (1, 1, 0))

    def test_ranks(self) -> None:
        """Percentiles of no value, of one, and of a hundred in any order."""
        self.assertEqual(figures.ranks([], 50, 95), "0/0/0")
        self.assertEqual(figures.ranks([7], 50, 95), "7/7/7")
        self.assertEqual(figures.ranks([4, 1, 9, 2], 50, 90), "3/9/9")
        self.assertEqual(figures.ranks(list(range(101, 0, -1)), 50, 90, 95),
                         "51/91/96/101")

    def test_select(self) -> None:
        """A row's files are those its patterns name, less those after a minus."""
        for name in ("user/hello.c", "user/testfork.c", "user/test/harness.c"):
            self.put(name, "")
        for row, names in (("user programs", ["hello.c"]),
                           ("user tests", ["harness.c", "testfork.c"])):
            found = figures.select(self.top, figures.C_ROWS[row])
            self.assertEqual([path.name for path in found], names)

    def test_commits(self) -> None:
        """Subjects are measured; an area and a body are looked for."""
        messages = ["kern: do it\n\nBecause.", "a thing without area", "x" * 70]
        self.assertEqual(
            figures.commit_figures(messages),
            "commits: 3; subject median 20, p95 70, max 70, over 60 columns 1; "
            "with an area 33%, with a body 33%")

    def test_tree(self) -> None:
        """The command prints a row for each part of this tree."""
        done = run(str(Path(figures.__file__)))
        self.assertEqual(done.returncode, 0, done.stdout)
        rows = [line.split("|")[1].strip() for line in done.stdout.splitlines()
                if line.startswith("| ")]
        present = [name for name, patterns in figures.PYTHON_ROWS.items()
                   if figures.select(figures.TOP, patterns)]
        self.assertEqual(rows, ["C", *figures.C_ROWS, "Python", *present])
        self.assertRegex(done.stdout, textwrap.dedent(r"""
            make: GNUmakefile \d+.*

            commits: .*"""))


if __name__ == "__main__":
    unittest.main()
