"""Class grading: what a student's file may not do.

The kernel is one program, so one of its files could tamper with the checks of
others: call their reports, replace them, put itself into another section. A
file that does what the clean tree's does not is refused, for a person to look
at; only what such tampering needs counts, and no honest answer needs it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, FrozenSet, List, Set

from gradelib.outcome import GraderError
from tools.elf import STB_LOCAL, STB_WEAK, ElfError, Object, Symbol

# The files that make reports and hold keys.
GUARDED = ("kern/check/*.o", "kern/bootargs.o", "lib/test.o")
# Another hook of the checks, in a file whose other names are public.
HOOKS = {"panic_probe": "kern/panic"}
# The sections that compilers make by themselves, with their suffixes, and one
# per function, except the names that linker scripts place.
SECTIONS = re.compile(r"\.(text|data|rodata|bss)(\.str\S+|\.cst\S+)?"
                      r"|\.text\.(?!entry$|mpentry$)\w+(\.\w+)*"
                      r"|\.(comment|note\.GNU-stack|group|debug_\w+|rel\S+"
                      r"|symtab|strtab|shstrtab|llvm_addrsig)|")
HEADERS = (".h", ".def")

QUOTED = r'"(?:\\.|[^"\\\n])*"' r"|'(?:\\.|[^'\\\n])*'"
COMMENT = re.compile(QUOTED + r"|(?P<note>//[^\n]*|/\*.*?(?:\*/|\Z))", re.DOTALL)
INCLUDE = re.compile(r"^[ \t]*(?:#|%:)[ \t]*(?:include|include_next|import"
                     r"|embed)\b[ \t]*([^\n]*)", re.MULTILINE)
NAMED = re.compile(r'(?:<([\w./+-]+)>|"([\w./+-]+)")\s*')
# Code that is hidden from the compiler, or looks at its caller.
HIDDEN = re.compile(
    r"\b(?:asm|__asm|__asm__)\b[^;{}]*"
    r"|\b__builtin_(?:return_address|frame_address|setjmp|longjmp|eh_return)\b"
    r"|\b_?_?(?:read_ebp|read_esp)\b"
    r"|##|%:%:")
# In assembly: other files, and directives composed by a macro.
ASSEMBLED = re.compile(r"incbin|\.\s*include\b|\.\s*altmacro\b|\.\\|##|%:%:"
                       r"|^\s*\\[\w\\()]+\s+[^:\s]", re.MULTILINE)


def plain(text: str) -> str:
    """Source text without comments and line continuations."""
    joined = re.sub(r"\\[ \t]*\n", "", text.replace("\r\n", "\n"))
    return COMMENT.sub(lambda found: " " if found["note"] else found[0],
                       joined)


def included(text: str) -> List[str]:
    """The headers that plain text includes, as spelled there."""
    found = []
    for line in INCLUDE.findall(text):
        match = NAMED.fullmatch(line)
        found.append((match[1] or match[2]) if match else line.strip())
    return found


def _check_includes(file: Path, text: str, clean: str) -> None:
    """Refuses what is not a header of the tree, and headers of the checks."""
    usual = set(included(clean))
    for name in included(text):
        path = Path(name)
        if name in usual:
            continue
        if path.is_absolute() or ".." in path.parts:
            raise GraderError(f"{file} includes {name}, outside the tree: "
                              "refused")
        if path.suffix not in HEADERS:
            raise GraderError(f"{file} includes {name}, which is not the name "
                              "of a header: refused")
        if path.parts[:2] == ("kern", "check") or name in (
                "inc/digest.h", "kern/bootargs.h"):
            raise GraderError(f"{file} includes {name}, which belongs to the "
                              "checks: refused")


def _spelt(text: str, pattern: "re.Pattern[str]") -> List[str]:
    """The matches, each without its blanks."""
    return ["".join(found.split()) for found in pattern.findall(text)]


def check_text(file: Path, text: str, clean: str) -> None:
    """Refuses the text of `file` if it does something that the clean one does
    not."""
    told = set(re.findall(r"\w+", clean))  # a contract may name a function
    text, clean = plain(text), plain(clean)
    _check_includes(file, text, clean)
    pattern = ASSEMBLED if file.suffix == ".S" else HIDDEN
    usual = told.union(_spelt(clean, pattern)) - {"asm"}
    for place in _spelt(text, pattern):
        if place not in usual:
            raise GraderError(f"{file} uses {place[:40]}, which the clean tree "
                              "does not have there: refused; look at it")


# --------------------------------------------------------------
# After the build: what the object files use
# --------------------------------------------------------------


def _object(path: Path) -> Object:
    try:
        return Object.load(path)
    except ElfError as err:
        raise GraderError(str(err)) from None


def _guarded(obj: Path) -> Dict[str, str]:
    """The names that only staff files may use, each with its file."""
    names = {symbol.name: str(path.relative_to(obj).with_suffix(""))
            for pattern in GUARDED for path in sorted(obj.glob(pattern))
            for symbol in _object(path).all_symbols
            if symbol.bind != STB_LOCAL and symbol.section != 0}
    return {**names, **HOOKS}


def _symbol_fault(symbol: Symbol, guarded: Dict[str, str],
                  usual: FrozenSet[str], weak: FrozenSet[str]) -> str:
    """What is wrong with a symbol of an object file, or ""; the clean file has
    the words `usual`, and the weak symbols `weak`."""
    if symbol.bind == STB_LOCAL:
        return ""
    if symbol.name in guarded and symbol.name not in usual:
        return f"uses {symbol.name} of {guarded[symbol.name]}"
    if symbol.bind == STB_WEAK and symbol.name not in weak:
        return f"makes {symbol.name} a weak symbol"
    return ""


def check_objects(tree: Path, clean: Path, files: List[Path]) -> None:
    """After the build in `tree`: refuses a student's file among `files` that
    uses internals of the checks, or has sections other than code and data."""
    obj = tree / "obj"
    guarded = _guarded(obj)
    for file in files:
        path = obj / file.with_suffix(".o")
        if file.suffix not in (".c", ".S") or not path.exists():
            continue
        text = plain((clean / file).read_text(errors="replace"))
        usual = frozenset(re.findall(r"\w+", text))
        weak = frozenset(re.findall(r"\.weak\s+(\w+)", text))
        compiled = _object(path)
        faults = {_symbol_fault(symbol, guarded, usual, weak)
                  for symbol in compiled.all_symbols}
        faults |= {f"has a section {name}"
                   for name in _odd_sections(compiled, text)}
        for fault in sorted(faults - {""}):
            raise GraderError(f"{file} {fault}: refused")


def _odd_sections(compiled: Object, usual: str) -> Set[str]:
    """The sections that are neither made by a compiler itself nor named in the
    clean file."""
    return {section.name for section in compiled.sections
            if not SECTIONS.fullmatch(section.name)
            and f'"{section.name}"' not in usual}
