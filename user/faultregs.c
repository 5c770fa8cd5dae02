// Tests that a page fault that the program handles leaves no trace: all general
// registers and the arithmetic flags are after it as they were before.

#include <inc/lib.h>

#define WORD ((volatile uint32_t *)UTEMP) // not mapped until the fault

// The registers and flags, as pushfl and then pushal leave them.
struct Regs {
	struct PushRegs regs;
	uint32_t eflags;
};

static struct Regs before, after;
static uint32_t own_esp;
static uint32_t faults;

// Of the flags those that instructions compute, and the direction flag.
#define FLAGS (FL_CF | FL_PF | FL_AF | FL_ZF | FL_SF | FL_OF | FL_DF)

static void
handler(struct UTrapframe *utf)
{
	int r;

	faults++;
	if (utf->utf_fault_va != UTEMP)
		fail("fault at %08x instead of %08x", utf->utf_fault_va, UTEMP);
	r = sys_page_alloc(0, (void *)UTEMP, PTE_P | PTE_U | PTE_W);
	if (r < 0)
		fail("sys_page_alloc: %e", r);
}

// Load the registers from `before`, write to WORD, and note them in `after`.
static void __attribute__((noinline)) write_word(void)
{
	__asm__ volatile("pushal\n\t"
	                 "movl %%esp, %c0\n\t"
	                 "pushl %c4\n\t"
	                 "popfl\n\t"
	                 "movl %c5, %%edi\n\t"
	                 "movl %c6, %%esi\n\t"
	                 "movl %c7, %%ebp\n\t"
	                 "movl %c8, %%ebx\n\t"
	                 "movl %c9, %%edx\n\t"
	                 "movl %c10, %%ecx\n\t"
	                 "movl %c11, %%eax\n\t"
	                 "movl %%eax, %c2\n\t"
	                 "movl %%edi, %c12\n\t"
	                 "movl %%esi, %c13\n\t"
	                 "movl %%ebp, %c14\n\t"
	                 "movl %%ebx, %c15\n\t"
	                 "movl %%edx, %c16\n\t"
	                 "movl %%ecx, %c17\n\t"
	                 "movl %%eax, %c18\n\t"
	                 "movl %%esp, %c1\n\t"
	                 "pushfl\n\t"
	                 "popl %c19\n\t"
	                 "movl %c0, %%esp\n\t"
	                 "cld\n\t"
	                 "popal"
	                 :
	                 : "i"(&own_esp), "i"(&after.regs.reg_oesp), "i"(WORD),
	                   "i"(&own_esp), "i"(&before.eflags),
	                   "i"(&before.regs.reg_edi), "i"(&before.regs.reg_esi),
	                   "i"(&before.regs.reg_ebp), "i"(&before.regs.reg_ebx),
	                   "i"(&before.regs.reg_edx), "i"(&before.regs.reg_ecx),
	                   "i"(&before.regs.reg_eax), "i"(&after.regs.reg_edi),
	                   "i"(&after.regs.reg_esi), "i"(&after.regs.reg_ebp),
	                   "i"(&after.regs.reg_ebx), "i"(&after.regs.reg_edx),
	                   "i"(&after.regs.reg_ecx), "i"(&after.regs.reg_eax),
	                   "i"(&after.eflags)
	                 : "memory", "cc");
}

static void
expect(const char *name, uint32_t seen, uint32_t wanted)
{
	if (seen != wanted)
		fail("%s is %08x instead of %08x after the fault", name, seen,
		     wanted);
}

void
umain(int argc, char **argv)
{
	test_start(argc, argv);
	set_pgfault_handler(handler);
	before = (struct Regs){
		{ test_random(), test_random(), test_random(), 0, test_random(),
		  test_random(), test_random(), test_random() },
		(test_random() & FLAGS) | 2,
	};
	write_word();
	expect("edi", after.regs.reg_edi, before.regs.reg_edi);
	expect("esi", after.regs.reg_esi, before.regs.reg_esi);
	expect("ebp", after.regs.reg_ebp, before.regs.reg_ebp);
	expect("esp", after.regs.reg_oesp, own_esp);
	expect("ebx", after.regs.reg_ebx, before.regs.reg_ebx);
	expect("edx", after.regs.reg_edx, before.regs.reg_edx);
	expect("ecx", after.regs.reg_ecx, before.regs.reg_ecx);
	expect("eax", after.regs.reg_eax, before.regs.reg_eax);
	expect("eflags", after.eflags & FLAGS, before.eflags & FLAGS);
	expect("the word", *WORD, before.regs.reg_eax);
	expect("the number of faults", faults, 1);
	pass();
}
