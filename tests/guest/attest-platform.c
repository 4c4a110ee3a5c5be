// SPDX-License-Identifier: BSD-2-Clause
/*
 * Cordon's report about the machine. The payload that is measured is one that has
 * nothing but a header as Linux' Image has it, and returns. Then a payload asks
 * for reports, with pointers good and bad. The report is printed as "REPORT hex",
 * and tests/integration/test_attest.py verifies it.
 *
 * GUEST: world=keystone smp=1,2 cpu=rv64;rv64,zbb=off;sifive-u54 timeout=40
 */
#include "offload.h"

#define ATTEST		5
#define FAILED		(-1l)
#define BAD_ADDRESS	(-5l)
#define REPORT_SIZE	688
#define PAYLOAD		(RAM_BASE + SZ_2M)
#define PAYLOAD_SIZE	0x3008		/* no multiple of the hash's block */
#define PAYLOAD_BYTE(i)	((u8)((i) * 7 + ((i) >> 8)))

static u8 report[PAGE_SIZE] __attribute__((aligned(8)));
static u8 nonce[64];

static struct sbi attest(const void *n, void *r, u64 size)
{
	return sbi(SBI_CORDON, ATTEST, (u64)n, (u64)r, size, 0, 0);
}

static void make_payload(void)
{
	for (u64 i = 0; i < PAYLOAD_SIZE; i++)
		write8(PAYLOAD + i, PAYLOAD_BYTE(i));
	write32(PAYLOAD, 0x00008067);			/* ret */
	write64(PAYLOAD + 16, PAYLOAD_SIZE);
	write32(PAYLOAD + 56, 0x05435352);		/* "RSC\5" */
	__asm__ volatile("fence.i" ::: "memory");
}

static u64 sum(const u8 *p, u64 n)
{
	u64 s = 0;

	while (n--)
		s = s * 31 + *p++;
	return s;
}

/* A bad report pointer must leave memory unchanged. */
static void bad_pointers(const struct range *monitor)
{
	u64 bad[] = {
		HOLE, CLINT_BASE, monitor->base, monitor->base - 8,
		monitor->base + monitor->size - 344, ~0ul, ~0ul - 340, 0,
	};

	for (u64 i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK_EQ(attest(nonce, (void *)bad[i], REPORT_SIZE).error, BAD_ADDRESS);
		if (bad[i] == monitor->base - 8)
			continue;			/* 8 bytes of nonce there */
		CHECK_EQ(attest((void *)bad[i], report, REPORT_SIZE).error, BAD_ADDRESS);
	}
}

static void in_payload(void)
{
	struct range monitor;
	struct sbi r;
	u64 first;

	r = sbi(SBI_BASE, 3, SBI_CORDON, 0, 0, 0, 0);
	CHECK_EQ(r.value, 1);
	for (u64 size = 0; size < REPORT_SIZE; size += 43) {
		r = attest(nonce, report, size);
		CHECK_EQ(r.error, SBI_INVALID_PARAM);
		CHECK_EQ(r.value, REPORT_SIZE);
	}
	CHECK(fdt_monitor(&monitor));
	bad_pointers(&monitor);
	for (u64 i = 0; i < sizeof(report); i++)
		report[i] = 0x5a;
	/* Misaligned; the bytes before and after must stay unchanged. */
	r = attest(nonce, report + 3, ~0ul);
	CHECK_EQ(r.error, 0);
	CHECK_EQ(r.value, REPORT_SIZE);
	CHECK_EQ(report[2], 0x5a);
	CHECK_EQ(report[3 + REPORT_SIZE], 0x5a);
	first = sum(report + 3, REPORT_SIZE);
	/* The same nonce gives the same report, another nonce another. */
	CHECK_EQ(attest(nonce, report, REPORT_SIZE).error, 0);
	CHECK_EQ(sum(report, REPORT_SIZE), first);
	nonce[63] ^= 1;
	CHECK_EQ(attest(nonce, report, REPORT_SIZE).error, 0);
	CHECK(sum(report, REPORT_SIZE) != first);
	/* The nonce may overlap the report's buffer. */
	for (u64 i = 0; i < sizeof(nonce); i++)
		report[i] = nonce[i] = (u8)(i + 1);
	CHECK_EQ(attest(report, report, REPORT_SIZE).error, 0);
	CHECK_EQ(sum(report + 16, 64), sum(nonce, 64));
}

TEST()
{
	struct trap t;

	pmp_open();
	make_payload();
	t = run(MODE_S, (code_t)PAYLOAD, 0x1234, 0x5678, 0);
	EXPECT_NO_TRAP(t);
	/* Later changes do not affect the measurement. */
	write8(PAYLOAD + 100, 0);
	t = run(MODE_S, in_payload, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	print("REPORT ");
	for (u64 i = 0; i < REPORT_SIZE; i++)
		print("%02x", report[i]);
	print("\n");
}
