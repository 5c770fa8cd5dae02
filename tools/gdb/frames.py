"""Trap frames, registers and stacks in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, List, Optional

from tools.elf import Elf
from tools.gdb import guest
from tools.gdb.headers import constants, trap_names
from tools.gdb.kernel import Record

MAX_FRAMES = 32
TRAP = constants("inc/trap.h")
MMU = constants("inc/mmu.h")
GENERAL = ("eax", "ebx", "ecx", "edx", "esi", "edi", "ebp")
FLAGS = [(MMU[f"FL_{name}"], name) for name in
         ("CF", "PF", "ZF", "SF", "TF", "IF", "DF", "OF", "AC")]
# Exceptions whose error code is a selector.
SELECTOR_ERRORS = [TRAP[name] for name in
                   ("T_TSS", "T_SEGNP", "T_STACK", "T_GPFLT")]
# Describes an address; reads the word at an address, if there is memory.
Namer = Callable[[int], str]
Word = Callable[[int], Optional[int]]


@dataclass(frozen=True)
class Registers:
    """The registers of a program, from a trap frame or the processor."""

    values: Dict[str, int]
    outer: bool  # esp and ss are valid: the trap came from user mode

    @classmethod
    def saved(cls, frame: Record) -> Registers:
        """Those in a trap frame."""
        general = frame.inner("tf_regs")
        values = {name: general[f"reg_{name}"] for name in GENERAL}
        values.update({name: frame[f"tf_{name}"] for name in
                       ("es", "ds", "eip", "cs", "eflags", "esp", "ss")})
        return cls(values, bool(values["cs"] & 3))

    @classmethod
    def live(cls) -> Registers:
        """Those of the processor."""
        names = (*GENERAL, "es", "ds", "eip", "cs", "eflags", "esp", "ss")
        return cls({name: guest.register(name) for name in names}, True)

    def lines(self, place: Namer) -> List[str]:
        """The lines to print."""
        value = self.values
        flags = " ".join(name for bit, name in FLAGS if value["eflags"] & bit)
        text = [f"eip  0x{value['eip']:08x}  {place(value['eip'])}",
                f"cs   0x{value['cs']:04x}      ds 0x{value['ds']:04x}"
                f"  es 0x{value['es']:04x}"
                + (f"  ss 0x{value['ss']:04x}" if self.outer else ""),
                f"flag 0x{value['eflags']:08x} [{flags}]"]
        names = [*GENERAL, "esp"] if self.outer else list(GENERAL)
        for row in (names[:4], names[4:]):
            text.append("  ".join(f"{name} 0x{value[name]:08x}"
                                  for name in row))
        return text


def trap_name(number: int) -> str:
    """The manuals' name for a vector."""
    if number == TRAP["T_SYSCALL"]:
        return "System call"
    if TRAP["IRQ_OFFSET"] <= number < TRAP["IRQ_OFFSET"] + 16:
        return f"Hardware Interrupt {number - TRAP['IRQ_OFFSET']}"
    return trap_names().get(number, "(unknown trap)")


def error_in_words(number: int, error: int) -> str:
    """Describes an exception's error code.

    Source: Intel SDM vol. 3A, "Error Code", "Interrupt 14-Page-Fault
    Exception (#PF)".
    """
    if number == TRAP["T_PGFLT"]:
        return "[{}, {}, {}]".format(
            "user" if error & MMU["FEC_U"] else "kernel",
            "write" if error & MMU["FEC_WR"] else "read",
            "protection" if error & MMU["FEC_PR"] else "not-present")
    if number in SELECTOR_ERRORS and error:
        if error & 2:
            return f"[IDT entry {error >> 3}]"
        return f"[{'LDT' if error & 4 else 'GDT'} selector 0x{error & ~7:02x}]"
    return ""


def trap_lines(frame: Record, place: Namer) -> List[str]:
    """A trap frame for printing."""
    number, error = frame["tf_trapno"], frame["tf_err"]
    words = error_in_words(number, error)
    text = [f"trap {number} {trap_name(number)}",
            f"err  0x{error:08x}{' ' if words else ''}{words}"]
    if number == TRAP["T_PGFLT"]:
        text.append(f"cr2  0x{guest.register('cr2'):08x}"
                    "  (of the last page fault there was)")
    return text + Registers.saved(frame).lines(place)


def unframed_caller(registers: Registers, elf: Elf, word: Word) -> List[int]:
    """The return address of a function that has just been called: its caller
    is not in the chain of frame pointers yet."""
    values = registers.values
    found = elf.lookup(values["eip"])
    # It begins with the push of ebp, one byte of code.
    if found is None or found.offset > 1:
        return []
    back = word(values["esp"] + 4 * found.offset)
    return [back] if back and elf.lookup(back) else []


def stack_lines(registers: Registers, elf: Optional[Elf], word: Word,
                place: Namer) -> List[str]:
    """A program's active functions, innermost first."""
    eip, ebp = registers.values["eip"], registers.values["ebp"]
    code = [eip, *(unframed_caller(registers, elf, word) if elf else [])]
    end: List[str] = []
    while ebp and len(code) < MAX_FRAMES and not end:
        back, caller = word(ebp + 4), word(ebp)
        if back is None or caller is None:
            end = [f"the stack cannot be read at 0x{ebp:08x}"]
            break
        code.append(back)
        if caller and caller <= ebp:
            end = [f"the next frame, 0x{caller:08x}, is not further up"]
        ebp = caller
    return [f"#{number} 0x{address:08x}  {place(address)}"
            for number, address in enumerate(code)] + end
