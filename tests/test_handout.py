"""The student's tree: what the renderer makes, refuses and gives away."""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any, ClassVar, Dict, List, Tuple
from unittest import mock

import support
from support import Toolchain, clean_environment, make, tail, toolchains
from toolkit import Scratch, call, run

import handout
import markers
import release

# Works in copies of the tree, so that it may run beside other parts.
APART = True

TOP = Path(__file__).resolve().parent.parent
LIMIT = 120.0  # seconds; a machine that does not come to its monitor
LEAVE = b"\x01x"  # ctrl-a x
AT = "@"  # so that this file has no markers of its own
SOURCE = f"""\
int
one(int number)
{{
\t// {AT}solution lab1.one
\tint unheard_of = number * 17;

\treturn unheard_of;
\t// {AT}end lab1.one
}}

// {AT}staff lab1.one
// Not for students' eyes: seventeen.
// {AT}end lab1.one

int
silent(void)
{{
\t// {AT}solution lab2.silent
\tcommon_line_of_code(1);
\tthe_secret_call(2);
\t// {AT}stub
\t// {AT}end lab2.silent
\treturn 0;
}}
"""
ASSEMBLY = f"""\
// {AT}solution lab2.entry
\tpushl\t$the_secret_number
// {AT}stub // Exercise lab2.entry: your code here.
// {AT}stub \tnop
// {AT}end lab2.entry
"""
GIVEN = "void\nh(void)\n{\n\tcommon_line_of_code(1);\n}\n"
README = """\
# Top

<!-- complete tree -->
All is here.
<!-- student's tree
Something is missing.
-->
<!-- end -->

## More

w

<!-- complete tree -->
## If you teach with it

x
<!-- end -->
"""
NAMES = (("lab1.one", "kern/f.c"), ("lab2.silent", "kern/f.c"),
         ("lab2.entry", "kern/e.S"))


class Small(Scratch):
    """A tree with three exercises."""

    def setUp(self) -> None:
        super().setUp()
        self.dir = self.dir.resolve()
        self.top = self.dir / "tree"
        self.dest = self.dir / "student"
        self.write("kern/f.c", SOURCE)
        self.write("kern/e.S", ASSEMBLY)
        self.write("kern/given.c", GIVEN)
        self.write("README.md", README)
        self.write("labs/exercises.json", json.dumps(
            [{"id": ident, "lab": int(ident[3]), "file": file, "title": "x"}
             for ident, file in NAMES]))
        run(["git", "init", "-q"], self.top)

    def write(self, name: str, text: str) -> None:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def tool(self, *words: object) -> Tuple[int, str, str]:
        return call(handout.main, self.dest, "--from", self.top, *words)

    def rendered(self, *words: object) -> Dict[str, str]:
        """The files of a tree rendered with these options."""
        shutil.rmtree(self.dest, ignore_errors=True)
        status, _, err = self.tool(*words)
        self.assertEqual((status, err), (0, ""))
        return {str(path.relative_to(self.dest)): path.read_text()
                for path in self.dest.rglob("*")
                if path.is_file() and ".git" not in path.parts}

    def others(self) -> Dict[str, Tuple[int, int]]:
        """Everything outside DEST, with modification times."""
        found = {}
        for path in sorted(self.dir.rglob("*")):
            if self.dest not in (path, *path.parents):
                status = path.lstat()
                found[str(path)] = (status.st_mode, status.st_mtime_ns)
        return found

    def refuses(self, said: str, *words: object) -> None:
        """Nothing is made, and one line gives the reason."""
        before = self.others(), sorted(self.dir.rglob("*"))
        status, out, err = self.tool(*words)
        self.assertEqual((status, out), (1, ""))
        self.assertIn(said, err)
        self.assertEqual(err.count("\n"), 1, err)
        self.assertEqual((self.others(), sorted(self.dir.rglob("*"))), before)


class Rendering(Small):
    def test_nothing_solved(self) -> None:
        """Each exercise becomes its two lines, or what its stubs say."""
        files = self.rendered()
        self.assertEqual(files["kern/f.c"], """\
int
one(int number)
{
\t// Exercise lab1.one: your code here.
\tTODO("lab1.one");
}

int
silent(void)
{
\treturn 0;
}
""")
        self.assertEqual(files["kern/e.S"], (
            "// Exercise lab2.entry: your code here.\n\tnop\n"))
        self.assertEqual(files["kern/given.c"], GIVEN)
        self.assertEqual(files["conf/lab.mk"].split("\n")[-2], "LAB ?= 1")

    def test_solved(self) -> None:
        """Solutions stay without their markers; notes for staff do not."""
        lines = [line for line in SOURCE.split("\n") if AT not in line]
        del lines[8:10]  # the note and a blank line
        files = self.rendered("--solved", "2")
        self.assertEqual(files["kern/f.c"], "\n".join(lines))
        self.assertEqual(files["kern/e.S"], "\tpushl\t$the_secret_number\n")

    def test_choice(self) -> None:
        """Labs and single exercises can be solved, and the lab be chosen."""
        for words, solved, lab in (
                (("--solved", "1"), {"lab1.one"}, 2),
                (("--keep", "lab2.entry", "lab2.silent"),
                 {"lab2.entry", "lab2.silent"}, 1),
                (("--solved", "1", "--keep", "lab2.entry", "--lab", "1"),
                 {"lab1.one", "lab2.entry"}, 1),
                (("--lab", "2"), set(), 2), (("--solved", "2"), {
                    "lab1.one", "lab2.entry", "lab2.silent"}, 2)):
            with self.subTest(words):
                files = self.rendered(*words)
                self.assertIn(f"LAB ?= {lab}\n", files["conf/lab.mk"])
                for ident, text in (("lab1.one", "unheard_of"),
                                    ("lab2.silent", "the_secret_call"),
                                    ("lab2.entry", "the_secret_number")):
                    found = text in files["kern/f.c"] + files["kern/e.S"]
                    self.assertEqual(found, ident in solved, ident)

    def test_left_out(self) -> None:
        """Files for instructors are left out."""
        for name in ("labs/lab1/answers/wrong/one-x.c", "tests/a/b.py",
                     "labs/INSTRUCTORS.md", "tools/handout.py", ".ci/run"):
            self.write(name, "x\n")
        self.write("labs/lab1/README.md", "# One\n")
        files = self.rendered()
        self.assertEqual(sorted(files), [
            "README.md", "conf/lab.mk", "kern/e.S", "kern/f.c",
            "kern/given.c", "labs/exercises.json", "labs/lab1/README.md",
            "labs/release.sha256"])
        self.assertEqual(files["README.md"],
                         "# Top\n\nSomething is missing.\n\n## More\n\nw\n")

    def test_files(self) -> None:
        """Files keep their bytes and execute bits; ignored files are left out,
        unless git tracks them."""
        junk = b"\0\xff\xfe@\r\n@"
        (self.top / "kern/junk.bin").write_bytes(junk)
        (self.top / "kern/latin.c").write_bytes(b"// \xe9\r\n\f// @ x")
        self.write("run me.sh", "#!/bin/sh\n")
        (self.top / "run me.sh").chmod(0o700)
        self.write(".gitignore", "*.o\nobj\n")
        for name in ("a.o", "obj/b", "kept.o"):
            self.write(name, "x")
        run(["git", "add", "-f", "kept.o"], self.top)
        self.write("gone.c", "x")
        run(["git", "add", "gone.c"], self.top)
        (self.top / "gone.c").unlink()
        self.assertEqual(self.tool()[0], 0)
        self.assertEqual((self.dest / "kern/junk.bin").read_bytes(), junk)
        self.assertEqual((self.dest / "kern/latin.c").read_bytes(),
                         b"// \xe9\r\n\f// @ x")
        self.assertEqual((self.dest / "run me.sh").stat().st_mode & 0o777,
                         0o755)
        self.assertEqual((self.dest / "README.md").stat().st_mode & 0o777,
                         0o644)
        listed = run(["git", "ls-files"], self.dest).split("\n")
        self.assertIn("kept.o", listed)
        for name in ("a.o", "obj", "gone.c"):
            self.assertFalse((self.dest / name).exists(), name)

    def test_commit(self) -> None:
        """The tree has one commit, always the same, without anyone's name."""
        commits = []
        settings = {"GIT_AUTHOR_NAME": "me", "GIT_DIR": str(self.top / ".git"),
                    "HOME": str(self.dir)}
        (self.dir / ".gitconfig").write_text(
            "[core]\n\tautocrlf = true\n[commit]\n\tgpgsign = true\n"
            "[user]\n\tname = me\n")
        for variables in ({}, settings):
            with mock.patch.dict(os.environ, variables):
                self.rendered()
            self.assertEqual(run(["git", "status", "--short"], self.dest), "")
            commits.append(run(["git", "log", "--all", "--format=%H %an %cn"],
                               self.dest))
        self.assertEqual(commits[0], commits[1])
        self.assertRegex(commits[0], r"\A\w{40} JOS lab JOS lab\n\Z")

    def test_empty_folder(self) -> None:
        """An existing folder may be used if it is empty."""
        self.dest.mkdir()
        self.assertEqual(self.tool()[0], 0)
        self.assertTrue((self.dest / "kern/f.c").is_file())

    def test_outside(self) -> None:
        """Nothing outside DEST is written, whatever folders the environment
        names."""
        for name in ("home", "tmp"):
            (self.dir / name).mkdir()
        self.dest.mkdir()
        before = self.others()
        with mock.patch.dict(os.environ, {
                "HOME": str(self.dir / "home"), "TMPDIR": str(self.dir / "tmp"),
                "GIT_DIR": str(self.top / ".git"),
                "GIT_WORK_TREE": str(self.top),
                "GIT_INDEX_FILE": str(self.dir / "index")}):
            self.assertEqual(self.tool()[0], 0)
        self.assertEqual(self.others(), before)


class Refusing(Small):
    def test_dest(self) -> None:
        """Only a new or an empty folder outside the tree will do."""
        self.dest.mkdir()
        (self.dest / "file").write_text("mine")
        self.refuses("not empty")
        self.assertEqual((self.dest / "file").read_text(), "mine")
        shutil.rmtree(self.dest)
        self.dest.write_text("mine")
        self.refuses("no folder")
        self.dest.unlink()
        (self.dir / "elsewhere").mkdir()
        self.dest.symlink_to("elsewhere")
        self.refuses("symbolic link")
        self.dest.unlink()
        self.dest.symlink_to("nowhere")
        self.refuses("symbolic link")
        self.dest.unlink()
        (self.dir / "link").symlink_to("tree")
        for dest, said in ((self.top / "student", "inside the tree"),
                           (self.dir / "link/student", "inside the tree"),
                           (self.dir / "link", "symbolic link"),
                           (self.dir / "tree/../tree/kern/x", "inside"),
                           (self.top, "not empty"),
                           (self.dir, "not empty"),
                           (self.dir / "no/such", "no such folder")):
            with self.subTest(dest):
                self.dest = dest
                self.refuses(said)

    def test_markers(self) -> None:
        """Malformed markers of every kind are refused."""
        for old, new, said in (
                (f"\t// {AT}end lab1.one\n", "", "inside"),
                ("// Not for", f"// {AT}solution lab2.x\n// Not", "inside"),
                ("// Not for", f"// {AT}staff lab1.one\n// Not", "inside"),
                (f"\t// {AT}solution lab2.silent", f"\t// {AT}solution "
                 f"lab2.silent\n\t// {AT}solution lab2.silent", "inside"),
                (f"{AT}end lab2.silent", "", "never closed"),
                (f"{AT}end lab2.silent", f"{AT}end", "closes"),
                (f"{AT}solution lab2.silent", f"{AT}solution lab2.entry",
                 "is there already, at kern/e.S:1"),
                (f"{AT}solution lab2.silent", f"{AT}solution silent",
                 "not an id"),
                ("\treturn 0;", f"\t// {AT}stub\n\treturn 0;", "stray"),
                ("// Not for", f"// {AT}stub x\n// Not", "in a"),
                (f"{AT}solution lab2.silent", f"{AT}solution lab1.one",
                 "is there already, at kern/f.c:4"),
                (f"{AT}solution lab2.silent", "", "stray"),
                (f"{AT}solution lab2.silent", f"{AT}solution lab2.no",
                 "no such exercise"),
                (f"{AT}stub\n", f"{AT}stub\n\tx();\n", "text after"),
                (f"{AT}stub\n", f"{AT}hide lab2.silent\n",
                 "not a marker word"),
                ("Not for", f"{AT}end Not for", "closes"),
                ("return 0;", f"return 0; // {AT}end lab2.silent",
                 "not a marker here")):
            with self.subTest(said):
                self.assertIn(old, SOURCE)
                self.write("kern/f.c", SOURCE.replace(old, new))
                status, _, err = self.tool()
                self.assertEqual(status, 1)
                self.assertIn(said, err)
                self.assertRegex(err, r"\A(handout: [\w./]+(:\d+)?: .*\n)+\Z")
                self.assertFalse(self.dest.exists())

    def test_exercises(self) -> None:
        """Every exercise must have its region; every choice must exist."""
        self.write("kern/e.S", "nop\n")
        self.refuses("kern/e.S: no region for exercise lab2.entry")
        self.write("kern/e.S", ASSEMBLY)
        self.refuses("no lab 3; there are: 1 2", "--lab", "3")
        self.refuses("no lab 3", "--solved", "3")
        self.refuses("no lab -1", "--solved", "-1")
        self.refuses("no exercise lab1.two", "--keep", "lab1.two")
        self.write("labs/exercises.json", "[")
        self.refuses("exercises.json")

    def test_links(self) -> None:
        """A symbolic link is refused, whatever it points to."""
        for target in ("kern", "kern/f.c", "nowhere", "/etc/passwd", ".."):
            with self.subTest(target):
                (self.top / "link").symlink_to(target)
                self.refuses("symbolic links are refused")
                (self.top / "link").unlink()
        self.write("away/a.c", "x")
        run(["git", "add", "away"], self.top)
        (self.top / "away").rename(self.dir / "away")
        (self.top / "away").symlink_to("../away")
        self.refuses("symbolic links are refused")

    def test_trees(self) -> None:
        """A tree that is not ours is refused."""
        self.refuses("no such folder", "--from", self.dir / "none")
        (self.dir / "other").mkdir()
        self.refuses("git ls-files: fatal", "--from", self.dir / "other")
        for number, line in enumerate(README.split("\n")):
            if line.startswith(("<!--", "-->")):
                lines = README.split("\n")
                del lines[number]
                self.write("README.md", "\n".join(lines))
                self.refuses("README.md: a comment that is not whole: ")
        self.write("README.md", README)
        with mock.patch.dict(os.environ, {"PATH": str(self.dir)}):
            self.refuses("git: No such file")

    def test_undone(self) -> None:
        """A tree that cannot be finished is removed again."""
        real = handout.git

        def failing(top: Path, *words: str, **variables: str) -> str:
            if "commit" in words:
                raise OSError(28, "No space left on device")
            return real(top, *words, **variables)

        for there in (False, True):
            if there:
                self.dest.mkdir()
            with mock.patch.object(handout, "git", failing):
                self.refuses("No space left")


class GivingAway(Small):
    def gives_away(self, said: str, *words: object) -> None:
        self.refuses(said, *words)
        self.assertEqual(self.tool("--solved", "2")[0], 0)
        shutil.rmtree(self.dest)

    def test_page(self) -> None:
        """A solution's line on a page is found, even across line breaks."""
        self.write("labs/lab1/README.md", "Do `int unheard_of\n  = number*17;`")
        self.gives_away("labs/lab1/README.md: a line of lab1.one shows: int "
                        "unheard_of = number * 17;")

    def test_comment(self) -> None:
        """So is one in a comment of given code."""
        self.write("kern/given.c", GIVEN + "// the_secret_call(2);\n")
        self.gives_away("kern/given.c: a line of lab2.silent shows")

    def test_staff(self) -> None:
        """So is a note for staff, which nothing unlocks."""
        self.write("a.txt", "Not for students' eyes: seventeen.")
        self.refuses("a.txt: a line of lab1.one shows", "--solved", "2")

    def test_given(self) -> None:
        """A line that given code has is no secret, unless it has all lines of
        the solution."""
        self.write("a.txt", "common_line_of_code(1);")
        self.assertEqual(self.tool()[0], 0)
        shutil.rmtree(self.dest)
        self.write("kern/given.c", GIVEN + "the_secret_call(2);\n")
        self.gives_away("kern/f.c:18: every line of lab2.silent is elsewhere")

    def test_words(self) -> None:
        """No marker word is left, in no kind of file."""
        for name, text in (("a.txt", f"the {AT}Solution"),
                           ("a.bin", f"\0{AT}stub x")):
            with self.subTest(name):
                self.write(name, text)
                self.refuses(f"{AT}")
                (self.top / name).unlink()


class Real(unittest.TestCase):
    """This tree, rendered with `solved` labs solved."""

    source: ClassVar[handout.Source]
    room: ClassVar[Path]

    @classmethod
    def setUpClass(cls) -> None:
        cls.source = handout.Source.read(TOP)
        cls.room = Path(tempfile.mkdtemp(prefix="jos-handout-"))
        cls.addClassCleanup(shutil.rmtree, cls.room)

    def student(self, solved: int) -> Path:
        """The student's tree."""
        dest = self.room / f"solved {solved}"
        if not dest.exists():
            status, _, err = call(handout.main, dest, "--solved", solved)
            self.assertEqual((status, err), (0, ""))
        return dest


def children_seconds() -> float:
    """The processor time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Contents(Real):
    def test_time(self) -> None:
        """Rendering takes less than a second of the processor, git's share
        included."""
        seconds = []
        for number in range(3):
            began = children_seconds()
            run([sys.executable, "tools/handout.py",
                 str(self.room / f"timed{number}")], TOP)
            seconds.append(children_seconds() - began)
        self.assertLess(min(seconds), 1.0)

    def test_lab(self) -> None:
        """The lab in progress decides what conf/lab.mk says, and nothing
        else but the record of what was rendered."""
        source, allowed = self.source, {handout.LAB_FILE, release.RECORD}
        for solved in (0, 2):
            trees = [handout.checked(source, handout.Choice(lab, solved))
                     for lab in source.labs]
            for lab, tree in zip(source.labs, trees):
                self.assertIn(f"LAB ?= {lab}\n", tree[handout.LAB_FILE].text)
                self.assertEqual(tree.keys(), trees[0].keys())
                other = {name for name in tree if tree[name] != trees[0][name]}
                self.assertLessEqual(other, allowed)

    def everything(self, solved: int) -> str:
        """All files of a student's tree and its history, without blanks."""
        student = self.student(solved)
        texts = [path.read_text(errors="replace")
                 for path in sorted(student.rglob("*"))
                 if path.is_file() and ".git" not in path.parts]
        texts.append(run(["git", "log", "-p", "--all"], student))
        return handout.squeezed("\n".join(texts))

    def secrets(self, text: str) -> Dict[str, str]:
        """For each exercise the longest line of its solution that `text`
        does not have."""
        bodies = {region.id: map(handout.squeezed, region.body)
                  for regions in self.source.regions.values()
                  for region in regions if region.word == markers.SOLUTION}
        return {ident: max((line for line in body if line not in text),
                           key=len, default="")
                for ident, body in bodies.items()}

    def test_secrets(self) -> None:
        """No unsolved solution is in any file or in the history."""
        secrets = self.secrets(self.everything(0))
        self.assertNotIn("", secrets.values(), secrets)
        for solved in range(len(self.source.labs) + 1):
            text = self.everything(solved)
            self.assertIsNone(markers.ANY_WORD.search(text))
            for exercise in self.source.exercises:
                ident, to_do = exercise.id, exercise.lab > solved
                self.assertEqual(secrets[ident] in text, not to_do, ident)
                place = self.student(solved) / exercise.file
                self.assertEqual(f"Exercise {ident}: your code here."
                                 in place.read_text(), to_do, ident)

    def test_places(self) -> None:
        """Everything that the pages and the list of exercises refer to exists."""
        student = self.student(0)
        for exercise in self.source.exercises:
            self.assertTrue((student / exercise.file).is_file())
            page = student / f"labs/lab{exercise.lab}/README.md"
            self.assertIn(exercise.name,
                          markers.anchors(page.read_text(encoding="utf-8")))
        for page in [student / "README.md",
                     *student.glob("labs/*/README.md")]:
            for link in re.findall(r"\]\(([^)#:]+)", page.read_text()):
                self.assertTrue((page.parent / link).exists(),
                                f"{page}: {link}")

    def test_readme(self) -> None:
        """README.md names only existing files and targets of make."""
        top = self.student(0)
        targets = ["help", *re.findall(r"[\w-]+", make("help", cwd=top).stdout)]
        text = (top / "README.md").read_text()
        code = re.findall(r"(?m)^    .*$", text)
        code += re.findall(r"`([^`]+)`", re.sub(r"(?m)^    .*$", "", text))
        for line in code:
            for goal in self.goals(line):
                self.assertIn(re.sub(r"^(run|prep)-[a-z]\w*", r"\1-NAME", goal),
                              targets, line)
            for word in self.names(line):
                self.assertTrue((top / word).exists(), line)

    @staticmethod
    def goals(line: str) -> List[str]:
        """The targets in a line of code that starts with make."""
        if not line.strip().startswith("make"):
            return []
        command = shlex.split(re.split(r"\s{2,}", line.strip())[0])
        return [word for word in command[1:] if "=" not in word
                ] if command[:1] == ["make"] else []

    @staticmethod
    def names(line: str) -> List[str]:
        """The words in a line of code that have to be files of the tree: not
        what is built, and not what lies elsewhere."""
        words = re.findall(r"(?<![^\s'(])(?:\./)?[\w.-]+(?:/[\w.-]*|\.(?:py|sh|mk|md))"
                           r"[\w./-]*", line)
        return [word.rstrip(".") for word in words if not re.match(
            r"obj/|\.\./|https:", word)]

    def test_readme_students(self) -> None:
        """A student's README.md does not mention the complete tree."""
        text = (self.student(0) / "README.md").read_text()
        for word in ("complete", "280", "tests/", "setup check", "solutions",
                     "instructors", "<!--"):
            self.assertNotIn(word, text)
        self.assertIn("make setup grade", text)
        self.assertIn("you write them", text)

    def test_instructors(self) -> None:
        """Goals that need the complete tree say so in one line."""
        student = self.student(0)
        for goal in ("check", "check-all", "check-answers", "check-handout",
                     "handout", "bench", "markers", "setup check"):
            done = make(*goal.split(), cwd=student)
            self.assertNotEqual(done.returncode, 0, goal)
            self.assertIn("instructors", done.stdout, goal)
            self.assertEqual(done.stdout.count("\n"), 1, done.stdout)
        shown = make("help", cwd=student).stdout
        self.assertIn("make grade", shown)
        self.assertNotIn("make check", shown)

    def test_make(self) -> None:
        """make handout renders too, and requires DEST."""
        dest = self.room / "by make"
        done = make("handout", f"DEST={dest}", "LAB=2", "SOLVED=1", cwd=TOP)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("lab 2 in progress", done.stdout)
        self.assertIn("LAB ?= 2\n", (dest / "conf/lab.mk").read_text())

    def test_make_refuses(self) -> None:
        """make handout says what is wrong with DEST, LAB or SOLVED, and makes
        nothing."""
        here = self.room / "refused"
        for words, said in (
                ([], "say where to: make handout DEST=dir"),
                ([f"DEST={here}", "LAB=9"], "there is no lab '9' here"),
                ([f"DEST={here}", "LAB=x"], "there is no lab 'x' here"),
                ([f"DEST={here}", "SOLVED=9"], "there is no lab 9; there are: "
                 "1 2 3"),
                ([f"DEST={here}", "SOLVED=x"], "invalid int value: 'x'"),
                ([f"DEST={TOP}/student"], "inside the tree"),
                ([f"DEST={TOP}"], "not empty"),
                ([f"DEST={here}/a/b"], "no such folder")):
            with self.subTest(words):
                done = make("handout", *words, cwd=TOP)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(said, done.stdout)
                self.assertFalse(here.exists())
                self.assertFalse((TOP / "student").exists())


class Graded(Real):
    """The student's trees, built, booted and graded with each compiler."""

    whole: ClassVar[bool] = False  # all of them with clang too

    def build(self, student: Path, toolchain: Toolchain) -> None:
        done = make("image", "WERROR=1", f"OBJDIR=obj/{toolchain.name}",
                    *toolchain.words, cwd=student)
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.assertNotIn("warning", done.stdout)

    def boot(self, student: Path, toolchain: Toolchain) -> str:
        """The console of `make qemu-nox`, up to the monitor's prompt."""
        process = subprocess.Popen(
            ["make", "WERROR=1", f"OBJDIR=obj/{toolchain.name}", "GDBPORT=0",
             *toolchain.words, "qemu-nox"], cwd=student,
            env=clean_environment(), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True)
        limit = threading.Timer(LIMIT, os.killpg, [process.pid,
                                                   signal.SIGKILL])
        limit.start()
        said = b""
        with process:
            assert process.stdin is not None and process.stdout is not None
            while not said.endswith(b"K> "):
                byte = process.stdout.read(1)
                if not byte:
                    break
                said += byte
            if said.endswith(b"K> "):
                process.stdin.write(LEAVE)
        limit.cancel()
        return said.decode().replace("\r", "")

    def grade(self, student: Path, lab: int,
              obj: str) -> Tuple[Dict[str, Any], str]:
        """The results of one grader, and what it printed."""
        results = student / "obj" / "results.json"
        done = support.run(
            f"./grade-lab{lab}", "--no-build", "--results", str(results),
            cwd=student, extra={"OBJDIR": obj})
        self.assertIn(done.returncode, (0, 1), done.stdout)
        found: Dict[str, Any] = json.loads(results.read_text())
        return found, done.stdout

    def check(self, solved: int, toolchain: Toolchain) -> None:
        """Full marks for what is solved, none and *not attempted* for all else;
        the first exercise to do is where the report says."""
        student = self.student(solved)
        self.build(student, toolchain)
        to_do = [exercise for exercise in self.source.exercises
                 if exercise.lab > solved]
        if to_do:
            self.check_todo(student, self.boot(student, toolchain), to_do[0])
        for lab in self.source.labs:
            wanted = "pass" if lab <= solved else "not_attempted"
            results, said = self.grade(student, lab, f"obj/{toolchain.name}")
            others = [(test["name"], test["outcome"], test["text"])
                      for test in results["tests"]
                      if test["outcome"] != wanted]
            self.assertEqual(others, [], f"lab {lab}")
            points = results["max"] if lab <= solved else 0
            self.assertEqual(results["score"], points)
            self.assertIn(f"\nScore: {points}/{results['max']}\n", said)
            if lab > solved:
                self.assertEqual(said.count(": NOT ATTEMPTED ("),
                                 len(results["tests"]), said)
                self.assertIn(f"Next exercise: {to_do[0].id}, labs/lab"
                              f"{to_do[0].lab}/README.md#{to_do[0].name}\n",
                              said)

    def check_todo(self, student: Path, console: str,
                   wanted: markers.Exercise) -> None:
        """The console ends at the exercise `wanted`."""
        said = re.search(r"\nTODO (\S+) at (\S+):(\d+)\n"
                         r"    read (\S+)#(\S+)\n"
                         r"Welcome to the JOS kernel monitor!\n.*\nK> \Z",
                         console)
        assert said is not None, console
        page = f"labs/lab{wanted.lab}/README.md"
        self.assertEqual((said[1], said[2], said[4], said[5]),
                         (wanted.id, wanted.file, page, wanted.name))
        lines = (student / said[2]).read_text().split("\n")
        self.assertIn(f'TODO("{wanted.id}");', lines[int(said[3]) - 1])

    def test_gcc(self) -> None:
        """With gcc, exactly the solved exercises have points."""
        for solved in range(len(self.source.labs) + 1):
            with self.subTest(solved=solved):
                self.check(solved, toolchains()[0])

    def test_clang(self) -> None:
        """With clang, whatever is solved, no more and no less has points. (Of
        the trees the one with nothing solved, and the last lab's; all of them,
        which takes some minutes, are in check-all.)"""
        labs = len(self.source.labs)
        for solved in range(labs + 1) if self.whole else (0, labs - 1):
            with self.subTest(solved=solved):
                self.check(solved, toolchains()[1 + solved % 2])


if __name__ == "__main__":
    unittest.main()
