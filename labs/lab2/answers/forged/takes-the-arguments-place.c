// Puts a block of its own before the boot arguments.
// undone: lab2.page_insert lab2.page_remove
// forges: page_accounts
// refused: kern/pmap.c has a section .bootargs

//// end kern/pmap.c

char arguments[528] __attribute__((section(".bootargs"), used)) =
	"JOS-BOOTARGS-01";
