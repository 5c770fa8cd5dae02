// Takes the lock at a trap in the kernel, which holds it.
// fails: cpus

	switch (where) {
	case FROM_KERNEL:
		return LOCK_TAKE;
	case TO_USER:
		return LOCK_DROP;
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
