// System calls in the kernel.
#ifndef JOS_KERN_SYSCALL_H
#define JOS_KERN_SYSCALL_H

#include <inc/syscall.h>
#include <inc/trap.h>
#include <inc/types.h>

#include <kern/env.h>

// A function for each call.

// Returns:  the caller's environment id.
static inline envid_t
sys_getenvid(void)
{
	return curenv->env_id;
}

// kern/sysbasic.c
void sys_cputs(const char *s, size_t len);
int sys_cgetc(void);
int sys_env_destroy(envid_t envid);
int sys_env_set_trapframe(envid_t envid, uintptr_t va);

// kern/sysenv.c
envid_t sys_exofork(void);
int sys_env_set_status(envid_t envid, uint32_t status);
int sys_env_set_pgfault_upcall(envid_t envid, uintptr_t func);

// kern/lottery.c
int sys_env_set_tickets(envid_t envid, uint32_t tickets);

// kern/sysmem.c
int sys_page_alloc(envid_t envid, uintptr_t va, int perm);
int sys_page_map(envid_t srcenvid, uintptr_t srcva, envid_t dstenvid,
                 uintptr_t dstva, int perm);
int sys_page_unmap(envid_t envid, uintptr_t va);

// kern/ipc.c
int sys_ipc_try_send(envid_t envid, uint32_t value, uintptr_t srcva, int perm);
int sys_ipc_recv(uintptr_t dstva);

// kern/ipcqueue.c
int sys_ipc_send(envid_t envid, uint32_t value, uintptr_t srcva, int perm);

// kern/sysbasic.c
void syscall_multitasking(struct PushRegs *regs);

// kern/syscall.c
int32_t syscall(uint32_t syscallno, uint32_t a1, uint32_t a2, uint32_t a3,
                uint32_t a4, uint32_t a5);

#endif
