// Does not set binaryname.
// fails: program_arguments

	thisenv = &envs[ENVX(sys_getenvid())];
	umain(argc, argv);
	exit();
