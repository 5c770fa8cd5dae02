// Tests that a system call changes no register but eax: neither the general
// ones nor the segments, the flags and the stack pointer.

#include <inc/lib.h>

// The flags that a program can set and the kernel must keep; the last one makes
// string instructions run backwards.
static const uint32_t flags[] = { FL_CF, FL_PF, FL_AF, FL_ZF,
	                          FL_SF, FL_OF, FL_DF };

// The state before and after: in the order that pushfl and pushal leave it.
struct State {
	struct PushRegs regs;
	uint32_t eflags;
};

// Load the registers from *state, call getenvid, and store what the registers
// are then in *state.
void call_with(struct State *state);
__asm__(".text\n"
        "call_with:\n\t"
        "pushal\n\t"
        "movl 36(%esp), %eax\n\t"
        "movl %eax, saved_state\n\t"
        "movl %esp, saved_esp\n\t"
        "movl %eax, %esp\n\t"
        "popal\n\t" // all but esp
        "popfl\n\t"
        "movl saved_esp, %esp\n\t"
        "movl $2, %eax\n\t" // SYS_getenvid
        "int $0x30\n\t"
        "movl %esp, returned_esp\n\t"
        "movl saved_state, %esp\n\t"
        "leal 36(%esp), %esp\n\t"
        "pushfl\n\t"
        "pushal\n\t"
        "movl saved_esp, %esp\n\t"
        "cld\n\t"
        "popal\n\t"
        "ret");
static struct State *saved_state __attribute__((used));
static uintptr_t saved_esp __attribute__((used));
static uintptr_t returned_esp __attribute__((used));

static void
expect(const char *name, uint32_t seen, uint32_t wanted)
{
	if (seen != wanted)
		fail("%s was %08x before a system call, %08x after it", name,
		     wanted, seen);
}

// One call with random registers and the flag `flag`.
static void
try(uint32_t flag)
{
	struct State before = {
		.regs = { .reg_edi = test_random(),
		          .reg_esi = test_random(),
		          .reg_ebp = test_random(),
		          .reg_ebx = test_random(),
		          .reg_edx = test_random(),
		          .reg_ecx = test_random() },
		.eflags = flag,
	};
	struct State after = before;

	call_with(&after);
	expect("edi", after.regs.reg_edi, before.regs.reg_edi);
	expect("esi", after.regs.reg_esi, before.regs.reg_esi);
	expect("ebp", after.regs.reg_ebp, before.regs.reg_ebp);
	expect("ebx", after.regs.reg_ebx, before.regs.reg_ebx);
	expect("edx", after.regs.reg_edx, before.regs.reg_edx);
	expect("ecx", after.regs.reg_ecx, before.regs.reg_ecx);
	expect("esp", returned_esp, saved_esp);
	if (after.regs.reg_eax != (uint32_t)thisenv->env_id)
		fail("getenvid returned %08x in eax instead of %08x",
		     after.regs.reg_eax, thisenv->env_id);
	expect("the flags", after.eflags & ~(FL_IF | 2), flag);
}

// The segment registers: es may be empty in a program, ds must be ours; the
// kernel has no use for fs and gs.
static void
try_segments(void)
{
	uint16_t es, ds, fs, gs, empty = 0;

	__asm__ volatile("movw %%ds, %%ax\n\t"
	                 "movw %%ax, %%fs\n\t"
	                 "movw %%ax, %%gs\n\t"
	                 "movw %0, %%es"
	                 :
	                 : "r"(empty)
	                 : "eax");
	sys_getenvid();
	__asm__ volatile("movw %%es, %0\n\t"
	                 "movw %%ds, %1\n\t"
	                 "movw %%fs, %2\n\t"
	                 "movw %%gs, %3\n\t"
	                 "movw %1, %%es"
	                 : "=&r"(es), "=&r"(ds), "=&r"(fs), "=&r"(gs));
	expect("es", es, 0);
	expect("ds", ds, GD_UD | 3);
	expect("fs", fs, GD_UD | 3);
	expect("gs", gs, GD_UD | 3);
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		try(flags[i]);
	try_segments();
	pass();
}
