// The CPUs as ACPI lists them.
//
// Source: ACPI Specification, version 6.4, "Root System Description Pointer",
// "System Description Table Header", "RSDT", "XSDT", "Multiple APIC Description
// Table (MADT)".

#include <inc/string.h>
#include <inc/types.h>

#include <kern/cpu.h>
#include <kern/firmware.h>

struct Rsdp {
	char signature[8];
	uint8_t checksum; // of the first 20 bytes
	char oem[6];
	uint8_t revision; // 2 and up: the rest follows
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
	uint8_t all_checksum;
	uint8_t reserved[3];
} __attribute__((packed));

#define RSDP_OLD_SIZE 20

// The header of every other table.
struct Sdt {
	char signature[4];
	uint32_t length;
	uint8_t revision, checksum;
	char oem[6], oem_table[8];
	uint32_t oem_revision, creator, creator_revision;
} __attribute__((packed));

struct Madt {
	struct Sdt header;
	uint32_t lapic;
	uint32_t flags;
	uint8_t entries[];
} __attribute__((packed));

_Static_assert(sizeof(struct Rsdp) == 36 && sizeof(struct Sdt) == 36 &&
                       sizeof(struct Madt) == 44,
               "laid out by the ACPI specification");

// Entries of the MADT start with their type and their length.
enum {
	MADT_LAPIC = 0,
	MADT_LAPIC_SIZE = 8,
	MADT_LAPIC_ID = 3,    // offset in the entry
	MADT_LAPIC_FLAGS = 4, // bit 0: enabled
	MADT_LAPIC_ADDRESS = 5,
	MADT_LAPIC_ADDRESS_SIZE = 12,
	MADT_LAPIC_ADDRESS_AT = 4, // 64 bits
};

// Where the RSDP may be: the first KiB of the BIOS's data area, and its ROM.
static physaddr_t
find_rsdp(void)
{
	physaddr_t ebda = firmware_ebda();
	physaddr_t pa = firmware_find(ebda, ebda + 1024, "RSD PTR ");

	if (!pa)
		pa = firmware_find(0xe0000, 0x100000, "RSD PTR ");
	return pa && firmware_sums_up(pa, RSDP_OLD_SIZE) ? pa : 0;
}

// Is there an intact table with this signature at `pa`?
static bool
is_table(physaddr_t pa, const char *signature)
{
	const struct Sdt *sdt = firmware_at(pa);

	return pa && memcmp(sdt->signature, signature, 4) == 0 &&
	       sdt->length >= sizeof(*sdt) && firmware_sums_up(pa, sdt->length);
}

// Find table `signature` in the root table `root`, whose signature is
// `root_signature` and whose entries are `width` bytes wide.
static physaddr_t
find_in(physaddr_t root, const char *root_signature, size_t width,
        const char *signature)
{
	size_t n;

	if (!is_table(root, root_signature))
		return 0;
	n = (((const struct Sdt *)firmware_at(root))->length -
	     sizeof(struct Sdt)) /
	    width;
	for (size_t i = 0; i < n; i++) {
		const uint8_t *entry = firmware_at(root + sizeof(struct Sdt) +
		                                   i * width);
		uint32_t address[2] = { 0, 0 };

		memcpy(address, entry, width);
		if (address[1] == 0 && is_table(address[0], signature))
			return address[0];
	}
	return 0;
}

// Find the MADT through the XSDT, or else through the RSDT.
static physaddr_t
find_madt(void)
{
	physaddr_t pa = find_rsdp(), madt = 0;
	struct Rsdp rsdp;

	if (!pa)
		return 0;
	memcpy(&rsdp, firmware_at(pa), sizeof(rsdp));
	if (rsdp.revision >= 2 && rsdp.xsdt >> 32 == 0 &&
	    firmware_sums_up(pa, rsdp.length))
		madt = find_in(rsdp.xsdt, "XSDT", 8, "APIC");
	return madt ? madt : find_in(rsdp.rsdt, "RSDT", 4, "APIC");
}

// Add what one entry of the MADT says to `found`.
static void
take_entry(struct Cpulist *found, const uint8_t *entry)
{
	uint32_t low, high;

	if (entry[0] == MADT_LAPIC && entry[1] >= MADT_LAPIC_SIZE &&
	    (entry[MADT_LAPIC_FLAGS] & 1)) {
		cpulist_add(found, entry[MADT_LAPIC_ID]);
	} else if (entry[0] == MADT_LAPIC_ADDRESS &&
	           entry[1] >= MADT_LAPIC_ADDRESS_SIZE) {
		memcpy(&low, entry + MADT_LAPIC_ADDRESS_AT, 4);
		memcpy(&high, entry + MADT_LAPIC_ADDRESS_AT + 4, 4);
		if (high == 0)
			found->lapic = low;
	}
}

// Fill in `found` from the MADT.
//
// Returns:  false when there is no valid MADT.
bool
acpi_cpus(struct Cpulist *found)
{
	physaddr_t pa = find_madt();
	const struct Madt *madt;
	const uint8_t *entry, *stop;

	*found = (struct Cpulist){ 0 };
	if (!pa)
		return false;
	madt = firmware_at(pa);
	if (madt->header.length < sizeof(*madt))
		return false;
	found->lapic = madt->lapic;
	stop = (const uint8_t *)madt + madt->header.length;
	for (entry = madt->entries; stop - entry >= 2; entry += entry[1]) {
		if (entry[1] < 2 || entry[1] > stop - entry)
			return false;
		take_entry(found, entry);
	}
	return found->n > 0;
}
