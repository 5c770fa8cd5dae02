"""setup.sh and toolchain.sh on machines made of stubs: what they find, what
setup.sh installs, and what they say."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Dict, List

Done = subprocess.CompletedProcess
TOP = Path(__file__).resolve().parent.parent
SHELL_TOOLS = "sh dirname mktemp mkdir mv rm cp grep tr sed cat env true".split()

# The tools of a complete machine, and what our own checks also need.
BUILD_TOOLS = (
    "gcc ld ar nm objcopy objdump qemu-system-i386 gdb python3 perl make"
).split()
CHECK_TOOLS = (
    "clang ld.lld clang-format clangd shellcheck git ctags mypy ruff grub-mkrescue"
    " xorriso"
).split()

# A compiler is identified by how it expands __clang_major__ and __GNUC__.
COMPILER = """#!/bin/sh
case " $* " in *" -E "*) echo "jos VERSION" ;; esac
while [ $# -gt 0 ]; do
	[ "$1" != -o ] || echo object >"$2"
	shift
done
"""
# A tool of the binutils, which finds the only symbol.
BINUTIL = """#!/bin/sh
echo twice
for last; do :; done
case ${0##*/} in *objcopy*) echo image >"$last" ;; esac
"""
# LLVM's objdump, which has its own options for 16-bit code.
LLVM_OBJDUMP = """#!/bin/sh
case $* in *i8086*) exit 1 ;; esac
echo twice
"""
PLAIN = """#!/bin/sh
exit 0
"""
BROKEN = """#!/bin/sh
exit 1
"""
MANAGER = """#!/bin/sh
echo "${0##*/} $*" >>"$LOG"
case " $* " in
*" update "* | *" -Sy "*) exit "$UPDATE_STATUS" ;;
esac
if [ "$INSTALL_STATUS" = once ] && ! grep -q Sy "$LOG"; then exit 1; fi
[ "$INSTALL_STATUS" = once ] || [ "$INSTALL_STATUS" = 0 ] || exit "$INSTALL_STATUS"
cp "$STORE"/* "$BIN"
mkdir -p "$BIN/../lib/grub/i386-pc"
"""
# apt-cache search --names-only '^KIND-[0-9]+$'; with LISTS set only after an update.
OFFERS = """#!/bin/sh
[ -z "${LISTS-}" ] || grep -q update "$LOG" 2>/dev/null || exit 0
kind=${3%%-*}
for name in gcc-9 gcc-12 clang-9 clang-19 clang-14; do
	[ "^${name%-*}" != "$kind" ] || echo "$name - compiler"
done
"""
SUDO = """#!/bin/sh
echo "sudo $*" >>"$LOG"
[ "$SUDO_STATUS" = 0 ] || exit "$SUDO_STATUS"
SUDO_STATUS=0 exec "$@"
"""

CTAGS = """#!/bin/sh
echo Universal Ctags
"""
INSTALLS = {
    "apt-get": "apt-get install -y --no-install-recommends"
    " gcc binutils qemu-system-x86 gdb python3 perl make",
    "dnf": "dnf install -y"
    " gcc binutils qemu-system-x86-core gdb python3 perl-interpreter make",
    "pacman": "pacman -S --needed --noconfirm"
    " gcc binutils qemu-system-x86 gdb python perl make",
    "zypper": "zypper --non-interactive install"
    " gcc binutils qemu-x86 gdb python3 perl make",
    "apk": "apk add -U gcc binutils qemu-system-i386 gdb python3 perl make",
    "brew": "brew install"
    " i686-elf-gcc i686-elf-binutils qemu i386-elf-gdb python3 perl make",
}
CHECK_PACKAGES = {
    "apt-get": " clang lld clang-format clangd shellcheck git universal-ctags mypy"
    " grub-common grub-pc-bin xorriso",
    "dnf": " clang lld clang-tools-extra ShellCheck git-core"
    " ctags python3-mypy ruff grub2-tools-extra grub2-pc-modules xorriso",
    "pacman": " clang lld shellcheck git ctags mypy ruff grub libisoburn",
    "zypper": " clang lld /usr/bin/clang-format /usr/bin/clangd ShellCheck git"
    " ctags python3-mypy grub2 grub2-i386-pc xorriso",
    "apk": " clang lld cmd:clang-format cmd:clangd shellcheck git"
    " ctags py3-mypy ruff grub grub-bios xorriso",
    "brew": " llvm lld clang-format shellcheck git universal-ctags mypy ruff",
}


BINUTILS = ("ar", "nm", "objcopy", "objdump")
GCC, CLANG = "__clang_major__ 12", "14 4"


def compiler(version: str) -> str:
    """The stub of a compiler that has this version."""
    return COMPILER.replace("VERSION", version)


def text_of(tool: str) -> str:
    """The stub that stands for a tool."""
    if tool.endswith(BINUTILS):
        return BINUTIL
    if tool == "ctags":
        return CTAGS
    return (compiler(GCC) if tool.endswith("gcc") else
            compiler(CLANG) if tool.endswith("clang") else PLAIN)


def write_stub(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)


class SetupTest(unittest.TestCase):
    """A machine with nothing but a shell; each test adds what it needs."""

    def setUp(self) -> None:
        self.room = Path(tempfile.mkdtemp(prefix="setup-"))
        self.addCleanup(shutil.rmtree, self.room)
        self.bin = self.room / "bin"
        self.store = self.room / "store"
        self.temporary = self.room / "tmp"
        for folder in (self.bin, self.store, self.temporary):
            folder.mkdir()
        for tool in SHELL_TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(os.path.realpath(found))
        self.user(0)
        self.processor("x86_64")
        for tool in BUILD_TOOLS + CHECK_TOOLS:
            write_stub(self.store, tool, text_of(tool))
        self.variables: Dict[str, str] = {
            "PATH": str(self.bin), "TMPDIR": str(self.temporary),
            "LOG": str(self.room / "log"), "BIN": str(self.bin),
            "STORE": str(self.store), "UPDATE_STATUS": "0",
            "INSTALL_STATUS": "0", "SUDO_STATUS": "0",
        }

    def user(self, uid: int) -> None:
        write_stub(self.bin, "id", f"#!/bin/sh\necho {uid}\n")

    def processor(self, name: str) -> None:
        write_stub(self.bin, "uname", f"#!/bin/sh\necho {name}\n")

    def give(self, *tools: str) -> None:
        for tool in tools:
            write_stub(self.bin, tool, text_of(tool))

    def manager(self, name: str) -> None:
        write_stub(self.bin, name, MANAGER)

    def sudo(self) -> None:
        write_stub(self.bin, "sudo", SUDO)

    def log(self) -> List[str]:
        path = self.room / "log"
        return path.read_text().splitlines() if path.exists() else []

    def run_script(self, script: Path, *arguments: str) -> Done:
        done = subprocess.run(
            [str(self.bin / "sh"), str(script), *arguments],
            env=self.variables, stdin=subprocess.DEVNULL, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(os.listdir(self.temporary), [], "scratch files left")
        return done

    def setup(self, *arguments: str) -> Done:
        return self.run_script(TOP / "setup.sh", *arguments)

    def assert_dies(self, done: Done, *words: str) -> None:
        """It failed with exactly one line of complaint, which contains `words`."""
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)


class NothingMissing(SetupTest):
    def setUp(self) -> None:
        super().setUp()
        self.give(*BUILD_TOOLS)
        self.manager("apt-get")

    def assert_idle(self, *arguments: str) -> None:
        done = self.setup(*arguments)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (0, "setup: nothing is missing\n", ""))
        self.assertEqual(self.log(), [])

    def test_complete(self) -> None:
        """On a complete machine it prints one line and runs nothing."""
        self.assert_idle()

    def test_complete_for_checks(self) -> None:
        """--check on a complete machine does nothing either."""
        self.give(*CHECK_TOOLS)
        (self.room / "lib/grub/i386-pc").mkdir(parents=True)
        self.assert_idle("--check")

    def test_clang_alone(self) -> None:
        """clang with lld is as good as gcc."""
        (self.bin / "gcc").unlink()
        (self.bin / "ld").unlink()
        self.give("clang", "ld.lld")
        self.assert_idle()

    def test_prefix(self) -> None:
        """GCCPREFIX names a toolchain of its own."""
        for tool in ("gcc", "ld", "ar", "nm", "objcopy", "objdump"):
            (self.bin / tool).unlink()
            self.give("cross-" + tool)
        self.variables["GCCPREFIX"] = "cross-"
        self.assert_idle()

    def test_named_tools(self) -> None:
        """QEMU, GDB and CC name tools outside the PATH."""
        for tool in ("gcc", "qemu-system-i386", "gdb"):
            (self.bin / tool).rename(self.room / tool)
        self.variables.update(CC=str(self.room / "gcc"), GDB=str(self.room / "gdb"),
                              QEMU=str(self.room / "qemu-system-i386"))
        self.assert_idle()


class Installs(SetupTest):
    def test_from_nothing(self) -> None:
        """Each package manager gets one command with its own package names."""
        for manager, command in INSTALLS.items():
            with self.subTest(manager):
                self.setUp()
                self.manager(manager)
                done = self.setup()
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn(f"setup: running: {command}\n", done.stdout)
                self.assertTrue(done.stdout.endswith("setup: everything is here now\n"))
                update = ["apt-get -q update"] if manager == "apt-get" else []
                self.assertEqual(self.log(), update + [command])

    def test_for_checks(self) -> None:
        """--check adds a second compiler, lld and the checkers, each once."""
        for manager, packages in CHECK_PACKAGES.items():
            with self.subTest(manager):
                self.setUp()
                self.manager(manager)
                self.assertEqual(self.setup("--check").returncode, 0)
                self.assertEqual(self.log()[-1], INSTALLS[manager] + packages)

    def offers(self) -> None:
        """apt has compilers by their version, which a test then gives or not."""
        self.manager("apt-get")
        write_stub(self.bin, "apt-cache", OFFERS)
        for tool in ("gcc-12", "clang-19", "ld.lld-19"):
            write_stub(self.store, tool, text_of(tool))

    def test_newest(self) -> None:
        """--check adds the newest compiler that apt has, if it is not the default."""
        self.give(*BUILD_TOOLS, *CHECK_TOOLS, "gcc-12")
        (self.room / "lib/grub/i386-pc").mkdir(parents=True)
        self.offers()
        done = self.setup("--check")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.log()[1:], [
            "apt-get install -y --no-install-recommends clang-19 lld-19"])
        self.assertEqual(self.setup("--check").stdout, "setup: nothing is missing\n")

    def test_newest_after_update(self) -> None:
        """A newer compiler may be in lists that the first install has fetched."""
        self.offers()
        self.variables["LISTS"] = "new"
        for tool in ("clang-19", "ld.lld-19", "gcc-12"):
            (self.store / tool).unlink()
        done = self.setup("--check")
        self.assertIn("missing: gcc-12 clang-19 lld-19\n", done.stdout)
        self.assert_dies(done, "still not usable: gcc-12 clang-19 lld-19")

    def test_newest_is_for_checks(self) -> None:
        """Without --check no second compiler is looked for."""
        self.give(*BUILD_TOOLS)
        self.offers()
        self.assertEqual(self.setup().stdout, "setup: nothing is missing\n")

    def test_only_what_is_missing(self) -> None:
        """A machine that lacks one tool gets one package."""
        self.give(*BUILD_TOOLS)
        (self.bin / "qemu-system-i386").unlink()
        self.manager("dnf")
        done = self.setup()
        self.assertIn("setup: missing: qemu\n", done.stdout)
        self.assertEqual(self.log(), ["dnf install -y qemu-system-x86-core"])

    def test_window(self) -> None:
        """With a display, QEMU comes with its window."""
        self.give(*BUILD_TOOLS)
        (self.bin / "qemu-system-i386").unlink()
        self.manager("apk")
        self.variables["DISPLAY"] = ":0"
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual(self.log(), ["apk add -U qemu-system-i386 qemu-ui-gtk"])

    def test_other_processor(self) -> None:
        """Where gcc makes no x86 code, clang, lld and LLVM's tools do."""
        self.processor("aarch64")
        self.manager("pacman")
        self.assertEqual(self.setup("--check").returncode, 0)
        self.assertEqual(self.log(), [
            "pacman -S --needed --noconfirm clang lld llvm qemu-system-x86"
            " gdb python perl make shellcheck git ctags mypy ruff"])

    def test_unable_compiler(self) -> None:
        """A gcc that cannot make 32-bit code counts as missing."""
        self.give(*BUILD_TOOLS)
        write_stub(self.bin, "gcc", BROKEN)
        self.manager("zypper")
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual(self.log(), [
            "zypper --non-interactive install gcc binutils"])

    def test_compiler_asked_for(self) -> None:
        """CC=clang gets clang, though there is a gcc."""
        self.give(*BUILD_TOOLS)
        self.manager("dnf")
        self.variables["CC"] = "clang"
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual(self.log(), ["dnf install -y clang lld"])

    def test_foreign_binutils(self) -> None:
        """Another processor's binutils, which know no x86, call for LLVM's."""
        self.give(*BUILD_TOOLS, "clang", "ld.lld")
        (self.bin / "gcc").unlink()
        write_stub(self.bin, "objcopy", BROKEN)
        self.processor("aarch64")
        self.manager("apt-get")
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual(self.log()[-1], "apt-get install -y"
                         " --no-install-recommends clang lld llvm")

    def test_old_python(self) -> None:
        """A Python before 3.8 counts as missing."""
        self.give(*BUILD_TOOLS)
        write_stub(self.bin, "python3", BROKEN)
        self.manager("apk")
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual(self.log(), ["apk add -U python3"])

    def test_update_fails(self) -> None:
        """apt uses the old lists when it cannot fetch new ones."""
        self.manager("apt-get")
        self.variables["UPDATE_STATUS"] = "100"
        done = self.setup()
        self.assertEqual(done.returncode, 0)
        self.assertIn("update failed; going on", done.stdout)

    def test_pacman_without_lists(self) -> None:
        """pacman fetches its lists once the install has failed without."""
        self.manager("pacman")
        self.variables["INSTALL_STATUS"] = "once"
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual(self.log(), [INSTALLS["pacman"], "pacman -Sy --noconfirm",
                                      INSTALLS["pacman"]])


class Rights(SetupTest):
    def setUp(self) -> None:
        super().setUp()
        self.user(1000)
        self.manager("dnf")

    def test_sudo(self) -> None:
        """A user who is not root is told before sudo runs."""
        self.sudo()
        done = self.setup()
        self.assertEqual(done.returncode, 0)
        self.assertIn("not root, so sudo will run: " + INSTALLS["dnf"], done.stdout)
        self.assertEqual(self.log(), ["sudo true", "sudo " + INSTALLS["dnf"],
                                      INSTALLS["dnf"]])

    def test_no_sudo(self) -> None:
        """Without sudo it names the command to run as root."""
        self.assert_dies(self.setup(), "no sudo", INSTALLS["dnf"])
        self.assertEqual(self.log(), [])

    def test_sudo_refused(self) -> None:
        """A refusal by sudo ends it before anything is installed."""
        self.sudo()
        self.variables["SUDO_STATUS"] = "1"
        self.assert_dies(self.setup(), "sudo refused", INSTALLS["dnf"])
        self.assertEqual(self.log(), ["sudo true"])

    def test_brew(self) -> None:
        """brew never runs as root."""
        (self.bin / "dnf").unlink()
        self.manager("brew")
        self.sudo()
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual(self.log(), [INSTALLS["brew"]])


class Failures(SetupTest):
    def test_no_manager(self) -> None:
        """Without a package manager it lists what to install by hand."""
        self.assert_dies(self.setup(), "no package manager", "gcc binutils qemu gdb")

    def test_not_found(self) -> None:
        """A package that the manager does not know ends in one clear line."""
        for manager, command in INSTALLS.items():
            with self.subTest(manager):
                self.setUp()
                self.manager(manager)
                self.variables["INSTALL_STATUS"] = "100"
                self.assert_dies(self.setup(), f"{manager} could not install", command)

    def test_still_missing(self) -> None:
        """An install that changes nothing is noticed."""
        (self.store / "gdb").unlink()
        self.manager("apk")
        self.assert_dies(self.setup(), "still not usable: gdb")

    def test_unknown_argument(self) -> None:
        """An unknown argument gets the usage."""
        self.assert_dies(self.setup("--all"), "--all", "usage")

    def test_help(self) -> None:
        """--help says how it is used, installs nothing, and is no failure."""
        for word in ("--help", "-h"):
            done = self.setup(word)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("sh setup.sh --check", done.stdout)
            self.assertEqual(self.log(), [])

    def test_temporary(self) -> None:
        """Without a place for temporary files it says so."""
        self.variables["TMPDIR"] = str(self.room / "none")
        self.assert_dies(self.setup(), "cannot write", "TMPDIR")

    def test_windows(self) -> None:
        """In a tree whose lines end in CR LF it says so, and no more."""
        script = self.room / "setup.sh"
        script.write_bytes((TOP / "setup.sh").read_bytes().replace(b"\n", b"\r\n"))
        done = self.run_script(script)
        self.assert_dies(done, "CR LF")


class Toolchain(SetupTest):
    """What toolchain.sh finds."""

    def setUp(self) -> None:
        super().setUp()
        self.obj = self.room / "obj"
        self.script = TOP / "tools/toolchain.sh"

    def find(self, prefix: str = "", cc: str = "", ld: str = "") -> str:
        """What it prints; it prints one line, and leaves one file at most."""
        done = self.run_script(self.script, str(self.obj), prefix, cc, ld)
        self.assertEqual(done.stderr, "")
        self.assertRegex(done.stdout, r"\A[^\n]+\n\Z")
        if self.obj.is_dir():
            self.assertIn(os.listdir(self.obj), ([], ["toolchain.mk"]))
        return done.stdout[:-1]

    def assert_finds(self, *words: str, **expected: str) -> None:
        """It finds a toolchain, in which the variables are as expected."""
        fragment = self.obj / "toolchain.mk"
        self.assertEqual(self.find(*words), str(fragment))
        found = dict(line.split(" := ") for line in
                     fragment.read_text().splitlines() if line[0] != "#")
        self.assertEqual({name: found[name] for name in expected}, expected)

    def test_native(self) -> None:
        """The machine's own tools are taken, if they know the files."""
        self.give("gcc", "ld", *BINUTILS, *("llvm-" + name for name in BINUTILS))
        self.assert_finds(CC="gcc", LD="ld", AR="ar", NM="nm", OBJCOPY="objcopy",
                          OBJDUMP="objdump", OBJDUMP16="objdump -M i8086")

    def test_foreign_binutils(self) -> None:
        """Tools that refuse x86 files, as on arm64, give way to LLVM's."""
        self.give("clang", "ld.lld", *("llvm-" + name for name in BINUTILS))
        write_stub(self.bin, "llvm-objdump", LLVM_OBJDUMP)
        for name in ("ld", *BINUTILS):
            write_stub(self.bin, name, BROKEN)
        self.assert_finds(
            CC="clang", LD="ld.lld", AR="llvm-ar", NM="llvm-nm",
            OBJCOPY="llvm-objcopy", OBJDUMP="llvm-objdump",
            OBJDUMP16="llvm-objdump --triple=i386-unknown-none-code16")

    def test_silent_binutils(self) -> None:
        """A tool that succeeds and has done nothing does not count."""
        self.give("clang", "ld.lld", *("llvm-" + name for name in BINUTILS))
        for name in BINUTILS[1:]:
            write_stub(self.bin, name, PLAIN)
        self.assert_finds(NM="llvm-nm", OBJCOPY="llvm-objcopy",
                          OBJDUMP="llvm-objdump")

    def test_versions(self) -> None:
        """Names with a version are found, the newest first."""
        for names in (("clang-20", "clang-9"), ("clang-23", "clang-22")):
            for name in names:
                write_stub(self.bin, name, compiler(f"{name[6:]} 4"))
            for number in ("14", names[0][6:]):
                for name in ("ld.lld", *("llvm-" + name for name in BINUTILS)):
                    write_stub(self.bin, f"{name}-{number}", text_of(name))
            shutil.rmtree(self.obj, ignore_errors=True)
            self.assert_finds(CC=names[0], LD=names[0].replace("clang", "ld.lld"),
                              OBJCOPY=names[0].replace("clang", "llvm-objcopy"))
        self.give("ld")
        for number in ("9", "16"):
            write_stub(self.bin, f"x86_64-linux-gnu-gcc-{number}", compiler(GCC))
        for name in ("clang-20", "clang-22", "clang-23"):
            (self.bin / name).unlink()
        shutil.rmtree(self.obj)
        self.assert_finds(CC="x86_64-linux-gnu-gcc-16", LD="ld")

    def test_too_old(self) -> None:
        """A compiler that is too old is refused by name and number, and the
        search passes over it."""
        self.give("ld", *BINUTILS)
        for name, version, told in (("gcc", "__clang_major__ 7", "gcc 7"),
                                    ("clang", "11 4", "clang 11")):
            write_stub(self.bin, name, compiler(version))
            for words in (("", name), ("", f"{name} -v")):
                said = self.find(*words)
                self.assertIn(f"{words[1]} is {told}, which is too old: gcc 9 or"
                              " clang 13, or a newer one, is needed", said)
        self.assertIn("gcc is gcc 7, which is too old", self.find())
        write_stub(self.bin, "clang-14", compiler(CLANG))
        self.assert_finds(CC="clang-14")

    def test_nothing(self) -> None:
        """The message names what is missing, or says that no tool reads the
        files."""
        self.assertIn("no compiler and linker", self.find())
        self.give("gcc", "ld", "ar", "nm")
        write_stub(self.bin, "objcopy", BROKEN)
        self.assertIn("no objcopy found that can read", self.find())
        self.give("objcopy", "objdump")
        self.assert_finds(OBJCOPY="objcopy")

    def test_unwritable(self) -> None:
        """An unwritable folder is distinguished from a missing compiler."""
        self.obj.write_text("a file")
        self.assertIn(f"cannot write in '{self.obj}/'", self.find())

    def test_temporary(self) -> None:
        """It needs only the folder for objects."""
        self.give("gcc", "ld", *BINUTILS)
        self.variables["TMPDIR"] = str(self.room / "none")
        self.assert_finds(CC="gcc")

    def test_windows(self) -> None:
        """In a tree whose lines end in CR LF it says so, and no more."""
        text = self.script.read_bytes()
        self.script = self.room / "toolchain.sh"
        self.script.write_bytes(text.replace(b"\n", b"\r\n"))
        self.assertIn("CR LF", self.find())


if __name__ == "__main__":
    unittest.main()
