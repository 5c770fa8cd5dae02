// The interrupt controllers of the PC.
#ifndef JOS_KERN_PIC_H
#define JOS_KERN_PIC_H

#include <inc/types.h>

void pic_init(void);
void irq_setmask_8259A(uint16_t mask);
void irq_eoi_8259A(void);

#endif
