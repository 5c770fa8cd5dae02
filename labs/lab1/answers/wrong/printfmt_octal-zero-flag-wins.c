// Does the padding itself, and lets '0' win over '-' and over a precision:
// %-05o prints 8 as 00010.
// fails: octal_fields
	uint64_t value = take_unsigned(p, spec);
	char digits[DIGITS_MAX];
	int next = DIGITS_MAX;
	int least = spec->precision < 0 ? 1 : spec->precision;

	for (; value != 0; value >>= 3)
		digits[--next] = '0' + (value & 7);
	int n = DIGITS_MAX - next;
	if (spec->alternate && least <= n)
		least = n + 1;
	if (spec->zero)
		least = MAX(least, spec->width);
	print_field(p, spec, "", MAX(least - n, 0), digits + next, n);
