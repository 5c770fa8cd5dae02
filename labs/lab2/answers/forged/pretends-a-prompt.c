// Says that all went well, and shows a prompt without reading a command.
// undone: lab2.page_insert lab2.page_remove
// forges: check_page
// prints: Welcome to the JOS kernel monitor!
// says: it made no progress

//// edit kern/pmap.c
-	page_free_list = list;
+	page_free_list = list;
+	cprintf("check_page() succeeded!\n");
+	cprintf("Welcome to the JOS kernel monitor!\nK> ");
+	for (;;)
+		cpu_pause();
