// The kernel's own checks of the exercises. Each panics at the first error,
// with the values it saw.
#ifndef JOS_KERN_CHECK_CHECK_H
#define JOS_KERN_CHECK_CHECK_H

#include <inc/types.h>

#include <kern/check/gap.h>

struct Env;
struct Program;

// check_report.c
void checking(const char *exercise);
void check_keep_report(const char *name, uint32_t value);
uint32_t check_random(void);
bool check_wanted(const char *name);
void check_not_caught(const char *name) __attribute__((noreturn));

// If a grader started this boot and gave it a key, report that check `name`
// established `value`. Each check calls this last. Code that skips the check
// and jumps here must know how wide the gap is, in which every byte is a trap.
static inline __attribute__((always_inline)) void
check_report(const char *name, uint32_t value)
{
	__asm__ volatile("jmp 1f; .skip %c0, 0xcc; 1:" : : "i"(CHECK_GAP));
	check_keep_report(name, value);
}

// check_printf.c
void check_printf(void);

// check_debug.c: debug tables and backtraces.
void check_debuginfo_line(void);
void check_backtrace(void);
void check_debuginfo_user(struct Env *e);

// check_pages.c: the page allocator.
void check_boot_alloc(void);
void check_page_free_list(void);
void check_page_alloc(void);

// check_page.c: page tables.
void check_page(void);
void check_page_installed_pgdir(void);

// check_kern_pgdir.c: the kernel's mappings.
void check_kern_pgdir(void);
void check_kern_envs(void);

// check_panic.c: calling what must panic.
const char *panics(void (*function)(void *arg), void *arg);

// check_env.c: environments and their memory.
void check_env_scribble(void);
void check_env(void);
void check_env_leavings(const struct Program *program);
void check_env_created(struct Env *e, const struct Program *program);
void check_env_named(const char *name, struct Env *e);

// check_create.c: creating and running environments.
void check_env_create(void);
void check_images(void);
void check_env_run(void);

// check_multi.c: device registers and the kernel lock.
void check_mmio(void);
void check_passages(void);
void check_locks(void);

// check_syscall.c: system calls, called as trap_dispatch does.
void check_syscall(struct Env *e);

// check_traps.c: the entry points of the vectors.
void check_traps(void);
void check_irqs(void);

#endif
