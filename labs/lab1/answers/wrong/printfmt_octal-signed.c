// Copied from %d: a number with the highest bit set prints as a negative one.
// fails: printf octal_fields
// says: [37777777777]
	int64_t value = take_signed(p, spec);
	const char *sign = "";

	if (value < 0)
		sign = "-";
	print_number(p, spec, sign, magnitude(value), 8);
