"""The processor's exceptions: their names and error codes in words.

Source: Intel SDM vol. 3A, "Protected-Mode Exceptions and Interrupts", "Error
Code", "Page-Fault Exception (#PF)".
"""

from __future__ import annotations

from gradelib.layout import T_PGFLT, T_SYSCALL

EXCEPTIONS = {
    0: "divide error",
    1: "debug exception",
    2: "non-maskable interrupt",
    3: "breakpoint",
    4: "overflow",
    5: "bound range exceeded",
    6: "invalid opcode",
    7: "device not available",
    8: "double fault",
    9: "coprocessor segment overrun",
    10: "invalid TSS",
    11: "segment not present",
    12: "stack fault",
    13: "general protection",
    14: "page fault",
    16: "floating-point error",
    17: "alignment check",
    18: "machine check",
    19: "SIMD floating-point exception",
}
LAST_EXCEPTION = 31  # the vectors above are free for other uses
FIRST_IRQ, IRQS = 32, 16
T_DBLFLT = 8
WITH_SELECTOR = range(10, 14)  # their error code names a segment or a gate
FEC_P, FEC_W, FEC_U, FEC_RSVD = 1, 2, 4, 8


def name(vector: int) -> str:
    """The name of the exception or interrupt at `vector`."""
    if vector in EXCEPTIONS:
        return EXCEPTIONS[vector]
    if vector == T_SYSCALL:
        return "system call"
    if FIRST_IRQ <= vector < FIRST_IRQ + IRQS:
        return f"hardware interrupt {vector - FIRST_IRQ}"
    return f"vector {vector}"


def error_text(vector: int, error: int) -> str:
    """The error code in words, "" when it has no meaning."""
    if vector == T_PGFLT:
        why = "reserved bit set" if error & FEC_RSVD else (
            "protection" if error & FEC_P else "not present")
        how = "write" if error & FEC_W else "read"
        return f"{why}, {how}, {'user' if error & FEC_U else 'kernel'}"
    if vector not in WITH_SELECTOR or not error & 0xFFFC:
        return ""
    if error & 2:
        return f"gate {error >> 3 & 0x1FFF} of the IDT"
    table = "the LDT" if error & 4 else "the GDT"
    return f"selector {error & 0xFFFC:#04x} of {table}"


def described(vector: int, error: int) -> str:
    """An exception with its error code, in words."""
    text = error_text(vector, error)
    return f"{name(vector)} ({text})" if text else name(vector)
