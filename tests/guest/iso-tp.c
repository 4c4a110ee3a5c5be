// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest whose tp is an address of the monitor: its fast paths tell their own traps by
 * tp, which must not make a guest's trap look like one.
 */
/* GUEST: world=monitor,offload cpu=rv64;rv64,h=off;sifive-u54 timeout=60 */
#include "iso.h"

#define STEP	16

/* Save tp, use an address there, run one instruction, show tp and restore it. */
static void one(enum mode mode, u32 word, u64 tp, u64 cause)
{
	u64 buffer = code_buffer();
	const u32 words[] = {
		0xfffff8b7,		/* lui a7, 0xfffff: a call that nobody serves */
		0x00020613,		/* mv a2, tp */
		0x00050213,		/* mv tp, a0 */
		word,
		0x00020593,		/* mv a1, tp */
		0x00060213,		/* mv tp, a2 */
	};
	struct trap t = run_words(mode, words, 6, tp, 0, 0);

	if (cause != ANY) {
		EXPECT_TRAP(t, cause, ANY, buffer + 12);
		CHECKF(t.x[4] == tp, "%x at tp %lx: it became %lx", word, tp,
		       t.x[4]);
		return;
	}
	EXPECT_NO_TRAP(t);
	CHECKF(t.a1 == tp, "%x at tp %lx: it became %lx", word, tp, t.a1);
}

TEST()
{
	u64 end;

	iso_init();
	pmp_open();
	end = monitor.base + monitor.size;
	for (u64 tp = monitor.base; tp < end; tp += STEP) {
		one(MODE_M, 0x30002573, tp, ANY);	/* csrr a0, mstatus */
		one(MODE_M, 0x34302573, tp, ANY);	/* csrr a0, mtval */
	}
	for (u64 tp = monitor.base; tp < end; tp += 4 * STEP) {
		one(MODE_M, 0x3a002573, tp, ANY);	/* csrr a0, pmpcfg0: in C */
		one(MODE_M, 0xc0001073, tp, CAUSE_ILLEGAL);
		one(MODE_S, 0xc0001073, tp, CAUSE_ILLEGAL);
		one(MODE_S, 0x00000073, tp, CAUSE_ECALL_S);
	}
}
