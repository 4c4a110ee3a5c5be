// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls of an enclave's host, each with what it was answered, for a test that compares
 * them with their records. Lines: "= fid error value".
 */
/* GUEST: world=trace */
#include "enclave.h"

static void say(u64 fid, struct sbi r)
{
	print("= %lu %lx %lx\n", fid, (u64)r.error, r.value);
}

/* Make the enclave do something, until its host has an answer. */
static void resume(struct enclave *e, u64 op, u64 x0)
{
	struct sbi r;

	e->utm->op = op;
	e->utm->arg[0] = x0;
	do {
		r = ks(KS_RESUME, e->eid);
		say(KS_RESUME, r);
	} while (r.error == KS_INTERRUPTED);
}

static void host(void)
{
	struct enclave e = { .epm = EPM(0), .size = 0x40000, .utm = UTM(0) };

	say(KS_RUN, ks(KS_RUN, 5));
	CHECK_EQ(create(&e), 0);
	say(KS_RUN, ks(KS_RUN, e.eid));
	for (u64 n = 2; n < 5; n++)
		resume(&e, OP_STOP, n);
	resume(&e, OP_NOTHING, 0);
	resume(&e, OP_REGS, 0x1234567);
	resume(&e, OP_EXIT, 0x123456789);
	say(KS_RESUME, ks(KS_RESUME, e.eid));
	say(KS_DESTROY, ks(KS_DESTROY, e.eid));
}

TEST()
{
	firmware_init();
	in_s_mode(host);
	/* The records are read out of the machine, which must not end. */
	if (!failures) {
		print("DONE\n");
		for (;;)
			;
	}
}
