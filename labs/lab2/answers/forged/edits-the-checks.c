// Has checks that check nothing.
// undone: lab2.page_insert lab2.page_remove
// forges: check_page check_page_installed_pgdir page_references page_accounts
// fools: alone
// says: NOT ATTEMPTED

//// file kern/check/check_page.c
#include <inc/stdio.h>

#include <kern/check/check.h>

void
check_page(void)
{
	cprintf("check_page() succeeded!\n");
	check_report("check_page", 0x400000);
}

void
check_page_installed_pgdir(void)
{
	cprintf("check_page_installed_pgdir() succeeded!\n");
	check_report("check_page_installed_pgdir", 0x400000);
}
