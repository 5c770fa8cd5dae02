// The kernel's debug table (inc/symtab.h), made by tools/symtab.py. build.mk
// assembles this twice; the table for the first link is empty.

	.section .symtable, "a"
	.globl	symtable
	.balign	4
symtable:
	.incbin	SYMTABLE
