// SPDX-License-Identifier: BSD-2-Clause
/*
 * A trace that the payload begins, ends and reads itself (Documentation/tracing.md): the
 * calls that it has made are in it, and wrong arguments are errors.
 */
#include "payload.h"

#define SBI_CORDON	0x08434f52
#define KIND_CALL	5
#define NOT_SUPPORTED	(-2l)
#define INVALID_PARAM	(-3l)
#define INVALID_ADDRESS	(-5l)
#define CALLS		10
#define MOST		128

enum { CONTROL = 6, WRITTEN, READ, FILTER = 10 };

static struct record {
	u64 word[3];
	u64 head;
} records[MOST + 1];

/* csrrw x0, 0x8c1, x0: what a program does instead of a call (CONFIG_TRACE_USER). */
static struct sbi ask_by_insn(u64 fid, u64 a, u64 b, u64 c, u64 d)
{
	register u64 a0 __asm__("a0") = a;
	register u64 a1 __asm__("a1") = b;
	register u64 a2 __asm__("a2") = c;
	register u64 a3 __asm__("a3") = d;
	register u64 a6 __asm__("a6") = fid;

	__asm__ volatile(".word 0x8c101073"
			 : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a6) : "memory");
	return (struct sbi){ (long)a0, a1 };
}

static bool by_insn;

static struct sbi ask(u64 fid, u64 a, u64 b, u64 c, u64 d)
{
	return by_insn ? ask_by_insn(fid, a, b, c, d) : sbi(SBI_CORDON, fid, a, b, c, d, 0);
}

static bool is(const char *what, struct sbi r, long error, u64 value)
{
	if (r.error == error && r.value == value)
		return true;
	say("%s: error %x, value %x", what, (u64)r.error, r.value);
	return false;
}

/* The calls of BASE's function 0 in records @first to @end of a hart. */
static u64 count_calls(u64 hart, u64 first, u64 end, bool *good)
{
	u64 calls = 0;

	while (first < end) {
		u64 n = end - first < MOST ? end - first : MOST;
		struct sbi r = ask(READ, hart, first, (u64)records, n);

		if (!is("read", r, 0, n)) {
			*good = false;
			return 0;
		}
		for (u64 i = 0; i < n; i++)
			calls += (records[i].head & 0xff) == KIND_CALL &&
				 records[i].word[0] == SBI_BASE && !records[i].word[1];
		first += n;
	}
	return calls;
}

static bool refuses(u64 hart, u64 written)
{
	bool good = true;

	good &= is("on 2", ask(CONTROL, 2, 0, 0, 0), INVALID_PARAM, 0);
	good &= is("4 extensions", ask(FILTER, 0, 0, 4, 0), INVALID_PARAM, 0);
	good &= is("written of none", ask(WRITTEN, 99, 0, 0, 0), INVALID_PARAM, 0);
	good &= is("read of none", ask(READ, ~0ul, 0, (u64)records, 1), INVALID_PARAM, 0);
	good &= is("later", ask(READ, hart, written + 1, (u64)records, 1), INVALID_PARAM, 0);
	good &= is("never", ask(READ, hart, ~0ul, (u64)records, 1), INVALID_PARAM, 0);
	good &= is("none", ask(READ, hart, written, (u64)records, ~0ul), 0, 0);
	good &= is("at 0", ask(READ, hart, 0, 0, 1), INVALID_ADDRESS, 0);
	good &= is("at the end", ask(READ, hart, 0, ~0ul - 15, 1), INVALID_ADDRESS, 0);
	good &= is("at the monitor", ask(READ, hart, 0, MONITOR, 1), INVALID_ADDRESS, 0);
	return good;
}

/* The records of one call of BASE, traced on @harts, at @code bytes from 0, of @eid. */
static u64 one_call(u64 hart, u64 harts, u64 code, u64 eid, bool *good)
{
	u64 first = ask(WRITTEN, hart, 0, 0, 0).value;

	*good &= is("filter", ask(FILTER, 0, code, eid ? 1 : 0, eid), 0, 0);
	*good &= is("on", ask(CONTROL, 1, 0, harts, 0), 0, 0);
	sbi(SBI_BASE, 0, 0, 0, 0, 0, 0);
	*good &= is("off", ask(CONTROL, 0, 0, 0, 0), 0, 0);
	return count_calls(hart, first, ask(WRITTEN, hart, 0, 0, 0).value, good);
}

static bool filters(u64 hart)
{
	bool good = true;

	good &= is("all", (struct sbi){ 0, one_call(hart, 0, 0, 0, &good) }, 0, 1);
	good &= is("no hart", (struct sbi){ 0, one_call(hart, 1ul << 62, 0, 0, &good) }, 0, 0);
	good &= is("no code", (struct sbi){ 0, one_call(hart, 0, 1, 0, &good) }, 0, 0);
	good &= is("other", (struct sbi){ 0, one_call(hart, 0, 0, 0x735049, &good) }, 0, 0);
	good &= is("this", (struct sbi){ 0, one_call(hart, 0, 0, SBI_BASE, &good) }, 0, 1);
	return good;
}

static bool traces(u64 hart)
{
	u64 first = ask(WRITTEN, hart, 0, 0, 0).value, end, most;
	bool good;

	good = is("begin", ask(CONTROL, 1, 0, 0, 0), 0, 0);
	for (u64 i = 0; i < CALLS; i++)
		sbi(SBI_BASE, 0, 0, 0, 0, 0, 0);
	good &= is("end", ask(CONTROL, 0, 0, 0, 0), 0, 0);
	end = ask(WRITTEN, hart, 0, 0, 0).value;
	sbi(SBI_BASE, 0, 0, 0, 0, 0, 0);
	good &= is("ended", ask(WRITTEN, hart, 0, 0, 0), 0, end);
	good &= is("traced", (struct sbi){ 0, count_calls(hart, first, end, &good) }, 0, CALLS);
	good &= refuses(hart, end);

	/* One call takes no more than it may. */
	records[MOST].head = 0x55;
	most = end - first < MOST ? end - first : MOST;
	good &= is("most", ask(READ, hart, first, (u64)records, MOST + 1), 0, most);
	good &= records[MOST].head == 0x55;

	good &= is("only csr", ask(CONTROL, 1, 1ul << 4, 0, 0), 0, 0);
	sbi(SBI_BASE, 0, 0, 0, 0, 0, 0);
	good &= is("end", ask(CONTROL, 0, 0, 0, 0), 0, 0);
	good &= is("filtered", (struct sbi){ 0, count_calls(hart, end,
		   ask(WRITTEN, hart, 0, 0, 0).value, &good) }, 0, 0);
	return good & filters(hart);
}

void boot(u64 hart, const u8 *fdt)
{
	bool good = traces(hart);

	(void)fdt;
	by_insn = true;
	good &= is("no function", ask(WRITTEN + 100, hart, 0, 0, 0), NOT_SUPPORTED, 0);
	finish(good & traces(hart));
}

void arrive(u64 hart, u64 opaque, bool again)
{
	(void)hart;
	(void)opaque;
	(void)again;
}
