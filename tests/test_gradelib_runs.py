"""The graders against kernels that misbehave, in real machines."""

import errno
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Tuple
from unittest import mock

from fakekernel import build, compiler, make_tree
from support import Done, run

from gradelib.calibrate import measure
from gradelib.interrupts import parse
from gradelib.limits import Limits
from gradelib.logpipe import LogPipe
from gradelib.machine import Machine
from gradelib.outcome import Failed, Outcome, Result
from gradelib.runner import Runner
from gradelib.setup import Setup
from gradelib.symbols import Symbols
from gradelib.testcase import Test, exercise
from gradelib.vm import Bench, Fleet, Vm
from gradelib.watch import Stop, Watch
from tools.elf import Elf

QEMU = shutil.which(os.environ.get("QEMU", "qemu-system-i386")) or ""
LONGEST = 60.0  # seconds that a grader may take for any of these kernels


def setUpModule() -> None:
    for what, there in (("QEMU", QEMU), ("a compiler", compiler())):
        if not there:
            raise unittest.SkipTest(f"{what} is not installed")


class Case(unittest.TestCase):
    """Has its own folder."""

    def setUp(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="gradelib-"))
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)

    def grade(self, tree: Path, *words: str, lab: int = 1) -> Done:
        # Its temporary files are in the tree, too, so that left_over sees them.
        return run(f"./grade-lab{lab}", "--no-build", *words, cwd=tree,
                   limit=LONGEST, extra={"TMPDIR": str(tree / "obj")})

    def left_over(self, tree: Path) -> List[str]:
        """The processes that still run in `tree`."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(process / "cwd").startswith(str(tree)):
                    found.append((process / "cmdline").read_text())
            except OSError:
                continue
        return found


class Misbehaving(Case):
    def check(self, kind: str, text: str, outcome: str, *said: str) -> None:
        """A kernel of this kind gets no points, and the report says why."""
        tree = make_tree(self.top / kind, kind, text)
        done = self.grade(tree, "printf")
        self.assertEqual(done.returncode, 1, done.stdout)
        lines = done.stdout.rstrip("\n").split("\n")
        self.assertEqual(lines[-1], "Score: 0/10", done.stdout)
        self.assertRegex(lines[0], rf"^printf: {outcome} \(\d+\.\ds\)$")
        for pattern in said:
            self.assertRegex(done.stdout, pattern)
        self.assertEqual(self.left_over(tree), [])
        kept = tree / "obj/grade/printf/console.txt"
        self.assertEqual(kept.exists() and kept.read_text()[:len(text)],
                         text if kept.exists() else False)

    def test_reboot(self) -> None:
        """A kernel that reboots forever has crashed."""
        self.check("reboot", "boot\n", "CRASHED", r"triple fault: breakpoint,\n"
                   r" +in _start\+\d+\n", "no handler could begin: the IDT that is "
                   r"loaded \(base 0x00000000, limit 0x0\)")

    def test_bad_stack(self) -> None:
        """A triple fault because of a bad stack says where the stack was."""
        self.check("bad_stack", "boot\n", "CRASHED", "triple fault: breakpoint",
                   "trap frame was to be pushed at va 0x3ffffffc, which is not mapped")

    def test_nowhere(self) -> None:
        """A jump to a bad address names it, and a call also its caller."""
        self.check("nowhere", "boot\n", "CRASHED",
                   r"page fault \(not present, read, kernel\) at va 0x40000000",
                   "page directory entry 256 is 0x00000000: not present")
        self.check("bad_call", "boot\n", "CRASHED",
                   r"in 0x40000000 \(no kernel code.*\) called from _start\+")

    def test_interrupt(self) -> None:
        """An interrupt without a handler is distinguished from a fault."""
        self.check("waiting", "", "CRASHED",
                   "triple fault: hardware interrupt at vector 8")

    def test_overwritten(self) -> None:
        """A kernel that overwrote its own code is reported as such."""
        self.check("overwritten", "boot\n", "CRASHED", "triple fault: breakpoint",
                   "code or constants were overwritten, first at 0x[0-9a-f]+, _start")

    def test_reset(self) -> None:
        """A kernel that resets the machine has crashed."""
        self.check("reset", "boot\n", "CRASHED", "reset, and not by a fault: the "
                   "kernel did that")

    def test_hang(self) -> None:
        """A kernel that makes no progress hangs, and the report says where."""
        self.check("hang", "", "HUNG", r"no progress: the kernel loops in _start"
                   r"\+\d+, with interrupts off", "printed nothing")
        self.check("hang_open", "boot\n", "HUNG", r"loops in _start\+\d+, with "
                   "interrupts on")

    def test_lock(self) -> None:
        """Waiting for a lock is distinguished from other loops."""
        self.check("lock", "boot\n", "HUNG", "waits for a spin lock that is never "
                   r"released, in spin_lock\+\d+\n +called from _start\+")

    def test_silent(self) -> None:
        """A kernel that halts silently is distinguished from one that works."""
        self.check("silent", "", "HUNG", r"halted \(hlt\) with interrupts off: "
                   "nothing can wake it", "printed nothing")

    def test_flood(self) -> None:
        """A kernel that prints forever is stopped."""
        self.check("flood", "0123456789abcdef\n" * 4, "HUNG", "printed without end")

    def test_mute(self) -> None:
        """A kernel that turns its console off is reported as hung."""
        self.check("mute", "boot\n", "HUNG", r"loops in readline\+")

    def test_pretended_prompt(self) -> None:
        """A prompt at which the kernel does not read is not a good end."""
        self.check("pretend", "boot\n", "HUNG", "no progress")

    def test_panic(self) -> None:
        """A panic is a crash, quoted with its place."""
        self.check("panic", "kernel panic at kern/x.c:12: six of nine\n", "CRASHED",
                   "kernel panic at kern/x.c:12: six of nine")

    def test_todo(self) -> None:
        """An exercise that is not done is not a failure, and the report names
        it."""
        self.check("panic", "TODO lab1.mon_backtrace at kern/monitor.c:99\n",
                   "NOT ATTEMPTED", "Next exercise: lab1.mon_backtrace",
                   "labs/lab1/README.md#mon_backtrace")

    def test_wrong(self) -> None:
        """A kernel that works but prints something else is wrong."""
        self.check("monitor", "6828 decimal is 14524 octal!\n", "FAIL",
                   "expected: 6828 decimal is 15254 octal!",
                   "seen: +6828 decimal is 14524 octal!")

    def test_every_lab(self) -> None:
        """Every test of every lab copes with a kernel that halts."""
        tree = make_tree(self.top, "silent")
        for lab, points in ((1, 50), (2, 70), (3, 80)):
            done = self.grade(tree, lab=lab)
            self.assertEqual(done.stdout.split("\n")[-2], f"Score: 0/{points}",
                             done.stdout)
            self.assertNotIn("GRADER ERROR", done.stdout)
        self.assertEqual(self.left_over(tree), [])


class Logs(Case):
    """The log of interrupts; a failed test is run again to get it."""

    def machine(self, kind: str) -> Machine:
        build(kind, "boot\n", self.top / "kernel")
        machine = Machine(Setup((QEMU,), self.top / "kernel", log=True), self.top)
        self.addCleanup(machine.close)
        return machine

    def test_endless(self) -> None:
        """A kernel that traps forever fills neither memory nor disk, and is
        stopped like any other."""
        machine = self.machine("storm")
        limits = Limits(lambda: 0.02)
        watch = Watch(machine, Symbols(self.top), limits, 25, "")
        with mock.patch.object(Symbols, "kernel", Elf.load(self.top / "kernel")):
            self.assertIs(watch.until_over().stop, Stop.HUNG)
        log = machine.log
        assert log is not None and machine._log is not None
        self.assertEqual(len(log), LogPipe.SIZE)
        self.assertGreater(machine._log.tail.dropped, LogPipe.SIZE)
        self.assertTrue(all(fault.vector == 3 for fault in parse(log)))
        self.assertEqual({path.name: path.is_file()
                          for path in machine.directory.iterdir()},
                         {"messages": True, "log": False})

    def test_poor_host(self) -> None:
        """Tests and logs work without shared memory, and without names for open
        files."""
        refused = OSError(errno.ENOSYS, "Function not implemented")
        real = os.open

        def no_names(path: str, *args: int) -> int:
            if str(path).startswith("/dev/fd/"):
                raise FileNotFoundError(path)
            return real(path, *args)

        for poor in (mock.patch.object(os, "memfd_create", side_effect=refused),
                     mock.patch.object(os, "open", no_names)):
            with poor:
                machine = self.machine("reboot")
            self.assertIsNone(machine._ram.fd)
            while not machine.end_reason():
                machine.pump(1.0)
            machine.pause()
            _, memory = machine.look()
            self.assertEqual(len(memory.physical(0x100000, 4096)), 4096)
            self.assertEqual(parse(machine.log or "")[0].vector, 3)

    def test_kept(self) -> None:
        """A test whose machine was reset leaves the log, and says how to run it
        again."""
        tree = make_tree(self.top, "reboot", "boot\n")
        self.grade(tree, "printf", "--seed", "7")
        place = tree / "obj/grade/printf"
        self.assertEqual(sorted(path.name for path in place.iterdir()),
                         ["command", "console.txt", "interrupts.log", "machine.txt"])
        self.assertIn("Triple fault", (place / "interrupts.log").read_text())
        command = (place / "command").read_text().split("\n")
        self.assertEqual(command[1], "./grade-lab1 --seed 7 printf")
        words = shlex.split(command[3])
        self.assertEqual(words[-4:-1], ["-kernel", "obj/kern/kernel", "-append"])
        with subprocess.Popen(words, cwd=tree, stdout=subprocess.PIPE,
                              stdin=subprocess.PIPE) as qemu:
            assert qemu.stdout is not None
            self.assertEqual(qemu.stdout.readline().strip(), b"boot")
            qemu.kill()

    def test_only_resets(self) -> None:
        """Other failures cost no second run."""
        tree = make_tree(self.top, "silent")
        self.grade(tree, "printf")
        self.assertFalse((tree / "obj/grade/printf/interrupts.log").exists())


# A wrapper around QEMU whose gdb stub reports one stop each time that it is asked
# to run the machine, as QEMU's own does since 8.1.
TACITURN = """\
#!{python}
import os, re, socket, sys, threading

def to_qemu():
    global owed
    for data in iter(lambda: ours.recv(4096), b""):
        owed = owed or b"$c#" in data
        theirs.sendall(data)
    theirs.shutdown(socket.SHUT_WR)

words = sys.argv[1:]
found = re.search("socket,id=debugger,fd=([0-9]+)", " ".join(words))
if found is not None:
    theirs, far = socket.socketpair()
    if os.fork():
        os.dup2(far.fileno(), int(found[1]))
    else:
        far.close()
        ours, owed = socket.socket(fileno=int(found[1])), False
        threading.Thread(target=to_qemu, daemon=True).start()
        for data in iter(lambda: theirs.recv(4096), b""):
            for packet in re.findall(rb"[+]|[$][^#]*#..", data):
                stop = packet[1:2] == b"T"
                if owed or not stop:
                    ours.sendall(packet)
                owed = owed and not stop
        sys.exit()
os.execv("{qemu}", ["{qemu}", *words])
"""


class Breakpoints(Case):
    """Stopping at an instruction after the machine was stopped for a look."""

    def taciturn(self) -> str:
        """A QEMU whose gdb stub says no more than it must."""
        path = self.top / "qemu"
        path.write_text(TACITURN.format(python=sys.executable, qemu=QEMU))
        path.chmod(0o755)
        return str(path)

    def check(self, qemu: str) -> None:
        build("monitor", "answer\n", self.top / "kernel")
        kernel = Elf.load(self.top / "kernel")
        readline = kernel.symbols["readline"].value
        machine = Machine(Setup((qemu,), self.top / "kernel", stop_at=readline),
                          self.top)
        self.addCleanup(machine.close)
        limits = Limits(lambda: measure((QEMU,), self.top))

        def follow() -> Stop:
            with mock.patch.object(Symbols, "kernel", kernel):
                return Watch(machine, Symbols(self.top), limits, 15,
                             "").until_over().stop

        self.assertIs(follow(), Stop.BREAKPOINT)
        machine.resume()
        self.assertIs(follow(), Stop.PROMPT)
        machine.console.begin()
        machine.stop_at(readline)
        for _ in range(3):
            machine.resume()
            machine.pause()
            self.assertFalse(machine.at_breakpoint)
        machine.resume()
        machine.type("\n")
        self.assertIs(follow(), Stop.BREAKPOINT)
        self.assertEqual(machine.registers()["EIP"], readline)
        self.assertEqual((machine.directory / "messages").read_text(), "")

    def test_after_a_look(self) -> None:
        """A breakpoint is noticed even if the machine was paused before, and
        QEMU does not complain."""
        self.check(QEMU)

    def test_one_report(self) -> None:
        """So is one that the gdb stub does not report."""
        self.check(self.taciturn())


class Results(Case):
    def test_json(self) -> None:
        """The results are written as JSON too."""
        tree = make_tree(self.top, "silent")
        self.grade(tree, "--results", "out.json", "--seed", "7", "printf")
        data = json.loads((tree / "out.json").read_text())
        self.assertEqual((data["lab"], data["seed"], data["score"], data["max"]),
                         (1, 7, 0, 10))
        self.assertEqual(data["tests"][0]["outcome"], "hung")

    def test_verbose(self) -> None:
        """With -v the seed is printed, and repeats the run."""
        tree = make_tree(self.top, "silent")
        done = self.grade(tree, "-v", "--seed", "7", "printf")
        self.assertIn("seed 7\n", done.stdout)

    def test_gdb(self) -> None:
        """--gdb prints the boot arguments, the same for the same seed."""
        tree = make_tree(self.top, "silent")
        first, second = [self.grade(tree, "--gdb", "vectors", "--seed", "7",
                                    lab=3).stdout for _ in range(2)]
        self.assertEqual(first, second)
        self.assertRegex(first, r"^lab=3 key=[0-9a-f]{8} init=testvectors -- "
                                r"[0-9a-f]{8} \w+\n$")

    def test_sum(self) -> None:
        """Several labs are summed up."""
        tree = make_tree(self.top, "silent")
        done = run("python3", "-m", "gradelib", "--no-build", "1", "2", cwd=tree,
                   limit=LONGEST)
        self.assertEqual(re.findall(r"^(?:Score|Total): .*", done.stdout, re.M),
                         ["Score: 0/50", "Score: 0/70", "Total: 0/120"])
        self.assertEqual(done.returncode, 1)

    def test_sum_of_tests(self) -> None:
        """The named tests run in the labs that have them; no other test runs."""
        tree = make_tree(self.top, "silent")

        def grade(*words: str) -> Done:
            return run("python3", "gradelib", "--no-build", *words, cwd=tree,
                       limit=LONGEST, extra={"PYTHONSAFEPATH": "1"})

        done = grade("1", "2", "3", "printf", "hello")
        self.assertEqual(re.findall(r"(?m)^(Lab \d|Score: .*|\w+:)", done.stdout),
                         ["Lab 1", "printf:", "Score: 0/10",
                          "Lab 3", "hello:", "Score: 0/4"])
        done = grade("1", "3", "hello")
        self.assertEqual(re.findall(r"(?m)^(?:Lab|Score).*", done.stdout),
                         ["Score: 0/4"])
        for words, said in ((("1", "2", "nosuch"), "no lab has a test nosuch"),
                            (("1", "hello"), "lab 1 has no test hello; it has: ")):
            done = grade(*words)
            self.assertEqual((done.returncode, done.stdout.count("\n")), (2, 1))
            self.assertIn(said, done.stdout)


class Sharing(Case):
    """Tests that share a machine, with a kernel that answers each line."""

    def bench(self, text: str = "answer\n") -> Bench:
        (self.top / "kern").mkdir()
        build("monitor", text, self.top / "kern/kernel")
        limits = Limits(lambda: measure((QEMU,), self.top))
        return Bench(9, (QEMU,), self.top, 1, Symbols(self.top), limits,
                     Fleet(self.top))

    def run_tests(self, *tests: Test) -> Tuple[Dict[str, Result], Bench]:
        bench = self.bench()
        return {r.name: r for r in Runner(bench, tests, 2).run()}, bench

    def test_slices(self) -> None:
        """Each run sees only its own output, and ends at its prompt."""
        vm = Vm(self.bench())
        vm.begin("x")
        self.addCleanup(vm.close)
        first = vm.boot("one")
        self.assertEqual(first.console, "answer\n")
        self.assertIs(first.ending.stop, Stop.PROMPT)
        second = vm.boot("two", "a")
        self.assertEqual(second.console, "answer\n")
        self.assertIs(first.machine, second.machine)
        self.assertEqual(vm.console, b"answer\nK> answer\nK> ")
        with self.assertRaises(ValueError):
            first.state.variable("pages")

    def test_rerun(self) -> None:
        """What fails in a shared machine runs again alone; the next share that."""
        seen: List[Tuple[str, bool, bool]] = []
        machines = []

        def note(name: str, vm: Vm) -> None:
            machines.append(vm.boot("x").machine)
            seen.append((name, vm.alone, vm.shared))

        @exercise("lab9.x", points=1, machine="m")
        def one(vm: Vm) -> None:
            """One."""
            note("one", vm)

        @exercise("lab9.x", points=1, machine="m")
        def two(vm: Vm) -> None:
            """Two."""
            note("two", vm)
            if vm.shared:
                raise Failed("not alone")

        @exercise("lab9.x", points=1, machine="m")
        def three(vm: Vm) -> None:
            """Three."""
            note("three", vm)

        @exercise("lab9.x", points=1, machine="m")
        def four(vm: Vm) -> None:
            """Four."""
            note("four", vm)
            raise Failed("never")

        results, _ = self.run_tests(one, two, three, four)
        self.assertEqual([r.name for r in results.values() if not r.passed], ["four"])
        self.assertEqual(seen, [("one", False, True), ("two", False, True),
                                ("two", True, False), ("three", True, True),
                                ("four", True, True), ("four", True, False)])
        self.assertEqual([machines.index(machine) for machine in machines],
                         [0, 0, 2, 2, 2, 5])

    def test_dead(self) -> None:
        """A kernel that fails without any program is not booted again for each
        of them, unless the test looks at how it is loaded."""
        seen: List[Tuple[object, str]] = []

        def program(vm: Vm) -> None:
            """A program."""
            run_ = vm.boot("x", str(len(seen)), early=len(seen) == 5)
            seen.append((run_.machine, run_.program))
            run_.expect_monitor()

        made = exercise("lab9.x", points=1, machine="m")(program)
        tests = [replace(made, name=f"test{number}") for number in range(6)]
        bench = self.bench("kernel panic at kern/x.c:12: six of nine\n")
        for result in Runner(bench, tests, 1).run():
            self.assertIs(result.outcome, Outcome.CRASHED)
            self.assertIn("six of nine", result.text[0])
        machines = [machine for machine, _ in seen]
        self.assertEqual([machines.index(machine) for machine in machines],
                         [0, 1, 2, 2, 2, 5, 2])
        self.assertEqual([name for _, name in seen],
                         ["x", "x", "", "", "", "x", ""])

    def test_needs(self) -> None:
        """A test is skipped when one that it needs did not pass."""

        @exercise("lab9.x", points=1)
        def base(vm: Vm) -> None:
            """Base."""
            raise Failed("no")

        @exercise("lab9.x", points=1, needs=("base",))
        def top(vm: Vm) -> None:
            """Top."""

        results, _ = self.run_tests(base, top)
        self.assertIs(results["top"].outcome, Outcome.SKIPPED)
        self.assertEqual(results["top"].text, ["needs base, which did not pass"])

    def test_grader_error(self) -> None:
        """A mistake in a test is the grader's fault, and stops no other test."""

        @exercise("lab9.x", points=1)
        def broken(vm: Vm) -> None:
            """Broken."""
            raise KeyError("oops")

        @exercise("lab9.x", points=1)
        def good(vm: Vm) -> None:
            """Good."""
            vm.boot().expect("answer")

        results, _ = self.run_tests(broken, good)
        self.assertIs(results["broken"].outcome, Outcome.ERROR)
        self.assertIn("KeyError", results["broken"].text[0])
        self.assertTrue(results["good"].passed)

    def test_stop_at(self) -> None:
        """A run can be stopped at a function of the kernel, and resumes."""
        vm = Vm(self.bench())
        vm.begin("x")
        self.addCleanup(vm.close)
        stopped = vm.boot(stop_at="readline")
        self.assertIs(stopped.ending.stop, Stop.BREAKPOINT)
        self.assertEqual(stopped.console, "answer\n")
        self.assertEqual(stopped.state.registers["EIP"],
                         vm.bench.symbols.address("readline"))
        run_ = vm.go_on()
        self.assertIs(run_.ending.stop, Stop.PROMPT)
        self.assertEqual(run_.console, "answer\n")
        # The same in the machine that now waits at its prompt.
        again = vm.boot("x", stop_at="readline")
        self.assertIs(again.ending.stop, Stop.BREAKPOINT)
        self.assertIs(again.machine, run_.machine)
        self.assertIs(vm.go_on().ending.stop, Stop.PROMPT)
        self.assertIs(vm.boot("x").ending.stop, Stop.PROMPT)

    def test_same_boot(self) -> None:
        """A test can look at the boot of the test before, until it is used."""
        machines = []

        @exercise("lab9.x", points=1, machine="m")
        def one(vm: Vm) -> None:
            """One."""
            machines.append(vm.boot().machine)

        @exercise("lab9.x", points=1, machine="m")
        def two(vm: Vm) -> None:
            """Two."""
            machines.append(vm.boot().machine)
            vm.command("x").expect("answer")

        @exercise("lab9.x", points=1, machine="m")
        def three(vm: Vm) -> None:
            """Three."""
            machines.append(vm.boot().machine)

        results, _ = self.run_tests(one, two, three)
        self.assertTrue(all(result.passed for result in results.values()))
        self.assertIs(machines[0], machines[1])
        self.assertIsNot(machines[1], machines[2])


if __name__ == "__main__":
    unittest.main()
