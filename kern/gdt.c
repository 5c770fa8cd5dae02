// The segments: a flat pair for each ring, and the task state.

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/env.h>

// Paging does the protection; the segments only distinguish ring 0 from ring 3.
// All start at 0 and span 4 GiB. CS holds the current privilege level; a
// program's SS and DS must have DPL 3.
//
// Source:   Intel SDM vol. 3A, "Using Segments", "Basic Flat Model".
struct Segdesc gdt[GD_TSS0 / 8 + NCPU] = {
	SEG_NULL,
	[GD_KT / 8] = SEG(STA_X | STA_R, 0x0, 0xffffffff, 0),
	[GD_KD / 8] = SEG(STA_W, 0x0, 0xffffffff, 0),
	[GD_UT / 8] = SEG(STA_X | STA_R, 0x0, 0xffffffff, 3),
	[GD_UD / 8] = SEG(STA_W, 0x0, 0xffffffff, 3),
	// trap_init_percpu fills in the rest.
};

// Load the GDT and reload every segment register. The kernel never uses fs and
// gs: they get the user's selector and keep it.
void
gdt_init(void)
{
	const struct Pseudodesc desc = { sizeof(gdt) - 1, (uintptr_t)gdt };

	lgdt(&desc);
	__asm__ volatile("movw %w0, %%gs\n\t"
	                 "movw %w0, %%fs\n\t"
	                 "movw %w1, %%es\n\t"
	                 "movw %w1, %%ds\n\t"
	                 "movw %w1, %%ss\n\t"
	                 "ljmp %2, $1f\n"
	                 "1:"
	                 :
	                 : "r"(GD_UD | 3), "r"(GD_KD), "i"(GD_KT)
	                 : "memory");
	lldt(0);
}
