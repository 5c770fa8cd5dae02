// The PC's pair of interrupt controllers for devices.
//
// Source: Intel 8259A data sheet, "Initialization Command Words", "Operation
// Command Words".

#include <inc/trap.h>
#include <inc/x86.h>

#include <kern/pic.h>

#define MASTER 0x20
#define SLAVE  0xa0
#define DATA   1 // the second port of each

#define ICW1_INIT  0x11 // edge triggered, two controllers, ICW4 follows
#define ICW3_INPUT 2    // of the master, to which the slave is connected
#define ICW4_8086  0x01
#define OCW2_EOI   0x20 // of the interrupt in service

// Make the controllers raise vectors IRQ_OFFSET to IRQ_OFFSET + 15. (A BIOS
// puts them where the processor's exceptions are.) All stay masked; before this
// call, the firmware decides whether any arrive.
void
pic_init(void)
{
	outb(MASTER, ICW1_INIT);
	outb(SLAVE, ICW1_INIT);
	outb(MASTER + DATA, IRQ_OFFSET);
	outb(SLAVE + DATA, IRQ_OFFSET + 8);
	outb(MASTER + DATA, 1 << ICW3_INPUT);
	outb(SLAVE + DATA, ICW3_INPUT);
	outb(MASTER + DATA, ICW4_8086);
	outb(SLAVE + DATA, ICW4_8086);
	irq_setmask_8259A(0xffff);
}

// Unmask the interrupts whose bits in `mask` are 0, and mask the others.
void
irq_setmask_8259A(uint16_t mask)
{
	outb(MASTER + DATA, mask & 0xff);
	outb(SLAVE + DATA, mask >> 8);
}

// Acknowledge an interrupt of the first controller, if one is in service.
void
irq_eoi_8259A(void)
{
	outb(MASTER, OCW2_EOI);
}
