"""Carries a student's answers into a release that has other files for them.

A later release may have an exercise in another file, or other text around it.
The student's answer is the body of the exercise's function, or the lines of its
block in assembly. It is put into the release's file, together with the
student's functions, variables, macros and includes that it uses.

labs/moves.json records what the two files do not show: where exercises were
before, what to insert before an old body in the new function, and digests of
the parts of the old files that were given.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, NamedTuple, Optional, Set, Tuple

from exercises import Exercise, TreeError, is_inside

MOVES = "labs/moves.json"
QUIET = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
                   r"|(?P<note>//[^\n]*|/\*.*?(?:\*/|\Z))", re.DOTALL)
WORD = re.compile(r"[A-Za-z_]\w*")
DEFINED = re.compile(r"([A-Za-z_]\w*)\s*(?=[=;,(\[{}]|$)")
PLACEHOLDER = re.compile(r"[ \t]*// Exercise (lab\d+\.\w+): your code here\.")


class NotC(Exception):
    """The text cannot be split into functions."""


class Move(NamedTuple):
    """Where an exercise was in an earlier release."""

    id: str
    file: str
    function: str = ""  # its name then, if it had another
    before: str = ""  # a line that makes an old body fit
    after: str = ""  # in assembly: the last given line before the block
    until: str = ""  # and the first given line after it


@dataclass
class Moves:
    """The contents of labs/moves.json."""

    moves: List[Move] = field(default_factory=list)
    functions: Dict[str, str] = field(default_factory=dict)
    given: Set[str] = field(default_factory=set)

    @classmethod
    def load(cls, top: Path) -> "Moves":
        """The moves of the tree at `top`; none if there is no such file."""
        path = top / MOVES
        if not path.exists():
            return cls()
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
            moves = [Move(**entry) for entry in read["moved"]]
            if not all(is_inside(move.file) for move in moves):
                raise ValueError("a file's name is not one of the tree")
            return cls(moves, dict(read["functions"]),
                       set(read["given"].split()))
        except (OSError, ValueError, TypeError, KeyError,
                AttributeError) as err:
            raise TreeError(f"{path}: {err}") from None

    def function_of(self, ident: str) -> str:
        """The name of an exercise's function in this release."""
        return self.functions.get(ident, ident.partition(".")[2])

    def places(self, exercise: Exercise) -> List[Move]:
        """Where an exercise may be in a student's tree, oldest last."""
        old = [move for move in self.moves if move.id == exercise.id]
        return old + [Move(exercise.id, exercise.file)]


def squeezed_digest(text: str) -> str:
    """A short digest of a text, ignoring blanks."""
    squeezed = "".join(text.split()).encode("utf-8", "surrogateescape")
    return hashlib.sha256(squeezed).hexdigest()[:12]


# --------------------------------------------------------------
# C
# --------------------------------------------------------------


def masked(text: str) -> str:
    """C with blanks in place of comments and quoted text."""
    return QUIET.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


@dataclass
class Item:
    """A function, declaration or directive of a C file, or a comment that
    stands alone."""

    note: str  # the comment right above
    code: str
    quiet: str  # the code, masked
    name: str = ""  # of a function
    open: int = -1  # where its body begins, after the brace

    @property
    def text(self) -> str:
        """All of it."""
        return self.note + self.code

    @property
    def body(self) -> str:
        """A function's body, between the braces."""
        return self.code[self.open:self.code.rindex("}")]

    @property
    def header(self) -> str:
        """A function's signature without its name and linkage."""
        words = self.quiet[:self.open - 1].split()
        head = "".join(word for word in words if word != "static")
        return head.replace(self.name + "(", "(", 1)

    @property
    def words(self) -> Set[str]:
        """Every word of its code."""
        return set(WORD.findall(self.quiet))

    @property
    def defines(self) -> Set[str]:
        """The names that it may define."""
        if self.name:
            return {self.name}
        macro = re.match(r"#\s*define\s+(\w+)", self.quiet)
        if macro or self.quiet.startswith("#"):
            return {macro[1]} if macro else set()
        return set(DEFINED.findall(self.quiet))

    @property
    def includes(self) -> bool:
        """Whether it is an #include."""
        return self.code.startswith("#include")


def end_of_item(quiet: str, start: int) -> Tuple[int, int]:
    """The end of the code that starts there, and the start of the body if it
    is a function, else -1."""
    if quiet[start] == "#":
        end = start
        while True:
            line = quiet.find("\n", end)
            if line < 0 or quiet[line - 1] != "\\":
                return (len(quiet) if line < 0 else line), -1
            end = line + 1
    depth, body = 0, -1
    for at in range(start, len(quiet)):
        if quiet[at] in "([{":
            if quiet[at] == "{" and depth == 0 and body < 0:
                head = quiet[start:at]
                if "(" in head and "=" not in head:
                    body = at + 1
            depth += 1
        elif quiet[at] in ")]}":
            depth -= 1
            if depth == 0 and quiet[at] == "}" and body >= 0:
                return at + 1, body
        elif quiet[at] == ";" and depth == 0:
            return at + 1, -1
        if depth < 0:
            break
    raise NotC


def notes_of(lead: str) -> List[str]:
    """The comments between two items. The last is the one right above the
    second item, or empty."""
    blocks = re.split(r"\n[ \t]*(?:\n[ \t]*)+", "\n" + lead)
    return [block.strip("\n") for block in blocks]


def items_of(text: str) -> List[Item]:
    """Splits a C file into items."""
    quiet, items, at = masked(text), [], 0
    while True:
        found = re.compile(r"\S").search(quiet, at)
        start = found.start() if found else len(text)
        start = text.rfind("\n", 0, start) + 1 if found else start
        start = max(start, at)
        *alone, above = notes_of(text[at:start])
        items += [Item(note, "", "") for note in alone if note.strip()]
        if not found:
            items += [Item(above, "", "")] if above.strip() else []
            return items
        end, body = end_of_item(quiet, found.start())
        code, plain = text[start:end], quiet[start:end]
        name = re.search(r"(\w+)\s*\(", plain) if body >= 0 else None
        items.append(Item(above + "\n" if above else "", code, plain,
                          name[1] if name else "",
                          body - start if body >= 0 else -1))
        at = end


# --------------------------------------------------------------
# Files
# --------------------------------------------------------------


@dataclass
class Old:
    """A file of the student's, and which parts have been carried over."""

    text: str
    items: List[Item] = field(default_factory=list)
    taken: Set[int] = field(default_factory=set)  # of items, by number
    notes: List[str] = field(default_factory=list)  # names with own comments
    readable: bool = True

    @classmethod
    def read(cls, name: str, text: str, given: Set[str]) -> "Old":
        """Splits a file into items; given ones count as taken."""
        old = cls(text)
        if name.endswith(".S"):
            return old
        try:
            old.items = items_of(text)
        except NotC:
            old.readable = False
        for number, item in enumerate(old.items):
            if not item.text.strip() or squeezed_digest(item.text) in given:
                old.taken.add(number)
        return old

    def left(self) -> List[str]:
        """The names of the items that have not been taken."""
        names = [f"the comment above {name}()" for name in self.notes]
        for number, item in enumerate(self.items):
            if number not in self.taken:
                first = item.text.strip().split("\n")[0]
                names.append(f"{item.name}()" if item.name else first[:40])
        return names


@dataclass
class Carried:
    """The result for the student's files."""

    texts: Dict[str, str] = field(default_factory=dict)  # the new files
    moved: List[Tuple[str, str, str]] = field(default_factory=list)
    stuck: List[Tuple[str, str, str]] = field(default_factory=list)  # id, why
    left: Dict[str, List[str]] = field(default_factory=dict)  # by old file
    unreadable: Set[str] = field(default_factory=set)  # old files

    def report(self) -> Iterator[str]:
        """What to tell the student about it."""
        groups: Dict[Tuple[str, str], List[str]] = {}
        for ident, old, new in self.moved:
            groups.setdefault((old, new), []).append(ident.partition(".")[2])
        for (old, new), names in groups.items():
            yield f"{new} has your {' and '.join(names)} from {old} now"
        for ident, old, why in self.stuck:
            yield f"{old}: your {ident} could not be carried over: {why}"
        for name in sorted(self.unreadable):
            yield f"{name} is not C that could be taken apart"


class Carrier:
    """Puts answers from old files into new ones."""

    def __init__(self, moves: Moves, exercises: List[Exercise],
                 old: Dict[str, str], new: Dict[str, str],
                 begun: Iterable[str] = ()) -> None:
        """`old` are the student's files to take from, `new` the texts of the
        files for the exercises; both by name. The files in `begun` are the
        student's own: only exercises not done there are put in."""
        self.moves = moves
        self.exercises = exercises
        self.old = {name: Old.read(name, text, moves.given)
                    for name, text in old.items()}
        self.begun = set(begun)
        self.result = Carried(dict(new))
        self.used: Dict[str, List[Tuple[str, Set[str]]]] = {}

    def carry(self) -> Carried:
        """Carries all exercises."""
        for exercise in self.exercises:
            for move in self.moves.places(exercise):
                if move.file in self.old and exercise.file in self.result.texts:
                    if self.take(exercise, move):
                        break
        for name, uses in self.used.items():
            self.add_helpers(name, uses)
        for name, old in self.old.items():
            left = self.left_of(name, old)
            if not old.readable:
                self.result.unreadable.add(name)
            elif left:
                self.result.left[name] = left
        return self.result

    def left_of(self, name: str, old: Old) -> List[str]:
        """The student's parts of an old file that were not carried over."""
        if not name.endswith(".S"):
            return old.left()
        rest = old.text
        for exercise in self.exercises:
            for move in self.moves.places(exercise):
                if move.file == name and move.after:
                    rest = rest.replace(block_of(rest, move) or "\0", "")
        same = squeezed_digest(PLACEHOLDER.sub("", rest)) in self.moves.given
        return [] if same else ["what is not an exercise's"]

    def take(self, exercise: Exercise, move: Move) -> bool:
        """Carries one exercise from an old file; returns whether it was there."""
        old = self.old[move.file]
        if exercise.file.endswith(".S"):
            return self.take_block(exercise, move)
        name = move.function or self.moves.function_of(exercise.id)
        for number, item in enumerate(old.items):
            if item.name == name and item.open >= 0:
                break
        else:
            return False
        given = number in old.taken
        old.taken.add(number)
        if item.note.strip() and squeezed_digest(item.note) not in (
                self.moves.given):
            old.notes.append(name)
        if not given and not self.put(exercise, move, item):
            old.taken.discard(number)
        elif not given:
            if move.file != exercise.file:
                self.result.moved.append((exercise.id, move.file, exercise.file))
            self.used.setdefault(exercise.file, []).append(
                (move.file, set(WORD.findall(masked(item.body)))))
        return True

    def put(self, exercise: Exercise, move: Move, item: Item) -> bool:
        """Gives the new function the old one's body."""
        text = self.result.texts[exercise.file]
        name = self.moves.function_of(exercise.id)
        try:
            there = [new for new in items_of(text) if new.name == name]
        except NotC:
            there = []
        if not there:
            self.result.stuck.append((exercise.id, move.file, "there is no "
                                      f"{name}() in {exercise.file}"))
            return False
        new = there[0]
        if exercise.file in self.begun and not is_open(exercise, new.body):
            return False  # already done there by the student
        if new.header != item.header and not move.before:
            self.result.stuck.append((exercise.id, move.file, f"{name}() has "
                                      "other arguments now"))
            return False
        start = text.index(new.code) + new.open
        end = start + len(new.body)
        before = f"\n\t{move.before}" if move.before else ""
        self.result.texts[exercise.file] = (text[:start] + before + item.body
                                            + text[end:])
        return True

    def take_block(self, exercise: Exercise, move: Move) -> bool:
        """The same for a block of assembly."""
        text = self.result.texts[exercise.file]
        spot = next((found for found in PLACEHOLDER.finditer(text)
                     if found[1] == exercise.id), None)
        block = block_of(self.old[move.file].text, move)
        if block is None or spot is None:
            return False
        code, end = block.strip("\n"), spot.end()
        if is_done(exercise, code):
            todo = re.compile(r"\n\s*TODO\([^\n]*").match(text, end)
            end = todo.end() if todo else end
            self.result.texts[exercise.file] = (text[:spot.start()] + code
                                                + text[end:])
            if move.file != exercise.file:
                self.result.moved.append((exercise.id, move.file, exercise.file))
        return True

    def add_helpers(self, name: str, uses: List[Tuple[str, Set[str]]]) -> None:
        """Puts the student's own items that the bodies in the new file `name`
        use after its includes."""
        text = self.result.texts[name]
        known = {word for item in items_of(text) for word in item.defines}
        parts: List[str] = []
        for source in dict.fromkeys(file for file, _ in uses):
            old = self.old[source]
            words = set().union(*(words for file, words in uses
                                  if file == source))
            chosen = set(self.needed(old, words - known))
            for number in sorted(chosen):
                parts.append(self.helper(old, number))
        includes = [part for part in parts if part.startswith("#include")]
        others = [part for part in parts if not part.startswith("#include")]
        if parts:
            lines = text.split("\n")
            last = max((number for number, line in enumerate(lines)
                        if line.startswith("#include")), default=-1)
            new = [part for part in includes if part not in lines]
            for part in others:
                new += ["", *part.split("\n")]
            lines[last + 1:last + 1] = new
            self.result.texts[name] = "\n".join(lines)

    def helper(self, old: Old, number: int) -> str:
        """The text of one of the student's items for another file. What only
        one file may define is declared in the others."""
        item, again = old.items[number], number in old.taken
        old.taken.add(number)
        if again and item.name and "static" not in item.quiet[:item.open]:
            return item.code[:item.open - 1].strip() + ";"
        return item.text.strip("\n")

    def needed(self, old: Old, words: Set[str]) -> Iterator[int]:
        """The numbers of the items that code containing these words needs."""
        seen: Set[int] = set()
        own = {number: item for number, item in enumerate(old.items)
               if item.code and squeezed_digest(item.text) not in
               self.moves.given and not self.is_exercise(item)}
        grown = True
        while grown:
            grown = False
            for number, item in own.items():
                if number not in seen and item.defines & words:
                    seen.add(number)
                    words = words | item.words
                    grown = True
        yield from seen
        yield from (number for number, item in own.items() if item.includes)

    def is_exercise(self, item: Item) -> bool:
        """Whether it is the function of an exercise."""
        return item.open >= 0 and item.name in {
            move.function or self.moves.function_of(exercise.id)
            for exercise in self.exercises
            for move in self.moves.places(exercise)}


def is_open(exercise: Exercise, body: str) -> bool:
    """Whether an exercise is still to be done, judging by its text."""
    found = PLACEHOLDER.search(body)
    return (f'TODO("{exercise.id}")' in body
            or (found is not None and found[1] == exercise.id))


def is_done(exercise: Exercise, block: str) -> bool:
    """Whether a block of assembly has code that was not handed out."""
    rest = PLACEHOLDER.sub("", block).replace(f'TODO("{exercise.id}")', "")
    return bool(rest.strip())


def block_of(text: str, move: Move) -> Optional[str]:
    """The lines of an exercise's block in assembly."""
    lines = text.split("\n")
    if move.after not in lines:
        return None
    start = lines.index(move.after) + 1
    if lines[start:start + 1] == ["//"]:
        start += 1
    end = len(lines)
    if move.until and move.until in lines[start:]:
        end = lines.index(move.until, start)
    return "\n".join(lines[start:end])


def given_of(name: str, text: str, moves: Moves) -> Set[str]:
    """The digests of the given parts of a file as it is handed out."""
    if not name.endswith(".S"):
        items = items_of(text)
        return {squeezed_digest(part) for item in items
                for part in (item.text, item.note) if part.strip()}
    for move in moves.moves:
        if move.file == name and move.after:
            text = text.replace(block_of(text, move) or "\0", "")
    return {squeezed_digest(PLACEHOLDER.sub("", text))}
