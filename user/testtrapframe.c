// Tests sys_env_set_trapframe: what registers a program gives another, or
// itself, arrive; but never more rights than a program has.

#include <inc/lib.h>

// Here a program stores the registers that it has; shared by all.
#define SHARE  0x10000000
#define EMPTY  0x10800000 // nothing is mapped here
#define BEYOND ((struct Trapframe *)(SHARE + PGSIZE - 4))

static const int rw = PTE_P | PTE_U | PTE_W;

static volatile struct Seen {
	struct PushRegs regs;
	uint32_t eflags;
	uint16_t cs, ss, ds, es; // where the stack pointer was is `cs`
	uint32_t done;
} *const seen = (void *)SHARE;

#define SEEN_STACK (SHARE + offsetof(struct Seen, cs))

static_assert(offsetof(struct Seen, cs) == 36, "written by `probe`");
static_assert(offsetof(struct Seen, done) == 44, "written by `probe`");

void probe(void), call_and_probe(void), set_own(const struct Trapframe *tf);

// probe stores the registers in *seen. A child then runs, and yields now and
// then, until it is stopped; set_own returns. call_and_probe makes the system
// call in the registers first.
__asm__(".text\n"
        "call_and_probe:\n\t"
        "int $0x30\n"
        "probe:\n\t"
        "pushfl\n\t"
        "pushal\n\t"
        "movw %cs, 0x10000024\n\t"
        "movw %ss, 0x10000026\n\t"
        "movw %ds, 0x10000028\n\t"
        "movw %es, 0x1000002a\n\t"
        "movl $1, 0x1000002c\n"
        "1:\n\t"
        "cmpl $0, own_esp\n\t"
        "jne 2f\n\t"
        "movl $5000, %ecx\n\t"
        "loop .\n\t"
        "movl $11, %eax\n\t" // SYS_yield
        "int $0x30\n\t"
        "jmp 1b\n"
        "2:\n\t"
        "movl own_esp, %esp\n\t"
        "cld\n\t"
        "popal\n\t"
        "ret\n"
        "set_own:\n\t"
        "movl 4(%esp), %ecx\n\t"
        "pushal\n\t"
        "movl %esp, own_esp\n\t"
        "xorl %edx, %edx\n\t"
        "movl $9, %eax\n\t" // SYS_env_set_trapframe
        "int $0x30\n\t"
        "popal\n\t"
        "ret");
uintptr_t own_esp __attribute__((used));

#define FREE (FL_CF | FL_PF | FL_AF | FL_ZF | FL_SF | FL_DF | FL_OF)

static struct Trapframe
random_frame(void (*eip)(void))
{
	return (struct Trapframe){
		.tf_regs = { .reg_edi = test_random(),
		             .reg_esi = test_random(),
		             .reg_ebp = test_random(),
		             .reg_ebx = test_random(),
		             .reg_edx = test_random(),
		             .reg_ecx = test_random(),
		             .reg_eax = test_random() },
		.tf_es = GD_UD | 3,
		.tf_ds = GD_UD | 3,
		.tf_eip = (uintptr_t)eip,
		.tf_cs = GD_UT | 3,
		.tf_eflags = (test_random() & FREE) | FL_IF,
		.tf_esp = SEEN_STACK,
		.tf_ss = GD_UD | 3,
	};
}

static void
compare(const char *what, const char *name, uint32_t have, uint32_t wanted)
{
	if (have != wanted)
		fail("%s: %s is %08x instead of %08x", what, name, have,
		     wanted);
}

// What probe has seen must be what `tf` allows.
static void
check_seen(const char *what, const struct Trapframe *tf)
{
	const struct PushRegs *regs = &tf->tf_regs;

	wait_for(seen->done, "%s: the program has not come to its tf_eip",
	         what);
	seen->done = 0;
	compare(what, "edi", seen->regs.reg_edi, regs->reg_edi);
	compare(what, "esi", seen->regs.reg_esi, regs->reg_esi);
	compare(what, "ebp", seen->regs.reg_ebp, regs->reg_ebp);
	compare(what, "ebx", seen->regs.reg_ebx, regs->reg_ebx);
	compare(what, "edx", seen->regs.reg_edx, regs->reg_edx);
	compare(what, "ecx", seen->regs.reg_ecx, regs->reg_ecx);
	compare(what, "eax", seen->regs.reg_eax, regs->reg_eax);
	compare(what, "cs", seen->cs, GD_UT | 3);
	compare(what, "ss", seen->ss, GD_UD | 3);
	compare(what, "ds", seen->ds, GD_UD | 3);
	compare(what, "es", seen->es, GD_UD | 3);
	compare(what, "eflags", seen->eflags & ~2,
	        (tf->tf_eflags & FREE) | FL_IF);
}

// Give `child`, which does not run or is about to stop, the registers.
static void
give(envid_t child, const struct Trapframe *tf)
{
	int r;

	wait_for((r = sys_env_set_trapframe(child, tf)) != -E_INVAL,
	         "a child that was made ENV_NOT_RUNNABLE is not stopped");
	must_be(r, 0, "a parent may set a child's registers");
}

static void
run_with(envid_t child, const char *what, const struct Trapframe *tf)
{
	must_be(sys_env_set_status(child, ENV_NOT_RUNNABLE), 0, what);
	give(child, tf);
	must_be(sys_env_set_status(child, ENV_RUNNABLE), 0, what);
	check_seen(what, tf);
}

// A child that has our memory, and no registers yet.
static envid_t
new_child(void)
{
	envid_t child = sys_exofork();

	if (child < 0)
		fail("sys_exofork: %e", child);
	must_be(fork_pages(child), 0, "a child gets all pages");
	return child;
}

// Registers that ask for more than a program may have.
static void
check_hostile(envid_t child)
{
	static const uint32_t flags[] = {
		FL_IF,   FL_IOPL_1, FL_IOPL_3, FL_NT,        FL_RF, FL_VM,
		FL_AC,   FL_VIF,    FL_VIP,    FL_ID,        FL_TF, 8,
		1 << 15, 1 << 22,   1U << 31,  FL_VM | FL_NT
	};
	static const uint16_t selectors[] = {
		0, GD_KT, GD_KD, GD_UT, GD_KD | 3, GD_TSS0, 4, 0xffff
	};
	struct Trapframe tf;

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		tf = random_frame(probe);
		tf.tf_eflags ^= flags[i];
		run_with(child, "hostile flags", &tf);
	}
	for (size_t i = 0; i < ARRAY_SIZE(selectors); i++) {
		tf = random_frame(probe);
		tf.tf_cs = selectors[i];
		run_with(child, "a hostile cs", &tf);
		tf = random_frame(probe);
		tf.tf_ss = selectors[i];
		run_with(child, "a hostile ss", &tf);
		tf = random_frame(probe);
		tf.tf_ds = tf.tf_es = selectors[i];
		run_with(child, "hostile ds and es", &tf);
	}
	tf = random_frame(probe);
	tf.tf_cs = GD_KT;
	tf.tf_ss = tf.tf_ds = tf.tf_es = GD_KD;
	tf.tf_eflags = FL_IOPL_3;
	tf.tf_trapno = tf.tf_err = tf.tf_regs.reg_oesp = -1;
	run_with(child, "a frame of the kernel's", &tf);
}

// One blocked in the system call `call` is given other registers.
static void
check_waiting(envid_t child, uint32_t call, const char *what)
{
	const volatile struct Env *e = &envs[ENVX(child)];
	struct Trapframe tf = random_frame(call_and_probe);

	tf.tf_regs.reg_eax = call;
	tf.tf_regs.reg_edx = call == SYS_ipc_recv ? UTOP
	                                          : (uint32_t)sys_getenvid();
	tf.tf_regs.reg_ebx = UTOP;
	must_be(sys_env_set_status(child, ENV_NOT_RUNNABLE), 0, what);
	give(child, &tf);
	must_be(sys_env_set_status(child, ENV_RUNNABLE), 0, what);
	wait_for(e->env_status == ENV_NOT_RUNNABLE, "%s: it does not wait",
	         what);
	tf = random_frame(probe);
	give(child, &tf);
	if (e->env_ipc_recving || e->env_status != ENV_NOT_RUNNABLE)
		fail("%s: with new registers, env_ipc_recving is %d and "
		     "env_status %d",
		     what, e->env_ipc_recving, e->env_status);
	must_be(sys_ipc_try_send(child, 1, (void *)UTOP, 0), -E_IPC_NOT_RECV,
	        what);
	must_be(sys_env_set_status(child, ENV_RUNNABLE), 0, what);
	check_seen(what, &tf);
}

// The registers of other environments may not be set.
static void
check_ids(envid_t parent, envid_t dead)
{
	const envid_t bad[] = { parent, dead,     -1,
		                1,      NENV * 4, sys_getenvid() + NENV * 4 };
	struct Trapframe tf = random_frame(probe);

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		must_be(sys_env_set_trapframe(bad[i], &tf), -E_BAD_ENV,
		        "only one's own and one's children's registers");
		must_be(sys_env_set_trapframe(bad[i], NULL), -E_BAD_ENV,
		        "the id is checked before the pointer");
	}
}

// A pointer that the caller may not read ends it.
static void
check_pointers(void)
{
	static const struct Trapframe *const bad[] = { NULL,
		                                       (void *)EMPTY,
		                                       BEYOND,
		                                       (void *)(ULIM - 4),
		                                       (void *)KERNBASE,
		                                       (void *)-4 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		envid_t child = fork();

		if (child < 0)
			fail("fork: %e", child);
		if (child == 0) {
			sys_env_set_trapframe(0, bad[i]);
			seen->done = 1;
			exit();
		}
		wait(child);
		if (seen->done)
			fail("sys_env_set_trapframe reads registers at %08x",
			     (uint32_t)(uintptr_t)bad[i]);
	}
}

static void
check_own(void)
{
	struct Trapframe tf = random_frame(probe);

	set_own(&tf);
	own_esp = 0;
	check_seen("one's own registers", &tf);
}

// One running on another CPU cannot be given registers; one in the run queue
// can.
static void
check_running(envid_t child)
{
	struct Trapframe tf = random_frame(probe);
	int r;

	for (int i = 0; i < 20; i++) {
		r = sys_env_set_trapframe(child, &tf);
		if (r != 0 && r != -E_INVAL)
			fail("sys_env_set_trapframe for a child that may run "
			     "gives %d",
			     r);
		if (r == 0)
			check_seen("a child that may run", &tf);
	}
}

void
umain(int argc, char **argv)
{
	const envid_t me = sys_getenvid();
	envid_t child, dead;
	struct Trapframe tf;

	test_start(argc, argv);
	must_be(sys_page_alloc(0, (void *)SHARE, rw | PTE_SHARE), 0, "a page");
	set_pgfault_handler(cow_pgfault);
	dead = new_child();
	must_be(sys_env_destroy(dead), 0, "a parent may end a child");
	child = fork();
	if (child == 0) {
		check_ids(me, dead);
		exit();
	}
	wait(child);
	check_own();
	child = new_child();
	check_hostile(child);
	check_running(child);
	check_waiting(child, SYS_ipc_recv, "a child that waits for a message");
	check_waiting(child, SYS_ipc_send, "a child that waits to send");
	check_hostile(child);
	// In the kernel, to which it gets no way by that.
	tf = random_frame((void (*)(void))(KERNBASE + 0x100000));
	must_be(sys_env_set_status(child, ENV_NOT_RUNNABLE), 0, "a stop");
	give(child, &tf);
	must_be(sys_env_set_status(child, ENV_RUNNABLE), 0, "a start");
	wait(child);
	check_pointers();
	pass();
}
