// Shows many environments at work on one thing: a sieve in which each passes on
// the numbers that its own prime does not divide. With an argument, numbers up
// to that go in; without one, the environments run out.
//
// Source: D. McIlroy's sieve, in C. A. R. Hoare, "Communicating Sequential
// Processes", "The Sieve of Eratosthenes".

#include <inc/lib.h>

// Print the first number that comes, a prime, and pass on, to an environment
// that does the same, those of the others that it does not divide.
static void
sieve(void)
{
	while (1) {
		uint32_t prime = ipc_recv(NULL, NULL, NULL);
		envid_t next;

		cprintf("CPU %d: %d ", thisenv->env_cpunum, prime);
		report("primes", prime);
		next = fork();
		if (next < 0)
			panic("fork: %e", next);
		if (next == 0)
			continue;
		while (1) {
			uint32_t n = ipc_recv(NULL, NULL, NULL);

			if (n % prime)
				ipc_send(next, n, NULL, 0);
		}
	}
}

void
umain(int argc, char **argv)
{
	const uint32_t last = argc > 1 ? strtol(argv[1], NULL, 10) : -1;
	envid_t first;

	test_start(argc - 1, argv + 1);
	first = fork();
	if (first < 0)
		panic("fork: %e", first);
	if (first == 0)
		sieve();
	for (uint32_t n = 2; n <= last; n++)
		ipc_send(first, n, NULL, 0);
}
