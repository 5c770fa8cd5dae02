"""The style of what people wrote: C, shell and Python."""

import ast
import re
import shutil
import sys
import unittest
from collections import Counter
from pathlib import Path
from typing import Callable, Iterable, Iterator, List, Tuple, Union

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
        """The faults found are none; else they are the message."""
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
    """The newest Python of this machine that starts."""
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
    """What the style has against a function."""
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

    @unittest.skipUnless(shutil.which("ruff"), "ruff is not installed")
    def test_ruff(self) -> None:
        """ruff has nothing to say."""
        done = run("ruff", "check", "--quiet", *map(str, python_files()))
        self.assertEqual((done.returncode, done.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main()
