// Check of the trap entry points: the kernel enters each as the processor
// would.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/stdio.h>
#include <inc/trap.h>
#include <inc/x86.h>

#include <kern/check/check.h>
#include <kern/trap.h>

// The error code to push, if there is one: nothing else on the stack looks like
// it.
#define ERROR_CODE 0x5eed

// The flags of the interrupted code, with the direction flag set.
#define FLAGS (FL_DF | FL_CF | FL_SF | 2)

// Its data segments: both are a program's, and they differ.
#define DS (GD_UD | 3)
#define ES GD_UD

// What the entry point of the vector under test must build.
static struct {
	uint32_t vector, err;
	bool seen;
} expected;

// The registers of the interrupted code before the trap and after it. `after`
// is filled from its end by pushing the segments, pushfl and pushal.
static struct PushRegs before;
static struct {
	struct PushRegs regs;
	uint32_t eflags, es, ds;
} after;

// Our stack pointer, and its value when the interrupted code resumes.
static uintptr_t own_esp, esp;

// Vectors with an error code.
// Source: Intel SDM vol. 3A, "Protected-Mode Exceptions and Interrupts".
static const bool has_error_code[T_SYSCALL + 1] = {
	[T_DBLFLT] = true, [T_TSS] = true,   [T_SEGNP] = true, [T_STACK] = true,
	[T_GPFLT] = true,  [T_PGFLT] = true, [T_ALIGN] = true,
};

// Do `regs` equal the registers before the trap?
static bool
same_registers(const struct PushRegs *regs)
{
	return regs->reg_eax == before.reg_eax &&
	       regs->reg_ecx == before.reg_ecx &&
	       regs->reg_edx == before.reg_edx &&
	       regs->reg_ebx == before.reg_ebx &&
	       regs->reg_ebp == before.reg_ebp &&
	       regs->reg_esi == before.reg_esi &&
	       regs->reg_edi == before.reg_edi;
}

static uintptr_t
entry_point(uint32_t v)
{
	return idt[v].gd_off_31_16 << 16 | idt[v].gd_off_15_0;
}

// Called by trap() instead of handling the trap.
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
	if (!same_registers(&tf->tf_regs))
		panic("the frame of vector %u does not hold the registers", v);
	if (tf->tf_ds != DS || tf->tf_es != ES)
		panic("the frame of vector %u has ds %04x and es %04x instead "
		      "of %04x and %04x",
		      v, tf->tf_ds, tf->tf_es, DS, ES);
	expected.seen = true;
}

// Enter `entry` as if vector `v` had been raised here, and return.
static void
raise(uint32_t v, uintptr_t entry)
{
	static uintptr_t target;
	static uint32_t has;

	target = entry;
	has = has_error_code[v];
	__asm__ volatile(
		"pushal\n\t"
		"movl %%esp, %c[own]\n\t"
		"movl %[user_ds], %%eax\n\t"
		"movl %%eax, %%ds\n\t"
		"movl %[user_es], %%eax\n\t"
		"movl %%eax, %%es\n\t"
		"pushl %[flags]\n\t"
		"pushl %%cs\n\t"
		"pushl $1f\n\t"
		"cmpl $0, %c[has]\n\t"
		"je 2f\n\t"
		"pushl %[err]\n"
		"2:\n\t"
		"movl %%esp, %c[esp]\n\t"
		"movl %[before], %%esp\n\t"
		"popal\n\t"
		"movl %c[esp], %%esp\n\t"
		"std\n\t"
		"jmp *%c[target]\n"
		"1:\n\t"
		"movl %%esp, %c[esp]\n\t"
		"movl %[after], %%esp\n\t"
		"pushl %%ds\n\t"
		"pushl %%es\n\t"
		"pushfl\n\t"
		"pushal\n\t"
		"movl %c[own], %%esp\n\t"
		"cld\n\t"
		"movl %[kernel], %%eax\n\t"
		"movl %%eax, %%ds\n\t"
		"movl %%eax, %%es\n\t"
		"popal"
		:
		: [own] "i"(&own_esp), [esp] "i"(&esp), [before] "i"(&before),
		  [after] "i"(&after + 1), [target] "i"(&target),
		  [has] "i"(&has), [user_ds] "i"(DS), [user_es] "i"(ES),
		  [kernel] "i"(GD_KD), [flags] "i"(FLAGS), [err] "i"(ERROR_CODE)
		: "memory", "cc");
}

// Check that the interrupted code of vector `v` has resumed as if nothing had
// happened.
static void
check_return(uint32_t v)
{
	if (esp != own_esp || (after.eflags & ~FL_IF) != FLAGS)
		panic("vector %u: the kernel went on after the trap with esp "
		      "off by %d and eflags %08x instead of %08x: does the "
		      "return from the trap take all that the processor "
		      "pushed?",
		      v, (int32_t)(esp - own_esp), after.eflags, FLAGS);
	if (!same_registers(&after.regs))
		panic("vector %u: registers changed when the kernel went on "
		      "after the trap",
		      v);
	if ((uint16_t)after.ds != DS || (uint16_t)after.es != ES)
		panic("vector %u: the kernel went on after the trap with ds "
		      "%04x and es %04x instead of %04x and %04x",
		      v, (uint16_t)after.ds, (uint16_t)after.es, DS, ES);
}

// Does vector `v` have a gate in labs 1 to 3?
static bool
has_gate(uint32_t v)
{
	return v <= T_SIMDERR ? v != T_COPROC && v != T_RES : v == T_SYSCALL;
}

// Check that vector `v` has a gate, with an entry point of its own.
static void
check_gate(uint32_t v)
{
	checking("lab3.trap_init");
	if (!idt[v].gd_p)
		panic("vector %u has no gate in the IDT", v);
	for (uint32_t other = 0; other <= T_SYSCALL; other++)
		if (other != v && has_gate(other) &&
		    entry_point(other) == entry_point(v))
			panic("the gates of vectors %u and %u lead to the same "
			      "entry point",
			      other, v);
}

// Check that the entry point of vector `v` builds a correct trap frame and, in
// the kernel, returns with all registers intact.
static void
check_entry(uint32_t v)
{
	expected.vector = v;
	expected.err = has_error_code[v] ? ERROR_CODE : 0;
	expected.seen = false;
	before = (struct PushRegs){
		check_random(), check_random(), check_random(), 0,
		check_random(), check_random(), check_random(), check_random(),
	};
	raise(v, entry_point(v));
	if (!expected.seen)
		panic("the entry point of vector %u did not call trap", v);
	check_return(v);
}

// Check every vector that has a gate in labs 1 to 3.
void
check_traps(void)
{
	uint32_t count = 0;

	trap_probe = probe;
	for (uint32_t v = 0; v <= T_SYSCALL; v++) {
		if (!has_gate(v))
			continue;
		check_gate(v);
		checking("lab3.trap_entry");
		check_entry(v);
		count++;
	}
	trap_probe = NULL;
	checking(NULL);
	check_report("check_traps", count);
}

// Check the vectors of the two interrupt controllers.
void
check_irqs(void)
{
	const uint32_t end = IRQ_OFFSET + 16;

	irq_init();
	checking("lab4.irq_entry");
	trap_probe = probe;
	for (uint32_t v = IRQ_OFFSET; v < end; v++) {
		if (!idt[v].gd_p)
			panic("vector %u has no gate in the IDT", v);
		for (uint32_t other = IRQ_OFFSET; other < v; other++)
			if (entry_point(other) == entry_point(v))
				panic("the gates of vectors %u and %u lead to "
				      "the same entry point",
				      other, v);
		check_entry(v);
	}
	trap_probe = NULL;
	checking(NULL);
	check_report("check_irqs", end);
}
