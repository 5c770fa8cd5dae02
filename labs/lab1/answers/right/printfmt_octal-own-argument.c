// Takes the argument itself, a case for each size.
	uint64_t value;

	switch (spec->size) {
	case 1:
		value = (uint8_t)va_arg(p->args, int);
		break;
	case 2:
		value = (uint16_t)va_arg(p->args, int);
		break;
	case 8:
		value = va_arg(p->args, unsigned long long);
		break;
	default:
		value = va_arg(p->args, unsigned int);
		break;
	}
	print_number(p, spec, "", value, 8);
