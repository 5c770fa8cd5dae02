"""What user programs leave, checked from outside."""

from __future__ import annotations

from typing import List

from gradelib.evidence import PrintedFrame
from gradelib.layout import GD_UD, GD_UT, NENV, TRAPFRAME_VA, T_PGFLT
from gradelib.outcome import Failed
from gradelib.state import TrapFrame
from gradelib.vectors import FEC_P, FEC_U, FEC_W
from gradelib.vm import Run
from tools.elf import Elf, ElfError

NO_MORE = "Destroyed the only environment - nothing more to do!"


def program_elf(run: Run) -> Elf:
    """The program that ran, as built."""
    return run.symbols.program(run.program)


def check_gone(run: Run) -> None:
    """Fails unless the run's environment was freed, and no other is left."""
    env = run.env
    run.expect(f"[{env}] free env {env}", NO_MORE)
    run.expect_monitor()
    number = int(env, 16)
    slot = run.state.env(number % NENV)
    if slot.id != number:
        raise Failed(f"envs[{number % NENV}] does not keep the id of the "
                     "environment that was freed", env, f"{slot.id:08x}")
    if slot.runs == 0:
        raise Failed("env_runs of the environment is 0 though it ran")
    for index in run.state.live_envs:
        raise Failed(f"envs[{index}] is not free after its program ended")
    if run.state.variable("curenv"):
        raise Failed("curenv is set though no environment is left")


def check_exit(run: Run) -> None:
    """Fails unless the program exited by itself."""
    run.expect(f"[{run.env}] exiting gracefully")
    check_gone(run)


def last_trap(run: Run, trapno: int, err: int) -> TrapFrame:
    """The frame that the program's last trap left at the top of the kernel
    stack; fails unless it has this vector and error code, and is from user
    mode."""
    frame = run.state.last_trap
    wanted = {"trapno": trapno, "err": err, "cs": GD_UT | 3, "ds": GD_UD | 3,
              "es": GD_UD | 3, "ss": GD_UD | 3}
    for name, value in wanted.items():
        seen = getattr(frame, name)
        if seen != value:
            raise Failed(f"the frame of the program's last trap, at "
                         f"{TRAPFRAME_VA:08x}, has a wrong tf_{name}",
                         f"{value:#x}", f"{seen:#x}")
    check_code(run, frame.eip)
    return frame


def check_code(run: Run, eip: int) -> None:
    """Fails unless `eip` is in the program's code."""
    if not run.symbols.function_at(run.program, eip):
        raise Failed("the program's last trap did not come from its code",
                     f"an address in {run.program}", f"{eip:08x}")


def code_at(run: Run, eip: int, size: int) -> bytes:
    """The bytes of the program's instruction at `eip`."""
    try:
        return program_elf(run).read(eip, size)
    except ElfError:
        return b""


def check_fault(run: Run, trapno: int, err: int) -> TrapFrame:
    """Fails unless the program was ended by an exception in umain with this
    vector and error code, and its trap frame was printed unchanged."""
    run.expect(f"Incoming TRAP frame at 0x{TRAPFRAME_VA:08x}")
    check_gone(run)
    frame = last_trap(run, trapno, err)
    if run.symbols.function_at(run.program, frame.eip) != "umain":
        raise Failed("the program did not trap where it should", "in umain",
                     run.symbols.place(frame.eip, run.program))
    check_printed(run.frames, frame)
    return frame


def check_printed(printed: List[PrintedFrame], frame: TrapFrame) -> None:
    """Fails unless `frame` was printed, exactly once."""
    if len(printed) != 1:
        raise Failed("the trap frame is not printed once", "1 trap frame",
                     str(len(printed)))
    printed[0].check(edi=frame.edi, esi=frame.esi, ebp=frame.ebp,
                     oesp=frame.oesp, ebx=frame.ebx, edx=frame.edx,
                     ecx=frame.ecx, eax=frame.eax, es=frame.es, ds=frame.ds,
                     trap=frame.trapno, err=frame.err, eip=frame.eip,
                     cs=frame.cs, flag=frame.eflags, esp=frame.esp,
                     ss=frame.ss)


def check_page_fault(run: Run, va: int, err: int) -> TrapFrame:
    """Fails unless the program was ended by a page fault at `va`."""
    frame = check_fault(run, T_PGFLT, err)
    run.expect(f"[{run.env}] user fault va {va:08x} ip {frame.eip:08x}")
    who = "user" if err & FEC_U else "kernel"
    how = "write" if err & FEC_W else "read"
    why = "protection" if err & FEC_P else "not-present"
    run.frames[0].check(cr2=va, err_=f"[{who}, {how}, {why}]")
    return frame


def check_refused(run: Run, va: int) -> None:
    """Fails unless the program was ended because it passed kernel memory to
    the kernel, whose first bad address is `va`."""
    run.expect(f"[{run.env}] user_mem_check assertion failure for va "
               f"{va:08x}")
    check_gone(run)
