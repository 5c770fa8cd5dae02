// The kernel's debug table (inc/symtab.h), made by tools/symtab.py. build.mk
// assembles this twice: for the first link with an empty table.

	.section .symtable, "a"
	.globl	symtable
	.balign	4
symtable:
	.incbin	SYMTABLE
