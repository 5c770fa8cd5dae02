"""The students' goals for the whole tree: make todo, handin, update."""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path
from typing import ClassVar, Dict, List, Tuple
from unittest import mock

from support import TOP, make, tail
from support import run as run_any
from toolkit import Scratch, call, run

import exercises
import handout
import release
import update

# Works in copies of the tree, so that it may run beside other parts.
APART = True

AT = "@"  # so that this file has no markers of its own
STAFF, OURS = "kern/init.c", "kern/env.c"
GRADER = '''\
import json
import sys
from pathlib import Path

print("one: OK (0.1s)\\ntwo: FAIL (0.1s)\\nScore: 3/5", flush=True)
text = {text!r}
if {status} < 2:
    Path(sys.argv[sys.argv.index("--results") + 1]).write_text(json.dumps(
        {{"score": 3, "tests": [{{"name": "one", "text": text}}]}}))
{more}
sys.exit({status})
'''


def snapshot(top: Path) -> Dict[str, bytes]:
    """Every file below a folder, and the targets of links."""
    return {str(path.relative_to(top)): os.readlink(path).encode()
            if path.is_symlink() else path.read_bytes()
            for path in sorted(top.rglob("*"))
            if path.is_symlink() or path.is_file()}


class Student(Scratch):
    """A student's tree, fresh for each test."""

    room: ClassVar[Path]

    @classmethod
    def setUpClass(cls) -> None:
        cls.room = Path(tempfile.mkdtemp(prefix="jos-student-"))
        cls.addClassCleanup(shutil.rmtree, str(cls.room))
        status, _, err = call(handout.main, cls.room / "tree", "--lab", 2)
        assert status == 0, err
        # One file to copy instead of hundreds.
        run(["git", "repack", "-adq"], cls.room / "tree")

    def setUp(self) -> None:
        super().setUp()
        self.dir = self.dir.resolve()
        self.top = self.dir / "student"
        shutil.copytree(self.room / "tree", self.top)

    def text(self, name: str) -> str:
        return (self.top / name).read_text()

    def put(self, top: Path, name: str, text: str) -> None:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def append(self, top: Path, name: str, text: str) -> None:
        self.put(top, name, (top / name).read_text() + text)

    def replace_by(self, name: str, kind: str) -> None:
        """Replaces a file by something that is not a plain file."""
        path = self.top / name
        path.unlink()
        if kind == "link":
            self.put(self.dir, "outside", "outside\n")
            path.symlink_to(self.dir / "outside")
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()


class Updating(Student):
    """A student's tree, and beside it a later release."""

    def setUp(self) -> None:
        super().setUp()
        self.new = self.dir / "release"
        shutil.copytree(self.top, self.new)

    def update(self, source: object) -> Tuple[int, str, str]:
        """Runs the tool, and checks that it leaves no temporary files."""
        def tool(argv: List[str]) -> int:
            return update.main(argv, self.top)

        result = call(tool, source)
        self.assertFalse((self.top / update.ROOM).exists())
        return result

    def updates(self, source: object) -> str:
        """It succeeds, and a second run changes nothing; returns its output."""
        status, out, err = self.update(source)
        self.assertEqual((status, err), (0, ""))
        before = snapshot(self.top)
        again = self.update(source)
        self.assertEqual((again[0], again[2]), (0, ""))
        self.assertEqual(again[1], "update: nothing to do: this tree is up to "
                         "date\n")
        self.assertEqual(snapshot(self.top), before)
        return out

    def refuses(self, source: object, *said: str) -> None:
        """It prints one line with the reason, and changes nothing."""
        before = snapshot(self.dir)
        status, out, err = self.update(source)
        self.assertEqual((status, out), (1, ""))
        self.assertEqual(err.count("\n"), 1, err)
        for text in said:
            self.assertIn(text, err)
        self.assertEqual(snapshot(self.dir), before)

    def test_staff_files(self) -> None:
        """Files of the staff are replaced, added and removed, with their
        modes, and empty folders go."""
        self.append(self.new, STAFF, "// later\n")
        self.put(self.new, "kern/check/later.c", "int later;\n")
        self.put(self.new, "tools/later", "#!/bin/sh\n")
        (self.new / "tools/later").chmod(0o755)
        (self.new / "setup.sh").chmod(0o644)
        shutil.rmtree(self.new / "tools/gdb")
        out = self.updates(self.new)
        self.assertTrue(self.text(STAFF).endswith("// later\n"))
        self.assertTrue(os.access(self.top / "tools/later", os.X_OK))
        self.assertEqual((self.top / "setup.sh").stat().st_mode & 0o777, 0o644)
        self.assertFalse((self.top / "tools/gdb").exists())
        self.assertIn("kern/check/later.c is new\n", out)
        self.assertIn("4 files replaced or added, ", out)
        self.assertIn("nothing is committed", out)
        tree = {name: data for name, data in snapshot(self.top).items()
                if not name.startswith(".git/")}
        wanted = {name: data for name, data in snapshot(self.new).items()
                  if not name.startswith(".git/") and name != release.RECORD}
        wanted[release.RECORD] = release.make_record(wanted)
        self.assertEqual(tree, wanted)

    def test_students_files(self) -> None:
        """The student's files stay: those with exercises, those the student
        made, the settings."""
        mine = {OURS: "my env\n", "kern/mine.c": "mine\n", "notes.txt": "x\n",
                "conf/lab.mk": "LAB ?= 3\n", "conf/env.mk": "CC = clang\n"}
        for name, text in mine.items():
            self.put(self.top, name, text)
        self.append(self.new, STAFF, "// later\n")
        out = self.updates(self.new)
        for name, text in mine.items():
            self.assertEqual(self.text(name), text)
        self.assertEqual(out.count("\n"), 2, out)
        self.assertFalse(list(self.top.rglob("*.mine")))

    def test_other_version(self) -> None:
        """Where the release has another version of a student's file that is no
        C, it is put beside, once; one that the student never changed is
        replaced."""
        self.put(self.top, OURS, "my env\n")
        for name in (OURS, "kern/pmap.c", "conf/env.mk"):
            self.append(self.new, name, "// later\n")
        before = self.text("kern/pmap.c")
        out = self.updates(self.new)
        self.assertEqual(self.text(OURS), "my env\n")
        self.assertEqual(self.text("kern/pmap.c"), before + "// later\n")
        self.assertFalse((self.top / "kern/pmap.c.new").exists())
        self.assertIn(f"{OURS} is yours and stays; the release has another: "
                      f"{OURS}.new\n", out)
        self.assertTrue(self.text("conf/env.mk").endswith("// later\n"))

    def test_edited(self) -> None:
        """An edited staff file is replaced, reported, and kept aside under an
        unused name."""
        self.append(self.top, STAFF, "// my edit\n")
        mine = self.text(STAFF)
        self.put(self.top, f"{STAFF}.mine", "older\n")
        self.append(self.top, "kern/kbd.c", "// my edit\n")
        (self.new / "kern/kbd.c").unlink()
        out = self.updates(self.new)
        self.assertNotIn("my edit", self.text(STAFF))
        self.assertEqual(self.text(f"{STAFF}.mine"), "older\n")
        self.assertEqual(self.text(f"{STAFF}.mine.2"), mine)
        self.assertIn("my edit", self.text("kern/kbd.c.mine"))
        self.assertFalse((self.top / "kern/kbd.c").exists())
        for name, copy in ((STAFF, f"{STAFF}.mine.2"),
                           ("kern/kbd.c", "kern/kbd.c.mine")):
            self.assertIn(f"{name} is the staff's and had been edited: your "
                          f"version is now {copy}\n", out)

    def test_missing(self) -> None:
        """Files that the student deleted come back, of either kind."""
        for name in (STAFF, OURS, "labs/exercises.json", "grade-lab2"):
            (self.top / name).unlink()
        out = self.updates(self.new)
        for name in (STAFF, OURS, "labs/exercises.json", "grade-lab2"):
            self.assertEqual((self.top / name).read_bytes(),
                             (self.new / name).read_bytes())
            self.assertIn(f"{name} was missing", out)

    def test_later_lab(self) -> None:
        """A later lab's exercises come in new files; files change hands."""
        listed = json.loads((self.new / exercises.LIST).read_text())
        for name in ("kern/later.c", "kern/fork.c", STAFF):
            listed.append({"id": f"lab5.{Path(name).stem}", "lab": 5,
                           "file": name, "title": "x"})
        self.put(self.new, exercises.LIST, json.dumps(listed))
        self.put(self.new, "kern/later.c", 'TODO("lab5.sched");\n')
        self.put(self.new, "kern/fork.c", 'TODO("lab5.fork");\n')
        self.put(self.top, "kern/fork.c", "my own\n")
        self.append(self.new, STAFF, 'TODO("lab5.init");\n')
        out = self.updates(self.new)
        self.assertIn("kern/later.c is new\n", out)
        self.assertIn("kern/fork.c is yours and stays", out)
        self.assertEqual(self.text("kern/fork.c"), "my own\n")
        self.assertIn("lab5.init", self.text(STAFF))
        self.put(self.top, STAFF, "done\n")
        self.updates(self.new)
        self.assertEqual(self.text(STAFF), "done\n")

    def test_no_record(self) -> None:
        """Without a correct record, nothing is lost either."""
        self.append(self.new, STAFF, "// later\n")
        for number, text in enumerate(("", "../x\n", "0" * 64 + "  ../out\n")):
            with self.subTest(text):
                self.put(self.top, release.RECORD, text)
                if not text:
                    (self.top / release.RECORD).unlink()
                self.put(self.top, STAFF, f"my {number}\n")
                self.put(self.top, OURS, f"my {number}\n")
                out = self.updates(self.new)
                self.assertIn("every file that differs counts as edited", out)
                self.assertEqual(self.text(OURS), f"my {number}\n")
                copy = f"{STAFF}.mine" + (f".{number + 1}" if number else "")
                self.assertEqual(self.text(copy), f"my {number}\n")

    def test_urls(self) -> None:
        """A release comes from a repository by address too, bare or not, and
        then it is what was committed."""
        self.append(self.new, STAFF, "// later\n")
        run(["git", "-c", "user.name=x", "-c", "user.email=x", "commit", "-qam",
             "later"], self.new)
        self.append(self.new, STAFF, "// not committed\n")
        run(["git", "clone", "-q", "--bare", "release", "bare.git"], self.dir)
        given = (self.top / STAFF).read_bytes()
        for source in (f"file://{self.new}", self.dir / "bare.git"):
            with self.subTest(source):
                self.assertIn("1 files replaced", self.updates(source))
                self.assertTrue(self.text(STAFF).endswith("// later\n"))
                (self.top / STAFF).write_bytes(given)
                shutil.copyfile(self.room / "tree" / release.RECORD,
                                self.top / release.RECORD)
        self.updates(self.new)
        self.assertTrue(self.text(STAFF).endswith("// not committed\n"))

    def test_unpacked(self) -> None:
        """Neither tree needs git, and what was built is not taken."""
        for top in (self.new, self.top):
            shutil.rmtree(top / ".git")
        for name in ("obj/kern/kernel", "tools/__pycache__/x.pyc",
                     "kern/env.c.new", "lab2-handin.tar.gz"):
            self.put(self.new, name, "x")
        self.append(self.new, STAFF, "// later\n")
        before = set(snapshot(self.top))
        self.assertNotIn("committed", self.updates(self.new))
        self.assertEqual(set(snapshot(self.top)), before)

    def test_complete(self) -> None:
        """The complete tree is rendered first: nothing of its solutions comes
        along, and the lab in progress stays."""
        self.put(self.top, STAFF, "mine\n")
        (self.top / OURS).unlink()
        self.put(self.top, release.RECORD, "".join(
            line for line in self.text(release.RECORD).splitlines(True)
            if OURS not in line))
        ours = snapshot(self.top)
        status, _, err = self.update(TOP)
        self.assertEqual((status, err), (0, ""))
        self.assertIn('TODO("lab3.env_init");', self.text(OURS))
        fresh = snapshot(self.room / "tree")
        now = snapshot(self.top)
        self.assertEqual(set(now) - set(ours), {OURS, f"{STAFF}.mine"})
        for name, data in fresh.items():
            if not name.startswith(".git/"):
                self.assertEqual(now[name], data, name)

    def test_solutions(self) -> None:
        """A tree with solutions that cannot be rendered is refused."""
        self.put(self.new, "kern/more.c", f"// {AT}solution lab1.x\n")
        self.refuses(self.new, "not for students", "kern/more.c")
        (self.new / "kern/more.c").unlink()
        self.put(self.new, "labs/lab1/answers/right/x.c", "x\n")
        self.refuses(self.new, "not for students", "answers/right/x.c")
        shutil.rmtree(self.new / "labs/lab1/answers")
        self.put(self.new, "tools/handout.py", "raise SystemExit('no way')\n")
        self.refuses(self.new, "cannot render", "no way")

    def test_bad_from(self) -> None:
        """A source that is not a release is refused in one line."""
        (self.dir / "empty").mkdir()
        self.put(self.dir, "file", "x\n")
        for source, said in (
                ("", "say where from"), (self.dir / "none", "no such folder"),
                (self.dir / "empty", "no tree of this lab"),
                (self.dir / "file", "cannot fetch"),
                (self.top, "this tree itself"), ("--help", "usage"),
                ("http://127.0.0.1:9/lab.git", "cannot fetch"),
                (f"file://{self.dir}/none.git", "cannot fetch")):
            with self.subTest(source):
                self.refuses(source, said)
        (self.new / OURS).unlink()
        self.refuses(self.new, "not whole", OURS)
        self.put(self.new, exercises.LIST, "[1]")
        self.refuses(self.new, "exercises.json")

    def test_links(self) -> None:
        """Nothing is read or written through a link; obstacles are refused."""
        for name in (STAFF, OURS):
            for kind in ("link", "pipe", "folder"):
                with self.subTest(name, kind=kind):
                    self.append(self.new, STAFF, "// later\n")
                    self.replace_by(name, kind)
                    self.refuses(self.new, name, "refused")
                    shutil.rmtree(self.top)
                    shutil.copytree(self.room / "tree", self.top)
        (self.top / "kern").rename(self.dir / "away")
        (self.top / "kern").symlink_to(self.dir / "away")
        self.refuses(self.new, "kern is a symbolic link")
        (self.top / "kern").unlink()
        (self.dir / "away").rename(self.top / "kern")
        (self.top / update.ROOM).symlink_to(self.dir)
        with self.assertRaises(AssertionError):  # it stays, unharmed
            self.refuses(self.new)
        self.assertTrue((self.top / update.ROOM).is_symlink())
        (self.top / update.ROOM).unlink()
        (self.new / "kern/link.h").symlink_to("/etc/passwd")
        self.refuses(self.new, "kern/link.h is a symbolic link")

    def test_complete_here(self) -> None:
        """The complete tree does not update itself."""
        self.put(self.top, "tools/handout.py", "")
        self.refuses(self.new, "complete tree")

    def test_full_disk(self) -> None:
        """A failure before the first file is replaced changes nothing."""
        self.append(self.new, STAFF, "// later\n")
        error = OSError(28, "No space left on device")
        with mock.patch.object(update, "prepare", side_effect=error):
            self.refuses(self.new, "No space left on device")
        with mock.patch.object(os, "access", return_value=False):
            self.refuses(self.new, "cannot write in")
        with mock.patch.object(update, "read_release",
                               side_effect=KeyboardInterrupt):
            self.refuses(self.new, "interrupted, and nothing was changed")

    def test_cut_off(self) -> None:
        """If it is killed after any number of replaced files, a second run
        finishes it; no edit is lost or kept twice."""
        self.append(self.top, STAFF, "// my edit\n")
        edit = (self.top / STAFF).read_bytes()
        self.put(self.top, OURS, "my env\n")
        for name in (STAFF, OURS, "kern/panic.c", "lib/string.c"):
            self.append(self.new, name, "// later\n")
        (self.new / "kern/kbd.c").unlink()
        (self.dir / "start").mkdir()
        shutil.copytree(self.top, self.dir / "start/tree")
        self.updates(self.new)
        wanted = snapshot(self.top)
        real = os.replace
        steps = 6  # .mine, .new, three files, the record
        for number in range(steps + 1):
            left = iter(range(number))

            def replace(old: Path, new: Path) -> None:
                if next(left, None) is None:
                    raise KeyboardInterrupt  # as good as SIGKILL
                real(old, new)

            with self.subTest(number):
                shutil.rmtree(self.top)
                shutil.copytree(self.dir / "start/tree", self.top)
                with mock.patch.object(os, "replace", replace):
                    self.assertEqual(self.update(self.new)[0],
                                     int(number < steps))
                self.assertIn(edit, snapshot(self.top).values())
                self.assertEqual(self.update(self.new)[0], 0)
                self.assertEqual(snapshot(self.top), wanted)

    def test_signals(self) -> None:
        """ctrl-c while files are replaced does no harm."""
        self.append(self.new, STAFF, "// later\n")
        real = update.remove

        def remove(top: Path, names: List[str]) -> None:
            for number in update.SIGNALS:
                os.kill(os.getpid(), number)
            real(top, names)

        with mock.patch.object(update, "remove", remove):
            self.updates(self.new)
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_two(self) -> None:
        """Two updates at the same time do not interfere."""
        real = update.fetch
        told = []

        def fetch(source: str, top: Path, room: Path) -> Path:
            if not told:
                told.append(subprocess.run(
                    [sys.executable, str(self.top / "tools/update.py"), source],
                    stderr=subprocess.PIPE, text=True, check=False))
            return real(source, top, room)

        with mock.patch.object(update, "fetch", fetch):
            self.assertEqual(self.update(self.new)[0], 0)
        self.assertEqual((told[0].returncode, told[0].stderr),
                         (1, "update: another update is at work here\n"))

    def test_lock_on_nfs(self) -> None:
        """The lock works on NFS: its file is open for writing."""
        real = fcntl.flock

        def flock(handle: int, what: int) -> None:
            opened = fcntl.fcntl(handle, fcntl.F_GETFL)
            if opened & os.O_ACCMODE != os.O_RDWR:
                raise OSError(errno.EBADF, "Bad file descriptor")
            taken.append(handle)
            real(handle, what)

        taken: List[int] = []
        self.append(self.new, STAFF, "// later\n")
        with mock.patch.object(fcntl, "flock", flock):
            self.updates(self.new)
        self.assertEqual(len(taken), 2)

    def test_no_locks(self) -> None:
        """On a file system without locks, it works without one."""
        for number, code in enumerate((errno.EOPNOTSUPP, errno.ENOLCK,
                                       errno.EBADF, errno.EACCES)):
            fault = OSError(code, os.strerror(code))
            self.append(self.new, STAFF, f"// later: {number}\n")
            with mock.patch.object(fcntl, "flock", side_effect=fault):
                self.assertIn("1 files replaced", self.updates(self.new))

    def test_leftovers(self) -> None:
        """Files left by an interrupted update do no harm."""
        self.put(self.top, f"{update.ROOM}/ready/deep/file", "x")
        self.put(self.top, f"{update.ROOM}/file", "x")
        self.put(self.top, f"{update.ROOM}/{update.LOCK}", "")
        (self.top / update.ROOM / "link").symlink_to(self.dir)
        self.append(self.new, STAFF, "// later\n")
        self.assertIn("1 files replaced", self.updates(self.new))
        self.assertTrue(self.new.is_dir())

    def test_make(self) -> None:
        """make update works even in a broken tree."""
        self.append(self.new, STAFF, "// it's later\n")
        for path in self.top.glob("grade-lab*"):
            path.unlink()
        odd = self.dir / "it's a release"
        self.new.rename(odd)
        done = make("update", f"FROM={odd}", cwd=self.top)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("5 files replaced or added", done.stdout)
        self.assertIn("say where from", make("update", cwd=self.top).stdout)


class HandingIn(Student):
    def grader(self, status: int = 1, text: Tuple[str, ...] = (),
               more: str = "") -> None:
        """Puts a grader there that builds and runs nothing."""
        self.put(self.top, "grade-lab2", GRADER.format(
            status=status, text=list(text), more=more))

    def handin(self, lab: object = 2) -> Tuple[int, str, str]:
        """Runs the tool as make does, since it shows the grader's output."""
        done = subprocess.run(
            [sys.executable, "tools/handin.py", str(lab)], cwd=self.top,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            check=False)
        self.assertEqual(list(self.top.glob(".handin-*")), [])
        return done.returncode, done.stdout, done.stderr

    def archive(self) -> bytes:
        return (self.top / "lab2-handin.tar.gz").read_bytes()

    def refuses(self, *said: str) -> None:
        """Nothing is packed, and the reason is printed."""
        status, _, err = self.handin()
        self.assertEqual(status, 1)
        for text in said:
            self.assertIn(text, err)
        self.assertTrue(err.endswith("handin: nothing was packed\n"), err)
        self.assertNotIn("Traceback", err)
        self.assertFalse((self.top / "lab2-handin.tar.gz").exists())

    def test_packed(self) -> None:
        """The archive has the student's files and the report, as plain files
        in one folder, whatever the score."""
        self.put(self.top, OURS, "my env\n")
        for status in (0, 1):
            self.grader(status)
            code, out, err = self.handin()
            self.assertEqual((code, err), (0, ""))
            self.assertIn("Score: 3/5\n", out)
            self.assertLess(out.index("Score"), out.index("lab2-handin.tar.gz"))
        names = exercises.files_of(exercises.load_exercises(self.top))
        with tarfile.open(fileobj=io.BytesIO(self.archive())) as archive:
            self.assertEqual(sorted(entry.name for entry in archive), sorted(
                f"lab2-handin/{name}" for name in
                [*names, "grade.txt", "grade.json"]))
            for entry in archive:
                self.assertTrue(entry.isfile())
                self.assertEqual((entry.mtime, entry.uid, entry.mode,
                                  entry.uname), (0, 0, 0o644, ""))
            read = {entry.name.partition("/")[2]: archive.extractfile(entry)
                    for entry in archive}
            found = {name: file.read() for name, file in read.items() if file}
        self.assertEqual(found[OURS], b"my env\n")
        self.assertEqual(json.loads(found["grade.json"])["score"], 3)
        self.assertIn(b"two: FAIL", found["grade.txt"])

    def test_same(self) -> None:
        """The same files and report make the same archive, at any time and
        with any modes; others make another."""
        self.grader()
        self.assertEqual(self.handin()[0], 0)
        first = self.archive()
        self.assertEqual(first[4:8], bytes(4), "gzip's own time stamp")
        (self.top / OURS).chmod(0o600)
        os.utime(self.top / OURS, (1, 1))
        self.assertEqual(self.handin()[0], 0)
        self.assertEqual(self.archive(), first)
        self.append(self.top, OURS, "// more\n")
        self.assertEqual(self.handin()[0], 0)
        self.assertNotEqual(self.archive(), first)

    def test_untrue_score(self) -> None:
        """Without a true score it is packed, with a warning and a status."""
        for status, text, said in (
                (1, ("the kernel does not compile",), "does not compile"),
                (2, (), "could not do its work")):
            self.grader(status, text)
            code, _, err = self.handin()
            self.assertEqual(code, 2)
            self.assertEqual(err.count("\n"), 1, err)
            self.assertIn("warning: packed, but", err)
            self.assertIn(said, err)
            with tarfile.open(fileobj=io.BytesIO(self.archive())) as archive:
                names = archive.getnames()
            self.assertIn("lab2-handin/grade.txt", names)
            self.assertEqual("lab2-handin/grade.json" in names, status == 1)

    def test_notes(self) -> None:
        """It warns that a changed staff file and a new source are not packed;
        settings cause no warning."""
        self.put(self.top, "kern/mine.c", "int mine;\n")
        self.append(self.top, STAFF, "// mine\n")
        self.append(self.top, "conf/env.mk", "# mine\n")
        self.grader()
        code, out, _ = self.handin()
        self.assertEqual(code, 0)
        notes = [line for line in out.splitlines() if "note:" in line]
        self.assertEqual([note.split()[2] for note in notes],
                         ["grade-lab2", STAFF, "kern/mine.c"])

    def test_junk(self) -> None:
        """Bytes that are not text are packed unchanged."""
        self.grader()
        junk = bytes(range(256)) * 9
        (self.top / OURS).write_bytes(junk)
        self.assertEqual(self.handin()[0], 0)
        with tarfile.open(fileobj=io.BytesIO(self.archive())) as archive:
            file = archive.extractfile(f"lab2-handin/{OURS}")
            assert file is not None
            self.assertEqual(file.read(), junk)

    def test_bad_trees(self) -> None:
        """A file that is missing, a link or no plain file is refused."""
        self.grader()
        for kind, said in (("none", "is missing"), ("link", "symbolic link"),
                           ("pipe", "not a plain file"),
                           ("folder", "not a plain file")):
            with self.subTest(kind):
                shutil.rmtree(self.top)
                shutil.copytree(self.room / "tree", self.top)
                self.grader()
                self.replace_by(OURS, kind)
                self.refuses(OURS, said)
        shutil.rmtree(self.top)
        shutil.copytree(self.room / "tree", self.top)
        self.grader()
        (self.top / "kern").rename(self.dir / "away")
        (self.top / "kern").symlink_to(self.dir / "away")
        self.refuses("kern is a symbolic link")

    def test_broken(self) -> None:
        """So is a tree without list or grader, or one that changes during
        grading."""
        (self.top / "grade-lab2").unlink()
        self.refuses("grade-lab2 is missing")
        self.grader(more=f"Path({OURS!r}).write_text('later')")
        self.refuses("changed while they were graded")
        (self.top / exercises.LIST).write_bytes(b"\0\xff")
        self.refuses("exercises.json")

    def test_target(self) -> None:
        """An archive that is a link is replaced, and not followed."""
        self.grader()
        self.put(self.dir, "outside", "outside\n")
        target = self.top / "lab2-handin.tar.gz"
        target.symlink_to(self.dir / "outside")
        self.assertEqual(self.handin()[0], 0)
        self.assertFalse(target.is_symlink())
        self.assertEqual((self.dir / "outside").read_text(), "outside\n")
        target.unlink()
        target.mkdir()
        code, _, err = self.handin()
        self.assertEqual(code, 1)
        self.assertTrue(err.endswith("Is a directory\nhandin: nothing was "
                                     "packed\n"), err)

    def test_class_grading(self) -> None:
        """The archive is what class grading needs: the grader of a clean tree
        finds the student's files in it, and that they do not compile."""
        self.grader()
        self.put(self.top, "lib/libmain.c", "#error not yet\n")
        self.assertEqual(self.handin()[0], 0)
        with tarfile.open(fileobj=io.BytesIO(self.archive())) as archive:
            archive.extractall(self.dir)
        clean = str(self.room / "tree")
        done = run_any(sys.executable, f"{clean}/grade-lab2", "--pristine", clean,
                       cwd=self.dir / "lab2-handin")
        self.assertEqual(done.returncode, 1, tail(done.stdout))
        self.assertIn("#error not yet", done.stdout)
        self.assertIn("Score: 0/70", done.stdout)

    def test_make(self) -> None:
        """make handin packs a kernel that does not compile, and says so."""
        self.put(self.top, "lib/libmain.c", "#error not yet\n")
        done = make("handin", cwd=self.top)
        self.assertEqual(done.returncode, 2, tail(done.stdout))
        self.assertIn("Score: 0/70", done.stdout)
        self.assertIn("packed, but the kernel does not compile", done.stdout)
        self.assertTrue((self.top / "lab2-handin.tar.gz").is_file())
        self.assertNotIn("handin", run(["git", "status", "--short"], self.top))


class ToDo(Student):
    def todo(self, *labs: int) -> Tuple[int, List[str], str]:
        return self.todo_in(self.top, *labs)

    def todo_in(self, top: Path, *words: object) -> Tuple[int, List[str], str]:
        """Runs the tool as make does: it reads the grader of its own tree."""
        done = subprocess.run(
            [sys.executable, "tools/todo.py", *map(str, words)], cwd=top,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            check=False)
        return done.returncode, done.stdout.splitlines(), done.stderr

    def solve(self, *names: str, line: str = "done();") -> None:
        """Puts something in place of exercises' TODO()."""
        for exercise in exercises.load_exercises(self.top):
            if exercise.name in names or not names:
                text = self.text(exercise.file)
                self.put(self.top, exercise.file,
                         text.replace(f'TODO("{exercise.id}");', line))

    def state(self, name: str, *labs: int) -> str:
        """The state of an exercise in the list."""
        _, lines, _ = self.todo(*(labs or (1, 2, 3, 4)))
        return [line.split()[0] for line in lines
                if name in line.split()[2:3]][0]

    def test_list(self) -> None:
        """All exercises of the lab are there in order, with their points, and
        the first that is to do, of an earlier lab too."""
        status, lines, err = self.todo(2)
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(lines[:2], [
            "Lab 1: 0 of 3 exercises done",
            "Lab 2: 0 of 12 exercises done, with 0 of 70 points"])
        listed = [line.split()[:3] for line in lines[2:14]]
        self.assertEqual([name for _, _, name in listed], [
            exercise.name for exercise in exercises.load_exercises(TOP)
            if exercise.lab == 2])
        self.assertEqual({state for state, _, _ in listed}, {"TODO"})
        self.assertEqual(sum(int(points) for _, points, _ in listed
                             if points != "-"), 70)
        number = 1 + self.text("lib/octal.c").split("\n").index(
            '\tTODO("lab1.printfmt_octal");')
        self.assertEqual(lines[15:], [
            f"Next: lab1.printfmt_octal at lib/octal.c:{number}",
            "      read labs/lab1/README.md#printfmt_octal"])

    def test_progress(self) -> None:
        """Finished exercises are shown as done, up to the last one."""
        self.solve("printfmt_octal", "mon_backtrace", "debuginfo_line",
                   "boot_alloc", "page_free")
        _, lines, _ = self.todo(2)
        self.assertRegex(lines[0], r"Lab 2: 2 of 12 exercises done, with "
                         r"[1-9]\d* of 70 points")
        self.assertEqual([line.split()[0] for line in lines[1:6]],
                         ["done", "TODO", "TODO", "done", "TODO"])
        self.assertIn("Next: lab2.page_init at kern/pmap.c:", lines[-2])
        self.solve()
        _, lines, _ = self.todo(2)
        self.assertIn("12 of 12 exercises done, with 70 of 70 points", lines[0])
        self.assertIn("Nothing is left to do", lines[-1])

    def test_marks(self) -> None:
        """A comment is no TODO(); one with blanks in it is; the line above it
        does not count."""
        for line, state in (('// TODO("lab2.page_init");', "done"),
                            ('/*\n\tTODO("lab2.page_init"); */ x();', "done"),
                            ('TODO( "lab2.page_init" );', "TODO"),
                            ('/* x */ TODO ("lab2.page_init");', "TODO")):
            with self.subTest(line):
                self.solve("page_init", line=line)
                self.assertEqual(self.state("page_init"), state)
                shutil.copyfile(self.room / "tree/kern/pmap.c",
                                self.top / "kern/pmap.c")

    def test_assembly(self) -> None:
        """In assembly the exercise's line counts, until code follows it."""
        self.assertEqual(self.state("irq_entry"), "TODO")
        given = self.text("kern/irqentry.S")
        self.append(self.top, "kern/irqentry.S", "// not yet\n\n")
        self.assertEqual(self.state("irq_entry"), "TODO")
        self.append(self.top, "kern/irqentry.S", "\tnop\n")
        self.assertEqual(self.state("irq_entry"), "done")
        self.put(self.top, "kern/irqentry.S", given.replace(
            "// Exercise lab4.irq_entry: your code here.\n", ""))
        self.assertEqual(self.state("irq_entry"), "done")

    def test_complete(self) -> None:
        """In the complete tree, all is done and all points are there."""
        status, lines, err = self.todo_in(TOP, 1, 2, 3, 4)
        self.assertEqual((status, err), (0, ""))
        self.assertFalse([line for line in lines if "TODO" in line])
        for full in (50, 70, 80, 80):
            self.assertIn(f"with {full} of {full} points", "\n".join(lines))

    def test_bad_files(self) -> None:
        """Unreadable files are reported, and the rest is listed."""
        for kind, said in (("none", f"{OURS} is missing"),
                           ("link", f"{OURS} is a symbolic link: refused"),
                           ("pipe", f"{OURS} is not a plain file: refused"),
                           ("junk", f"{OURS} has bytes in it that are no text")):
            with self.subTest(kind):
                shutil.rmtree(self.top)
                shutil.copytree(self.room / "tree", self.top)
                self.replace_by(OURS, kind)
                if kind == "junk":
                    (self.top / OURS).write_bytes(bytes(range(256)))
                status, lines, err = self.todo(3)
                self.assertEqual((status, err, lines[-1]), (1, "", said))
                self.assertEqual(self.state("env_init"), "?")
                self.assertEqual(self.state("trap_init"), "TODO")

    def test_latin(self) -> None:
        """A comment in another encoding does not matter."""
        path = self.top / "kern/pmap.c"
        path.write_bytes(b"// caf\xe9 \xff\r\n" + path.read_bytes())
        self.assertEqual(self.todo(2)[0], 0)
        self.assertEqual(self.state("page_init"), "TODO")

    def test_bad_tree(self) -> None:
        """Without its grader the lab has no points, and without its list of
        exercises there is nothing to say."""
        self.put(self.top, "grade-lab2", "import nonsense\n")
        status, lines, err = self.todo(2)
        self.assertEqual((status, lines[1]), (1, "Lab 2: 0 of 12 exercises done"))
        self.assertEqual(lines[2].split()[:3], ["TODO", "?", "boot_alloc"])
        self.assertIn("the grader of lab 2 cannot be read", err)
        for text in ("", "[{}]", "[1]", '[{"id": 1, "lab": 2, "file": "x", '
                     '"title": "x"}]', '[{"id": "lab2.x", "lab": 2, "file": '
                     '"../x", "title": "x"}]'):
            self.put(self.top, exercises.LIST, text)
            status, lines, err = self.todo(2)
            self.assertEqual((status, lines, err.count("\n")), (1, [], 1), err)
        self.assertEqual(self.todo_in(self.top, "x")[0], 1)

    def test_make(self) -> None:
        """make todo needs no compiler."""
        done = make("todo", "CC=false", cwd=self.top)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Next: lab1.printfmt_octal", done.stdout)
        self.assertFalse((self.top / "obj").exists())


if __name__ == "__main__":
    unittest.main()
