// Does '#' by a prefix of its own, for 0 as well: %#o prints 0 as 00, and
// %#.4o prints 8 as 00010.
// fails: octal_fields
	struct Spec plain = *spec;
	const char *prefix = spec->alternate ? "0" : "";

	plain.alternate = false;
	print_number(p, &plain, prefix, take_unsigned(p, spec), 8);
