// Printing a trap frame.

#include <inc/memlayout.h>
#include <inc/stdio.h>
#include <inc/trap.h>
#include <inc/types.h>
#include <inc/x86.h>

#include <kern/cpu.h>
#include <kern/sched.h>
#include <kern/trap.h>

static const char *const trap_names[] = {
#define TRAP(symbol, number, name) [symbol] = name,
#include <inc/trap.def>
#undef TRAP
};

#define TRAP(symbol, number, name)                                             \
	_Static_assert(symbol == number, "inc/trap.h and inc/trap.def differ");
#include <inc/trap.def>
#undef TRAP

// Returns:  what the manuals call vector `trapno`.
const char *
trapname(uint32_t trapno)
{
	if (trapno < ARRAY_SIZE(trap_names))
		return trap_names[trapno];
	if (trapno == T_SYSCALL)
		return "System call";
	if (trapno >= IRQ_OFFSET && trapno < IRQ_OFFSET + 16)
		return "Hardware Interrupt";
	return "(unknown trap)";
}

void
print_regs(const struct PushRegs *regs)
{
	cprintf("  edi  0x%08x\n", regs->reg_edi);
	cprintf("  esi  0x%08x\n", regs->reg_esi);
	cprintf("  ebp  0x%08x\n", regs->reg_ebp);
	cprintf("  oesp 0x%08x\n", regs->reg_oesp);
	cprintf("  ebx  0x%08x\n", regs->reg_ebx);
	cprintf("  edx  0x%08x\n", regs->reg_edx);
	cprintf("  ecx  0x%08x\n", regs->reg_ecx);
	cprintf("  eax  0x%08x\n", regs->reg_eax);
}

// Print `tf`. For a page fault it shows the current cr2: call this before
// another fault can happen.
void
print_trapframe(const struct Trapframe *tf)
{
	bool page_fault = tf->tf_trapno == T_PGFLT;

	cprintf("TRAP frame at 0x%08x", (uint32_t)(uintptr_t)tf);
	if (multitasking)
		cprintf(" from CPU %d", cpunum());
	cprintf("\n");
	print_regs(&tf->tf_regs);
	cprintf("  es   0x----%04x\n", tf->tf_es);
	cprintf("  ds   0x----%04x\n", tf->tf_ds);
	cprintf("  trap 0x%08x %s\n", tf->tf_trapno, trapname(tf->tf_trapno));
	if (page_fault)
		cprintf("  cr2  0x%08x\n", rcr2());
	cprintf("  err  0x%08x", tf->tf_err);
	if (page_fault)
		cprintf(" [%s, %s, %s]", tf->tf_err & FEC_U ? "user" : "kernel",
		        tf->tf_err & FEC_WR ? "write" : "read",
		        tf->tf_err & FEC_PR ? "protection" : "not-present");
	cprintf("\n");
	cprintf("  eip  0x%08x\n", (uint32_t)tf->tf_eip);
	cprintf("  cs   0x----%04x\n", tf->tf_cs);
	cprintf("  flag 0x%08x\n", tf->tf_eflags);
	if ((tf->tf_cs & 3) != 0) {
		cprintf("  esp  0x%08x\n", (uint32_t)tf->tf_esp);
		cprintf("  ss   0x----%04x\n", tf->tf_ss);
	}
}
