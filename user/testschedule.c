// Tests that environments keep what is theirs wherever the timer stops them:
// pairs of children compute, fork, fault, copy on write, map pages, and send
// one another and their parent pages whose every word is checked. Takes as the
// second argument how many rounds. The order of events goes into a number that
// tells whether two runs were interrupted at the same places.

#include <inc/digest.h>
#include <inc/lib.h>

#define WORKERS  6
#define STEPS    6
#define LAZY     ((uint32_t *)0x20000000) // pages that come when they are used
#define LAZIES   8
#define ALIAS    ((uint32_t *)0x30000000) // one of them, once more
#define OUT      ((uint32_t *)0x30400000) // what is sent
#define IN       ((uint32_t *)0x30800000) // what has come
#define WORDS    (PGSIZE / sizeof(uint32_t))
#define REPLACED 20  // pages in a round
#define QUICKLY  300 // pages, of which none is waited for
#define EVENTS   4000U

// Shared by all. What happened when: each event takes the next place.
static volatile struct {
	uint32_t events;
	uint32_t grandchild[WORKERS];
	// Of the pages that are replaced: which one is mapped for certain, and
	// which one has been seen.
	uint32_t mapped, seen;
	bool replaced; // the last one
	uint32_t log[EVENTS];
} *const shared = (void *)0x10000000;

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

static envid_t parent, worker[WORKERS];
static uint32_t me; // which worker

// Each worker's own, from a common start: word k is initial(k), or own(k) where
// `changed` says so.
static uint32_t memory[2 * WORDS];
static bool changed[2 * WORDS];

// What has come from whom: from the partner, from the parent.
static struct Inbox {
	bool full;
	uint32_t value;
} inbox[2];

static void
event(uint32_t what)
{
	uint32_t n = 1;

	__asm__ volatile("lock xaddl %0, %1"
	                 : "+r"(n), "+m"(shared->events)
	                 :
	                 : "memory");
	shared->log[n % EVENTS] = what << 8 | me;
}

static uint32_t
mix(uint32_t a, uint32_t b)
{
	return digest_word(digest_word(0x811c9dc5, a), b);
}

// --------------------------------------------------------------
// Registers
// --------------------------------------------------------------

// Returns:  what comes of `seed` in `n` steps, which need all registers and the
//           carry flag from one step to the next.
static uint32_t
churn(uint32_t seed, uint32_t n)
{
	uint32_t a = seed, b = ~seed, c = n, d = 1, si = seed * 3,
		 di = seed ^ n;

	__asm__ volatile("1:\n\t"
	                 "addl %%ebx, %%eax\n\t"
	                 "roll $5, %%eax\n\t"
	                 "adcl %%eax, %%edx\n\t"
	                 "xorl %%esi, %%ebx\n\t"
	                 "addl %%edi, %%esi\n\t"
	                 "adcl %%ecx, %%edi\n\t"
	                 "decl %%ecx\n\t"
	                 "jnz 1b"
	                 : "+a"(a), "+b"(b), "+c"(c), "+d"(d), "+S"(si),
	                   "+D"(di)
	                 :
	                 : "cc");
	return a ^ b ^ d ^ si ^ di;
}

static void
compute(void)
{
	uint32_t seed = test_random(), n = test_random() % 2000 + 1;
	uint32_t first = churn(seed, n), second = churn(seed, n);

	if (first != second)
		fail("the same computation gives %08x, then %08x", first,
		     second);
}

// --------------------------------------------------------------
// Memory
// --------------------------------------------------------------

static uint32_t
expected(uint32_t k)
{
	return mix(k, changed[k] ? me : WORKERS);
}

static void
check_memory(const char *who)
{
	uint32_t k = test_random() % ARRAY_SIZE(memory);

	for (int i = 0; i < 32; i++, k = (k + 61) % ARRAY_SIZE(memory))
		if (memory[k] != expected(k))
			fail("%s: word %u is %08x instead of %08x", who, k,
			     memory[k], expected(k));
}

static void
change_memory(void)
{
	uint32_t k = test_random() % ARRAY_SIZE(memory);

	changed[k] = true;
	memory[k] = mix(k, me);
	check_memory("memory of its own");
}

// Word k of the pages that come by themselves.
static uint32_t
lazy_word(uint32_t k)
{
	return mix(k, me + 100);
}

static void
handler(struct UTrapframe *utf)
{
	uint32_t *page = (void *)ROUNDDOWN(utf->utf_fault_va, PGSIZE);

	if (page < LAZY || page >= LAZY + LAZIES * WORDS ||
	    utf->utf_err & FEC_PR) {
		cow_pgfault(utf);
		return;
	}
	event('f');
	must_be(sys_page_alloc(0, page, rw), 0, "a page for a fault");
	for (uint32_t k = 0; k < WORDS; k++)
		page[k] = lazy_word(page - LAZY + k);
}

static uint32_t
touch_lazy(void)
{
	uint32_t k = test_random() % (LAZIES * WORDS);

	if (LAZY[k] != lazy_word(k))
		fail("word %u of a page that came by a fault is %08x instead "
		     "of %08x",
		     k, LAZY[k], lazy_word(k));
	return k;
}

// One page at two places: what is written at one is at the other. Afterwards it
// is at neither.
static void
map_alias(void)
{
	uint32_t k = touch_lazy();
	volatile uint32_t *page = LAZY + ROUNDDOWN(k, WORDS);

	// It may be copy-on-write: a write makes it our own.
	page[0] = page[0];
	must_be(sys_page_map(0, (void *)page, 0, ALIAS, rw), 0,
	        "a page of its own");
	ALIAS[k % WORDS] = ~LAZY[k];
	if (LAZY[k] != ~lazy_word(k))
		fail("what is written to a page at %p is not there at %p",
		     ALIAS, (void *)page);
	must_be(sys_page_unmap(0, ALIAS), 0, "a page of its own");
	must_be(sys_page_unmap(0, (void *)page), 0, "a page of its own");
}

// A child of the worker's gets the same memory, and what it does with it makes
// no difference here.
static void
make_grandchild(void)
{
	uint32_t token = test_random();
	envid_t child;

	shared->grandchild[me] = 0;
	child = fork();
	if (child < 0)
		fail("fork: %e", child);
	set_pgfault_handler(handler);
	if (child == 0) {
		check_memory("memory of a parent's, in its child");
		touch_lazy();
		memset(memory, 0, sizeof(memory));
		event('g');
		shared->grandchild[me] = token;
		exit();
	}
	check_memory("memory of its own, with a child");
	wait(child);
	if (shared->grandchild[me] != token)
		fail("a child has not come to its end");
	check_memory("memory of its own, after a child");
}

// --------------------------------------------------------------
// Messages
// --------------------------------------------------------------

// Send `value` and a page that belongs to it.
static void
send(envid_t to, uint32_t value)
{
	must_be(sys_page_alloc(0, OUT, rw), 0, "a page to send");
	for (uint32_t k = 0; k < WORDS; k++)
		OUT[k] = mix(value, k);
	ipc_send(to, value, OUT, ro);
	event('s');
}

static void
check_page(uint32_t value)
{
	for (uint32_t k = 0; k < WORDS; k++)
		if (IN[k] != mix(value, k))
			fail("message %08x came with a page whose word %u is "
			     "%08x instead of %08x",
			     value, k, IN[k], mix(value, k));
}

// Receive the message `value` from `from`. What comes from the other of the two
// in between is kept.
static void
expect_message(envid_t from, uint32_t value)
{
	struct Inbox *box = &inbox[from == parent];

	while (!box->full) {
		envid_t sender;
		int perm;
		uint32_t seen = ipc_recv(&sender, IN, &perm);
		struct Inbox *other = &inbox[sender == parent];

		event('r');
		if (sender != parent && sender != worker[me ^ 1])
			fail("a message came from %08x", sender);
		if (perm != ro || other->full)
			fail("message %08x from %08x: permissions %x, after "
			     "one that was not answered: %d",
			     seen, sender, perm, other->full);
		check_page(seen);
		other->full = true;
		other->value = seen;
	}
	box->full = false;
	if (box->value != value)
		fail("from %08x came %08x instead of %08x", from, box->value,
		     value);
}

static void
talk(uint32_t step)
{
	const uint32_t value = step << 8 | me;
	const envid_t partner = worker[me ^ 1];

	if (me % 2 == 0)
		send(partner, value);
	expect_message(partner, step << 8 | (me ^ 1));
	if (me % 2)
		send(partner, value);
	if (test_random() % 2) {
		send(parent, value);
		expect_message(parent, ~value);
	}
}

static void __attribute__((noreturn)) work(void)
{
	static void (*const doings[])(void) = { compute,   change_memory,
		                                map_alias, make_grandchild,
		                                compute,   change_memory };

	set_pgfault_handler(handler);
	// The partner of the first one did not exist yet: the parent tells.
	worker[me ^ 1] = ipc_recv(NULL, NULL, NULL);
	for (uint32_t step = 0; step < STEPS; step++) {
		uint32_t what = test_random() % ARRAY_SIZE(doings);

		event(what);
		doings[what]();
		touch_lazy();
		talk(step);
	}
	send(parent, -1);
	exit();
}

// Answer all workers until each has said that it is done.
static void
serve(void)
{
	for (uint32_t done = 0; done < WORKERS;) {
		envid_t from;
		uint32_t value = ipc_recv(&from, IN, NULL);

		check_page(value);
		if (value == (uint32_t)-1)
			done++;
		else if (from != worker[value & 0xff])
			fail("message %08x came from %08x", value, from);
		else
			send(from, ~value);
	}
}

// Wait for page `n`. Once the parent has mapped it, an older one must not be
// seen.
static void
watch_page(uint32_t n)
{
	uint32_t mapped, word;

	do {
		mapped = shared->mapped;
		word = *(volatile uint32_t *)IN;
		if (word < mapped)
			fail("a running child sees page %u, after page %u was "
			     "mapped in its place",
			     word, mapped);
		cpu_pause();
		if (test_random() % 1000 == 0)
			sys_yield();
	} while (word != n);
}

// Who reads a page on another CPU while it is replaced finds one or the other.
static void
replace_quickly(envid_t child)
{
	if (child == 0) {
		while (!shared->replaced) {
			(void)*(volatile uint32_t *)IN;
			cpu_pause();
		}
		return;
	}
	for (int i = 0; i < QUICKLY; i++)
		must_be(sys_page_map(0, OUT, child, IN, ro), 0, "a page");
	shared->replaced = true;
}

// A child that runs sees at once, on whatever CPU, that its parent has replaced
// one of its pages.
static void
replace_pages(void)
{
	envid_t child;

	shared->mapped = shared->seen = 0;
	shared->replaced = false;
	must_be(sys_page_alloc(0, IN, rw), 0, "a page");
	child = fork();
	if (child < 0)
		fail("fork: %e", child);
	for (uint32_t n = 1; n <= REPLACED; n++) {
		if (child == 0) {
			watch_page(n);
			shared->seen = n;
			continue;
		}
		must_be(sys_page_alloc(0, OUT, rw), 0, "a page");
		OUT[0] = n;
		must_be(sys_page_map(0, OUT, child, IN, ro), 0, "a page");
		shared->mapped = n;
		wait_for(shared->seen == n,
		         "page %u that a running child is given in place of "
		         "another is not what it sees",
		         n);
	}
	replace_quickly(child);
	if (child == 0)
		exit();
	wait(child);
}

static void
run_round(void)
{
	replace_pages();
	for (uint32_t i = 0; i < WORKERS; i++) {
		uint32_t turn = test_random() % 100;

		worker[i] = fork();
		if (worker[i] < 0)
			fail("fork: %e", worker[i]);
		if (worker[i] == 0) {
			me = i;
			while (turn-- > 0)
				test_random();
			work();
		}
	}
	// First the one that does not begin.
	for (int i = 0; i < WORKERS; i++)
		ipc_send(worker[i ^ 1], worker[i], NULL, 0);
	serve();
	for (int i = 0; i < WORKERS; i++)
		wait(worker[i]);
	must_be(sys_page_unmap(0, IN), 0, "a page");
	must_be(sys_page_unmap(0, OUT), 0, "a page");
}

void
umain(int argc, char **argv)
{
	uint32_t rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 3;
	uint32_t order = 0x811c9dc5, used = 0;

	test_start(argc, argv);
	parent = sys_getenvid();
	me = WORKERS;
	for (size_t va = 0; va < sizeof(*shared); va += PGSIZE)
		must_be(sys_page_alloc(0, (char *)shared + va, rw | PTE_SHARE),
		        0, "a page");
	for (uint32_t k = 0; k < ARRAY_SIZE(memory); k++)
		memory[k] = mix(k, WORKERS);
	for (uint32_t round = 0; round <= rounds; round++) {
		run_round();
		if (round == 0)
			used = test_pages_used();
		if (test_pages_used() != used || test_envs_used() != 1)
			fail("after round %u, %u pages and %u environments are "
			     "in use, instead of %u and 1",
			     round, test_pages_used(), test_envs_used(), used);
	}
	for (uint32_t i = 0; i < MIN(shared->events, EVENTS); i++)
		order = digest_word(order, shared->log[i]);
	cprintf("%s: %u events, their order is %08x\n", binaryname,
	        shared->events, order);
	report("events", shared->events);
	report("order", order);
	pass();
}
