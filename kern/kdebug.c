// From an instruction's address to function, file and line, with the debug
// tables that the kernel and every program carry (inc/symtab.h).

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/x86.h>

#include <kern/bootargs.h>
#include <kern/kdebug.h>

// The kernel's own table, in its own section (kern/kernel.ld).
extern const struct Symtab symtable[];

// Find the parts of the table whose header is at `table`: rows, functions and
// strings follow it in this order. Only the header is read.
//
// Returns:  true with the parts in *view; false when the magic is wrong or the
//           parts could not fit in 32 bits of address space.
bool
symtab_view(const struct Symtab *table, struct Symview *view)
{
	// Bounds that keep the sums below from wrapping, and SYM_NONE from
	// being a function's index.
	if (table->st_magic != SYMTAB_MAGIC || table->st_nlines > 1 << 20 ||
	    table->st_nfuncs >= SYM_NONE || table->st_strsize > 1 << 24)
		return false;
	view->nlines = table->st_nlines;
	view->nfuncs = table->st_nfuncs;
	view->strsize = table->st_strsize;
	view->lines = (const struct Symline *)(table + 1);
	view->funcs = (const struct Symfunc *)(view->lines + view->nlines);
	view->strings = (const char *)(view->funcs + view->nfuncs);
	return true;
}

// Look up the instruction at `eip`, in the kernel or the running program.
//
// Returns:  0 when it was found, else -1; *info is filled in either way, with
//           "<unknown>" for unknown names. With the boot argument symbols=0
//           nothing is looked up.
int
debuginfo_eip(uintptr_t eip, struct Eipdebuginfo *info)
{
	struct Symview view;

	// Only the part of this name in angle brackets counts: code that prints
	// more ignores eip_fn_namelen.
	*info = (struct Eipdebuginfo){
		.eip_file = "<unknown>",
		.eip_fn_name = "<unknown>, in no debug table",
		.eip_fn_namelen = 9,
		.eip_fn_addr = eip,
		.eip_fn_narg = 5,
	};
	if (!bootparams.symbols)
		return -1;
	if (eip >= ULIM) {
		if (!symtab_view(symtable, &view))
			return -1;
	} else if (debuginfo_user(&view) < 0) {
		return -1;
	}
	return debuginfo_line(&view, eip, info);
}

// Is the page of `va` mapped in the loaded address space? The page directory
// may still be the one of kern/entry.S.
static bool
mapped(uintptr_t va)
{
	const pde_t *pgdir = (const pde_t *)(rcr3() + KERNBASE);
	pde_t pde = pgdir[PDX(va)];
	const pte_t *pt = (const pte_t *)(PTE_ADDR(pde) + KERNBASE);

	if (!(pde & PTE_P))
		return false;
	return (pde & PTE_PS) || (pt[PTX(va)] & PTE_P);
}

// Can the stack frame at `ebp` be read: the caller's frame pointer, the return
// address and five words of arguments, 28 bytes in all? The outermost frame's
// saved frame pointer is 0, which is no frame.
bool
frame_readable(uintptr_t ebp)
{
	const uint32_t size = 7 * sizeof(uint32_t);

	return ebp != 0 && ebp % sizeof(uint32_t) == 0 && ebp + size > ebp &&
	       mapped(ebp) && mapped(ebp + size - 1);
}
