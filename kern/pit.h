// The interval timer.
#ifndef JOS_KERN_PIT_H
#define JOS_KERN_PIT_H

#include <inc/types.h>

#define PIT_HZ 1193182 // the timer's clock, on every PC

void pit_wait(uint32_t ticks);
void pit_wait_us(uint32_t us);
void pit_tick(uint32_t ticks);

#endif
