// Reading the firmware's tables, before mem_init.
#ifndef JOS_KERN_FIRMWARE_H
#define JOS_KERN_FIRMWARE_H

#include <inc/types.h>

// kern/firmware.c
const void *firmware_at(physaddr_t pa);
bool firmware_sums_up(physaddr_t pa, size_t len);
physaddr_t firmware_find(physaddr_t start, physaddr_t stop,
                         const char *signature);
physaddr_t firmware_ebda(void);
void firmware_done(void);

#endif
