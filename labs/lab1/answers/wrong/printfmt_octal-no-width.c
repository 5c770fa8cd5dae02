// Prints the digits itself, one at a time, and so without any width, precision
// or flag.
// fails: octal_fields
// says: is printed wrongly in the format
	uint64_t value = take_unsigned(p, spec);
	char digits[DIGITS_MAX];
	int n = 0;

	do {
		digits[n++] = '0' + value % 8;
		value /= 8;
	} while (value != 0);
	while (n > 0)
		p->putch(digits[--n], p->putdat);
