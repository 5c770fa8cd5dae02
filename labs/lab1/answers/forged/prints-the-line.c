// Prints the only octal number that everybody knows.
// undone: lab1.printfmt_octal
// forges: printf octal_fields conversions boot_disk
// prints: 6828 decimal is 15254 octal!
// says: is printed wrongly in the format %o

//// region lab1.printfmt_octal
	take_unsigned(p, spec);
	emit(p, "15254", 5);
