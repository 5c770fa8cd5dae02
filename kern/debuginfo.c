// Looking up an address in a debug table.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/string.h>
#include <inc/symtab.h>

#include <kern/kdebug.h>

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
