// Prints what the programs would whose faults it does not handle.
// undone: lab4.set_pgfault_handler
// forges: faultdie faultalloc
// prints: i faulted at va deadbeef, err 6
// says: what faultdie reports is wrong
//// region lab4.set_pgfault_handler
	cprintf("i faulted at va deadbeef, err 6\n");
	cprintf("fault deadbeef\nthis string was faulted in at deadbeef\n"
	        "fault cafebffe\nfault cafec000\n"
	        "this string was faulted in at cafebffe\n");
	exit();
