// Tells 64 bits from 32 but forgets the smaller lengths: %hho and %ho print the
// whole int that was passed.
// fails: octal_fields
	uint64_t value;

	if (spec->size == sizeof(uint64_t))
		value = va_arg(p->args, uint64_t);
	else
		value = va_arg(p->args, uint32_t);
	print_number(p, spec, "", value, 8);
