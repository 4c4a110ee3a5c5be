// SPDX-License-Identifier: BSD-2-Clause
/* Page tables cannot reach the monitor, neither as pages nor as tables. */
/* GUEST: world=monitor,pmp8,cache,offload cpu=rv64;sifive-u54 */
#include "iso.h"

#define VA	0x2000000000ul

static u64 *root;

static void flush(void)
{
	__asm__ volatile("sfence.vma" ::: "memory");
}

/* Accesses of S, U (alias) and M with MPRV at a virtual address. */
static void denied_at(u64 va, bool user)
{
	static const char *const names[] = { "lb", "ld", "sw", "sd" };
	u64 alias = user ? USER_ALIAS : 0;
	enum mode mode = user ? MODE_U : MODE_S;
	struct trap t;

	for (unsigned int i = 0; i < nr_stubs; i++) {
		const struct stub *s = &stubs[i];

		for (unsigned int j = 0; j < ARRAY_SIZE(names); j++) {
			if (s->name[0] != names[j][0] ||
			    s->name[1] != names[j][1] || s->name[2])
				continue;
			t = run(mode, (code_t)((u64)s->code + alias), va, 1,
				0);
			CHECKF(iso_fault(s, &t) && t.tval == va,
			       "%s mode %d at %lx: %lx/%lx", s->name, mode, va,
			       t.taken ? t.cause : ~0ul, t.tval);
			csr_clear(mstatus, MSTATUS_MPP);
			csr_set(mstatus, MPP(mode));
			t = run(MODE_M, s->mprv, va, 1, MSTATUS_MPRV);
			CHECKF(iso_fault(s, &t) && t.tval == va,
			       "%s mprv %d at %lx: %lx/%lx", s->name, mode, va,
			       t.taken ? t.cause : ~0ul, t.tval);
		}
	}
	t = run(mode, (code_t)va, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, va, va);
}

/* The monitor's pages mapped with every right, in all page sizes. */
static void as_pages(void)
{
	for (int user = 0; user < 2; user++) {
		u64 f = user ? PTE_USER : PTE_KERNEL;

		for (unsigned int level = 0; level < 3; level++) {
			u64 size = PAGE_SIZE << 9 * level;

			for (unsigned int i = 0; i < NR_TARGETS; i++) {
				u64 pa = targets[i] & ~(size - 1);
				u64 va = VA + 4 * SZ_1G * level;

				pt_map(root, va, pa, level, f);
				flush();
				denied_at(va + (targets[i] - pa), user);
				*pt_walk(root, va, level) = 0;
			}
		}
	}
	flush();
}

/* A page table that lies in the monitor: the walk itself is denied. */
static void as_table(void)
{
	for (unsigned int i = 0; i < NR_TARGETS; i++) {
		u64 table = targets[i] & ~(PAGE_SIZE - 1);

		/* as the middle, then as the last level */
		pt_map(root, VA, table, 2, PTE_V);
		flush();
		denied_at(VA + 0x123000, false);
		denied_at(VA + 0x123000, true);
		*pt_walk(root, VA, 2) = 0;
		pt_map(root, VA + SZ_1G, table, 1, PTE_V);
		flush();
		denied_at(VA + SZ_1G + 0x3000, false);
		*pt_walk(root, VA + SZ_1G, 2) = 0;
	}
	flush();
}

/* satp itself points there: S cannot even fetch. */
static void as_root(void)
{
	static const u64 modes[] = { 8, 9, 10 };

	for (unsigned int m = 0; m < 3; m++) {
		for (unsigned int i = 0; i < NR_TARGETS; i++) {
			struct trap t;
			u64 satp = modes[m] << 60 | targets[i] >> 12;

			csr_write(satp, satp);
			flush();
			if (csr_read(satp) != satp)
				continue;	/* mode absent */
			t = run(MODE_S, stub_ld, (u64)_start, 0, 0);
			EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, stub_ld, stub_ld);
			t = run(MODE_U, stub_ld, (u64)_start, 0, 0);
			EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, stub_ld, stub_ld);
			csr_clear(mstatus, MSTATUS_MPP);
			csr_set(mstatus, MPP(MODE_S));
			t = run(MODE_M, mprv_ld, (u64)_start, 0,
				MSTATUS_MPRV);
			EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, _start, mprv_at_ld);
			t = run_word(MODE_M, 0x00000073, 0, 0, 0);
			EXPECT_TRAP(t, CAUSE_ECALL_M, 0, ANY);
		}
	}
	satp_on(root);
}

/* A load that crosses from a good page into one of the monitor. */
static void crossing(void)
{
	struct trap t;
	u64 va = VA + 8 * SZ_1G;

	pt_map(root, va, RAM_BASE, 0, PTE_KERNEL);
	pt_map(root, va + PAGE_SIZE, monitor.base, 0, PTE_KERNEL);
	flush();
	t = run(MODE_S, stub_ld, va + PAGE_SIZE - 4, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, ANY, at_ld);
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	t = run(MODE_M, mprv_ld, va + PAGE_SIZE - 4, 0, MSTATUS_MPRV);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, ANY, mprv_at_ld);
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, MPP(MODE_S));
	t = run(MODE_M, mprv_sd, va + PAGE_SIZE - 4, 0, MSTATUS_MPRV);
	EXPECT_TRAP(t, CAUSE_STORE_ACCESS, ANY, mprv_at_sd);
}

TEST()
{
	iso_init();
	pmp_open();
	root = pt_default();
	satp_on(root);
	as_pages();
	as_table();
	as_root();
	crossing();
	satp_off();
}
