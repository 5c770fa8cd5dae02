# This machine's tools, if the automatic choice is wrong. Every variable may also
# be set on make's command line or in the environment.

# Prefix of a cross compiler and its binutils.
# GCCPREFIX = i686-elf-

# A compiler by name, gcc or clang.
# CC = clang-16

# The linker: GNU ld or lld.
# LD = ld.lld

# The emulator, and more options for it.
# QEMU = /usr/local/bin/qemu-system-i386
# QEMUEXTRA = -d int,cpu_reset -D qemu.log
