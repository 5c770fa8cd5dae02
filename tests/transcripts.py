"""The transcripts in the hand-out pages: their commands are run again, and must
print the same, except for numbers that depend on the compiler.
"""

import os
import re
import select
import shlex
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import List, Optional, Tuple

from gradelib.testcase import Lab
from pages import Page, exercises, grader_tests, labs
from support import TOP, clean_environment, run

OBJ = os.environ.get("OBJDIR", "obj")
PROMPT = re.compile(r"^(?:(\$|K>|\(gdb\)|\(qemu\))(?: (.*))?)$")
SECONDS = 40
BOOTS = re.compile(r"qemu-system|make .*\b(?:qemu|run-)")
# Addresses and sizes differ between builds; a few are always the same.
ADDRESS = re.compile(r"\b(?:0x)?(?!0000|f0100000|f010000c|efffffbc)[0-9a-f]{6,8}\b")
WORDS = re.compile(r"\b(?:0x)?[0-9a-f]{5,8}\b")
BUILD = re.compile(r":\d+\b|\+\d+|\bline \d+|\d+ KiB|^ +\d+ (?=on page|with pp)")
# Code and stack as gdb shows them: instruction, arguments, words, line of C.
CODE = re.compile(r"(?<==> ).*|(?<=\()\w+=[^)]*(?=\))|^0x\w+ <bootstack.*|^\d+\t.*")
ALL_BUILD = re.compile(r"  ebp |= |  (?:e..|oesp|flag|LOAD) |00100000: |f0100000: ")


@dataclass(frozen=True)
class Step:
    """A typed line, and the output that the page shows."""

    prompt: str
    typed: str
    shown: Tuple[str, ...]


def steps(block: str) -> List[Step]:
    """The steps of a block; none if it is not a transcript."""
    found: List[Tuple[str, str, List[str]]] = []
    for line in block.splitlines():
        prompt = PROMPT.match(line)
        if prompt and (prompt[2] or not found):
            found.append((prompt[1], prompt[2] or "", []))
        elif found and not prompt:
            found[-1][2].append(line)
    return [Step(prompt, typed, tuple(shown)) for prompt, typed, shown in found]


def masked(line: str) -> str:
    """A line without the parts that may differ."""
    numbers = WORDS if ALL_BUILD.match(line) else ADDRESS
    line = BUILD.sub("~", numbers.sub("~", CODE.sub("~", line)))
    return re.sub(r"(\[[A-Z, ]*F\]| <\w+~>|,~)", "", re.sub(r"\s+", " ", line)).strip()


def difference(shown: Tuple[str, ...], printed: str) -> Optional[str]:
    """The first shown line that was not printed in its place: `...` matches any
    lines, and more may follow at the end."""
    lines = [masked(line) for line in printed.replace("\r", "").splitlines()]
    at, loose = 0, False
    for line in shown:
        if line.strip() == "...":
            loose = True
            continue
        while loose and at < len(lines) and lines[at] != masked(line):
            at += 1
        if at >= len(lines) or lines[at] != masked(line):
            return line
        at, loose = at + 1, False
    return None


# --------------------------------------------------------------
# Machines
# --------------------------------------------------------------


@lru_cache(maxsize=None)
def machine_of(command: str) -> Tuple[str, Tuple[str, ...], str]:
    """How a command boots the kernel: the boot arguments, more options, and what
    make prints first."""
    words = shlex.split(command)
    if words[0] != "make":
        return words[words.index("-append") + 1], (), ""
    planned = run(*words[:1], "-n", "GDBPORT=1", f"OBJDIR={OBJ}", *words[1:]).stdout
    told = re.search(r"(?m)^\s*-- (lab=.*?)\s*$", planned)
    hint = re.search(r'echo "(.*)"', planned)
    assert told and hint, planned
    extra = [word for word in words if word.startswith("QEMUEXTRA=")]
    options = shlex.split(extra[0][len("QEMUEXTRA="):]) if extra else []
    return told[1], tuple(options), hint[1] + "\n"


@lru_cache(maxsize=None)
def boot(arguments: str, options: Tuple[str, ...],
         typed: Tuple[str, ...]) -> List[str]:
    """The console's output up to the first prompt, and after each line that is
    typed."""
    command = ["qemu-system-i386", "-nodefaults", "-display", "none", "-m", "128M",
               "-no-reboot", "-serial", "stdio", "-kernel", f"{OBJ}/kern/kernel",
               "-append", arguments, *options]
    qemu = subprocess.Popen(command, cwd=TOP, env=clean_environment(),
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        printed = [until_prompt(qemu)]
        for line in typed:
            assert qemu.stdin is not None
            qemu.stdin.write(line.encode() + b"\r")
            qemu.stdin.flush()
            printed.append(until_prompt(qemu).split("\n", 1)[-1])
        return printed
    finally:
        qemu.kill()
        qemu.communicate()


def until_prompt(qemu: "subprocess.Popen[bytes]") -> str:
    """The machine's output up to the monitor's prompt."""
    assert qemu.stdout is not None
    seen, end = b"", time.monotonic() + SECONDS
    while not seen.endswith(b"K> "):
        ready = select.select([qemu.stdout], [], [], max(0, end - time.monotonic()))[0]
        data = os.read(qemu.stdout.fileno(), 4096) if ready else b""
        if not data:
            raise AssertionError("no prompt after " + seen[-300:].decode("latin-1"))
        seen += data
    return seen[:-3].decode("latin-1")


# --------------------------------------------------------------
# Checks
# --------------------------------------------------------------


def check_boots(page: Page) -> List[str]:
    """The output of machines, with the lines typed at their monitors, is as shown."""
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda block: check_boot(page.lab, block), machines(page))
        return [line for lines in found for line in lines]


def check_boot(lab: int, block: List[Step]) -> List[str]:
    """A machine's output, with the lines typed at its monitor, is as shown."""
    first, typed = block[0], [step for step in block if step.prompt == "K>"]
    if first.prompt == "$":
        arguments, options, before = machine_of(first.typed)
    else:
        arguments, options, before = f"lab={lab}", (), ""
    printed = boot(arguments, options, tuple(step.typed for step in typed))
    shown = list(zip(typed, printed[1:]))
    if first.prompt == "$":
        shown.insert(0, (first, before + printed[0]))
    bad = [(step, difference(step.shown, said)) for step, said in shown]
    return [f"{step.typed}: does not print: {line}" for step, line in bad if line]


def machines(page: Page) -> List[List[Step]]:
    """The transcripts for which a machine is booted."""
    found: List[List[Step]] = []
    for block in page.blocks:
        if "TODO lab" in block:
            continue
        parts = [step for step in steps(block) if step.prompt in ("$", "K>")]
        for at, step in enumerate(parts):
            booted = step.prompt == "$" and BOOTS.match(step.typed)
            if step.prompt == "K>" and (at == 0 or not found):
                found.append([step])
            elif step.prompt == "K>" and step.typed:
                found[-1].append(step)
            elif booted and "-d int" not in step.typed:
                found.append([step])
    return [block for block in found if block[0].typed]


def check_host(page: Page) -> List[str]:
    """The output of od and readelf for our files is as shown."""
    bad = []
    for step in (step for block in page.blocks for step in steps(block)):
        if step.prompt == "$" and step.typed.startswith(("od ", "readelf ")):
            done = run(*shlex.split(step.typed.replace("obj/", f"{OBJ}/")))
            line = difference(step.shown, done.stdout)
            if done.returncode or line:
                bad.append(f"{step.typed}: does not print: {line or done.stdout}")
    return bad


def check_todo(page: Page) -> List[str]:
    """Each shown message of a hole, or output of grep, names an exercise."""
    text = "\n".join(page.blocks)
    bad = []
    for ident, file in (re.findall(r"^TODO (\S+) at (\S+):\d+$", text, re.M)
                        + [(ident, file) for file, ident in re.findall(
                            r"^(\S+):\d+:\s*// Exercise (\S+): your", text, re.M)]):
        if exercises().get(ident) != file:
            bad.append(f"{ident} is not in {file}")
    for lab, name in re.findall(r"labs/(lab\d)/README\.md#(\w+)", text):
        if f"{lab}.{name}" not in exercises():
            bad.append(f"{lab}.{name} is no exercise")
    return bad


def graded(lab: Lab) -> str:
    """A grader's output for full marks, without its times."""
    lines = []
    for part in lab.parts:
        lines += [f"{test.name}: OK" for test in part.tests]
        lines += [f"{part.title} score: {part.points}/{part.points}", ""]
    return "\n".join([*lines, f"Score: {lab.points}/{lab.points}"])


def check_list(page: Page) -> List[str]:
    """The shown output of make todo lists the exercises of the lab."""
    bad = []
    for step in (step for block in page.blocks for step in steps(block)):
        if re.fullmatch(r"make LAB=\d todo", step.typed):
            listed = run(*step.typed.split()).stdout
            rows = [line for line in step.shown if line.startswith("  TODO  ")]
            bad += [f"{step.typed}: does not print: {row}" for row in rows
                    if row[8:] not in listed]
            bad += [] if len(rows) == listed.count("\n  ") else ["a row is missing"]
    return bad


def check_grade(page: Page) -> List[str]:
    """The shown lines of graders are those of existing tests."""
    bad = []
    for step in (step for block in page.blocks for step in steps(block)):
        shown = tuple(re.sub(r" \(\d+\.\ds\)$", "", line) for line in step.shown)
        if re.fullmatch(r"make LAB=\d grade", step.typed):
            line = difference(shown, graded(labs()[page.lab - 1]))
            bad += [f"{step.typed}: does not print: {line}"] if line else []
        elif step.typed.startswith("./grade-lab"):
            test = grader_tests()[step.typed.split()[-1]]
            for wanted in (f"    rule: {test.text}", f"Score: 0/{test.points}"):
                bad += [] if wanted in shown else [f"{step.typed} prints: {wanted}"]
    return bad
