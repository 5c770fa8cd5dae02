// Works the digits out three bits at a time instead of leaving them to
// print_number, and obeys the precision and all flags itself.
	uint64_t value = take_unsigned(p, spec);
	char digits[DIGITS_MAX];
	int next = DIGITS_MAX;
	int least = spec->precision < 0 ? 1 : spec->precision;

	for (; value != 0; value >>= 3)
		digits[--next] = '0' + (value & 7);
	int n = DIGITS_MAX - next;
	if (spec->alternate && least <= n)
		least = n + 1;
	if (spec->zero && !spec->left && spec->precision < 0)
		least = MAX(least, spec->width);
	print_field(p, spec, "", MAX(least - n, 0), digits + next, n);
