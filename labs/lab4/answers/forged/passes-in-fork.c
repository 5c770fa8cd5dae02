// Lets every program that forks pass its test.
// undone: lab4.fork
// forges: fork
// refused: lib/fork.c uses pass of lib/test
//// region lab4.fork
	void pass(void) __attribute__((noreturn));

	pass();
