"""How make behaves: rebuilding, refusing, cleaning up after itself."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Dict, List

from support import Done, clean_environment, copy_tree, make, run, tail

# Works in copies of the tree, so that it may run beside other parts.
APART = True

# What make itself prints besides the one line with the error.
MAKE_NOISE = re.compile(r"make(\[\d+\])?: ")
TARGETS = (
    "clean qemu qemu-nox qemu-gdb qemu-nox-gdb gdb print-qemu print-gdbport grade"
    " run-NAME run-NAME-nox run-NAME-gdb run-NAME-nox-gdb prep-NAME setup check bench"
    " replay-TEST explain memmap"
    " todo handin update"
).split()
VARIABLES = "LAB CPUS QEMU GCCPREFIX QEMUEXTRA GDBPORT V".split()


def steps(done: Done) -> List[str]:
    """The steps make has done, such as `cc kern/pmap.c`."""
    return [line[2:] for line in done.stdout.splitlines() if line.startswith("+ ")]


def without(folder: Path, *patterns: str) -> Dict[str, str]:
    """A PATH with this machine's programs, except those matching a pattern."""
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for tool in Path(place).glob("*") if place else ():
            hidden = any(re.fullmatch(pattern, tool.name) for pattern in patterns)
            if not hidden and not os.path.lexists(folder / tool.name):
                (folder / tool.name).symlink_to(tool.resolve())
    if not any(re.fullmatch(pattern, "python3") for pattern in patterns):
        (folder / "python3").unlink()
        (folder / "python3").symlink_to(sys.executable)
    return {"PATH": str(folder)}


def contents(tree: Path) -> Dict[str, str]:
    """Every file of a tree and a digest of it."""
    return {str(path.relative_to(tree)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(tree.rglob("*")) if path.is_file()}


class MakeTest(unittest.TestCase):
    """One built copy of the tree for a class, in a folder with an odd name."""

    room: Path
    tree: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.room = Path(tempfile.mkdtemp(prefix="make-"))
        cls.addClassCleanup(shutil.rmtree, cls.room)
        cls.tree = copy_tree(cls.room / "my os lab")
        built = make(cwd=cls.tree)
        assert built.returncode == 0, tail(built.stdout)

    def make(self, *words: str, **variables: str) -> Done:
        return make(*words, cwd=self.tree, extra=variables)

    def assert_makes(self, *words: str) -> List[str]:
        """It succeeds; the steps it took."""
        done = self.make(*words)
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        return steps(done)

    def assert_refuses(self, done: Done, *words: str) -> None:
        """It fails with one line that holds all of `words`."""
        self.assertNotEqual(done.returncode, 0, tail(done.stdout))
        said = [line for line in done.stdout.splitlines()
                if not MAKE_NOISE.match(line) and not line.startswith("+ ")]
        self.assertEqual(len(said), 1, tail(done.stdout))
        for word in words:
            self.assertIn(word, said[0])


class Rebuilding(MakeTest):
    def touch(self, name: str) -> None:
        os.utime(self.tree / name)

    def test_nothing(self) -> None:
        """A second make does nothing."""
        self.assertEqual(self.assert_makes(), [])

    def test_header(self) -> None:
        """A touched header rebuilds what includes it, and nothing else."""
        self.touch("kern/pmap.h")
        done = self.assert_makes()
        self.assertIn("cc kern/pmap.c", done)
        self.assertNotIn("cc user/hello.c", done)
        self.assertEqual(self.assert_makes(), [])

    def test_source(self) -> None:
        """A touched source is compiled, and the image made again."""
        self.touch("kern/pmap.c")
        done = self.assert_makes()
        self.assertEqual([step for step in done if step.startswith("cc")],
                         ["cc kern/pmap.c"])
        self.assertIn("image obj/kern/kernel.img", done)

    def test_flags(self) -> None:
        """Changed flags rebuild everything, and so does changing them back."""
        for words in (("WERROR=1",), ()):
            done = self.assert_makes(*words)
            self.assertIn("cc kern/init.c", done)
            self.assertIn("cc user/hello.c", done)
            self.assertEqual(self.assert_makes(*words), [])

    def test_lab(self) -> None:
        """Another lab rebuilds nothing."""
        for lab in "123":
            self.assertEqual(self.assert_makes(f"LAB={lab}"), [])

    def test_new_program(self) -> None:
        """A new file in user/ becomes a program, until it is removed."""
        zebra = self.tree / "user/zebra.c"
        shutil.copyfile(self.tree / "user/hello.c", zebra)
        self.addCleanup(make, cwd=self.tree)
        self.addCleanup(lambda: zebra.exists() and zebra.unlink())
        self.assertIn("cc user/zebra.c", self.assert_makes())
        self.assert_makes("prep-zebra")
        zebra.unlink()
        self.assertIn("ld obj/kern/kernel", self.assert_makes())
        self.assert_refuses(self.make("prep-zebra"), "zebra")

    def test_error(self) -> None:
        """A source that does not compile stops make; once corrected, it builds."""
        source = self.tree / "kern/init.c"
        text = source.read_text()
        source.write_text(text + "#error stop here\n")
        self.assertNotEqual(self.make().returncode, 0)
        self.assertNotEqual(self.make().returncode, 0, "the second make took it")
        source.write_text(text)
        self.assertIn("cc kern/init.c", self.assert_makes())

    def test_verbose(self) -> None:
        """V=1 shows the commands."""
        self.touch("kern/pmap.c")
        done = self.make("V=1")
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.assertRegex(done.stdout, r"(?m)^\S*(gcc|clang).* -c .*kern/pmap\.c")


    def test_removed(self) -> None:
        """Anything removed from obj/ is made again, and nothing else is lost."""
        for name in ("boot/boot", "boot/boot.out", "boot/main.o", "kern/kernel",
                     "kern/kernel.img", "kern/kernel.asm", "kern/init.o",
                     "kern/kernel0", "kern/symtable0.bin", "kern/symtable1.o",
                     "lib/libjos.a", "lib/string.o", "user/hello", "user/hello.o",
                     "user/hello.img", "user/hello.sym", "user/programs.S",
                     "user/programs.o", "user/bad/badmagic.img"):
            with self.subTest(name):
                before = contents(self.tree / "obj")
                (self.tree / "obj" / name).unlink()
                self.assert_makes()
                self.assertEqual(contents(self.tree / "obj").keys(), before.keys())
        self.assertEqual(self.assert_makes(), [])

    def test_one_file(self) -> None:
        """A file of obj/ may be asked for by its name."""
        self.touch("kern/pmap.c")
        self.assertEqual(self.assert_makes("obj/kern/pmap.o"), ["cc kern/pmap.c"])
        self.assert_makes()

    def test_blank(self) -> None:
        """A copy with a blank in its name, as file managers make, is ignored."""
        for name in ("kern/pmap copy.c", "kern/check copy.c", "lib/fork (1).c",
                     "user/hello hello.c", "user/copy of yield.S"):
            path = self.tree / name
            self.addCleanup(path.unlink)
            path.write_text("#error not to be compiled\n")
        self.assertEqual(self.assert_makes(), [])

    def test_compiler_flags(self) -> None:
        """OPT replaces the level, CFLAGS add to the flags, the shell's are ignored."""
        settings = self.tree / "conf/env.mk"
        before = settings.read_text()
        self.addCleanup(settings.write_text, before)
        settings.write_text("CFLAGS += -DFROM_FILE\n")
        asked = ("V=1", "OBJDIR=obj/other", "obj/other/kern/pmap.o")
        done = self.make(*asked, CFLAGS="-DFROM_SHELL").stdout
        self.assertRegex(done, " -O1 +-DFROM_FILE ")
        self.assertNotIn("-DFROM_SHELL", done)
        done = self.make(*asked, "OPT=-Og", "CFLAGS=-DFROM_LINE").stdout
        self.assertIn(" -I. ", done)
        self.assertRegex(done, " -Og +-DFROM_LINE ")
        self.assertNotIn("-O1", done)
        shutil.rmtree(self.tree / "obj/other")


# A compiler that stops halfway, or waits for another to run beside it.
COMPILER = """\
#!/bin/sh
case " $* " in *" -c "*" kern/"*.c*) ;; *) exec gcc "$@" ;; esac
if [ -e "{room}/cut" ]; then
	for word; do [ "$before" = -o ] && echo half >"$word"; before=$word; done
	kill -9 $(sed 's/.*) . //; s/ .*//' /proc/$PPID/stat) $PPID
fi
if [ -e "{room}/meet" ]; then
	mkdir "{room}/here.$$"
	printf half- >&2
	for second in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(ls -d "{room}"/here.* | wc -l)" -gt 1 ] && break
		sleep 1
	done
	echo whole >&2
fi
exec gcc "$@"
"""


class Compiling(MakeTest):
    """What make does while compilers run."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        compiler = cls.room / "cc"
        compiler.write_text(COMPILER.format(room=cls.room))
        compiler.chmod(0o755)
        cls.words = (f"CC={compiler}", "LD=ld", "GCCPREFIX=", "image")
        assert cls.bare().returncode == 0

    @classmethod
    def bare(cls) -> Done:
        """make without -j."""
        return run("make", *cls.words, cwd=cls.tree)

    def test_cut_short(self) -> None:
        """An object that was half written when make was killed is not taken."""
        os.utime(self.tree / "kern/pmap.c")
        cut = self.room / "cut"
        cut.touch()
        self.assertNotEqual(self.bare().returncode, 0)
        cut.unlink()
        done = self.bare()
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.assertIn("cc kern/pmap.c", steps(done))

    @unittest.skipIf((os.cpu_count() or 1) < 2, "this machine has one processor")
    def test_parallel(self) -> None:
        """make compiles in parallel by itself, and no line gets mixed up."""
        meet = self.room / "meet"
        meet.touch()
        self.addCleanup(meet.unlink)
        for name in ("kern/pmap.c", "kern/env.c"):
            os.utime(self.tree / name)
        done = self.bare()
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        said = [line for line in done.stdout.splitlines() if "whole" in line]
        self.assertEqual(said, ["half-whole"] * 2)
        self.assertNotIn("half-half", done.stdout)
        self.assertLess(done.stdout.index("kern/"), done.stdout.index("half"))


class Together(MakeTest):
    """Two makes in one tree."""

    def start(self, *words: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            words, cwd=self.tree, env=clean_environment(), universal_newlines=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def hold(self) -> "subprocess.Popen[str]":
        """A process that builds until it is killed."""
        holder = self.start("python3", "tools/lock.py", "obj", "make cake",
                            "sh", "-c", "echo begun; exec sleep 1000")
        self.assertEqual(holder.stdout.readline(), "begun\n")
        return holder

    def assert_waits_for(self, waiting: "subprocess.Popen[str]",
                         holder: "subprocess.Popen[str]") -> None:
        self.assertEqual(
            waiting.stdout.readline(), "+ waiting until 'make cake' "
            f"(process {holder.pid}) has built\n")

    def test_waits(self) -> None:
        """make waits for the other, says for what, and builds when that is killed."""
        holder = self.hold()
        for words in (["image"], ["clean"], ["image"]):
            waiting = self.start("make", *words)
            self.assert_waits_for(waiting, holder)
            holder.kill()
            said, _ = waiting.communicate(timeout=120)
            self.assertEqual(waiting.returncode, 0, said)
            holder = self.hold()

    def test_lock_removed(self) -> None:
        """A make that waited for a lock that was removed takes the new one."""
        first = self.hold()
        waiting = self.start("make", "image")
        self.assert_waits_for(waiting, first)
        (self.tree / "obj/lock").unlink()
        second = self.hold()
        first.kill()
        self.assert_waits_for(waiting, second)
        second.kill()
        said, _ = waiting.communicate(timeout=120)
        self.assertEqual(waiting.returncode, 0, said)

    def test_no_locks(self) -> None:
        """On a file system without locks, make builds without one."""
        script = ("import fcntl, errno, sys\n"
                  "sys.path.insert(0, '.')\n"
                  "from tools import lock\n"
                  "def flock(fd, how):\n"
                  "    raise OSError(errno.ENOLCK, 'No locks available')\n"
                  "fcntl.flock = flock\n"
                  "sys.exit(lock.main(['obj', 'make x', 'echo', 'built']))\n")
        done = run("python3", "-c", script, cwd=self.tree)
        self.assertEqual(done.stdout, "built\n")

    def test_edit(self) -> None:
        """After an edit, make and make grade at once both do what they should."""
        for _ in range(3):
            os.utime(self.tree / "inc/env.h")
            both = [self.start("make", "image"), self.start("make", "LAB=1", "grade")]
            for process in both:
                said, _ = process.communicate(timeout=300)
                self.assertEqual(process.returncode, 0, tail(said))


class Arguments(MakeTest):
    """The arguments that make passes to the kernel in the disk image."""

    def assert_hands_over(self, words: List[str], arguments: str) -> None:
        self.assert_makes(*words)
        shown = run("tools/bootargs.py", "obj/kern/kernel.img", cwd=self.tree)
        self.assertEqual(shown.stdout, arguments + "\n")

    def test_program(self) -> None:
        """prep-NAME names the program, and the last lab when none is set."""
        self.assert_hands_over(["prep-hello"], "lab=4 init=hello")

    def test_lab(self) -> None:
        """LAB is passed on from the command line and from conf/lab.mk."""
        self.assert_hands_over(["prep-hello", "LAB=2"], "lab=2 init=hello")
        conf = self.tree / "conf/lab.mk"
        text = conf.read_text()
        conf.write_text("LAB ?= 1\n")
        self.assert_hands_over(["prep-hello"], "lab=1 init=hello")
        self.assert_hands_over(["prep-hello", "LAB=2"], "lab=2 init=hello")
        conf.write_text(text)

    def test_arguments(self) -> None:
        """ARGS reach the program in their order."""
        self.assert_hands_over(["prep-testargs", "ARGS=one two three"],
                               "lab=4 init=testargs -- one two three")

    def test_too_long(self) -> None:
        """Arguments that do not fit are refused."""
        self.assert_refuses(self.make("prep-hello", "ARGS=" + "x" * 600), "511")


class Refusing(MakeTest):
    def test_unknown_lab(self) -> None:
        """An unknown LAB is refused, and the existing ones are listed."""
        for words in (("LAB=9",), ("grade", "LAB=9"), ("LAB=x", "qemu-nox")):
            with self.subTest(words):
                self.assert_refuses(self.make(*words), "lab", "1 2 3")

    def test_unknown_program(self) -> None:
        """run-nosuch and similar goals are refused, and the programs are listed."""
        for target in ("run-nosuch", "run-nosuch-nox", "run-nosuch-gdb",
                       "run-nosuch-nox-gdb", "prep-nosuch"):
            with self.subTest(target):
                self.assert_refuses(self.make(target), "nosuch", "hello")

    def test_object_folder(self) -> None:
        """A folder for objects that cannot be written is refused."""
        self.assert_refuses(self.make("OBJDIR=LICENSE/obj"), "cannot write",
                            "LICENSE/obj")

    def test_missing_tools(self) -> None:
        """A tool that is missing is named, and how to get it."""
        compilers = r".*(gcc|clang|cc)(-[\d.]+)?"
        cases = {
            "compiler": ("all", compilers), "python3": ("all", r"python[\d.]*"),
            "perl": ("all", r"perl.*"), "qemu-system-i386": ("qemu-nox", r"qemu.*"),
            "gdb": ("gdb", r"gdb.*"),
        }
        for number, (name, (target, pattern)) in enumerate(cases.items()):
            with self.subTest(name):
                variables = without(self.room / f"path{number}", pattern)
                self.assert_refuses(self.make(target, **variables), name, "make setup")

    def test_link_time(self) -> None:
        """Optimisation at link time is refused, with the reason."""
        self.assert_refuses(self.make("CFLAGS=-flto"), "-flto", "linker")
        self.assert_refuses(self.make("OPT=-O2 -flto=auto"), "-flto", "linker")

    def test_unable_compiler(self) -> None:
        """A compiler that cannot do the work is refused by name."""
        self.assert_refuses(self.make("CC=false"), "CC=false")
        self.assert_refuses(self.make("GCCPREFIX=nosuch-"), "GCCPREFIX=nosuch-")

    def test_all_well(self) -> None:
        """After all refusals the tree still builds."""
        self.assert_makes()


class Surroundings(MakeTest):
    """The tree's location, and what the machine lacks."""

    def test_no_execute_bits(self) -> None:
        """Nothing needs execute bits, which a zip archive or a file system may
        lack."""
        modes = {path: path.stat().st_mode for path in self.tree.rglob("*")
                 if path.is_file() and path.stat().st_mode & 0o111}
        self.addCleanup(lambda: [path.chmod(mode) for path, mode in modes.items()
                                 if path.exists()])
        for path, mode in modes.items():
            path.chmod(mode & ~0o111)
        for words in (["OBJDIR=obj/plain", "image"], ["LAB=1", "grade"], ["todo"],
                      ["LAB=1", "handin"], ["prep-hello"], ["setup"]):
            with self.subTest(words):
                self.assert_makes(*words)
        done = run("sh", "setup.sh", cwd=self.tree)
        self.assertEqual((done.returncode, done.stdout),
                         (0, "setup: nothing is missing\n"))

    def test_windows_checkout(self) -> None:
        """A checkout with core.autocrlf=true works."""
        first, second = self.room / "first", self.room / "second"
        copy_tree(first)
        git = ("git", "-c", "core.autocrlf=true", "-c", "user.name=x",
               "-c", "user.email=x", "-c", "init.defaultBranch=main")
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"],
                      ["clone", "-q", str(first), str(second)]):
            done = run(*git, *words, cwd=first)
            self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn(b"\r", (second / "kern/init.c").read_bytes())
        done = make("image", cwd=second)
        self.assertEqual(done.returncode, 0, tail(done.stdout))

    def test_windows_lines(self) -> None:
        """A tree whose lines end in CR LF is refused in a sentence."""
        tree = copy_tree(self.room / "windows")
        for path in tree.rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        for words in ((), ("grade", "LAB=1"), ("setup",)):
            with self.subTest(words):
                self.assert_refuses(make(*words, cwd=tree), "CR LF")

    def test_temporary_files(self) -> None:
        """The compiler is found even if TMPDIR does not exist."""
        done = self.make("OBJDIR=obj/temporary", "obj/temporary/boot/boot",
                         TMPDIR=f"{self.room}/none")
        self.assertEqual(done.returncode, 0, tail(done.stdout))

    def test_foreign_binutils(self) -> None:
        """If the binutils do not know x86, as on arm64, LLVM's are used."""
        folder = self.room / "foreign"
        folder.mkdir()
        for name in "gcc ld ar nm objcopy objdump".split():
            for prefix in ("", "x86_64-linux-gnu-", "i686-linux-gnu-"):
                tool = folder / (prefix + name)
                tool.write_text("#!/bin/sh\necho file format not recognized >&2\n"
                                "exit 1\n")
                tool.chmod(0o755)
        done = self.make("OBJDIR=obj/foreign", "CC=clang", "image",
                         "obj/foreign/boot/boot.asm",
                         PATH=f"{folder}:{os.environ['PATH']}")
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        listing = (self.tree / "obj/foreign/boot/boot.asm").read_text()
        self.assertRegex(listing, r"66 bc 00 7c 00 00 +\s*movl\s+\$31744, %esp")
        self.assertIn("no drive", listing)


class Editors(MakeTest):
    """clang's tools in this tree."""

    def test_clangd(self) -> None:
        """clangd understands files of every folder, and every header."""
        clangd = shutil.which("clangd")
        assert clangd, "clangd is missing: make setup check"
        files = ["kern/pmap.c", "kern/check/check_page.c", "lib/fork.c",
                 "user/hello.c", "boot/main.c"]
        files += [str(path.relative_to(self.tree)) for place in
                  ("inc", "kern", "lib", "user", "boot")
                  for path in (self.tree / place).rglob("*.h")]
        for name in files:
            with self.subTest(name):
                done = run(clangd, f"--check={name}", cwd=self.tree)
                self.assertIn("All checks completed", done.stdout)
                self.assertEqual(re.findall(r"(?m)^E\[[\d:.]+\] \[.*",
                                            done.stdout), [])

    def test_commands(self) -> None:
        """make writes how clang compiles each C file, whatever compiler builds
        it."""
        for compiler in ("gcc", "clang"):
            self.assert_makes(f"CC={compiler}", "OBJDIR=obj/editor",
                              "obj/editor/compile_commands.json")
            entries = json.loads(
                (self.tree / "obj/editor/compile_commands.json").read_text())
            names = [entry["file"] for entry in entries]
            self.assertEqual(sorted(names), sorted(
                str(path.relative_to(self.tree)) for place in
                ("kern", "lib", "user", "boot")
                for path in (self.tree / place).rglob("*.c")))
            for entry in entries[::10]:
                done = run(*entry["arguments"], "-fsyntax-only", "-Werror",
                           cwd=Path(entry["directory"]))
                self.assertEqual(done.returncode, 0, tail(done.stdout))


class Telling(MakeTest):
    def test_help(self) -> None:
        """make help lists the targets and the variables."""
        text = self.make("help").stdout
        words = set(re.findall(r"[\w-]+", text))
        absent = [word for word in TARGETS + VARIABLES if word not in words]
        self.assertEqual(absent, [])
        self.assertLess(max(map(len, text.splitlines())), 81)

    def test_print(self) -> None:
        """print-qemu and print-gdbport print one word each."""
        self.assertEqual(self.make("print-qemu", "QEMU=my-qemu").stdout, "my-qemu\n")
        port = int(self.make("print-gdbport").stdout)
        self.assertIn(port, range(1024, 65536))
        self.assertEqual(self.make("print-gdbport", "GDBPORT=1234").stdout, "1234\n")

    def test_emulator(self) -> None:
        """The grader starts the emulator that conf/env.mk names."""
        settings = self.tree / "conf/env.mk"
        before = settings.read_text()
        self.addCleanup(settings.write_text, before)
        settings.write_text("QEMU = /nowhere/qemu-of-mine\n")
        for target in ("grade", "handin"):
            done = self.make(target, "LAB=1")
            self.assertNotEqual(done.returncode, 0, target)
            self.assertIn("/nowhere/qemu-of-mine was not found", done.stdout)

    def test_prefix(self) -> None:
        """GCCPREFIX names the whole toolchain."""
        folder = self.room / "cross"
        folder.mkdir()
        for tool in "gcc ld ar nm objcopy objdump".split():
            found = shutil.which(tool)
            assert found, tool
            (folder / f"odd-{tool}").symlink_to(found)
        variables = {"PATH": f"{folder}:{os.environ['PATH']}"}
        done = self.make("V=1", "GCCPREFIX=odd-", "OBJDIR=obj/odd", **variables)
        self.assertEqual(done.returncode, 0, tail(done.stdout))
        for tool in "gcc ld ar nm objcopy objdump".split():
            self.assertIn(f"odd-{tool} ", done.stdout)


class Cleaning(unittest.TestCase):
    def test_clean(self) -> None:
        """Building and cleaning leave the tree as it was."""
        room = Path(tempfile.mkdtemp(prefix="clean-"))
        self.addCleanup(shutil.rmtree, room)
        tree = copy_tree(room / "tree")
        before = contents(tree)
        for words in (("all",), ("prep-hello",), ("clean",)):
            done = make(*words, cwd=tree, extra={"PYTHONDONTWRITEBYTECODE": "1"})
            self.assertEqual(done.returncode, 0, tail(done.stdout))
        self.assertEqual(contents(tree), before)
        self.assertFalse((tree / "obj").exists())


if __name__ == "__main__":
    unittest.main()
