// The debug table of the program that is running.

#include <inc/assert.h>
#include <inc/error.h>
#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/string.h>
#include <inc/symtab.h>

#include <kern/env.h>
#include <kern/kdebug.h>
#include <kern/pmap.h>

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
