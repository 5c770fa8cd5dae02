// Tests that whatever programs ask of the kernel harms neither it nor others:
// children make system calls with arguments that are mostly wrong, as many each
// as the second argument says, on all CPUs at once. Beside them runs a
// bystander whose memory and registers must stay intact. Afterwards no page and
// no environment is missing. How many children is the third argument.

#include <inc/lib.h>
#include <inc/x86.h>

#define MOST     8                        // abusers
#define AREA     ((char *)0x10000000)     // pages that nothing depends on
#define CODE     ((char *)0x20000000)     // what the abusers' children run
#define STEADY   ((uint32_t *)0x30000000) // the bystander's memory
#define STEADYS  16                       // its pages
#define WORDS    (PGSIZE / sizeof(uint32_t))
#define PATIENCE 200000 // looks without a call, until they count as stuck
#define SNIPPET  16     // bytes of each loop in the page CODE

// An abuser gets a child for every so many calls, and so many in all: what
// begins and ends is printed, and that takes longer than all the rest.
#define CALLS_A_CHILD 500
#define MOST_CHILDREN 100

static volatile struct {
	bool stop; // for the bystander
	uint32_t looks;
	struct {
		uint32_t calls;
		bool done;
	} abuser[MOST];
} *const shared = (void *)0x0f000000;

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

static envid_t parent, bystander, abuser[MOST];
static envid_t children[8]; // an abuser's latest, dead or alive
static uint32_t nchildren;

// The system calls that an abuser's child makes again and again, all with the
// same arguments, yielding between. The first stands for none: it
// spins for a while.
static const uint8_t loops[] = { 0,
	                         SYS_yield,
	                         SYS_page_alloc,
	                         SYS_page_map,
	                         SYS_page_unmap,
	                         SYS_env_set_status,
	                         SYS_env_set_trapframe,
	                         SYS_env_set_pgfault_upcall,
	                         SYS_ipc_try_send,
	                         SYS_ipc_recv,
	                         SYS_ipc_send,
	                         200 };

// --------------------------------------------------------------
// The bystander
// --------------------------------------------------------------

static uint32_t
steady(uint32_t k, uint32_t round)
{
	return (k + 1) * 2654435761U ^ round;
}

// Page `n` must be as it was left in round n - STEADYS; leave it otherwise.
static void
check_steady(uint32_t n)
{
	const uint32_t page = n % STEADYS;
	const pte_t pte = uvpt[PGNUM(STEADY + page * WORDS)];

	if ((pte & 0xf9f) != (pte_t)rw)
		fail("a bystander's page has the entry %08x", pte);
	for (uint32_t k = page * WORDS; k < (page + 1) * WORDS; k++) {
		if (STEADY[k] != steady(k, n - STEADYS))
			fail("word %u of a bystander's memory is %08x instead "
			     "of %08x",
			     k, STEADY[k], steady(k, n - STEADYS));
		STEADY[k] = steady(k, n);
	}
}

static void __attribute__((noreturn)) stand_by(void)
{
	const volatile struct Env *e = thisenv;

	for (uint32_t k = 0; k < STEADYS * WORDS; k++) {
		if (k % WORDS == 0)
			must_be(sys_page_alloc(0, STEADY + k, rw), 0, "a page");
		STEADY[k] = steady(k, k / WORDS);
	}
	for (uint32_t n = STEADYS; !shared->stop; n++) {
		check_steady(n);
		if (e->env_parent_id != parent || e->env_ipc_recving ||
		    e->env_pgfault_upcall !=
		            envs[ENVX(parent)].env_pgfault_upcall ||
		    sys_getenvid() != e->env_id)
			fail("a bystander's environment has changed");
		shared->looks++;
		sys_yield();
	}
	exit();
}

// --------------------------------------------------------------
// Arguments
// --------------------------------------------------------------

static uint32_t
below(uint32_t n)
{
	return test_random() % n;
}

// An address: where something may be mapped without harm to ourselves, or where
// nothing can.
static uint32_t
address(void)
{
	static const uint32_t edges[] = {
		0,         1,        PGSIZE - 1, PGSIZE,     PFTEMP,
		USTACKTOP, UTOP - 1, UTOP,       UTOP + 1,   UPAGES,
		UVPT,      ULIM - 1, ULIM,       KERNBASE,   0xf0100000,
		-PGSIZE,   -1,       0x7fffffff, 0x80000000, 0x80000001,
	};
	uint32_t area = (uint32_t)(uintptr_t)AREA + below(8) * PGSIZE +
	                below(3) * PTSIZE;

	switch (below(8)) {
	case 0:
		return edges[below(ARRAY_SIZE(edges))];
	case 1:
		return area + below(PGSIZE);
	default:
		return area;
	}
}

static envid_t
id(void)
{
	switch (below(16)) {
	case 0:
		return 0;
	case 1:
		return thisenv->env_id;
	case 2:
		return parent;
	case 3:
		return bystander;
	case 4:
		return abuser[below(MOST)];
	case 5:
		return envs[below(NENV)].env_id;
	case 6:
		return children[below(ARRAY_SIZE(children))] + NENV * 4;
	case 7:
		return test_random();
	default:
		return children[below(ARRAY_SIZE(children))];
	}
}

static bool
is_me(envid_t envid)
{
	return envid == 0 || envid == thisenv->env_id;
}

static int
permissions(void)
{
	switch (below(8)) {
	case 0:
		return test_random();
	case 1:
		return test_random() & PTE_SYSCALL;
	case 2:
		return ro;
	default:
		return rw;
	}
}

// Registers for a child, most of which let it run one of the loops. It cannot
// print, end anybody, or stop for the monitor: its memory has no such code.
static struct Trapframe
frame(void)
{
	struct Trapframe tf = {
		.tf_regs = { .reg_edi = address(),
		             .reg_esi = permissions(),
		             .reg_ebp = test_random(),
		             .reg_ebx = address(),
		             .reg_edx = id(),
		             .reg_ecx = address(),
		             .reg_eax = SYS_page_alloc + below(12) },
		.tf_eip = (uintptr_t)CODE + below(ARRAY_SIZE(loops)) * SNIPPET,
		.tf_esp = address(),
		.tf_cs = test_random(),
		.tf_ss = test_random(),
		.tf_ds = test_random(),
		.tf_es = test_random(),
		.tf_eflags = test_random(),
	};

	if (below(16) == 0)
		tf.tf_eip = address();
	return tf;
}

// Set our own registers to those in *tf, but continue here.
void set_own(struct Trapframe *tf);
__asm__(".text\n"
        "set_own:\n\t"
        "movl 4(%esp), %ecx\n\t"
        "pushal\n\t"
        "movl $1f, 48(%ecx)\n\t"  // tf_eip
        "movl %esp, 60(%ecx)\n\t" // tf_esp
        "xorl %edx, %edx\n\t"
        "movl $9, %eax\n\t" // SYS_env_set_trapframe
        "int $0x30\n"
        "1:\n\t"
        "cld\n\t"
        "popal\n\t"
        "ret");

// --------------------------------------------------------------
// An abuser
// --------------------------------------------------------------

// Make a child that runs a loop. It has no memory of ours that matters.
static void
make_child(void)
{
	struct Trapframe tf = frame();
	envid_t child = sys_exofork();

	if (child < 0)
		return;
	children[nchildren++ % ARRAY_SIZE(children)] = child;
	sys_page_map(0, CODE, child, CODE, ro);
	if (below(4) == 0)
		sys_page_alloc(child, (void *)(UXSTACKTOP - PGSIZE), rw);
	tf.tf_eip = (uintptr_t)CODE + SNIPPET;
	must_be(sys_env_set_trapframe(child, &tf), 0,
	        "a parent may set a child's registers");
}

static void
set_trapframe(void)
{
	struct Trapframe tf = frame();
	envid_t envid = id();

	if (is_me(envid))
		set_own(&tf);
	else
		sys_env_set_trapframe(envid, &tf);
}

static void
destroy(void)
{
	envid_t envid = id();

	// Of our children, only some.
	if (!is_me(envid) &&
	    (envs[ENVX(envid)].env_parent_id != thisenv->env_id ||
	     below(16) == 0))
		sys_env_destroy(envid);
}

static void
set_status(void)
{
	envid_t envid = id();
	uint32_t status = below(8) ? ENV_RUNNABLE + below(4) : test_random();

	// One that stops itself waits for its parent's help.
	if (!is_me(envid) || below(16) == 0)
		sys_env_set_status(envid, status);
}

// Any other number, with any arguments.
static void
unknown(void)
{
	uint32_t num = test_random();

	if (num % 4)
		num %= 256;
	if (num > SYS_ipc_send)
		sys_raw(num, test_random(), address(), test_random(), address(),
		        permissions());
	else
		sys_cputs((char *)address(), 0);
}

static void
wait_call(void)
{
	if (below(2))
		sys_ipc_recv((void *)address());
	else
		sys_ipc_send(id(), test_random(), (void *)address(),
		             permissions());
}

static void
call(void)
{
	switch (below(32)) {
	case 0 ... 3:
		sys_page_alloc(id(), (void *)address(), permissions());
		break;
	case 4 ... 10:
		sys_page_map(id(),
		             (void *)(below(16) ? address() : (uintptr_t)CODE),
		             id(), (void *)address(), permissions());
		break;
	case 11 ... 14:
		sys_page_unmap(id(), (void *)address());
		break;
	case 15 ... 17:
		set_status();
		break;
	case 18 ... 20:
		set_trapframe();
		break;
	case 21 ... 22:
		sys_env_set_pgfault_upcall(id(), (void (*)(void))address());
		break;
	case 23 ... 25:
		sys_ipc_try_send(id(), test_random(), (void *)address(),
		                 permissions());
		break;
	case 26:
		if (below(16) == 0)
			wait_call();
		break;
	case 27:
		destroy();
		break;
	case 28:
		if (below(8) == 0)
			sys_yield();
		break;
	default:
		unknown();
	}
}

// Have all memory for ourselves: afterwards nothing faults, whatever the upcall
// is then.
static void
own_memory(void)
{
	for (uint32_t pn = PGNUM(PTSIZE); pn < PGNUM(USTACKTOP); pn++) {
		volatile char *va = (char *)(pn * PGSIZE);

		if (!(uvpd[PDX(va)] & PTE_P))
			pn |= NPTENTRIES - 1;
		else if ((uvpt[pn] & (PTE_P | PTE_COW)) == (PTE_P | PTE_COW))
			*va = *va;
	}
}

// End in one of the ways that there are.
static void __attribute__((noreturn)) end(void)
{
	static void (*const in_kernel)(void) = (void (*)(void))0xf0100000;

	switch (below(6)) {
	case 0:
		sys_cputs((char *)KERNBASE, 1);
		break;
	case 1:
		sys_env_set_trapframe(0, (void *)(ULIM - 4));
		break;
	case 2:
		sys_env_set_pgfault_upcall(0, NULL);
		in_kernel();
		break;
	case 3:
		__asm__ volatile("int $32");
		break;
	case 4:
		sys_env_set_pgfault_upcall(0, in_kernel);
		*(volatile char *)KERNBASE = 0;
		break;
	}
	exit();
}

static void __attribute__((noreturn)) abuse(int i, uint32_t calls)
{
	const envid_t me = sys_getenvid();

	own_memory();
	for (uint32_t n = 0; n < calls; n++) {
		call();
		if (n % CALLS_A_CHILD == 0 && nchildren < MOST_CHILDREN)
			make_child();
		shared->abuser[i].calls = n + 1;
	}
	if (thisenv->env_id != me || sys_getenvid() != me)
		fail("an environment's id has changed to %08x", sys_getenvid());
	for (int n = 0; n < NENV; n++)
		if (envs[n].env_parent_id == me &&
		    envs[n].env_status != ENV_FREE)
			sys_env_destroy(envs[n].env_id);
	shared->abuser[i].done = true;
	end();
}

// --------------------------------------------------------------
// The parent of all
// --------------------------------------------------------------

static void
make_code(void)
{
	must_be(sys_page_alloc(0, CODE, rw), 0, "a page");
	for (size_t i = 0; i < ARRAY_SIZE(loops); i++) {
		// movl $number, %eax; int $0x30, the same with SYS_yield, and
		// jmp to the start.
		const uint8_t loop[SNIPPET] = {
			0xb8,      loops[i], 0, 0, 0,    0xcd, 0x30, 0xb8,
			SYS_yield, 0,        0, 0, 0xcd, 0x30, 0xeb, 0xf0
		};
		// movl $0x8000, %ecx; loop to itself; SYS_yield, and jmp.
		const uint8_t spin[SNIPPET] = { 0xb9,      0x00, 0x80, 0,
			                        0,         0xe2, 0xfe, 0xb8,
			                        SYS_yield, 0,    0,    0,
			                        0xcd,      0x30, 0xeb, 0xf0 };

		memcpy(CODE + i * SNIPPET, i ? loop : spin, SNIPPET);
	}
	must_be(sys_page_map(0, CODE, 0, CODE, ro), 0, "a page");
}

static bool
gone(envid_t envid)
{
	const volatile struct Env *e = &envs[ENVX(envid)];

	return e->env_id != envid || e->env_status == ENV_FREE;
}

// Wake abusers that are not runnable, until all are done. Returns the calls
// made.
static uint32_t
supervise(int n)
{
	uint32_t calls = 0, before = 0, left = n;

	for (uint32_t looks = 0; left > 0; looks++) {
		calls = left = 0;
		for (int i = 0; i < n; i++) {
			bool ended = gone(abuser[i]);

			calls += shared->abuser[i].calls;
			left += !ended;
			if (ended && !shared->abuser[i].done)
				fail("an environment was ended after %u calls, "
				     "which none of them called for",
				     shared->abuser[i].calls);
			if (envs[ENVX(abuser[i])].env_status ==
			    ENV_NOT_RUNNABLE)
				sys_env_set_status(abuser[i], ENV_RUNNABLE);
		}
		if (gone(bystander))
			fail("a bystander was ended");
		if (calls != before)
			looks = 0;
		if (looks == PATIENCE)
			fail("environments hang: after %u calls there are no "
			     "more",
			     calls);
		before = calls;
		sys_yield();
	}
	return calls;
}

void
umain(int argc, char **argv)
{
	uint32_t calls = argc > 2 ? strtol(argv[2], NULL, 10) : 4000;
	int n = argc > 3 ? strtol(argv[3], NULL, 10) : 4;
	uint32_t used;

	test_start(argc, argv);
	parent = sys_getenvid();
	if (n < 1 || n > MOST)
		fail("there can be 1 to %d children", MOST);
	must_be(sys_page_alloc(0, (void *)shared, rw | PTE_SHARE), 0, "a page");
	make_code();
	// What fork and copying on write need once is there, then.
	if (fork() == 0)
		exit();
	own_memory();
	wait_for(test_envs_used() == 1, "a child has not ended");
	used = test_pages_used();

	bystander = fork();
	if (bystander == 0)
		stand_by();
	for (int i = 0; i < n; i++) {
		uint32_t skip = test_random() % 1000;

		abuser[i] = fork();
		if (abuser[i] < 0)
			fail("fork: %e", abuser[i]);
		if (abuser[i] == 0) {
			while (skip-- > 0)
				test_random();
			abuse(i, calls);
		}
	}
	own_memory();
	calls = supervise(n);
	shared->stop = true;
	wait(bystander);
	wait_for(test_envs_used() == 1, "%u environments are left instead of 1",
	         test_envs_used());
	if (test_pages_used() != used)
		fail("%u pages are in use in the end, instead of %u",
		     test_pages_used(), used);
	report("calls", calls);
	pass();
}
