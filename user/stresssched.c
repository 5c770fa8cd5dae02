// Tests the scheduler with more environments than CPUs, which yield often: what
// one of them counts, alone, must never be off.

#include <inc/lib.h>
#include <inc/x86.h>

#define CHILDREN 20
#define TURNS    10
#define ROUNDS   10000

static volatile uint32_t count;

void
umain(int argc, char **argv)
{
	const envid_t parent = sys_getenvid();
	int i = 0;

	test_start(argc, argv);
	while (i < CHILDREN && fork() != 0)
		i++;
	if (i == CHILDREN) {
		sys_yield();
		return;
	}
	// All start at once, when the parent has ended.
	while (envs[ENVX(parent)].env_id == parent &&
	       envs[ENVX(parent)].env_status != ENV_FREE)
		cpu_pause();
	for (int turn = 0; turn < TURNS; turn++) {
		sys_yield();
		for (int n = 0; n < ROUNDS; n++)
			count++;
	}
	if (count != TURNS * ROUNDS)
		panic("ran on two CPUs at once (count is %u)", count);
	cprintf("[%08x] stresssched on CPU %d\n", thisenv->env_id,
	        thisenv->env_cpunum);
	report("stresssched", thisenv->env_id);
}
