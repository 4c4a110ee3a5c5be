// SPDX-License-Identifier: BSD-2-Clause
/* The monitor's memory cannot be executed, not even for half an instruction. */
/* GUEST: world=monitor,pmp8,cache,offload smp=1,2 cpu=rv64;sifive-u54 */
#include "iso.h"

static void jump(void *arg)
{
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	(void)arg;
	pmp_open();
	for (unsigned int m = 0; m < 3; m++) {
		for (unsigned int i = 0; i < NR_TARGETS; i++) {
			u64 to = targets[i];
			struct trap t = run(modes[m], (code_t)to, 1, 2, 3);

			EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, to, to);
			CHECK_EQ(t.status & MSTATUS_MPP, MPP(modes[m]));
			CHECK_EQ(t.a0, 1);
			CHECK_EQ(t.a2, 3);
		}
	}
}

/* The last instruction below the monitor. */
static void at_the_edge(enum mode mode)
{
	u64 edge = monitor.base;
	u16 *last = (u16 *)(edge - 2);
	struct trap t;

	/* 16 bits: legal, then the next fetch faults */
	*last = 0x0001;				/* c.nop */
	__asm__ volatile("fence.i" ::: "memory");
	t = run(mode, (code_t)last, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, edge, edge);
	/* 16 bits, illegal: the monitor must not look at what follows */
	*last = 0x0000;
	__asm__ volatile("fence.i" ::: "memory");
	t = run(mode, (code_t)last, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_ILLEGAL, 0, last);
	*last = 0x9002;				/* c.ebreak */
	__asm__ volatile("fence.i" ::: "memory");
	t = run(mode, (code_t)last, 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_BREAKPOINT, ANY, last);
	/* a 16-bit load that faults, at the edge */
	*last = 0x4108;				/* c.lw a0, 0(a0) */
	__asm__ volatile("fence.i" ::: "memory");
	t = run(mode, (code_t)last, HOLE, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, HOLE, last);
	t = run(mode, (code_t)last, monitor.base, 0, 0);
	EXPECT_TRAP(t, CAUSE_LOAD_ACCESS, monitor.base, last);
	/* the first half of a 32-bit instruction of every kind */
	static const u16 halves[] = {
		0x2573, 0x0073, 0x2503, 0x3023, 0x000f, 0x100f, 0x302f,
		0x2007, 0x0053, 0xffff,
	};
	for (unsigned int i = 0; i < ARRAY_SIZE(halves); i++) {
		*last = halves[i];
		__asm__ volatile("fence.i" ::: "memory");
		t = run(mode, (code_t)last, 0, 0, 0);
		EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, edge, last);
	}
	/* a whole CSR instruction that ends there: runs, nothing beyond */
	*(u32 *)(edge - 4) = mode == MODE_M ? 0x34002573 : 0xc0002573;
	__asm__ volatile("fence.i" ::: "memory");
	t = run(mode, (code_t)(edge - 4), 0, 0, 0);
	EXPECT_TRAP(t, CAUSE_FETCH_ACCESS, edge, edge);
	*(u32 *)(edge - 8) = 0x000108b7;		/* lui a7, 16: an unknown
							 * SBI call */
	*(u32 *)(edge - 4) = 0x00000073;
	__asm__ volatile("fence.i" ::: "memory");
	t = run(mode, (code_t)(edge - 8), 0, 0, 0);
	EXPECT_TRAP(t, mode == MODE_M ? CAUSE_ECALL_M : CAUSE_ECALL_U + mode,
		    0, edge - 4);
}

TEST()
{
	iso_init();
	hart_run_all(jump, NULL);
	csr_write(mcounteren, 7);
	csr_write(scounteren, 7);
	at_the_edge(MODE_M);
	at_the_edge(MODE_S);
	at_the_edge(MODE_U);
}
