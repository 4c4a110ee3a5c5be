// SPDX-License-Identifier: BSD-2-Clause
/*
 * Run a fuzz target without libFuzzer:
 *
 *   x-fuzz FILE...		replay inputs, "-" is stdin (AFL++: afl-fuzz ... --
 *				x-fuzz @@)
 *   x-fuzz -r COUNT [SEED]	COUNT random inputs
 *
 * A random input that fails is left in x-fuzz-crash.bin in the current folder.
 */
#include "fuzz.h"

#include <signal.h>
#include <unistd.h>

#define MAX_INPUT 0x40000
#define MAX_RANDOM 4096

static uint8_t input[MAX_INPUT];
static size_t input_size;
static int random_input;

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;	/* splitmix64 */

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/*
 * Abort, so that sanitizers' findings end here too and AFL++ sees them as
 * crashes.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "abort_on_error=1";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}

static void save_input(int sig)
{
	FILE *f = random_input ? fopen("x-fuzz-crash.bin", "wb") : NULL;

	if (f) {
		fwrite(input, 1, input_size, f);
		fclose(f);
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

static void run_random(unsigned long count, uint64_t seed)
{
	random_input = 1;
	while (count--) {
		input_size = next_random(&seed) % MAX_RANDOM & ~7ul;
		for (size_t i = 0; i < input_size; i += 8) {
			uint64_t word = next_random(&seed);

			memcpy(input + i, &word, 8);
		}
		LLVMFuzzerTestOneInput(input, input_size);
	}
}

static int run_file(const char *name)
{
	FILE *f = strcmp(name, "-") ? fopen(name, "rb") : stdin;

	if (!f) {
		perror(name);
		return 1;
	}
	input_size = fread(input, 1, sizeof(input), f);
	if (f != stdin)
		fclose(f);
	LLVMFuzzerTestOneInput(input, input_size);
	return 0;
}

int main(int argc, char **argv)
{
	int bad = 0;

	signal(SIGABRT, save_input);
	if (argc >= 3 && !strcmp(argv[1], "-r")) {
		run_random(strtoul(argv[2], NULL, 0),
			   argc > 3 ? strtoull(argv[3], NULL, 0) : 1);
		return 0;
	}
	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE... | -r COUNT [SEED]\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		bad |= run_file(argv[i]);
	return bad;
}
