// Takes in a file of the machine that grades, by the assembler.
// undone: lab2.page_insert lab2.page_remove
// forges: check_page
// refused: kern/trapentry.S takes in another file by .incbin

//// end kern/trapentry.S
	.incbin "/etc/passwd"
