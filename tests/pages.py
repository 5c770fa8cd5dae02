"""Reads the hand-out pages, and finds what does not agree with the tree.

Each check takes a page, and returns a line for each fault.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, FrozenSet, Iterator, List, Tuple

from gradelib.main import load_lab
from gradelib.testcase import Lab, Test
from support import TOP, sources

FENCE = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.M | re.S)
INDENTED = re.compile(r"(?:\A|(?<=\n\n))(?:    .*\n)+", re.M)
SPAN = re.compile(r"`([^`]+)`")
SECTION = re.compile(r"^### (\w+)\n(.*?)(?=^#|\Z)", re.M | re.S)
LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")
# A term of the glossary: its id, its name, what it means.
TERM = re.compile(r'^(?:<a id="(.*?)"></a>)?\*\*(.+?)\*\*(.+(?:\n.+)*)', re.M)
SOLUTION = re.compile(r"@" r"solution .*?@(?:stub|end)\b", re.S)
QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.S)
WORD = re.compile(r"[A-Za-z_]\w*")
# Numbers, and conversions of printf, become one word, which matches any word.
VALUE = re.compile(r"(?:0x)?%[-+ 0#]*[\d.*]*(?:hh|h|ll|l)?[a-z]|\.\.\.|"
                   r"0x[0-9a-f]+|\b[0-9a-f]{8}\b|\b\d+\b")
ANY = "#"
MESSAGE_WORD = re.compile(rf"[A-Za-z_<>'-]+|{ANY}")
NAMED = re.compile(r"[A-Z_]+|\d+|[a-z][\w.]*")


@dataclass(frozen=True)
class Page:
    """A page; `lab` is 0 for the one about all of them."""

    name: str
    lab: int
    text: str

    @property
    def blocks(self) -> List[str]:
        """Its code blocks: text that is typed or printed."""
        return FENCE.findall(self.text)

    @property
    def prose(self) -> str:
        """Its text without the blocks."""
        return INDENTED.sub("", FENCE.sub("", self.text))

    @property
    def spans(self) -> List[str]:
        """The text between backticks, including blanks."""
        return [re.sub(r"\s+", " ", span) if "\n" in span else span
                for span in SPAN.findall(self.prose)]

    def typed(self) -> Iterator[str]:
        """The commands that it shows or names."""
        for block in self.blocks:
            yield from re.findall(r"^\$ (.*)$", block, re.M)
        for block in INDENTED.findall(FENCE.sub("", self.text)):
            for line in block.splitlines():
                yield re.split(r" {3,}", line.strip())[0]
        yield from self.spans


def read(name: str) -> Page:
    """The page in the file `name`."""
    lab = re.search(r"lab(\d+)/", name)
    return Page(name, int(lab[1]) if lab else 0, (TOP / name).read_text())


def pages() -> List[Page]:
    """Every page that students read."""
    return [read("README.md")] + [
        read(str(path.relative_to(TOP))) for path in sorted(TOP.glob("labs/lab*/*.md"))
        if path.name == "README.md"]


# --------------------------------------------------------------
# What exists in the tree
# --------------------------------------------------------------


@lru_cache(maxsize=None)
def labs() -> Tuple[Lab, ...]:
    """The labs, with their tests."""
    return tuple(load_lab(path.name[len("grade-lab"):])
                 for path in sorted(TOP.glob("grade-lab*")))


def grader_tests() -> Dict[str, Test]:
    return {test.name: test for lab in labs() for test in lab.tests}


@lru_cache(maxsize=None)
def exercises() -> Dict[str, str]:
    """The file of each exercise."""
    listed = json.loads((TOP / "labs/exercises.json").read_text())
    return {entry["id"]: entry["file"] for entry in listed}


@lru_cache(maxsize=None)
def given_code() -> str:
    """The text of the system's files, without the solutions."""
    return "\n".join(SOLUTION.sub("", path.read_text()) for path in
                     sources("*.c", "*.h", "*.S", "*.def", "*.ld")
                     if path.relative_to(TOP).parts[0] in
                     ("boot", "inc", "kern", "lib", "user"))


@lru_cache(maxsize=None)
def identifiers() -> FrozenSet[str]:
    return frozenset(WORD.findall(NO_CODE.sub("", given_code())))


def message_words(text: str) -> str:
    """The words of a message, each number replaced by the same word."""
    words = MESSAGE_WORD.findall(VALUE.sub(f" {ANY} ", text))
    kept = [word for at, word in enumerate(words)
            if word != ANY or words[at - 1:at] != [ANY]]
    return f" {' '.join(kept)} "


@lru_cache(maxsize=None)
def messages() -> str:
    """Everything that the system or the graders print, and what a contract quotes
    that the system must print."""
    graders = "\n".join(re.sub(r"\{[^{}\n]*\}", "%d", path.read_text())
                        for path in sources("grade-lab*", "gradelib/*.py"))
    joined = re.sub(r'"\s*\n\s*(?://\s*)?f?"', "", given_code() + graders)
    asserted = re.findall(r"\bassert\((.*)\);", joined)
    return "\n".join(map(message_words, QUOTED.findall(joined) + asserted))


@lru_cache(maxsize=None)
def programs() -> FrozenSet[str]:
    """The user programs, and the images that the kernel must refuse."""
    made = re.findall(r'"(bad\w+|goodtiny)"', (TOP / "tools/badelf.py").read_text())
    return frozenset(made) | {path.stem for path in TOP.glob("user/*.[cS]")}


@lru_cache(maxsize=None)
def makefile() -> str:
    return (TOP / "GNUmakefile").read_text()


@lru_cache(maxsize=None)
def targets() -> FrozenSet[str]:
    """make's targets, by name or pattern."""
    rules = re.findall(r"^([\w%-][\w% -]*?):(?![=:])", makefile(), re.M)
    return frozenset(word for rule in rules for word in rule.split())


@lru_cache(maxsize=None)
def monitor_commands() -> FrozenSet[str]:
    table = re.findall(r'^\t\{ "(\w+)", "', (TOP / "kern/monitor.c").read_text(), re.M)
    return frozenset(table)


@lru_cache(maxsize=None)
def gdb_commands() -> FrozenSet[str]:
    """The commands that we add to gdb."""
    text = (TOP / "tools/gdb/commands.py").read_text()
    names = re.findall(r'\("(\w+)", [A-Z]+,', text)
    return frozenset(["jos", "jos-connect", *(f"jos {name}" for name in names)])


# --------------------------------------------------------------
# Sections, links, points
# --------------------------------------------------------------


def check_sections(page: Page) -> List[str]:
    """Each exercise of the lab has a complete section, and each such section has
    an exercise; the list at the top links to them."""
    found = [name for name, _ in SECTION.findall(page.text) if name == name.lower()]
    wanted = [ident.split(".")[1] for ident in exercises()
              if ident.startswith(f"lab{page.lab}.")]
    bad = [f"no section {name}" for name in wanted if name not in found]
    bad += [f"section {name} has no exercise" for name in found if name not in wanted]
    bad += [f"two sections {name}" for name in set(found) if found.count(name) > 1]
    bad += [f"no link to {name}" for name in wanted
            if f"[{name}](#{name})" not in page.text]
    for name, text in SECTION.findall(page.text):
        for part in ("Purpose", "Contract", "What goes wrong"):
            if name in wanted and f"**{part}" not in text:
                bad.append(f"section {name} has no {part}")
    return bad


def anchors(text: str) -> List[str]:
    """The link targets of a page: its headings and other marked places."""
    text = FENCE.sub("", text)
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return [re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-")
            for head in headings] + re.findall(r'^<a id="([^"]+)"></a>', text, re.M)


def check_links(page: Page) -> List[str]:
    """Each link leads to a file, and to a heading in it."""
    bad = []
    for name, anchor in LINK.findall(page.text):
        path = (TOP / page.name).parent / name if name else TOP / page.name
        if not path.is_file():
            bad.append(f"link to {name}, which is no file")
        elif anchor and anchor not in anchors(page.text if not name
                                              else path.read_text()):
            bad.append(f"link to #{anchor}, which is no heading or marked place")
    return bad


def check_glossary(page: Page) -> List[str]:
    """The terms are in alphabetical order; each is a link target and links to a
    lab."""
    terms = TERM.findall(page.text)
    names = [term.lstrip(".").lower() for _, term, _ in terms]
    bad = [f"{after} stands after {before}" for before, after in zip(names, names[1:])
           if after <= before]
    for anchor, term, text in terms:
        if anchor != re.sub(r"[^\w -]", "", term).lower().replace(" ", "-"):
            bad.append(f"{term} has the id {anchor!r}")
        if "](lab" not in text:
            bad.append(f"{term} leads to no lab")
    return bad


def check_points(page: Page) -> List[str]:
    """The points are those of the grader, part by part."""
    if not page.lab:
        total = sum(lab.points for lab in labs())
        wanted = f"Total: {total}/{total}"
        return [] if wanted in page.text else [f"no line {wanted}"]
    if page.lab > len(labs()):
        return []  # a lab without a grader yet
    lab = labs()[page.lab - 1]
    table = re.search(r"^\| group \| points \|\n\|[-|]*\n((?:\|.*\n)+)",
                      page.text, re.M)
    rows = re.findall(r"^\| \**(.*?)\** \| \**(\d+)\** \|$", table[1] if table else "",
                      re.M)
    seen = [(re.split(":", title)[0], int(points)) for title, points in rows]
    wanted_rows = [(part.title, part.points) for part in lab.parts]
    wanted_rows.append(("all", lab.points))
    return [] if seen == wanted_rows else [f"the points are {seen}, not {wanted_rows}"]


# --------------------------------------------------------------
# What is named between backticks
# --------------------------------------------------------------

# Names of other programs, of the hardware's manuals, or of the page itself.
ELSEWHERE = frozenset("""
    ctrl-a x|ctrl-a c|readelf|qemu-system-i386|QEMU|CPL|DPL|CR2|IP|v=0e|e=0002|
    PhysAddr|VirtAddr|FileSiz|MemSiz|Offset|LOAD|.bss|.gdbinit|TODO|printf|type|
    -icount shift=0|-nox|segment * 16 + offset|b|bt|c|n|p|si|x/7xw|info registers|cd|
    reverse-stepi|reverse-step|reverse-finish|reverse-continue|watch page_free_list|
    info locals|-- WORD...|git diff|Error 1|Error 2|
    git diff --no-index FILE FILE.new|jos env ID|jos pgdir ADDRESS|
    CPL <= DPL|ss0:esp0|v|x|y
""".replace("\n", "").replace("    ", "").split("|"))
INSTRUCTIONS = frozenset("call into int int3 invlpg iret jmp mov pop push ret sysenter "
                         "sysexit".split())
NUMBER = re.compile(r"[-+#&=$\d\s\".x%]*|%[-+ 0#]*[\d.*]*(?:hh|h|ll|l)?[a-zA-Z]|"
                    r"0x[0-9a-f]+|-f[a-z-]+|hh|ll|\+[0-9a-f]+")
PROGRAM_SAYS = re.compile(r"^test\w+: ")
BOOT_WORD = re.compile(r"(lab|init|check|key|trace)=(\S+)")


def is_file(span: str) -> bool:
    """The name of a file or folder, or of a file that make makes."""
    if span.startswith("./"):
        return (TOP / span).is_file()
    path = span
    if re.fullmatch(r"[\w.]+", path) and "." in path:
        return any(TOP.glob(f"*/{path}")) or (TOP / path).is_file()
    if path.startswith("obj/"):
        made = re.fullmatch(r"obj/(boot|kern|user)/(\w+)\.(asm|sym|img|S)|obj/|"
                            r"obj/gdbinit|obj/memmap\.html|obj/kern/kernel|"
                            r"obj/compile_commands\.json", path)
        return made is not None and (
            not made[2] or made[2] in programs() | {"boot", "kernel", "programs"})
    return "/" in path and " " not in path and (TOP / path).exists()


def is_made(span: str) -> bool:
    """A file that one of our tools creates in a student's tree."""
    if span.startswith("sha256sum "):
        return f"`{span}`" in (TOP / "tools/release.py").read_text()
    name = re.fullmatch(r"(?:FILE|lab[N\d]|labs)([-./][\w.]+)", span)
    tools = "".join(path.read_text() for path in TOP.glob("tools/*.py"))
    return name is not None and re.search(rf'["/]{re.escape(name[1].strip("/"))}"',
                                          tools) is not None


def is_target(name: str) -> bool:
    """A target of make."""
    if name in targets():
        return True
    run = re.fullmatch(r"(?:run|prep)-(\w+?)(?:-nox)?(?:-gdb)?", name)
    if run:
        return run[1] == "NAME" or run[1] in programs()
    test = re.fullmatch(r"(?:gdb|replay)-(\w+)", name)
    return test is not None and (test[1] == "TEST" or test[1] in grader_tests())


def is_setting(word: str) -> bool:
    """A variable of make, with or without a value."""
    name = re.match(r"[A-Z]+", word)
    return name is not None and re.search(
        rf"^#. .*\b{name[0]}\b|^{name[0]} *\?=|\(call given,{name[0]}\)",
        makefile(), re.M) is not None


def is_option(word: str) -> bool:
    """An option of the graders."""
    known = re.findall(r'"(--?[\w-]+)"', (TOP / "gradelib/options.py").read_text())
    return word in known


def is_command(span: str) -> bool:
    """A command line of make, or of one of our tools."""
    words = re.findall(r"(?:'[^']*'|\S)+", span)
    if words[0] == "make":
        return all(is_setting(word) if "=" in word else is_target(word)
                   for word in words[1:])
    if all(is_option(word) or word == "N" for word in words):
        return True
    if words[0] == "source":
        return all(map(is_file, words[1:]))
    if words[0] in ("sh", "python3") and len(words) > 1:
        return (TOP / words[1]).is_file()
    if re.fullmatch(r"\./grade-lab\d", words[0]):
        return is_file(words[0]) and all(
            is_option(word) or NAMED.fullmatch(word) and (
                word.isupper() or "." in word or word in grader_tests())
            for word in words[1:])
    return words[0].startswith(("./", "tools/", "tests/")) and is_file(words[0])


def is_boot_argument(span: str) -> bool:
    """A boot argument of the kernel."""
    word = BOOT_WORD.fullmatch(span)
    if not word or f"{word[1]}=" not in (TOP / "kern/bootargs.h").read_text():
        return False
    if word[1] == "init":
        return word[2] == "NAME" or word[2] in programs()
    return word[1] != "check" or word[2] == "NAME" or f'"{word[2]}"' in given_code()


def is_program(span: str) -> bool:
    """A user program, perhaps with arguments in capitals or after `run`."""
    words = span.split()
    if words[0] == "run" and len(words) > 1:
        return words[1] in programs()
    return words[0] in programs() and all(NAMED.fullmatch(word) for word in words[1:])


def is_code(span: str) -> bool:
    """Names from the given code, with C or assembly between them."""
    names = WORD.findall(NO_CODE.sub("", span))
    known = identifiers() | {"struct", "extern", "char", "uint32_t"} | INSTRUCTIONS
    if not names or any(name not in known for name in names):
        return False
    if names[0] == "b" and len(names) > 1 and span[1] == " ":
        return is_code(span[2:])
    plain = re.search(r"[a-z_]\w* +[a-z_]", NO_CODE.sub("", span))
    return not plain or names[0] in {"struct", "extern"}


def is_message(span: str) -> bool:
    """A message of the system or a part of one: at least two consecutive words of
    its texts, or a text of one word."""
    if re.fullmatch(r"(= )?\w+\.\.\.", span):
        start = span.strip("=. ")
        return any(name.startswith(start) for name in identifiers())
    words = message_words(PROGRAM_SAYS.sub("... ", span)).split()
    at = 0
    while at < len(words):
        size = next((size for size in range(len(words) - at, 0, -1)
                     if f" {' '.join(words[at:at + size])} " in messages()), 0)
        lone = size == 1 and words[at] != ANY
        if not size or lone and f"\n {words[at]} \n" not in f"\n{messages()}\n" \
                and words[at] not in identifiers():
            return False
        at += size
    return bool(words)


@lru_cache(maxsize=None)
def is_known(span: str) -> bool:
    """Whether a page may name this: it exists."""
    if re.fullmatch(r"[\w./-]+/[\w./-]*", span) and span not in ELSEWHERE:
        return is_file(span)
    exercise = re.match(r'(?:Exercise |TODO\("?)lab[N\d]\.', span)
    return (span in ELSEWHERE or NUMBER.fullmatch(span) is not None
            or exercise is not None or is_file(span) or is_target(span) or is_made(span)
            or is_command(span) or re.fullmatch("[A-Z]+( ?\\??=.*)?", span) is not None
            and is_setting(span) or is_boot_argument(span)
            or span in monitor_commands() or span in gdb_commands()
            or is_program(span) or is_code(span) or is_message(span))


def check_names(page: Page) -> List[str]:
    """Everything between backticks exists."""
    return [f"`{span}` is nothing that exists" for span in page.spans
            if not is_known(span.strip())]


def check_first_screen(page: Page) -> List[str]:
    """README.md begins with the first two commands that a user needs."""
    screen = "\n".join(page.text.splitlines()[:24])
    return [f"not on the first screen: {command}" for command in
            ("make setup grade", "make setup check")
            if not page.lab and f"\n    {command} " not in screen]


def check_programs(page: Page) -> List[str]:
    """The labs with programs say in a table what each program's correct output
    is."""
    table = re.compile(r"^## The programs\n(.*?)^## ", re.M | re.S)
    others = [other for other in pages() if other.name != page.name]
    found = [match[1] for match in map(table.search, [
        page.text, *(other.text for other in others)]) if match]
    named = {word for text in found for span in SPAN.findall(text)
             for word in span.split()}
    shown = {path.stem for path in TOP.glob("user/*.[cS]")} | {"goodtiny"}
    return [f"program {name} is not in the table" for name in sorted(shown - named)
            if table.search(page.text)]


def check_commands(page: Page) -> List[str]:
    """Each make and grader command that the page shows can be run."""
    return [f"`{line}` cannot be run" for line in page.typed()
            if re.match(r"make(?: |$)|\./|tools/\w|tests/\w", line)
            and not is_command(line) and not is_file(line)]
