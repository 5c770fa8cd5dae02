// Copied from %d with its flags: %+o puts a plus sign before a number that
// cannot have any.
// fails: octal_fields
	const char *sign = "";

	if (spec->plus)
		sign = "+";
	else if (spec->space)
		sign = " ";
	print_number(p, spec, sign, take_unsigned(p, spec), 8);
