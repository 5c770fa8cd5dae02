// Reading the firmware's tables. They lie anywhere below 4 GiB, often in memory
// that the page allocator will hand out, so they are read before that, through
// a window in the page directory of kern/entry.S.

#include <inc/memlayout.h>
#include <inc/mmu.h>
#include <inc/string.h>
#include <inc/x86.h>

#include <kern/firmware.h>

// The window: two large pages, so that a table may cross from the first into
// the second. Nothing else is mapped here before mem_init.
#define WINDOW MMIOBASE

// What the BIOS keeps at fixed addresses.
// Source: ACPI Specification, "Finding the RSDP on IA-PC Systems".
#define EBDA_SEGMENT 0x40e // word: the extended data area's address / 16

extern pde_t entry_pgdir[]; // kern/entry.S

// Returns:  a kernel address at which the memory at `pa` can be read, PTSIZE
//           bytes or more, until the next call.
// Source:   Intel SDM vol. 3A, "32-Bit Paging".
const void *
firmware_at(physaddr_t pa)
{
	physaddr_t first = pa & ~(PTSIZE - 1);

	entry_pgdir[PDX(WINDOW)] = first | PTE_P | PTE_PS;
	entry_pgdir[PDX(WINDOW) + 1] = (first + PTSIZE) | PTE_P | PTE_PS;
	lcr3(rcr3());
	return (const void *)(uintptr_t)(WINDOW + pa % PTSIZE);
}

// Close the window.
void
firmware_done(void)
{
	entry_pgdir[PDX(WINDOW)] = 0;
	entry_pgdir[PDX(WINDOW) + 1] = 0;
	lcr3(rcr3());
}

// Returns:  whether the `len` bytes at `pa` add up to 0, as those of an intact
//           table do; false when `len` is 0 or more than PTSIZE.
bool
firmware_sums_up(physaddr_t pa, size_t len)
{
	const uint8_t *bytes = firmware_at(pa);
	uint8_t sum = 0;

	if (len == 0 || len > PTSIZE)
		return false;
	for (size_t i = 0; i < len; i++)
		sum += bytes[i];
	return sum == 0;
}

// Look for `signature` at the multiples of 16 from `start` up to `stop`.
//
// Returns:  where it is, or 0.
physaddr_t
firmware_find(physaddr_t start, physaddr_t stop, const char *signature)
{
	const uint8_t *bytes = firmware_at(start);
	const size_t len = strlen(signature);

	for (physaddr_t pa = start; pa + 16 <= stop; pa += 16, bytes += 16)
		if (memcmp(bytes, signature, len) == 0)
			return pa;
	return 0;
}

// Returns:  the address of the extended BIOS data area.
physaddr_t
firmware_ebda(void)
{
	const uint16_t *segment = firmware_at(EBDA_SEGMENT);

	return *segment << 4;
}
