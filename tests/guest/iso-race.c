// SPDX-License-Identifier: BSD-2-Clause
/*
 * A hart changes instructions and page tables while another one traps on
 * them. What the other sees is one thing or the other; the monitor survives.
 */
/* GUEST: smp=2 world=native,monitor,cache,offload timeout=60 */
#include "guest.h"

#define ROUNDS	20000

static u32 code[64] __attribute__((aligned(PAGE_SIZE)));
static u64 page[512] __attribute__((aligned(PAGE_SIZE)));
static volatile bool stop;
static volatile u64 *pte;
static u64 seed = 1;

/*
 * Before a fence.i a fetch may see half of a store: QEMU reads instructions as
 * parcels of 16 bits. So any low half here does no harm together with any
 * high half: none of them writes a CSR that the guest needs, stores through
 * a register but a0, or jumps.
 */
static const u32 words[] = {
	0x34202573,	/* csrr a0, mcause */
	0x34201073,	/* csrw mcause, x0 */
	0x00000073,	/* ecall */
	0x00000000,	/* c.unimp twice */
	0x00052583,	/* lw a1, 0(a0): the CLINT */
	0x00b52023,	/* sw a1, 0(a0) */
	0x00000013,	/* nop */
	0x00059002,	/* c.ebreak, and a hint */
	0x12000073,	/* sfence.vma */
	0x0005ffff,	/* too long for any instruction */
	0x00053007,	/* fld ft0, 0(a0) */
	0x0005252f,	/* amoadd.w a0, x0, (a0) */
};

static void disturb(void *arg)
{
	static const u64 ptes[] = {
		0, PTE_V, PTE_KERNEL, PTE_USER, ~0ul, PTE_V | PTE_W,
	};

	(void)arg;
	while (!stop) {
		u64 r = rand64(&seed);

		*(volatile u32 *)&code[r % 4] =
			words[(r >> 8) % ARRAY_SIZE(words)];
		r >>= 20;
		*pte = ptes[r % ARRAY_SIZE(ptes)] | (r & 1 ? 0 :
			(u64)page >> 2);
	}
}

/* Any trap ends the call. */
static void take_any_trap(void)
{
	u64 *root = pt_default();
	u64 va = 0x2000000000;

	pte = pt_walk(root, va, 0);
	satp_on(root);
	hart_run(1, disturb, NULL);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct trap t = run(MODE_M, (code_t)code, MTIME, 0, 0);

		CHECKF(!t.taken || (t.epc >= (u64)code &&
				    t.epc < (u64)&code[5]), "%lx", t.epc);
		if (i % 4)
			continue;
		__asm__ volatile("sfence.vma" ::: "memory");
		csr_clear(mstatus, MSTATUS_MPP);
		csr_set(mstatus, MPP(MODE_S));
		t = run(MODE_M, i & 4 ? mprv_ld : mprv_amoadd_w, va, 0,
			MSTATUS_MPRV);
		CHECK(!t.taken || t.tval == va);
	}
	stop = true;
	hart_wait(1);
	satp_off();
}

TEST()
{
	csr_set(mstatus, MSTATUS_FS);
	pmp_open();
	for (unsigned int i = 0; i < ARRAY_SIZE(code); i++)
		code[i] = i < 4 ? 0x00000013 : 0x00008067; /* nop, then ret */
	take_any_trap();
}
