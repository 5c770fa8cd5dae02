"""The forgeries: dishonest trees that must earn nothing, and how to make one.

labs/labN/answers/forged/WHAT.c each describe one. Comment lines at the top:

    // What it does, one to three lines.
    // undone: EXERCISE ...   which are not done; the rest of the tree is
    // forges: TEST ...       the tests it is after
    // prints: TEXT           a line of the console that shows it at work
    // fools: alone           without --pristine it gets the points
    // refused: TEXT          what class grading says, and gives no score; or
    // says: TEXT             what the report of the first of the tests says

Then come its parts. Each begins with a line of one of these forms:

    //// region EXERCISE      the text takes the place of the exercise's region
    //// file PATH            the text is the file
    //// start PATH           the text comes before the file's first line
    //// end PATH             the text comes after the file's last line
    //// edit PATH            lines with - take the place of lines with +
"""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Tuple

from support import TOP
from toolkit import Elf as _  # noqa: F401  (makes the tools importable)

import corpus
import handout

PART = re.compile(r"//// (region|file|start|end|edit) (\S+)")


@dataclass
class Forgery:
    """One file of the collection."""

    path: Path
    lab: int
    about: List[str] = field(default_factory=list)
    header: Dict[str, str] = field(default_factory=dict)
    parts: List[Tuple[str, str, List[str]]] = field(default_factory=list)

    @property
    def undone(self) -> List[str]:
        """The exercises that the forgery leaves undone."""
        return self.header.get("undone", "").split()

    @property
    def forges(self) -> List[str]:
        """The tests that it tries to pass."""
        return self.header.get("forges", "").split()


def read(path: Path) -> Forgery:
    """Reads one forgery."""
    forgery = Forgery(path, int(path.parts[-4][len("lab"):]))
    for line in path.read_text().rstrip("\n").split("\n"):
        part = PART.fullmatch(line)
        if part:
            forgery.parts.append((part[1], part[2], []))
        elif forgery.parts:
            forgery.parts[-1][2].append(line)
        elif line:
            word, colon, rest = line[2:].strip().partition(": ")
            if colon and word.isalpha() and word.islower():
                forgery.header[word] = rest
            else:
                forgery.about.append(rest or word)
    return forgery


def collection() -> List[Forgery]:
    """All forgeries."""
    return [read(path)
            for path in sorted(TOP.glob("labs/lab*/answers/forged/*.c"))]


def _edited(text: str, lines: List[str]) -> str:
    """A text in which the lines with - are replaced by those with +."""
    old = "\n".join(line[1:] for line in lines if line.startswith("-"))
    new = "\n".join(line[1:] for line in lines if line.startswith("+"))
    if text.count(old) != 1:
        raise ValueError(f"not there once: {old}")
    return text.replace(old, new)


def _apply(tree: Path, kind: str, name: str, lines: List[str]) -> None:
    """Makes one change to a file of the tree."""
    path, text = tree / name, "\n".join(lines) + "\n"
    old = path.read_text() if path.exists() else ""
    if kind == "start":
        text = text + old
    elif kind == "end":
        text = old + text
    elif kind == "edit":
        text = _edited(old, lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def make_tree(forgery: Forgery, tree: Path) -> Path:
    """Makes the dishonest tree: the complete one with the forgery in it."""
    keep = {"obj", ".git", "answers", "__pycache__", "tests"}
    shutil.copytree(TOP, tree, symlinks=True,
                    ignore=shutil.ignore_patterns(*keep))
    regions = corpus.read_regions(TOP)
    texts = {ident: handout.stand_in(regions[ident], handout.Choice(1))
             for ident in forgery.undone}
    texts.update({name: lines for kind, name, lines in forgery.parts
                  if kind == "region"})
    # From the last line up, so that line numbers stay valid.
    for region in sorted((regions[ident] for ident in texts),
                         key=lambda region: -region.first):
        path = tree / region.path
        lines = path.read_text().split("\n")
        lines[region.first - 1:region.last] = texts[region.id]
        path.write_text("\n".join(lines))
    for kind, name, lines in forgery.parts:
        if kind != "region":
            _apply(tree, kind, name, lines)
    return tree
