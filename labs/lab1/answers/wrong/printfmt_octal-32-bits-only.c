// Forgets the length modifiers: of a 64-bit argument only the lower half is
// taken.
// fails: octal_fields
// says: is printed wrongly in the format
	uint32_t value = va_arg(p->args, uint32_t);

	print_number(p, spec, "", value, 8);
