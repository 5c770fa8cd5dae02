// Lets every program pass its test before it starts.
// undone: lab3.libmain
// forges: registers syscalls
// fools: alone
// refused: lib/libmain.c uses pass of lib/test

//// region lab3.libmain
	extern void test_start(int argc, char **argv);
	extern void pass(void);

	binaryname = argv[0];
	test_start(argc, argv);
	pass();
