"""setup.sh on machines made of stubs: what it finds missing, installs, says."""

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

# What makes a machine complete, and what our own checks need on top.
BUILD_TOOLS = (
    "gcc ld ar nm objcopy objdump qemu-system-i386 gdb python3 perl make"
).split()
CHECK_TOOLS = (
    "clang ld.lld clang-format shellcheck git ctags mypy ruff grub-mkrescue xorriso"
).split()

COMPILER = """#!/bin/sh
[ "$1" != --version ] || echo "${0##*/} 1.0"
while [ $# -gt 0 ]; do
	[ "$1" != -o ] || echo object >"$2"
	shift
done
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
    "apt-get": " clang lld clang-format shellcheck git universal-ctags mypy"
    " grub-common grub-pc-bin xorriso",
    "dnf": " clang lld clang-tools-extra ShellCheck git-core"
    " ctags python3-mypy ruff grub2-tools-extra grub2-pc-modules xorriso",
    "pacman": " clang lld shellcheck git ctags mypy ruff grub libisoburn",
    "zypper": " clang lld /usr/bin/clang-format ShellCheck git"
    " ctags python3-mypy grub2 grub2-i386-pc xorriso",
    "apk": " clang lld cmd:clang-format shellcheck git"
    " ctags py3-mypy ruff grub grub-bios xorriso",
    "brew": " llvm lld clang-format shellcheck git universal-ctags mypy ruff",
}


def text_of(tool: str) -> str:
    """The stub that stands for a tool."""
    if tool == "ctags":
        return CTAGS
    return COMPILER if tool.endswith(("gcc", "clang")) else PLAIN


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

    def setup(self, *arguments: str) -> Done:
        done = subprocess.run(
            [str(self.bin / "sh"), str(TOP / "setup.sh"), *arguments],
            env=self.variables, stdin=subprocess.DEVNULL, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(os.listdir(self.temporary), [], "scratch files left")
        return done

    def assert_dies(self, done: Done, *words: str) -> None:
        """It failed, with exactly one line of complaint that holds `words`."""
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
        """QEMU, GDB and CC name tools in places of their own."""
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

    def test_old_python(self) -> None:
        """A Python before 3.8 counts as missing."""
        self.give(*BUILD_TOOLS)
        write_stub(self.bin, "python3", BROKEN)
        self.manager("apk")
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual(self.log(), ["apk add -U python3"])

    def test_update_fails(self) -> None:
        """apt goes on with the lists at hand when it cannot fetch new ones."""
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
        """Who is not root is told of sudo before it runs."""
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
        """An install that brings nothing is noticed."""
        (self.store / "gdb").unlink()
        self.manager("apk")
        self.assert_dies(self.setup(), "still not usable: gdb")

    def test_unknown_argument(self) -> None:
        """An unknown argument gets the usage."""
        self.assert_dies(self.setup("--all"), "--all", "usage")


if __name__ == "__main__":
    unittest.main()
