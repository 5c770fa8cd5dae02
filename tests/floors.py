"""Reads HACKING.md's table of floors, and finds what in the tree breaks it.

Each check takes the tree and the floors, and returns a line for each fault.
"""

import ast
import re
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

import figures

PAGE = "HACKING.md"
ROW = re.compile(r"^\| `([^`|]+)` \|([^|]*)\|([^|]*)\| (\d+) \|$", re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"](\w[\w./]*)[>"]', re.M)
C = (".c", ".h", ".S", ".def", ".ld")


class Floor(NamedTuple):
    """A row of the table."""

    name: str
    files: Tuple[str, ...]  # Patterns; a minus takes files away.
    uses: Tuple[str, ...]
    lines: int

    def paths(self, top: Path) -> List[Path]:
        return figures.select(top, self.files)


def read(text: str) -> List[Floor]:
    """The floors of the page's table, in order."""
    return [Floor(name, tuple(re.findall(r"`([^`]+)`", files)),
                  tuple(re.findall(r"`([^`]+)`", uses)), int(lines))
            for name, files, uses, lines in ROW.findall(text)]


def homes(top: Path, floors: List[Floor]) -> Dict[Path, str]:
    """The floor of each file."""
    return {path: floor.name for floor in floors for path in floor.paths(top)}


# --------------------------------------------------------------
# Imports and includes
# --------------------------------------------------------------


def is_python(path: Path) -> bool:
    return path.suffix == ".py" or path.name.startswith("grade-lab")


def imported(tree: ast.AST) -> Iterator[Tuple[int, str]]:
    """The line and the dotted name of each import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def find(top: Path, importer: Path, name: str) -> Optional[Path]:
    """The tree's file that an imported name refers to, None for all others.

    Commands find their neighbours by name alone; tests also find the commands.
    """
    folders = [top]
    if importer.parent in (top / "tools", top / "tests", top / "staff"):
        folders += [importer.parent, top / "tools"]
    words = name.split(".")
    for folder in folders:
        for count in range(len(words), 0, -1):
            base = folder.joinpath(*words[:count])
            for path in (base.with_suffix(".py"), base / "__init__.py"):
                if path.is_file():
                    return path
    return None


def python_uses(top: Path, path: Path) -> Iterator[Tuple[int, Path]]:
    text = path.read_text(encoding="utf-8")
    for line, name in imported(ast.parse(text)):
        target = find(top, path, name)
        if target:
            yield line, target


def c_uses(top: Path, path: Path) -> Iterator[Tuple[int, Path]]:
    text = path.read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        for folder in (top, path.parent):
            if (folder / match[1]).is_file():
                yield text.count("\n", 0, match.start(1)) + 1, folder / match[1]
                break


def check_uses(top: Path, floors: List[Floor]) -> List[str]:
    """Each file uses only its own floor and floors that its floor may use."""
    home = homes(top, floors)
    allowed = {floor.name: {floor.name, *floor.uses} for floor in floors}
    faults = []
    for path, floor in home.items():
        uses = (python_uses(top, path) if is_python(path) else
                c_uses(top, path) if path.suffix in C else ())
        faults += [f"{path.relative_to(top)}:{line}: {floor} may not use "
                   f"{target.relative_to(top)} ({home.get(target, 'no floor')})"
                   for line, target in uses
                   if home.get(target) not in allowed[floor]]
    return faults


def check_homes(top: Path, floors: List[Floor], files: List[Path]) -> List[str]:
    """Each of `files` is on one floor."""
    count = {path: 0 for path in files}
    for floor in floors:
        for path in floor.paths(top):
            count[path] = count.get(path, 0) + 1
    return [f"{path.relative_to(top)} is on {number} floors"
            for path, number in count.items() if number != 1]


def check_names(floors: List[Floor]) -> List[str]:
    """A floor may use only existing floors."""
    names = {floor.name for floor in floors}
    return [f"{floor.name}: there is no {use}" for floor in floors
            for use in floor.uses if use not in names]


# --------------------------------------------------------------
# The budget
# --------------------------------------------------------------


def check_budget(top: Path, floors: List[Floor]) -> List[str]:
    """No floor exceeds its budget of lines."""
    faults = []
    for floor in floors:
        paths = floor.paths(top)
        count = sum(len(path.read_text(encoding="utf-8").splitlines())
                    for path in paths)
        if count > floor.lines:
            faults.append(f"{floor.name} has {count} lines; {floor.lines} are "
                          "its budget")
        if not paths:
            faults.append(f"{floor.name} has no file")
    return faults
