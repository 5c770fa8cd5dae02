#!/bin/sh
# Finds a compiler and binutils that make 32-bit x86 ELF files.
#
#   toolchain.sh OBJDIR GCCPREFIX CC LD
#
# Empty arguments leave the choice to this script. Prints the name of a makefile
# fragment in OBJDIR that sets CC, LD, AR, NM, OBJCOPY, OBJDUMP and CC_ARCH: the
# flags that make CC a 32-bit compiler which aligns the stack to words, for
# nothing here needs more, and each call would take two instructions for it. What
# was found is kept there and found again only when the arguments or the PATH
# change. When nothing fits, the fragment sets TOOLCHAIN_ERROR to the reason.

set -u
objdir=$1 prefix=$2 want_cc=$3 want_ld=$4
fragment=$objdir/toolchain.mk
inputs="# for: prefix=$prefix cc=$want_cc ld=$want_ld path=$PATH"

if [ -f "$fragment" ] && IFS= read -r line <"$fragment" &&
	[ "$line" = "$inputs" ] && ! grep -q TOOLCHAIN_ERROR "$fragment"; then
	echo "$fragment"
	exit 0
fi
if ! mkdir -p "$objdir" 2>/dev/null || ! [ -w "$objdir" ]; then
	echo "unwritable"
	exit 0
fi

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
echo 'int twice(int x) { return 2 * x; }' >"$work/t.c"

have() { command -v "$1" >/dev/null 2>&1; }

# The first of its arguments that is a command, or the first.
first() {
	for name in "$@"; do
		have "$name" && { echo "$name"; return; }
	done
	echo "$1"
}

# Can compiler $1, with flags $2, and linker $3 make a 32-bit ELF file?
works() {
	# The flags are words.
	# shellcheck disable=SC2086
	$1 $2 -ffreestanding -fno-pic -c "$work/t.c" -o "$work/t.o" \
		>/dev/null 2>&1 &&
		$3 -m elf_i386 -e twice "$work/t.o" -o "$work/t" >/dev/null 2>&1
}

is_clang() { $1 --version 2>/dev/null | grep -qi clang; }

write() {
	{
		echo "$inputs"
		printf '%s\n' "$@"
	} >"$fragment.tmp" && mv "$fragment.tmp" "$fragment"
	echo "$fragment"
}

# Try compiler $1 whose binutils have prefix $2; write the fragment if it works.
try() {
	cc=$1 bin=$2
	# CC may carry flags or a wrapper (ccache gcc).
	have "${cc%% *}" || return 1
	if is_clang "$cc"; then
		flags="--target=i386-unknown-none-elf -mstack-alignment=4"
		linkers="${want_ld:-ld.lld ${cc##*clang}}"
		case $cc in *clang-*) ver=-${cc##*-} ;; *) ver= ;; esac
		linkers=${want_ld:-"ld.lld$ver ld.lld ${bin}ld ld"}
	else
		flags="-m32 -mpreferred-stack-boundary=2"
		linkers=${want_ld:-"${bin}ld ld ld.lld"}
	fi
	for ld in $linkers; do
		have "$ld" || continue
		works "$cc" "$flags" "$ld" || continue
		write "CC := $cc" "CC_ARCH := $flags" "LD := $ld" \
			"AR := $(first "${bin}ar" ar llvm-ar)" \
			"NM := $(first "${bin}nm" nm llvm-nm)" \
			"OBJCOPY := $(first "${bin}objcopy" objcopy llvm-objcopy)" \
			"OBJDUMP := $(first "${bin}objdump" objdump llvm-objdump)"
		return 0
	done
	return 1
}

if [ -n "$want_cc" ]; then
	try "$want_cc" "$prefix" && exit 0
	write "TOOLCHAIN_ERROR := CC=$want_cc${want_ld:+ with LD=$want_ld} cannot make 32-bit x86 ELF files; leave CC out to have a compiler found, or run 'make setup'"
elif [ -n "$prefix" ]; then
	try "${prefix}gcc" "$prefix" && exit 0
	write "TOOLCHAIN_ERROR := GCCPREFIX=$prefix: no working ${prefix}gcc and ${prefix}ld; leave GCCPREFIX out to have a compiler found, or run 'make setup'"
else
	for p in i386-jos-elf- i686-elf- i386-elf- x86_64-elf- "" i686-linux-gnu- x86_64-linux-gnu-; do
		try "${p}gcc" "$p" && exit 0
	done
	for c in clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14; do
		try "$c" "" && exit 0
	done
	write "TOOLCHAIN_ERROR := no compiler and linker for 32-bit x86 ELF files found (gcc, or clang with lld); run 'make setup'"
fi
