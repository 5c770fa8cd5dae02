#!/usr/bin/env python3
"""Prints the figures of style of a tree.

    tests/figures.py [--commits RANGE] [TREE]

For C and for Python a table with a row for each part of the tree; then the
lines of the makefiles, and how the subjects of the commits are written.
Universal Ctags says where a C function ends.

A file's lines are all its lines, a function's are those from its name to its
end. `comment` is the share of the lines that are not blank which hold a comment
and nothing else. A function is documented (`doc'd`) when the line above it is
or ends a comment, and a Python function when it has a docstring. `public`
counts only functions that other files can call.
"""

from __future__ import annotations

import argparse
import ast
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterable, List, Sequence, Tuple

TOP = Path(__file__).resolve().parent.parent
SHORT = 60  # Lines that a C function may have before it counts as long.
C_WIDTH = 80
PYTHON_WIDTH = 88
SUBJECT_WIDTH = 60

# What keeps a header from being read twice is no condition.
GUARD = re.compile(r"\A\s*#ifndef (\w+)\n#define \1$", re.M)

# The rows: a name, then the patterns of its files; a minus takes files away.
C_ROWS = {
    "kern": ["kern/*.c"],
    "kern/check": ["kern/check/*.c"],
    "lib": ["lib/*.c"],
    "user programs": ["user/*.c", "-user/test*.c"],
    "user tests": ["user/test*.c", "user/test/*.c"],
    "boot": ["boot/*.c", "boot/*.S"],
    "inc": ["inc/*.h"],
}
PYTHON_ROWS = {
    "jos": ["jos/**/*.py"],
    "gradelib": ["gradelib/**/*.py"],
    "tools": ["tools/*.py", "staff/*.py"],
    "tools/gdb": ["tools/gdb/*.py"],
    "graders": ["grade-lab*"],
    "tests": ["tests/*.py"],
}
MAKEFILES = ["GNUmakefile", "*.mk", "conf/*.mk"]


@dataclass
class Function:
    """What is counted of a function."""

    lines: int
    documented: bool
    public: bool = True
    annotated: bool = False


@dataclass
class Counts:
    """What is counted of one file, or of several together."""

    files: List[int] = field(default_factory=list)  # The lines of each.
    functions: List[Function] = field(default_factory=list)
    filled: int = 0  # Lines that are not blank.
    comments: int = 0
    asserts: int = 0
    panics: int = 0
    ifs: int = 0
    wide: int = 0
    described: int = 0  # Python files that say what they are.

    def add(self, other: "Counts") -> None:
        """Count what `other` has counted."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def lines(self) -> int:
        return sum(self.files)

    def lengths(self) -> List[int]:
        return [function.lines for function in self.functions]


def select(top: Path, patterns: Iterable[str]) -> List[Path]:
    """The files that a row's patterns name, in order."""
    chosen = set()
    for pattern in patterns:
        found = {path for path in top.glob(pattern.lstrip("-")) if path.is_file()}
        chosen = chosen - found if pattern.startswith("-") else chosen | found
    return sorted(chosen)


# --------------------------------------------------------------
# C
# --------------------------------------------------------------


def comment_lines(lines: Sequence[str]) -> List[bool]:
    """For each line of C, whether it holds a comment and nothing else."""
    result, inside = [], False
    for line in lines:
        text = line.strip()
        starts = inside or text.startswith(("/*", "//"))
        rest = text
        if inside or text.startswith("/*"):
            end = text.find("*/", 0 if inside else 2)
            inside = end < 0
            rest = "" if inside else text[end + 2:].strip()
        elif starts:
            rest = ""
        result.append(bool(text) and starts and not rest)
    return result


def is_documented(lines: Sequence[str], comments: Sequence[bool], name: int) -> bool:
    """Whether a comment ends right above the function named on line `name`.

    The return type may have a line of its own, without any of another's code.
    """
    above = name - 2  # The index of the line above.
    if above >= 0 and re.fullmatch(r"[A-Za-z_][\w \t*()]*", lines[above]):
        above -= 1
    return above >= 0 and comments[above]


def count_c(text: str, tags: Iterable[Tuple[int, int, bool]]) -> Counts:
    """Count one C file; `tags` has name's line, last line and "is static"."""
    lines = text.splitlines()
    comments = comment_lines(lines)
    code = [line for line, comment in zip(lines, comments) if not comment]
    counts = Counts(
        files=[len(lines)],
        filled=sum(bool(line.strip()) for line in lines),
        comments=sum(comments),
        asserts=sum(len(re.findall(r"\bassert\(", line)) for line in code
                    if not re.match(r"\s*#\s*define", line)),
        panics=sum(len(re.findall(r"\bpanic\(", line)) for line in code),
        ifs=sum(bool(re.match(r"\s*#\s*if", line)) for line in code)
        - bool(GUARD.search("\n".join(code))),
        wide=sum(len(line.expandtabs(8)) > C_WIDTH for line in lines))
    for start, end, static in tags:
        counts.functions.append(Function(
            lines=end - start + 1, public=not static,
            documented=is_documented(lines, comments, start)))
    return counts


def functions_of(paths: Sequence[Path]) -> Dict[Path, List[Tuple[int, int, bool]]]:
    """Ask ctags for the functions of C files."""
    found: Dict[Path, List[Tuple[int, int, bool]]] = {path: [] for path in paths}
    names = [str(path) for path in paths if path.suffix in (".c", ".h")]
    if not names:
        return found
    done = subprocess.run(
        ["ctags", "--quiet", "--options=NONE", "-f", "-", "--language-force=C",
         "--kinds-C=f", "--fields=nef", "--sort=no", *names],
        check=True, stdout=subprocess.PIPE, universal_newlines=True)
    for line in done.stdout.splitlines():
        _, name, *rest = line.split("\t")
        fields = dict(word.partition(":")[::2] for word in rest)
        found[Path(name)].append((int(fields["line"]), int(fields["end"]),
                                  "file" in fields))
    return found


def count_c_row(paths: Sequence[Path]) -> Counts:
    total = Counts()
    for path, tags in functions_of(paths).items():
        total.add(count_c(path.read_text(encoding="utf-8"), tags))
    return total


# --------------------------------------------------------------
# Python
# --------------------------------------------------------------


def count_python(text: str) -> Counts:
    """Count one Python file."""
    lines, tree = text.splitlines(), ast.parse(text)
    counts = Counts(
        files=[len(lines)],
        filled=sum(bool(line.strip()) for line in lines),
        comments=sum(line.strip().startswith("#") for line in lines),
        wide=sum(len(line) > PYTHON_WIDTH for line in lines),
        described=int(ast.get_docstring(tree) is not None))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            counts.functions.append(Function(
                lines=(node.end_lineno or node.lineno) - node.lineno + 1,
                documented=ast.get_docstring(node) is not None,
                public=not node.name.startswith("_"),
                annotated=node.returns is not None))
    return counts


def count_python_row(paths: Iterable[Path]) -> Counts:
    total = Counts()
    for path in paths:
        total.add(count_python(path.read_text(encoding="utf-8")))
    return total


# --------------------------------------------------------------
# Commits
# --------------------------------------------------------------


def commit_figures(messages: Sequence[str]) -> str:
    """How subjects and bodies of commit messages are written."""
    if not messages:
        return "commits: git knows none here"
    subjects = [message.split("\n", 1)[0] for message in messages]
    widths = [len(subject) for subject in subjects]
    bodies = [bool(message.partition("\n")[2].strip()) for message in messages]
    areas = [bool(re.match(r"[\w.,/ -]+: \S", subject)) for subject in subjects]
    long = [width > SUBJECT_WIDTH for width in widths]
    return (f"commits: {len(messages)}; subject median {rank(widths, 50)}, "
            f"p95 {rank(widths, 95)}, max {max(widths, default=0)}, "
            f"over {SUBJECT_WIDTH} columns {sum(long)}; "
            f"with an area {share(areas)}, with a body {share(bodies)}")


def read_commits(top: Path, which: str) -> List[str]:
    """The messages of the tree's commits, none where git knows none."""
    done = subprocess.run(
        ["git", "log", "--no-merges", "--format=%B%x00", which, "--"], cwd=top,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True)
    return [text.strip() for text in done.stdout.split("\0") if text.strip()]


# --------------------------------------------------------------
# Tables
# --------------------------------------------------------------


def rank(values: Iterable[int], percent: int) -> int:
    """The value nearest to `percent` of the way from the least to the greatest.

    The median of an even number of values lies between two of them.
    """
    ordered = sorted(values)
    if not ordered:
        return 0
    if percent == 50:
        return round(statistics.median(ordered))
    return ordered[round((len(ordered) - 1) * percent / 100)]


def ranks(values: Sequence[int], *percents: int) -> str:
    """Some percentiles and the maximum, as in 11/23/30/49."""
    every = [rank(values, percent) for percent in percents]
    return "/".join(map(str, every + [max(values, default=0)]))


def share(flags: Sequence[bool]) -> str:
    return part(sum(flags), len(flags))


def part(some: int, of: int) -> str:
    """A share in percent, with a digit after the point where it is small."""
    if not of:
        return "-"
    percent = 100 * some / of
    return f"{percent:.0f}%" if percent >= 5 or not some else f"{percent:.1f}%"


def rate(number: int, lines: int) -> str:
    """How many there are in a thousand lines, and in all."""
    return f"{1000 * number / lines:.1f} ({number})" if number else "0"


C_HEAD = ["C", "files", "lines", "file med/p95/max", "fn med/p90/p95/max",
          f"fn>{SHORT}", "comment", "doc'd (public)", "asserts/kloc", "panics",
          "#if/kloc", f">{C_WIDTH} col"]
PYTHON_HEAD = ["Python", "files", "lines", "file med/p95/max", "fn med/p90/p95/max",
               "fn doc", "file doc", "returns annotated", f">{PYTHON_WIDTH} col"]


def c_row(name: str, counts: Counts) -> List[str]:
    functions = counts.functions
    public = [function.documented for function in functions if function.public]
    documented = share([function.documented for function in functions])
    return [name, str(len(counts.files)), str(counts.lines),
            ranks(counts.files, 50, 95), ranks(counts.lengths(), 50, 90, 95),
            share([function.lines > SHORT for function in functions]),
            part(counts.comments, counts.filled), f"{documented} ({share(public)})",
            rate(counts.asserts, counts.lines), str(counts.panics),
            rate(counts.ifs, counts.lines), part(counts.wide, counts.lines)]


def python_row(name: str, counts: Counts) -> List[str]:
    functions = counts.functions
    return [name, str(len(counts.files)), str(counts.lines),
            ranks(counts.files, 50, 95), ranks(counts.lengths(), 50, 90, 95),
            share([function.documented for function in functions]),
            part(counts.described, len(counts.files)),
            share([function.annotated for function in functions]),
            part(counts.wide, counts.lines)]


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown whose columns stand below each other."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths))
             + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def figures(top: Path, commits: str) -> str:
    """All figures of the tree at `top`."""
    c_rows, python_rows = [C_HEAD], [PYTHON_HEAD]
    for name, patterns in C_ROWS.items():
        c_rows.append(c_row(name, count_c_row(select(top, patterns))))
    for name, patterns in PYTHON_ROWS.items():
        paths = select(top, patterns)
        if paths:
            python_rows.append(python_row(name, count_python_row(paths)))
    sizes = [f"{path.relative_to(top)} {len(path.read_text().splitlines())}"
             for path in select(top, MAKEFILES)]
    return "\n\n".join([table(c_rows), table(python_rows),
                        "make: " + ", ".join(sizes),
                        commit_figures(read_commits(top, commits))])


def main() -> int:
    parser = argparse.ArgumentParser(description="Print the figures of style.")
    parser.add_argument("--commits", default="HEAD", metavar="RANGE",
                        help="the commits to count")
    parser.add_argument("tree", nargs="?", type=Path, default=TOP, metavar="TREE")
    options = parser.parse_args()
    print(figures(options.tree.resolve(), options.commits))
    return 0


if __name__ == "__main__":
    sys.exit(main())
