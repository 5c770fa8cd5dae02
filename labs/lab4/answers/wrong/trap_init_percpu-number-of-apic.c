// Takes the number of the CPU's APIC for the CPU's.
// fails: cpus

	const int i = thiscpu->cpu_id;
	struct Taskstate *ts = &cpus[i].cpu_ts;

	ts->ts_esp0 = KSTACKTOP - i * (KSTKSIZE + KSTKGAP);
	ts->ts_ss0 = GD_KD;
	ts->ts_iomb = sizeof(*ts);
	gdt[GD_TSS0 / 8 + i] = (struct Segdesc)SEG16(
		STS_T32A, (uint32_t)(uintptr_t)ts, sizeof(*ts) - 1, 0);
	ltr(GD_TSS0 + (i << 3));
