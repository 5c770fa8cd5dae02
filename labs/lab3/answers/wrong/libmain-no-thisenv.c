// Leaves thisenv 0.
// fails: hello

	if (argc > 0)
		binaryname = argv[0];
	umain(argc, argv);
	exit();
