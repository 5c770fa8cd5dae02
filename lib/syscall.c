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

void
sys_cputs(const char *string, size_t len)
{
	syscall(SYS_cputs, (uint32_t)(uintptr_t)string, len, 0, 0, 0);
}

int
sys_cgetc(void)
{
	return syscall(SYS_cgetc, 0, 0, 0, 0, 0);
}

envid_t
sys_getenvid(void)
{
	return syscall(SYS_getenvid, 0, 0, 0, 0, 0);
}

int
sys_env_destroy(envid_t envid)
{
	return syscall(SYS_env_destroy, envid, 0, 0, 0, 0);
}

// Any system call with any arguments, for tests.
int32_t
sys_raw(uint32_t num, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t a4,
        uint32_t a5)
{
	return syscall(num, a1, a2, a3, a4, a5);
}
