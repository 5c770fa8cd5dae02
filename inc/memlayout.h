// The virtual address space, stated once for C and assembly.
//
//   4 GiB  +------------------------------+
//          | all physical memory          | kernel only
//   KERNBASE, KSTACKTOP  0xf0000000 ------+
//          | CPU 0 kernel stack           | kernel only, KSTKSIZE
//          | guard, never mapped          | KSTKGAP
//          | CPU 1 kernel stack, ...      |
//   MMIOLIM              0xefc00000 ------+
//          | device registers             | kernel only
//   ULIM, MMIOBASE       0xef800000 ------+
//          | page tables (UVPT)           | user read-only
//   UVPT                 0xef400000 ------+
//          | pages[]                      | user read-only
//   UPAGES               0xef000000 ------+
//          | envs[]                       | user read-only
//   UTOP, UENVS          0xeec00000 ------+
//   UXSTACKTOP           | exception stack, one page
//                        | unmapped page
//   USTACKTOP            0xeebfe000: normal user stack, grows down
//          | ...                          |
//          | program text, data and heap  | user
//   UTEXT                0x00800000 ------+
//   PFTEMP, UTEMP        0x00400000: scratch mappings
//   USTABDATA            0x00200000: the program's debug table
//          | unmapped, so that NULL faults|
//   0      +------------------------------+
#ifndef JOS_INC_MEMLAYOUT_H
#define JOS_INC_MEMLAYOUT_H

#include <inc/mmu.h>

#ifndef __ASSEMBLER__
#include <inc/types.h>
#endif

// Segment selectors, in the order of the descriptors in the kernel's GDT.
#define GD_KT   0x08 // kernel text
#define GD_KD   0x10 // kernel data
#define GD_UT   0x18 // user text
#define GD_UD   0x20 // user data
#define GD_TSS0 0x28 // task state of CPU 0; the other CPUs' follow

// Physical memory a PC sets aside below 1 MiB for devices and the BIOS.
#define IOPHYSMEM  0x0A0000
#define EXTPHYSMEM 0x100000

// Where the start-up code of the other CPUs is copied (below 1 MiB: they start
// in real mode).
#define MPENTRY_PADDR 0x7000

#define KERNBASE  0xF0000000
#define KSTACKTOP KERNBASE
#define KSTKSIZE  (8 * PGSIZE) // a CPU's kernel stack
#define KSTKGAP   (8 * PGSIZE) // unmapped below it: overflow faults

#define MMIOLIM  (KSTACKTOP - PTSIZE)
#define MMIOBASE (MMIOLIM - PTSIZE)

#define ULIM   MMIOBASE
#define UVPT   (ULIM - PTSIZE)
#define UPAGES (UVPT - PTSIZE)
#define UENVS  (UPAGES - PTSIZE)

#define UTOP       UENVS
#define UXSTACKTOP UTOP
#define USTACKTOP  (UTOP - 2 * PGSIZE)
#define UTEXT      (2 * PTSIZE)
#define UTEMP      PTSIZE
#define PFTEMP     (UTEMP + PTSIZE - PGSIZE)
#define USTABDATA  (PTSIZE / 2)

// The most physical memory the window above KERNBASE shows.
#define MAXPHYSMEM 0x10000000

#ifndef __ASSEMBLER__

typedef uint32_t pte_t;
typedef uint32_t pde_t;

// The current page tables as user code sees them, through the directory's own
// entry for UVPT (lib/entry.S gives the symbols their addresses):
// `uvpt[n]` is the page-table entry of page number n, `uvpd[n]` entry n of the
// page directory. Read uvpt[n] only where uvpd[n / NPTENTRIES] is present.
extern const volatile pte_t uvpt[];
extern const volatile pde_t uvpd[];

// What the kernel knows of one page of physical memory. `pages[i]` describes
// the page at physical address i * PGSIZE; page2pa() and pa2page() in
// kern/pmap.h convert.
struct PageInfo {
	struct PageInfo *pp_link; // next page on the free list
	uint16_t pp_ref;          // mappings that point here; 0 when free
};

_Static_assert(sizeof(struct PageInfo) == 2 * sizeof(uint32_t),
               "pages[] is read by user programs and by the grader");

#endif // !__ASSEMBLER__

#endif
