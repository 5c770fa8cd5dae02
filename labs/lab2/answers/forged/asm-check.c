// Makes the name of a check lead to its own code, in assembly.
// undone: lab2.page_insert lab2.page_remove
// forges: check_page
// refused: kern/pmap.c uses __asm__(".globlcheck_page

//// end kern/pmap.c

__asm__(".globl check_page; .set check_page, page_insert");
