// The x86 memory-management and protection hardware: bit layouts, descriptors.
// Source: Intel SDM vol. 3A, chapters "Protected-Mode Memory Management",
// "Paging", "Task Management", "Interrupt and Exception Handling".
#ifndef JOS_INC_MMU_H
#define JOS_INC_MMU_H

#ifndef __ASSEMBLER__
#include <inc/types.h>
#endif

// Paging: "32-Bit Paging". A linear address is
//   | 31 .. 22 directory index | 21 .. 12 table index | 11 .. 0 offset |

#define PGSHIFT    12
#define PGSIZE     4096 // bytes mapped by a page-table entry
#define PTSHIFT    22
#define PTSIZE     (PGSIZE * NPTENTRIES) // bytes mapped by a directory entry
#define PTXSHIFT   PGSHIFT
#define PDXSHIFT   PTSHIFT
#define NPDENTRIES 1024
#define NPTENTRIES 1024

#define PTE_P       0x001 // present
#define PTE_W       0x002 // writable
#define PTE_U       0x004 // user code may use it
#define PTE_PWT     0x008 // write-through
#define PTE_PCD     0x010 // cache disabled
#define PTE_A       0x020 // accessed
#define PTE_D       0x040 // dirty
#define PTE_PS      0x080 // in a directory entry: maps a 4 MiB page
#define PTE_G       0x100 // global
#define PTE_AVAIL   0xE00 // ignored by the hardware, free for software
#define PTE_SHARE   0x400 // software: shared between parent and child
#define PTE_COW     0x800 // software: copy on write
#define PTE_SYSCALL (PTE_AVAIL | PTE_P | PTE_W | PTE_U)

#define CR0_PE 0x00000001 // protection enable
#define CR0_MP 0x00000002 // monitor coprocessor
#define CR0_EM 0x00000004 // emulate the FPU
#define CR0_TS 0x00000008 // task switched
#define CR0_ET 0x00000010 // extension type
#define CR0_NE 0x00000020 // numeric error
#define CR0_WP 0x00010000 // the kernel too obeys read-only pages
#define CR0_AM 0x00040000 // alignment mask
#define CR0_NW 0x20000000 // not write-through
#define CR0_CD 0x40000000 // cache disable
#define CR0_PG 0x80000000 // paging

#define CR4_VME 0x001
#define CR4_PVI 0x002
#define CR4_TSD 0x004
#define CR4_DE  0x008
#define CR4_PSE 0x010 // 4 MiB pages
#define CR4_MCE 0x040
#define CR4_PCE 0x100

#define FL_CF        0x00000001
#define FL_PF        0x00000004
#define FL_AF        0x00000010
#define FL_ZF        0x00000040
#define FL_SF        0x00000080
#define FL_TF        0x00000100 // single step
#define FL_IF        0x00000200 // interrupts enabled
#define FL_DF        0x00000400
#define FL_OF        0x00000800
#define FL_IOPL_MASK 0x00003000
#define FL_IOPL_0    0x00000000
#define FL_IOPL_1    0x00001000
#define FL_IOPL_2    0x00002000
#define FL_IOPL_3    0x00003000
#define FL_NT        0x00004000
#define FL_RF        0x00010000
#define FL_VM        0x00020000
#define FL_AC        0x00040000
#define FL_VIF       0x00080000
#define FL_VIP       0x00100000
#define FL_ID        0x00200000

// Page-fault error code.
#define FEC_PR 0x1 // the page was present: a protection violation
#define FEC_WR 0x2 // a write
#define FEC_U  0x4 // from user mode

// Types of application segments: "Code- and Data-Segment Descriptor Types".
#define STA_X 0x8 // executable
#define STA_E 0x4 // data: expands down
#define STA_C 0x4 // code: conforming
#define STA_W 0x2 // data: writable
#define STA_R 0x2 // code: readable
#define STA_A 0x1 // accessed

// Types of system segments and gates: "System Descriptor Types".
#define STS_T16A 0x1 // available 16-bit TSS
#define STS_LDT  0x2
#define STS_T16B 0x3
#define STS_CG16 0x4
#define STS_TG   0x5 // task gate
#define STS_IG16 0x6
#define STS_TG16 0x7
#define STS_T32A 0x9 // available 32-bit TSS
#define STS_T32B 0xB // busy 32-bit TSS
#define STS_CG32 0xC
#define STS_IG32 0xE // interrupt gate: clears FL_IF
#define STS_TG32 0xF // trap gate: leaves FL_IF

#ifdef __ASSEMBLER__

// clang-format off
// One descriptor of a flat segment, for tables written in assembly. The limit
// is in bytes and is stored in units of 4 KiB.
.macro SEG_NULL
	.word 0, 0
	.byte 0, 0, 0, 0
.endm

.macro SEG type base lim
	.word ((\lim) >> 12) & 0xffff
	.word (\base) & 0xffff
	.byte ((\base) >> 16) & 0xff
	.byte 0x90 | (\type)
	.byte 0xc0 | (((\lim) >> 28) & 0xf)
	.byte ((\base) >> 24) & 0xff
.endm
// clang-format on

#else // !__ASSEMBLER__

// The parts of a linear (or, for PGNUM, physical) address.
#define PGNUM(la) ((uintptr_t)(la) >> PGSHIFT)
#define PDX(la)   (((uintptr_t)(la) >> PDXSHIFT) & (NPDENTRIES - 1))
#define PTX(la)   (((uintptr_t)(la) >> PTXSHIFT) & (NPTENTRIES - 1))
#define PGOFF(la) ((uintptr_t)(la) & (PGSIZE - 1))

// The linear address with directory index d, table index t and offset o.
#define PGADDR(d, t, o)                                                        \
	((void *)((uintptr_t)(d) << PDXSHIFT | (uintptr_t)(t) << PTXSHIFT |    \
	          (uintptr_t)(o)))

// The physical address in a page-table or page-directory entry.
#define PTE_ADDR(pte) ((physaddr_t)(pte) & ~(PGSIZE - 1))

// "Segment Descriptors".
struct Segdesc {
	unsigned sd_lim_15_0 : 16;
	unsigned sd_base_15_0 : 16;
	unsigned sd_base_23_16 : 8;
	unsigned sd_type : 4;
	unsigned sd_s : 1; // 0 system, 1 application
	unsigned sd_dpl : 2;
	unsigned sd_p : 1;
	unsigned sd_lim_19_16 : 4;
	unsigned sd_avl : 1;
	unsigned sd_rsv1 : 1;
	unsigned sd_db : 1; // 32-bit segment
	unsigned sd_g : 1;  // limit counts 4 KiB units
	unsigned sd_base_31_24 : 8;
};

_Static_assert(sizeof(struct Segdesc) == 8, "the GDT is an array of these");

// clang-format off
#define SEG_FIELDS(type, base, lim, dpl, app, big, gran)                       \
	{                                                                      \
		.sd_lim_15_0 = (lim) & 0xffff,                                 \
		.sd_base_15_0 = (base) & 0xffff,                               \
		.sd_base_23_16 = ((base) >> 16) & 0xff, .sd_type = (type),     \
		.sd_s = (app), .sd_dpl = (dpl), .sd_p = 1,                     \
		.sd_lim_19_16 = ((lim) >> 16) & 0xf, .sd_db = (big),           \
		.sd_g = (gran), .sd_base_31_24 = ((base) >> 24) & 0xff         \
	}
// clang-format on

// Initialisers: no segment; an application segment of `lim` + 1 bytes, which
// must be a multiple of 4 KiB; a system segment shorter than 1 MiB.
#define SEG_NULL                                                               \
	{                                                                      \
		0                                                              \
	}
#define SEG(type, base, lim, dpl)                                              \
	SEG_FIELDS(type, base, (uint32_t)(lim) >> PGSHIFT, dpl, 1, 1, 1)
#define SEG16(type, base, lim, dpl) SEG_FIELDS(type, base, lim, dpl, 0, 0, 0)

// "32-Bit Task-State Segment (TSS)". The kernel uses the hardware's task only
// for the stack that a trap from user mode starts on (ts_ss0:ts_esp0) and to
// forbid user I/O (ts_iomb).
struct Taskstate {
	uint32_t ts_link;
	uintptr_t ts_esp0;
	uint16_t ts_ss0, ts_padding1;
	uintptr_t ts_esp1;
	uint16_t ts_ss1, ts_padding2;
	uintptr_t ts_esp2;
	uint16_t ts_ss2, ts_padding3;
	physaddr_t ts_cr3;
	uintptr_t ts_eip;
	uint32_t ts_eflags, ts_eax, ts_ecx, ts_edx, ts_ebx;
	uintptr_t ts_esp, ts_ebp;
	uint32_t ts_esi, ts_edi;
	uint16_t ts_es, ts_padding4, ts_cs, ts_padding5;
	uint16_t ts_ss, ts_padding6, ts_ds, ts_padding7;
	uint16_t ts_fs, ts_padding8, ts_gs, ts_padding9;
	uint16_t ts_ldt, ts_padding10;
	uint16_t ts_t, ts_iomb;
};

_Static_assert(sizeof(struct Taskstate) == 104, "laid out by the processor");

// "IDT Descriptors": interrupt and trap gates.
struct Gatedesc {
	unsigned gd_off_15_0 : 16;
	unsigned gd_sel : 16;
	unsigned gd_args : 5;
	unsigned gd_rsv1 : 3;
	unsigned gd_type : 4;
	unsigned gd_s : 1;
	unsigned gd_dpl : 2;
	unsigned gd_p : 1;
	unsigned gd_off_31_16 : 16;
};

_Static_assert(sizeof(struct Gatedesc) == 8, "the IDT is an array of these");

// Make `gate` lead to `off` in code segment `sel`. `istrap` nonzero: a trap
// gate, which leaves interrupts as they are; zero: an interrupt gate, which
// turns them off. `dpl` is the least privileged ring that may reach the gate
// by an `int` instruction.
// clang-format off
#define SETGATE(gate, istrap, sel, off, dpl)                                   \
	((gate) = (struct Gatedesc){                                           \
	         .gd_off_15_0 = (uintptr_t)(off) & 0xffff,                     \
	         .gd_sel = (sel),                                              \
	         .gd_type = (istrap) ? STS_TG32 : STS_IG32,                    \
	         .gd_dpl = (dpl),                                              \
	         .gd_p = 1,                                                    \
	         .gd_off_31_16 = (uintptr_t)(off) >> 16,                       \
	 })
// clang-format on

// The operand of lgdt and lidt.
struct Pseudodesc {
	uint16_t pd_lim;
	uint32_t pd_base;
} __attribute__((packed));

#endif // !__ASSEMBLER__

#endif
