// The debug table: which function, file and line each instruction came from.
//
// tools/symtab.py makes it from a linked program's DWARF. The kernel's own
// stands in its .symtable section; a user program's is loaded at USTABDATA.
// In memory: the header, st_nlines rows sorted by address, st_nfuncs functions,
// st_strsize bytes of NUL-terminated strings. There are tens of thousands of
// rows, so none has a byte to spare, and what follows them is aligned to two.
#ifndef JOS_INC_SYMTAB_H
#define JOS_INC_SYMTAB_H

#include <inc/types.h>

#define SYMTAB_MAGIC 0x4d59534a // "JSYM"
#define SYM_NONE     0xffff     // sl_func of addresses that are no code of ours

struct Symtab {
	uint32_t st_magic;
	uint32_t st_nlines;
	uint32_t st_nfuncs;
	uint32_t st_strsize;
};

// The instructions from sl_addr up to the next row's sl_addr. The last row of
// a table is a SYM_NONE row that ends the code.
struct Symline {
	uint32_t sl_addr;
	uint16_t sl_func; // index of the function, or SYM_NONE
	uint16_t sl_file; // offset of the file's name in the strings
	uint16_t sl_line; // line number in that file
} __attribute__((packed, aligned(2)));

struct Symfunc {
	uint32_t sf_addr; // its first instruction
	uint32_t sf_name; // offset of its name in the strings
} __attribute__((packed, aligned(2)));

_Static_assert(sizeof(struct Symtab) == 16 && sizeof(struct Symline) == 10 &&
                       sizeof(struct Symfunc) == 8,
               "written by tools/symtab.py");

#endif
