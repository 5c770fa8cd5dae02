"""The hand-out pages are true of the tree: what they name, show and promise.

Each check of pages.py and transcripts.py finds nothing wrong in the pages, and
finds what is wrong in a page that was spoilt.
"""

import re
import shutil
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from typing import Callable, List, Tuple

import pages
import transcripts
from pages import Page
from support import TOP, make, run, tail
from test_gdb import GdbTest, from_kernel

Check = Callable[[Page], List[str]]
README, LAB1, LAB2, LAB3 = (
    "README.md", *(f"labs/lab{lab}/README.md" for lab in (1, 2, 3)))
GLOSSARY = "labs/GLOSSARY.md"

# Changes that make a page wrong: the check, the page, the replacement, and what
# the complaint must contain.
SPOILT: Tuple[Tuple[Check, str, str, str, str], ...] = (
    (pages.check_sections, LAB2, "### page_free\n", "### page_frei\n",
     "no section page_free"),
    (pages.check_sections, LAB2, "### page_free\n", "### page_frei\n",
     "section page_frei has no exercise"),
    (pages.check_sections, LAB2, "### page_free\n", "### page_alloc\n",
     "two sections page_alloc"),
    (pages.check_sections, LAB3, "[libmain](#libmain)", "libmain",
     "no link to libmain"),
    (pages.check_sections, LAB1, "**Contract** of `printfmt_octal",
     "Of `printfmt_octal",
     "printfmt_octal has no Contract"),
    (pages.check_links, LAB1, "(#points)", "(#marks)", "#marks"),
    (pages.check_links, README, "(labs/lab1/README.md)", "(labs/lab9/README.md)",
     "labs/lab9/README.md"),
    (pages.check_links, LAB2, "GLOSSARY.md#guard-page", "GLOSSARY.md#guard",
     "#guard, which"),
    (pages.check_links, GLOSSARY, "lab2/README.md#page_free", "lab2/README.md#freeing",
     "#freeing"),
    (pages.check_glossary, GLOSSARY, "**guard page**", "**page guard**",
     "page guard has the id 'guard-page'"),
    (pages.check_glossary, GLOSSARY, "**guard page**", "**a guard page**",
     "a guard page stands after gdt"),
    (pages.check_glossary, GLOSSARY, "](lab2/README.md#map_kstack)", "",
     "guard page leads to no lab"),
    (pages.check_points, LAB1, "| Backtrace | 30 |", "| Backtrace | 20 |", "20"),
    (pages.check_points, LAB3, "| **80** |", "| **70** |", "70"),
    (pages.check_points, README, "280/280", "190/190", "Total: 280/280"),
    (pages.check_names, LAB1, "`kern/backtrace.c`", "`kern/console/monitor.c`",
     "`kern/console/monitor.c`"),
    (pages.check_names, LAB2, "`page_decref`", "`page_unref`", "`page_unref`"),
    (pages.check_names, LAB1, "`ata_read`", "`ide_read`", "`ide_read`"),
    (pages.check_names, LAB1, "`make qemu-nox`", "`make qemu-tty`", "`make qemu-tty`"),
    (pages.check_names, LAB3, "`make gdb-softint`", "`make gdb-soft`", "gdb-soft`"),
    (pages.check_names, LAB3, "`run-testsyscalls-nox`", "`run-testcalls-nox`",
     "`run-testcalls-nox`"),
    (pages.check_names, LAB3, "`badsegment`", "`badsector`", "`badsector`"),
    (pages.check_names, LAB3, "`run testargs one two`", "`run testarg one`",
     "`run testarg one`"),
    (pages.check_names, LAB1, "`kerninfo`", "`kernelinfo`", "`kernelinfo`"),
    (pages.check_names, LAB2, "`jos pages`", "`jos frames`", "`jos frames`"),
    (pages.check_names, LAB3, "`trace=0`", "`quiet=1`", "`quiet=1`"),
    (pages.check_names, LAB2, "`check=boot_alloc`", "`check=malloc`",
     "`check=malloc`"),
    (pages.check_names, LAB2, "goes round in a circle`", "goes round in the circle`",
     "in the circle`"),
    (pages.check_names, LAB2, "`./grade-lab2 -v map", "`./grade-lab2 -q map", "-q map"),
    (pages.check_names, README, "`QEMUEXTRA`", "`QEMUFLAGS`", "`QEMUFLAGS`"),
    (pages.check_first_screen, README, "    make setup check ", "    make check ",
     "make setup check"),
    (pages.check_programs, LAB3, "| `bench` |", "| bench |", "bench"),
    (pages.check_commands, README, "    make grade  ", "    make score  ",
     "make score"),
    (pages.check_commands, LAB1, "$ ./grade-lab1 printf", "$ ./grade-lab1 octal",
     "./grade-lab1 octal"),
    (transcripts.check_host, LAB1, "0000510 55 aa", "0000510 aa 55", "0000510 aa 55"),
    (transcripts.check_host, LAB3, "There are 3 program", "There are 4 program",
     "There are 4"),
    (transcripts.check_todo, LAB2, "TODO lab2.boot_alloc at kern/pmap.c",
     "TODO lab2.boot_alloc at kern/page.c", "lab2.boot_alloc is not in kern/page.c"),
    (transcripts.check_todo, LAB1, "read labs/lab1/README.md#printfmt_octal",
     "read labs/lab1/README.md#octal", "lab1.octal is no exercise"),
    (transcripts.check_list, LAB1, "  TODO  10  debug", "  TODO  15  debug",
     "15  debug"),
    (transcripts.check_list, LAB1, "  TODO  20  mon_backtrace   Walk the stack\n", "",
     "a row is missing"),
    (pages.check_names, LAB1, "lab1-handin.tar.gz`", "lab1-submit.tar.gz`",
     "lab1-submit.tar.gz"),
    (transcripts.check_grade, LAB2, "free_list: OK (0.0s)", "free_pages: OK (0.0s)",
     "free_pages"),
    (transcripts.check_grade, LAB1, "rule: %o prints", "rule: it prints", "rule: %o"),
    (transcripts.check_grade, LAB1, "Score: 0/10", "Score: 0/5", "Score: 0/10"),
)
# The same where a machine must boot: all changes of a page at once.
SPOILT_BOOTS = {
    LAB1: (("leaving test_backtrace 0\n", "leaving test_backtrace 1\n"),
           ("kerninfo                       where", "kerninfo     what"),
           ("etext   f0", "text    f0"), ("15254 octal!\nentering", "15254!\nentering"),
           ("%#o 0 [0]", "%#o 0 [00]"),
           ("init.c:42: i386_init+", "init.c:42: boot_lab1+")),
    LAB2: (("The 262144K above", "The 262143K above"),
           ("------U-P\n  ef04", "-----WUP\n"),
           ("page_installed_pgdir() succ", "page_installed() succ"),
           (" is free already\n", " is free\n"),
           ("now   f0100000-f0100fff  phys 00100000-00100fff  ---A----P",
            "now   f0100000-f0100fff  phys 00100000-00100fff  ---A---WP")),
    LAB3: (("trap 0x00000001 Debug", "trap 0x00000002 Debug"),
           ("i am environment 00001000\nInc", "i am environment 00000000\nInc"),
           ("for va f010000c\n```", "for va f0100000\n```"),
           ("lib/entry.S:21: _start", "lib/entry.S:21: start"),
           ("= check_region_alloc", "= region_alloc")),
}
# The boot arguments of the pages' gdb sessions, and the commands typed first.
SESSIONS = {
    LAB1: ("lab=1", []),
    LAB2: ("lab=2", ["b monitor", "c"]),
    LAB3: ("lab=3 init=hello", []),
}


def spoilt(name: str, old: str, new: str) -> Page:
    """A page with one part replaced."""
    page = pages.read(name)
    assert old in page.text, f"{name} does not contain {old!r}"
    return replace(page, text=page.text.replace(old, new))


class PagesTest(unittest.TestCase):
    def assert_true_of_tree(self, *checks: Check, only: str = "") -> None:
        """The checks find nothing wrong in the pages."""
        wrong = [f"{page.name}: {line}" for page in pages.pages()
                 if page.name != only for check in checks for line in check(page)]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))


class Text(PagesTest):
    def test_sections(self) -> None:
        """Every exercise has its section, and every section its exercise."""
        self.assert_true_of_tree(pages.check_sections, only=README)

    def test_links(self) -> None:
        """Every link leads somewhere."""
        self.assert_true_of_tree(pages.check_links)

    def test_glossary(self) -> None:
        """The glossary is sorted, and what it names and links to exists."""
        page = pages.read(GLOSSARY)
        self.assertEqual([line for check in (pages.check_glossary, pages.check_links,
                                             pages.check_names)
                          for line in check(page)], [])
        self.assertTrue(pages.TERM.findall(page.text))

    def test_points(self) -> None:
        """The points, tests and rules are those of the graders."""
        self.assert_true_of_tree(pages.check_points, transcripts.check_grade,
                                 transcripts.check_list)

    def test_names(self) -> None:
        """Whatever is named between backticks exists."""
        self.assert_true_of_tree(pages.check_names)

    def test_programs(self) -> None:
        """Every user program is in the table of programs."""
        self.assertIn("## The programs\n", pages.read(LAB3).text)
        self.assert_true_of_tree(pages.check_programs)

    def test_commands(self) -> None:
        """Every command that is shown can be run."""
        self.assert_true_of_tree(pages.check_commands)

    def test_holes(self) -> None:
        """The shown message of an exercise that is not done names its file."""
        self.assert_true_of_tree(transcripts.check_todo)

    def test_first_screen(self) -> None:
        """The first screen of README.md has the two commands to begin with."""
        self.assert_true_of_tree(pages.check_first_screen)

    def test_spoilt(self) -> None:
        """Each check complains of a page that was spoilt."""
        for check, name, old, new, complaint in SPOILT:
            with self.subTest(new):
                self.assertIn(complaint, "\n".join(check(spoilt(name, old, new))))


class Transcripts(PagesTest):
    @classmethod
    def setUpClass(cls) -> None:
        done = make("image", f"OBJDIR={transcripts.OBJ}")
        assert done.returncode == 0, tail(done.stdout)

    def test_host(self) -> None:
        """od and readelf print what is shown."""
        self.assert_true_of_tree(transcripts.check_host)

    def test_boots(self) -> None:
        """Machines and their monitors print what is shown."""
        self.assert_true_of_tree(transcripts.check_boots)

    def test_spoilt(self) -> None:
        """A line that no machine prints is found."""
        for name, changes in SPOILT_BOOTS.items():
            for old, new in changes:
                page = spoilt(name, old, new)
                true = pages.read(name)
                blocks = [block for block, was in zip(
                    transcripts.machines(page), transcripts.machines(true))
                    if block != was]
                with self.subTest(new):
                    self.assertEqual(len(blocks), 1)
                    self.assertNotEqual(transcripts.check_boot(page.lab, blocks[0]), [])


class Debugger(GdbTest):
    def disk(self, arguments: str) -> List[str]:
        """QEMU's options to boot from disk with these boot arguments."""
        room = Path(tempfile.mkdtemp(prefix="pages-"))
        self.addCleanup(shutil.rmtree, room)
        image = shutil.copy(TOP / transcripts.OBJ / "kern/kernel.img", room)
        done = run("tools/bootargs.py", image, *arguments.split())
        self.assertEqual(done.returncode, 0, done.stdout)
        return ["-drive", f"file={image},index=0,media=disk,format=raw"]

    def session(self, page: Page) -> List[str]:
        """The lines of the page's gdb sessions that gdb does not print."""
        arguments, before = SESSIONS[page.name]
        options = self.disk(arguments)
        wrong = []
        for block in page.blocks:
            typed = [step for step in transcripts.steps(block)
                     if step.prompt == "(gdb)"]
            if not typed:
                continue
            said = self.debug(options, "\n".join(
                before + [step.typed for step in typed]))[len(before) + 1:]
            for step, printed in zip(typed, said):
                shown = tuple(line for line in step.shown if line != "Continuing.")
                line = transcripts.difference(shown, printed)
                wrong += [f"{step.typed}: does not print: {line}, but: "
                          f"{printed}"] if line else []
        return wrong

    def test_sessions(self) -> None:
        """gdb prints what is shown."""
        for name in SESSIONS:
            with self.subTest(name):
                self.assertEqual(self.session(pages.read(name)), [])

    def test_spoilt(self) -> None:
        """A line that gdb does not print is found."""
        page = spoilt(LAB2, "kernel only, read/write", "everybody, read/write")
        self.assertIn("everybody", "".join(self.session(page)))

    def test_readme(self) -> None:
        """The breakpoints in README.md stop where it says."""
        shown = re.findall(r"^    \(gdb\) (.*?)  ", pages.read(README).text, re.M)
        self.assertEqual(shown, ["b umain", "b kern/syscall.c:syscall", "b *0x10000c",
                                 "jos-connect"])
        said = self.debug(from_kernel("lab=3 init=hello"),
                          "\n".join([*shown[:3], "c", "c", "c", shown[3], "c"]))
        self.assertIn("pending", said[1])
        self.assertIn("0x0010000c in", said[4])
        self.assertIn("at kern/syscall.c:", said[5])
        self.assertIn("at user/hello.c:", said[6])
        self.assertIn("at user/hello.c:", said[7])
        self.assertIn("at kern/syscall.c:", said[8])


if __name__ == "__main__":
    unittest.main()
