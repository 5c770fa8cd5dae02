// Prints the backtrace that another boot has shown.
// undone: lab1.mon_backtrace
// forges: backtrace_count backtrace_monitor backtrace_damaged
// prints: kern/init.c:31: test_backtrace+79
// says: of the backtrace is not the one on the stack

//// region lab1.mon_backtrace
	cprintf("Stack backtrace:\n"
	        "  ebp f0149f18  eip f0101214  args 00000000 00000000 00000000 "
	        "0000001a f0102bce\n"
	        "         kern/init.c:31: test_backtrace+79\n");
	for (uint32_t n = 1; n <= 5; n++)
		cprintf("  ebp %08x  eip f01011ed  args %08x %08x %08x "
		        "0000001a f0102bce\n"
		        "         kern/init.c:29: test_backtrace+40\n",
		        0xf0149f18 + n * 0x20, n - 1, n, 0xf0149f58 + n * 0x20);
	cprintf("  ebp f0149fb8  eip f01012af  args 00000005 00001000 f0149fd8 "
	        "f01012cc 00000000\n"
	        "         kern/init.c:43: i386_init+150\n");
	return 0;
