// The boot sector, second half: load the kernel's ELF file and enter it.
//
// The file is on IDE disk 0 from sector 1 on, just after this boot sector.
// Space is what counts here. There can be no variable that outlives its
// function: nothing clears memory for the boot sector.

#include <inc/elf.h>
#include <inc/memlayout.h>
#include <inc/x86.h>

#define SECTSIZE 512

// How much of the file is read for the headers.
#define FRONT_SECTORS 8
#define PHNUM_MAX     32

_Static_assert(sizeof(struct Elf) + PHNUM_MAX * sizeof(struct Proghdr) <=
                       FRONT_SECTORS * SECTSIZE,
               "the headers must be in the front of the file");

// The first ATA channel: registers, commands, status bits.
// Source: ATA/ATAPI-6 (T13/1410D), "I/O registers".
#define ATA_DATA    0x1f0
#define ATA_COUNT   0x1f2 // sectors to transfer; the registers from here up to
#define ATA_DEVICE  0x1f6 // this one take the number of the first sector
#define ATA_STATUS  0x1f7 // when read
#define ATA_COMMAND 0x1f7 // when written

#define ATA_DEVICE_0      0xe0 // the first drive; sectors go by number (LBA)
#define ATA_READ_SECTORS  0x20 // the drive gets ready anew for each sector
#define ATA_READ_MULTIPLE 0xc4 // ... for each block of sectors
#define ATA_BATCH         256  // the most sectors that one command reads

#define ATA_BSY  0x80 // busy: no other bit counts
#define ATA_DRDY 0x40 // ready for a command
#define ATA_DF   0x20 // device fault
#define ATA_DRQ  0x08 // data to transfer
#define ATA_ERR  0x01

#define ATA_PATIENCE (1 << 23) // reads of the status: some seconds

// A function that takes its arguments in registers, the first one in %eax. What
// boot.S calls or is called with needs it, and it makes shorter code.
#define REGISTERS __attribute__((regparm(3)))

// boot/boot.S: show `message` on the screen and the serial port, and stop.
REGISTERS void die(const char *message) __attribute__((noreturn));

REGISTERS void bootmain(const struct Elf *elf) __attribute__((noreturn));
static uint8_t ata_wait(void) __attribute__((noinline));

// Wait until the drive is not busy, but not for ever.
//
// Its status counts only 400 ns after a command and after a block of data; the
// first four reads take 480 ns in the fastest PIO mode.
//
// Returns:  its status. ATA_BSY is set when it stayed busy.
// Source:   ATA/ATAPI-6, "Status register", "PIO data-in command protocol",
//           "Register transfers".
static uint8_t
ata_wait(void)
{
	size_t tries = ATA_PATIENCE;
	uint8_t status;

	__asm__ volatile("inb %w2, %0; inb %w2, %0\n\t"
	                 "inb %w2, %0; inb %w2, %0\n"
	                 "0:\tinb %w2, %0\n\t"
	                 "testb %3, %0\n\t"
	                 "loopnz 0b"
	                 : "=&a"(status), "+c"(tries)
	                 : "d"((uint16_t)ATA_STATUS), "i"(ATA_BSY)
	                 : "cc");
	return status;
}

// Move the sector that the drive holds ready to `dst`.
//
// Returns:  the address after it.
static inline uint8_t *
ata_data(uint8_t *dst)
{
	size_t dwords = SECTSIZE / 4;

	__asm__ volatile("rep insl"
	                 : "+D"(dst), "+c"(dwords)
	                 : "d"((uint16_t)ATA_DATA)
	                 : "memory");
	return dst;
}

// Tell the drive to read from sector `lba` on. It reads as many sectors as the
// low byte of `count` says, where 0 stands for 256.
static inline void
ata_command(uint32_t command, uint32_t lba, uint32_t count)
{
	uint32_t task = lba << 8 | (uint8_t)count;
	uint32_t port = ATA_COUNT;

	// Hide the number from the compiler, which would unroll the loop; and
	// comparing bytes makes the shorter instruction.
	__asm__ volatile("" : "+r"(port));
	do {
		outb(port, task);
		task >>= 8;
	} while ((uint8_t)++port != (uint8_t)ATA_DEVICE);
	outb(ATA_COMMAND, command);
}

// Read `count` sectors from sector `lba` on to `dst`.
//
// The drive heeds the low byte of the count, so the first command reads what
// exceeds a multiple of 256 sectors and each of the others reads 256.
//
// READ MULTIPLE is much faster, as one wait serves a block of sectors, usually
// 16, but the drive refuses it when the BIOS has set no size of a block. So
// after the first failure the rest is read, or tried again, by READ SECTORS.
// The loop need not know the size: within a block the status stays "data to
// transfer".
REGISTERS static void
ata_read(uint8_t *dst, uint32_t lba, uint32_t count)
{
	uint32_t end = lba + count;
	uint32_t command = ATA_READ_MULTIPLE;

	while (count) {
		// Where there is no drive, all bits of the status are 0, or all
		// but perhaps ATA_BSY are 1.
		outb(ATA_DEVICE, ATA_DEVICE_0);
		if ((ata_wait() & (ATA_BSY | ATA_DRDY | ATA_DRQ)) != ATA_DRDY)
			die("no drive");
		ata_command(command, end - count, count);
		do {
			if ((ata_wait() & (ATA_BSY | ATA_DF | ATA_DRQ |
			                   ATA_ERR)) != ATA_DRQ) {
				if (command == ATA_READ_SECTORS)
					die("disk error");
				command = ATA_READ_SECTORS;
				break;
			}
			dst = ata_data(dst);
		} while (--count % ATA_BATCH);
	}
}

static inline void
zero(uint8_t *dst, size_t count)
{
	__asm__ volatile("rep stosb"
	                 : "+D"(dst), "+c"(count)
	                 : "a"(0)
	                 : "memory");
}

// Load the segments of the kernel and jump to its entry point. `elf` points at
// free memory for the front of the file (an argument because that makes
// shorter code than a constant does).
//
// Whole sectors are read. The linker script ensures that a segment starts at
// the same place in a sector as in the file, and that no two segments share a
// sector.
REGISTERS void
bootmain(const struct Elf *elf)
{
	ata_read((uint8_t *)elf, 1, FRONT_SECTORS);
	if (elf->e_magic != ELF_MAGIC || elf->e_phnum > PHNUM_MAX ||
	    elf->e_phoff != sizeof(struct Elf))
		die("not an ELF file");

	const struct Proghdr *ph = (const struct Proghdr *)(elf + 1);

	for (int i = elf->e_phnum; i; i--, ph++) {
		if (ph->p_type != ELF_PROG_LOAD)
			continue;
		uint8_t *start = (uint8_t *)ph->p_pa;
		uint8_t *end = start + ph->p_filesz;
		uint8_t *sector = ROUNDDOWN(start, SECTSIZE);

		ata_read(sector, 1 + ph->p_offset / SECTSIZE,
		         (uint32_t)(end - sector + SECTSIZE - 1) / SECTSIZE);
		zero(end, ph->p_memsz - ph->p_filesz);
	}
	// The entry point is where it is linked; paging, which takes it there,
	// is still off.
	((void (*)(void))(elf->e_entry - KERNBASE))();
	__builtin_unreachable();
}
