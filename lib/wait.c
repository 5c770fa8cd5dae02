// Waiting for another environment to end.

#include <inc/lib.h>

// Return when environment `envid` no longer exists.
void
wait(envid_t envid)
{
	const volatile struct Env *e = &envs[ENVX(envid)];

	while (e->env_id == envid && e->env_status != ENV_FREE) {
		cpu_pause();
		sys_yield();
	}
}
