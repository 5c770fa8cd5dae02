// Takes for granted that there is an argv[0]: binaryname becomes NULL where
// there is none.
// fails: program_arguments

	thisenv = &envs[ENVX(sys_getenvid())];
	binaryname = argv[0];
	umain(argc, argv);
	exit();
