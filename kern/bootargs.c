// Reading and parsing the boot arguments.

#include <inc/assert.h>
#include <inc/digest.h>
#include <inc/memlayout.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/types.h>

#include <kern/bootargs.h>

// The arguments as text. tools/bootargs.py finds this block in a disk image by
// its magic and fills it in; a Multiboot boot loader's command line replaces
// it.
struct {
	char magic[16];
	char text[BOOTARGS_SIZE];
} bootargs __attribute__((section(".bootargs"), used)) = {
	.magic = "JOS-BOOTARGS-01",
};

struct Bootparams bootparams = { .symbols = true };

// What a Multiboot boot loader passes: a magic number and the physical address
// of a structure. Only the fields used here are named.
//
// Source:   "Multiboot Specification version 0.6.96", "Boot information
//           format".
#define MULTIBOOT_MAGIC       0x2BADB002
#define MULTIBOOT_HAS_CMDLINE (1 << 2)
#define MULTIBOOT_HAS_LOADER  (1 << 9)

struct Multiboot {
	uint32_t flags;
	uint32_t unused1[3];
	physaddr_t cmdline; // a string
	uint32_t unused2[11];
	physaddr_t boot_loader_name; // a string
};

_Static_assert(offsetof(struct Multiboot, boot_loader_name) == 64,
               "laid out by the Multiboot specification");

extern uint32_t multiboot_magic, multiboot_info; // kern/entry.S

// Like KADDR, before npages is known: kern/entry.S has mapped all memory.
static const void *
boot_kva(physaddr_t pa)
{
	return (const void *)(uintptr_t)(pa + KERNBASE);
}

// Copy the boot loader's command line, if any, into the block: the loader may
// keep it in memory that page_init frees.
static void
take_multiboot_cmdline(void)
{
	const struct Multiboot *info = boot_kva(multiboot_info);
	const char *text;

	if (multiboot_magic != MULTIBOOT_MAGIC ||
	    !(info->flags & MULTIBOOT_HAS_CMDLINE))
		return;
	text = boot_kva(info->cmdline);
	// QEMU puts the kernel's file name before the arguments.
	if (info->flags & MULTIBOOT_HAS_LOADER &&
	    strcmp(boot_kva(info->boot_loader_name), "qemu") == 0)
		text = strfind(text, ' ');
	if (strlen(text) >= BOOTARGS_SIZE)
		panic("the boot arguments have %u characters; at most %u fit",
		      (uint32_t)strlen(text), BOOTARGS_SIZE - 1);
	strcpy(bootargs.text, text);
}

// If `word` is `name`=VALUE, returns VALUE, else NULL.
static const char *
value_of(const char *word, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(word, name, len) != 0 || word[len] != '=')
		return NULL;
	return word + len + 1;
}

// Parse one word before the "--".
static void
take_word(const char *word)
{
	struct Bootparams *bp = &bootparams;
	const char *value;

	if ((value = value_of(word, "lab"))) {
		bp->lab = strtol(value, NULL, 10);
	} else if ((value = value_of(word, "init"))) {
		bp->init = *value ? value : NULL;
	} else if ((value = value_of(word, "copies"))) {
		bp->copies = strtol(value, NULL, 10);
	} else if ((value = value_of(word, "key"))) {
		bp->keyed = true;
		bp->key = digest_key(value);
	} else if ((value = value_of(word, "tick"))) {
		bp->tick = strtol(value, NULL, 10);
	} else if ((value = value_of(word, "sched"))) {
		bp->sched = *value ? value : NULL;
	} else if ((value = value_of(word, "trace"))) {
		bp->trace = strtol(value, NULL, 10) != 0;
	} else if ((value = value_of(word, "symbols"))) {
		bp->symbols = strtol(value, NULL, 10) != 0;
	} else if ((value = value_of(word, "check"))) {
		bp->check = *value ? value : NULL;
	} else {
		cprintf("boot: unknown argument \"%s\" ignored\n", word);
	}
}

// Parse the boot arguments into bootparams; what they do not give gets a
// default. Panics when they are too long, or have more program arguments than
// BOOTARGS_ARGC.
void
bootargs_init(int default_lab)
{
	static char words[BOOTARGS_SIZE];
	struct Bootparams *bp = &bootparams;
	bool for_program = false;
	char *next = words;

	take_multiboot_cmdline();
	strlcpy(words, bootargs.text, sizeof(words));
	*bp = (struct Bootparams){
		.lab = default_lab,
		.copies = 1,
		.trace = true,
		.symbols = true,
		.argc = 1,
	};
	while (*next) {
		char *word = next;

		next = strfind(word, ' ');
		if (*next)
			*next++ = '\0';
		if (!*word)
			continue;
		if (!for_program && strcmp(word, "--") == 0)
			for_program = true;
		else if (!for_program)
			take_word(word);
		else if (bp->argc < BOOTARGS_ARGC)
			bp->argv[bp->argc++] = word;
		else
			panic("the boot arguments give a program more than %u "
			      "arguments",
			      BOOTARGS_ARGC - 1);
	}
	bp->argv[0] = bp->init;
}
