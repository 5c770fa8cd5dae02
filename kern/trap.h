// Traps in the kernel.
#ifndef JOS_KERN_TRAP_H
#define JOS_KERN_TRAP_H

#include <inc/mmu.h>
#include <inc/trap.h>
#include <inc/types.h>

extern struct Gatedesc idt[256];

// Report each trap from user mode. Set by kern/init.c.
extern bool trap_trace;

// If not NULL, called instead of handling traps; for kern/check/check_traps.c.
extern void (*trap_probe)(struct Trapframe *tf);

// kern/trapframe.c
const char *trapname(uint32_t trapno);
void print_regs(const struct PushRegs *regs);
void print_trapframe(const struct Trapframe *tf);

// kern/trap.c
void trap_init(void);
void trap_dispatch(struct Trapframe *tf);
void page_fault_handler(struct Trapframe *tf);

// kern/percpu.c
void init_task_state(void);
void timer_irq(void);

// kern/trapcore.c
void trap_init_percpu(void);
void unexpected_trap(struct Trapframe *tf);
void trap(struct Trapframe *tf);

// kern/upcall.c
bool user_fault_upcall(struct Trapframe *tf);

// kern/irq.c
void irq_init(void);
bool irq_has_entry(uint32_t irq);

#endif
