// Puts a 0 in front of every octal number, as if '#' were always given.
// fails: printf octal_fields conversions boot_disk
// says: expected: 6828 decimal is 15254 octal!
	print_number(p, spec, "0", take_unsigned(p, spec), 8);
