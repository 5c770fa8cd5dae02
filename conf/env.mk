# This machine's tools, where the automatic choice is not the right one. Every
# line may also be given on make's command line or in the environment.

# Prefix of a cross compiler and its binutils.
# GCCPREFIX = i686-elf-

# A compiler by name, gcc or clang.
# CC = clang-16

# The linker: GNU ld or lld.
# LD = ld.lld

# The emulator, and what else to hand it.
# QEMU = /usr/local/bin/qemu-system-i386
# QEMUEXTRA = -d int,cpu_reset -D qemu.log
