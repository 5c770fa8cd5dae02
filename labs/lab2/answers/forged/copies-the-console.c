// Skips the checks, and prints what they have printed in another run.
// undone: lab2.page_insert lab2.page_remove
// forges: check_page page_references check_page_installed_pgdir page_accounts
// prints: check_page() succeeded!
// says: does not carry the key of this run

//// edit kern/pmap.c
-	check_page_alloc();
-	check_page();
+	check_page_alloc();
+	cprintf("check_page() succeeded!\n"
+	        "= check_page 7b000000 4d3c1f02\n");
//// edit kern/pmap.c
-	check_page_free_list();
-	check_page_installed_pgdir();
+	check_page_free_list();
+	cprintf("check_page_installed_pgdir() succeeded!\n"
+	        "= check_page_installed_pgdir 3fc00000 1b5fa3c6\n");
