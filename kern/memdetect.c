// How much memory is there?

#include <inc/memlayout.h>
#include <inc/stdio.h>
#include <inc/types.h>
#include <inc/x86.h>

#include <kern/pmap.h>

// The clock chip's battery-backed memory: write a register number to the first
// port, read its contents from the second.
enum {
	NVRAM_INDEX = 0x70,
	NVRAM_DATA = 0x71,
	NVRAM_NMI_OFF = 0x80, // in NVRAM_INDEX: keep the NMI masked

	// Registers; a value's high byte is in the next one.
	NVRAM_BASE = 0x15,  // KiB below 640 KiB
	NVRAM_EXT = 0x17,   // KiB above 1 MiB, at most 63 MiB
	NVRAM_EXT16 = 0x34, // 64-KiB units above 16 MiB
};

// Two bytes of the clock chip's memory, the lower from register `reg`.
//
// Source: Intel 8 Series PCH data sheet, "RTC Registers"; the meaning of the
// registers is the BIOS's: SeaBIOS, "CMOS memory map".
static uint32_t
nvram_read16(uint8_t reg)
{
	uint32_t lo, hi;

	outb(NVRAM_INDEX, NVRAM_NMI_OFF | reg);
	lo = inb(NVRAM_DATA);
	outb(NVRAM_INDEX, NVRAM_NMI_OFF | (reg + 1));
	hi = inb(NVRAM_DATA);
	return hi << 8 | lo;
}

void
detect_memory(void)
{
	const uint32_t max_kib = MAXPHYSMEM / 1024;
	uint32_t base = nvram_read16(NVRAM_BASE);
	uint32_t ext = nvram_read16(NVRAM_EXT);
	uint32_t above16m = nvram_read16(NVRAM_EXT16) * 64;
	uint32_t total = EXTPHYSMEM / 1024 + ext, ignored = 0;

	if (above16m)
		total = 16 * 1024 + above16m;
	if (total > max_kib) {
		ignored = total - max_kib;
		total = max_kib;
	}
	npages = total / (PGSIZE / 1024);
	cprintf("Physical memory: %uK available, base = %uK, extended = %uK\n",
	        total, base, total - EXTPHYSMEM / 1024);
	if (ignored)
		cprintf("The %uK above %uM are ignored: the kernel maps no "
		        "more.\n",
		        ignored, max_kib / 1024);
}
