"""The style of hand-written files: C, shell and Python."""

import ast
import re
import shutil
import sys
import unittest
from collections import Counter
from pathlib import Path
from typing import Callable, Iterable, Iterator, List, Pattern, Tuple, Union

from support import TOP, run, sources

FunctionNode = Union[ast.FunctionDef, ast.AsyncFunctionDef]
C_WIDTH = 80
PYTHON_WIDTH = 88
FUNCTION_LINES = 40
TEXT = ("*.c", "*.h", "*.S", "*.ld", "*.def", "*.py", "*.sh", "*.pl", "*.md", "*.mk",
        "*.toml", "*.tmpl", "GNUmakefile", "grade-lab*", ".ci/*")


def c_files() -> List[Path]:
    """The C files of the system; answers stand as a student would write them."""
    return [path for path in sources("*.c", "*.h")
            if "answers" not in path.relative_to(TOP).parts]


def python_files() -> List[Path]:
    return list(sources("*.py", "grade-lab*"))


def shown(path: Path) -> str:
    return str(path.relative_to(TOP))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def bad_lines(paths: Iterable[Path], is_bad: Callable[[str], bool]) -> List[str]:
    """The lines that are bad, as FILE:LINE."""
    return [f"{shown(path)}:{number}" for path in paths
            for number, line in enumerate(text_of(path).split("\n"), 1)
            if is_bad(line)]


def wider(paths: Iterable[Path], columns: int) -> List[str]:
    """The lines that are wider than `columns`."""
    return bad_lines(paths, lambda line: len(line.expandtabs(8)) > columns)


class StyleTest(unittest.TestCase):
    def assert_none(self, faults: List[str]) -> None:
        """Fails with the faults as the message, if there are any."""
        if faults:
            self.fail("\n".join(faults))


class Everything(StyleTest):
    def test_blanks(self) -> None:
        """No line ends in a blank."""
        self.assert_none(bad_lines(sources(*TEXT), lambda line: line != line.rstrip()))

    def test_newline(self) -> None:
        """Every file ends in one newline."""
        self.assert_none([shown(path) for path in sources(*TEXT)
                          if not re.search(r"(\A|[^\n]\n)\Z", text_of(path))])


class C(StyleTest):
    def test_format(self) -> None:
        """clang-format would change nothing."""
        files = [shown(path) for path in c_files()]
        self.assertTrue(files)
        self.assertTrue(shutil.which("clang-format"), "it is not installed")
        done = run("clang-format", "--dry-run", "-Werror", *files)
        places = Counter(re.findall(r"^(\S+?):\d+:.*error", done.stdout, re.M))
        self.assert_none([f"{name}: {count} places" for name, count in places.items()])
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_width(self) -> None:
        """No line of C or assembly is wider than 80 columns."""
        others = list(sources("*.S", "*.ld", "*.def"))
        self.assert_none(wider(c_files() + others, C_WIDTH))


class Prose(StyleTest):
    def test_links(self) -> None:
        """Every link of a page leads to a file of the tree."""
        pages = list(sources("*.md"))
        self.assertTrue(pages)
        self.assert_none([
            f"{shown(page)}: {target}" for page in pages
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text_of(page))
            if "://" not in target and not (page.parent / target).exists()])


# Phrases that technical English does not use, each with what to write instead. A
# phrase may continue on the next line, also in a comment.
IDIOMS = tuple((re.compile(pattern.replace(" ", r"[\s/#*\"]+"), re.I), say)
               for pattern, say in (
    (r", for (?:it|they|he|she|we|you|there|nobody|none|nothing|then)\b"
     r"(?! (?:or|and)\b)", "because"),
    (r", for (?:the|a|an|this|that|these|those|all|each|every|its|their|no|one)\b"
     r"[^.,;:()`]{0,50}? (?:is|are|was|were|has|have|had|does|do|did|may|can|cannot|"
     r"must|would|will|could|might|comes?|needs?|holds?)\b", "because"),
    (r"\bbe (?:it|they)\b", "whether ... or"),
    (r"\bbut for\b(?! (?:\w+ ){0,2}(?:gdb|example|instance)\b)", "except"),
    (r"\b(?:go|goes|going|went|gone) on\b(?! (?:the|a|an|its|each|top|to an?)\b)",
     "continue, resume"),
    (r"\bwho(?:ever|mever)\b", "the caller, the CPU that"),
    (r"\bthose (?:that|who|of which)\b", "the pages that: name them"),
    (r"\bnobody\b", "no CPU, no program, nothing"),
    (r"\bmeanwhile\b", "in between, at the same time"),
    (r"\b(?:lies?|lay|stands?|stood|comes?|came|right|directly|just|instruction|"
     r"bytes?|words?|row|page|field|line|image|memory|one|piece) \W?behind\b",
     "after"),
    (r"\b(?:by turns|whose turn|(?:its|their|a|the|has) turns?(?= (?:is|was|ends?|"
     r"comes?|begins?|of|to run)|[.,;]))", "time slice; round robin"),
    (r"\b(?:is|are) no more[.,;]", "no longer exists"),
    (r"\bwhich is to say\b", "that is"),
    (r"\bit is said (?:why|what|that|so|which)\b", "the message says"),
    (r"\b(?:is|are) told of\b|\btells? of\b", "sees, describes"),
    (r"\b(?:comes?|came) upon\b", "observe, find"),
    (r"\bdrawn? by lot\b", "at random"),
    (r"\bnot until\b[^.]{0,60}:", "count, only"),
    (r"; but not so\b|; not so\b|\bnot so `", "except"),
    (r"\ba passage\b|\bthe passages?\b|\bkernel_passage\b",
     "kernel entry, kernel exit"),
    (r"\bpok(?:e|es|ed|ing)\b(?! fun)|\bCPU_POKED\b|\bIRQ_POKE\b", "IPI"),
    (r"\bleavings\b", "dirty pages"),
    (r"\bscribbl(?:e|es|ed|ing)\b", "poison"),
    (r"\bkeyed\b", "graded"),
    (r"\bthe (?:program|kernel|student)'s doing\b", "caused by the program"),
    (r"\bwords from the start\b", "offset in words"),
))
# The files and folders without these phrases, and those that still have some. One
# that has become free of them must move to the first list.
ENGLISH = ("README.md", "labs/GLOSSARY.md", "labs/INSTRUCTORS.md",
           "labs/lab1/README.md", "labs/lab2/README.md", "labs/lab3/README.md",
           "labs/lab4/README.md", "boot", "GNUmakefile", "build.mk", ".gdbinit.tmpl",
           "conf")
NOT_YET = ("inc", "kern", "lib", "user", "gradelib", "tools", "tests")
# A page repeats the contract of the source: reword both together.
CONTRACT = re.compile(r"^\*\*Contract(?:.+\n)+(?:\n(?:\* | )(?:.+\n)+)*", re.M)
SHOWN = re.compile(r"^ *```.*?^ *```$|`[^`]+`", re.M | re.S)


def blanked(text: str, *patterns: Pattern[str]) -> str:
    """The text, with blanks where the patterns match; lines stay lines."""
    for pattern in patterns:
        text = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text


def idioms(text: str) -> Iterator[Tuple[int, str]]:
    """The refused phrases in a text: line and description of each."""
    for pattern, say in IDIOMS:
        for found in pattern.finditer(text):
            words = re.sub(r"[\s/#*\"]+", " ", found[0])
            yield text.count("\n", 0, found.start()) + 1, f"{words!r}: {say}"


def idioms_in(place: str) -> Iterator[str]:
    """The refused phrases in a file, or in the files of a folder. Contracts are
    checked in the source, not on the pages."""
    for path in [TOP / place] if (TOP / place).is_file() else [
            path for path in sources(*TEXT) if TOP / place in path.parents]:
        text = text_of(path)
        if path.suffix == ".md":
            text = blanked(text, SHOWN, CONTRACT)
        if path != Path(__file__).resolve():
            for line, what in sorted(idioms(text)):
                yield f"{shown(path)}:{line}: {what}"


class English(StyleTest):
    def test_idioms(self) -> None:
        """Finished pages and comments have none of the refused phrases."""
        self.assert_none([fault for place in ENGLISH for fault in idioms_in(place)])

    def test_not_yet(self) -> None:
        """Nothing in the list of unfinished places is finished."""
        self.assert_none([f"{place}: move it to ENGLISH" for place in NOT_YET
                          if not any(idioms_in(place))])

    def test_found(self) -> None:
        """The phrases are found, also across lines; natural ones are not."""
        for bad in ("It waits, for the other\n// CPU holds it.", "all but for one",
                    "The page is gone, for it is full.", "be they more or fewer",
                    "the CPU goes on", "it may go\n * on", "Whoever maps it counts it.",
                    "the queue of those that are ready", "nobody uses it", "meanwhile",
                    "the instruction *behind* the call", "what lies\n# behind",
                    "run by turns", "until its turn ends", "The CPU is no more.",
                    "is not rendered, and it is said why", "may come upon that",
                    "each turn is drawn by lot", "Leave the passage.", "CPU_POKED",
                    "the program's doing"):
            with self.subTest(bad):
                self.assertTrue(list(idioms(bad)))
        for good in ("It boots, but for gdb it waits.", "Run it, for example, twice.",
                     "A page, for the array's end.", "It goes on the free list.",
                     "each in turn", "Paging is turned on.", "Behind the scenes",
                     "Wait for the lock.", "those pages that are free",
                     "no page is free, for it or for a page table"):
            with self.subTest(good):
                self.assertEqual(list(idioms(good)), [])


class Shell(StyleTest):
    def test_shellcheck(self) -> None:
        """shellcheck has nothing to say."""
        self.assertTrue(shutil.which("shellcheck"), "it is not installed")
        files = list(sources("*.sh", ".ci/*"))
        self.assertTrue(files)
        done = run("shellcheck", *map(str, files))
        self.assertEqual((done.returncode, done.stdout), (0, ""))


COMPILE = """
import sys
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as file:
        text = file.read()
    try:
        compile(text, name, "exec", dont_inherit=True)
    except SyntaxError as err:
        print(f"{name}:{err.lineno}: {err.msg}")
"""


def newest_python() -> str:
    """The newest working Python of this machine."""
    for minor in range(30, sys.version_info[1], -1):
        found = shutil.which(f"python3.{minor}")
        if found and run(found, "-c", "").returncode == 0:
            return found
    return sys.executable


def functions(tree: ast.AST) -> Iterator[FunctionNode]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def unannotated(function: FunctionNode) -> List[str]:
    """The arguments without a type, and "return" when that lacks one."""
    arguments = function.args
    every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    names = [one.arg for one in every
             if one.annotation is None and one.arg not in ("self", "cls")]
    return names + ([] if function.returns else ["return"])


def faults_of(function: FunctionNode) -> List[str]:
    """The faults of style in a function."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    faults = [f"no type for {name}" for name in unannotated(function)]
    if lines >= FUNCTION_LINES:
        faults.append(f"{lines} lines")
    return faults


class Python(StyleTest):
    def trees(self) -> Iterator[Tuple[str, ast.Module]]:
        self.assertTrue(python_files())
        for path in python_files():
            yield shown(path), ast.parse(text_of(path), str(path))

    def test_version(self) -> None:
        """Every file is Python 3.8."""
        self.assertTrue(python_files())
        for path in python_files():
            with self.subTest(shown(path)):
                text = text_of(path)
                ast.parse(text, shown(path), feature_version=(3, 8))
                compile(text, shown(path), "exec", dont_inherit=True)

    def test_warnings(self) -> None:
        """The newest Python there is compiles every file without a warning."""
        done = run(newest_python(), "-W", "error", "-c", COMPILE,
                   *map(str, python_files()))
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_functions(self) -> None:
        """Every function is annotated and shorter than 40 lines."""
        self.assert_none([
            f"{name}:{function.lineno} {function.name}: {fault}"
            for name, tree in self.trees() for function in functions(tree)
            for fault in faults_of(function)])

    def test_imports(self) -> None:
        """No file imports *."""
        self.assert_none([
            f"{name}:{node.lineno}" for name, tree in self.trees()
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"])

    def test_docstrings(self) -> None:
        """Every file says what it is."""
        self.assert_none([name for name, tree in self.trees()
                          if not ast.get_docstring(tree)])

    def test_width(self) -> None:
        """No line is wider than 88 columns."""
        self.assert_none(wider(python_files(), PYTHON_WIDTH))

    def check_types(self, folder: Path, files: List[Path]) -> None:
        """mypy finds no fault in `files`, run where their imports start."""
        done = run("mypy", "--config-file", str(TOP / "pyproject.toml"),
                   "--cache-dir", str(TOP / "obj/check/mypy" / folder.name),
                   *(str(path.relative_to(folder)) for path in files), cwd=folder)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_types(self) -> None:
        """mypy --strict finds nothing in gradelib, the tools and graders."""
        self.assertTrue(shutil.which("mypy"), "it is not installed")
        commands = list((TOP / "tools").glob("*.py"))
        names = "|".join(path.stem for path in commands)
        # Some import their neighbours by name alone, as scripts can.
        alone = [path for path in commands
                 if re.search(rf"^(from|import) ({names})\b", text_of(path), re.M)]
        others = [path for path in python_files() if path not in alone
                  and "tests" not in path.relative_to(TOP).parts]
        self.assertTrue(others)
        self.check_types(TOP, others)
        if alone:
            self.check_types(TOP / "tools", alone)

    @unittest.skipUnless(shutil.which("ruff"), "ruff is not installed")
    def test_ruff(self) -> None:
        """ruff has nothing to say."""
        done = run("ruff", "check", "--quiet", *map(str, python_files()))
        self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main()
