// System-call numbers: SYS_cputs and so on.
#ifndef JOS_INC_SYSCALL_H
#define JOS_INC_SYSCALL_H

enum {
#define SYSCALL(name, number) SYS_##name = number,
#include <inc/syscall.def>
#undef SYSCALL
	NSYSCALLS
};

#endif
