// For tests/test_console.c: stands in for inc/x86.h and inc/lib.h, and puts
// physical memory where the test sees it. Included before everything else in
// the drivers under test.
#ifndef JOS_TESTS_FAKES_H
#define JOS_TESTS_FAKES_H

#define JOS_INC_X86_H
#define JOS_INC_LIB_H

// The structures of the 32-bit system have other sizes here.
#define _Static_assert(condition, text)

#include <inc/memlayout.h>
#include <inc/stdio.h>

#undef KERNBASE
#define KERNBASE ((uintptr_t)fake_memory)
extern char fake_memory[];

uint8_t inb(uint16_t port);
void outb(uint16_t port, uint8_t data);
void outw(uint16_t port, uint16_t data);
void cpu_pause(void);

void sys_cputs(const char *s, size_t len);
int sys_cgetc(void);

#endif
