// Keeps the lock while a program runs.
// fails: cpus

	switch (where) {
	case FROM_KERNEL:
		return LOCK_KEEP;
	case TO_USER:
		return LOCK_KEEP;
	case TO_HALT:
		return LOCK_DROP;
	case BOOT_STARTS:
		return LOCK_TAKE;
	case CPU_STARTS:
		return LOCK_TAKE;
	case FROM_USER:
		return LOCK_TAKE;
	case FROM_HALT:
		return LOCK_TAKE;
	default:
		return LOCK_KEEP;
	}
