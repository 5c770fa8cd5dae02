// Fills in the whole task state at once, through a pointer to the descriptor.

	const uint32_t number = thiscpu - cpus;
	struct Segdesc *desc = gdt + GD_TSS0 / sizeof(*desc) + number;

	thiscpu->cpu_ts = (struct Taskstate){
		.ts_esp0 = KSTACKTOP_OF(number),
		.ts_ss0 = GD_KD,
		.ts_iomb = 0xffff,
	};
	*desc = (struct Segdesc)SEG16(STS_T32A, (uintptr_t)&thiscpu->cpu_ts,
	                              sizeof(struct Taskstate) - 1, 0);
	ltr((uintptr_t)desc - (uintptr_t)gdt);
