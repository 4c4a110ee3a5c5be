// SPDX-License-Identifier: BSD-2-Clause
/*
 * Begin, end and read traces of the monitor, under Linux:
 *
 *	guest-trace on [kinds=csr,call] [harts=0,2] [code=START+SIZE] [eids=10,54494d45]
 *	guest-trace off
 *	guest-trace status		how many records each hart has written
 *	guest-trace read >FILE		all records, for tools/trace show FILE
 *
 * The words are those of Documentation/tracing.md. Needs CONFIG_TRACE_USER;
 * elsewhere the instruction is illegal: "no trace here", status 2.
 */
#include <endian.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMEBASE	"/proc/device-tree/cpus/timebase-frequency"
#define MAX_HART_ID	4096
#define RECORDS		128	/* that one call copies */
#define EXTENSIONS	3
#define VERSION		2ull
#define FIRST		512	/* bytes of the header (policies/trace/ring.h) */
#define INVALID_PARAM	(-3)

enum { CONTROL = 6, WRITTEN = 7, READ = 8, FILTER = 10 };

static const struct {
	const char *name;
	unsigned int number;
} kinds[] = {
#define TRACE_KIND(number, name, ...)	{ #name, number },
#include "../../policies/trace/kind.def"
};

struct record {
	uint64_t word[4];
};

struct answer {
	int64_t error;
	uint64_t value;
};

struct filter {
	uint64_t kinds, harts, code, size, eids, eid[EXTENSIONS];
};

/* csrrw x0, 0x8c1, x0 */
static struct answer ask(uint64_t function, const uint64_t a[6])
{
	register uint64_t a0 __asm__("a0") = a[0];
	register uint64_t a1 __asm__("a1") = a[1];
	register uint64_t a2 __asm__("a2") = a[2];
	register uint64_t a3 __asm__("a3") = a[3];
	register uint64_t a4 __asm__("a4") = a[4];
	register uint64_t a5 __asm__("a5") = a[5];
	register uint64_t a6 __asm__("a6") = function;

	__asm__ volatile(".word 0x8c101073" : "+r"(a0), "+r"(a1)
			 : "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a6) : "memory");
	return (struct answer){ (int64_t)a0, a1 };
}

static void fail(const char *text)
{
	fprintf(stderr, "guest-trace: %s\n", text);
	exit(1);
}

static void on_sigill(int signal)
{
	static const char text[] = "guest-trace: no trace here\n";

	(void)signal;
	(void)!write(2, text, sizeof(text) - 1);
	_exit(2);
}

static bool written(uint64_t hart, uint64_t *count)
{
	struct answer r = ask(WRITTEN, (uint64_t[6]){ hart });

	*count = r.value;
	return !r.error;
}

static uint64_t number(const char *text, int base)
{
	char *end;
	uint64_t value = strtoull(text, &end, base);

	if (end == text || *end)
		fail("not a number");
	return value;
}

static void take_item(struct filter *f, const char *name, const char *item)
{
	uint64_t found = 0;

	if (!strcmp(name, "harts")) {
		uint64_t hart = number(item, 10);

		if (hart > 63)
			fail("harts are 0 to 63");
		f->harts |= 1ull << hart;
	} else if (!strcmp(name, "eids") && f->eids < EXTENSIONS) {
		f->eid[f->eids++] = number(item, 16);
	} else if (!strcmp(name, "kinds")) {
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if (!strncmp(kinds[i].name, item, strlen(item)) ||
			    !strcmp(kinds[i].name, "mark"))
				found |= 1ull << kinds[i].number;
		f->kinds |= found;
	} else {
		fail("words are kinds=, harts=, code= and, with at most three, eids=");
	}
}

static void take_word(struct filter *f, char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		fail("words are name=value");
	*value++ = '\0';
	if (!strcmp(word, "code")) {
		char *size = strchr(value, '+');

		if (!size)
			fail("code is START+SIZE");
		*size++ = '\0';
		f->code = number(value, 16);
		f->size = number(size, 16);
		return;
	}
	for (char *item = strtok(value, ","); item; item = strtok(NULL, ","))
		take_item(f, word, item);
}

static int begin(int words, char **word)
{
	struct filter f = { 0 };

	for (int i = 0; i < words; i++)
		take_word(&f, word[i]);
	if (ask(FILTER, (uint64_t[6]){ f.code, f.size, f.eids, f.eid[0], f.eid[1],
				       f.eid[2] }).error ||
	    ask(CONTROL, (uint64_t[6]){ 1, f.kinds, f.harts }).error)
		fail("the monitor refuses that");
	return 0;
}

static int status(void)
{
	uint64_t count;

	for (uint64_t hart = 0; hart < MAX_HART_ID; hart++)
		if (written(hart, &count))
			printf("hart %" PRIu64 ": %" PRIu64 " records\n", hart, count);
	return 0;
}

static uint64_t timebase(void)
{
	FILE *file = fopen(TIMEBASE, "rb");
	uint32_t value;

	if (!file || fread(&value, sizeof(value), 1, file) != 1)
		fail("cannot read " TIMEBASE);
	fclose(file);
	return be32toh(value);
}

static void put(const void *data, size_t size)
{
	if (fwrite(data, 1, size, stdout) != size)
		fail("cannot write");
}

/* The header of a full ring that has stopped after these records. */
static void put_header(uint64_t hart, uint64_t records, uint64_t lost)
{
	uint64_t limit = FIRST + records * sizeof(struct record);
	uint64_t head[FIRST / 8] = {
		0, VERSION | (uint64_t)sizeof(struct record) << 32, 0, FIRST, limit,
		limit, limit, 0, 0, lost + 1, ~0ull, hart, timebase(), limit,
	};

	memcpy(head, "CORDONTR", 8);
	put(head, sizeof(head));
}

/* Read up to @want records. Return: how many, or -1 with *@oldest, if @from is lost */
static int64_t read_some(uint64_t hart, uint64_t from, struct record *to, uint64_t want,
			 uint64_t *oldest)
{
	struct answer r = ask(READ, (uint64_t[6]){ hart, from, (uint64_t)to, want });

	if (r.error && r.error != INVALID_PARAM)
		fail("the monitor cannot write the records");
	*oldest = r.value;
	return r.error ? -1 : (int64_t)r.value;
}

/*
 * Copy records *@from to @end of a hart to @to. A ring that stops may have fewer. Return:
 * how many, or -1 with the oldest in *@from, if some have been overwritten meanwhile
 */
static int64_t copy_records(uint64_t hart, uint64_t *from, uint64_t end, struct record *to)
{
	uint64_t have = 0, oldest;

	while (have < end - *from) {
		uint64_t want = end - *from - have;
		int64_t n = read_some(hart, *from + have, to + have,
				      want < RECORDS ? want : RECORDS, &oldest);

		if (n < 0) {
			*from = oldest;
			return -1;
		}
		if (!n)
			break;
		have += (uint64_t)n;
	}
	return (int64_t)have;
}

static void read_hart(uint64_t hart, uint64_t end)
{
	static struct record one = { { 1 } };
	uint64_t from, room;
	int64_t have = -1;
	struct record *records;

	if (read_some(hart, 0, &one, 1, &from) >= 0)
		from = 0;
	room = end - from + 1;
	records = malloc(room * sizeof(*records));
	if (!records)
		fail("no memory");
	/* The monitor can write only to pages that are there. */
	memset(records, 1, room * sizeof(*records));
	while (have < 0)
		have = from < end ? copy_records(hart, &from, end, records) : 0;
	put_header(hart, (uint64_t)have, end - (uint64_t)have);
	put(records, (uint64_t)have * sizeof(*records));
	free(records);
}

static int read_all(void)
{
	uint64_t end;

	for (uint64_t hart = 0; hart < MAX_HART_ID; hart++)
		if (written(hart, &end))
			read_hart(hart, end);
	return fflush(stdout) ? 1 : 0;
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";
	uint64_t unused;

	signal(SIGILL, on_sigill);
	written(0, &unused);
	if (!strcmp(command, "on"))
		return begin(argc - 2, argv + 2);
	if (!strcmp(command, "off"))
		return ask(CONTROL, (uint64_t[6]){ 0 }).error ? 1 : 0;
	if (!strcmp(command, "status"))
		return status();
	if (!strcmp(command, "read"))
		return read_all();
	fail("usage: guest-trace on [WORDS] | off | status | read >FILE");
}
