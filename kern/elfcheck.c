// Checking a program's image before it is loaded.

#include <inc/elf.h>
#include <inc/memlayout.h>
#include <inc/types.h>

#include <kern/env.h>

// The page that load_icode gives a program as its stack.
static const uint32_t stack_bottom = USTACKTOP - PGSIZE;

// Does [start, start + len) overlap [lo, hi)? The callers have checked that
// start + len does not wrap.
static bool
overlaps(uint32_t start, uint32_t len, uint32_t lo, uint32_t hi)
{
	return len > 0 && start < hi && start + len > lo;
}

// What is wrong with the segment `ph` of an image of `size` bytes, or NULL.
static const char *
segment_check(const struct Proghdr *ph, size_t size)
{
	if (ph->p_offset > size || ph->p_filesz > size - ph->p_offset)
		return "a segment's bytes lie outside the image";
	if (ph->p_memsz < ph->p_filesz)
		return "a segment is smaller in memory than in the file";
	if (ph->p_va >= UTOP || ph->p_memsz > UTOP - ph->p_va)
		return "a segment reaches UTOP or beyond";
	if (overlaps(ph->p_va, ph->p_memsz, stack_bottom, USTACKTOP))
		return "a segment overlaps the stack";
	return NULL;
}

// Check everything that loading the ELF image of `size` bytes at `image` relies
// on: the headers lie inside the image; it is a 32-bit x86 program; every
// segment to load takes its bytes from inside the image, is no smaller in
// memory than in the file, and lies below UTOP and outside the stack page; the
// entry point is in one of them. `image` may be unaligned garbage.
//
// Returns:  NULL when all is well, else the reason why not, for a message.
// Source:   "TIS Executable and Linking Format", "ELF Header", "Program
//           Header".
const char *
elf_check(const uint8_t *image, size_t size)
{
	const struct Elf *elf = (const struct Elf *)image;
	const struct Proghdr *ph;
	bool entry_seen = false;

	if (size < sizeof(*elf) || elf->e_magic != ELF_MAGIC)
		return "not an ELF image";
	if (elf->e_elf[0] != ELFCLASS32 || elf->e_machine != EM_386 ||
	    elf->e_type != ET_EXEC)
		return "not a 32-bit x86 program";
	if (elf->e_phentsize != sizeof(*ph))
		return "its program headers have a strange size";
	if (elf->e_phoff > size ||
	    elf->e_phnum > (size - elf->e_phoff) / sizeof(*ph))
		return "truncated: its program headers lie outside the image";

	ph = (const struct Proghdr *)(image + elf->e_phoff);
	for (const struct Proghdr *eph = ph + elf->e_phnum; ph < eph; ph++) {
		const char *reason;

		if (ph->p_type != ELF_PROG_LOAD)
			continue;
		reason = segment_check(ph, size);
		if (reason)
			return reason;
		if (elf->e_entry >= ph->p_va &&
		    elf->e_entry - ph->p_va < ph->p_memsz)
			entry_seen = true;
	}
	return entry_seen ? NULL : "its entry point is in no segment";
}
