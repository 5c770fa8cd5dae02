"""One hint for a failure: what to look at first, chosen from the evidence.

A rule has its exercise, a pattern for the text of the report, and the hint. The
first rule of the exercise whose pattern is found applies; the last rule has no
pattern and always applies. A hint asks or explains, and gives no code away.
"""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Tuple


class Rule(NamedTuple):
    """If a report on `exercise` contains `pattern`, `hint` helps."""

    exercise: str
    pattern: str  # a regular expression; "" is found everywhere
    hint: str


def hint(exercise: str, report: str) -> str:
    """The hint for a report that blames `exercise`, or ""."""
    for rule in RULES:
        if rule.exercise == exercise and re.search(rule.pattern, report):
            return rule.hint
    return ""


def _rules(exercise: str, *rules: Tuple[str, str]) -> Iterator[Rule]:
    for pattern, text in rules:
        yield Rule(exercise, pattern, " ".join(text.split()))


RULES: Tuple[Rule, ...] = (
    # ---------------------------------------------------------- lab 1
    *_rules(
        "lab1.printfmt_octal",
        (r"seen: +6828 decimal is 0", """plain %o has no prefix: a leading 0
         belongs to the # flag alone"""),
        (r"expected: 6828 decimal is 15254", """which base is the number
         printed in, and are its digits in the right order? 6828 is 15254 in
         octal"""),
        (r"format %(#|\.0|#\.0)|%5\.0o", """zero is the special case: a
         precision of 0 leaves it empty, and with # it still shows one 0,
         never two"""),
        (r"format %(hh|h|ll)o", """octal numbers are unsigned, and the length
         in the format says how many bits of the argument count"""),
        (r"seen: +\[-|1777777777777777777777", """octal shows the bits of an
         unsigned number: nothing is to be negative or extended by its
         sign"""),
        (r"format %[+ ]o", """the flags + and blank are for signed conversions;
         %o is none"""),
        (r"format %", """flags, width and precision mean for %o what they mean
         for %u and %x: does yours go through the same steps?"""),
        ("", "compare with how %u and %x are done: only the base differs"),
    ),
    *_rules(
        "lab1.mon_backtrace",
        (r"never ends|printed without end|no progress|goes round|own caller",
         """what ends the walk? The entry code sets ebp to 0 before the first
         call, and a damaged chain must end it too"""),
        (r"form that it should have", """compare the line with the format on
         the page, blank for blank and digit for digit"""),
        (r"nowhere|not mapped|page fault", """before a frame is read: can the
         pointer to it be one at all?"""),
        (r"frame \d+ of the|first frame", """draw one frame on paper:
         what is at ebp, at ebp + 4, at ebp + 8? A frame's eip is the address
         to which it returns"""),
        (r"line|place|file", """look up the address of the call, not of what
         comes after it, and show the offset from the function's start"""),
        ("", "draw the chain of frames from the page, and follow it by hand in "
         "gdb"),
    ),
    *_rules(
        "lab1.debuginfo_line",
        (r"found nothing, but changed", """decide first, store then: when there
         is no row for the address, *info must stay as it was"""),
        (r"for an address that has none", """an address before the first row,
         or in a hole, which a row without function marks, has no line"""),
        (r"for an address that has a row|no progress", """the row that counts
         is the last one at or below the address. Try a search by hand for the
         first, the last and an exact address, and for a table of one row"""),
        (r"function at", """the function comes from the row's index into the
         functions; its address is where the offset is counted from"""),
        ("", """the row that counts is the last one at or below the address;
         its line, file and function are fields of the tables that it
         refers to"""),
    ),
    # ---------------------------------------------------------- lab 2
    *_rules(
        "lab2.boot_alloc",
        (r"boot_alloc\(0\)", """0 bytes ask where the next free byte is: that
         takes nothing, and the answer is on a page boundary"""),
        (r"not caught|2\^32|wrap", """a sum may pass 2^32 and come out small;
         compare what is left with what is asked instead"""),
        (r"not enough|is left|out of memory|limit", """compare like with like:
         is what you compare a virtual or a physical address? All memory that
         was found may be given out, and not a byte more"""),
        ("", """work out by hand what three calls return: the first starts at
         the first page boundary past the kernel"""),
    ),
    *_rules(
        "lab2.page_init",
        (r"MPENTRY", "one page below 1 MiB is kept for the other CPUs' start"),
        (r"I/O hole|hole for devices", """the memory from IOPHYSMEM to
         EXTPHYSMEM belongs to devices"""),
        (r"kernel's or allocated|boot_alloc gave out", """where does what
         boot_alloc has given out end? Compare page numbers with page numbers:
         boot_alloc returns a virtual address"""),
        (r"page 0|BIOS", "page 0 holds the BIOS's and the interrupt tables"),
        (r"circle|twice", """each page is put on the list once: which links
         where?"""),
        (r"pages are on page_free_list|pages are lost", """count by hand for a
         small machine: pages 1 to the hole, without MPENTRY's, and all from
         the first free page to npages"""),
        ("", """go through memory.h's regions one by one, in page numbers:
         which of them are free?"""),
    ),
    *_rules(
        "lab2.page_alloc",
        (r"NULL though pages are free|the only free page|none was free",
         """take the first page off the list, whatever the length of the list
         is; an empty list is the one reason for NULL"""),
        (r"same page twice|circle", """does the head of the list move on before
         the page's own link is cleared?"""),
        (r"pp_link still set", """the page leaves the list, so its link must
         not lead there any more"""),
        (r"pp_ref", "references are counted by who maps the page, not here"),
        (r"other flags|without ALLOC_ZERO|changed what", """the flags are bits:
         only ALLOC_ZERO's counts, whatever others are set"""),
        ("", """take the first page off page_free_list: what of the page and
         of the list changes, and in which order?"""),
    ),
    *_rules(
        "lab2.page_free",
        (r"double_free|free already", """a page whose link is set is on the
         list already. Look before you change anything"""),
        (r"free_in_use|references count|in use", """while pp_ref is not 0,
         somebody uses the page: stop before the list changes"""),
        (r"empty list|put the page", """the page becomes the head of the list,
         and its link what was the head before"""),
        ("", "look for both mistakes of a caller first, then change the list"),
    ),
    *_rules(
        "lab2.pgdir_walk",
        (r"not zeroed", """a page table that holds whatever was in memory maps
         anything: ask page_alloc for a cleared one"""),
        (r"pp_ref", "the directory entry is a reference to the table's page"),
        (r"made the directory entry", """what the entry must allow follows from
         both kinds of pages below it: users' and kernel's. It holds a physical
         address"""),
        (r"without create", """without create nothing may change, and no page
         be taken"""),
        (r"without PTE_P", "present is one bit of the entry, PTE_P, alone"),
        (r"instead of 0x|returned", """the upper 10 bits of the address choose
         the directory's entry, the next 10 the table's; the table must be
         reached by a kernel address"""),
        (r"does not find|took a page", """if there is a table already, it is
         found, not made again"""),
        ("", """three cases: the table is there; it is not, and create is 0; it
         is not, and is to be made"""),
    ),
    *_rules(
        "lab2.boot_map_region",
        (r"no_page_table|not caught|no page", """pgdir_walk may return NULL;
         here, at boot, that is the end"""),
        (r"pp_ref", "mappings that are made at boot count no references"),
        (r"page-table entry|entry for va", """the first page goes to va and pa,
         the next to both plus PGSIZE, and so on until size is done, not one
         page more; PTE_P is added to perm"""),
        ("", "one page-table entry for each page of the range"),
    ),
    *_rules(
        "lab2.page_lookup",
        (r"stored|through a NULL", """*pte_store is set when there is a page,
         and only if pte_store is not NULL"""),
        (r"without PTE_P|where none is mapped|removed", """an entry without
         PTE_P maps nothing, whatever else is in it"""),
        (r"made a page table", "looking up makes nothing"),
        ("", "the entry, not the address, says whether a page is there"),
    ),
    *_rules(
        "lab2.page_remove",
        (r"TLB", """the processor keeps translations: it must be told of the
         address whose entry changed"""),
        (r"pp_ref|did not free|still mapped", """the page loses one reference,
         and with the last one it becomes free: there is a function for just
         that"""),
        (r"entry of va", "the entry itself must be 0 afterwards"),
        (r"NULL|made a page table|page fault", """where nothing is mapped,
         nothing happens, and nothing is made"""),
        ("", """three things: the entry, the reference, the TLB, and only if
         there is a page"""),
    ),
    *_rules(
        "lab2.page_insert",
        (r"already freed|pp_ref", """think of mapping a page again where it is:
         if the old mapping goes first, what happens to the last reference?"""),
        (r"TLB", "a changed entry may still be in the TLB as it was"),
        (r"-E_NO_MEM|failed but changed", """if no table can be had, return
         -E_NO_MEM and leave everything, the reference count too, as it
         was"""),
        (r"directory entry", """the directory's entry is for 1024 pages: other
         pages' rights must not shrink with it"""),
        (r"entry of va", """the entry gets just perm and PTE_P; fewer rights
         than before are possible too"""),
        ("", """go through the cases: nothing mapped yet, another page mapped,
         the same page mapped, no memory for a table"""),
    ),
    *_rules(
        "lab2.map_pages",
        (r"user-writable|\bW\b|permissions|entry for va", """programs may read
         the array and never write it; its length is that of npages elements,
         in whole pages; PADDR makes a physical address"""),
        (r"pp_ref|page_free_list|lost", """this mapping is for good: it counts
         no references"""),
        ("", """compare address, length, physical address and permissions with
         inc/memlayout.h"""),
    ),
    *_rules(
        "lab2.map_kstack",
        (r"guard|is mapped", """KSTKSIZE bytes below KSTACKTOP are mapped and
         nothing below them: running over must fault"""),
        (r"entry for va|wrong physical|permissions|not mapped", """the stack
         grows down from KSTACKTOP: which address is the lowest of it, and
         which physical page belongs there? Only the kernel may use it"""),
        ("", "where does the stack begin and end, and what lies below?"),
    ),
    *_rules(
        "lab2.map_kernbase",
        ("", """2^32 minus KERNBASE bytes are mapped, to the last page, however
         much memory there is"""),
    ),
    # ---------------------------------------------------------- lab 3
    *_rules(
        "lab3.map_envs",
        (r"UENVS|entry for va|permissions", """as with pages[]: NENV elements
         in whole pages, for programs to read"""),
        ("", "compare address, length and permissions with inc/memlayout.h"),
    ),
    *_rules(
        "lab3.env_init",
        (r"no progress|triple fault", """does the loop end? No unsigned number
         is less than 0"""),
        (r"instead of &envs|number \d+", """the first environment that is handed
         out must be envs[0]: in which order does the list grow?"""),
        (r"status|is not free|id ", """set every field that says an environment
         is free: nothing is said of what was in it"""),
        (r"goes on after", "the last element's link ends the list"),
        ("", "walk the list by hand for three environments"),
    ),
    *_rules(
        "lab3.env_setup_vm",
        (r"pp_ref", "the directory's page is in use: by whom, and who counts?"),
        (r"-E_NO_MEM|null pointer", "page_alloc may return NULL"),
        (r"env_setup_vm: directory entry", """above UTOP a new directory is
         kern_pgdir's, but for one entry, through which programs read their own
         tables; below it is empty"""),
        ("", """which entries are the kernel's, which one is the directory's
         own?"""),
    ),
    *_rules(
        "lab3.region_alloc",
        (r"null pointer", "page_alloc may return NULL"),
        (r"outside its range|left the entry", """the range may
         start and end within pages: round its start down and its end up, and
         each page is PGSIZE on"""),
        (r"replaced", "a page that is there already stays"),
        (r"came back", """if memory runs out, this must not return: both page
         and table may be missing"""),
        (r"pp_ref", "each page of the range is a page of its own"),
        ("", "which pages does a range touch, if neither end is aligned?"),
    ),
    *_rules(
        "lab3.load_icode",
        (r"not mapped in .*kern_pgdir|kern_pgdir", """the program's addresses
         exist in its own page directory only: which one was loaded when you
         copied?"""),
        (r"did not leave that loaded", """who called may have another directory
         loaded than the kernel's: leave it as you found it"""),
        (r"instead of 00|byte at va|isn't cleared|zero", """a segment is longer
         in memory than in the file: what is past the file's part must be 0,
         whatever the page held before"""),
        (r"stack|eebfd", "a program needs one page of stack below USTACKTOP"),
        (r"refused|image|cannot be loaded|damaged", """elf_check looks at the
         whole image; its answer comes before anything is mapped, and goes into
         the panic with the program's name"""),
        (r"has nothing|mapped va", """only segments of type LOAD are loaded,
         and there are just e_phnum headers from e_phoff on"""),
        ("", """for each segment to load: memory for p_memsz bytes, p_filesz of
         them from the file, the rest 0"""),
    ),
    *_rules(
        "lab3.env_create",
        (r"type", "env_type and env_status are two fields"),
        (r"parent", "what the kernel creates has no parent"),
        (r"no environment is free|no page is free|refus", """env_alloc says by
         a negative number that it failed, and %e prints which"""),
        ("", "allocate, load, set the type: what can fail on the way?"),
    ),
    *_rules(
        "lab3.env_run",
        (r"env_runs", "every call counts, with the same environment too"),
        (r"ran before", """only one that was running goes back to runnable; one
         that waits or dies stays what it is"""),
        (r"page directory|lcr3|CR3", """the processor wants the directory's
         physical address"""),
        (r"env_status|curenv", """curenv, its status and its count are set
         before the registers are loaded"""),
        ("", "in this order: the last environment, the new one, its address "
         "space, its registers"),
    ),
    *_rules(
        "lab3.trap_entry",
        (r"does it push an error code|error code", """some exceptions push an
         error code, others do not; the entry points make up for it. The SDM's
         table of exceptions says which"""),
        (r"pushed the number", "each entry point pushes its own vector"),
        (r"in trap, ds|direction", """C code expects the kernel's data segment
         in ds and es, and the direction flag clear"""),
        (r"does not hold the registers|has ds", """struct Trapframe read
         backwards is the order of the pushes"""),
        (r"went on after|registers changed|off by", """the way back undoes the
         way in, in reverse, down to the number and the error code"""),
        ("", """draw the stack from the processor's pushes to the call of trap
         beside struct Trapframe"""),
    ),
    *_rules(
        "lab3.trap_init",
        (r"DPL|privilege|dpl", """who may raise this vector by int? Programs
         need just two of them"""),
        (r"no gate|not present", "every vector of the table needs its gate"),
        (r"trap gate|type", """an interrupt gate clears IF on the way in, a trap
         gate does not"""),
        (r"selector|segment", "the entry points are in the kernel's text"),
        ("", "each vector leads to its own entry point: compare one by one"),
    ),
    *_rules(
        "lab3.trap_dispatch",
        (r"twice|once|TRAP frame", "what is handled needs no second treatment"),
        (r"expected: 000000", """number in eax, then edx, ecx, ebx, edi, esi:
         in order"""),
        (r"breakpoint|stopped at", """breakpoints and single steps go to the
         monitor, with the frame"""),
        (r"eax|result|returned", """a program finds the result of its call in
         eax of the frame that it gets back"""),
        ("", """one case for each vector that is not a program's end, and the
         end for all others"""),
    ),
    *_rules(
        "lab3.syscall",
        (r"E_INVAL|unknown", "a number that is no system call gets -E_INVAL"),
        (r"cputs", "cputs checks first, then prints, and returns 0"),
        ("", """each number has its function, its arguments in their order, and
         its result; none goes on into the next"""),
    ),
    *_rules(
        "lab3.libmain",
        (r"user fault", """thisenv must point to this
         program's element of envs before main runs"""),
        (r"environment|slot", """an environment's id holds its slot, and more:
         there is a macro for the one"""),
        (r"argument|name", "argv is passed on, and the name is its first word"),
        (r"loops in _start", "when the program's main returns, the program ends"),
        ("", "what must be true before main is called, and after it returned?"),
    ),
    *_rules(
        "lab3.page_fault_handler",
        (r"kernel", """the code segment in the frame tells whether the kernel
         or a program faulted; the kernel's own fault is a panic"""),
        (r"user fault|va", """cr2 has the address as it was used; it goes into
         the message as it is"""),
        (r"destroy|free env", "a program that faults does not go on"),
        ("", "who faulted, where, and what becomes of it?"),
    ),
    *_rules(
        "lab3.user_mem_check",
        (r"reported va", """report the first byte that may not be used: of the
         first bad page its start, unless the range starts later"""),
        (r"returned 0 instead", """every page that the range touches counts,
         each bit of perm is wanted, and nothing at or above ULIM is a
         program's; can the end pass 2^32?"""),
        (r"returned -6 instead", """the range may start and end anywhere within
         its pages, and be empty; more rights than asked for are fine"""),
        (r"page table", "where there is no table, nothing is made"),
        (r"page fault", "pgdir_walk may return NULL"),
        ("", "which pages does the range touch, and what must each allow?"),
    ),
    *_rules(
        "lab3.debuginfo_user",
        (r"table of|found a table", """a program can write anything there: check
         the header, then each array it tells of, for what the program may
         read"""),
        ("", "trust nothing in the table before it has been checked"),
    ),
    # ---------------------------------------------------------- lab 4
    *_rules(
        "lab4.mmio_map_region",
        (r"flags|read-only", """what a register says changes by itself, so it
         must not be kept in a cache, and the kernel must write it: which bits
         of an entry see to that?"""),
        (r"the timer of the local APIC", """the kernel can use registers only at
         the address where they are mapped: which one is returned?"""),
        (r"instead of ef|nothing is mapped", """the first page is that of pa,
         the last that of the last byte, and the next region starts behind it.
         Where do two bytes across a page boundary lie?"""),
        (r"not refused", """compare what is left of the window with what is
         asked, before anything is rounded up: a sum may pass 2^32"""),
        ("", """from which address on is this region seen, and from which the
         next one?"""),
    ),
    *_rules(
        "lab4.mem_init_mp",
        (r"where nothing should be", """the gap below each stack stays empty:
         how large is one stack, and how far apart are two?"""),
        (r"wrong physical page", """whose memory is seen there? Each CPU has its
         own element of percpu_kstacks[], and the boot CPU's stack is mapped
         already"""),
        (r"\) is mapped", """a stack of the kernel is for the kernel to read and
         write, and for nobody else"""),
        ("", """draw the addresses below KSTACKTOP for three CPUs: a stack grows
         down from its end. All NCPU of them are mapped"""),
    ),
    *_rules(
        "lab4.trap_init_percpu",
        (r"stack for traps", """each CPU has a stack of its own, at a place of
         its own: where does that of this CPU end?"""),
        (r"(?s)task register.*seen: +0x0\b", """the processor knows of a task
         state only when it has been told its selector"""),
        (r"general protection|task register", """a selector counts bytes, and a
         descriptor has eight of them. Each CPU has a descriptor of its own: one
         that is loaded is busy"""),
        (r"GDT's entry", """the descriptor is that of this CPU's task state,
         which lies in its element of cpus[]"""),
        (r"I/O permission map", """the map is believed as far as the segment
         goes: where must it start so that no port is in it?"""),
        ("", "which of what this does is another for each CPU?"),
    ),
    *_rules(
        "lab4.kernel_lock",
        (r"passage_lock.FROM_KERNEL", """a CPU that is at work in the kernel has
         the lock already, and would wait for itself"""),
        (r"instead of LOCK_DROP", """while this CPU runs a program or is halted,
         another one may need the kernel"""),
        (r"instead of LOCK_TAKE", """the CPU comes from where it had no lock,
         and will be at work in the kernel"""),
        ("", """go through the passages one by one: does the CPU hold the lock
         when it comes there, and must it hold it behind?"""),
    ),
    *_rules(
        "lab4.sched_yield",
        (r"null pointer", "there need not be a current environment"),
        (r"ENV_NOT_RUNNABLE", """an environment that was stopped, or waits, is
         the current one still: only one that is ENV_RUNNING is ready to go
         on"""),
        (r"first did not run first", """the queue says whose turn it is: who is
         in it has waited, in this order, and who runs is not in it"""),
        (r"is halted", """a CPU halts only when nobody is ready: who was when it
         looked?"""),
        (r"not free though", "an environment was never chosen again: why?"),
        (r"by turns", """who yields goes to the end of the queue, behind all
         that were ready before"""),
        ("", """what becomes of the current environment, if there is one, and
         what if no other is ready? When there is none, the CPU halts"""),
    ),
    *_rules(
        "lab4.sys_exofork",
        (r"eax|only its parent", """the child comes back from the same system
         call as its parent, with another result"""),
        (r"child's id", """the parent gets the child's id; the result of
         env_alloc is no id"""),
        (r"env_status", """a child waits until its parent says that it may
         run"""),
        (r"null pointer", "env_alloc may fail: then there is no environment"),
        ("", "compare the child's registers with the parent's, one by one"),
    ),
    *_rules(
        "lab4.sys_env_set_status",
        (r"instead of -E_BAD_ENV", """whose environment is it? envid2env knows
         whether the caller may command it"""),
        (r"instead of -E_INVAL|was refused|instead of ENV_",
         """only two of the states may be asked for, and nothing changes when it
         is another"""),
        (r"never ran|stopped for good", """a status alone makes nobody run: who
         is ready is in the scheduler's queue, and one function keeps both in
         step"""),
        ("", "whose status is to change, and to what? Both are arguments"),
    ),
    *_rules(
        "lab4.sys_page_alloc",
        (r"a new page has", """a program must not see what another has left in a
         page"""),
        (r"instead of -E_BAD_ENV", """whose environment is it? envid2env knows
         whether the caller may command it"""),
        (r"null pointer", "page_alloc may return NULL"),
        (r"not freed|one page free|instead of -E_NO_MEM",
         """page_insert may find no memory for a page table. Then the call has
         failed, and the page belongs to nobody: who gives it back?"""),
        (r"the same page", """until it is certain that there is a new page, the
         old one stays"""),
        (r"after a child's", """the page is for envid, in whose address space it
         appears"""),
        (r"E_INVAL|pp_ref > 0", """which bits must be there, and which may be?
         An address has two conditions"""),
        ("", "check all that was passed before a page is taken"),
    ),
    *_rules(
        "lab4.sys_page_map",
        (r"source is|valid permissions", """PTE_W may be asked for only if the
         source's page-table entry has it; without it, any page will do"""),
        (r"instead of -E_BAD_ENV", """there are two environments, and the caller
         must be allowed to command both"""),
        (r"null pointer|no page at", "what if there is no page at srcva?"),
        (r"E_NO_MEM", "page_insert may find no memory for a page table"),
        (r"a page mapped onto itself", """what is at dstva must stay until the
         call is certain to succeed, and may be the same page"""),
        (r"instead of -E_INVAL|pp_ref > 0", """each of the two addresses has two
         conditions; of the permissions, two bits must be there and others may
         not"""),
        ("", """the page is looked up in the source's address space and mapped
         in the target's, with the permissions that were asked for"""),
    ),
    *_rules(
        "lab4.sys_page_unmap",
        (r"instead of -E_BAD_ENV", """whose environment is it? envid2env knows
         whether the caller may command it"""),
        (r"instead of -E_INVAL|pp_ref > 0", "an address has two conditions"),
        (r"nothing to do|returned -E_INVAL instead of 0",
         """where nothing is mapped, nothing is to be done, and all is well"""),
        (r"null pointer", """when envid2env says that there is no such
         environment, there is nothing to unmap"""),
        ("", "page_remove does all of it: in whose address space?"),
    ),
    *_rules(
        "lab4.sys_env_set_pgfault_upcall",
        (r"instead of -E_BAD_ENV", """whose environment is it? envid2env knows
         whether the caller may command it"""),
        (r"E_INVAL", "any address may be set: it is looked at when used"),
        ("", "it only notes the address: in which environment?"),
    ),
    *_rules(
        "lab4.user_fault_upcall",
        (r"fault \([^)]*kernel\)|kernel panic", """the program says where its
         stack is and may lie: ask whether it may write there before you do"""),
        (r"for va (deadbeef|f0100020)", """neither the exception stack nor the
         upcall need be where a program may use it: ask for both"""),
        (r"was not ended", """the exception stack is one page. What lies below
         is no part of it, even if it is mapped"""),
        (r"pointer was|the word at|did not report", """the frame ends just at
         UXSTACKTOP; at a fault on the exception stack it lies below the stack
         pointer, with one word free between them"""),
        (r"in the struct UTrapframe", """the frame has the registers as they
         were at the fault: save them before you change any"""),
        ("", """which of the program's registers change, and what becomes of
         those that it had?"""),
    ),
    *_rules(
        "lab4.pgfault_upcall",
        (r"e[abcd]x|e[sd]i|ebp", """whatever you still need a register for, do
         before popal"""),
        ("", """write down what lies on the exception stack at each line, and
         where esp points"""),
    ),
    *_rules(
        "lab4.set_pgfault_handler",
        (r"another call", """the exception stack is made once: the second time
         only the handler is another"""),
        (r"panic", "each call of the kernel may fail, and says so"),
        ("", """what must be there before the first fault: the stack, the
         upcall, the handler. In which order?"""),
    ),
    *_rules(
        "lab4.cow_pgfault",
        (r"does not panic|not come to its end", """which faults are for you? A
         write, to a page that is PTE_COW; a page table may be missing"""),
        (r"PFTEMP", "clear up: nothing stays mapped at PFTEMP"),
        (r"contents|zero|copy", """a copy is made while both pages can be seen:
         at which addresses are they?"""),
        ("", "follow one fault: new page, contents, its place, clearing up"),
    ),
    *_rules(
        "lab4.duppage",
        (r"could not be mapped in the child", """whose mapping comes first, and
         what if the other cannot be made?"""),
        (r"INVAL", """which bits may be passed to sys_page_map, and which of its
         environments has the page already?"""),
        (r"permissions 005", "a page that is only read needs no copy"),
        (r"permissions 805", """what is PTE_COW here is so there, too: both
         still share it"""),
        (r"permissions [08]07", """who may write a page after this? Neither,
         until it has a copy of its own"""),
        ("", "look at what is in uvpt[pn] and what the child is to get"),
    ),
    *_rules(
        "lab4.fork",
        (r"thisenv", """the child's `thisenv` still points at its parent's
         element when fork returns there"""),
        (r"lets its child run|panicked|every node", """the child may fault at
         its first instruction: what must it have before it may run?"""),
        (r"exception stack", """the kernel writes to the exception stack when a
         page is shared: it cannot be shared itself"""),
        (r"pages free, and|environments instead", """when a call fails half way,
         what has been made by then?"""),
        (r"user fault|no env_pgfault", """parent and child write to pages that
         are shared: who takes such a fault, and from when on?"""),
        ("", "go through the list of what a child needs, and when"),
    ),
    *_rules(
        "lab4.irq_entry",
        (r"same entry|pushed the number", """each vector pushes its own number,
         and has the place in the table that goes with it"""),
        (r"error code", "which interrupts come with an error code?"),
        ("", """vectors 32 to 47, none with an error code; and the table of
         their addresses, in that order"""),
    ),
    *_rules(
        "lab4.timer_irq",
        (r"no progress", """a tick ends the turn of the environment that runs:
         who runs next, and who sees to that?"""),
        (r"keeps it", """after the first tick there is no other: what does the
         APIC wait for?"""),
        ("", "what must the APIC be told, and who runs next?"),
    ),
    *_rules(
        "lab4.sys_ipc_recv",
        (r"page-aligned|gives -3 at once", """only an address below UTOP at
         which no page can be is refused: from UTOP on, any one means that no
         page is wanted"""),
        (r"refused, but leaves", "check first: who is refused does not wait"),
        (r"at once instead of waiting", """who waits is not ready to run, until
         a message has come"""),
        (r"gives \d+ instead of 0", """what the function returns becomes the
         program's result: does it come to its end?"""),
        (r"does not go on", """some may have been waiting to send before anybody
         received: who gives the first of them its turn?"""),
        ("", "what is noted for the sender to find?"),
    ),
    *_rules(
        "lab4.sys_ipc_try_send",
        (r"null pointer", "is there an environment of this id? envid2env says"),
        (r"neither a child", """one may send to anybody, not only to one's
         children"""),
        (r"value, perm are", """the receiver must be able to tell who sent what
         and whether a page came: what is env_ipc_perm when none did?"""),
        (r"may not write", """a page that the sender may only read stays
         read-only"""),
        (r"gives 0 instead of -3|permissions [0-9a-f]+: sys_ipc_try_send gives",
         "the rules for a page are those of sys_page_map"),
        (r"recving is 0, its status 4", """the receiver has its message, and is
         not ready to run"""),
        (r"gives -7 instead of -3", """in which order are the reasons for a
         refusal looked at?"""),
        (r"no page table", "mapping a page may fail: nothing has changed then"),
        ("", """whose page, at which address, in which address space? Nothing
         changes before all is checked"""),
    ),
    *_rules(
        "lab4.ipc_recv",
        (r"error|fails", """an error comes back as the result, and nobody sent
         anything"""),
        (r"NULL to store", "what the caller does not want is not stored"),
        ("", """NULL is an address at which a page could be: what does the
         kernel take for "none"?"""),
    ),
    *_rules(
        "lab4.ipc_send",
        (r"does not panic|not say what", "an error is a panic that says which"),
        (r"not receiving|no progress|does not go on", """one of the system calls
         waits until the other takes the message, and knows when nobody
         will"""),
        ("", """NULL is an address at which a page could be: what does the
         kernel take for "none"?"""),
    ),
)
