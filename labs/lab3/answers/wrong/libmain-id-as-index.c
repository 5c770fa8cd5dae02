// Takes the whole id for the index: its generation must be cut off with ENVX.
// fails: hello

	thisenv = &envs[sys_getenvid()];
	if (argc > 0)
		binaryname = argv[0];
	umain(argc, argv);
	exit();
