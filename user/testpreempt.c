// Tests that timer interrupts preempt programs that never yield, round-robin,
// and leave all their registers as they were. Takes as the second argument for
// how many time slices each program runs.

#include <inc/lib.h>
#include <inc/x86.h>

#define CHILDREN 4

// How far one counts, and how often one looks, until it gives up waiting for
// the others: seconds.
#define COUNT_PATIENCE 500000000
#define LOOK_PATIENCE  100000000

static volatile struct Shared {
	// Where a child that holds its registers continues (see spin).
	void *next;
	bool stop;
	struct Child {
		uint32_t count;
		bool done;
		uint32_t padding[14];
	} child[CHILDREN];
} *const shared = (void *)0x10000000;

static const int rw = PTE_P | PTE_U | PTE_W;

static envid_t ids[CHILDREN];

// Registers and flags, in the order that pushfl and pushal leave them.
struct State {
	struct PushRegs regs;
	uint32_t eflags;
};

// Load the registers from *state, stay in one instruction, which changes none,
// until another environment makes shared->next point elsewhere (spin_end), and
// store the registers in *state.
void spin(struct State *state);
extern char spin_here[], spin_end[];
__asm__(".text\n"
        "spin:\n\t"
        "pushal\n\t"
        "movl 36(%esp), %eax\n\t"
        "movl %eax, spin_state\n\t"
        "movl %esp, spin_esp\n\t"
        "movl %eax, %esp\n\t"
        "popal\n\t"
        "popfl\n\t"
        "movl spin_esp, %esp\n"
        "spin_here:\n\t"
        "jmp *0x10000000\n" // shared->next
        "spin_end:\n\t"
        "movl %esp, spin_esp_seen\n\t"
        "movl spin_state, %esp\n\t"
        "leal 36(%esp), %esp\n\t"
        "pushfl\n\t"
        "pushal\n\t"
        "movl spin_esp, %esp\n\t"
        "cld\n\t"
        "popal\n\t"
        "ret");
static struct State *spin_state __attribute__((used));
static uintptr_t spin_esp __attribute__((used));
static uintptr_t spin_esp_seen __attribute__((used));

static void
compare(const char *name, uint32_t seen, uint32_t wanted)
{
	if (seen != wanted)
		fail("an interrupt changes %s of the program that it "
		     "interrupts from %08x to %08x",
		     name, wanted, seen);
}

// A child that has known registers while it is interrupted.
static void __attribute__((noreturn)) hold(int i)
{
	const uint32_t flags = FL_CF | FL_PF | FL_AF | FL_ZF | FL_SF | FL_DF |
	                       FL_OF;
	struct State before, after;

	// Not the same as the others.
	for (int n = 0; n <= i; n++)
		before = (struct State){
			.regs = { .reg_edi = test_random(),
			          .reg_esi = test_random(),
			          .reg_ebp = test_random(),
			          .reg_ebx = test_random(),
			          .reg_edx = test_random(),
			          .reg_ecx = test_random(),
			          .reg_eax = test_random() },
			.eflags = test_random() & flags,
		};
	// One of them has only this flag.
	if (i == 0)
		before.eflags = FL_DF;
	after = before;
	spin(&after);
	compare("edi", after.regs.reg_edi, before.regs.reg_edi);
	compare("esi", after.regs.reg_esi, before.regs.reg_esi);
	compare("ebp", after.regs.reg_ebp, before.regs.reg_ebp);
	compare("ebx", after.regs.reg_ebx, before.regs.reg_ebx);
	compare("edx", after.regs.reg_edx, before.regs.reg_edx);
	compare("ecx", after.regs.reg_ecx, before.regs.reg_ecx);
	compare("eax", after.regs.reg_eax, before.regs.reg_eax);
	compare("esp", spin_esp_seen, spin_esp);
	compare("the flags", after.eflags & ~2, before.eflags | FL_IF);
	shared->child[i].done = true;
	exit();
}

// A child that counts, and does nothing else.
static void __attribute__((noreturn)) count(int i)
{
	volatile struct Child *c = &shared->child[i];

	while (!shared->stop) {
		if (++c->count < COUNT_PATIENCE)
			continue;
		shared->stop = true;
		fail("a child has run for seconds, and nobody else gets the "
		     "CPU again: its env_runs is %u",
		     thisenv->env_runs);
	}
	c->done = true;
	exit();
}

static void
start(void (*run)(int))
{
	for (int i = 0; i < CHILDREN; i++) {
		shared->child[i].count = 0;
		shared->child[i].done = false;
		ids[i] = fork();
		if (ids[i] < 0)
			fail("fork: %e", ids[i]);
		if (ids[i] == 0)
			run(i);
	}
}

// Time slices and counts of each child at one time.
struct Sample {
	uint32_t runs[CHILDREN], count[CHILDREN];
};

// An atomic snapshot on one CPU: retry if we were preempted while taking it.
static struct Sample
sample(void)
{
	struct Sample s;
	uint32_t before;

	do {
		before = thisenv->env_runs;
		for (int i = 0; i < CHILDREN; i++) {
			s.runs[i] = envs[ENVX(ids[i])].env_runs;
			s.count[i] = shared->child[i].count;
		}
	} while (thisenv->env_runs != before);
	return s;
}

// Look on, without giving the CPU away, until each child has had `turns` turns
// more than in *start. Returns how that is.
static struct Sample
watch(const struct Sample *start, uint32_t turns)
{
	uint32_t n = 0;

	for (int i = 0; i < CHILDREN; i++) {
		const volatile struct Env *e = &envs[ENVX(ids[i])];

		while (e->env_runs - start->runs[i] < turns) {
			if (++n == LOOK_PATIENCE)
				fail("a program that never gives the CPU away "
				     "keeps it: in some seconds child %d has "
				     "had %u turns",
				     i, e->env_runs - start->runs[i]);
			// A child has failed.
			if (shared->stop)
				exit();
		}
	}
	return sample();
}

static void
finish(const char *what)
{
	for (int i = 0; i < CHILDREN; i++) {
		wait(ids[i]);
		if (!shared->child[i].done)
			fail("child %d, which %s, has not come to its end", i,
			     what);
	}
}

// Returns:  whether all that ran until now did so on the boot CPU.
static bool
one_cpu(void)
{
	for (int i = 0; i < CHILDREN; i++)
		if (envs[ENVX(ids[i])].env_cpunum != 0)
			return false;
	return thisenv->env_cpunum == 0;
}

// What each has counted since *start, and how many turns each had, must be
// about the same on one CPU.
static void
check_fair(const struct Sample *start, uint32_t turns)
{
	uint32_t least, most, least_runs, most_runs;

	// A turn that the machine itself was interrupted in is short: after a
	// longer time that is the same for all.
	for (uint32_t more = 0;; more++) {
		struct Sample now = watch(start, turns + more);

		least = least_runs = -1;
		most = most_runs = 0;
		for (int i = 0; i < CHILDREN; i++) {
			uint32_t runs = now.runs[i] - start->runs[i];
			uint32_t count = now.count[i] - start->count[i];

			least = MIN(least, count);
			most = MAX(most, count);
			least_runs = MIN(least_runs, runs);
			most_runs = MAX(most_runs, runs);
		}
		if (one_cpu() && most_runs > least_runs + 1)
			fail("one child has had %u turns, another %u",
			     most_runs, least_runs);
		if (least > 0 && (most / 2 <= least || !one_cpu()))
			break;
		if (more == 200)
			fail("in %u turns one child has counted to %u, another "
			     "to %u",
			     least_runs, most, least);
	}
	report("turns", least_runs);
	report("percent", most / (least / 100 + 1));
}

void
umain(int argc, char **argv)
{
	uint32_t turns = argc > 2 ? strtol(argv[2], NULL, 10) : 4;
	struct Sample at;

	test_start(argc, argv);
	must_be(sys_page_alloc(0, (void *)shared, rw | PTE_SHARE), 0, "a page");
	start(count);
	// All have begun, and keep running.
	at = (struct Sample){ .runs = { 0 } };
	at = watch(&at, turns);
	check_fair(&at, turns);
	shared->stop = true;
	finish("counts");

	shared->stop = false;
	shared->next = spin_here;
	start(hold);
	at = (struct Sample){ .runs = { 0 } };
	watch(&at, turns);
	shared->next = spin_end;
	finish("holds its registers");
	pass();
}
