// Check of the trap entry points: the kernel goes to each as the processor
// would.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/stdio.h>
#include <inc/trap.h>
#include <inc/x86.h>

#include <kern/check/check.h>
#include <kern/trap.h>

// The error code that is pushed where there is one: nothing else on the stack
// looks like it.
#define ERROR_CODE 0x5eed

// What the entry point of the vector under test must build.
static struct {
	uint32_t vector, err;
	bool seen;
} expected;

// Vectors with an error code.
// Source: Intel SDM vol. 3A, "Protected-Mode Exceptions and Interrupts".
static const bool has_error_code[T_SYSCALL + 1] = {
	[T_DBLFLT] = true, [T_TSS] = true,   [T_SEGNP] = true, [T_STACK] = true,
	[T_GPFLT] = true,  [T_PGFLT] = true, [T_ALIGN] = true,
};

// Called by trap() in place of handling the trap.
static void
probe(struct Trapframe *tf)
{
	uint32_t v = expected.vector;
	uint16_t ds, es;

	if (tf->tf_trapno != v)
		panic("the entry point of vector %u pushed the number %u", v,
		      tf->tf_trapno);
	if (tf->tf_cs != GD_KT)
		panic("the entry point of vector %u makes a frame whose parts "
		      "are not in their places: cs %04x; does it push an error "
		      "code where the processor does %s?",
		      v, tf->tf_cs, has_error_code[v] ? "too" : "not");
	if (tf->tf_err != expected.err)
		panic("the entry point of vector %u left the error code %08x "
		      "instead of %08x",
		      v, tf->tf_err, expected.err);
	__asm__("movw %%ds, %0; movw %%es, %1" : "=r"(ds), "=r"(es));
	if (ds != GD_KD || es != GD_KD || (read_eflags() & FL_DF))
		panic("vector %u: in trap, ds is %04x and es %04x instead of "
		      "%04x, or the direction flag is set",
		      v, ds, es, GD_KD);
	if (tf->tf_regs.reg_ebx != 0xb0b0b0b0 || tf->tf_regs.reg_esi != v)
		panic("the frame of vector %u does not hold the registers", v);
	expected.seen = true;
}

// Go to `entry` as if vector `v` had been raised here, and come back. ebx and
// esi hold values that the frame must show and that must be the same
// afterwards, ds and es a program's segment, and the direction flag is set.
static void
raise(uint32_t v, uintptr_t entry)
{
	uint32_t ebx = 0xb0b0b0b0, esi = v, ds, es;

	__asm__ volatile("movl %[user], %%eax\n\t"
	                 "movl %%eax, %%ds\n\t"
	                 "movl %%eax, %%es\n\t"
	                 "std\n\t"
	                 "pushfl\n\t"
	                 "pushl %%cs\n\t"
	                 "pushl $1f\n\t"
	                 "testl %[has], %[has]\n\t"
	                 "jz 2f\n\t"
	                 "pushl %[err]\n"
	                 "2:\n\t"
	                 "jmp *%[entry]\n"
	                 "1:\n\t"
	                 "cld\n\t"
	                 "movl %%es, %%ecx\n\t"
	                 "movl %%ds, %%eax\n\t"
	                 "pushl %[kernel]\n\t"
	                 "popl %%es\n\t"
	                 "pushl %[kernel]\n\t"
	                 "popl %%ds"
	                 : "+b"(ebx), "+S"(esi), "=&a"(ds), "=&c"(es)
	                 : [user] "i"(GD_UD | 3), [kernel] "i"(GD_KD),
	                   [has] "r"((uint32_t)has_error_code[v]),
	                   [err] "i"(ERROR_CODE), [entry] "r"(entry)
	                 : "memory", "cc");
	if (ebx != 0xb0b0b0b0 || esi != v || (uint16_t)ds != (GD_UD | 3) ||
	    (uint16_t)es != (GD_UD | 3))
		panic("vector %u: registers changed when the kernel went on "
		      "after the trap",
		      v);
}

// Check that every gate leads to an entry point which makes a proper trap frame
// for its vector and, from the kernel, comes back with the registers unharmed.
void
check_traps(void)
{
	uint32_t count = 0;

	trap_probe = probe;
	for (uint32_t v = 0; v <= T_SYSCALL; v++) {
		const struct Gatedesc *gate = &idt[v];

		if (v == T_COPROC || v == T_RES ||
		    (v > T_SIMDERR && v < T_SYSCALL))
			continue;
		if (!gate->gd_p)
			panic("vector %u has no gate in the IDT", v);
		expected.vector = v;
		expected.err = has_error_code[v] ? ERROR_CODE : 0;
		expected.seen = false;
		raise(v, gate->gd_off_31_16 << 16 | gate->gd_off_15_0);
		if (!expected.seen)
			panic("the entry point of vector %u did not call trap",
			      v);
		count++;
	}
	trap_probe = NULL;
	check_report("check_traps", count);
}
