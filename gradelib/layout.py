"""The address space and structures of the kernel, as in inc/memlayout.h,
inc/mmu.h, inc/env.h and inc/trap.h.

Repeated here on purpose: a tree whose headers were changed must not change what
its grader expects.
"""

PGSIZE = 0x1000
PTSIZE = 0x400000
TOP = 1 << 32

KERNBASE = 0xF0000000
KSTACKTOP = KERNBASE
KSTKSIZE = 8 * PGSIZE
KSTKGAP = 8 * PGSIZE
MMIOLIM = 0xEFC00000
MMIOBASE = 0xEF800000
ULIM = MMIOBASE
UVPT = 0xEF400000
UPAGES = 0xEF000000
UENVS = 0xEEC00000
UTOP = UENVS
UXSTACKTOP = UTOP
USTACKTOP = 0xEEBFE000
UTEXT = 0x00800000
PFTEMP = UTEXT - PGSIZE
USTABDATA = 0x00200000
IOPHYSMEM = 0x0A0000
EXTPHYSMEM = 0x100000
MPENTRY_PADDR = 0x7000
MAXPHYSMEM = 0x10000000

PTE_P = 0x001
PTE_W = 0x002
PTE_U = 0x004
PTE_PWT = 0x008
PTE_PCD = 0x010
PTE_PS = 0x080
CR0_PG = 0x80000000  # paging is on
FL_TF = 0x100
FL_IF = 0x200

GD_KT = 0x08
GD_KD = 0x10
GD_UT = 0x18
GD_UD = 0x20
GD_TSS0 = 0x28
TSS_SIZE = 104

NCPU = 8
CPU_SIZE = 128  # of struct CpuInfo, which starts with the task state

NENV = 1024
CHECK_REPORTS_MAX = 63
ENV_FREE = 0
ENV_SIZE = 156
ENV_LINK = 17  # offset of env_link, in words
ENV_STATUS = 21  # offset of env_status, in words
ENV_RUNS = 88  # offset of env_runs, in bytes
PAGEINFO_SIZE = 8
TRAPFRAME_SIZE = 68
TRAPFRAME_VA = KSTACKTOP - TRAPFRAME_SIZE

T_DIVIDE = 0
T_DEBUG = 1
T_BRKPT = 3
T_BOUND = 5
T_ILLOP = 6
T_GPFLT = 13
T_PGFLT = 14
T_SYSCALL = 48

# The vectors with a gate in the IDT; all others have none. A lab that adds
# vectors adds them here.
GATES = (*range(9), *range(10, 15), *range(16, 20), T_SYSCALL)
# The gates that lab 4 adds: device interrupts, and two of the APIC.
DEVICE_GATES = tuple(range(32, 48))
APIC_GATES = (51, 52)


def page_down(address: int) -> int:
    """`address` rounded down to a page boundary."""
    return address & ~(PGSIZE - 1)


def page_up(address: int) -> int:
    """`address` rounded up to a page boundary."""
    return page_down(address + PGSIZE - 1)
