// SPDX-License-Identifier: BSD-2-Clause
/* Random PMP configurations against a model of the specification. */
/* GUEST: world=native,monitor,pmp8,cache cpu=rv64;sifive-u54 timeout=60 */
#include "pmp-model.h"

#define ROUNDS	150
#define PROBES	24

static u64 area[4 * PAGE_SIZE / 8] __attribute__((aligned(4 * PAGE_SIZE)));
static u64 seed = 0x9e3779b97f4a7c15;

static u64 random_address(void)
{
	/* mostly around page and cache line edges */
	u64 r = rand64(&seed), a = (u64)area + r % sizeof(area);

	if (r >> 40 & 1)
		a = (a & ~255ul) + (r >> 41 & 1 ? 0 : 248);
	return a;
}

static void random_entry(struct pmp_model *m, unsigned int i)
{
	u64 r = rand64(&seed);
	u8 cfg = r & 7;

	if ((cfg & 3) == PMP_W)
		cfg |= PMP_R;
	m->addr[i] = random_address() >> 2;
	switch (r >> 8 & 3) {
	case 0:
		break;
	case 1:
		cfg |= PMP_TOR;
		break;
	case 2:
		cfg |= PMP_NA4;
		break;
	default:
		cfg |= PMP_NAPOT;
		m->addr[i] = pmp_napot(random_address() & ~7ul,
				       8ul << (r >> 16) % 11) |
			     (m->addr[i] & ~0xffful);
		break;
	}
	m->cfg[i] = cfg;
}

static void round(struct pmp_model *m)
{
	unsigned int n = m->n;

	/* the first two let the stubs run, the last is a default */
	m->addr[0] = (u64)stubs_start >> 2;
	m->addr[1] = (u64)stubs_end >> 2;
	m->cfg[0] = 0;
	m->cfg[1] = PMP_TOR | PMP_R | PMP_X;
	for (unsigned int i = 2; i + 1 < n; i++)
		random_entry(m, i);
	m->addr[n - 1] = ~0ul >> 10;
	m->cfg[n - 1] = rand64(&seed) & 1 ? PMP_NAPOT | PMP_RWX : 0;
	pmp_load(m);
	for (unsigned int p = 0; p < PROBES; p++) {
		const struct stub *s = &stubs[rand64(&seed) % nr_stubs];
		enum mode mode = rand64(&seed) & 1 ? MODE_S : MODE_U;
		u64 a = random_address() & ~(u64)(s->size - 1);
		bool allowed = pmp_allows(m, mode, a, s->size, pmp_need(s));
		struct trap t;

		__asm__ volatile("sfence.vma" ::: "memory");
		t = run(mode, s->code, a, 0, 0);
		CHECKF(allowed ? !t.taken : pmp_fault(s, &t, a),
		       "%s at %lx in mode %d: %s, got %lx/%lx", s->name, a,
		       mode, allowed ? "allowed" : "denied",
		       t.taken ? t.cause : 0, t.tval);
		if (failures > 5) {
			for (unsigned int i = 0; i < n; i++)
				print("     %u: %x %lx\n", i, m->cfg[i],
				      m->addr[i]);
			finish();
		}
	}
}

TEST()
{
	static struct pmp_model m;

	csr_set(mstatus, MSTATUS_FS);
	m.n = pmp_count();
	for (unsigned int i = 0; i < ROUNDS; i++)
		round(&m);
}
