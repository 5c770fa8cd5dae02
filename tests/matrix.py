"""The results of each compiler on each system: the file, README, a table."""

import re
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Dict, Iterable, List, Set

from support import TOP

RECORD = TOP / "tests/data/distros.txt"
SETUP = "setup"  # Stands for the compiler where `make setup` chose it.
REFUSED = "refused: "
HEAD = """\
# What `make check-distros` found, a line for each build that was graded.
# README's sentence on compilers and QEMU says the same (tests/test_matrix.py).
"""


@dataclass(frozen=True)
class Row:
    """A compiler and linker on one system, and the result for the tree."""

    date: str
    suite: str
    compiler: str  # The command, gcc-12, or SETUP.
    version: str  # gcc-12.2.0, clang-14.0.6
    linker: str  # The command.
    ld: str  # Its version, as in each column that follows.
    qemu: str
    gdb: str
    make: str
    python: str
    result: str  # A score, or what went wrong.

    @property
    def name(self) -> str:
        if self.compiler == SETUP:
            return "make setup grade"
        return f"{self.compiler} {self.linker}"

    @property
    def full(self) -> bool:
        """Were full marks given?"""
        score = re.fullmatch(r"(\d+)/(\d+)", self.result)
        return bool(score) and score[1] == score[2]

    @property
    def family(self) -> str:
        return self.version.partition("-")[0]

    @property
    def major(self) -> int:
        return int(self.version.partition("-")[2].partition(".")[0])

    def good(self, claimed: Dict[str, Set[int]]) -> bool:
        """Is it full marks, or a refusal of a version older than README requires?"""
        oldest = min(claimed[self.family], default=0)
        return self.full or self.result.startswith(REFUSED) and self.major < oldest


COLUMNS = [field.name for field in fields(Row)]


def parse(text: str) -> List[Row]:
    """The rows of a record."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [Row(*line.split(None, len(COLUMNS) - 1)) for line in lines]


def aligned(table: List[List[str]]) -> str:
    """The table as text, every column as wide as its widest word."""
    widths = [max(map(len, column)) for column in zip(*table)]
    return "".join("  ".join(map(str.ljust, line, widths)).rstrip() + "\n"
                   for line in table)


def format_rows(rows: Iterable[Row]) -> str:
    """The text of a record that holds these rows."""
    head = ["# " + COLUMNS[0], *COLUMNS[1:]]
    return HEAD + aligned([head] + [list(astuple(row)) for row in rows])


def record(path: Path, found: List[Row]) -> None:
    """Put the rows in the record; they replace all rows of their suites."""
    suites = {row.suite for row in found}
    kept = parse(path.read_text()) if path.exists() else []
    kept = [row for row in kept if row.suite not in suites]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(format_rows(kept + found))


# --------------------------------------------------------------
# What README claims, and what it may claim
# --------------------------------------------------------------


def numbers(words: str) -> Set[int]:
    """The numbers of words such as `11 to 13, 15 and 16`."""
    found = set()
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", words):
        found.update(range(int(first), int(last or first) + 1))
    return found


def claims(readme: str) -> Dict[str, Set[int]]:
    """The major versions of gcc, clang and QEMU that README says it needs."""
    section = readme.partition("## What it needs\n")[2].partition("\n## ")[0]
    found: Dict[str, Set[int]] = {"gcc": set(), "clang": set(), "QEMU": set()}
    for name, words in re.findall(
            r"\b(gcc|clang|QEMU) (\d+(?:(?: to |, |,? and |,? or )\d+)*)", section):
        found[name] |= numbers(words)
    return found


def proven(rows: Iterable[Row]) -> Dict[str, Set[int]]:
    """The major versions of gcc, clang and QEMU that got full marks."""
    found: Dict[str, Set[int]] = {"gcc": set(), "clang": set(), "QEMU": set()}
    for row in rows:
        if row.full:
            found[row.family].add(row.major)
            found["QEMU"].add(int(row.qemu.partition(".")[0]))
    return found


def spoken(found: Set[int]) -> str:
    """Numbers as README writes them: `11 to 16`, `14 to 19, 21 to 23`."""
    runs: List[List[int]] = []
    for number in sorted(found):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(" to ".join(map(str, sorted({run[0], run[-1]}))) for run in runs)


# --------------------------------------------------------------
# The table that is shown
# --------------------------------------------------------------


def matrix(rows: List[Row]) -> str:
    """A line for each compiler and a column for each suite; notes say the rest."""
    suites = list(dict.fromkeys(row.suite for row in rows))
    names = list(dict.fromkeys(row.name for row in sorted(rows, key=order)))
    any_of = {row.suite: row for row in rows}
    table = [["", *suites]]
    for tool in ("qemu", "gdb", "make", "python"):
        table.append([tool, *(getattr(any_of[suite], tool) for suite in suites)])
    table.append(["", *("" for _ in suites)])
    cells: Dict[str, Dict[str, str]] = {name: {} for name in names}
    notes: List[str] = []
    for row in rows:
        cell = row.result
        if not row.full:
            notes.append(f"[{len(notes) + 1}] {row.suite}, {row.name}: {row.result}")
            cell = f"{re.split('[: ]', cell)[0]} [{len(notes)}]"
        cells[row.name][row.suite] = cell
    for name in names:
        table.append([name, *(cells[name].get(suite, "-") for suite in suites)])
    return aligned(table) + "".join(note + "\n" for note in notes)


def order(row: Row) -> List[object]:
    """The sort key of the table's lines: gcc first, old versions first."""
    return [row.compiler != SETUP, row.family == "clang", row.major, row.linker]
