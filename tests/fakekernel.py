"""Tiny kernels whose odd behaviour the graders must handle.

Each is a page of assembly with the symbols that the grader looks for, built
with the real kernel's compiler.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Dict

from support import TOP

# Symbols of the real kernel that fake ones define, without any code.
SYMBOLS = ("mon_backtrace", "check_page_alloc", "check_page", "pages", "npages",
           "page_free_list", "kern_pgdir", "envs", "curenv", "env_free_list",
           "bootstack", "end", "etext", "cpus", "env_run", "syscall", "check_reports",
           "trap_init")

FRAME = """
	.section .multiboot, "a"
	.long	0x1BADB002, 0, -0x1BADB002
	.text
	.globl	_start, readline
_start:
	movl	$stack, %esp
	xorl	%ebp, %ebp
	{body}
	cli
1:	hlt
	jmp	1b

	// Print the string at esi.
print:	movw	$0x3f8, %dx
1:	lodsb
	testb	%al, %al
	jz	2f
	outb	%al, %dx
	jmp	1b
2:	ret

	// Prompt, read a line, echo it; eax is the number of its characters.
	.type	readline, @function
readline:
	pushl	%ebp
	movl	%esp, %ebp
	movl	$prompt, %esi
	call	print
	xorl	%ecx, %ecx
1:	movw	$0x3fd, %dx
	inb	%dx, %al
	testb	$1, %al
	jz	1b
	movw	$0x3f8, %dx
	inb	%dx, %al
	outb	%al, %dx
	incl	%ecx
	cmpb	$'\\n', %al
	jne	1b
	movl	%ecx, %eax
	popl	%ebp
	ret
	.size	readline, . - readline

	.type	spin_lock, @function
spin_lock:
	pushl	%ebp
	movl	%esp, %ebp
1:	movl	$1, %eax
	xchgl	%eax, lock
	jmp	1b
	.size	spin_lock, . - spin_lock

	.type	handler, @function
handler:
	iret
	.size	handler, . - handler

	.data
	.balign	8
gdt:	.quad	0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdtr:	.word	23
	.long	gdt
idtr:	.word	64 * 8 - 1
	.long	idt
lock:	.long	1
	.globl	idt
idt:	.space	64 * 8
prompt:	.asciz	"K> "
text:	.ascii	{text}
	.byte	0
{symbols}
	.balign	4096
	.globl	entry_pgdir
entry_pgdir:
directory:
	.space	4096
	.balign	16
	.space	4096
stack:
"""

SCRIPT = """
ENTRY(_start)
SECTIONS {
	. = 0x100000;
	.text : { *(.multiboot) *(.text) }
	.data : { *(.data) *(.bss) }
	/DISCARD/ : { *(.note*) *(.comment) *(.eh_frame) }
}
"""

# An IDT whose gates all lead to `handler`.
IDT = """lgdt gdtr
	ljmp $8, $1f
1:	movl $0x10, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	movl $idt, %edi
	movl $handler, %edx
	movl $64, %ecx
2:	movw %dx, (%edi)
	movl $0x8e000008, 2(%edi)
	movw $0x8e00, 4(%edi)
	movl %edx, %eax
	shrl $16, %eax
	movw %ax, 6(%edi)
	addl $8, %edi
	loop 2b
	lidt idtr
"""

# Paging with an identity mapping of the first 4 MiB, and nothing else.
PAGING = """movl $0x83, directory
	movl $directory, %eax
	movl %eax, %cr3
	movl %cr4, %eax
	orl $0x10, %eax
	movl %eax, %cr4
	movl %cr0, %eax
	orl $0x80000000, %eax
	movl %eax, %cr0
"""

PRINT = "movl $text, %esi; call print\n"
MONITOR = "9: call readline; movl $text, %esi; call print; jmp 9b\n"

BODIES: Dict[str, str] = {
    # Prints its text, and again after each line that is typed.
    "monitor": PRINT + MONITOR,
    # Prints its text up to a NUL byte, and the next part after each line.
    "replay": "movl $text, %esi; 9: call print; pushl %esi; call readline; "
              "popl %esi; jmp 9b\n",
    "panic": PRINT + "9: call readline; jmp 9b\n",
    "silent": "",
    "hang": "9: jmp 9b\n",
    # Enables the timer interrupt at vector 8, which has no handler: sets up
    # controller, timer and APIC as a BIOS leaves them.
    "waiting": "".join(
        f"movb ${value}, %al; outb %al, ${port}\n" for value, port in (
            (0x11, 0x20), (8, 0x21), (4, 0x21), (1, 0x21), (0xfe, 0x21),
            (0x34, 0x43), (0, 0x40), (0, 0x40)))
    + "movl $0x700, 0xfee00350; sti\n9: hlt; jmp 9b\n",
    "flood": "9: movl $text, %esi; call print; jmp 9b\n",
    # Loads an IDT without entries and traps: a triple fault.
    "reboot": PRINT + "pushl $0; pushl $0; lidt (%esp); int3\n",
    # Traps with a stack where there is no memory: no frame can be pushed.
    "bad_stack": PRINT + IDT + PAGING + "movl $0x40000000, %esp; int3\n",
    # Jumps to an unmapped address, without an IDT.
    "nowhere": PRINT + PAGING + "pushl $0; pushl $0; lidt (%esp); "
               "movl $0x40000000, %eax; jmp *%eax\n",
    # An endless loop with interrupts enabled and handled.
    "hang_open": PRINT + IDT + "sti\n9: jmp 9b\n",
    # Calls through a bad pointer, without an IDT.
    "bad_call": PRINT + PAGING + "pushl $0; pushl $0; lidt (%esp); "
                "movl $0x40000000, %eax; call *%eax\n",
    # Calls a function that spins on a lock that is never released.
    "lock": PRINT + "call spin_lock\n",
    # Traps forever; each trap is handled, and logged if asked to.
    "storm": PRINT + IDT + "9: int3; jmp 9b\n",
    # Overwrites its own code in print(), and traps without an IDT.
    "overwritten": PRINT + "movl $print, %edi; movl $2, %ecx; movb $0, %al; "
                   "rep stosb; pushl $0; pushl $0; lidt (%esp); int3\n",
    # Keyboard controller, command 0xfe: reset.
    "reset": PRINT + "movb $0xfe, %al; outb %al, $0x64; 9: jmp 9b\n",
    # Puts the serial line in loopback mode (modem control) and continues.
    "mute": PRINT + "movw $0x3fc, %dx; movb $0x10, %al; outb %al, %dx\n"
            + MONITOR,
    # Prints a prompt but does not read.
    "pretend": PRINT + "movl $prompt, %esi; call print\n9: jmp 9b\n",
    "dead_prompt": PRINT + "movl $prompt, %esi; call print\n",
}


def compiler() -> str:
    """A compiler for the fakes, "" if there is none."""
    return shutil.which("gcc") or shutil.which("clang") or ""


def build(kind: str, text: str, target: Path) -> Path:
    """Makes the kernel `target` that behaves as `kind` and prints `text`."""
    data = ", ".join(str(byte) for byte in text.encode()) or "0"
    source = target.with_suffix(".S")
    script = target.with_suffix(".ld")
    symbols = "".join(f"\t.globl {name}\n{name}:\n" for name in SYMBOLS)
    program = FRAME.format(body=BODIES[kind], text='""', symbols=symbols)
    source.write_text(program.replace('.ascii	""', f".byte	{data}"))
    script.write_text(SCRIPT)
    subprocess.run(
        [compiler(), "-m32", "-nostdlib", "-static", "-no-pie", "-Wl,--build-id=none",
         "-Wl,-m,elf_i386", f"-Wl,-T,{script}", "-o", str(target), str(source)],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return target


def build_image(target: Path) -> None:
    """Makes a disk with a boot sector that halts (cli; hlt) and a block for
    boot arguments."""
    sector = b"\xfa\xf4\xeb\xfd".ljust(510, b"\0") + b"\x55\xaa"
    target.write_bytes(sector + b"JOS-BOOTARGS-01\0".ljust(16 + 512, b"\0"))


def make_tree(top: Path, kind: str, text: str = "hello\n") -> Path:
    """Makes a tree below `top` with the graders and a fake kernel that seems
    to have been built there. Returns it."""
    tree = top / kind
    for name in ("gradelib", "tools"):
        shutil.copytree(TOP / name, tree / name,
                        ignore=shutil.ignore_patterns("__pycache__"))
    for grader in TOP.glob("grade-lab*"):
        shutil.copy(grader, tree)
    (tree / "labs").mkdir()
    shutil.copy(TOP / "labs/exercises.json", tree / "labs")
    (tree / "obj/kern").mkdir(parents=True)
    build(kind, text, tree / "obj/kern/kernel")
    build_image(tree / "obj/kern/kernel.img")
    return tree
