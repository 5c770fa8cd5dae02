// The interval timer, as a clock that ticks at the same rate on every PC.
//
// Source: Intel 8254 data sheet, "Mode 0: Interrupt on Terminal Count",
// "Mode 2: Rate Generator"; Intel 8 Series PCH data sheet, "NMI_SC (NMI Status
// and Control Register)".

#include <inc/x86.h>

#include <kern/pit.h>

#define PIT_CHANNEL0 0x40
#define PIT_CHANNEL2 0x42
#define PIT_COMMAND  0x43
#define PIT_COUNT    0xb0 // command: channel 2, low byte then high, mode 0
#define PIT_RATE     0x34 // command: channel 0, low byte then high, mode 2

#define CONTROL         0x61
#define CONTROL_GATE    0x01 // channel 2 counts
#define CONTROL_SPEAKER 0x02
#define CONTROL_OUT     0x20 // channel 2 has counted to 0

// How often to poll a timer that does not answer. One poll takes a microsecond
// on a real PC; the longest count takes 55 ms.
#define PATIENCE 10000000

// Busy-wait for `ticks` ticks of PIT_HZ, at most 65535. Channel 2 of the timer
// is free for this: it drives the loudspeaker, which stays off.
void
pit_wait(uint32_t ticks)
{
	outb(CONTROL, (inb(CONTROL) & ~CONTROL_SPEAKER) | CONTROL_GATE);
	outb(PIT_COMMAND, PIT_COUNT);
	outb(PIT_CHANNEL2, ticks & 0xff);
	outb(PIT_CHANNEL2, ticks >> 8);
	for (int i = 0; i < PATIENCE; i++)
		if (inb(CONTROL) & CONTROL_OUT)
			return;
}

// Busy-wait for `us` microseconds, at most 50000, or a little longer.
void
pit_wait_us(uint32_t us)
{
	pit_wait(us * (PIT_HZ / 1000) / 1000 + 1);
}

// Raise IRQ_TIMER every `ticks` ticks, at most 65535. Whether it arrives is up
// to the interrupt controller.
void
pit_tick(uint32_t ticks)
{
	outb(PIT_COMMAND, PIT_RATE);
	outb(PIT_CHANNEL0, ticks & 0xff);
	outb(PIT_CHANNEL0, ticks >> 8);
}
