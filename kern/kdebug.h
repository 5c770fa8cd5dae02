// From an instruction's address to function, file and line.
#ifndef JOS_KERN_KDEBUG_H
#define JOS_KERN_KDEBUG_H

#include <inc/symtab.h>
#include <inc/types.h>

// The debug information of an instruction.
struct Eipdebuginfo {
	const char *eip_file;    // source file
	int eip_line;            // line in it
	const char *eip_fn_name; // function, not NUL-terminated
	int eip_fn_namelen;      // length of the name
	uintptr_t eip_fn_addr;   // first instruction of the function
	int eip_fn_narg;         // always 5: DWARF's count is not in the table
};

// A debug table in memory (inc/symtab.h): its parts have been located and are
// readable, its last string is terminated.
struct Symview {
	const struct Symline *lines;
	const struct Symfunc *funcs;
	const char *strings;
	uint32_t nlines, nfuncs, strsize;
};

// kern/kdebug.c
int debuginfo_eip(uintptr_t eip, struct Eipdebuginfo *info);
bool symtab_view(const struct Symtab *table, struct Symview *view);
bool frame_readable(uintptr_t ebp);

// kern/debuginfo.c
int debuginfo_line(const struct Symview *view, uintptr_t addr,
                   struct Eipdebuginfo *info);

// kern/usersyms.c
int debuginfo_user(struct Symview *view);

#endif
