// From an instruction's address to function, file and line, with the debug
// tables that the kernel and every program carry (inc/symtab.h).

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/bootargs.h>
#include <kern/env.h>
#include <kern/kdebug.h>
#include <kern/pmap.h>

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

// Find the instruction at `addr` in a debug table.
//
// The rows of the table are sorted by address; the one that counts is the last
// whose sl_addr is at or below `addr` (there can be thousands of rows: halve
// them, do not walk them). It is found if that row exists and names a function.
// A program's table may hold any nonsense: a row whose function index is not
// below nfuncs, or whose file or function name does not start below strsize,
// counts as not found.
//
// Returns:  0 with eip_file, eip_line, eip_fn_name, eip_fn_namelen and
//           eip_fn_addr of *info set; -1 when nothing is found, and *info is
//           as it was.
int
debuginfo_line(const struct Symview *view, uintptr_t addr,
               struct Eipdebuginfo *info)
{
	// @solution lab1.debuginfo_line
	const struct Symline *row;
	const struct Symfunc *func;
	uint32_t lo = 0, hi = view->nlines;

	// Rows below lo start at or below addr, rows from hi on start above it.
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (view->lines[mid].sl_addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0)
		return -1;
	row = &view->lines[lo - 1];
	if (row->sl_func >= view->nfuncs || row->sl_file >= view->strsize)
		return -1;
	func = &view->funcs[row->sl_func];
	if (func->sf_name >= view->strsize)
		return -1;
	info->eip_file = view->strings + row->sl_file;
	info->eip_line = row->sl_line;
	info->eip_fn_name = view->strings + func->sf_name;
	info->eip_fn_namelen = strlen(info->eip_fn_name);
	info->eip_fn_addr = func->sf_addr;
	return 0;
	// @end lab1.debuginfo_line
}

// Find the debug table of the program that is running, at USTABDATA in its
// memory.
//
// It is the program's: every byte that the kernel is going to read, the header
// first and then each of the three parts (symtab_view finds them), must be
// memory that the current environment may read, and the last byte of the
// strings (there must be one) must be 0, so that no string runs out of them.
//
// Returns:  0 with *view filled in, or -1 when there is no current environment
//           or its table is not to be trusted.
int
debuginfo_user(struct Symview *view)
{
	// @solution lab3.debuginfo_user
	const struct Symtab *table = (const struct Symtab *)USTABDATA;

	if (!curenv || user_mem_check(curenv, table, sizeof(*table), PTE_U) < 0)
		return -1;
	if (!symtab_view(table, view))
		return -1;
	if (user_mem_check(curenv, view->lines,
	                   view->nlines * sizeof(*view->lines), PTE_U) < 0 ||
	    user_mem_check(curenv, view->funcs,
	                   view->nfuncs * sizeof(*view->funcs), PTE_U) < 0 ||
	    user_mem_check(curenv, view->strings, view->strsize, PTE_U) < 0)
		return -1;
	if (view->strsize == 0 || view->strings[view->strsize - 1] != '\0')
		return -1;
	return 0;
	// @end lab3.debuginfo_user
}

// Find out what is known of the instruction at `eip`, of the kernel or of the
// program that is running.
//
// Returns:  0 when it was found, else -1; *info is filled in either way, with
//           "<unknown>" for names that are not known. With the boot argument
//           symbols=0 nothing is looked up.
int
debuginfo_eip(uintptr_t eip, struct Eipdebuginfo *info)
{
	struct Symview view;

	// Of this function's name only what is in angle brackets counts: who
	// prints more does not obey eip_fn_namelen.
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

// Is the page of `va` mapped in the address space that is loaded? The page
// directory may still be the one of kern/entry.S.
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
// saved frame pointer is 0, and no frame is there.
bool
frame_readable(uintptr_t ebp)
{
	const uint32_t size = 7 * sizeof(uint32_t);

	return ebp != 0 && ebp % sizeof(uint32_t) == 0 && ebp + size > ebp &&
	       mapped(ebp) && mapped(ebp + size - 1);
}
