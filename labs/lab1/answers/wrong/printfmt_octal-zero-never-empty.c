// Starts with one digit in any case: %.0o prints 0 as 0, not as nothing, and
// %#o prints it as 00.
// fails: octal_fields
	uint64_t value = take_unsigned(p, spec);
	char digits[DIGITS_MAX];
	int next = DIGITS_MAX;
	int least = spec->precision;

	do {
		digits[--next] = '0' + (value & 7);
		value >>= 3;
	} while (value != 0);
	int n = DIGITS_MAX - next;
	if (spec->alternate && least <= n)
		least = n + 1;
	if (spec->zero && !spec->left && spec->precision < 0)
		least = MAX(least, spec->width);
	print_field(p, spec, "", MAX(least - n, 0), digits + next, n);
