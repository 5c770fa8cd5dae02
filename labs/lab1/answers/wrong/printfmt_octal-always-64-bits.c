// Takes 64 bits whatever the length modifier says, and so half of the next
// argument with an int.
// fails: printf octal_fields conversions boot_disk
// says: expected: 6828 decimal is 15254 octal!
	uint64_t value = va_arg(p->args, uint64_t);

	print_number(p, spec, "", value, 8);
