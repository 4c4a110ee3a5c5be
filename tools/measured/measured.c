// SPDX-License-Identifier: BSD-2-Clause
/*
 * Print what the monitor measured at the start, under Linux: a line for each of
 * monitor, firmware, tree, payload, handed-tree and initrd,
 *
 *	measured <name> <address> <bytes> <SHA3-512 in hex digits>
 *
 * with 0 bytes for what was not measured, and last
 *
 *	entered with <a0> <a1>, compared <mask>, different <mask>
 *
 * It reads the log by an instruction that CONFIG_OFFLOAD_USER_STATS answers.
 * Elsewhere that is an illegal instruction: "measured nothing", status 2.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define LOG		0x8000
#define NO_WORD		UINT64_MAX
#define HASH_WORDS	8
#define RECORD		(2 + HASH_WORDS)
#define FIRST_RECORD	5

static const char *const names[] = {
	"monitor", "firmware", "tree", "payload", "handed-tree", "initrd",
};

/* csrrw a0, 0x8c0, a0 */
static uint64_t word(uint64_t n)
{
	register uint64_t a0 __asm__("a0") = LOG | n;

	__asm__ volatile(".word 0x8c051573" : "+r"(a0));
	return a0;
}

static void on_sigill(int signal)
{
	static const char text[] = "measured nothing\n";

	(void)signal;
	(void)!write(1, text, sizeof(text) - 1);
	_exit(2);
}

static void print_record(uint64_t n)
{
	uint64_t at = FIRST_RECORD + n * RECORD;

	printf("measured %s 0x%" PRIx64 " %" PRIu64 " ",
	       n < sizeof(names) / sizeof(names[0]) ? names[n] : "?", word(at),
	       word(at + 1));
	for (uint64_t i = 0; i < HASH_WORDS; i++) {
		uint64_t v = word(at + 2 + i);

		for (int byte = 0; byte < 8; byte++)
			printf("%02x", (unsigned int)(v >> 8 * byte) & 0xff);
	}
	printf("\n");
}

int main(void)
{
	uint64_t records;

	signal(SIGILL, on_sigill);
	records = word(0);
	if (records == NO_WORD)
		on_sigill(0);
	for (uint64_t n = 0; n < records; n++)
		print_record(n);
	printf("entered with 0x%" PRIx64 " 0x%" PRIx64 ", compared %" PRIx64
	       ", different %" PRIx64 "\n", word(1), word(2), word(3), word(4));
	return 0;
}
