"""HACKING.md's table of floors: permitted uses, and budgets of lines."""

import shutil
import tempfile
import unittest
from pathlib import Path
from typing import List

import floors
from floors import Floor
from support import TOP, sources

# Rows of a small tree without faults.
TABLE = """\
| floor | files | may use | lines at most |
|---|---|---|---|
| `inc` | `inc/*.h` | | 3 |
| `kern` | `kern/*.c` | `inc` | 5 |
| `jos` | `tools/elf.py` | | 2 |
| `gradelib` | `gradelib/*.py` | `jos` | 4 |
| `tools` | `tools/*.py`, `-tools/elf.py` | `gradelib`, `jos` | 9 |
"""
FILES = {
    "inc/types.h": "#include <stdint.h>\n",
    "kern/pmap.c": '#include <inc/types.h>\n',
    "tools/elf.py": "import struct\n",
    "tools/boot.py": "import elf\nfrom gradelib import machine\n",
    "gradelib/machine.py": "from tools.elf import Elf\n",
}


class Tree(unittest.TestCase):
    def setUp(self) -> None:
        self.floors = floors.read((TOP / floors.PAGE).read_text(encoding="utf-8"))
        self.assertGreater(len(self.floors), 10)

    def assert_none(self, faults: List[str]) -> None:
        self.assertEqual(faults, [], "\n".join(faults))

    def test_uses(self) -> None:
        """Every file includes and imports only what its floor may use."""
        self.assert_none(floors.check_uses(TOP, self.floors))

    def test_homes(self) -> None:
        """Every C and Python file is on one floor, and every page of ours."""
        files = [path for path in sources("*.[chS]", "*.py", "grade-lab*", "*.mk",
                                          "README.md", "HACKING.md")
                 if not {"answers", "conf", "data"} & set(path.parts)]
        self.assertGreater(len(files), 100)
        self.assert_none(floors.check_homes(TOP, self.floors, files))

    def test_names(self) -> None:
        """The table refers only to its own floors."""
        self.assert_none(floors.check_names(self.floors))

    def test_budget(self) -> None:
        """No floor has more lines than its budget."""
        self.assert_none(floors.check_budget(TOP, self.floors))


class Checks(unittest.TestCase):
    """The checks themselves, on the small tree."""

    def setUp(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="floors-"))
        self.addCleanup(shutil.rmtree, self.top)
        self.floors = floors.read(TABLE)
        for name, text in FILES.items():
            self.put(name, text)

    def put(self, name: str, text: str) -> Path:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def test_table(self) -> None:
        """A row is a floor, with patterns, the floors it may use, and a number."""
        self.assertEqual(self.floors[0], Floor("inc", ("inc/*.h",), (), 3))
        self.assertEqual(self.floors[-1], Floor(
            "tools", ("tools/*.py", "-tools/elf.py"), ("gradelib", "jos"), 9))
        self.assertEqual(len(self.floors), 5)

    def test_good(self) -> None:
        """The small tree has no fault."""
        files = [self.top / name for name in FILES]
        self.assertEqual(floors.check_uses(self.top, self.floors), [])
        self.assertEqual(floors.check_homes(self.top, self.floors, files), [])
        self.assertEqual(floors.check_names(self.floors), [])
        self.assertEqual(floors.check_budget(self.top, self.floors), [])

    def test_upward(self) -> None:
        """A use that the table does not allow is named, however it is written."""
        for name, text, target in (
                ("inc/env.h", "\n#include <kern/pmap.c>\n", "kern/pmap.c (kern)"),
                ("kern/a.c", '\n# include "b.h"\n', "kern/b.h (no floor)"),
                ("gradelib/a.py", "\nfrom tools import boot\n",
                 "tools/boot.py (tools)"),
                ("gradelib/a.py", "\nimport tools.boot\n", "tools/boot.py (tools)"),
                ("tools/elf.py", "def f():\n import boot\n", "tools/boot.py (tools)"),
                ("gradelib/a.py", "if 1:\n import tools.boot as b\n",
                 "tools/boot.py (tools)")):
            with self.subTest(text=text):
                self.put("kern/b.h", "")
                path = self.put(name, text)
                home = name.split("/")[0] if name != "tools/elf.py" else "jos"
                self.assertEqual(floors.check_uses(self.top, self.floors),
                                 [f"{name}:2: {home} may not use {target}"])
                path.unlink()
                self.put("tools/elf.py", FILES["tools/elf.py"])

    def test_homeless(self) -> None:
        """A file on no floor, or on two, is named."""
        stray = self.put("user/hello.c", "")
        self.assertEqual(floors.check_homes(self.top, self.floors, [stray]),
                         ["user/hello.c is on 0 floors"])
        two = self.floors + [Floor("more", ("inc/*",), (), 9)]
        self.assertEqual(floors.check_homes(self.top, two, []),
                         ["inc/types.h is on 2 floors"])

    def test_unknown(self) -> None:
        """A floor that the table does not have is named."""
        wrong = [Floor("inc", ("inc/*",), ("cellar",), 9)]
        self.assertEqual(floors.check_names(wrong), ["inc: there is no cellar"])

    def test_exceeded(self) -> None:
        """An exceeded budget is reported; one that is just used up is not."""
        self.put("inc/env.h", "\n\n")
        self.assertEqual(floors.check_budget(self.top, self.floors), [])
        self.put("inc/trap.h", "\n")
        self.assertEqual(floors.check_budget(self.top, self.floors),
                         ["inc has 4 lines; 3 are its budget"])

    def test_empty(self) -> None:
        """A row without files is out of date."""
        (self.top / "kern/pmap.c").unlink()
        self.assertEqual(floors.check_budget(self.top, self.floors),
                         ["kern has no file"])


if __name__ == "__main__":
    unittest.main()
