// Takes the argument as a signed number, which is then widened to 64 bits:
// 0xffffffff gets eleven digits too many.
// fails: printf octal_fields
// says: [37777777777]
	print_number(p, spec, "", take_signed(p, spec), 8);
