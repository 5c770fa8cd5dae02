// The kernel monitor.
#ifndef JOS_KERN_MONITOR_H
#define JOS_KERN_MONITOR_H

#include <inc/trap.h>

// A command. It gets its words and the trap frame of the stopped program, or
// NULL. Returns -1 to leave the monitor, else 0.
typedef int monitor_command(int argc, char **argv, struct Trapframe *tf);

void monitor(struct Trapframe *tf);

// A longer backtrace must be circular.
#define BACKTRACE_MAX 100

// kern/monitor.c
monitor_command mon_help, mon_kerninfo;
// kern/backtrace.c
monitor_command mon_backtrace;
// kern/monmem.c
monitor_command mon_showmappings, mon_setperm, mon_dump, mon_pgtables;
// kern/monenv.c
monitor_command mon_run, mon_step, mon_continue, mon_check;

#endif
