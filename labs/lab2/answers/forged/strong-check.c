// Defines a check of the staff once more, and hopes for the linker.
// undone: lab2.page_insert lab2.page_remove
// forges: check_page
// says: The kernel does not compile

//// end kern/pmap.c

void
check_page(void)
{
	cprintf("check_page() succeeded!\n");
}
