// SPDX-License-Identifier: BSD-2-Clause
/* MPRV with MPP = M, S, U and no paging: PMP decides, for all accesses. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 */
#include "pmp-model.h"

static u64 area[4 * PAGE_SIZE / 8] __attribute__((aligned(PAGE_SIZE)));

static bool mprv_fault(const struct stub *s, const struct trap *t, u64 a)
{
	struct trap plain = *t;

	plain.epc += (u64)s->at - (u64)s->mprv_at;
	return pmp_fault(s, &plain, a);
}

/* Same result as without MPRV: value loaded, memory afterwards. */
static void like_plain(const struct stub *s, enum mode mpp, u64 a)
{
	static const u64 pattern = 0x8899aabbccddeef1;
	struct trap plain, t;
	u64 after;

	area[0] = area[1] = area[2] = pattern;
	plain = run(MODE_M, s->code, a, 0x8182838485868788, 0);
	after = area[0] * 3 + area[1] * 5 + area[2];
	area[0] = area[1] = area[2] = pattern;
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(mpp));
	t = run(MODE_M, s->mprv, a, 0x8182838485868788, MSTATUS_MPRV);
	EXPECT_NO_TRAP(plain);
	EXPECT_NO_TRAP(t);
	if (s->access != ACC_STORE)
		CHECKF(t.a0 == plain.a0, "%s mpp %d: %lx, not %lx", s->name,
		       mpp, t.a0, plain.a0);
	CHECKF(area[0] * 3 + area[1] * 5 + area[2] == after,
	       "%s mpp %d: memory", s->name, mpp);
	CHECK_EQ(t.status & (MSTATUS_MPRV | MSTATUS_MPP), MPP(mpp));
}

static void denied(const struct stub *s, enum mode mpp, u64 a, bool allowed)
{
	struct trap t;

	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(mpp));
	t = run(MODE_M, s->mprv, a, 0, MSTATUS_MPRV);
	CHECKF(allowed ? !t.taken : mprv_fault(s, &t, a),
	       "%s mpp %d at %lx: %s, got %lx/%lx", s->name, mpp, a,
	       allowed ? "allowed" : "denied", t.taken ? t.cause : 0, t.tval);
	if (t.taken) {
		CHECK_EQ(t.status & MSTATUS_MPP, MSTATUS_MPP);
		CHECK_EQ(t.status & MSTATUS_MPRV, MSTATUS_MPRV);
	}
}

TEST()
{
	static const enum mode modes[] = { MODE_U, MODE_S, MODE_M };
	unsigned int n = pmp_count();
	u64 a = (u64)area;

	csr_set(mstatus, MSTATUS_FS);
	pmp_set(n - 1, ~0ul >> 10, PMP_NAPOT | PMP_RWX);
	for (unsigned int i = 0; i < nr_stubs; i++)
		for (unsigned int m = 0; m < 3; m++)
			like_plain(&stubs[i], modes[m], a + 8);

	/* page 1 nothing, page 2 read, page 3 execute only */
	pmp_set(1, pmp_napot(a + PAGE_SIZE, PAGE_SIZE), PMP_NAPOT);
	pmp_set(2, pmp_napot(a + 2 * PAGE_SIZE, PAGE_SIZE),
		PMP_NAPOT | PMP_R);
	pmp_set(3, pmp_napot(a + 3 * PAGE_SIZE, PAGE_SIZE),
		PMP_NAPOT | PMP_X);
	for (unsigned int i = 0; i < nr_stubs; i++) {
		const struct stub *s = &stubs[i];

		for (unsigned int m = 0; m < 3; m++) {
			bool mm = modes[m] == MODE_M;

			denied(s, modes[m], a + PAGE_SIZE + 16, mm);
			denied(s, modes[m], a + 2 * PAGE_SIZE + 16,
			       mm || s->access == ACC_LOAD);
			denied(s, modes[m], a + 3 * PAGE_SIZE + 16, mm);
			denied(s, modes[m], HOLE + 16, false);
		}
	}
	/* MPRV does not touch fetches: the stubs need no X under it */
	pmp_close();
	for (unsigned int m = 0; m < 3; m++)
		denied(&stubs[4], modes[m], a, modes[m] == MODE_M);
}
