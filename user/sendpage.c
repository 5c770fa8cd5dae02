// Shows pages going from one environment to another: parent and child send each
// other a page with a string in it.

#include <inc/lib.h>

#define PARENTS_PAGE ((char *)0xa00000)
#define CHILDS_PAGE  ((char *)0xb00000)

static const char to_child[] = "hello child environment! how are you?";
static const char to_parent[] = "hello parent environment! I'm good.";

// Wait for a page, at `where`, and say whether it holds `wanted`.
static envid_t
receive(char *where, const char *wanted, const char *who)
{
	envid_t from;

	ipc_recv(&from, where, NULL);
	cprintf("%x got message: %s\n", from, where);
	if (strcmp(where, wanted) == 0) {
		cprintf("%s received correct message\n", who);
		report("sendpage", from);
	}
	return from;
}

// Write `text` to a new page at `where` and send it.
static void
send(envid_t to, char *where, const char *text)
{
	int r = sys_page_alloc(0, where, PTE_P | PTE_U | PTE_W);

	if (r < 0)
		panic("sys_page_alloc: %e", r);
	strcpy(where, text);
	ipc_send(to, 0, where, PTE_P | PTE_U | PTE_W);
}

void
umain(int argc, char **argv)
{
	envid_t child;

	test_start(argc, argv);
	child = fork();
	if (child < 0)
		panic("fork: %e", child);
	if (child == 0) {
		envid_t parent = receive(CHILDS_PAGE, to_child, "child");

		send(parent, CHILDS_PAGE, to_parent);
		return;
	}
	send(child, PARENTS_PAGE, to_child);
	receive(PARENTS_PAGE, to_parent, "parent");
}
