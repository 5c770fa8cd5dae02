// Monitor commands that inspect memory and its mappings.

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/monitor.h>
#include <kern/pmap.h>

// Parse the number `word` (0x.. hexadecimal, 0.. octal, else decimal; addresses
// without 0x are tried as hexadecimal too). Prints a message if it is not one.
static bool
parse(const char *word, int base, uint32_t *value)
{
	char *rest;

	*value = strtol(word, &rest, base);
	if (rest != word && *rest == '\0')
		return true;
	cprintf("'%s' is not a number\n", word);
	return false;
}

// The loaded page directory.
static pde_t *
loaded_pgdir(void)
{
	return (pde_t *)(rcr3() + KERNBASE);
}

// Follow `va` through the loaded page tables.
//
// Returns:  the entry that maps the page, with the U and W bits of both levels
//           combined; 0 if nothing is mapped.
static pte_t
translate(uintptr_t va)
{
	const pde_t pde = loaded_pgdir()[PDX(va)];
	pte_t pte;

	if (!(pde & PTE_P))
		return 0;
	if (pde & PTE_PS)
		return (pde & ~(PTSIZE - 1)) + (va & (PTSIZE - PGSIZE)) +
		       (pde & (PGSIZE - 1));
	pte = ((const pte_t *)(PTE_ADDR(pde) + KERNBASE))[PTX(va)];
	if (!(pte & PTE_P))
		return 0;
	return pte & (pde | ~(PTE_U | PTE_W));
}

// Print an entry's flags: a letter for each one that is set.
static void
print_flags(pte_t pte)
{
	static const struct {
		uint32_t bit;
		char letter;
	} flags[] = {
		{ PTE_G, 'G' }, { PTE_PS, 'S' },  { PTE_D, 'D' },
		{ PTE_A, 'A' }, { PTE_PCD, 'C' }, { PTE_PWT, 'T' },
		{ PTE_U, 'U' }, { PTE_W, 'W' },   { PTE_P, 'P' },
	};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		cputchar(pte & flags[i].bit ? flags[i].letter : '-');
}

// Print one line for the pages from `va` to `last`: they map to consecutive
// physical pages with equal flags, or are all unmapped.
static void
print_range(uintptr_t va, uintptr_t last, pte_t pte)
{
	cprintf("  %08x-%08x  ", (uint32_t)va, (uint32_t)(last | (PGSIZE - 1)));
	if (!(pte & PTE_P)) {
		cprintf("not mapped\n");
		return;
	}
	cprintf("phys %08x-%08x  ", PTE_ADDR(pte),
	        PTE_ADDR(pte) + (uint32_t)(last - va) + PGSIZE - 1);
	print_flags(pte);
	cprintf("\n");
}

// Does one line describe both the page with entry `a` and the one `distance`
// bytes further with entry `b`? The accessed and dirty bits are ignored.
static bool
alike(pte_t a, pte_t b, uint32_t distance)
{
	const uint32_t noted = PTE_A | PTE_D;

	if (!((a | b) & PTE_P))
		return true;
	return ((a + distance) & ~noted) == (b & ~noted);
}

// Print the mappings of all pages from `va` to `last`, a line for each range of
// equal ones. Unmapped ranges are printed only if `holes` is set.
static void
print_mappings(uintptr_t va, uintptr_t last, bool holes)
{
	while (1) {
		pte_t first = translate(va);
		uintptr_t stop = va;

		while (stop < last && alike(first, translate(stop + PGSIZE),
		                            stop + PGSIZE - va))
			stop += PGSIZE;
		if (first || holes)
			print_range(va, stop, first);
		if (stop >= last)
			return;
		va = stop + PGSIZE;
	}
}

int
mon_showmappings(int argc, char **argv, struct Trapframe *tf)
{
	uint32_t va, last;

	if (argc < 2 || argc > 3) {
		cprintf("usage: showmappings VA [LAST]  (hexadecimal)\n");
		return 0;
	}
	if (!parse(argv[1], 16, &va) || !parse(argv[argc - 1], 16, &last))
		return 0;
	if (last < va) {
		cprintf("the range ends before it starts\n");
		return 0;
	}
	print_mappings(ROUNDDOWN(va, PGSIZE), ROUNDDOWN(last, PGSIZE), true);
	return 0;
}

int
mon_pgtables(int argc, char **argv, struct Trapframe *tf)
{
	cprintf("Page directory at %08x (phys)\n", rcr3());
	print_mappings(0, UVPT - PGSIZE, false);
	cprintf("  %08x-%08x  the page tables themselves\n", UVPT, ULIM - 1);
	print_mappings(ULIM, -(uintptr_t)PGSIZE, false);
	return 0;
}

// Change *bits as `word` says: "+w" sets the W bit, "-w" clears it; u likewise.
// They can be combined, as in "+u-w".
static bool
parse_perms(const char *word, pte_t *bits)
{
	bool set = true;

	for (; *word; word++) {
		pte_t bit = *word == 'u' ? PTE_U : *word == 'w' ? PTE_W : 0;

		if (*word == '+' || *word == '-')
			set = *word == '+';
		else if (bit)
			*bits = set ? *bits | bit : *bits & ~bit;
		else
			return false;
	}
	return true;
}

int
mon_setperm(int argc, char **argv, struct Trapframe *tf)
{
	uint32_t va;
	pde_t *pde;
	pte_t *entry, bits;

	if (argc != 3) {
		cprintf("usage: setperm VA [+-][uw]...  as in: setperm "
		        "f0100000 -w\n");
		return 0;
	}
	if (!parse(argv[1], 16, &va))
		return 0;
	if (!translate(va)) {
		cprintf("%08x is not mapped\n", va);
		return 0;
	}
	pde = &loaded_pgdir()[PDX(va)];
	entry = *pde & PTE_PS ? pde
	                      : (pte_t *)(PTE_ADDR(*pde) + KERNBASE) + PTX(va);
	bits = *entry;
	if (!parse_perms(argv[2], &bits)) {
		cprintf("permissions are + or - and the letters u, w\n");
		return 0;
	}
	cprintf("was ");
	print_mappings(ROUNDDOWN(va, PGSIZE), ROUNDDOWN(va, PGSIZE), true);
	*entry = bits;
	invlpg((void *)(uintptr_t)va);
	cprintf("now ");
	print_mappings(ROUNDDOWN(va, PGSIZE), ROUNDDOWN(va, PGSIZE), true);
	return 0;
}

// The kernel address of the word at `addr`, or NULL if nothing is there.
static const uint32_t *
word_at(uint32_t addr, bool physical)
{
	if (physical)
		addr = addr < npages * PGSIZE || npages == 0 ? addr + KERNBASE
		                                             : 0;
	return addr && translate(addr) ? (const uint32_t *)(uintptr_t)addr
	                               : NULL;
}

int
mon_dump(int argc, char **argv, struct Trapframe *tf)
{
	uint32_t addr, words = 16;
	bool physical = argc > 1 && strcmp(argv[1], "p") == 0;

	if (argc < 3 || argc > 4 || (!physical && strcmp(argv[1], "v") != 0)) {
		cprintf("usage: dump v|p ADDR [WORDS]  (ADDR hexadecimal)\n");
		return 0;
	}
	if (!parse(argv[2], 16, &addr) ||
	    (argc == 4 && !parse(argv[3], 0, &words)))
		return 0;
	addr = ROUNDDOWN(addr, sizeof(uint32_t));
	for (uint32_t i = 0; i < words; i++, addr += sizeof(uint32_t)) {
		const uint32_t *word = word_at(addr, physical);

		if (i % 4 == 0)
			cprintf("%s%08x:", i ? "\n" : "", addr);
		if (word)
			cprintf(" %08x", *word);
		else
			cprintf(" --------");
	}
	cprintf("\n");
	return 0;
}
