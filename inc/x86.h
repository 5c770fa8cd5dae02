// Single x86 instructions as C functions.
// Source: Intel SDM vol. 2, "Instruction Set Reference".
#ifndef JOS_INC_X86_H
#define JOS_INC_X86_H

#include <inc/types.h>

static inline uint8_t
inb(uint16_t port)
{
	uint8_t data;
	__asm__ volatile("inb %1, %0" : "=a"(data) : "Nd"(port));
	return data;
}

static inline uint16_t
inw(uint16_t port)
{
	uint16_t data;
	__asm__ volatile("inw %1, %0" : "=a"(data) : "Nd"(port));
	return data;
}

static inline uint32_t
inl(uint16_t port)
{
	uint32_t data;
	__asm__ volatile("inl %1, %0" : "=a"(data) : "Nd"(port));
	return data;
}

static inline void
outb(uint16_t port, uint8_t data)
{
	__asm__ volatile("outb %0, %1" : : "a"(data), "Nd"(port));
}

static inline void
outw(uint16_t port, uint16_t data)
{
	__asm__ volatile("outw %0, %1" : : "a"(data), "Nd"(port));
}

static inline void
outl(uint16_t port, uint32_t data)
{
	__asm__ volatile("outl %0, %1" : : "a"(data), "Nd"(port));
}

// Move `count` dwords between `port` and memory at `addr`.
static inline void
insl(uint16_t port, void *addr, size_t count)
{
	__asm__ volatile("cld; rep insl"
	                 : "+D"(addr), "+c"(count)
	                 : "d"(port)
	                 : "memory", "cc");
}

static inline void
outsl(uint16_t port, const void *addr, size_t count)
{
	__asm__ volatile("cld; rep outsl"
	                 : "+S"(addr), "+c"(count)
	                 : "d"(port)
	                 : "memory", "cc");
}

static inline void
breakpoint(void)
{
	__asm__ volatile("int3");
}

static inline void
cli(void)
{
	__asm__ volatile("cli" : : : "memory");
}

static inline void
sti(void)
{
	__asm__ volatile("sti" : : : "memory");
}

static inline void
hlt(void)
{
	__asm__ volatile("hlt" : : : "memory");
}

// Tells the processor that this is a spin-wait loop.
static inline void
cpu_pause(void)
{
	__asm__ volatile("pause" : : : "memory");
}

// Invalidate the TLB entry of the page that holds `addr`.
static inline void
invlpg(const void *addr)
{
	__asm__ volatile("invlpg (%0)" : : "r"(addr) : "memory");
}

// `base` points at a struct Pseudodesc.
static inline void
lgdt(const void *base)
{
	__asm__ volatile("lgdt (%0)" : : "r"(base) : "memory");
}

static inline void
lidt(const void *base)
{
	__asm__ volatile("lidt (%0)" : : "r"(base) : "memory");
}

// These two read the GDT, and ltr writes there that the descriptor is busy.
static inline void
lldt(uint16_t sel)
{
	__asm__ volatile("lldt %0" : : "r"(sel) : "memory");
}

static inline void
ltr(uint16_t sel)
{
	__asm__ volatile("ltr %0" : : "r"(sel) : "memory");
}

static inline void
lcr0(uint32_t val)
{
	__asm__ volatile("movl %0, %%cr0" : : "r"(val) : "memory");
}

static inline uint32_t
rcr0(void)
{
	uint32_t val;
	__asm__ volatile("movl %%cr0, %0" : "=r"(val));
	return val;
}

// The linear address of the last page fault.
static inline uint32_t
rcr2(void)
{
	uint32_t val;
	__asm__ volatile("movl %%cr2, %0" : "=r"(val));
	return val;
}

// Load the *physical* address of a page directory; flushes the TLB.
static inline void
lcr3(physaddr_t val)
{
	__asm__ volatile("movl %0, %%cr3" : : "r"(val) : "memory");
}

static inline physaddr_t
rcr3(void)
{
	physaddr_t val;
	__asm__ volatile("movl %%cr3, %0" : "=r"(val));
	return val;
}

static inline void
lcr4(uint32_t val)
{
	__asm__ volatile("movl %0, %%cr4" : : "r"(val) : "memory");
}

static inline uint32_t
rcr4(void)
{
	uint32_t val;
	__asm__ volatile("movl %%cr4, %0" : "=r"(val));
	return val;
}

static inline uint32_t
read_eflags(void)
{
	uint32_t eflags;
	__asm__ volatile("pushfl; popl %0" : "=r"(eflags));
	return eflags;
}

static inline void
write_eflags(uint32_t eflags)
{
	__asm__ volatile("pushl %0; popfl" : : "r"(eflags) : "memory", "cc");
}

// The frame pointer of the function that asks. Inlined even where nothing else
// is: a call would have a frame of its own.
static inline __attribute__((always_inline)) uintptr_t
read_ebp(void)
{
	uintptr_t ebp;
	__asm__ volatile("movl %%ebp, %0" : "=r"(ebp));
	return ebp;
}

static inline __attribute__((always_inline)) uintptr_t
read_esp(void)
{
	uintptr_t esp;
	__asm__ volatile("movl %%esp, %0" : "=r"(esp));
	return esp;
}

// Call `func` on an empty stack that ends at `top`. It never returns.
static inline void __attribute__((noreturn))
run_on_stack(uintptr_t top, void (*func)(void))
{
	__asm__ volatile("movl %0, %%esp\n\t"
	                 "xorl %%ebp, %%ebp\n\t"
	                 "call *%1"
	                 :
	                 : "r"(top), "r"(func)
	                 : "memory");
	__builtin_unreachable();
}

static inline uint64_t
read_tsc(void)
{
	uint32_t lo, hi;
	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

// Returns:  the index of the first of the `count` words at `words` that is not
//           0, or `count`.
static inline uint32_t
scan_words(const volatile uint32_t *words, uint32_t count)
{
	const volatile uint32_t *at = words;
	bool found;

	if (count == 0)
		return 0;
	__asm__ volatile("cld; repe scasl"
	                 : "+D"(at), "+c"(count), "=@ccne"(found)
	                 : "a"(0)
	                 : "memory");
	return at - words - found;
}

// Store what CPUID reports for `leaf` where the pointers are not NULL.
static inline void
cpuid(uint32_t leaf, uint32_t *eaxp, uint32_t *ebxp, uint32_t *ecxp,
      uint32_t *edxp)
{
	uint32_t eax, ebx, ecx, edx;

	__asm__ volatile("cpuid"
	                 : "=a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx)
	                 : "a"(leaf), "c"(0));
	if (eaxp)
		*eaxp = eax;
	if (ebxp)
		*ebxp = ebx;
	if (ecxp)
		*ecxp = ecx;
	if (edxp)
		*edxp = edx;
}

static inline uint64_t
rdmsr(uint32_t msr)
{
	uint32_t lo, hi;
	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return (uint64_t)hi << 32 | lo;
}

// Atomically store `newval` at `addr` and return what was there.
static inline uint32_t
xchg(volatile uint32_t *addr, uint32_t newval)
{
	__asm__ volatile("lock; xchgl %0, %1"
	                 : "+m"(*addr), "+r"(newval)
	                 :
	                 : "memory");
	return newval;
}

#endif
