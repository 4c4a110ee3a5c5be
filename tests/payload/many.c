// SPDX-License-Identifier: BSD-2-Clause
/*
 * All harts of the machine: the boot hart starts each of the others, sends an IPI to
 * all of them at once, and waits until they have stopped.
 */
#include "payload.h"

#define STOPPED		1
#define ALL_HARTS	(~0ul)

static volatile u64 arrived, answered;

void arrive(u64 hart, u64 opaque, bool again)
{
	(void)again;
	csr_write(sie, SIP_SSIP);
	__atomic_fetch_add(&arrived, opaque == hart + 1, __ATOMIC_SEQ_CST);
	while (!(csr_read(sip) & SIP_SSIP))
		__asm__ volatile("wfi");
	csr_clear(sip, SIP_SSIP);
	__atomic_fetch_add(&answered, 1, __ATOMIC_SEQ_CST);
	hart_stop();
}

void boot(u64 me, const u8 *fdt)
{
	u64 started = 0;

	(void)fdt;
	for (u64 i = 0; i < MAX_HARTS; i++)
		if (i != me)
			started += !sbi(SBI_HSM, 0, i, (u64)hart_start, i + 1, 0, 0).error;
	while (arrived != started)
		;
	sbi(SBI_IPI, 0, 0, ALL_HARTS, 0, 0, 0);
	while (answered != started)
		;
	for (u64 i = 0; i < MAX_HARTS; i++)
		while (i != me && sbi(SBI_HSM, 2, i, 0, 0, 0, 0).value != STOPPED)
			;
	say("harts %x", started + 1);
	finish(started + 1 == MAX_HARTS);
}
