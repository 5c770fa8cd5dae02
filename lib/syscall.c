// The system calls as C functions.

#include <inc/lib.h>

// The kernel takes the number from eax, the arguments from edx, ecx, ebx, edi
// and esi, and leaves the result in eax. It may read or write any of our
// memory.
static inline int32_t
syscall(uint32_t num, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t a4,
        uint32_t a5)
{
	int32_t result;

	__asm__ volatile("int %1"
	                 : "=a"(result)
	                 : "i"(T_SYSCALL), "a"(num), "d"(a1), "c"(a2), "b"(a3),
	                   "D"(a4), "S"(a5)
	                 : "cc", "memory");
	return result;
}

// The same with two arguments or fewer, which is less to do: the kernel does
// not look at the other registers.
static inline int32_t
syscall2(uint32_t num, uint32_t a1, uint32_t a2)
{
	int32_t result;

	__asm__ volatile("int %1"
	                 : "=a"(result)
	                 : "i"(T_SYSCALL), "a"(num), "d"(a1), "c"(a2)
	                 : "cc", "memory");
	return result;
}

void
sys_cputs(const char *string, size_t len)
{
	syscall2(SYS_cputs, (uint32_t)(uintptr_t)string, len);
}

int
sys_cgetc(void)
{
	return syscall2(SYS_cgetc, 0, 0);
}

envid_t
sys_getenvid(void)
{
	return syscall2(SYS_getenvid, 0, 0);
}

int
sys_env_destroy(envid_t envid)
{
	return syscall2(SYS_env_destroy, envid, 0);
}

int
sys_page_alloc(envid_t env, void *va, int perm)
{
	return syscall(SYS_page_alloc, env, (uint32_t)(uintptr_t)va, perm, 0,
	               0);
}

int
sys_page_map(envid_t src_env, void *src_va, envid_t dst_env, void *dst_va,
             int perm)
{
	return syscall(SYS_page_map, src_env, (uint32_t)(uintptr_t)src_va,
	               dst_env, (uint32_t)(uintptr_t)dst_va, perm);
}

int
sys_page_unmap(envid_t env, void *va)
{
	return syscall2(SYS_page_unmap, env, (uint32_t)(uintptr_t)va);
}

int
sys_env_set_status(envid_t env, enum EnvStatus status)
{
	return syscall2(SYS_env_set_status, env, status);
}

int
sys_env_set_trapframe(envid_t env, const struct Trapframe *tf)
{
	return syscall2(SYS_env_set_trapframe, env, (uint32_t)(uintptr_t)tf);
}

int
sys_env_set_pgfault_upcall(envid_t env, void (*upcall)(void))
{
	return syscall2(SYS_env_set_pgfault_upcall, env,
	                (uint32_t)(uintptr_t)upcall);
}

void
sys_yield(void)
{
	syscall2(SYS_yield, 0, 0);
}

int
sys_ipc_try_send(envid_t to_env, uint32_t value, void *pg, int perm)
{
	return syscall(SYS_ipc_try_send, to_env, value, (uint32_t)(uintptr_t)pg,
	               perm, 0);
}

int
sys_ipc_send(envid_t to_env, uint32_t value, void *pg, int perm)
{
	return syscall(SYS_ipc_send, to_env, value, (uint32_t)(uintptr_t)pg,
	               perm, 0);
}

int
sys_ipc_recv(void *dst_va)
{
	return syscall2(SYS_ipc_recv, (uint32_t)(uintptr_t)dst_va, 0);
}

int
sys_env_set_tickets(envid_t env, uint32_t tickets)
{
	return syscall2(SYS_env_set_tickets, env, tickets);
}

// Any system call with any arguments, for tests.
int32_t
sys_raw(uint32_t num, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t a4,
        uint32_t a5)
{
	return syscall(num, a1, a2, a3, a4, a5);
}
