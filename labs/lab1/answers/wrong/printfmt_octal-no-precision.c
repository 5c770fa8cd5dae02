// Prints the digits itself and pads to the width, with blanks or zeros, but
// forgets the precision: %.4o prints 8 as 10.
// fails: octal_fields
	uint64_t value = take_unsigned(p, spec);
	char digits[DIGITS_MAX];
	int next = DIGITS_MAX, zeros = 0;

	do {
		digits[--next] = '0' + (value & 7);
		value >>= 3;
	} while (value != 0);
	int n = DIGITS_MAX - next;
	if (spec->alternate && digits[next] != '0')
		zeros = 1;
	if (spec->zero && !spec->left && spec->precision < 0)
		zeros = MAX(zeros, spec->width - n);
	print_field(p, spec, "", zeros, digits + next, n);
