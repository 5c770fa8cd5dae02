// Tests that all CPUs run programs at the same time: start as many copies as
// there are CPUs. None of them yields before it has seen all others running,
// each on a CPU of its own.

#include <inc/lib.h>
#include <inc/x86.h>

#define MAX_CPUS 8 // the most that the kernel uses (NCPU, kern/cpu.h)

// All of us. They were made before any runs, and none ends before the first has
// seen all.
static const volatile struct Env *copies[MAX_CPUS];
static uint32_t ncopies;

static void
find_copies(void)
{
	for (uint32_t i = 0; i < NENV && ncopies < MAX_CPUS; i++)
		if (envs[i].env_status != ENV_FREE)
			copies[ncopies++] = &envs[i];
}

// Has the environment seen all of us? Then it has yielded, and was run again;
// or it has ended.
static bool
has_seen(const volatile struct Env *e)
{
	return e->env_status == ENV_FREE || e->env_runs > 1;
}

// Do all of us run, each on another CPU?
static bool
all_run(void)
{
	bool taken[MAX_CPUS] = { false };

	for (uint32_t i = 0; i < ncopies; i++) {
		uint32_t cpu = copies[i]->env_cpunum;

		if (copies[i]->env_status != ENV_RUNNING || cpu >= MAX_CPUS ||
		    taken[cpu])
			return false;
		taken[cpu] = true;
	}
	return true;
}

// Has one of us seen all?
static bool
somebody_has_seen(void)
{
	for (uint32_t i = 0; i < ncopies; i++)
		if (has_seen(copies[i]))
			return true;
	return false;
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	find_copies();
	while (!all_run() && !somebody_has_seen())
		cpu_pause();
	sys_yield();
	if (thisenv != copies[0]) {
		// The first may be the last to look around.
		while (copies[0]->env_status != ENV_FREE)
			sys_yield();
		return;
	}
	for (uint32_t i = 1; i < ncopies; i++)
		while (!has_seen(copies[i]))
			cpu_pause();
	report("cpus", ncopies);
	pass();
}
