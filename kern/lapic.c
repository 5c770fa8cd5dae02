// The local APIC: each CPU's timer, and the IPIs between CPUs.
//
// Source: Intel SDM vol. 3A, "Advanced Programmable Interrupt Controller
// (APIC)".

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/trap.h>
#include <inc/types.h>

#include <kern/bootargs.h>
#include <kern/cpu.h>
#include <kern/lapic.h>
#include <kern/pit.h>
#include <kern/pmap.h>
#include <kern/trap.h>

// Register offsets in words: "Local APIC Register Address Map".
enum {
	TPR = 0x80 / 4,   // task priority
	EOI = 0xb0 / 4,   // end of interrupt
	SVR = 0xf0 / 4,   // spurious interrupt vector
	ESR = 0x280 / 4,  // error status
	ICR = 0x300 / 4,  // interrupt command; a write sends it
	ICR2 = 0x310 / 4, // destination
	LVT_TIMER = 0x320 / 4,
	LVT_COUNTER = 0x340 / 4, // performance counters
	LVT_LINT0 = 0x350 / 4,
	LVT_LINT1 = 0x360 / 4,
	LVT_ERROR = 0x370 / 4,
	TIMER_START = 0x380 / 4,
	TIMER_NOW = 0x390 / 4,
	TIMER_DIVIDE = 0x3e0 / 4,
	LAPIC_SIZE = PGSIZE,
};

enum {
	SVR_ENABLE = 0x100,
	LVT_MASKED = 0x10000,
	LVT_PERIODIC = 0x20000,
	LVT_EXTINT = 0x700, // from the 8259A
	LVT_NMI = 0x400,
	DIVIDE_BY_1 = 0xb,

	ICR_INIT = 0x500,
	ICR_STARTUP = 0x600,
	ICR_PENDING = 0x1000,
	ICR_ASSERT = 0x4000,
	ICR_LEVEL = 0x8000,
	ICR_OTHERS = 0xc0000, // all but this CPU
};

// How often to poll until an IPI has been sent: it takes some microseconds.
#define PATIENCE 1000000

// One measurement, in ticks of the interval timer: 100 microseconds.
#define SAMPLE 119

static volatile uint32_t *lapic;

// Timer counts per tick.
static uint32_t tick_count;

// State of the random sequence of tick lengths; 0 if all are the same. The
// kernel lock guards it.
static uint32_t tick_random;

static void
lapic_write(uint32_t reg, uint32_t value)
{
	lapic[reg] = value;
	// A read waits until the write has arrived.
	(void)lapic[SVR];
}

// Map the registers, which have the same address on every CPU.
void
lapic_map(void)
{
	if (lapicaddr)
		lapic = mmio_map_region(lapicaddr, LAPIC_SIZE);
}

// Set the tick length; the timer counts to `count` in a SAMPLE.
static void
tick_init(uint32_t count)
{
	const struct Bootparams *bp = &bootparams;
	uint32_t us = bp->tick ? bp->tick : TICK_US;

	if (us < TICK_MIN_US || us > TICK_MAX_US)
		panic("a tick of %u microseconds: the boot argument tick= is "
		      "%u to %u",
		      us, TICK_MIN_US, TICK_MAX_US);
	// SAMPLE is 100 microseconds.
	tick_count = count / 100 * us;
	if (tick_count == 0)
		panic("the timer of the local APIC does not count");
	if (bp->tick && bp->keyed)
		tick_random = bp->key ? bp->key : 1;
}

// Measure how fast the timer counts. A delay makes a sample longer, never
// shorter, so take the shortest of several.
void
lapic_calibrate(void)
{
	uint32_t least = -1;

	if (!lapic)
		return;
	lapic_write(SVR, SVR_ENABLE | (IRQ_OFFSET + IRQ_SPURIOUS));
	lapic_write(TIMER_DIVIDE, DIVIDE_BY_1);
	lapic_write(LVT_TIMER, LVT_MASKED | (IRQ_OFFSET + IRQ_TIMER));
	for (int i = 0; i < 3; i++) {
		uint32_t start;

		lapic_write(TIMER_START, -1);
		start = lapic[TIMER_NOW];
		pit_wait(SAMPLE);
		least = MIN(least, start - lapic[TIMER_NOW]);
	}
	lapic_write(TIMER_START, 0);
	tick_init(least);
}

// Set up this CPU's APIC. Its timer raises IRQ_OFFSET + IRQ_TIMER every tick.
// Only the boot CPU takes device interrupts.
void
lapic_init(void)
{
	bool boot = thiscpu == bootcpu;

	if (!lapic)
		return;
	lapic_write(SVR, SVR_ENABLE | (IRQ_OFFSET + IRQ_SPURIOUS));
	lapic_write(LVT_LINT0, boot ? LVT_EXTINT : LVT_MASKED);
	lapic_write(LVT_LINT1, boot ? LVT_NMI : LVT_MASKED);
	lapic_write(LVT_COUNTER, LVT_MASKED);
	lapic_write(LVT_ERROR, IRQ_OFFSET + IRQ_ERROR);
	// Written twice: the first write brings the register up to date.
	lapic_write(ESR, 0);
	lapic_write(ESR, 0);
	lapic_write(TIMER_DIVIDE, DIVIDE_BY_1);
	lapic_timer(true);
	lapic_eoi();
	lapic_write(TPR, 0);
}

// Returns:  the timer count until the next tick: tick_count, or a random value
//           from half to one and a half times that.
// Source:   G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8.
static uint32_t
next_tick(void)
{
	if (!tick_random)
		return tick_count;
	tick_random ^= tick_random << 13;
	tick_random ^= tick_random >> 17;
	tick_random ^= tick_random << 5;
	return tick_count / 2 + tick_random % tick_count;
}

// This CPU's timer has ticked: set the time to the next tick, if tick lengths
// differ.
//
// Needs:    the kernel lock.
void
lapic_tick(void)
{
	if (lapic && tick_random)
		lapic_write(TIMER_START, next_tick());
}

// Restart this CPU's timer, or stop it. It stays off while its interrupt has no
// entry point.
void
lapic_timer(bool on)
{
	if (!lapic)
		return;
	on = on && irq_has_entry(IRQ_TIMER);
	lapic_write(LVT_TIMER, (IRQ_OFFSET + IRQ_TIMER) |
	                               (on ? LVT_PERIODIC : LVT_MASKED));
	lapic_write(TIMER_START, on ? next_tick() : 0);
}

// Restart this CPU's timer, even if the kernel has no entry point for its
// interrupt: for kern/idle.c, which has its own.
void
lapic_alarm(void)
{
	if (!lapic)
		return;
	lapic_write(LVT_TIMER, (IRQ_OFFSET + IRQ_TIMER) | LVT_PERIODIC);
	lapic_write(TIMER_START, tick_count);
}

// Acknowledge the interrupt: this CPU's APIC may deliver the next.
void
lapic_eoi(void)
{
	if (lapic)
		lapic_write(EOI, 0);
}

// Send the IPI `command` to the CPU with APIC ID `apicid`, and wait until it
// has been sent.
static void
send(uint8_t apicid, uint32_t command)
{
	lapic_write(ICR2, (uint32_t)apicid << 24);
	lapic_write(ICR, command);
	for (int i = 0; i < PATIENCE && (lapic[ICR] & ICR_PENDING); i++)
		cpu_pause();
}

// Raise `vector` on the CPU with APIC ID `apicid`.
void
lapic_ipi(uint8_t apicid, uint8_t vector)
{
	if (lapic)
		send(apicid, ICR_ASSERT | vector);
}

// Reset all other CPUs, and wait until they can be started.
//
// Source:   Intel SDM vol. 3A, "MP Initialization Protocol Algorithm for MP
//           Systems".
void
lapic_init_others(void)
{
	send(0, ICR_OTHERS | ICR_INIT | ICR_LEVEL | ICR_ASSERT);
	pit_wait_us(10000);
}

// Start the CPU with APIC ID `apicid`, which has been reset, in real mode at
// the page `pa` below 1 MiB. The second start-up IPI is for a CPU that missed
// the first; a running CPU ignores it.
void
lapic_startap(uint8_t apicid, physaddr_t pa)
{
	for (int i = 0; i < 2; i++) {
		send(apicid, ICR_STARTUP | ICR_ASSERT | pa >> PGSHIFT);
		pit_wait_us(200);
	}
}
