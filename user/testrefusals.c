// Tests what the system calls of several environments refuse, and that nothing
// has changed then: ids, addresses, permissions, states.

#include <inc/lib.h>

#define PAGE     ((char *)0x10000000)
#define OTHER    ((char *)0x10400000)
#define READONLY ((char *)0x10800000)

static const int rw = PTE_P | PTE_U | PTE_W, ro = PTE_P | PTE_U;

#define expect(call, wanted) expect_result(#call, (call), (wanted))

static void
expect_result(const char *what, int seen, int wanted)
{
	if (seen != wanted)
		fail("%s is %d instead of %d", what, seen, wanted);
}

// Nothing may have come to be at OTHER, or have gone from PAGE.
static void
expect_unchanged(void)
{
	if ((uvpd[PDX(OTHER)] & PTE_P) && (uvpt[PGNUM(OTHER)] & PTE_P))
		fail("a call that was refused mapped a page");
	if (PAGE[0] != 'x' || pages[PGNUM(uvpt[PGNUM(PAGE)])].pp_ref != 1)
		fail("a call that was refused changed a page");
}

// Addresses and permissions that are wrong for every call.
static void
check_pages(void)
{
	static char *const bad[] = { PAGE + 1,       PAGE + PGSIZE - 1,
		                     (char *)UTOP,   (char *)ULIM,
		                     (char *)UVPT,   (char *)KERNBASE,
		                     (char *)-PGSIZE };
	static const int perms[] = { 0, PTE_P, PTE_U, PTE_U | PTE_W,
		                     PTE_P | PTE_W };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		expect(sys_page_alloc(0, bad[i], rw), -E_INVAL);
		expect(sys_page_map(0, PAGE, 0, bad[i], rw), -E_INVAL);
		expect(sys_page_map(0, bad[i], 0, OTHER, ro), -E_INVAL);
		expect(sys_page_unmap(0, bad[i]), -E_INVAL);
	}
	for (size_t i = 0; i < ARRAY_SIZE(perms); i++) {
		expect(sys_page_alloc(0, OTHER, perms[i]), -E_INVAL);
		expect(sys_page_map(0, PAGE, 0, OTHER, perms[i]), -E_INVAL);
	}
	for (int bit = 3; bit < 31; bit++) {
		if (PTE_SYSCALL & (1 << bit))
			continue;
		expect(sys_page_alloc(0, OTHER, rw | 1 << bit), -E_INVAL);
		expect(sys_page_map(0, PAGE, 0, OTHER, rw | 1 << bit),
		       -E_INVAL);
	}
	expect(sys_page_map(0, OTHER, 0, PAGE, ro), -E_INVAL);
	expect(sys_page_map(0, READONLY, 0, OTHER, rw), -E_INVAL);
	expect(sys_page_map(0, READONLY, 0, READONLY, rw), -E_INVAL);
	expect(sys_page_unmap(0, OTHER), 0);
	expect_unchanged();
}

// Environments that are not there, or not ours to command: `foreign` is our
// parent.
static void
check_ids(envid_t foreign, envid_t dead)
{
	const envid_t bad[] = { foreign, dead,     -1,
		                1,       NENV * 4, sys_getenvid() + NENV * 4 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		expect(sys_page_alloc(bad[i], OTHER, rw), -E_BAD_ENV);
		expect(sys_page_map(bad[i], PAGE, 0, OTHER, ro), -E_BAD_ENV);
		expect(sys_page_map(0, PAGE, bad[i], OTHER, ro), -E_BAD_ENV);
		expect(sys_page_unmap(bad[i], PAGE), -E_BAD_ENV);
		expect(sys_env_set_status(bad[i], ENV_RUNNABLE), -E_BAD_ENV);
		expect(sys_env_set_pgfault_upcall(bad[i], NULL), -E_BAD_ENV);
		expect(sys_env_destroy(bad[i]), -E_BAD_ENV);
		if (bad[i] == foreign)
			continue;
		expect(sys_ipc_try_send(bad[i], 0, NULL, 0), -E_BAD_ENV);
		expect(sys_ipc_send(bad[i], 0, NULL, 0), -E_BAD_ENV);
	}
	expect_unchanged();
}

static void
check_states(envid_t child)
{
	for (uint32_t status = 0; status < 10; status++)
		if (status != ENV_RUNNABLE && status != ENV_NOT_RUNNABLE)
			expect(sys_env_set_status(child, status), -E_INVAL);
	expect(sys_env_set_status(child, -1), -E_INVAL);
	if (envs[ENVX(child)].env_status != ENV_NOT_RUNNABLE)
		fail("a new child has status %d", envs[ENVX(child)].env_status);
}

// Messages: `child` does not wait for one, our parent does.
static void
check_messages(envid_t parent, envid_t child)
{
	expect(sys_ipc_recv(PAGE + 1), -E_INVAL);
	expect(sys_ipc_try_send(child, 0, (void *)UTOP, 0), -E_IPC_NOT_RECV);
	expect(sys_ipc_try_send(0, 0, (void *)UTOP, 0), -E_IPC_NOT_RECV);
	expect(sys_ipc_send(0, 0, (void *)UTOP, 0), -E_IPC_NOT_RECV);
	expect(sys_ipc_try_send(parent, 0, PAGE + 1, ro), -E_INVAL);
	expect(sys_ipc_try_send(parent, 0, OTHER, ro), -E_INVAL);
	expect(sys_ipc_try_send(parent, 0, READONLY, rw), -E_INVAL);
	expect(sys_ipc_try_send(parent, 0, PAGE, PTE_W), -E_INVAL);
	expect(sys_ipc_try_send(parent, 0, PAGE, rw | PTE_PS), -E_INVAL);
	expect_unchanged();
}

// With memory full, each call says so and keeps nothing.
static void
check_memory(void)
{
	char *va = (char *)0x20000000;
	int r, n = 0;

	while ((r = sys_page_alloc(0, va + n * PGSIZE, rw)) == 0)
		n++;
	expect_result("sys_page_alloc with memory full", r, -E_NO_MEM);
	expect(sys_page_map(0, PAGE, 0, (char *)0x80000000, ro), -E_NO_MEM);
	expect_result("sys_exofork", sys_exofork(), -E_NO_MEM);
	// Little is free: fork gets somewhere, and gives it all back.
	for (int i = 0; i < 8; i++) {
		expect(sys_page_unmap(0, va + --n * PGSIZE), 0);
		expect_result("fork with memory full", fork(), -E_NO_MEM);
	}
	while (n > 0)
		sys_page_unmap(0, va + --n * PGSIZE);
}

static void
check(envid_t parent)
{
	envid_t child = sys_exofork(), dead;

	if (child <= 0)
		fail("sys_exofork gives %d", child);
	check_states(child);
	expect(sys_env_destroy(child), 0);
	dead = child;
	child = sys_exofork();
	if (child == dead)
		fail("a new environment has the id of a dead one");
	check_pages();
	check_ids(parent, dead);
	check_messages(parent, child);
	expect(sys_page_alloc(child, PAGE, rw), 0);
	expect(sys_page_map(child, PAGE, 0, OTHER, ro), 0);
	expect(sys_page_unmap(0, OTHER), 0);
	expect(sys_env_destroy(child), 0);
	check_memory();
	expect_unchanged();
	ipc_send(parent, 1, NULL, 0);
	exit();
}

void
umain(int argc, char **argv)
{
	const envid_t me = sys_getenvid();
	envid_t child;

	test_start(argc, argv);
	child = fork();
	if (child < 0)
		fail("fork: %e", child);
	if (child == 0) {
		expect(sys_page_alloc(0, PAGE, rw), 0);
		expect(sys_page_alloc(0, READONLY, ro), 0);
		PAGE[0] = 'x';
		check(me);
	}
	if (ipc_recv(NULL, OTHER, NULL) != 1)
		fail("a message that was refused has come");
	wait(child);
	pass();
}
