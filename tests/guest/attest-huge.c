// SPDX-License-Identifier: BSD-2-Clause
/*
 * A payload whose header says that it is larger than any kernel: the monitor does
 * not hash for minutes, deaf to everybody, but measures its window.
 *
 * GUEST: world=keystone mem=512M timeout=40
 */
#include "offload.h"

#define ATTEST		5
#define REPORT_SIZE	688
#define FLAGS_AT	80
#define PAYLOAD_SIZE_AT	464
#define IMAGE_HEADER	2
#define PAYLOAD		(RAM_BASE + SZ_2M)
#define SIZE		(257ul << 20)
#define WINDOW		(512ul << 10)

static u64 report[REPORT_SIZE / 8];
static u64 nonce[8];

static void ask(void)
{
	struct sbi r = sbi(SBI_CORDON, ATTEST, (u64)nonce, (u64)report,
			   REPORT_SIZE, 0, 0);

	CHECK_EQ(r.error, 0);
	CHECK_EQ(report[PAYLOAD_SIZE_AT / 8], WINDOW);
	CHECK_EQ(report[FLAGS_AT / 8] & IMAGE_HEADER, 0);
}

TEST()
{
	struct trap t;

	pmp_open();
	write32(PAYLOAD, 0x00008067);			/* ret */
	write64(PAYLOAD + 16, SIZE);
	write32(PAYLOAD + 56, 0x05435352);		/* "RSC\5" */
	__asm__ volatile("fence.i" ::: "memory");
	t = run(MODE_S, (code_t)PAYLOAD, 0, 0, 0);
	EXPECT_NO_TRAP(t);
	t = run(MODE_S, ask, 0, 0, 0);
	EXPECT_NO_TRAP(t);
}
