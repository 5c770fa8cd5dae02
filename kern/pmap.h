// Physical pages and page tables.
#ifndef JOS_KERN_PMAP_H
#define JOS_KERN_PMAP_H

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/types.h>

struct Env;

extern char bootstack[], bootstacktop[]; // kern/entry.S
extern char end[];                       // kern/kernel.ld: past the kernel

extern struct PageInfo *pages;          // one for each page of memory
extern size_t npages;                   // how many
extern struct PageInfo *page_free_list; // linked through pp_link
extern pde_t *kern_pgdir;

// Flags of page_alloc.
enum {
	ALLOC_ZERO = 1 << 0,
};

// kern/memdetect.c: find out how much memory there is and set npages.
void detect_memory(void);

// kern/meminit.c
void mem_init(void);
void page_decref(struct PageInfo *pp);

// kern/pmap.c, in the order of the file; the contracts are there.
void *boot_alloc(uint32_t n);
void page_init(void);
struct PageInfo *page_alloc(int alloc_flags);
void page_free(struct PageInfo *pp);
pte_t *pgdir_walk(pde_t *pgdir, const void *va, int create);
void boot_map_region(pde_t *pgdir, uintptr_t va, size_t size, physaddr_t pa,
                     int perm);
int page_insert(pde_t *pgdir, struct PageInfo *pp, void *va, int perm);
struct PageInfo *page_lookup(pde_t *pgdir, void *va, pte_t **pte_store);
void page_remove(pde_t *pgdir, void *va);
void map_pages(void);
void map_kstack(void);
void map_kernbase(void);

// kern/tlb.c
void tlb_invalidate(pde_t *pgdir, void *va);

// kern/mmio.c
void *mmio_map_region(physaddr_t pa, size_t size);
void mem_init_mp(void);

// The address that the last failed user_mem_check reported.
extern uintptr_t user_mem_check_addr;

// kern/usermem.c
int user_mem_check(struct Env *env, const void *va, size_t len, int perm);
// kern/envtable.c
void user_mem_refuse(struct Env *env);

// Check that `env` may access the range with `perm | PTE_U`, as user_mem_check
// does. If it may not, destroy it; does not return if it is the current
// environment.
static inline void
user_mem_assert(struct Env *env, const void *va, size_t len, int perm)
{
	if (user_mem_check(env, va, len, perm | PTE_U) < 0)
		user_mem_refuse(env);
}

// The physical address of `kva`, a kernel address in the window above KERNBASE.
// Panics for any other address.
#define PADDR(kva) kva_to_pa(__FILE__, __LINE__, (kva))

static inline physaddr_t
kva_to_pa(const char *file, int line, const void *kva)
{
	if ((uintptr_t)kva < KERNBASE)
		_panic(file, line, "PADDR called with invalid kva %p", kva);
	return (uintptr_t)kva - KERNBASE;
}

// The kernel address of physical address `pa`. Panics if `pa` is beyond the end
// of memory.
#define KADDR(pa) pa_to_kva(__FILE__, __LINE__, (pa))

static inline void *
pa_to_kva(const char *file, int line, physaddr_t pa)
{
	if (PGNUM(pa) >= npages)
		_panic(file, line, "KADDR called with invalid pa %08x", pa);
	return (void *)(uintptr_t)(pa + KERNBASE);
}

// The physical address of the page that `pp` describes.
static inline physaddr_t
page2pa(struct PageInfo *pp)
{
	return (physaddr_t)(pp - pages) << PGSHIFT;
}

// The description of the page that holds `pa`. Panics if there is none.
static inline struct PageInfo *
pa2page(physaddr_t pa)
{
	if (PGNUM(pa) >= npages)
		panic("pa2page called with invalid pa %08x", pa);
	return &pages[PGNUM(pa)];
}

// The kernel address of the page that `pp` describes.
static inline void *
page2kva(struct PageInfo *pp)
{
	return KADDR(page2pa(pp));
}

#endif
