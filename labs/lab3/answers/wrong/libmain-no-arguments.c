// Calls umain without the arguments.
// fails: program_arguments

	thisenv = &envs[ENVX(sys_getenvid())];
	if (argc > 0)
		binaryname = argv[0];
	umain(0, NULL);
	exit();
