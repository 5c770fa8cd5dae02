#!/bin/sh
# Finds a compiler and binutils that make 32-bit x86 ELF files.
#
#   toolchain.sh OBJDIR GCCPREFIX CC LD
#
# Empty arguments leave the choice to this script. It prints the name of a
# makefile fragment, OBJDIR/toolchain.mk, or one sentence that says why there is
# none. The fragment sets
#
#   CC, CC_ARCH   the compiler, and the flags for 32-bit code with the stack
#                 aligned only to words: nothing here needs more, and it would
#                 cost two instructions for each call
#   LD, AR, NM, OBJCOPY, OBJDUMP
#   OBJDUMP16     the command that disassembles 16-bit code
#
# Each tool is tried on a file that the compiler has just made. The choice is
# kept until the arguments or the PATH change.
#
# In a tree from Windows, lines may end in CR LF, which sh cannot read. The lines
# that detect this end in # so that they work even then.
eol='
' #
if [ ${#eol} -gt 1 ]; then #
	echo "the lines of this tree end in CR LF, as on Windows, and sh cannot read that: get the tree again with git, or unpack it with a program that leaves files as they are" #
	exit #
fi #

set -u
objdir=$1 prefix=$2 want_cc=$3 want_ld=$4
fragment=$objdir/toolchain.mk
# Change the number when the contents of the fragment change.
inputs="# 2, for: prefix=$prefix cc=$want_cc ld=$want_ld path=$PATH"
# Older ones lack flags that we use, or warn about correct code.
gcc_oldest=9 clang_oldest=13
# The versions to look for in names such as clang-19.
newest=40
too_old=

if [ -f "$fragment" ] && IFS= read -r line <"$fragment" &&
	[ "$line" = "$inputs" ]; then
	echo "$fragment"
	exit
fi

# The tools' output is parsed, so it must be English.
LC_ALL=C
export LC_ALL

work=$objdir/toolchain.$$
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
# On a full disk, the files may be incomplete.
if ! { mkdir -p "$work" && echo 'int twice(int x) { return 2 * x; }' >"$work/t.c"; } 2>/dev/null; then
	echo "cannot write in '$objdir/': check its permissions and the free space"
	exit
fi

have() { command -v "$1" >/dev/null 2>&1; }
quietly() { "$@" >/dev/null 2>&1; }

# Print the commands named $1 with a version, as in clang-19, newest first.
versions() {
	number=$newest
	while [ "$number" -gt 7 ]; do
		have "$1-$number" && echo "$1-$number"
		number=$((number - 1))
	done
}

# Set kind to gcc or clang for compiler $1, and version to its number. Both are
# empty if it is not a compiler.
identify() {
	echo 'jos __clang_major__ __GNUC__' >"$work/version.c"
	# CC may carry flags or a wrapper (ccache gcc).
	# shellcheck disable=SC2046,SC2086
	set -- $($1 -E -P "$work/version.c" 2>/dev/null | grep '^jos ')
	case ${2-} in
	[0-9]*) kind=clang version=$2 oldest=$clang_oldest ;;
	*) kind=gcc version=${3-} oldest=$gcc_oldest ;;
	esac
	case $version in '' | *[!0-9]*) kind='' version='' ;; esac
}

# Can the linker make an ELF file from an object of compiler $1 with flags $2?
links() {
	# The flags are several words.
	# shellcheck disable=SC2086
	quietly $1 $2 -ffreestanding -fno-pic -c "$work/t.c" -o "$work/t.o" &&
		quietly "$3" -m elf_i386 -e twice "$work/t.o" -o "$work/t"
}

# Each of these tries the tool $1 on the file that links() has made.
tries_ar() {
	rm -f "$work/t.a"
	quietly "$1" rcs "$work/t.a" "$work/t.o" &&
		quietly "$ld" -m elf_i386 -u twice -e twice "$work/t.a" -o "$work/t2"
}
tries_nm() { "$1" -n "$work/t" 2>/dev/null | quietly grep twice; }
tries_objcopy() {
	quietly "$1" -S -O binary "$work/t" "$work/t.bin" && [ -s "$work/t.bin" ]
}
tries_objdump() { "$1" -d "$work/t" 2>/dev/null | quietly grep twice; }

# Set found to the first working command for tool $1: with the prefix, the
# machine's own, or LLVM's.
choose() {
	for found in "$bin$1" "$1" "llvm-$1$suffix" "llvm-$1" $(versions "llvm-$1"); do
		have "$found" && "tries_$1" "$found" && return
	done
	lacking=$1
	return 1
}

# Print the words that make objdump $1 disassemble 16-bit code.
objdump16() {
	# Each is several words.
	# shellcheck disable=SC2086
	for way in "$1 -M i8086" "$1 --triple=i386-unknown-none-code16"; do
		if quietly $way -d "$work/t"; then
			echo "$way"
			return
		fi
	done
	echo "$1"
}

# Try compiler $1 whose binutils have prefix $2; write the fragment if it works.
try() {
	cc=$1 bin=$2 suffix=
	have "${cc%% *}" || return 1
	identify "$cc"
	[ -n "$kind" ] || return 1
	if [ "$version" -lt "$oldest" ]; then
		too_old=${too_old:-"$cc is $kind $version"}
		return 1
	fi
	if [ "$kind" = clang ]; then
		flags="--target=i386-unknown-none-elf -mstack-alignment=4"
		case $cc in *clang-*) suffix=-${cc##*clang-} ;; esac
		linkers="ld.lld$suffix ld.lld $(versions ld.lld) ${bin}ld ld"
	else
		flags="-m32 -mpreferred-stack-boundary=2"
		linkers="${bin}ld ld ld.lld $(versions ld.lld)"
	fi
	for ld in ${want_ld:-$linkers}; do
		if have "$ld" && links "$cc" "$flags" "$ld"; then
			write && exit
			return 1
		fi
	done
	return 1
}

# Write the fragment for $cc and $ld and print its name, unless a tool is missing.
write() {
	{
		echo "$inputs"
		echo "CC := $cc"
		echo "CC_ARCH := $flags"
		echo "LD := $ld"
		choose ar && echo "AR := $found" &&
			choose nm && echo "NM := $found" &&
			choose objcopy && echo "OBJCOPY := $found" &&
			choose objdump && echo "OBJDUMP := $found" &&
			echo "OBJDUMP16 := $(objdump16 "$found")"
	} >"$work/toolchain.mk" && mv "$work/toolchain.mk" "$fragment" &&
		echo "$fragment"
}

# Say why there is no toolchain: something is too old or missing, or else $1.
give_up() {
	if [ -n "$too_old" ]; then
		echo "$too_old, which is too old: gcc $gcc_oldest or clang $clang_oldest, or a newer one, is needed; run 'make setup'"
	elif [ -n "$lacking" ]; then
		echo "no $lacking found that can read 32-bit x86 ELF files (binutils or LLVM have one); run 'make setup'"
	else
		echo "$1"
	fi
}

lacking=
if [ -n "$want_cc" ]; then
	try "$want_cc" "$prefix"
	give_up "CC=$want_cc${want_ld:+ with LD=$want_ld} cannot make 32-bit x86 ELF files; leave CC out to have a compiler found, or run 'make setup'"
elif [ -n "$prefix" ]; then
	try "${prefix}gcc" "$prefix"
	give_up "GCCPREFIX=$prefix: no working ${prefix}gcc and ${prefix}ld; leave GCCPREFIX out to have a compiler found, or run 'make setup'"
else
	cross="i386-jos-elf- i686-elf- i386-elf- x86_64-elf-"
	linux="i686-linux-gnu- x86_64-linux-gnu-"
	for p in $cross '' $linux; do
		try "${p}gcc" "$p"
	done
	for c in clang $(versions clang); do
		try "$c" ''
	done
	for p in '' $linux; do
		for c in $(versions "${p}gcc"); do
			try "$c" "$p"
		done
	done
	give_up "no compiler and linker for 32-bit x86 ELF files found (gcc, or clang with lld); run 'make setup'"
fi
