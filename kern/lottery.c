// Lottery scheduling, with the boot argument sched=lottery: each time slice
// goes to a random ticket, so CPU time is proportional to tickets held. The
// kernel lock guards everything here.
//
// Source:   C. A. Waldspurger, W. E. Weihl, "Lottery Scheduling: Flexible
//           Proportional-Share Resource Management", OSDI 1994.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/string.h>

#include <kern/bootargs.h>
#include <kern/env.h>
#include <kern/lottery.h>
#include <kern/runq.h>
#include <kern/syscall.h>

#define TICKETS_MAX 1000

// The tickets of the environment `id`, in the order of envs[]. The default is
// one.
static struct {
	envid_t id;
	uint32_t tickets;
} holders[NENV];

static uint32_t random_state;

static uint32_t
tickets_of(const struct Env *e)
{
	uint32_t i = e - envs;

	return holders[i].id == e->env_id ? holders[i].tickets : 1;
}

// Source:   G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8.
static uint32_t
draw(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % n;
}

// Returns:  the holder of a random ticket in the run queue, or NULL when it is
//           empty.
static struct Env *
lottery_choose(void)
{
	struct Env *e;
	uint32_t total = 0, ticket;

	for (e = runq.first; e; e = e->env_next)
		total += tickets_of(e);
	if (total == 0)
		return NULL;
	ticket = draw(total);
	for (e = runq.first; ticket >= tickets_of(e); e = e->env_next)
		ticket -= tickets_of(e);
	return e;
}

// Enable the lottery, if the boot arguments ask for it.
void
lottery_init(void)
{
	const struct Bootparams *bp = &bootparams;

	if (!bp->sched)
		return;
	if (strcmp(bp->sched, "lottery") != 0)
		panic("there is no scheduler \"%s\": the boot argument sched= "
		      "may be lottery",
		      bp->sched);
	random_state = bp->keyed && bp->key ? bp->key : 1;
	runq_choose = lottery_choose;
}

// Set the tickets of environment `envid`, the caller or a child of it.
//
// Returns:  0; or, when nothing has changed,
//           -E_BAD_ENV when there is no such environment, or the caller may
//           not change it; -E_INVAL when `tickets` is 0 or more than
//           TICKETS_MAX; -E_NOT_SUPP under another scheduler.
int
sys_env_set_tickets(envid_t envid, uint32_t tickets)
{
	struct Env *e;
	int r = envid2env(envid, &e, true);

	if (r < 0)
		return r;
	if (tickets == 0 || tickets > TICKETS_MAX)
		return -E_INVAL;
	if (runq_choose != lottery_choose)
		return -E_NOT_SUPP;
	holders[e - envs].id = e->env_id;
	holders[e - envs].tickets = tickets;
	return 0;
}
