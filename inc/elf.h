// The parts of the ELF object file format that a loader needs.
// Source: "Tool Interface Standard (TIS) Executable and Linking Format",
// version 1.2, "ELF Header" and "Program Header".
#ifndef JOS_INC_ELF_H
#define JOS_INC_ELF_H

#include <inc/types.h>

#define ELF_MAGIC 0x464C457FU // "\x7fELF", little endian

struct Elf {
	uint32_t e_magic;  // ELF_MAGIC
	uint8_t e_elf[12]; // class, data encoding, version, padding
	uint16_t e_type;
	uint16_t e_machine;
	uint32_t e_version;
	uint32_t e_entry; // address of the first instruction
	uint32_t e_phoff; // file offset of the program headers
	uint32_t e_shoff;
	uint32_t e_flags;
	uint16_t e_ehsize;
	uint16_t e_phentsize;
	uint16_t e_phnum; // number of program headers
	uint16_t e_shentsize;
	uint16_t e_shnum;
	uint16_t e_shstrndx;
};

struct Proghdr {
	uint32_t p_type;
	uint32_t p_offset; // of the segment's bytes in the file
	uint32_t p_va;     // where it is linked
	uint32_t p_pa;     // where the boot loader puts it
	uint32_t p_filesz; // bytes in the file
	uint32_t p_memsz;  // bytes in memory; those past p_filesz are zero
	uint32_t p_flags;
	uint32_t p_align;
};

_Static_assert(sizeof(struct Elf) == 52 && sizeof(struct Proghdr) == 32,
               "laid out by the ELF specification");

#define ELFCLASS32 1 // e_elf[0]
#define ET_EXEC    2
#define EM_386     3

#define ELF_PROG_LOAD 1 // p_type of a segment to load

#define ELF_PROG_FLAG_EXEC  1
#define ELF_PROG_FLAG_WRITE 2
#define ELF_PROG_FLAG_READ  4

#endif
