// Adds the 0 of '#' as a prefix, which print_number does already: %#o prints 8
// as 0010.
// fails: octal_fields
// says: is printed wrongly in the format %#o
	const char *prefix = spec->alternate ? "0" : "";

	print_number(p, spec, prefix, take_unsigned(p, spec), 8);
