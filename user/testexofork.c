// Tests sys_exofork: that the child has its parent's registers but no
// memory, and does not run; that each gets another id; and what happens when no
// environment is free.

#include <inc/lib.h>

// The registers at the system call, and what came back.
struct Call {
	struct PushRegs regs; // eax and oesp do not matter
	uint32_t eflags;      // in: the flags to set; out: all of them
	uintptr_t esp;
	envid_t child;
};

// Load the registers from *call and make the system call there; its address is
// exofork_called. A child would resume there too, but never runs.
void exofork_with(struct Call *call);
extern const char exofork_called[];
__asm__(".text\n"
        "exofork_with:\n\t"
        "pushal\n\t"
        "movl 36(%esp), %eax\n\t"
        "movl %eax, current_call\n\t"
        "movl %esp, 36(%eax)\n\t"
        "movl 0(%eax), %edi\n\t"
        "movl 4(%eax), %esi\n\t"
        "movl 8(%eax), %ebp\n\t"
        "movl 16(%eax), %ebx\n\t"
        "movl 20(%eax), %edx\n\t"
        "movl 24(%eax), %ecx\n\t"
        "pushl 32(%eax)\n\t"
        "popfl\n\t"
        "pushfl\n\t"
        "popl 32(%eax)\n\t"
        "movl $7, %eax\n\t" // SYS_exofork
        "int $0x30\n"
        "exofork_called:\n\t"
        "movl current_call, %ebx\n\t"
        "movl %eax, 40(%ebx)\n\t"
        "cld\n\t"
        "popal\n\t"
        "ret");
static struct Call *current_call __attribute__((used));

_Static_assert(offsetof(struct Call, eflags) == 32 &&
                       offsetof(struct Call, esp) == 36 &&
                       offsetof(struct Call, child) == 40,
               "used in assembly");

static envid_t ids[NENV];

static void
expect(const char *what, uint32_t seen, uint32_t wanted)
{
	if (seen != wanted)
		fail("the child's %s is %08x instead of %08x", what, seen,
		     wanted);
}

// A new child, as it must be in envs[] before it runs.
static void
check_child(envid_t child)
{
	const volatile struct Env *e = &envs[ENVX(child)];

	if (e->env_id != child)
		fail("sys_exofork returned %08x, but envs[%d] has the id %08x",
		     child, ENVX(child), e->env_id);
	if (child == thisenv->env_id)
		fail("sys_exofork returned the caller's own id");
	expect("env_parent_id", e->env_parent_id, thisenv->env_id);
	if (e->env_status != ENV_NOT_RUNNABLE)
		fail("the child's env_status is %d instead of "
		     "ENV_NOT_RUNNABLE, %d",
		     e->env_status, ENV_NOT_RUNNABLE);
	expect("env_runs", e->env_runs, 0);
	expect("env_type", e->env_type, ENV_TYPE_USER);
	expect("env_pgfault_upcall", e->env_pgfault_upcall, 0);
}

// A child's registers are the caller's, but eax is 0.
static void
check_registers(uint32_t flags)
{
	struct Call call = { .eflags = flags };
	const volatile struct Trapframe *tf;

	call.regs.reg_edi = test_random();
	call.regs.reg_esi = test_random();
	call.regs.reg_ebp = test_random();
	call.regs.reg_ebx = test_random();
	call.regs.reg_edx = test_random();
	call.regs.reg_ecx = test_random();
	exofork_with(&call);
	if (call.child <= 0)
		fail("sys_exofork returned %d instead of the child's id",
		     call.child);
	check_child(call.child);
	tf = &envs[ENVX(call.child)].env_tf;
	expect("eax", tf->tf_regs.reg_eax, 0);
	expect("eip", tf->tf_eip, (uint32_t)(uintptr_t)exofork_called);
	expect("esp", tf->tf_esp, call.esp);
	expect("edi", tf->tf_regs.reg_edi, call.regs.reg_edi);
	expect("esi", tf->tf_regs.reg_esi, call.regs.reg_esi);
	expect("ebp", tf->tf_regs.reg_ebp, call.regs.reg_ebp);
	expect("ebx", tf->tf_regs.reg_ebx, call.regs.reg_ebx);
	expect("edx", tf->tf_regs.reg_edx, call.regs.reg_edx);
	expect("ecx", tf->tf_regs.reg_ecx, call.regs.reg_ecx);
	expect("eflags", tf->tf_eflags, call.eflags);
	expect("cs", tf->tf_cs, GD_UT | 3);
	expect("ds", tf->tf_ds, GD_UD | 3);
	expect("es", tf->tf_es, GD_UD | 3);
	expect("ss", tf->tf_ss, GD_UD | 3);
	test_destroy(call.child);
}

// A child takes one page, its page directory, and gives it back.
static void
check_memory(void)
{
	uint32_t used = test_pages_used();
	envid_t child = test_newborn();

	expect_pages(used + 1, "with a child that has no memory of its own");
	test_destroy(child);
	expect_pages(used, "after that child");
}

// A child that was not made runnable does not run.
static void
check_waits(void)
{
	envid_t child = test_newborn();

	for (int i = 0; i < 20; i++) {
		sys_yield();
		check_child(child);
	}
	test_destroy(child);
}

// Make children while there is room for them.
//
// Returns:  how many there were. Their ids are in ids[].
static uint32_t
make_all(void)
{
	const uint32_t room = NENV - test_envs_used();
	envid_t child;
	uint32_t n = 0;

	while ((child = sys_exofork()) > 0) {
		if (n == room)
			fail("there are more than NENV environments");
		check_child(child);
		ids[n++] = child;
	}
	expect_call(child, -E_NO_FREE_ENV, "sys_exofork with %u children", n);
	if (n != room)
		fail("there was room for %u children, but only for %u did "
		     "sys_exofork return an id",
		     room, n);
	expect_call(sys_exofork(), -E_NO_FREE_ENV,
	            "sys_exofork with all environments in use");
	return n;
}

// When all environments are in use there is no child, and nothing changes. A
// few that end leave room for as many, which get ids never used before. (All
// of them would print too much.)
static void
check_all(void)
{
	const uint32_t used = test_pages_used(), n = make_all();
	static envid_t old[NENV];
	uint32_t few = MIN(n, 16u);

	expect_pages(used + n, "with all environments in use");
	memcpy(old, ids, sizeof(old));
	for (uint32_t i = 0; i < few; i++)
		test_destroy(ids[i]);
	expect_pages(used + n - few, "after some children");
	if (make_all() != few)
		fail("%u environments ended, and there was room for more", few);
	expect_pages(used + n, "with all environments in use again");
	for (uint32_t i = 0; i < few; i++)
		for (uint32_t k = 0; k < n; k++)
			if (ids[i] == old[k])
				fail("two environments had the id %08x",
				     ids[i]);
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	test_others();
	check_registers(0);
	check_registers(FL_CF | FL_PF | FL_AF | FL_ZF | FL_SF | FL_OF);
	check_registers(FL_DF);
	check_registers(FL_CF | FL_SF);
	check_memory();
	check_waits();
	check_all();
	pass();
}
