// Always takes the first environment for its own.
// fails: hello

	thisenv = &envs[0];
	if (argc > 0)
		binaryname = argv[0];
	umain(argc, argv);
	exit();
