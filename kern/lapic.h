// This CPU's local APIC.
#ifndef JOS_KERN_LAPIC_H
#define JOS_KERN_LAPIC_H

#include <inc/types.h>

// The default time slice in microseconds, and the limits of the boot argument
// tick=.
#define TICK_US     10000
#define TICK_MIN_US 50
#define TICK_MAX_US 1000000

void lapic_map(void);
void lapic_calibrate(void);
void lapic_init(void);
void lapic_timer(bool on);
void lapic_alarm(void);
void lapic_tick(void);
void lapic_eoi(void);
void lapic_ipi(uint8_t apicid, uint8_t vector);
void lapic_init_others(void);
void lapic_startap(uint8_t apicid, physaddr_t pa);

#endif
