// Tests what sys_ipc_try_send and sys_ipc_send, which blocks, do and refuse:
// the word, the page, who is woken, and the order of blocked senders.

#include <inc/lib.h>

#define PAGE     ((char *)0x10000000) // what is sent
#define READONLY ((char *)0x10001000)
#define ABSENT   ((char *)0x10002000) // there is a page table, but no page
#define NOWHERE  ((char *)0x10800000) // there is no page table
#define TARGET   ((char *)0x20000000) // where the receiver wants a page
#define FRESH    ((char *)0x30000000) // the same, without a page table
#define MEMORY   ((char *)0x40000000) // all the rest of it, for a while
#define NO_PAGE  ((char *)UTOP)
#define SENDERS  6

// What the parent orders, and what the receiver reports of each message. The
// receiver writes the upper part only while the parent does not read it.
static volatile struct {
	uint32_t ordered; // messages that the receiver is to wait for
	uintptr_t dstva;  // where it wants the page

	uint32_t taken; // messages that it has returned with
	int result;
	envid_t from;
	uint32_t value;
	int perm;
	pte_t pte;     // of the page at dstva, or 0
	uint32_t word; // the first there

	// What each sender got, once it has `sent`.
	bool sent[SENDERS];
	int sender_result[SENDERS];
} *const shared = (void *)0x0f000000;

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

static envid_t receiver;

static pte_t
entry(const void *va)
{
	return uvpd[PDX(va)] & PTE_P ? uvpt[PGNUM(va)] : 0;
}

static uint32_t
references(pte_t pte)
{
	return pages[PGNUM(pte)].pp_ref;
}

// The receiver.
static void
receive(void)
{
	while (1) {
		wait_for(shared->taken != shared->ordered,
		         "the receiver has nothing to do");
		shared->result = sys_ipc_recv((void *)shared->dstva);
		shared->from = thisenv->env_ipc_from;
		shared->value = thisenv->env_ipc_value;
		shared->perm = thisenv->env_ipc_perm;
		shared->pte = shared->dstva < UTOP
		                      ? entry((void *)shared->dstva)
		                      : 0;
		shared->word = shared->pte & PTE_P ? *(uint32_t *)shared->dstva
		                                   : 0;
		shared->taken++;
	}
}

static bool
waits(envid_t id)
{
	return envs[ENVX(id)].env_status == ENV_NOT_RUNNABLE;
}

// Let the receiver wait for a message, and for a page at `dstva`.
static void
order(const void *dstva)
{
	shared->dstva = (uintptr_t)dstva;
	shared->ordered++;
}

static void
order_and_wait(const void *dstva)
{
	order(dstva);
	wait_for(envs[ENVX(receiver)].env_ipc_recving && waits(receiver),
	         "sys_ipc_recv(%08x) does not wait, it gives %d",
	         (uint32_t)(uintptr_t)dstva, shared->result);
}

// The receiver has got `value` from `from`, with a page of permissions `perm`
// or none (0).
static void
check_taken(const char *what, envid_t from, uint32_t value, int perm)
{
	wait_for(shared->taken == shared->ordered,
	         "%s: the receiver does not go on; its env_ipc_recving is %d, "
	         "its status %d",
	         what, envs[ENVX(receiver)].env_ipc_recving,
	         envs[ENVX(receiver)].env_status);
	if (shared->result != 0)
		fail("%s: sys_ipc_recv gives %d instead of 0", what,
		     shared->result);
	if (shared->from != from || shared->value != value ||
	    shared->perm != perm)
		fail("%s: env_ipc_from, value, perm are %08x, %08x, %x instead "
		     "of %08x, %08x, %x",
		     what, shared->from, shared->value, shared->perm, from,
		     value, perm);
}

static void
check_no_page(const char *what)
{
	if (shared->pte)
		fail("%s: nothing may be mapped for the receiver, but there is "
		     "%08x",
		     what, shared->pte);
}

// The page of `pte` is at the receiver's, with permissions `perm`.
static void
check_page(const char *what, pte_t pte, int perm)
{
	const int mask = PTE_SYSCALL;

	if (PTE_ADDR(shared->pte) != PTE_ADDR(pte))
		fail("%s: the receiver has page %08x instead of %08x", what,
		     PTE_ADDR(shared->pte), PTE_ADDR(pte));
	if ((shared->pte & mask) != (pte_t)perm)
		fail("%s: it is mapped with %x instead of %x", what,
		     shared->pte & mask, perm);
	if (PTE_ADDR(uvpt[PGNUM(PAGE)]) != PTE_ADDR(pte) ||
	    (uvpt[PGNUM(PAGE)] & mask) != (pte & mask))
		fail("%s: the sender's own mapping is changed", what);
}

// A refused call has no effect: the receiver is still blocked.
static void
check_unchanged(const char *rule)
{
	const volatile struct Env *e = &envs[ENVX(receiver)];

	if (!e->env_ipc_recving || !waits(receiver))
		fail("%s, but the receiver no longer waits", rule);
	if (e->env_ipc_from != shared->from ||
	    e->env_ipc_value != shared->value ||
	    e->env_ipc_perm != shared->perm)
		fail("%s, but env_ipc_from, value, perm have become %08x, "
		     "%08x, %x",
		     rule, e->env_ipc_from, e->env_ipc_value, e->env_ipc_perm);
	if (references(uvpt[PGNUM(PAGE)]) != 1)
		fail("%s, but the page has %u references", rule,
		     references(uvpt[PGNUM(PAGE)]));
}

static void
check_refusal(const char *rule, const char *call, int seen, envid_t to,
              const char *srcva, int perm, int wanted)
{
	if (seen != wanted)
		fail("%s: %s(%08x, 0, %08x, %x) gives %d instead of %d", rule,
		     call, to, (uint32_t)(uintptr_t)srcva, perm, seen, wanted);
	check_unchanged(rule);
}

// Both calls refuse this.
static void
refused(const char *rule, envid_t to, char *srcva, int perm, int wanted)
{
	int r = sys_ipc_try_send(to, 0, srcva, perm);

	check_refusal(rule, "sys_ipc_try_send", r, to, srcva, perm, wanted);
	r = sys_ipc_send(to, 0, srcva, perm);
	check_refusal(rule, "sys_ipc_send", r, to, srcva, perm, wanted);
}

static void
check_ids(envid_t dead)
{
	const envid_t bad[] = { dead, -1, 1, receiver + NENV * 4 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		refused("no message to one that does not exist", bad[i],
		        NO_PAGE, 0, -E_BAD_ENV);
		refused("no page to one that does not exist", bad[i], PAGE, ro,
		        -E_BAD_ENV);
	}
}

// To `to`, whether it is blocked in receiving or not.
static void
check_arguments(envid_t to)
{
	const char *unaligned = "an address below UTOP must be page-aligned";
	const char *lacks = "PTE_U and PTE_P are needed";

	refused(unaligned, to, PAGE + 1, ro, -E_INVAL);
	refused(unaligned, to, PAGE + PGSIZE - 1, ro, -E_INVAL);
	refused(unaligned, to, PAGE + 1 + test_random() % (PGSIZE - 1), rw,
	        -E_INVAL);
	refused(unaligned, to, NO_PAGE - 1, ro, -E_INVAL);
	refused(lacks, to, PAGE, 0, -E_INVAL);
	refused(lacks, to, PAGE, PTE_P, -E_INVAL);
	refused(lacks, to, PAGE, PTE_U, -E_INVAL);
	refused(lacks, to, PAGE, PTE_P | PTE_W, -E_INVAL);
	refused(lacks, to, PAGE, PTE_U | PTE_W | PTE_AVAIL, -E_INVAL);
	for (int bit = 3; bit < 32; bit++)
		if (!(PTE_SYSCALL & (1U << bit)))
			refused("no bit outside PTE_SYSCALL", to, PAGE,
			        rw | 1U << bit, -E_INVAL);
	refused("a page must be there to be sent", to, ABSENT, ro, -E_INVAL);
	refused("a page must be there to be sent", to, NOWHERE, ro, -E_INVAL);
	refused("what the sender may not write it cannot send writable", to,
	        READONLY, rw, -E_INVAL);
}

static void
check_not_receiving(envid_t idle)
{
	const char *self = "nobody can send to itself";

	must_be(sys_ipc_try_send(idle, 0, NO_PAGE, 0), -E_IPC_NOT_RECV,
	        "one that does not wait gets no word");
	must_be(sys_ipc_try_send(idle, 0, PAGE, ro), -E_IPC_NOT_RECV,
	        "one that does not wait gets no page");
	refused(self, 0, NO_PAGE, 0, -E_IPC_NOT_RECV);
	refused(self, sys_getenvid(), NO_PAGE, 0, -E_IPC_NOT_RECV);
	refused(self, sys_getenvid(), PAGE, ro, -E_IPC_NOT_RECV);
}

// With no memory for the page table that the page would need.
static void
check_memory(void)
{
	const char *rule = "a page that no page table can be had for";
	const pte_t pte = uvpt[PGNUM(PAGE)];
	int n = 1;

	order_and_wait(FRESH);
	// The first page last: there is a page table for it. A page table may
	// have been what was missing, so that one page is left.
	while (sys_page_alloc(0, MEMORY + n * PGSIZE, rw) == 0)
		n++;
	sys_page_alloc(0, MEMORY, rw);
	refused(rule, receiver, PAGE, ro, -E_NO_MEM);
	while (n > 0)
		sys_page_unmap(0, MEMORY + --n * PGSIZE);
	must_be(sys_ipc_try_send(receiver, 5, PAGE, ro), 0,
	        "a page, with memory free again");
	check_taken("a page, with memory free again", sys_getenvid(), 5, ro);
	check_page("a page, with memory free again", pte, ro);
	must_be(sys_page_unmap(receiver, FRESH), 0, "a child's page");
}

// A word; whatever `perm` is when there is no page.
static void
send_word(const char *what, const void *dstva, uintptr_t srcva, int perm)
{
	const uint32_t value = test_random();

	order_and_wait(dstva);
	must_be(sys_ipc_try_send(receiver, value, (void *)srcva, perm), 0,
	        what);
	check_taken(what, sys_getenvid(), value, 0);
}

static void
check_words(void)
{
	const char *what = "a word alone";
	pte_t pte;

	send_word(what, NO_PAGE, UTOP, 0);
	send_word(what, (void *)KERNBASE, -1, -1);
	send_word(what, (void *)-1, UTOP + (test_random() & (PGSIZE - 1)),
	          test_random());
	what = "no page, though one is wanted";
	send_word(what, TARGET, UTOP, ro);
	check_no_page(what);
	// What is there stays there.
	must_be(sys_page_alloc(receiver, TARGET, rw), 0, "a child's page");
	must_be(sys_page_map(receiver, TARGET, 0, ABSENT, ro), 0, "and ours");
	pte = uvpt[PGNUM(ABSENT)];
	send_word(what, TARGET, -PGSIZE, rw);
	if (PTE_ADDR(shared->pte) != PTE_ADDR(pte))
		fail("%s: the page there is another", what);
	must_be(sys_page_unmap(0, ABSENT), 0, "and no longer");
}

static void
send_page(const char *what, const void *dstva, char *srcva, int perm, int got)
{
	const uint32_t value = test_random();
	int r;

	order_and_wait(dstva);
	r = sys_ipc_try_send(receiver, value, srcva, perm);
	if (r != 0)
		fail("%s, sent with permissions %x: sys_ipc_try_send gives %d "
		     "instead of 0",
		     what, perm, r);
	check_taken(what, sys_getenvid(), value, got);
}

// With TARGET mapped at the receiver's already.
static void
check_pages(void)
{
	static const int perms[] = { PTE_P | PTE_U, PTE_P | PTE_U | PTE_W,
		                     PTE_P | PTE_U | PTE_SHARE, PTE_SYSCALL,
		                     PTE_P | PTE_U | PTE_AVAIL };
	const pte_t pte = uvpt[PGNUM(PAGE)];
	const char *what = "a page";
	pte_t old;

	must_be(sys_page_map(receiver, TARGET, 0, ABSENT, ro), 0, "ours too");
	old = uvpt[PGNUM(ABSENT)];
	for (size_t i = 0; i < ARRAY_SIZE(perms); i++) {
		uint32_t word = test_random();

		*(uint32_t *)PAGE = word;
		send_page(what, TARGET, PAGE, perms[i], perms[i]);
		check_page(what, pte, perms[i]);
		if (shared->word != word)
			fail("%s: the receiver reads %08x there instead of "
			     "%08x",
			     what, shared->word, word);
		if (references(pte) != 2)
			fail("%s, sent %u times to the same place: it has %u "
			     "references instead of 2",
			     what, (uint32_t)i + 1, references(pte));
		if (references(old) != 1)
			fail("%s that replaces another: that one has %u "
			     "references instead of 1",
			     what, references(old));
	}
	must_be(sys_page_unmap(0, ABSENT), 0, "no longer");
	must_be(sys_page_unmap(receiver, TARGET), 0, "a child's page");
	what = "a page, though none is wanted";
	send_page(what, NO_PAGE, PAGE, ro, 0);
	send_page(what, NO_PAGE + 1, PAGE, rw, 0);
	if (references(pte) != 1)
		fail("%s: it has %u references instead of 1", what,
		     references(pte));
	what = "a page that may not be written";
	send_page(what, TARGET, READONLY, ro, ro);
	what = "the first and the last page that a program can have";
	send_page(what, NULL, PAGE, ro, ro);
	must_be(sys_page_unmap(receiver, NULL), 0, what);
	send_page(what, NO_PAGE - 2 * PGSIZE, PAGE, ro, ro);
	must_be(sys_page_unmap(receiver, NO_PAGE - 2 * PGSIZE), 0, what);
}

// --------------------------------------------------------------
// Blocked senders
// --------------------------------------------------------------

static envid_t sender[SENDERS];

// Sender `i` sends `i` to `to`, with or without a page.
static void
start_sender(int i, envid_t to, bool page)
{
	shared->sent[i] = false;
	sender[i] = fork();
	if (sender[i] < 0)
		fail("fork: %e", sender[i]);
	if (sender[i] > 0)
		return;
	shared->sender_result[i] = sys_ipc_send(to, i, page ? PAGE : NO_PAGE,
	                                        ro);
	shared->sent[i] = true;
	exit();
}

// All senders, one after the other.
static void
start_senders(envid_t to, bool page)
{
	for (int i = 0; i < SENDERS; i++) {
		start_sender(i, to, page);
		wait_for(waits(sender[i]),
		         "sys_ipc_send does not wait, it gives %d",
		         shared->sender_result[i]);
	}
}

static void
check_sender(int i, const char *what, int wanted)
{
	wait_for(shared->sent[i], "%s: sender %d still waits", what, i);
	if (shared->sender_result[i] != wanted)
		fail("%s: sys_ipc_send gives %d to sender %d instead of %d",
		     what, shared->sender_result[i], i, wanted);
	wait(sender[i]);
}

static void
check_order(void)
{
	for (int page = 0; page < 2; page++) {
		const char *what = page ? "pages of those that wait to send"
		                        : "words of those that wait to send";

		start_senders(receiver, page);
		for (int i = 0; i < SENDERS; i++) {
			order(TARGET);
			check_taken(what, sender[i], i, page ? ro : 0);
			check_sender(i, what, 0);
		}
	}
	must_be(sys_page_unmap(receiver, TARGET), 0, "a child's page");
}

// Things happen to senders 0 to 4 while blocked; the last gets through.
static void
check_changes(void)
{
	const char *what = "what happens to those that wait to send";

	start_senders(receiver, true);
	must_be(sys_env_destroy(sender[0]), 0, "one that ends");
	must_be(sys_env_set_status(sender[1], ENV_RUNNABLE), 0, "one woken");
	check_sender(1, "one that its parent makes run", -E_UNSPECIFIED);
	must_be(sys_env_destroy(sender[3]), 0, "one that ends");
	must_be(sys_page_unmap(sender[4], PAGE), 0, "one without its page");
	must_be(sys_env_set_status(sender[5], ENV_NOT_RUNNABLE), 0, "stopped");
	for (int i = 0; i < 20; i++)
		sys_yield();
	if (shared->sent[2] || shared->sent[4] || shared->sent[5])
		fail("%s: one goes on though nobody receives", what);
	order(TARGET);
	check_taken(what, sender[2], 2, ro);
	check_sender(2, what, 0);
	order(TARGET);
	check_taken(what, sender[5], 5, ro);
	check_sender(4, "one whose page is gone", -E_INVAL);
	check_sender(5, what, 0);
	must_be(sys_page_unmap(receiver, TARGET), 0, "a child's page");
	if (references(uvpt[PGNUM(PAGE)]) != 1)
		fail("%s: the page has %u references in the end", what,
		     references(uvpt[PGNUM(PAGE)]));
}

// A child that is no child's of the receiver's, and the other way round.
static void
check_siblings(void)
{
	const char *what = "a message to neither a child nor a parent";
	const char *up = "a message to the parent";

	order_and_wait(NO_PAGE);
	start_sender(1, receiver, false);
	check_taken(what, sender[1], 1, 0);
	check_sender(1, what, 0);
	start_sender(2, sys_getenvid(), false);
	must_be(sys_ipc_recv(NO_PAGE), 0, up);
	if (thisenv->env_ipc_from != sender[2] || thisenv->env_ipc_value != 2)
		fail("%s: %u came from %08x instead of 2 from %08x", up,
		     thisenv->env_ipc_value, thisenv->env_ipc_from, sender[2]);
	check_sender(2, up, 0);
}

// The receiver ends while it is blocked, or others are blocked sending to it.
static void
check_end(void)
{
	const char *what = "the receiver ends";

	start_senders(receiver, false);
	must_be(sys_env_destroy(receiver), 0, what);
	for (int i = 0; i < SENDERS; i++)
		check_sender(i, what, -E_BAD_ENV);
	must_be(sys_ipc_try_send(receiver, 0, NO_PAGE, 0), -E_BAD_ENV, what);
}

void
umain(int argc, char **argv)
{
	envid_t dead, idle;

	test_start(argc, argv);
	must_be(sys_page_alloc(0, (void *)shared, rw | PTE_SHARE), 0, "a page");
	receiver = fork();
	if (receiver < 0)
		fail("fork: %e", receiver);
	if (receiver == 0)
		receive();
	must_be(sys_page_alloc(0, PAGE, rw), 0, "a page");
	must_be(sys_page_alloc(0, READONLY, ro), 0, "a page");
	dead = sys_exofork();
	must_be(sys_env_destroy(dead), 0, "a parent may end a child");
	idle = sys_exofork();

	check_words();
	order_and_wait(TARGET);
	check_ids(dead);
	check_arguments(receiver);
	check_arguments(idle);
	check_not_receiving(idle);
	must_be(sys_ipc_send(receiver, 7, NO_PAGE, 0), 0, "a word");
	check_taken("a word by sys_ipc_send", sys_getenvid(), 7, 0);
	check_pages();
	check_memory();
	check_siblings();
	check_order();
	check_changes();
	check_end();
	must_be(sys_env_destroy(idle), 0, "a parent may end a child");
	pass();
}
