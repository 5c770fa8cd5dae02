# Builds the system: what everything is made of and how. GNUmakefile calls it with
# OBJDIR, PYTHON, PERL and V, and never twice at the same time in one OBJDIR. Its
# targets are files, and two lists of files:
#
#	image       the disk image and the kernel in it
#	all         that, and the listings
#
# A new file in kern/, lib/ or user/ is found by itself. Each file is written
# under a temporary name and renamed when complete, so that readers, and the next
# make after a crash, find a complete file or none.

# Compiler flags for this system are set explicitly, not by what a shell exports
# for other programs.
ifeq ($(origin CFLAGS),environment)
CFLAGS :=
endif
include conf/env.mk

.PHONY: all image
all: image

.SUFFIXES:
.DELETE_ON_ERROR:

# --------------------------------------------------------------
# Toolchain
# --------------------------------------------------------------

# make has a default CC; it does not count as a choice.
given = $(if $(filter default undefined,$(origin $(1))),,$($(1)))

# Prints the name of a fragment that sets the compiler and its tools, or one
# sentence that says why there is none.
TOOLCHAIN_MK := $(OBJDIR)/toolchain.mk
found := $(shell sh tools/toolchain.sh '$(OBJDIR)' \
	'$(GCCPREFIX)' '$(call given,CC)' '$(call given,LD)')
ifneq ($(found),$(TOOLCHAIN_MK))
$(error $(or $(found),tools/toolchain.sh failed))
endif
include $(TOOLCHAIN_MK)

# -O1 keeps the code close to the source for gdb. -mgeneral-regs-only: the kernel
# does not save the other registers. -fno-builtin: our memset must not become a
# call to memset. WERROR=1 is for our own checks: a new compiler's new warning
# must never stop a student. Your CFLAGS come last; the boot sector does not use
# them.
OPT ?= -O1
cc_base := $(CC_ARCH) -std=gnu17 -gdwarf-4 -ffreestanding -fno-builtin \
	-fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fno-omit-frame-pointer -fno-optimize-sibling-calls -fno-common \
	-fno-strict-aliasing -fcf-protection=none -mgeneral-regs-only -march=i686 -mtune=generic -nostdinc \
	-isystem $(shell $(CC) -print-file-name=include 2>/dev/null) -I. \
	-Wall -Wextra -Wno-unused-parameter $(if $(WERROR),-Werror)
cc_flags := $(cc_base) $(OPT)
# Assembly, with the C preprocessor.
as_flags := $(filter-out -std=%,$(cc_base)) -D__ASSEMBLER__
# The boot sector has room for 510 bytes.
boot_flags := $(cc_base) -Os -fomit-frame-pointer -march=i386
ld_flags := -m elf_i386 -nostdlib --orphan-handling=error -z noexecstack

# -flto makes object files without machine code: gcc's need a plugin in ld and ar,
# and ar makes archives without an index from clang's.
ifneq ($(filter -flto%,$(OPT) $(CFLAGS)),)
ifeq ($(filter -ffat-lto-objects,$(CFLAGS)),)
$(error -flto does not work here, because the linker is called directly; leave it out)
endif
endif

# The .c and .S files of folder $(1), without names that contain a blank: those
# files are copies made by an editor or a file manager.
sources = $(sort $(wildcard $(filter $(1)/%.c $(1)/%.S,$(wildcard $(1)/*.c $(1)/*.S))))
# $(call objects,FILES): their object files.
objects = $(patsubst %,$(OBJDIR)/%.o,$(basename $(1)))

# $(call stamp,FILE,TEXT): write the file unless it already holds the text.
stamp = $(if $(call differ,$(shell cat $(1) 2>/dev/null),$(strip $(2))),$(shell \
	mkdir -p $(OBJDIR) && printf '%s\n' '$(subst ','\'',$(strip $(2)))' >$(1)))
differ = $(if $(and $(findstring x$(1)x,x$(2)x),$(findstring x$(2)x,x$(1)x)),,yes)

# Objects depend on the first, which changes when the compiler or flags do. Files
# linked from all sources depend on the second, which changes when a source file
# is added or removed.
FLAGS_STAMP := $(OBJDIR)/flags
SOURCES_STAMP := $(OBJDIR)/sources
$(call stamp,$(FLAGS_STAMP),$(CC) $(LD) $(cc_flags) $(boot_flags) $(ld_flags) $(CFLAGS))
$(call stamp,$(SOURCES_STAMP),$(foreach d,kern kern/check lib user,$(call sources,$(d))))

# Print short lines, or with V=1 the commands themselves.
ifeq ($(V),1)
say = @:
Q   =
else
say = @echo +
Q   = @
endif

# --------------------------------------------------------------
# Compiling
# --------------------------------------------------------------

# $(call compile,FLAGS): make the object and the list of headers that it needs.
compile = $(CC) $(1) -MMD -MP -MF $@.d.tmp -MT $@ -c -o $@.tmp $< && \
	mv -f $@.d.tmp $(@:.o=.d) && mv -f $@.tmp $@

# The boot sector's rule comes first: make before 3.82 uses the first match.
$(OBJDIR)/boot/%.o: boot/%.c $(FLAGS_STAMP)
	$(say) cc -Os $<
	@mkdir -p $(@D)
	$(Q)$(call compile,$(boot_flags))

$(OBJDIR)/%.o: %.c $(FLAGS_STAMP)
	$(say) cc $<
	@mkdir -p $(@D)
	$(Q)$(call compile,$(cc_flags) $(cc_more) $(CFLAGS))

$(OBJDIR)/%.o: %.S $(FLAGS_STAMP)
	$(say) as $<
	@mkdir -p $(@D)
	$(Q)$(call compile,$(as_flags) $(CFLAGS))

# A program contains only the library functions that it calls.
$(OBJDIR)/lib/%.o: cc_more := -ffunction-sections -falign-functions=4
$(OBJDIR)/user/%.o: cc_more := -ffunction-sections -falign-functions=4
# The checks visit each page several times, and need no debugging.
$(OBJDIR)/kern/check/%.o: cc_more := -O2

-include $(wildcard $(addprefix $(OBJDIR)/,*/*.d */*/*.d))

# $(call link,SCRIPT AND OBJECTS): link them to an ELF file.
link = $(LD) $(ld_flags) -o $@.tmp -T $(1) && mv -f $@.tmp $@

# --------------------------------------------------------------
# The boot sector
# --------------------------------------------------------------

# boot.S first: execution starts at the sector's first byte.
BOOT_OBJS := $(call objects,boot/boot.S boot/main.c)

$(OBJDIR)/boot/boot.out: $(BOOT_OBJS) boot/boot.ld inc/common.ld
	$(say) ld $@
	$(Q)$(call link,boot/boot.ld $(BOOT_OBJS))

$(OBJDIR)/boot/boot: $(OBJDIR)/boot/boot.out boot/sign.pl
	$(say) sign $@
	$(Q)$(OBJCOPY) -S -O binary $< $@.raw
	$(Q)$(PERL) boot/sign.pl $@.raw $@.tmp && mv -f $@.tmp $@ && rm $@.raw

# --------------------------------------------------------------
# User programs
# --------------------------------------------------------------

LIB_OBJS := $(call objects,$(filter-out lib/entry.S,$(call sources,lib)))
LIB      := $(OBJDIR)/lib/libjos.a
ENTRY    := $(OBJDIR)/lib/entry.o

USER_ELFS := $(addprefix $(OBJDIR)/,$(basename $(call sources,user)))
# Images that the kernel must refuse to load, for tests.
BAD_STAMP := $(OBJDIR)/user/bad/stamp

$(LIB): $(LIB_OBJS) $(SOURCES_STAMP)
	$(say) ar $@
	$(Q)rm -f $@.tmp && $(AR) rcs $@.tmp $(LIB_OBJS) && mv -f $@.tmp $@

$(USER_ELFS): %: %.o $(ENTRY) $(LIB) user/user.ld inc/common.ld
	$(say) ld $@
	$(Q)$(call link,user/user.ld --gc-sections $(ENTRY) $< $(LIB))

# A tool that makes many files does not touch unchanged ones. So a stamp records
# when it ran, and lists what it made. $(call remake,STAMP) is FORCE unless the
# list and every file in it exist.
remake = $(call lacks,$(shell cat $(1) 2>/dev/null))
lacks = $(if $(1),$(if $(filter-out $(wildcard $(1)),$(1)),FORCE),FORCE)
.PHONY: FORCE

$(BAD_STAMP): tools/badelf.py $(call remake,$(BAD_STAMP))
	$(say) badelf $(@D)
	$(Q)$(PYTHON) tools/badelf.py $(@D)
	@ls $(@D)/*.img >$@

# The image of each program that the kernel embeds, and the table of them.
PROGRAMS_STAMP := $(OBJDIR)/user/stamp
$(PROGRAMS_STAMP): $(USER_ELFS) $(BAD_STAMP) $(SOURCES_STAMP) \
		$(addprefix tools/,programs.py symtab.py elf.py) \
		$(call remake,$(PROGRAMS_STAMP))
	$(say) embed $(OBJDIR)/user/programs.S
	$(Q)$(PYTHON) tools/programs.py -o $(OBJDIR)/user/programs.S \
		$(USER_ELFS) $$(cat $(BAD_STAMP))
	@ls $(OBJDIR)/user/programs.S $(USER_ELFS:=.img) >$@

$(OBJDIR)/user/programs.S: $(PROGRAMS_STAMP) ;

$(OBJDIR)/user/programs.o: $(OBJDIR)/user/programs.S
	$(say) as $<
	$(Q)$(call compile,$(as_flags) $(CFLAGS))

# --------------------------------------------------------------
# The kernel
# --------------------------------------------------------------

# entry.S first: the Multiboot header must be near the start of the file.
KERN_SRCS := kern/entry.S $(filter-out kern/entry.S kern/symtable.S,\
	$(call sources,kern) $(call sources,kern/check))
KERN_LIB  := $(addprefix lib/,int64.c octal.c printfmt.c readline.c string.c todo.c)
KERN_OBJS := $(call objects,$(KERN_SRCS) $(KERN_LIB)) $(OBJDIR)/user/programs.o

KERNEL := $(OBJDIR)/kern/kernel
IMAGE  := $(OBJDIR)/kern/kernel.img

# The kernel is linked twice: the debug table is made from the first link, whose
# own table is empty. Filling it in moves no function or object, because the table
# comes after them (kern/kernel.ld).
$(OBJDIR)/kern/symtable%.o: kern/symtable.S $(OBJDIR)/kern/symtable%.bin
	$(Q)$(CC) $(as_flags) -DSYMTABLE='"$(OBJDIR)/kern/symtable$*.bin"' -c \
		-o $@.tmp $< && mv -f $@.tmp $@

$(OBJDIR)/kern/symtable0.bin: tools/symtab.py
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tools/symtab.py --empty $@

$(OBJDIR)/kern/symtable1.bin: $(OBJDIR)/kern/kernel0 tools/symtab.py tools/elf.py
	$(say) symtab $@
	$(Q)$(PYTHON) tools/symtab.py $< $@.tmp && mv -f $@.tmp $@

$(OBJDIR)/kern/kernel0: $(KERN_OBJS) $(OBJDIR)/kern/symtable0.o kern/kernel.ld \
		inc/common.ld $(SOURCES_STAMP)
	$(Q)$(call link,kern/kernel.ld $(KERN_OBJS) $(OBJDIR)/kern/symtable0.o)

$(KERNEL): $(OBJDIR)/kern/kernel0 $(OBJDIR)/kern/symtable1.o
	$(say) ld $@
	$(Q)$(call link,kern/kernel.ld $(KERN_OBJS) $(OBJDIR)/kern/symtable1.o)

# The disk: the boot sector, then the kernel without its debug information.
$(IMAGE): $(KERNEL) $(OBJDIR)/boot/boot
	$(say) image $@
	$(Q)$(OBJCOPY) -S $(KERNEL) $@.kernel
	$(Q)cp $(OBJDIR)/boot/boot $@.tmp
	$(Q)dd if=$@.kernel of=$@.tmp bs=512 seek=1 conv=sync 2>/dev/null
	$(Q)rm $@.kernel && mv -f $@.tmp $@

image: $(IMAGE)

# --------------------------------------------------------------
# Listings for people and tools: they take longer than the rest, and nothing is
# built from them.
# --------------------------------------------------------------

LISTED := $(KERNEL) $(USER_ELFS)

$(addsuffix .asm,$(LISTED)): %.asm: %
	$(say) objdump $@
	$(Q)$(OBJDUMP) -d -S $< >$@.tmp && mv -f $@.tmp $@

$(addsuffix .sym,$(LISTED)): %.sym: %
	$(Q)$(NM) -n $< >$@.tmp && mv -f $@.tmp $@

# The boot sector begins with 16-bit code.
$(OBJDIR)/boot/boot.asm: $(OBJDIR)/boot/boot.out
	$(say) objdump $@
	$(Q)$(OBJDUMP16) -S -j .text16 $< >$@.tmp
	$(Q)$(OBJDUMP) -S -j .text $< >>$@.tmp
	$(Q)$(OBJDUMP) -s -j .rodata $< >>$@.tmp && mv -f $@.tmp $@

# The compile commands for clang's tools and for editors.
COMMANDS := $(OBJDIR)/compile_commands.json

$(COMMANDS): $(FLAGS_STAMP) $(SOURCES_STAMP) tools/compdb.py
	$(Q)$(PYTHON) tools/compdb.py $@ $(filter %.c,\
		$(foreach d,boot kern kern/check lib user,$(call sources,$(d)))) \
		-- $(filter-out $(CC_ARCH),$(cc_flags)) $(CFLAGS)

all: $(OBJDIR)/boot/boot.asm $(LISTED:%=%.asm) $(LISTED:%=%.sym) $(COMMANDS)
