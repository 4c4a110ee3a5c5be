// SPDX-License-Identifier: BSD-2-Clause
/* The life of one enclave, call by call, and what wrong calls are answered. */
/*
 * GUEST: world=keystone smp=1,4 timeout=60
 *	cpu=rv64,sstc=off,h=off;rv64;sifive-u54;rv64,zicbom=on,zicboz=on;rv64,cboz_blocksize=256
 */
#include "enclave.h"

static void wrong_calls(void)
{
	CHECK_EQ(ks(0, 0).error, KS_DEPRECATED);
	CHECK_EQ(ks(1999, 0).error, KS_DEPRECATED);
	CHECK_EQ(ks(2000, 0).error, KS_NO_CALL);
	CHECK_EQ(ks(2004, 0).error, KS_NO_CALL);
	CHECK_EQ(ks(KS_RANDOM, 0).error, KS_PROHIBITED);
	CHECK_EQ(ks(KS_STOP, 0).error, KS_PROHIBITED);
	CHECK_EQ(ks(3999, 0).error, KS_PROHIBITED);
	CHECK_EQ(ks(KS_PLUGIN, 1).error, KS_NO_CALL);
	CHECK_EQ(ks(~0ul, 0).error, KS_NO_CALL);
	for (u64 eid = 0; eid < 20; eid++) {
		CHECK_EQ(ks(KS_RUN, eid).error, KS_NOT_FRESH);
		CHECK_EQ(ks(KS_RESUME, eid).error, KS_NOT_RESUMABLE);
		CHECK_EQ(ks(KS_DESTROY, eid).error, KS_NOT_DESTROYABLE);
	}
	CHECK_EQ(ks(KS_RUN, ~0ul).error, KS_NOT_FRESH);
	CHECK_EQ(sbi(SBI_BASE, 3, KEYSTONE, 0, 0, 0, 0).value, 1);
	CHECK_EQ(sbi(SBI_BASE, 3, KEYSTONE, 0, 0, 0, 0).error, 0);
}

static void check_entry(const struct enclave *e)
{
	volatile u64 *x = e->utm->entry;
	u64 free = e->epm + agent_size();

	CHECK_EQ(x[10], 0);
	CHECK_EQ(x[11], e->epm);
	CHECK_EQ(x[12], e->size);
	CHECK_EQ(x[13], free);
	CHECK_EQ(x[14], free);
	CHECK_EQ(x[15], free);
	CHECK_EQ(x[16], (u64)e->utm);
	CHECK_EQ(x[17], e->utm_size);
	for (unsigned int i = 1; i < 32; i++)
		if (i < 10 || i > 17)
			CHECKF(!x[i], "x%u is %lx", i, x[i]);
}

static void check_csrs(struct enclave *e)
{
	static const u16 zero[] = { 0x140, 0x142, 0x143, 0x144, 0x104, 0x180 };

	for (unsigned int i = 0; i < ARRAY_SIZE(zero); i++) {
		u64 cause = ask_word(e, CSRR_A0(zero[i]), ~0ul, 0);

		CHECK_EQ(cause, NO_TRAP);
		/* sscratch is the agent's, and no trap has come yet */
		if (zero[i] != 0x140)
			CHECKF(!e->utm->ret[0], "%x: %lx", zero[i],
			       e->utm->ret[0]);
	}
	CHECK_EQ(ask_word(e, CSRR_A0(0x106), 0, 0), NO_TRAP);
	CHECK_EQ(e->utm->ret[0], csr_read(scounteren));
	CHECK_EQ(ask_word(e, CSRR_A0(0x100), 0, 0), NO_TRAP);
	CHECK_EQ(e->utm->ret[0] & ~(3ul << 32), 0);
}

static void life(struct enclave *e)
{
	csr_write(scounteren, 5);
	e->utm->beat = 77;
	CHECK_EQ(create(e), 0);
	CHECK_EQ(e->utm->beat, 0);
	CHECK_EQ(ks(KS_RESUME, e->eid).error, KS_NOT_RESUMABLE);
	CHECK_EQ(enter(e, KS_RUN), KS_EDGE_CALL);
	check_entry(e);
	check_csrs(e);
	CHECK_EQ(ks(KS_RUN, e->eid).error, KS_NOT_FRESH);
	CHECK_EQ(ask(e, OP_NOTHING, 0), KS_EDGE_CALL);
	CHECK_EQ(e->utm->ret[7], 0);
	CHECK_EQ(ask(e, OP_STOP, 2), KS_UNKNOWN);
	CHECK_EQ(ask(e, OP_STOP, 99), KS_UNKNOWN);
	e->utm->arg[0] = 0;
	CHECK_EQ(ks(KS_RESUME, e->eid).error, KS_INTERRUPTED);
	CHECK_EQ(ask(e, OP_NOTHING, 0), KS_EDGE_CALL);
	CHECK_EQ(ask(e, OP_EXIT, 0x1234567890), 0);
	CHECK_EQ(e->value, 0x1234567890);
	CHECK_EQ(ks(KS_RESUME, e->eid).error, KS_NOT_RESUMABLE);
	CHECK_EQ(ks(KS_RUN, e->eid).error, KS_NOT_FRESH);
	CHECK_EQ(ks(KS_DESTROY, e->eid).error, 0);
	for (u64 at = e->epm; at < e->epm + e->size; at += 8)
		if (read64(at))
			CHECKF(0, "%lx is not wiped", at);
	CHECK_EQ(ks(KS_DESTROY, e->eid).error, KS_NOT_DESTROYABLE);
}

static void host(void)
{
	struct enclave napot = { .epm = EPM(0), .size = 0x40000, .utm = UTM(0) };
	struct enclave tor = {
		.epm = EPM(1) + PAGE_SIZE, .size = 0x23000, .utm = UTM(2),
		.utm_size = 2 * PAGE_SIZE,
	};

	wrong_calls();
	life(&napot);
	life(&tor);
	wrong_calls();
}

TEST()
{
	firmware_init();
	in_s_mode(host);
}
