// SPDX-License-Identifier: BSD-2-Clause
/* A hart of M and U-mode alone, such as the monitor core of SiFive's chips. */
/* GUEST: world=native,monitor,offload compare cpu=rv64,s=off,h=off,sstc=off */
#include "guest.h"

static void show(const char *what, const struct trap *t)
{
	print("= %s: %lx at %lx\n", what, t->taken ? t->cause : 99,
	      t->taken ? t->tval : t->a0);
}

static void accesses(void)
{
	struct trap t;

	t = run(MODE_U, stub_ld, HOLE, 0, 0);
	show("load", &t);
	t = run(MODE_U, stub_sd, HOLE, 0, 0);
	show("store", &t);
	t = run(MODE_U, (code_t)HOLE, 0, 0, 0);
	show("fetch", &t);
	csr_clear(mstatus, MSTATUS_MPP);
	t = run(MODE_M, mprv_ld, HOLE, 0, MSTATUS_MPRV);
	show("mprv", &t);
}

TEST()
{
	u64 word = 0x1122334455667788;
	struct trap t;

	CHECK(!has_s);
	pmp_open();
	t = run(MODE_U, stub_ld, (u64)&word, 0, 0);
	show("good load", &t);
	accesses();
	/* no entry lets U-mode have these */
	pmp_set(pmp_count() - 2, pmp_napot(RAM_BASE, SZ_1G), PMP_NAPOT | PMP_RWX);
	pmp_set(pmp_count() - 1, 0, 0);
	accesses();
	/* registers of S-mode, read, and time */
	csr_write(mcounteren, 0);
	t = run_word(MODE_U, 0xc0102573, 0, 0, 0);
	show("time", &t);
	t = run_word(MODE_M, 0x18002573, 0, 0, 0);
	show("satp", &t);
	t = run_word(MODE_M, 0x10602573, 0, 0, 0);
	show("scounteren", &t);
	t = run_word(MODE_M, 0x10200073, 0, 0, 0);
	show("sret", &t);
}
