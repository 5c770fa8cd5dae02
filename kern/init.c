// The kernel's first C code: how far to boot, and with what.

#include <inc/assert.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/types.h>

#include <kern/bootargs.h>
#include <kern/check/check.h>
#include <kern/console.h>
#include <kern/cpu.h>
#include <kern/env.h>
#include <kern/lapic.h>
#include <kern/lottery.h>
#include <kern/monitor.h>
#include <kern/pic.h>
#include <kern/pmap.h>
#include <kern/program.h>
#include <kern/sched.h>
#include <kern/trap.h>

// The last lab of this tree; by default, the kernel boots as far as that.
#define LAST_LAB 4

void i386_init(void) __attribute__((noreturn));
void test_backtrace(int x) __attribute__((noinline));

// Recurse `x` times, then print a backtrace, whose lines for this function are
// known in advance.
void
test_backtrace(int x)
{
	cprintf("entering test_backtrace %d\n", x);
	if (x > 0)
		test_backtrace(x - 1);
	else
		mon_backtrace(0, NULL, NULL);
	cprintf("leaving test_backtrace %d\n", x);
}

// Lab 1: the console and the stack. Inlined, so that the first backtrace that a
// student sees has eight frames.
static inline __attribute__((always_inline)) void
boot_lab1(void)
{
	if (bootparams.keyed)
		check_printf();
	// For a grader, use a depth that cannot be known in advance.
	test_backtrace(bootparams.keyed ? 5 + bootparams.key % 8 : 5);
	if (bootparams.keyed) {
		check_backtrace();
		if (bootparams.symbols)
			check_debuginfo_line();
	}
}

// Lab 4: map the memory of the APIC and of the other CPUs, before address
// spaces are created that must include it.
static void
boot_cpus_memory(void)
{
	lapic_map();
	mem_init_mp();
	env_eflags = FL_IF;
}

// Lab 4: start the other CPUs. Then all of them run environments.
static void __attribute__((noreturn)) boot_cpus(void)
{
	sched_init();
	mp_start();
	sched_yield();
}

// Lab 4: interrupts, `copies` environments of the first program, and several
// CPUs. From here on the boot CPU runs on its kernel stack and is scheduled
// like any other.
static void __attribute__((noreturn)) boot_multitasking(int copies)
{
	for (int i = 1; i < copies; i++)
		program_create(bootparams.argc, bootparams.argv);
	lottery_init();
	irq_init();
	lapic_init();
	run_on_stack(KSTACKTOP, boot_cpus);
}

// Lab 3: environments. Runs the program that the boot arguments name, if any.
// It is loaded before traps are set up: loading does not need them.
static void
boot_environments(void)
{
	const struct Bootparams *bp = &bootparams;
	struct Env *e = NULL;

	map_envs();
	check_kern_envs();
	if (bp->lab >= 4)
		boot_cpus_memory();
	// Lab 3's checks take longer than most programs of lab 4.
	if (bp->keyed && bp->lab == 3)
		check_env_scribble();
	env_init();
	if (bp->keyed && bp->lab == 3)
		check_env();
	if (bp->lab >= 4)
		lapic_calibrate();
	if (bp->init)
		e = program_create(bp->argc, bp->argv);

	trap_init();
	trap_trace = bp->lab == 3 && bp->trace;
	if (bp->keyed)
		check_traps();
	if (bp->check)
		check_env_named(bp->check, e);
	if (bp->lab >= 4)
		boot_multitasking(e ? bp->copies : 0);
	if (e)
		env_run(e);
}

// Entered from kern/entry.S, on the boot stack.
void
i386_init(void)
{
	pic_init();
	cons_init();
	cprintf("6828 decimal is %o octal!\n", 6828);

	bootargs_init(LAST_LAB);
	if (bootparams.lab < 1 || bootparams.lab > LAST_LAB)
		panic("no lab %d here: the boot argument lab= is 1 to %d",
		      bootparams.lab, LAST_LAB);

	if (bootparams.lab == 1)
		boot_lab1();
	if (bootparams.lab >= 4)
		mp_init();
	if (bootparams.lab >= 2)
		mem_init();
	if (bootparams.lab >= 3)
		boot_environments();
	while (1)
		monitor(NULL);
}
