#!/bin/sh
# Installs what the project needs and this machine lacks.
#
#	sh setup.sh            what building, running and grading need
#	sh setup.sh --check    and what the project's own checks need
#
# With nothing missing it prints one line, and touches neither the network nor
# the machine.  It needs a POSIX shell and the system's package manager.  The
# variables CC, LD, GCCPREFIX, QEMU and GDB name tools that are in a place of
# their own, as they do for make.
#
# In a tree from Windows, lines may end in CR LF, which sh cannot read. The lines
# that detect this end in # so that they work even then.
eol='
' #
if [ ${#eol} -gt 1 ]; then #
	echo "setup: the lines of this tree end in CR LF, as on Windows, and sh cannot read that: get the tree again with git, or unpack it with a program that leaves files as they are" >&2 #
	exit 1 #
fi #

set -eu
top=$(dirname "$0")
# The tools' output is parsed, so it must be English.
LC_ALL=C
export LC_ALL

say() {
	printf 'setup: %s\n' "$*"
}

die() {
	printf 'setup: %s\n' "$*" >&2
	exit 1
}

# Print the head of this file.
usage() {
	sed -n -e '2s/^# //p' -e 's/^#	/  /p' "$0"
}

has() {
	command -v "$1" >/dev/null 2>&1
}

# Print the arguments on one line, each once.
unique() {
	line=' '
	for word in "$@"; do
		case $line in
		*" $word "*) ;;
		*) line="$line$word " ;;
		esac
	done
	line=${line# }
	echo "${line% }"
}

# The package of each tool, one column per package manager; a dash means that
# the system needs none.
packages() {
	cat <<'END'
#tool         apt-get            dnf                   pacman           zypper                 apk                 brew
gcc           gcc                gcc                   gcc              gcc                    gcc                 i686-elf-gcc
clang         clang              clang                 clang            clang                  clang               llvm
lld           lld                lld                   lld              lld                    lld                 lld
binutils      binutils           binutils              binutils         binutils               binutils            i686-elf-binutils
llvm          llvm               llvm                  llvm             llvm                   llvm                llvm
qemu          qemu-system-x86    qemu-system-x86-core  qemu-system-x86  qemu-x86               qemu-system-i386    qemu
qemu-window   qemu-system-gui    qemu-ui-gtk           qemu-ui-gtk      qemu-ui-gtk            qemu-ui-gtk         -
gdb           gdb                gdb                   gdb              gdb                    gdb                 i386-elf-gdb
python3       python3            python3               python           python3                python3             python3
perl          perl               perl-interpreter      perl             perl                   perl                perl
make          make               make                  make             make                   make                make
clang-format  clang-format       clang-tools-extra     clang            /usr/bin/clang-format  cmd:clang-format    clang-format
clangd        clangd             clang-tools-extra     clang            /usr/bin/clangd        cmd:clangd          llvm
shellcheck    shellcheck         ShellCheck            shellcheck       ShellCheck             shellcheck          shellcheck
git           git                git-core              git              git                    git                 git
ctags         universal-ctags    ctags                 ctags            ctags                  ctags               universal-ctags
mypy          mypy               python3-mypy          mypy             python3-mypy           py3-mypy            mypy
ruff          -                  ruff                  ruff             -                      ruff                ruff
grub          grub-common        grub2-tools-extra     grub             grub2                  grub                -
grub-modules  grub-pc-bin        grub2-pc-modules      grub             grub2-i386-pc          grub-bios           -
xorriso       xorriso            xorriso               libisoburn       xorriso                xorriso             -
END
}

# Print the packages of the tools given as arguments.
packages_for() {
	for tool in "$@"; do
		case $tool in
		*-[0-9]*) echo "$tool" ;; # From newest_compilers: the name says it.
		esac
		packages | while read -r name apt dnf pacman zypper apk brew; do
			[ "$name" = "$tool" ] || continue
			case $manager in
			apt-get) package=$apt ;;
			dnf) package=$dnf ;;
			pacman) package=$pacman ;;
			zypper) package=$zypper ;;
			apk) package=$apk ;;
			brew) package=$brew ;;
			esac
			[ "$package" = - ] || echo "$package"
		done
	done
}

# Can compiler $1, with the remaining arguments as options, make 32-bit x86 code?
compiles() {
	has "$1" || return 1
	echo 'int answer(void) { return 42; }' >"$scratch/answer.c"
	rm -f "$scratch/answer.o"
	"$@" -ffreestanding -c -o "$scratch/answer.o" "$scratch/answer.c" \
		>/dev/null 2>&1 && [ -s "$scratch/answer.o" ]
}

# Does make find a compiler, linker and binutils for 32-bit x86?
has_toolchain() {
	rm -f "$scratch/toolchain.mk"
	sh "$top/tools/toolchain.sh" "$scratch" "${GCCPREFIX-}" "${CC-}" "${LD-}" >/dev/null
	[ -f "$scratch/toolchain.mk" ]
}

has_python() {
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1
}

has_gdb() {
	has "${GDB:-gdb}" || has gdb-multiarch || has i386-elf-gdb
}

# Print what is missing, by the names in the table's first column.
missing() {
	has_toolchain || toolchain_tools
	if ! has "${QEMU:-qemu-system-i386}"; then
		echo qemu
		[ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ] || echo qemu-window
	fi
	has_gdb || echo gdb
	has_python || echo python3
	has perl || echo perl
	has make || echo make
	[ "$checks" = no ] || missing_for_checks
}

# Is the gcc of this system a compiler for x86?  Elsewhere, clang is needed: it
# makes code for any processor.
gcc_fits() {
	case $(uname -m) in
	x86_64 | amd64 | i?86) ;;
	*) [ "$manager" = brew ] ;;
	esac
}

# Print the toolchain to install: the one asked for, or a suitable one.
toolchain_tools() {
	case ${CC-} in
	*clang*) wants_gcc=no ;;
	*) if gcc_fits; then wants_gcc=yes; else wants_gcc=no; fi ;;
	esac
	if [ $wants_gcc = yes ]; then
		echo gcc
		echo binutils
	else
		echo clang
		echo lld
		# The binutils of another processor may not know x86.
		if ! gcc_fits || ! has objcopy; then
			echo llvm
		fi
	fi
}

missing_for_checks() {
	if gcc_fits; then
		compiles gcc -m32 || compiles i686-elf-gcc || echo gcc
	fi
	compiles clang --target=i386-elf || echo clang
	has ld.lld || echo lld
	for tool in clang-format clangd shellcheck git; do
		has $tool || echo $tool
	done
	has_ctags || echo ctags
	has mypy || echo mypy
	# Some systems have no package for it.
	has ruff || [ -z "$manager" ] || [ -z "$(packages_for ruff)" ] || echo ruff
	if gcc_fits && [ "$manager" != brew ]; then
		has_grub || printf '%s\n' grub grub-modules
		has xorriso || echo xorriso
	fi
	newest_compilers
}

# Print the newest gcc and clang that apt offers by version, if they are not
# installed.  The plain packages of the other managers are their newest.
newest_compilers() {
	[ "$manager" = apt-get ] && has apt-cache || return 0
	if gcc_fits; then newest_of gcc; fi
	newest_of clang lld
}

# Print $1-VERSION for the newest VERSION of compiler $1, and then $2-VERSION for
# linker $2, if the compiler or the linker is not installed.
newest_of() {
	newest=0
	for version in $(apt-cache search --names-only "^$1-[0-9]+\$" |
		sed -n "s/^$1-\([0-9]*\) .*/\1/p"); do
		[ "$version" -le "$newest" ] || newest=$version
	done
	[ "$newest" = 0 ] || has "$1-$newest" || echo "$1-$newest"
	[ "$newest" = 0 ] || [ -z "${2-}" ] || has "ld.$2-$newest" || echo "$2-$newest"
}

# Is there a ctags that reports where a function ends?
has_ctags() {
	ctags --version 2>/dev/null | grep -q Universal
}

# Can GRUB make a disk that a PC with a BIOS boots?
has_grub() {
	for name in grub grub2; do
		has $name-mkrescue || continue
		prefix=$(dirname "$(command -v $name-mkrescue)")/..
		if [ -d "$prefix/lib/grub/i386-pc" ] || [ -d "$prefix/share/grub2/i386-pc" ]; then
			return 0
		fi
	done
	return 1
}

find_manager() {
	for manager in apt-get dnf pacman zypper apk brew; do
		if has $manager; then
			return
		fi
	done
	manager=
}

# Print the command that installs the packages given as arguments.
install_command() {
	case $manager in
	apt-get) echo "apt-get install -y --no-install-recommends $*" ;;
	dnf) echo "dnf install -y $*" ;;
	pacman) echo "pacman -S --needed --noconfirm $*" ;;
	zypper) echo "zypper --non-interactive install $*" ;;
	apk) echo "apk add -U $*" ;;
	brew) echo "brew install $*" ;;
	esac
}

# Set $root to the prefix that runs a command as root: sudo where it is needed.
find_rights() {
	root=
	if [ "$manager" = brew ] || [ "$(id -u)" = 0 ]; then
		return
	fi
	has sudo || die "you are not root and there is no sudo; as root, run: $1"
	say "you are not root, so sudo will run: $1"
	sudo true || die "sudo refused; as root, run: $1"
	root=sudo
}

# Run the install command $1.  The package list may be missing or older than the
# mirrors: apt fetches it first; pacman only after a failure, because its manual
# advises against doing so needlessly.
install() {
	command=$1
	if [ "$manager" = apt-get ]; then
		$root apt-get -q update ||
			say 'apt-get update failed; going on with the lists at hand'
		command="env DEBIAN_FRONTEND=noninteractive $command"
	fi
	# The words of the command come from the table: none contains a blank.
	# shellcheck disable=SC2086
	if $root $command </dev/null; then
		return
	fi
	if [ "$manager" = pacman ]; then
		say 'fetching the package lists and trying again'
		# shellcheck disable=SC2086
		if $root pacman -Sy --noconfirm && $root $command </dev/null; then
			return
		fi
	fi
	die "$manager could not install what is missing (see above): $1"
}

main() {
	checks=no
	case ${1-} in
	'') ;;
	--check) checks=yes ;;
	-h | --help)
		usage
		return
		;;
	*) die "unknown argument $1 (usage: setup.sh [--check])" ;;
	esac

	scratch=$(mktemp -d 2>/dev/null) ||
		die "cannot write in ${TMPDIR:-/tmp}/: check TMPDIR and the free space"
	trap 'rm -rf "$scratch"' EXIT
	install_missing
}

# The names of tools and packages have no blanks, so the shell may split them.
# shellcheck disable=SC2046,SC2086
install_missing() {
	find_manager
	wanted=$(unique $(missing))
	if [ -z "$wanted" ]; then
		say 'nothing is missing'
		return
	fi
	install_tools $wanted

	# The package lists may now be newer, and offer a newer compiler.
	newest=
	[ $checks = no ] || newest=$(unique $(newest_compilers))
	[ -z "$newest" ] || install_tools $newest

	wanted=$(unique $(missing))
	[ -z "$wanted" ] || die "installed, yet still not usable: $wanted"
	say 'everything is here now'
}

# shellcheck disable=SC2046,SC2086
install_tools() {
	wanted=$*
	say "missing: $wanted"
	[ -n "$manager" ] || die "no package manager found (apt, dnf, pacman, zypper, apk, brew); install by hand: $wanted"

	command=$(install_command "$(unique $(packages_for $wanted))")
	find_rights "$command"
	say "running: $command"
	install "$command"
}

main "$@"
