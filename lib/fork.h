// What fork and sfork share.
#ifndef JOS_LIB_FORK_H
#define JOS_LIB_FORK_H

#include <inc/types.h>

// lib/fork.c
int duppage(envid_t envid, uint32_t pn);

// lib/pfentry.S
void _pgfault_upcall(void);

#endif
