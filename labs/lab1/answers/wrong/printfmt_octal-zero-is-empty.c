// A loop that ends when nothing is left of the number never runs for 0, so that
// 0 prints as nothing.
// fails: printf
// says: 0 is printed wrongly in the format %o
	uint64_t value = take_unsigned(p, spec);
	char digits[DIGITS_MAX];
	int n = DIGITS_MAX;

	for (; value != 0; value >>= 3)
		digits[--n] = '0' + (value & 7);
	print_field(p, spec, "", 0, digits + n, DIGITS_MAX - n);
