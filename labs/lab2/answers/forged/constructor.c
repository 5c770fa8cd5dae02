// Has a function called before the kernel starts.
// undone: lab2.page_insert lab2.page_remove
// forges: check_page
// refused: kern/pmap.c has a section .init_array

//// end kern/pmap.c

static void __attribute__((constructor, used))
early(void)
{
	cprintf("check_page() succeeded!\n");
}
