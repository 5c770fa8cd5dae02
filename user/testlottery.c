// Tests the lottery scheduler (boot argument sched=lottery): on one CPU,
// environments get time slices in proportion to their tickets.

#include <inc/lib.h>

#define CHILDREN 4
#define TURNS    20000 // of all children together

static const uint32_t tickets[CHILDREN] = { 10, 20, 30, 40 };

static uint32_t
turns(envid_t id)
{
	return envs[ENVX(id)].env_runs;
}

// Each child's share of time slices, in percent, must be that of its tickets.
static void
check_shares(const envid_t *ids)
{
	uint32_t start[CHILDREN], had[CHILDREN], total = 0, others = 0;

	for (int i = 0; i < CHILDREN; i++)
		start[i] = turns(ids[i]);
	while (total < TURNS) {
		sys_yield();
		total = 0;
		for (int i = 0; i < CHILDREN; i++) {
			had[i] = turns(ids[i]) - start[i];
			total += had[i];
			others |= envs[ENVX(ids[i])].env_cpunum;
		}
	}
	for (int i = 0; i < CHILDREN; i++) {
		uint32_t share = had[i] * 100 / total;

		cprintf("%s: %u tickets, %u%% of the turns\n", binaryname,
		        tickets[i], share);
		// On several CPUs even the unlucky run.
		if (others)
			continue;
		if (share + 3 < tickets[i] || share > tickets[i] + 3)
			fail("a child with %u of 100 tickets has %u of %u "
			     "turns",
			     tickets[i], had[i], total);
	}
}

void
umain(int argc, char **argv)
{
	const char *range = "1 to 1000 tickets";
	envid_t ids[CHILDREN];

	test_start(argc, argv);
	if (sys_env_set_tickets(0, 10) == -E_NOT_SUPP)
		fail("no lots are drawn without the boot argument "
		     "sched=lottery");
	must_be(sys_env_set_tickets(0, 0), -E_INVAL, range);
	must_be(sys_env_set_tickets(0, 1001), -E_INVAL, range);
	must_be(sys_env_set_tickets(-1, 1), -E_BAD_ENV, "one that exists");
	for (int i = 0; i < CHILDREN; i++) {
		ids[i] = fork();
		if (ids[i] < 0)
			fail("fork: %e", ids[i]);
		while (ids[i] == 0)
			sys_yield();
		must_be(sys_env_set_tickets(ids[i], tickets[i]), 0, range);
	}
	check_shares(ids);
	for (int i = 0; i < CHILDREN; i++)
		must_be(sys_env_destroy(ids[i]), 0, "a child");
	pass();
}
