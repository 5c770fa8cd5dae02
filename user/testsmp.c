// Tests what environments do to one another while several CPUs run them: forks,
// messages, page mappings and ends at random, for as many rounds as the second
// argument says; afterwards no page and no environment is missing.

#include <inc/lib.h>

#define CHILDREN 12
#define AREA     ((char *)0x10000000)

// How many pages are looked at: as many as 64 MiB have.
#define MEMORY_PAGES (16 * 1024)

static const int rwx = PTE_P | PTE_U | PTE_W;

// How many environments and how many pages are in use. Once there is only one
// environment left, the number of pages does not change while they are counted.
static void
count(uint32_t *used_pages, uint32_t *used_envs)
{
	*used_pages = *used_envs = 0;
	for (int i = 0; i < NENV; i++)
		*used_envs += envs[i].env_status != ENV_FREE;
	for (int i = 0; i < MEMORY_PAGES; i++)
		*used_pages += pages[i].pp_ref != 0;
}

// One child: does anything, to itself and to its brothers. It forks, or else it
// sends to its parent and may be ended at any time; not both, for a child that
// is not complete when its parent ends stays for ever.
static void
child(envid_t parent, uint32_t seed, bool forks)
{
	for (uint32_t n = 0; n < 200; n++) {
		char *va = AREA + (seed >> 20) % 16 * PGSIZE;

		seed = seed * 1664525 + 1013904223;
		switch ((seed >> 24) % 8) {
		case 0:
			sys_page_alloc(0, va, rwx);
			break;
		case 1:
			sys_page_map(0, va, 0, va + 16 * PGSIZE, PTE_P | PTE_U);
			break;
		case 2:
			sys_page_unmap(0, va);
			break;
		case 3:
			sys_yield();
			break;
		case 4:
			sys_ipc_try_send(envs[seed % CHILDREN].env_id, n, va,
			                 rwx);
			break;
		case 5:
			if (!forks)
				ipc_send(parent, n, NULL, 0);
			break;
		case 6:
			if (sys_page_alloc(0, va, rwx) == 0)
				memset(va, seed, PGSIZE);
			break;
		default:
			if (forks && fork() == 0)
				exit();
		}
	}
}

void
umain(int argc, char **argv)
{
	const envid_t me = sys_getenvid();
	uint32_t rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 10;
	uint32_t pages_before, envs_before, pages_after, envs_after;
	envid_t ids[CHILDREN];

	test_start(argc, argv);
	set_pgfault_handler(cow_pgfault);
	for (uint32_t round = 0; round <= rounds; round++) {
		for (int i = 0; i < CHILDREN; i++) {
			uint32_t seed = test_random();

			ids[i] = fork();
			if (ids[i] < 0)
				fail("fork: %e", ids[i]);
			if (ids[i] == 0) {
				child(me, seed, i % 2);
				exit();
			}
		}
		for (int i = 0; i < 4 * CHILDREN; i++)
			ipc_recv(NULL, NULL, NULL);
		for (int i = 0; i < CHILDREN; i += 2)
			sys_env_destroy(ids[i]);
		do {
			sys_yield();
			count(&pages_after, &envs_after);
		} while (envs_after > 1);
		if (round == 0) {
			pages_before = pages_after;
			envs_before = envs_after;
		}
		if (pages_after != pages_before || envs_after != envs_before)
			fail("%u pages and %u environments are in use, "
			     "instead of %u and %u",
			     pages_after, envs_after, pages_before,
			     envs_before);
	}
	report("rounds", rounds);
	pass();
}
