// Measures the system calls of several environments, when QEMU counts
// instructions as time (-icount shift=0): for each, the least number that one
// took, there and back.

#include <inc/lib.h>
#include <inc/x86.h>

#define ROUNDS 200
#define PAGE   ((char *)0x10000000)

static const int rw = PTE_P | PTE_U | PTE_W;

void bench_upcall(void); // below

static uint32_t overhead;
static envid_t other;

// One round of each.
static void
page_alloc(void)
{
	sys_page_alloc(0, PAGE, rw);
}

static void
page_map(void)
{
	sys_page_map(0, PAGE, 0, PAGE + PGSIZE, rw);
}

static void
page_unmap(void)
{
	sys_page_unmap(0, PAGE + PGSIZE);
}

static void
null_call(void)
{
	sys_getenvid();
}

static void
nothing(void)
{
}

static void
unmap_page(void)
{
	sys_page_unmap(0, PAGE);
}

static void
map_again(void)
{
	sys_page_map(0, PAGE, 0, PAGE + PGSIZE, rw);
}

// The upcall steps over the instruction that faulted, which has two bytes.
static void
fault(void)
{
	__asm__ volatile("movb %%al, (%0)" : : "b"(PAGE) : "memory");
}

__asm__(".globl bench_upcall\n"
        "bench_upcall:\n\t"
        "addl $8, %esp\n\t"
        "popal\n\t"
        "pushl %eax\n\t"
        "movl 12(%esp), %eax\n\t"
        "pushl %edx\n\t"
        "movl 8(%esp), %edx\n\t"
        "addl $2, %edx\n\t"
        "movl %edx, -4(%eax)\n\t"
        "subl $4, 16(%esp)\n\t"
        "popl %edx\n\t"
        "popl %eax\n\t"
        "addl $4, %esp\n\t"
        "popfl\n\t"
        "popl %esp\n\t"
        "ret");

static void
yield(void)
{
	sys_yield();
}

static void
ping(void)
{
	ipc_send(other, 0, NULL, 0);
	ipc_recv(NULL, NULL, NULL);
}

static void
fork_exit(void)
{
	envid_t child = fork();

	if (child == 0)
		exit();
	wait(child);
}

// The page is copy-on-write again after each fork.
static void
fork_again(void)
{
	fork_exit();
}

static void
write_page(void)
{
	*(volatile char *)PAGE = 1;
}

// Print the least that `run` takes, each time after `prepare`.
static uint32_t
least(int rounds, void (*prepare)(void), void (*run)(void))
{
	uint32_t best = -1;

	for (int i = 0; i < rounds; i++) {
		uint64_t start;

		prepare();
		start = read_tsc();
		run();
		best = MIN(best, (uint32_t)(read_tsc() - start));
	}
	return best - overhead;
}

static void
show(const char *name, uint32_t count)
{
	cprintf("bench: %s %u\n", name, count);
}

// The other side of ping, and of yield.
static void
serve(bool answers)
{
	while (answers) {
		envid_t from;

		ipc_recv(&from, NULL, NULL);
		ipc_send(from, 0, NULL, 0);
	}
	while (1)
		sys_yield();
}

static void
with_other(const char *name, bool answers, void (*run)(void))
{
	other = fork();
	if (other == 0)
		serve(answers);
	show(name, least(ROUNDS, nothing, run));
	sys_env_destroy(other);
}

void
umain(int argc, char **argv)
{
	overhead = least(ROUNDS, nothing, nothing);
	sys_page_alloc(0, (void *)(UXSTACKTOP - PGSIZE), rw);
	sys_env_set_pgfault_upcall(0, bench_upcall);
	show("fault", least(ROUNDS, nothing, fault));
	sys_env_set_pgfault_upcall(0, NULL);
	sys_page_unmap(0, (void *)(UXSTACKTOP - PGSIZE));
	// While there is little memory to copy.
	show("fork", least(20, nothing, fork_exit));
	show("null", least(ROUNDS, nothing, null_call));
	page_alloc();
	map_again();
	page_unmap();
	show("page_alloc", least(ROUNDS, unmap_page, page_alloc));
	show("page_map", least(ROUNDS, page_unmap, page_map));
	show("page_unmap", least(ROUNDS, map_again, page_unmap));
	unmap_page();
	with_other("yield", false, yield);
	with_other("ipc", true, ping);
	page_alloc();
	write_page();
	show("cow", least(20, fork_again, write_page));
}
