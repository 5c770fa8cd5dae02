// Find the CPUs in the MP tables, which predate ACPI.
//
// Source: Intel, "MultiProcessor Specification", version 1.4, "MP
// Configuration Table", "Default Configurations".

#include <inc/string.h>
#include <inc/types.h>

#include <kern/cpu.h>
#include <kern/firmware.h>

// The floating pointer structure.
struct Mpfloat {
	char signature[4]; // "_MP_"
	uint32_t table;    // 0: a default configuration
	uint8_t length;    // in units of 16 bytes
	uint8_t revision;
	uint8_t checksum;
	uint8_t default_type;
	uint8_t features[4];
} __attribute__((packed));

struct Mptable {
	char signature[4]; // "PCMP"
	uint16_t length;
	uint8_t revision, checksum;
	char oem[8], product[12];
	uint32_t oem_table;
	uint16_t oem_length, entries;
	uint32_t lapic;
	uint16_t extended_length;
	uint8_t extended_checksum, reserved;
	uint8_t first[];
} __attribute__((packed));

_Static_assert(sizeof(struct Mpfloat) == 16 && sizeof(struct Mptable) == 44,
               "laid out by the MultiProcessor specification");

// Entries. A processor's is longer than the others.
enum {
	MP_PROCESSOR = 0,
	MP_PROCESSOR_SIZE = 20,
	MP_PROCESSOR_ID = 1,    // offset in the entry
	MP_PROCESSOR_FLAGS = 3, // bit 0: can be used
	MP_OTHER_SIZE = 8,
	MP_TYPES = 5,
};

#define DEFAULT_LAPIC 0xfee00000

// Find the pointer in the first KiB of the extended BIOS data area, the last
// KiB of base memory, or the BIOS ROM.
static physaddr_t
find_pointer(void)
{
	const physaddr_t ebda = firmware_ebda();
	const struct {
		physaddr_t start, stop;
	} places[] = {
		{ ebda, ebda + 1024 },
		{ 639 * 1024, 640 * 1024 },
		{ 511 * 1024, 512 * 1024 },
		{ 0xf0000, 0x100000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		physaddr_t pa = firmware_find(places[i].start, places[i].stop,
		                              "_MP_");

		if (pa && firmware_sums_up(pa, sizeof(struct Mpfloat)))
			return pa;
	}
	return 0;
}

// Each default configuration has two CPUs, numbered 0 and 1.
static bool
default_cpus(struct Cpulist *found)
{
	found->lapic = DEFAULT_LAPIC;
	cpulist_add(found, 0);
	cpulist_add(found, 1);
	return true;
}

// Read the entries of the table at `pa`.
static bool
take_table(struct Cpulist *found, physaddr_t pa)
{
	const struct Mptable *table = firmware_at(pa);
	const uint8_t *entry = table->first;
	const uint8_t *stop = (const uint8_t *)table + table->length;

	if (memcmp(table->signature, "PCMP", 4) != 0 ||
	    table->length < sizeof(*table) ||
	    !firmware_sums_up(pa, table->length))
		return false;
	found->lapic = table->lapic;
	for (uint32_t i = 0; i < table->entries; i++) {
		bool cpu = stop - entry >= 1 && entry[0] == MP_PROCESSOR;
		int size = cpu ? MP_PROCESSOR_SIZE : MP_OTHER_SIZE;

		if (stop - entry < size || entry[0] >= MP_TYPES)
			return false;
		if (cpu && (entry[MP_PROCESSOR_FLAGS] & 1))
			cpulist_add(found, entry[MP_PROCESSOR_ID]);
		entry += size;
	}
	return found->n > 0;
}

// Fill in `found` from the MP tables.
//
// Returns:  false if there are no valid ones.
bool
mptables_cpus(struct Cpulist *found)
{
	physaddr_t pa = find_pointer();
	struct Mpfloat pointer;

	*found = (struct Cpulist){ 0 };
	if (!pa)
		return false;
	memcpy(&pointer, firmware_at(pa), sizeof(pointer));
	if (pointer.table == 0)
		return pointer.default_type != 0 && default_cpus(found);
	return take_table(found, pointer.table);
}
