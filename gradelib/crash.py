"""Machine resets and kernel panics in words."""

from __future__ import annotations

from typing import List, NamedTuple, Optional

from gradelib.case import Case
from gradelib.interrupts import Chain, Fault
from gradelib.layout import (GD_KD, KSTACKTOP, KSTKGAP, KSTKSIZE,
                             PGSIZE, T_PGFLT)
from gradelib.outcome import Failed
from gradelib.stack import Frame
from gradelib.vectors import FEC_W, T_DBLFLT, described, name
from gradelib.walk import HANDLER, foreign_idt, gate_text
from gradelib.watch import Stop

LIBRARY = "lib/"  # a fault in there is rather the caller's


def describe(case: Case) -> List[str]:
    """The first lines of a crash report: what happened, where, and what the
    page tables say."""
    if case.ending.panic is not None:
        return _panic(case)
    if case.ending.stop is Stop.RESET:
        return _triple(case) if case.faults else _reset(case)
    return ["the machine was switched off"]


def _triple(case: Case) -> List[str]:
    """A triple fault: its first fault, and why that could not be handled."""
    first = case.faults[0]
    lines = [f"triple fault: {first},", location(case)]
    if first.vector == T_PGFLT:
        lines += page_lines(case, first.cr2, first.error)
    return lines + chain_lines(case)


def _reset(case: Case) -> List[str]:
    """A reset without a log that explains it."""
    if case.log is None:
        return ["the machine was reset, most likely by a triple fault,",
                location(case)]
    return ["the machine was reset, and not by a fault: the kernel did that,",
            location(case)]


def _panic(case: Case) -> List[str]:
    """A panic, and the exception that led to it, if any."""
    panic = case.ending.panic
    assert panic is not None
    lines = [f"kernel panic at {panic.file}:{panic.line}: {panic.text}"]
    frame = case.trapped
    if frame is None or frame.trap is None:
        return lines + ([location(case)] if case.frames else [])
    trap = frame.trap
    va = case.fault_va
    where = "" if va is None else f" at va {va:#010x}"
    lines += [f"{described(trap.trapno, trap.err)}{where},",
              _calls(case.frames[case.frames.index(frame):])]
    return lines + ([] if va is None else page_lines(case, va, trap.err))


def location(case: Case) -> str:
    """Where the trouble began."""
    return _calls(case.frames)


def _calls(frames: List[Frame]) -> str:
    """The innermost function and its callers; from a library function, up to
    the first caller outside the library."""
    if not frames:
        return "at a place that is not known"
    text = f"in {frames[0]}"
    for inner, frame in zip(frames, frames[1:]):
        if frame.trap is not None:
            break
        text += f" called from {frame}"
        if not inner.file.startswith(LIBRARY) or not frame.file.startswith(
                LIBRARY):
            break
    return text


# --------------------------------------------------------------
# Page faults
# --------------------------------------------------------------


def page_lines(case: Case, va: int, error: int) -> List[str]:
    """What the page tables say about `va`, where an access faulted with this
    error code."""
    if not case.paging:
        return []
    owner = case.directory_name(case.directory)
    found = case.walk(va)
    if found is None:
        return ["there is no memory where the page directory that was loaded "
                f"should be: {owner}"]
    why = found.refuses(error)
    if not why:
        return [f"va {va:#010x} is mapped now in the page directory that was "
                f"loaded ({owner})"]
    lines = [f"va {va:#010x} {why} in the page directory that was loaded "
             f"({owner}):", "; ".join(found.lines())]
    return (lines + _about_address(va, case.point.esp)
            + _mapped_elsewhere(case, va, error))


def _about_address(va: int, esp: int) -> List[str]:
    """What is special about an address; the stack pointer is `esp`."""
    guard = KSTACKTOP - KSTKSIZE
    if guard - KSTKGAP <= va < guard:
        more = (": the stack has overflowed" if abs(va - esp) < PGSIZE
                else "")
        return [f"this is in the guard below the kernel stack{more}"]
    return ["this is what a null pointer leads to"] if va < PGSIZE else []


def _mapped_elsewhere(case: Case, va: int, error: int) -> List[str]:
    """The environments in whose address space the access is allowed."""
    for number, directory in case.environments:
        if directory == case.directory:
            continue
        found = case.walk(va, directory)
        if found is not None and not found.refuses(error):
            return [f"environment {number:08x} has it mapped, in its own page "
                    "directory"]
    return []


# --------------------------------------------------------------
# The chain of faults
# --------------------------------------------------------------


def chain_lines(case: Case) -> List[str]:
    """Why no handler took the faults."""
    chain = case.chain
    assert chain is not None
    first, lines = chain.faults[0], []
    if chain.outer:
        times = (f"{len(chain.outer)} times, one inside the other"
                 if chain.outer[1:] else "too")
        lines.append(f"its handler faulted {times}; the last: {first}, in "
                     f"{case.symbols.place(first.eip)}")
    foreign = foreign_idt(case.symbols, first.registers.idt)
    if foreign:
        return [*lines, f"no handler could begin: {foreign}"]
    upsets = _upsets(case, chain)
    for upset in upsets[:1]:
        lines.append(f"the {_short_name(upset.fault)} could not be "
                     f"handled: {_undelivered(case, upset)}")
    if upsets[1:]:
        rest = " and the ".join(_short_name(upset.fault)
                                 for upset in upsets[1:])
        lines.append(f"nor could what came of that: the {rest}")
    return lines


def _short_name(fault: Fault) -> str:
    return "interrupt" if fault.hardware else name(fault.vector)


class _Upset(NamedTuple):
    """What kept the processor from delivering a fault."""

    fault: Fault
    vector: int  # raised instead
    va: int  # of a page fault
    error: Optional[int]  # its error code, if known


def _upsets(case: Case, chain: Chain) -> List[_Upset]:
    """One for each fault of the chain."""
    found = []
    for fault, after in zip(chain.faults, chain.faults[1:]):
        hidden = after.vector == T_DBLFLT and after.instead is not None
        vector = after.instead if hidden else after.vector
        assert vector is not None
        found.append(_Upset(fault, vector, after.cr2,
                            None if hidden else after.error))
    if chain.last is not None:
        found.append(_Upset(chain.faults[-1], chain.last,
                            case.registers["CR2"], None))
    return found


def _undelivered(case: Case, upset: _Upset) -> str:
    """Why the fault could not be delivered."""
    fault = upset.fault
    gate = gate_text(case.memory, case.symbols, fault.registers.idt,
                     fault.vector)
    if upset.vector == T_PGFLT and not _in_idt(fault, upset.va):
        return _no_stack(case, upset)
    if HANDLER not in gate:
        return gate  # which explains it fully
    text = name(upset.vector) if upset.error is None else described(
        upset.vector, upset.error)
    stack = _task_stack(case) if fault.cpl == 3 else ""
    return f"its delivery raised {text}; {gate}{stack}"


def _in_idt(fault: Fault, va: int) -> bool:
    base, limit = fault.registers.idt
    return base <= va <= base + limit


def _no_stack(case: Case, upset: _Upset) -> str:
    """A page fault while the trap frame was pushed."""
    found = case.walk(upset.va)
    why = found.refuses(FEC_W) if found is not None else ""
    text = (f"its trap frame was to be pushed at va {upset.va:#010x}, which "
            f"{why or 'faulted'}")
    if upset.fault.cpl == 3:
        return text + _task_stack(case)
    return "; ".join([text, *_about_address(upset.va, upset.fault.esp)])


def _task_stack(case: Case) -> str:
    """What the task state says about the stack for traps from user mode."""
    try:
        value = case.state.kernel_stack
    except Failed as err:
        return f"; {err}"
    except IndexError:
        return "; the GDT has no entry for the task state"
    ss0, esp0 = value >> 32, value & 0xFFFFFFFF
    text = ""
    if esp0 != KSTACKTOP:
        text += (f"; ts_esp0 is {esp0:#010x}, not KSTACKTOP "
                 f"({KSTACKTOP:#010x})")
    if ss0 != GD_KD:
        text += f"; ts_ss0 is {ss0:#04x}, not GD_KD ({GD_KD:#04x})"
    return text


# --------------------------------------------------------------
# Everything, for machine.txt
# --------------------------------------------------------------


def full_text(case: Case) -> List[str]:
    """All that is known of the machine, as a reference."""
    lines = ["Registers", *_registers(case)]
    if case.code_trouble:
        lines += ["", f"Note: {case.code_trouble}"]
    lines += ["", "Backtrace, innermost call first",
              *case.backtrace.lines()]
    if case.faults:
        lines += ["", "Faults"]
        for fault in case.faults:
            lines += fault_lines(case, fault)
        assert case.chain is not None
        lines += [f"{_short_name(upset.fault)} was not handled: "
                  f"{_undelivered(case, upset)}"
                  for upset in _upsets(case, case.chain)]
    elif case.fault_va is not None:
        lines += ["", "Page tables", *_walk_lines(case, case.fault_va)]
    if case.samples:
        lines += ["", "Samples"]
        lines += [_sample(sample.backtrace.frames)
                  for sample in case.samples]
    return lines


def fault_lines(case: Case, fault: Fault) -> List[str]:
    """One fault, with its gate and the page table entries used."""
    who = "kernel" if fault.cpl == 0 else f"privilege level {fault.cpl}"
    program = case.program if fault.cpl == 3 else ""
    lines = [f"{fault}: vector {fault.vector}, error code {fault.error:#x}, "
             f"{who}, eip {fault.eip:#010x} "
             f"{case.symbols.place(fault.eip, program)}",
             "  " + gate_text(case.memory, case.symbols, fault.registers.idt,
                              fault.vector)]
    if fault.vector == T_PGFLT:
        lines += _walk_lines(case, fault.cr2)
    return lines


def _walk_lines(case: Case, va: int) -> List[str]:
    owner = case.directory_name(case.directory)
    found = case.walk(va) if case.paging else None
    return [f"  page directory: {owner}",
            *(f"  {line}" for line in (found.lines() if found else []))]


def _registers(case: Case) -> List[str]:
    """The registers where the trouble began."""
    registers = case.faults[0].registers if case.faults else case.registers
    general = ("EAX", "EBX", "ECX", "EDX", "ESI", "EDI", "EBP", "ESP")
    others = ("EIP", "EFL", "CS", "SS", "DS", "ES", "CR0", "CR2", "CR3")
    return [" ".join(f"{reg} {_value(registers.values.get(reg))}"
                     for reg in group)
            for group in (general[:4], general[4:], others[:2], others[2:6],
                          others[6:])] + [
        f"IDT {registers.idt[0]:08x} limit {registers.idt[1]:x}  "
        f"GDT {registers.gdt[0]:08x} limit {registers.gdt[1]:x}"]


def _value(value: Optional[int]) -> str:
    return "-" if value is None else f"{value:08x}"


def _sample(frames: List[Frame]) -> str:
    """The calls of one sample, on one line."""
    return " < ".join(str(frame) for frame in frames[:8])
