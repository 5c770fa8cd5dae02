// Tests user_fault_upcall: what the kernel leaves on the exception stack when a
// program with an upcall faults, and where. The faults are caused with all
// registers, the stack pointer too, at will; the upcall gives up the fault and
// goes back to the test. With one of the arguments below, the kernel must
// destroy the program with a line on the console.

#include <inc/lib.h>

#define BOTTOM (UXSTACKTOP - PGSIZE) // of the exception stack
#define BELOW  (BOTTOM - PGSIZE)     // where nothing is to be written
#define FLAGS  (FL_CF | FL_PF | FL_AF | FL_ZF | FL_SF | FL_OF | FL_DF)

static const int rw = PTE_P | PTE_U | PTE_W;

// The registers at a fault; ebx holds its address.
struct Fault {
	struct PushRegs regs;
	uint32_t eflags; // in: the flags to set; out: all of them
	uintptr_t esp;
	uintptr_t eip; // of the instruction that faults
};

_Static_assert(offsetof(struct Fault, eflags) == 32 &&
                       offsetof(struct Fault, esp) == 36 &&
                       offsetof(struct Fault, eip) == 40,
               "used in assembly");

// Load the registers from *fault, and come back from the upcall, or from an
// instruction that does not fault.
void cause(struct Fault *fault);
// The instructions: they read the word at ebx, write it, jump there.
extern const char read_word[], write_word[], run_word[];
void upcall(void);
__asm__(".text\n"
        "cause:\n\t"
        "pushal\n\t"
        "movl 36(%esp), %eax\n\t"
        "movl %esp, own_esp\n\t"
        "movl 40(%eax), %ecx\n\t"
        "movl %ecx, instruction\n\t"
        "pushl 32(%eax)\n\t"
        "popfl\n\t"
        "pushfl\n\t"
        "popl 32(%eax)\n\t"
        "movl 36(%eax), %esp\n\t"
        "movl 0(%eax), %edi\n\t"
        "movl 4(%eax), %esi\n\t"
        "movl 8(%eax), %ebp\n\t"
        "movl 16(%eax), %ebx\n\t"
        "movl 20(%eax), %edx\n\t"
        "movl 24(%eax), %ecx\n\t"
        "movl 28(%eax), %eax\n\t"
        "jmp *instruction\n"
        "read_word:\n\t"
        "cmpl $0, (%ebx)\n\t"
        "jmp 1f\n"
        "write_word:\n\t"
        "movl $0, (%ebx)\n\t"
        "jmp 1f\n"
        "run_word:\n\t"
        "jmp *%ebx\n"
        "upcall:\n\t"
        "movl %esp, upcall_esp\n"
        "1:\n\t"
        "movl own_esp, %esp\n\t"
        "cld\n\t"
        "popal\n\t"
        "ret");
uintptr_t own_esp __attribute__((used));
uintptr_t instruction __attribute__((used));
static volatile uintptr_t upcall_esp __attribute__((used));

static uintptr_t absent, readonly; // pages that cause faults

static void
alloc(uintptr_t va, int perm)
{
	expect_call(sys_page_alloc(0, (void *)va, perm), 0,
	            "sys_page_alloc(0, %08x, %03x)", (uint32_t)va, perm);
}

static void
set_upcall(void (*func)(void))
{
	expect_call(sys_env_set_pgfault_upcall(0, func), 0,
	            "sys_env_set_pgfault_upcall(0, %08x)",
	            (uint32_t)(uintptr_t)func);
}

static bool
on_stack(uintptr_t esp)
{
	return esp >= BOTTOM && esp < UXSTACKTOP;
}

// Where the frame must be of a fault with this stack pointer.
static uintptr_t
frame_of(uintptr_t esp)
{
	return (on_stack(esp) ? esp - 4 : UXSTACKTOP) -
	       sizeof(struct UTrapframe);
}

static void
expect(const char *what, uint32_t seen, uint32_t wanted)
{
	if (seen != wanted)
		fail("%s is %08x in the struct UTrapframe, and was %08x at the "
		     "fault",
		     what, seen, wanted);
}

static void
check_frame(const struct Fault *fault, uint32_t err)
{
	const struct UTrapframe *utf = (void *)upcall_esp;
	const struct PushRegs *regs = &utf->utf_regs;

	expect("utf_fault_va", utf->utf_fault_va, fault->regs.reg_ebx);
	expect("utf_err", utf->utf_err, err);
	expect("edi", regs->reg_edi, fault->regs.reg_edi);
	expect("esi", regs->reg_esi, fault->regs.reg_esi);
	expect("ebp", regs->reg_ebp, fault->regs.reg_ebp);
	expect("ebx", regs->reg_ebx, fault->regs.reg_ebx);
	expect("edx", regs->reg_edx, fault->regs.reg_edx);
	expect("ecx", regs->reg_ecx, fault->regs.reg_ecx);
	expect("eax", regs->reg_eax, fault->regs.reg_eax);
	expect("utf_eip", utf->utf_eip,
	       fault->eip == (uintptr_t)run_word ? fault->regs.reg_ebx
	                                         : fault->eip);
	expect("utf_eflags", utf->utf_eflags & ~FL_RF, fault->eflags);
	expect("utf_esp", utf->utf_esp, fault->esp);
}

// Both the exception stack and the page below it.
static uint32_t
word_at(uintptr_t va)
{
	return *(volatile uint32_t *)va;
}

// Cause a fault, and see where the frame is, what it has in it, and that
// nothing else has been written.
static void
try(uintptr_t esp, const char *eip, uintptr_t va, uint32_t err)
{
	static uint32_t before[2 * PGSIZE / 4];
	const uintptr_t frame = frame_of(esp);
	struct Fault fault = {
		.regs = { test_random(), test_random(), test_random(), 0, va,
		          test_random(), test_random(), test_random() },
		.eflags = test_random() & FLAGS,
		.esp = esp,
		.eip = (uintptr_t)eip,
	};

	memcpy(before, (void *)BELOW, sizeof(before));
	upcall_esp = 0;
	cause(&fault);
	if (upcall_esp == 0)
		fail("an access to %08x did not get to the upcall",
		     (uint32_t)va);
	if (upcall_esp != frame)
		fail("the stack pointer was %08x at the fault, and is %08x at "
		     "the upcall instead of %08x",
		     (uint32_t)esp, (uint32_t)upcall_esp, (uint32_t)frame);
	check_frame(&fault, err);
	for (uintptr_t at = BELOW; at < UXSTACKTOP; at += 4) {
		uint32_t was = before[(at - BELOW) / 4];

		if (at + 4 > frame && at < frame + sizeof(struct UTrapframe))
			continue;
		if (word_at(at) != was)
			fail("the frame is at %08x, and the word at %08x has "
			     "changed from %08x to %08x",
			     (uint32_t)frame, (uint32_t)at, was, word_at(at));
	}
}

static void
fill_stacks(void)
{
	for (uintptr_t at = BELOW; at < UXSTACKTOP; at += 4)
		*(volatile uint32_t *)at = test_random();
}

// Each kind of fault.
static void
check_kinds(uintptr_t esp)
{
	const uint32_t offset = test_random() % (PGSIZE - 3);

	try(esp, read_word, absent + offset, FEC_U);
	try(esp, write_word, absent + offset, FEC_U | FEC_WR);
	try(esp, run_word, absent + offset, FEC_U);
	try(esp, write_word, readonly + offset, FEC_U | FEC_WR | FEC_PR);
	try(esp, read_word, KERNBASE + offset, FEC_U | FEC_PR);
	try(esp, write_word, UENVS + offset, FEC_U | FEC_WR | FEC_PR);
	try(esp, read_word, 0, FEC_U);
}

// Stack pointers that are not on the exception stack. The kernel has no use for
// the memory there.
static void
check_outside(void)
{
	const uintptr_t esps[] = { (uintptr_t)__builtin_frame_address(0),
		                   USTACKTOP,
		                   0,
		                   0xdeadbeef,
		                   KERNBASE,
		                   absent,
		                   BOTTOM - 1,
		                   BOTTOM - 4,
		                   BOTTOM - 56,
		                   UXSTACKTOP,
		                   UXSTACKTOP + 4,
		                   -4 };

	for (size_t i = 0; i < ARRAY_SIZE(esps); i++) {
		fill_stacks();
		try(esps[i], write_word, absent, FEC_U | FEC_WR);
	}
}

// Stack pointers that are.
static void
check_nested(void)
{
	const uintptr_t esps[] = { UXSTACKTOP - 4, UXSTACKTOP - 52,
		                   UXSTACKTOP - 1001, UXSTACKTOP - PGSIZE / 2,
		                   BOTTOM + 56 };

	for (size_t i = 0; i < ARRAY_SIZE(esps); i++) {
		fill_stacks();
		try(esps[i], write_word, absent, FEC_U | FEC_WR);
		try(esps[i], read_word, absent, FEC_U);
	}
	// Each in the upcall of the last.
	fill_stacks();
	try(absent, read_word, absent, FEC_U);
	while (frame_of(upcall_esp) >= BOTTOM)
		try(upcall_esp, read_word, absent, FEC_U);
}

static volatile uint32_t steps; // of the child, which shares our memory

// The child: a fault with an upcall, and one without.
static void
fault_twice(void)
{
	struct Fault fault = { .regs = { .reg_ebx = absent },
		               .eip = (uintptr_t)read_word };

	alloc(BOTTOM, rw);
	set_upcall(upcall);
	upcall_esp = 0;
	cause(&fault);
	steps = upcall_esp == frame_of(0);
	set_upcall(NULL);
	cause(&fault);
	steps = 2;
}

static void
check_none(void)
{
	envid_t child = test_child(fault_twice);

	test_child_share(child);
	test_child_run(child);
	test_child_wait(child);
	if (steps == 0)
		fail("a child that set an upcall did not get to it");
	if (steps == 2)
		fail("a child went on after a fault when it had no upcall any "
		     "more");
}

// Faults that end the program, by name: on what exception stack, with what
// stack pointer.
static void
be_destroyed(const char *name)
{
	struct Fault fault = { .regs = { .reg_ebx = absent },
		               .eip = (uintptr_t)write_word };

	set_upcall(upcall);
	if (strcmp(name, "overflow") == 0) {
		alloc(BELOW, rw);
		alloc(BOTTOM, rw);
		fault.esp = frame_of(0);
		while (frame_of(fault.esp) >= BOTTOM) {
			cause(&fault);
			fault.esp = upcall_esp;
		}
	} else if (strcmp(name, "bottom") == 0) {
		alloc(BELOW, rw);
		alloc(BOTTOM, rw);
		fault.esp = BOTTOM;
	} else if (strcmp(name, "readonly") == 0) {
		alloc(BOTTOM, PTE_P | PTE_U);
	} else if (strcmp(name, "unmapped") != 0) {
		fail("there is no case %s", name);
	}
	report("trying", frame_of(fault.esp));
	upcall_esp = 0;
	cause(&fault);
	fail("the program was not destroyed: the kernel went on at %s, with "
	     "the stack pointer %08x",
	     upcall_esp ? "the upcall" : "the instruction after the fault",
	     (uint32_t)upcall_esp);
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	test_others();
	readonly = test_region(2);
	absent = readonly + PTSIZE;
	if (argc > 2)
		be_destroyed(argv[2]);
	alloc(readonly, PTE_P | PTE_U);
	alloc(BOTTOM, rw);
	alloc(BELOW, rw);
	fill_stacks();
	set_upcall(upcall);
	check_kinds(USTACKTOP - PGSIZE + 64);
	check_kinds(UXSTACKTOP - 52);
	check_outside();
	check_nested();
	check_none();
	pass();
}
