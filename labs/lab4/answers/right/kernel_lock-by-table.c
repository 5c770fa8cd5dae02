// Looks it up in a table; LOCK_KEEP is 0.

	static const enum Lockaction actions[NPASSAGES] = {
		[BOOT_STARTS] = LOCK_TAKE, [CPU_STARTS] = LOCK_TAKE,
		[FROM_USER] = LOCK_TAKE,   [FROM_HALT] = LOCK_TAKE,
		[TO_USER] = LOCK_DROP,     [TO_HALT] = LOCK_DROP,
	};

	return actions[where];
