"""What several CPUs and environments leave behind, checked from outside."""

from __future__ import annotations

import struct
from typing import Iterator, List, Tuple

from gradelib.layout import (CPU_SIZE, GD_KD, GD_TSS0, KERNBASE, KSTACKTOP,
                             KSTKGAP, KSTKSIZE, MMIOBASE, MMIOLIM, NENV,
                             PGSIZE, PTE_P, PTE_PCD, PTE_PWT, PTE_U, PTE_W,
                             PTSIZE, TSS_SIZE)
from gradelib.outcome import Failed
from gradelib.paging import Mapping
from gradelib.physical import check_accounts, physical
from gradelib.space import (Space, envs_region, kernbase_region,
                            kstack_regions, pages_region)
from gradelib.state import Segment, State
from gradelib.vm import Run

NO_MORE = "No runnable environments in the system!"
UNCACHED = PTE_P | PTE_W | PTE_PCD | PTE_PWT


def register_pages(state: State) -> Iterator[Tuple[int, int]]:
    """Every mapped address in the device window, and its page table entry."""
    directory = state.memory.table(state.variable("kern_pgdir") - KERNBASE)
    pde = directory[MMIOBASE // PTSIZE]
    if not pde & PTE_P:
        return
    for index, pte in enumerate(state.memory.table(pde)):
        if pte & PTE_P:
            yield MMIOBASE + index * PGSIZE, pte


def check_registers(state: State) -> None:
    """Fails unless the APIC's registers are mapped at the start of the device
    window, and all mappings there are for the kernel only and uncached."""
    pages = dict(register_pages(state))
    wanted = state.variable("lapicaddr")
    seen = pages.get(MMIOBASE)
    if seen is None or seen & -PGSIZE != wanted:
        raise Failed("the APIC's registers are not mapped at MMIOBASE",
                     f"pa {wanted:08x}", "nothing" if seen is None
                     else f"pa {seen & -PGSIZE:08x}")
    for va, pte in pages.items():
        if pte & (UNCACHED | PTE_U) != UNCACHED:
            raise Failed(f"device registers at va {va:08x} are mapped with "
                         "wrong flags", f"{UNCACHED:03x}",
                         f"{pte & (UNCACHED | PTE_U):03x}")


def check_space(state: State) -> None:
    """Fails unless kern_pgdir maps what it should, with all stacks and guard
    pages, and nothing else."""
    regions = {"envs[] at UENVS": envs_region(state),
               "pages[] at UPAGES": pages_region(state),
               "physical memory at KERNBASE": kernbase_region()}
    for cpu, region in enumerate(kstack_regions(state)):
        regions[f"the kernel stack of CPU {cpu}"] = region
    space = Space(state)
    for name, region in regions.items():
        space.check_region(name, region)
    window = Mapping(MMIOBASE, 0, MMIOLIM - MMIOBASE, PTE_W)
    space.check_nothing_else([*regions.values(), window])


def check_processors(run: Run, cpus: int) -> None:
    """Fails unless each of `cpus` CPUs uses the IDT, the GDT, and its own task
    state with its own kernel stack."""
    state, table = run.state, run.symbols.symbol("cpus").value
    idt = run.symbols.address("idt")
    for cpu, registers in enumerate(run.processors):
        selector = GD_TSS0 + 8 * cpu
        for name, seen, wanted in (
                ("the IDT's address", registers.idt[0], idt),
                ("the GDT's address", registers.gdt[0],
                 run.symbols.address("gdt")),
                ("the task register", registers["TR"], selector)):
            if seen != wanted:
                raise Failed(f"CPU {cpu} has a wrong value in {name}",
                             f"{wanted:#x}", f"{seen:#x}")
        segment = state.gdt[selector // 8]
        segment = segment._replace(type=segment.type & ~2)  # the busy bit
        wanted_segment = Segment(table + cpu * CPU_SIZE, TSS_SIZE - 1, 0x9, 0,
                                 True, False)
        if segment != wanted_segment:
            raise Failed(f"the GDT's entry for CPU {cpu}'s task state, "
                         f"selector {selector:#x}, is wrong",
                         str(wanted_segment), str(segment))
        check_task_state(state, cpu, segment.base)


def check_task_state(state: State, cpu: int, base: int) -> None:
    """Fails unless the task state at `base` has the stack of CPU `cpu`, and
    gives programs no I/O ports."""
    data = state.read(base, TSS_SIZE, f"CPU {cpu}'s task state")
    _, esp0, ss0 = struct.unpack_from("<III", data)
    ports = struct.unpack_from("<H", data, 102)[0]
    wanted = KSTACKTOP - cpu * (KSTKSIZE + KSTKGAP)
    if (ss0 & 0xFFFF, esp0) != (GD_KD, wanted):
        raise Failed(f"the task state of CPU {cpu} has a wrong stack for traps",
                     f"{GD_KD:#x}:{wanted:08x}", f"{ss0 & 0xFFFF:#x}:{esp0:08x}")
    if ports < TSS_SIZE:
        raise Failed(f"the I/O permission map of CPU {cpu}'s task state lies "
                     "within it: programs might use ports",
                     f"an offset from {TSS_SIZE}", str(ports))


def check_cpus(run: Run, cpus: int) -> None:
    """Fails unless `cpus` CPUs were found, started and set up."""
    run.expect(f"SMP: CPU 0 found {cpus} CPU(s)",
               *(f"SMP: CPU {cpu} starting" for cpu in range(1, cpus)))
    seen = run.state.variable("ncpu")
    if seen != cpus:
        raise Failed("ncpu is wrong", str(cpus), str(seen))
    check_processors(run, cpus)


def environments(run: Run) -> List[int]:
    """The ids of the environments created, in order of creation."""
    return [int(line.split()[-1], 16) for line in run.lines
            if line.startswith("[") and "] new env " in line]


def family(run: Run, count: int) -> List[int]:
    """The same; fails unless there were `count`."""
    found = environments(run)
    if len(found) != count:
        raise Failed("the number of environments that were made is wrong",
                     str(count), str(len(found)))
    return found


def check_ended(run: Run, memory: str = "128M") -> None:
    """Fails unless all environments that the run created have ended, all
    memory is free again, and the machine is as it should be."""
    if NO_MORE not in run.lines:
        for line in run.lines:
            if "] user panic in " in line:
                raise Failed("a program panicked", seen=line)
    run.expect(NO_MORE)
    run.expect_monitor()
    state = run.state
    for index in state.live_envs:
        raise Failed(f"envs[{index}] is not free though nothing more is to "
                     "run", "env_status 0 (ENV_FREE)",
                     f"env_status {state.env(index).status}")
    for number in environments(run)[-1:]:
        check_slot(state, number)
    if state.variable("curenv"):
        raise Failed("curenv is set though no environment is left")
    check_accounts(state, physical(state, memory),
                   Space(state).page_tables(), "the environments ended")
    check_machine(run)


def check_slot(state: State, number: int) -> None:
    """Fails unless the slot of environment `number` was used and still has its
    id."""
    slot = state.env(number % NENV)
    if slot.id != number:
        raise Failed(f"envs[{number % NENV}] does not keep the id of the "
                     "environment that was freed", f"{number:08x}",
                     f"{slot.id:08x}")


def check_machine(run: Run) -> None:
    """Fails unless page tables, descriptor tables and the device window are as
    at boot."""
    check_space(run.state)
    check_registers(run.state)
    check_processors(run, run.machine.setup.cpus)
