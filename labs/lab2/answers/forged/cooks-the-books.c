// Loses references, and counts them anew when the checks have run.
// undone: lab2.page_remove
// forges: check_page page_references page_accounts check_page_installed_pgdir
// prints: kernel panic
// says: pp_ref of page

//// edit kern/pmap.c
-	boot_map_region(kern_pgdir, KERNBASE, -(size_t)KERNBASE, 0, PTE_W);
+	boot_map_region(kern_pgdir, KERNBASE, -(size_t)KERNBASE, 0, PTE_W);
+	for (size_t n = 0; n < npages; n++)
+		pages[n].pp_ref = 0;
+	for (size_t n = 0; n < NPDENTRIES; n++)
+		if (kern_pgdir[n] & PTE_P && n != PDX(UVPT))
+			pages[PGNUM(kern_pgdir[n])].pp_ref = 1;
//// region lab2.page_remove
	pte_t *pte = pgdir_walk(pgdir, va, 0);

	if (pte)
		*pte = 0;
	invlpg(va);
