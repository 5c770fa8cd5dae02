// Stores the lowest digit first and prints the digits in that order.
// fails: printf octal_fields conversions boot_disk
// says: expected: 6828 decimal is 15254 octal!
	uint64_t value = take_unsigned(p, spec);
	char digits[DIGITS_MAX];
	int n = 0;

	do {
		digits[n++] = '0' + (value & 7);
		value >>= 3;
	} while (value != 0);
	print_field(p, spec, "", 0, digits, n);
