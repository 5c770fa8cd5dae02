// The monitor's command backtrace.

#include <inc/assert.h>
#include <inc/memlayout.h>
#include <inc/stdio.h>
#include <inc/string.h>
#include <inc/types.h>
#include <inc/x86.h>

#include <kern/kdebug.h>
#include <kern/monitor.h>
#include <kern/trap.h>

// Print the calls that led here, innermost first: "Stack backtrace:", then for
// each stack frame the two lines
//
//   ebp %08x  eip %08x  args %08x %08x %08x %08x %08x
//          FILE:LINE: FUNCTION+OFFSET
//
// indented by two and by nine blanks. ebp is the frame pointer (read_ebp in
// inc/x86.h gives this function's); eip the address that the function returns
// to; args the five words of memory after the return address, whether or not
// the function has so many arguments. The second line tells about eip what
// debuginfo_eip gives, also where it finds nothing; FUNCTION is eip_fn_name, of
// which eip_fn_namelen characters count; OFFSET is the decimal distance of eip
// from the function's start.
//
// The first frame is that of this function. A frame starts with the frame
// pointer of its caller, and the return address follows. The walk ends before
// the first frame that is not there (frame_readable in kern/kdebug.c), and in
// any case after BACKTRACE_MAX frames.
//
// Returns:  0. The arguments do not matter.
// Source:   Intel SDM vol. 1, "Calling Procedures Using CALL and RET",
//           "Stack-Frame Base Pointer"; "System V ABI, Intel386 Supplement",
//           "The Stack Frame".
int
mon_backtrace(int argc, char **argv, struct Trapframe *tf)
{
	// @solution lab1.mon_backtrace
	uintptr_t ebp = read_ebp();

	cprintf("Stack backtrace:\n");
	for (int n = 0; n < BACKTRACE_MAX && frame_readable(ebp); n++) {
		const uint32_t *frame = (const uint32_t *)ebp;
		uint32_t eip = frame[1];
		struct Eipdebuginfo info;

		cprintf("  ebp %08x  eip %08x  args %08x %08x %08x %08x %08x\n",
		        (uint32_t)ebp, eip, frame[2], frame[3], frame[4],
		        frame[5], frame[6]);
		debuginfo_eip(eip, &info);
		cprintf("         %s:%d: %.*s+%u\n", info.eip_file,
		        info.eip_line, info.eip_fn_namelen, info.eip_fn_name,
		        (uint32_t)(eip - info.eip_fn_addr));
		ebp = frame[0];
	}
	return 0;
	// @end lab1.mon_backtrace
}
